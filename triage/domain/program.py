"""A rulebook's conditions compiled once, and the facts of one person read for them.

Reading turns every fact into the small values that ``rails`` tests. Branch questions that were not
asked because nobody needed to ask them, and the shared definitions, are settled before any rule.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter
from math import nan
from typing import Any

from triage.domain import london
from triage.domain.answers import Details
from triage.domain.conditions import (
    Compare,
    Defined,
    Marked,
    Number,
    Tree,
    Withheld,
    leaves,
    names_in,
)
from triage.domain.dated import Law
from triage.domain.facts import (
    closed,
    known_fact,
)
from triage.domain.rails import (
    Emitter,
    Test,
    Verdicts,
    define,
    locals_of,
    markers_name,
    number_name,
    verdicts,
)
from triage.domain.reading import answered, codes_of, filled, many, marked, one, withheld
from triage.domain.specs import Definition, FactKind, FactSpec, Question, Spec

_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")
_LEVELS = ("need", "flag", "any_need")
Levels = Mapping[str, tuple[int, int]]


class CannotCompile(ValueError):
    """The conditions depend on each other in a circle, or an id is not usable as a name."""


@dataclass(frozen=True)
class Reading:
    """All facts of one person as a program reads them, in the order of its variables."""

    details: Details
    day: date  # the London day on which law and ages are looked up
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Program:
    """The compiled conditions of one rulebook."""

    facts: Mapping[str, Spec]
    definitions: Mapping[str, Definition]
    variables: tuple[str, ...]
    levels: tuple[Number, ...]
    first: Verdicts
    modifiers: Verdicts
    routes: Verdicts
    law_rows: tuple[str, ...]
    windows: tuple[Marked, ...]
    scores: tuple[str, ...]
    asked: tuple[tuple[str, bool], ...]  # whose refusal is read; True for a question
    settle: Callable[[Sequence[Any]], tuple[Any, ...]] = field(repr=False)
    places: Mapping[str, int] = field(repr=False)
    _fillers: tuple[tuple[Any, ...], ...] = field(repr=False)

    def read(self, details: Details, law: Law) -> Reading:
        """The facts of one person. An answer that is no option of its question is unknown."""
        day = london.day_of(details.at)
        values: list[Any] = []
        said, seen = details.answers, details.observations
        for kind, name, codes, spec in self._fillers:
            if kind == "said":
                values.append(one(said.get(name), codes))
            elif kind == "seen":
                values.append(one(seen.get(name), codes))
            elif kind == "said_many":
                values += many(answered(said.get(name)), codes)
            elif kind == "seen_many":
                values += many(answered(seen.get(name)), codes)
            else:
                value = known_fact(details, name, spec.nothing, day)
                values += filled(spec.kind, value, codes)
        markers = [m for m in details.record.markers if not closed(m, day)]
        for window in self.windows:
            values += marked(markers, window, day, checked=details.record.checked)
        for instrument in self.scores:
            values += details.scores.get(instrument, (nan, nan))
        values += [withheld((said if is_said else seen).get(q)) for q, is_said in self.asked]
        values += [law.holds(row, day) for row in self.law_rows]
        return Reading(details, day, self.settle(values))

    def value(self, reading: Reading, variable: str) -> Any:
        """The value of one variable of a reading."""
        return reading.values[self.places[variable]]

    def with_levels(self, reading: Reading, levels: Levels) -> tuple[Any, ...]:
        """The values for modifiers and routes: the facts, and what the rules found."""
        bounds = [levels.get(number_name(number), (0, 0)) for number in self.levels]
        return reading.values + tuple(bound for pair in bounds for bound in pair)


def compiled(
    facts: Mapping[str, Spec],
    definitions: Mapping[str, Definition],
    *,
    first: Sequence[Test],
    modifiers: Sequence[Test] = (),
    routes: Sequence[Test] = (),
    law_rows: Sequence[str] = (),
) -> Program:
    """The program of these conditions. Raises CannotCompile for circles and unusable names."""
    _refuse_names((*facts, *definitions))
    emitter = Emitter(facts)
    trees = [*_trees(facts, definitions), *_test_trees((*first, *modifiers, *routes))]
    windows = _windows(trees)
    numbers = _numbers(trees)
    scores = tuple(number.name for number in numbers if number.of == "score")
    counts = tuple(number for number in numbers if number.of == "count")
    levels = tuple(number for number in numbers if number.of in _LEVELS)
    read = [name for spec in facts.values() for name in locals_of(spec.id, spec.kind)]
    read += [bound + markers_name(window) for window in windows for bound in ("l_", "h_")]
    read += [f"{bound}score_of_{name}" for name in scores for bound in ("l_", "h_")]
    asked = _asked(facts, trees)
    read += [f"w_{name}" for name, _ in asked]
    read += [law_name(row, law_rows) for row in law_rows]
    settled = [*read]
    settled += [f"{bound}{number_name(count)}" for count in counts for bound in ("l_", "h_")]
    settled += [f"{rail}_{name}" for name in definitions for rail in ("may", "must")]
    after = [*settled]
    after += [f"{bound}{number_name(level)}" for level in levels for bound in ("l_", "h_")]
    return Program(
        facts=facts,
        definitions=definitions,
        variables=tuple(settled),
        levels=levels,
        first=verdicts(emitter, settled, first),
        modifiers=verdicts(emitter, after, modifiers),
        routes=verdicts(emitter, after, routes),
        law_rows=tuple(law_rows),
        windows=windows,
        scores=scores,
        asked=asked,
        settle=_settle(emitter, facts, definitions, counts, read, settled),
        places={name: place for place, name in enumerate(settled)},
        _fillers=tuple(_filler(spec) for spec in facts.values()),
    )


def law_name(row: str, law_rows: Sequence[str]) -> str:
    """The local that says whether a law row is in force."""
    return f"law_{list(law_rows).index(row)}"


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


def _settle(
    emitter: Emitter,
    facts: Mapping[str, Spec],
    definitions: Mapping[str, Definition],
    counts: Sequence[Number],
    read: Sequence[str],
    settled: Sequence[str],
) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Settles branch questions, counts and definitions, each after what it depends on."""
    body = [f"({', '.join(read)},) = values"]
    body += [line for count in counts for line in _counted(count)]
    for name, is_branch in order(facts, definitions):
        if not is_branch:
            tree = definitions[name].when.tree
            body.append(f"may_{name} = {emitter.rail(tree, may=True)}")
            body.append(f"must_{name} = {emitter.rail(tree, may=False)}")
            continue
        question = facts[name]
        if isinstance(question, Question) and question.branch is not None:
            gate = emitter.rail(question.branch.tree, may=True)
            body += _branch(question, gate)
            body += [line for count in counts if count.name == name for line in _counted(count)]
    return define("settle", [*body, f"return ({', '.join(settled)},)"])


