"""Compiles conditions to plain Python on two rails: may it hold, and must it hold.

An unknown answer could be anything: on the *may* rail it agrees with whatever is asked, on the
*must* rail with nothing. ``not`` swaps the rails. So no third truth value exists at run time, and
unknown can never be read as no. What an unknown stands for is fixed when the facts are read
(``reading``): a choice is None; a multi-select is the options certainly chosen (``l_``) and those
possibly chosen (``h_``), as bits; a number is its least and its most.

Only checked identifiers, ``repr`` of checked options and whole numbers ever enter the source.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.domain.conditions import (
    Always,
    Amount,
    And,
    AnyOf,
    Compare,
    Defined,
    Known,
    Marked,
    Not,
    Number,
    OneOf,
    Only,
    Or,
    Tree,
    Withheld,
)
from triage.domain.facts import MARKER_KINDS
from triage.domain.specs import FactKind, Spec, options_of

MARKER_BITS: Mapping[str, int] = {kind: 1 << n for n, kind in enumerate(MARKER_KINDS)}
ALL_MARKERS = (1 << len(MARKER_KINDS)) - 1
_WORD = re.compile(r"[a-z]\w*")
Rails = tuple[str, str]  # two expressions: may it hold, must it hold


@dataclass(frozen=True)
class Test:
    """One condition to be tested, and what may silence it.

    ``closed_by`` silences only when it certainly holds; ``law`` and ``until_law`` name the local
    that says whether a law row is in force.
    """

    when: Tree
    closed_by: Tree | None = None
    law: str | None = None
    until_law: str | None = None


def bits_of(spec: Spec) -> Mapping[str, int]:
    """One bit for each option of a multi-select fact."""
    return {option: 1 << n for n, option in enumerate(options_of(spec))}


def markers_name(marked: Marked) -> str:
    """The name under which the markers that a leaf may read are kept."""
    if marked.reported:
        return "markers_reported"
    return "markers" if marked.years is None else f"markers_{marked.years}y"


def number_name(number: Number) -> str:
    """The name under which a number is kept."""
    return number.name if number.of == "fact" else f"{number.of}_of_{number.name}"


def locals_of(name: str, kind: FactKind) -> tuple[str, ...]:
    """The local variables that hold one fact."""
    if kind in (FactKind.MANY, FactKind.NUMBER):
        return (f"l_{name}", f"h_{name}")
    return (f"f_{name}",)


class Emitter:
    """Writes a checked tree as Python source, on both rails at once."""

    def __init__(self, facts: Mapping[str, Spec]) -> None:
        self.facts = facts
        self.bits = {n: bits_of(s) for n, s in facts.items() if s.kind is FactKind.MANY}

    def rail(self, tree: Tree, *, may: bool) -> str:
        """One of ``rails``, in brackets where what is put beside it could tear it apart."""
        return _bracketed(self.rails(tree)[0 if may else 1])

    def rails(self, tree: Tree) -> Rails:
        """The expression that is true when the tree may hold, and the one for when it must.

        Each is to stand alone, without brackets around it: Python's reader tries every bracket as
        a tuple first, so needless ones are a good part of what loading a rulebook costs.
        """
        match tree:
            case OneOf(name, options):
                return _among(f"f_{name}", options)
            case And(parts):
                mays, musts = self.each(parts)
                return " and ".join(map(_in_and, mays)), " and ".join(map(_in_and, musts))
            case Or(parts):
                mays, musts = self.each(parts)
                return " or ".join(mays), " or ".join(musts)
            case Not(part):
                return self.negated(part)
            case Compare(left, operator, right):
                return _compared(left, operator, right)
            case Defined(name):
                return f"may_{name}", f"must_{name}"
            case AnyOf(name, options):
                return _any_of(name, self.bits[name], options)
            case Marked(kinds):
                return _any_of(markers_name(tree), MARKER_BITS, kinds)
            case Known(name):
                return self.known(name)
            case Only(name, options):
                return _only(name, self.bits[name], options)
            case Withheld(name):
                return f"w_{name}", f"w_{name}"
            case Always(holds):
                return str(holds), str(holds)

    def each(self, parts: Iterable[Tree]) -> tuple[Iterable[str], Iterable[str]]:
        """The parts of a whole, on the one rail and on the other."""
        both = [self.rails(part) for part in parts]
        return [may for may, _ in both], [must for _, must in both]

    def negated(self, part: Tree) -> Rails:
        """``not``: it may fail to hold unless it must hold, and the other way round."""
        may, must = self.rails(part)
        return f"not {_bracketed(must)}", f"not {_bracketed(may)}"

    def known(self, name: str) -> Rails:
        """Whether there is an answer is never unknown."""
        if self.facts[name].kind in (FactKind.MANY, FactKind.NUMBER):
            known = f"l_{name} == h_{name}"
        else:
            known = f"not not f_{name}"
        return known, known

    def tested(self, test: Test) -> Rails:
        """A test on both rails. An unknown closing closes nothing."""
        besides = []
        if test.closed_by is not None:
            besides.append(f"not {self.rail(test.closed_by, may=False)}")
        if test.law is not None:
            besides.append(test.law)
        if test.until_law is not None:
            besides.append(f"not {test.until_law}")
        may, must = self.rails(test.when)
        return (" and ".join([_bracketed(may), *besides]) if besides else may), must


def _bracketed(text: str) -> str:
    return f"({text})" if " and " in text or " or " in text else text


def _in_and(text: str) -> str:
    return f"({text})" if " or " in text else text


def _any_of(name: str, bits: Mapping[str, int], options: Iterable[str]) -> Rails:
    mask = _mask(bits, options)
    return f"h_{name} & {mask}", f"l_{name} & {mask}"


def _only(name: str, bits: Mapping[str, int], options: Iterable[str]) -> Rails:
    """It may be only these if one of these is possible and no other is certain."""
    inside = _mask(bits, options)
    outside = sum(bits.values()) - inside
    return (
        f"h_{name} & {inside} and not l_{name} & {outside}",
        f"l_{name} & {inside} and not h_{name} & {outside}",
    )


def _mask(bits: Mapping[str, int], options: Iterable[str]) -> int:
    mask = 0
    for option in options:
        mask |= bits[option]
    return mask


def _among(name: str, options: Sequence[str]) -> Rails:
    if len(options) == 1:
        same = f"{name} == {options[0]!r}"
        return f"{name} is None or {same}", same
    choices = ", ".join([repr(option) for option in options])
    return f"{name} in {{{choices}, None}}", f"{name} in {{{choices}}}"


def _sum(amount: Amount, bound: str) -> str:
    if not amount.numbers:
        return repr(int(amount.constant))
    terms = [f"{bound}{number_name(number)}" for number in amount.numbers]
    if amount.constant:
        terms.append(repr(int(amount.constant)))
    return " + ".join(terms)


def _compared(left: Amount, operator: str, right: Amount) -> Rails:
    low, high = _sum(left, "l_"), _sum(left, "h_")
    right_low, right_high = _sum(right, "l_"), _sum(right, "h_")
    if operator == "==":
        return (
            f"{low} <= {right_high} and {right_low} <= {high}",
            f"{high} <= {right_low} and {right_high} <= {low}",
        )
    less = f"{low} {operator} {right_high}", f"{high} {operator} {right_low}"
    more = f"{high} {operator} {right_low}", f"{low} {operator} {right_high}"
    return less if operator in ("<", "<=") else more


Verdicts = Callable[[Sequence[Any]], list[tuple[int, Any]]]


def define(
    signature: str, body: Iterable[str], space: Mapping[str, Any] | None = None
) -> Callable[..., Any]:
    """The function whose generated body this is; it can reach no name but those of ``space``."""
    source = f"def {signature}:\n" + "\n".join(f"    {line}" for line in body) + "\n"
    names = {**(space or {}), "__builtins__": {}}
    name = signature.partition("(")[0]
    exec(compile(source, f"<{name}>", "exec"), names)
    function: Callable[..., Any] = names[name]
    function.__doc__ = source
    return function


def verdicts(emitter: Emitter, variables: Sequence[str], tests: Iterable[Test]) -> Verdicts:
    """One function for all tests: gives (place of the test, must it hold) for each that may hold.

    A quiet test costs one expression and nothing else.
    """
    body = ["found = []", "keep = found.append"]
    for place, test in enumerate(tests):
        may, must = emitter.tested(test)
        if may != "False":  # no route excludes, for example: nothing to ask and nothing to read
            body.append(f"if {may}: keep(({place}, {must}))")
    return define("verdicts(values)", [*unpacked(variables, body), *body, "return found"])


def unpacked(variables: Sequence[str], body: Sequence[str]) -> list[str]:
    """The lines that unpack ``values`` into locals: all at once, or only the few that are read."""
    read: list[tuple[int, str]] = []
    for part in (body[: len(body) // 3], body):  # a part may read enough to know
        words = names_read(part)
        read = [(place, name) for place, name in enumerate(variables) if name in words]
        if 4 * len(read) > len(variables):
            return [f"{', '.join(variables)}, = values"]
    return [f"{name} = values[{place}]" for place, name in read]


def names_read(lines: Iterable[str]) -> set[str]:
    """All words of generated lines, and so all names that they can read."""
    return set(_WORD.findall("\n".join(lines)))
