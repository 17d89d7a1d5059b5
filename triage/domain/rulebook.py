"""What the rules folder says, once every part of it has been read and checked.

``rules_files.load`` makes a ``Rulebook``; nothing else does, besides tests. All of it is data:
no rule lives in the code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from triage.domain.answers import Group
from triage.domain.conditions import Condition
from triage.domain.dated import Confidence, Law
from triage.domain.findings import Reason, Route, Urgency, like
from triage.domain.laid import Laid
from triage.domain.needs import ROUTE_ORDER
from triage.domain.opening_hours import Holidays
from triage.domain.program import Program, Test, compiled, law_name
from triage.domain.rescreens import OTHER_SUITE, NewMoment, RescreenPlan, RescreenRule
from triage.domain.route_rules import RouteRule, Service
from triage.domain.specs import Definition, FactKind, FactSpec, Observation, Options, Question, Spec

__all__ = [
    "OTHER_SUITE",
    "Action",
    "ConflictRule",
    "Definition",
    "FactKind",
    "FactSpec",
    "Modifier",
    "NewMoment",
    "Observation",
    "Options",
    "Question",
    "RescreenPlan",
    "RescreenRule",
    "RouteRule",
    "Rule",
    "Rulebook",
    "Service",
    "Signature",
    "Spec",
]


@dataclass(frozen=True)
class Action:
    """One act that a rule asks for, in the words that staff see."""

    id: str
    words: str
    rank: int


@dataclass(frozen=True)
class Rule:
    """One rule: what must hold, which needs and flags it raises, and what to do and tell."""

    id: str
    when: Condition
    needs: tuple[tuple[str, Urgency], ...]
    flags: tuple[tuple[str, Urgency], ...]
    because: str
    do: tuple[str, ...]
    tell: tuple[str, ...]
    source: str
    confidence: Confidence
    checked_on: date
    if_unknown: Urgency | None = None
    lesson: str | None = None
    tell_police: str | None = None
    closed_by: Condition | None = None
    law: str | None = None  # holds only while this row is in force
    until_law: str | None = None  # holds only while this row is not in force
    note_id: str = ""
    file: str = ""

    @cached_property
    def raises(self) -> tuple[tuple[str, Urgency], ...]:
        """Needs, then flags, each with its urgency."""
        return self.needs + self.flags

    @cached_property
    def reason(self) -> Reason:
        """The reason that the rule gives, before anybody's facts: fill in the urgency reached."""
        return Reason(
            self.id, Urgency.ROUTINE, self.because, self.do, self.tell, self.source,
            self.confidence, self.lesson, facts=(), tell_police=self.tell_police,
        )  # fmt: skip

    @property
    def law_rows(self) -> tuple[str, ...]:
        """The law rows that switch the rule on or off."""
        return tuple(row for row in (self.law, self.until_law) if row is not None)

    def test(self, law_rows: tuple[str, ...]) -> Test:
        """What the compiler makes of the rule."""
        return Test(
            self.when.tree,
            None if self.closed_by is None else self.closed_by.tree,
            None if self.law is None else law_name(self.law, law_rows),
            None if self.until_law is None else law_name(self.until_law, law_rows),
        )

    @property
    def urgency(self) -> Urgency:
        """The highest urgency that the rule can raise."""
        return max(urgency for _, urgency in self.raises)


@dataclass(frozen=True)
class Modifier:
    """Raises needs that were found, by so many steps and never above a cap. Never lowers."""

    id: str
    when: Condition
    raises: tuple[str, ...]
    by: int
    cap: Urgency
    because: str
    do: tuple[str, ...]
    tell: tuple[str, ...]
    source: str
    confidence: Confidence
    checked_on: date
    lesson: str | None = None
    adds: bool = False  # may also find what the first pass did not
    note_id: str = ""
    file: str = ""

    @cached_property
    def reason(self) -> Reason:
        """The reason that it gives, before anybody's facts: fill in the urgency reached."""
        return Reason(
            self.id, Urgency.ROUTINE, self.because, self.do, self.tell, self.source,
            self.confidence, self.lesson, facts=(),
        )  # fmt: skip


@dataclass(frozen=True)
class ConflictRule:
    """What was said differs from what the record holds: shown side by side, the riskier stands."""

    id: str  # the question whose answer differs
    when: Condition
    record: str
    because: str = ""
    urgency: Urgency = Urgency.SOON
    do: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()
    source: str = ""
    confidence: Confidence = Confidence.INFERRED
    file: str = ""


