"""What is known about a detained person: answers, observations, record facts, each with its source.

Unknown is a value and knows why: refused, unable, not asked. Nothing here turns an unknown into a
no. What is absent from ``Details`` is not asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

Value = str | bool | int | tuple[str, ...]


class Status(StrEnum):
    """Whether there is an answer, and if not, why not."""

    ANSWERED = "answered"
    REFUSED = "refused"
    UNABLE = "unable"
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"  # a branch question whose gate is certainly false


class Group(StrEnum):
    """Who a fact belongs to: police-visible risk, or clinical (never shown to police)."""

    POLICE = "police"
    CLINICAL = "clinical"


@dataclass(frozen=True)
class Answer:
    """One answer or observation, or the reason that there is none."""

    status: Status
    value: Value | None = None  # a tuple for multi-select; () is "none of these"
    asked_at: datetime | None = None
    by: str | None = None
    needed_by: datetime | None = None  # a medicine: when the next dose is due
    words: str | None = None  # free text; no rule reads it


NOT_ASKED = Answer(Status.NOT_ASKED)


@dataclass(frozen=True)
class Closing:
    """A named closing of a marker: it stops shouting and stays visible."""

    on: date
    by_role: str
    reason: str


@dataclass(frozen=True)
class Marker:
    """A warning from a record, an officer, family, a log, property or health staff."""

    kind: str
    origin: str
    on: date | None = None
    closed: Closing | None = None
    words: str | None = None


@dataclass(frozen=True)
class EarlierScreen:
    """What an earlier screening in this or a past stay found."""

    at: datetime
    status: str
    needs: tuple[str, ...] = ()
    outcome: str | None = None


@dataclass(frozen=True)
class RecordFacts:
    """What the record says. ``None`` is unknown; an unchecked record is unknown, not empty."""

    checked: bool = False
    markers: tuple[Marker, ...] = ()
    property: tuple[str, ...] | None = None
    force_used: tuple[str, ...] | None = None
    hospital_today: bool | None = None
    breath_ug: int | None = None  # micrograms of alcohol in 100 ml of breath
    drug_test: str | None = None
    managed_by: tuple[str, ...] | None = None
    appropriate_adult_before: bool | None = None
    open_flags_before: tuple[str, ...] | None = None
    earlier_screens: tuple[EarlierScreen, ...] = ()
    instruction_open: str | None = None
    instruction_given_at: datetime | None = None


@dataclass(frozen=True)
class Person:
    """Who the person is, as far as a rule needs it. Ethnicity is kept for fairness, never read."""

    age: int | None = None
    date_of_birth: date | None = None
    age_source: str = "unknown"
    age_on_document: int | None = None
    sex: str = "unknown"
    ethnicity_self: str | None = None
    ethnicity_officer: str | None = None
    postcode_district: str | None = None


@dataclass(frozen=True)
class Details:
    """Everything known about one detained person at one moment; the input of a screening."""

    at: datetime
    nation: str
    person: Person
    stage: str | None  # None is unknown: nobody has typed it yet
    offence: str | None  # None is unknown, and no offence at all is ``none``
    arrests_12m: int | None = None
    record_number: str | None = None
    domestic: bool | None = None
    place: str | None = None
    interpreter_present: bool | None = None  # for these answers
    appropriate_adult_present: bool | None = None
    admits: bool | None = None
    evidence_ready: bool = False
    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    observations: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    record: RecordFacts = field(default_factory=RecordFacts)
    scores: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: MappingProxyType({})
    )  # instrument -> least and most points that its answers allow