def _branch(question: Question, gate: str) -> list[str]:
    """A branch question that nobody asked reads as nothing when its gate is certainly false.

    One that was asked all the same keeps its answer, or its refusal.
    """
    name = question.id
    many = question.kind is FactKind.MANY
    open_ = f"l_{name} != h_{name}" if many else f"f_{name} is None"
    nothing = f"l_{name} = h_{name} = 0" if many else f"f_{name} = {question.nothing!r}"
    return [f"if {open_} and not w_{name} and not {gate}:", f"    {nothing}"]


def _counted(count: Number) -> list[str]:
    name = number_name(count)
    return [f"{bound}{name} = {bound}{count.name}.bit_count()" for bound in ("l_", "h_")]


def _filler(spec: Spec) -> tuple[Any, ...]:
    many = "_many" if spec.kind is FactKind.MANY else ""
    if isinstance(spec, FactSpec):
        return "filled", spec.id, codes_of(spec), spec
    return ("said" if isinstance(spec, Question) else "seen") + many, spec.id, codes_of(spec), spec


# What the conditions read ----------------------------------------------------------------------


def _refuse_names(names: Iterable[str]) -> None:
    for name in names:
        if not _ID.fullmatch(name):
            raise CannotCompile(f"{name!a} is not usable as an id.")


def _trees(facts: Mapping[str, Spec], definitions: Mapping[str, Definition]) -> list[Tree]:
    gates = [q.branch.tree for q in facts.values() if isinstance(q, Question) and q.branch]
    return gates + [definition.when.tree for definition in definitions.values()]


def _test_trees(tests: Iterable[Test]) -> list[Tree]:
    return [tree for test in tests for tree in (test.when, test.closed_by) if tree is not None]


def _windows(trees: Iterable[Tree]) -> tuple[Marked, ...]:
    """The different sets of markers that are read, by age and origin."""
    windows = {
        Marked((), leaf.years, leaf.reported): None
        for tree in trees
        for leaf in leaves(tree)
        if isinstance(leaf, Marked)
    }
    return tuple(windows)


def _asked(facts: Mapping[str, Spec], trees: Iterable[Tree]) -> tuple[tuple[str, bool], ...]:
    """Whose refusal counts: every branch question, and whatever a rule asks about."""
    names = {q.id: None for q in facts.values() if isinstance(q, Question) and q.branch}
    for tree in trees:
        names |= {leaf.name: None for leaf in leaves(tree) if isinstance(leaf, Withheld)}
    return tuple((name, isinstance(facts[name], Question)) for name in names)


def _numbers(trees: Iterable[Tree]) -> tuple[Number, ...]:
    numbers = {
        number: None
        for tree in trees
        for leaf in leaves(tree)
        if isinstance(leaf, Compare)
        for number in leaf.left.numbers + leaf.right.numbers
    }
    return tuple(numbers)


__all__ = ["CannotCompile", "Program", "Reading", "Test", "compiled", "law_name"]
