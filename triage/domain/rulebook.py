"""What the rules folder says, once every part of it has been read and checked.

``rules_files.load`` makes a ``Rulebook``; nothing else does, besides tests. All of it is data:
no rule lives in the code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from triage.domain.answers import Group, Value
from triage.domain.conditions import Condition
from triage.domain.dated import Confidence, Law
from triage.domain.findings import Axis, Urgency

Options = tuple[tuple[str, str], ...]


class FactKind(StrEnum):
    """What an answer looks like."""

    CHOICE = "choice"
    MANY = "many"
    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"  # free words; no rule reads them


@dataclass(frozen=True)
class Question:
    """One question of the desk screen. ``branch`` None is a core question, asked of everyone."""

    id: str
    number: str
    asks: str
    kind: FactKind
    options: Options
    nothing: Value
    ordered: bool = False  # options run from harmless to worst
    branch: Condition | None = None
    private: bool = False
    group: Group = Group.POLICE
    credible: bool = False  # an answer in under a second is not credibly asked


@dataclass(frozen=True)
class Observation:
    """One thing that staff look for and never have to ask."""

    id: str
    number: str
    looks: str
    kind: FactKind
    options: Options
    nothing: Value
    ordered: bool = False
    group: Group = Group.POLICE


@dataclass(frozen=True)
class FactSpec:
    """One thing known before any question: about the person, the stay or the record."""

    id: str
    kind: FactKind
    source: str
    words: str
    options: Options = ()
    nothing: Value | None = None
    ordered: bool = False
    concerning: Value | None = None
    closes: bool = False  # may silence a rule through closed_by; listed on the sign-off sheet
    group: Group = Group.POLICE


Spec = Question | Observation | FactSpec


@dataclass(frozen=True)
class Definition:
    """A named idea that rules share."""

    id: str
    when: Condition
    words: str


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

    @property
    def raises(self) -> tuple[tuple[str, Urgency], ...]:
        """Needs, then flags, each with its urgency."""
        return self.needs + self.flags

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
    file: str = ""


@dataclass(frozen=True)
class ConflictRule:
    """What was said differs from what the record holds: shown side by side, the riskier stands."""

    id: str  # the question whose answer differs
    when: Condition
    record: str
    file: str = ""


@dataclass(frozen=True)
class RouteRule:
    """One route that a human could choose, and for whom it is open."""

    id: str
    axis: Axis
    basis: str
    nations: tuple[str, ...]
    decided_by: str
    serves: tuple[str, ...]
    when: Condition
    why: str
    source: str
    confidence: Confidence
    checked_on: date
    possible_when: Condition | None = None
    exclude: Condition | None = None
    why_not: str = ""
    requires: tuple[str, ...] = ()
    adult_only: bool = False
    target_minutes: int | None = None
    target_basis: str = ""
    consent: str = ""
    comes_back: str = ""
    law: str | None = None
    file: str = ""


@dataclass(frozen=True)
class Service:
    """One place that a route can lead to; site data."""

    id: str
    route: str
    name: str
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class RescreenRule:
    """When the whole screening is due again."""

    id: str
    when: Condition
    after_minutes: int
    why: str
    if_unknown: bool = False


@dataclass(frozen=True)
class RescreenPlan:
    """When to ask again: by urgency of what is missing, by rule, and by the screening's status."""

    ask_again: Mapping[Urgency, int]  # minutes
    rules: tuple[RescreenRule, ...]
    by_status: Mapping[str, int]  # minutes for provisional, refused, cannot_screen


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
    instruments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    changes: tuple[Mapping[str, Any], ...] = ()
    signature: Signature | None = None
    warnings: tuple[str, ...] = ()

    @cached_property
    def core(self) -> tuple[Question, ...]:
        """The questions that everyone is asked."""
        return tuple(q for q in self.questions.values() if q.branch is None)

    def assume(self, dates: Iterable[tuple[str, date]]) -> "Rulebook":
        """The same rulebook with some law rows as if in force from a day, for rehearsal."""
        return replace(self, law=self.law.assume(dates))
