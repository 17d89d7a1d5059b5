"""Putting right what was recorded: a wrong time, the wrong person, two people who are one."""

from dataclasses import dataclass
from datetime import datetime

from triage.casework.service import Service
from triage.domain.clocks import Clocks
from triage.domain.timeline import Moment
from triage.record import Actor


@dataclass(frozen=True)
class Correction:
    """What was wrong about one event: its time, or that it happened at all."""

    reason: str
    occurred_at: Moment | None = None  # the right time
    withdrawn: bool = False  # it did not happen


@dataclass(frozen=True)
class Corrected:
    """A correction on the record; the first version stays readable for ever."""

    seq: int
    corrects: int
    stay: str | None
    clocks: Clocks | None
    withdrawn_alerts: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()  # older events that are impossible now: shown, kept
    notices: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class Linked:
    """Two people who are one, or one who is two."""

    seq: int
    person: str
    other: str


def correct(
    service: Service,
    seq: int,
    correction: Correction,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Corrected:
    """Correct one event by another; everything that rests on it is worked out again."""
    raise NotImplementedError


def move_to_right_person(
    service: Service,
    seq: int,
    to_stay: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Corrected:
    """Move what was entered on the wrong person: withdrawn there with its alerts, recorded here."""
    raise NotImplementedError


def link_person(
    service: Service, person: str, other: str, *, reason: str, actor: Actor, now: datetime
) -> Linked:
    """Say that two records are one person; their past stays feed each other from now on."""
    raise NotImplementedError


def unlink_person(
    service: Service, person: str, other: str, *, reason: str, actor: Actor, now: datetime
) -> Linked:
    """Say that they are two people after all."""
    raise NotImplementedError