@dataclass(frozen=True)
class Signature:
    """Who signed the folder, when, over which bytes, and how many rules it held."""

    by: str
    on: date
    sha256: str
    rules: int


@dataclass(frozen=True)
class Rulebook:
    """Everything that the rules folder says, checked, compiled, and named by its fingerprint."""

    fingerprint: str
    signed: bool
    questions: Mapping[str, Question]
    observations: Mapping[str, Observation]
    facts: Mapping[str, FactSpec]
    definitions: Mapping[str, Definition]
    actions: Mapping[str, Action]
    rules: tuple[Rule, ...]
    modifiers: tuple[Modifier, ...]
    conflicts: tuple[ConflictRule, ...]
    routes: tuple[RouteRule, ...]
    no_route: Mapping[str, str]  # need -> a sentence that no route exists
    services: tuple[Service, ...]
    rescreen: RescreenPlan
    law: Law = field(default_factory=Law)
    practice: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    holidays: Holidays = field(default_factory=Holidays)
    instruments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    changes: tuple[Mapping[str, Any], ...] = ()
    signature: Signature | None = None
    warnings: tuple[str, ...] = ()
    laid: tuple[Laid, ...] = ()  # what the site's own files lay over the folder

    @cached_property
    def program(self) -> Program:
        """The compiled conditions: first pass (rules, conflicts, rescreens), modifiers, routes."""
        rows = tuple(dict.fromkeys(row for rule in self.rules for row in rule.law_rows))
        return compiled(
            {**self.questions, **self.observations, **self.facts},
            self.definitions,
            first=[
                *(rule.test(rows) for rule in self.rules),
                *(Test(conflict.when.tree) for conflict in self.conflicts),
                *(Test(rule.when.tree) for rule in self.rescreen.rules),
            ],
            modifiers=[Test(modifier.when.tree) for modifier in self.modifiers],
            routes=[Test(tree) for route in self.routes for tree in route.trees],
            law_rows=rows,
        )

    @cached_property
    def clinical_ids(self) -> frozenset[str]:
        """The questions, observations, facts and instruments that belong to health staff."""
        known: dict[str, Spec] = {**self.facts, **self.observations, **self.questions}
        theirs = {id for id, spec in known.items() if spec.group == Group.CLINICAL}
        return frozenset(theirs | (set(self.instruments) - set(known)))

    @cached_property
    def core(self) -> tuple[Question, ...]:
        """The questions that everyone is asked."""
        return tuple(q for q in self.questions.values() if q.branch is None)

    @cached_property
    def core_ids(self) -> tuple[str, ...]:
        """The ids of the questions that everyone is asked."""
        return tuple(q.id for q in self.core)

    @cached_property
    def branches(self) -> tuple[Question, ...]:
        """The questions that only some are asked."""
        return tuple(q for q in self.questions.values() if q.branch is not None)

    @cached_property
    def services_of(self) -> Mapping[str, tuple[Service, ...]]:
        """The services that each route can lead to."""
        return {
            route.id: tuple(s for s in self.services if s.route == route.id)
            for route in self.routes
        }

    def routes_in(self, nation: str) -> tuple[tuple[int, RouteRule, Route], ...]:
        """In the order in which they are shown: the place of each route among ``routes``, its
        rule, and the route as nobody there has it yet, with the services of that nation."""
        if nation not in self._routes_in:
            found = [
                (place, rule, like(rule.closed, services=self._services(rule.id, nation)))
                for place, rule in enumerate(self.routes)
            ]
            found.sort(key=lambda each: ROUTE_ORDER[each[1].id])
            self._routes_in[nation] = tuple(found)
        return self._routes_in[nation]

    def _services(self, route: str, nation: str) -> tuple[str, ...]:
        services = self.services_of[route]
        return tuple(s.id for s in services if s.details.get("nation", nation) == nation)

    @cached_property
    def service(self) -> Mapping[str, Service]:
        """The services by id."""
        return {each.id: each for each in self.services}

    @cached_property
    def _routes_in(self) -> dict[str, tuple[tuple[int, RouteRule, Route], ...]]:
        return {}

    def assume(self, dates: Iterable[tuple[str, date]]) -> "Rulebook":
        """The same rulebook with some law rows as if in force from a day, for rehearsal."""
        return replace(self, law=self.law.assume(dates))
