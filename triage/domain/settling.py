"""Settles, before any rule, what rules depend on: answers, branch questions, shared definitions.

A branch question that nobody needed to ask reads as its harmless option; a definition is worked
out once for all rules. Each is settled after whatever it depends on itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from math import inf, nan
from typing import Any

from triage.domain.answers import NOT_ASKED, Details, Status
from triage.domain.conditions import Defined, Marked, Number, Tree, leaves, names_in
from triage.domain.facts import (
    FILLED,
    NOT_TAKEN,
    READINGS,
    REPORTED_BY,
    SILENT_IS_NOTHING,
    STANDS_AT,
    TOLD,
    closed,
    within,
)
from triage.domain.rails import (
    ALL_MARKERS,
    MARKER_BITS,
    Emitter,
    define,
    markers_name,
    names_read,
    number_name,
)
from triage.domain.reading import Chosen, codes_of
from triage.domain.specs import Definition, FactKind, FactSpec, Observation, Question, Spec

Holds = Callable[[str, date], bool]  # whether a row of the law is in force on a day
Settle = Callable[[Details, date, Holds], tuple[Any, ...]]
Block = tuple[str, list[str]]  # the name of a fact, a definition or a number, and its lines
GIVEN = "details, day, holds"
ALL_READ = "All is read: what follows settles what depends on it."  # stands between the two


class CannotCompile(ValueError):
    """The conditions depend on each other in a circle, or an id is not usable as a name."""


def order(
    facts: Mapping[str, Spec], definitions: Mapping[str, Definition]
) -> tuple[tuple[str, bool], ...]:
    """Branch questions (True) and definitions (False), each after what it depends on.

    Raises CannotCompile when they depend on each other in a circle.
    """
    nodes: dict[tuple[str, bool], set[tuple[str, bool]]] = {}
    branches = {q.id: q.branch.tree for q in facts.values() if isinstance(q, Question) and q.branch}
    for name, tree in branches.items():
        nodes[name, True] = _reads(tree, branches)
    for name, definition in definitions.items():
        nodes[name, False] = _reads(definition.when.tree, branches)
    try:
        return tuple(TopologicalSorter(nodes).static_order())
    except CycleError as circle:
        names = ", ".join(dict.fromkeys(name for name, _ in circle.args[1]))
        raise CannotCompile(f"These depend on each other in a circle: {names}.") from None


def _reads(tree: Tree, branches: Mapping[str, Tree]) -> set[tuple[str, bool]]:
    found: set[tuple[str, bool]] = set()
    for leaf in leaves(tree):
        if isinstance(leaf, Defined):
            found.add((leaf.name, False))
        else:
            found |= {(name, True) for name in names_in(leaf) if name in branches}
    return found


@dataclass(frozen=True)
class Settling:
    """How the facts of one person are read, and what depends on them is settled, in its order.

    It is written as the lines of a function that is given the ``details``, the ``day``, and the
    function ``holds`` that tells whether a row of the law is in force on a day.
    """

    emitter: Emitter
    definitions: Mapping[str, Definition]
    counts: tuple[Number, ...]
    asked: frozenset[str]  # whose refusal counts
    windows: tuple[Marked, ...]  # the different sets of markers that are read
    scores: tuple[str, ...]
    law_rows: tuple[str, ...]

    def function(self, settled: Sequence[str]) -> Settle:
        """The function that gives the values of these locals."""
        read, settle = ([line for _, lines in part for line in lines] for part in self._parts())
        body = [*_START, *read, repr(ALL_READ), *settle, f"return ({', '.join(settled)},)"]
        return define(f"settle({GIVEN})", body, self.space())

    def lines_for(self, wanted: Iterable[str]) -> list[str]:
        """The lines that settle these locals, and whatever they depend on, but no other."""
        needed, kept = set(wanted), list[list[str]]()
        for name, lines in reversed([block for part in self._parts() for block in part]):
            if not needed.isdisjoint(_all_locals(name)):
                kept.append(lines)
                needed |= names_read(lines)
        return [*_START, *(line for lines in reversed(kept) for line in lines)]

    def space(self) -> dict[str, Any]:
        """What the lines can reach besides what they are given."""
        found: dict[str, Any] = {
            "ANSWERED": Status.ANSWERED,
            "REFUSED": Status.REFUSED,
            "UNABLE": Status.UNABLE,
            "NOT_ASKED": NOT_ASKED,
            "INF": inf,
            "NAN": nan,
            "TUPLE": tuple,
            "NO_SCORE": (nan, nan),
            "closed": closed,
            "within": within,
            "REPORTED_BY": REPORTED_BY,
            "bit_of": MARKER_BITS.get,
            "OTHER": MARKER_BITS["other"],
            "ALL_MARKERS": ALL_MARKERS,
        }
        for name, spec in self.emitter.facts.items():
            codes = codes_of(spec)
            if spec.kind is FactKind.MANY:
                found[f"m_{name}"] = Chosen(codes or {})
            elif isinstance(spec, FactSpec) and spec.kind is not FactKind.NUMBER:
                found[f"c_{name}"] = {**(codes or {}), NOT_TAKEN: NOT_TAKEN}.get
            elif codes is not None:
                found[f"c_{name}"] = codes.get
            if name not in STANDS_AT and name in FILLED:
                found[f"fill_{name}"] = FILLED[name]
        return found

    def _parts(self) -> tuple[Iterator[Block], Iterator[Block]]:
        return self._reading(), self._settling()

    def _reading(self) -> Iterator[Block]:
        """All that is read, each with its lines."""
        for name, spec in self.emitter.facts.items():
            if isinstance(spec, FactSpec):
                yield name, _fact(spec)
            else:
                yield name, _answer(spec, withheld=name in self.asked)
        for window in self.windows:
            yield markers_name(window), _markers(window)
        for name in self.scores:
            yield (
                f"score_of_{name}",
                [f"l_score_of_{name}, h_score_of_{name} = scores({name!r}, NO_SCORE)"],
            )
        for row in self.law_rows:
            name = law_name(row, self.law_rows)
            yield name, [f"{name} = holds({row!r}, day)"]

    def _settling(self) -> Iterator[Block]:
        """All that depends on it, one after the other."""
        for count in self.counts:
            yield number_name(count), _counted(count)
        for name, is_branch in order(self.emitter.facts, self.definitions):
            if is_branch:
                yield name, _branch(self.emitter, name)
                for count in self.counts:
                    if count.name == name:
                        yield number_name(count), _counted(count)
            else:
                yield name, self._definition(name)

    def _definition(self, name: str) -> list[str]:
        """Both rails of one definition."""
        may, must = self.emitter.rails(self.definitions[name].when.tree)
        return [f"may_{name} = {may}", f"must_{name} = {must}"]


_START = ("said, seen = details.answers.get, details.observations.get",
          "scores, checked = details.scores.get, details.record.checked",
          "markers = details.record.markers")  # fmt: skip


def _answer(spec: Question | Observation, *, withheld: bool) -> list[str]:
    """One answer read into its locals. One that is no option of its question is unknown."""
    name = spec.id
    said = "said" if isinstance(spec, Question) else "seen"
    lines = [f"a = {said}({name!r}, NOT_ASKED)"]
    if withheld:
        lines.append(f"w_{name} = a.status is REFUSED or a.status is UNABLE")
    if spec.kind is FactKind.MANY:
        lines.append("a = a.value if a.status is ANSWERED else None")
        lines.append(_many(name))
    elif spec.kind is FactKind.TEXT:
        lines.append(f"f_{name} = 'said' if a.status is ANSWERED else None")
    else:
        lines.append(f"f_{name} = c_{name}(a.value) if a.status is ANSWERED else None")
    return lines


def _fact(spec: FactSpec) -> list[str]:
    """One fact of the person, the stay or the record read into its locals."""
    name = spec.id
    at = STANDS_AT.get(name)
    lines = [f"a = fill_{name}(details, day)" if at is None else f"a = details.{at}"]
    if name in READINGS:
        lines.append(f"if a is None and checked: a = {NOT_TAKEN!r}")
    if name in TOLD:
        lines.append(f"if a == {TOLD[name]!r}: a = None")
    if name in SILENT_IS_NOTHING:
        lines.append(f"if a is None and checked: a = {spec.nothing!r}")
    if spec.kind is FactKind.MANY:
        return [*lines, _many(name)]
    if spec.kind is FactKind.NUMBER:
        return [
            *lines,
            f"if a is None: l_{name}, h_{name} = 0, INF",
            f"elif a == {NOT_TAKEN!r}: l_{name} = h_{name} = NAN",
            f"else: l_{name} = h_{name} = a",
        ]
    return [*lines, f"f_{name} = c_{name}(a)"]


def _markers(window: Marked) -> list[str]:
    """The kinds that are certainly marked and those that may be: a record not checked may hold
    any of them. Most people have no marker at all, and then nothing more is looked at."""
    low, high = (bound + markers_name(window) for bound in ("l_", "h_"))
    tests = ["not closed(m, day)"]
    if window.reported:
        tests.append("m.origin in REPORTED_BY")
    if window.years is not None:
        tests.append(f"within(m, {window.years}, day)")
    return [
        f"{low} = 0",
        "for m in markers:",
        f"    if {' and '.join(tests)}: {low} |= bit_of(m.kind, OTHER)",
        f"{high} = {low} if checked else ALL_MARKERS",
    ]


def law_name(row: str, law_rows: Sequence[str]) -> str:
    """The local that says whether a law row is in force."""
    return f"law_{law_rows.index(row)}"


def _all_locals(name: str) -> Iterator[str]:
    """Every local that what is settled under this name could set."""
    return (start + name for start in ("f_", "l_", "h_", "w_", "may_", "must_", ""))


def _many(name: str) -> str:
    return f"l_{name}, h_{name} = m_{name}[a if a.__class__ is TUPLE else None]"


def _branch(emitter: Emitter, name: str) -> list[str]:
    """A branch question that nobody asked reads as nothing when its gate is certainly false.

    One that was asked all the same keeps its answer, or its refusal.
    """
    question = emitter.facts[name]
    if not isinstance(question, Question) or question.branch is None:
        return []
    gate = emitter.rail(question.branch.tree, may=True)
    many = question.kind is FactKind.MANY
    open_ = f"l_{name} != h_{name}" if many else f"f_{name} is None"
    nothing = f"l_{name} = h_{name} = 0" if many else f"f_{name} = {question.nothing!r}"
    return [f"if {open_} and not w_{name} and not {gate}:", f"    {nothing}"]


def _counted(count: Number) -> list[str]:
    name = number_name(count)
    return [f"{bound}{name} = {bound}{count.name}.bit_count()" for bound in ("l_", "h_")]
