"""A rulebook's conditions compiled once, and the facts of one person read for them.

Reading turns every fact into the small values that ``rails`` tests. Branch questions that were not
asked because nobody needed to ask them, and the shared definitions, are settled before any rule.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from triage.domain import london
from triage.domain.answers import Answer, Details, Status
from triage.domain.conditions import Compare, Leaf, Marked, Number, Tree, Withheld, leaves
from triage.domain.dated import Law
from triage.domain.deciding import Deciding
from triage.domain.findings import FactUsed, Missing
from triage.domain.levels import Bounds, Levels, bounds_of
from triage.domain.rails import (
    Emitter,
    Test,
    Verdicts,
    locals_of,
    markers_name,
    number_name,
    verdicts,
)
from triage.domain.reading import codes_of
from triage.domain.settling import CannotCompile, Settle, Settling, law_name, order
from triage.domain.specs import Definition, FactSpec, Observation, Question, Spec

_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")
_STATUSES = tuple(Status)
_LEVELS = ("need", "flag", "any_need")


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
    bits: Mapping[str, Mapping[str, int]]  # one bit for each option of a multi-select
    codes: Mapping[str, Mapping[Any, Any] | None]  # what each permitted value reads as
    variables: tuple[str, ...]
    levels: tuple[Number, ...]
    places: Mapping[str, int]  # where each variable, then each bound of a level, stands
    first: Verdicts
    modifiers: Verdicts
    routes: Verdicts
    deciding: Deciding
    law_rows: tuple[str, ...]
    windows: tuple[Marked, ...]
    scores: tuple[str, ...]
    settling: Settling = field(repr=False)
    _bounds: Bounds = field(repr=False)
    _settle: Settle = field(repr=False)

    def read(self, details: Details, law: Law) -> Reading:
        """The facts of one person. An answer that is no option of its question is unknown."""
        day = london.day_of(details.at)
        return Reading(details, day, self._settle(details, day, law.holds))

    @cached_property
    def shown(self) -> Mapping[str, FactUsed]:
        """Each fact as a reason shows it, before anybody's answer."""
        return {name: _shown(spec) for name, spec in self.facts.items()}

    @cached_property
    def untroubled(self) -> Mapping[str, Answer]:
        """The harmless answer to every question."""
        return self._harmless(Question)

    @cached_property
    def unremarkable(self) -> Mapping[str, Answer]:
        """The harmless sight of everything that is looked for."""
        return self._harmless(Observation)

    def _harmless(self, kind: type[Question | Observation]) -> Mapping[str, Answer]:
        specs = [spec for spec in self.facts.values() if isinstance(spec, kind)]
        return {spec.id: Answer(Status.ANSWERED, spec.nothing) for spec in specs}

    def wanting(self, name: str, status: Status) -> Mapping[str, Missing]:
        """A fact that nobody knows, by its id, and what became of the question."""
        known = self._wanting.get(name)
        if known is None:
            # An answer that is no option of its question says no more than being unable.
            known = self._wanting[name] = [
                {name: Missing(name, Status.UNABLE if each is Status.ANSWERED else each)}
                for each in _STATUSES
            ]
        return known[_STATUSES.index(status)]

    @cached_property
    def _wanting(self) -> dict[str, list[Mapping[str, Missing]]]:
        return {}

    def with_levels(self, reading: Reading, levels: Levels) -> tuple[Any, ...]:
        """The values for modifiers and routes: the facts, and what the rules found."""
        return reading.values + levels.bounds(self._bounds)


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
    every = tuple([leaf for tree in trees for leaf in leaves(tree)])
    windows = _windows(every)
    numbers = _numbers(every)
    scores = tuple(number.name for number in numbers if number.of == "score")
    counts = tuple(number for number in numbers if number.of == "count")
    levels = tuple(number for number in numbers if number.of in _LEVELS)
    asked = _asked(facts, every)
    settling = Settling(
        emitter, definitions, counts, frozenset(asked), windows, scores, tuple(law_rows)
    )
    settled = [name for spec in facts.values() for name in locals_of(spec.id, spec.kind)]
    settled += [bound + markers_name(window) for window in windows for bound in ("l_", "h_")]
    settled += [f"{bound}score_of_{name}" for name in scores for bound in ("l_", "h_")]
    settled += [law_name(row, law_rows) for row in law_rows]
    settled += [f"w_{name}" for name in asked]
    settled += [f"{bound}{number_name(count)}" for count in counts for bound in ("l_", "h_")]
    settled += [f"{rail}_{name}" for name in definitions for rail in ("may", "must")]
    after = [*settled]
    after += [f"{bound}{number_name(level)}" for level in levels for bound in ("l_", "h_")]
    places = {name: place for place, name in enumerate(after)}
    return Program(
        facts=facts,
        definitions=definitions,
        bits=emitter.bits,
        codes={name: codes_of(spec) for name, spec in facts.items()},
        variables=tuple(settled),
        levels=levels,
        places=places,
        first=verdicts(emitter, settled, first),
        modifiers=verdicts(emitter, after, modifiers),
        routes=verdicts(emitter, after, routes),
        deciding=Deciding(emitter, definitions, places),
        law_rows=tuple(law_rows),
        windows=windows,
        scores=scores,
        _bounds=bounds_of(levels),
        settling=settling,
        _settle=settling.function(settled),
    )


def _shown(spec: Spec) -> FactUsed:
    match spec:
        case FactSpec(source=source):
            pass
        case Question():
            source = "said"
        case _:
            source = "observed"
    return FactUsed(spec.id, None, Status.NOT_ASKED, source, None, spec.group)


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


def _windows(every: Iterable[Leaf]) -> tuple[Marked, ...]:
    """The different sets of markers that are read, by age and origin."""
    marks = {(leaf.years, leaf.reported): None for leaf in every if isinstance(leaf, Marked)}
    return tuple(Marked((), years, reported) for years, reported in marks)


def _asked(facts: Mapping[str, Spec], every: Iterable[Leaf]) -> tuple[str, ...]:
    """Whose refusal counts: every branch question, and whatever a rule asks about."""
    names = {q.id: None for q in facts.values() if isinstance(q, Question) and q.branch}
    names |= {leaf.name: None for leaf in every if isinstance(leaf, Withheld)}
    return tuple(names)


def _numbers(every: Iterable[Leaf]) -> tuple[Number, ...]:
    numbers = {
        number: None
        for leaf in every
        if isinstance(leaf, Compare)
        for number in leaf.left.numbers + leaf.right.numbers
    }
    return tuple(numbers)


__all__ = ["CannotCompile", "Program", "Reading", "Test", "compiled", "law_name", "order"]
