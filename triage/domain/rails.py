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
_BOUNDS = ("l_", "h_")
_WORD = re.compile(r"[a-z]\w*")


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
    """Writes a checked tree as Python source, on one rail or the other."""

    def __init__(self, facts: Mapping[str, Spec]) -> None:
        self.facts = facts
        self.bits = {n: bits_of(s) for n, s in facts.items() if s.kind is FactKind.MANY}

    def rail(self, tree: Tree, *, may: bool) -> str:
        """The expression that is true when the tree may hold, or else when it must."""
        match tree:
            case OneOf(name, options):
                return _among(f"f_{name}", options, may=may)
            case And(parts):
                return "(" + " and ".join([self.rail(part, may=may) for part in parts]) + ")"
            case Or(parts):
                return "(" + " or ".join([self.rail(part, may=may) for part in parts]) + ")"
            case Not(part):
                return self.negated(part, may=may)
            case AnyOf(name, options):
                return self.any_of(name, self.bits[name], options, may=may)
            case Marked(kinds):
                return self.any_of(markers_name(tree), MARKER_BITS, kinds, may=may)
            case Only(name, options):
                return self.only(name, options, may=may)
            case Known(name):
                return self.known(name)
            case Withheld(name):
                return f"w_{name}"
            case Defined(name):
                return f"{'may' if may else 'must'}_{name}"
            case Always(holds):
                return str(holds)
            case Compare(left, operator, right):
                return _compared(left, operator, right, may=may)

    def negated(self, part: Tree, *, may: bool) -> str:
        """``not``: it may fail to hold unless it must hold, and the other way round."""
        return f"(not {self.rail(part, may=not may)})"

    def any_of(
        self, name: str, bits: Mapping[str, int], options: Iterable[str], *, may: bool
    ) -> str:
        return f"({_BOUNDS[may]}{name} & {_mask(bits, options)})"

    def only(self, name: str, options: tuple[str, ...], *, may: bool) -> str:
        bits = self.bits[name]
        inside = _mask(bits, options)
        outside = sum(bits.values()) - inside
        # It may be only these if one of these is possible and no other is certain.
        some, other = ("h_", "l_") if may else ("l_", "h_")
        return f"({some}{name} & {inside} and not {other}{name} & {outside})"

    def known(self, name: str) -> str:
        if self.facts[name].kind in (FactKind.MANY, FactKind.NUMBER):
            return f"(l_{name} == h_{name})"
        return f"(not not f_{name})"

    def tested(self, test: Test) -> tuple[str, str]:
        """A test on both rails. An unknown closing closes nothing."""
        may, must = self.rail(test.when, may=True), self.rail(test.when, may=False)
        if test.closed_by is not None:
            may += f" and not {self.rail(test.closed_by, may=False)}"
        if test.law is not None:
            may += f" and {test.law}"
        if test.until_law is not None:
            may += f" and not {test.until_law}"
        return may, must


def _mask(bits: Mapping[str, int], options: Iterable[str]) -> int:
    return sum(bits[option] for option in set(options))


def _among(name: str, options: tuple[str, ...], *, may: bool) -> str:
    if len(options) == 1:
        same = f"{name} == {options[0]!r}"
        return f"({name} is None or {same})" if may else f"({same})"
    choices = [repr(option) for option in options] + (["None"] if may else [])
    return f"({name} in {{{', '.join(choices)}}})"


def _sum(amount: Amount, bound: str) -> str:
    if not amount.numbers:
        return repr(int(amount.constant))
    terms = [f"{bound}{number_name(number)}" for number in amount.numbers]
    if amount.constant:
        terms.append(repr(int(amount.constant)))
    return " + ".join(terms)


def _compared(left: Amount, operator: str, right: Amount, *, may: bool) -> str:
    low, high = _sum(left, "l_"), _sum(left, "h_")
    right_low, right_high = _sum(right, "l_"), _sum(right, "h_")
    if operator == "==":
        if may:
            return f"({low} <= {right_high} and {right_low} <= {high})"
        return f"({high} <= {right_low} and {right_high} <= {low})"
    if operator in ("<", "<="):
        return f"({low} {operator} {right_high})" if may else f"({high} {operator} {right_low})"
    return f"({high} {operator} {right_low})" if may else f"({low} {operator} {right_high})"


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
        body += [f"if {may}:", f"    keep(({place}, {must}))"]
    return define("verdicts(values)", [*unpacked(variables, body), *body, "return found"])


def unpacked(variables: Sequence[str], body: Iterable[str]) -> list[str]:
    """The lines that unpack ``values`` into locals: all at once, or only the few that are read."""
    words = {word for line in body for word in _WORD.findall(line)}
    read = [(place, name) for place, name in enumerate(variables) if name in words]
    if 4 * len(read) > len(variables):
        return [f"({', '.join(variables)},) = values"]
    return [f"{name} = values[{place}]" for place, name in read]
