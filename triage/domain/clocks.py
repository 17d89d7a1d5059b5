"""What the clocks of a detention say: powers, clocks, planned alerts, what was unlawful."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClockState(StrEnum):
    """Breach, overdue and target missed are three different words; never one for another."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACH = "breach"  # a limit of the Mental Health Act or its regulations passed: strict
    OVERDUE = "overdue"  # a PACE or Code C time passed: approximate, PACE s45(2)
    TARGET_MISSED = "target_missed"  # guidance or agreed practice passed


@dataclass(frozen=True)
class Power:
    """The power recorded for holding the person, since when, set by whom, and when it lapses."""

    power: str
    since: datetime
    set_by: str | None
    lapses_at: datetime | None


@dataclass(frozen=True)
class Clock:
    """One clock of a detention against its threshold."""

    clock: str
    of: str
    kind: str
    law_row: str
    confidence: str
    start_event: str | None
    started_at: datetime | None
    due_at: datetime | None
    state: ClockState
    ended_at: datetime | None = None
    over_seconds: int | None = None
    left_seconds: int | None = None
    provisional: bool = False
    contested: bool = False
    reason: str | None = None


class AlertState(StrEnum):
    """Planned ahead of time, raised when due, withdrawn only by a named correction."""

    PLANNED = "planned"
    RAISED = "raised"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class PlannedAlert:
    """One alert that a detention or a screening calls for, and when."""

    key: str  # source : step : episode; the record puts the stay before it
    clock: str | None
    event: str | None
    level: str  # A1 | A2 | A3 | A4
    due_at: datetime
    to: tuple[str, ...]
    state: AlertState
    late_seconds: int
    words: str


@dataclass(frozen=True)
class Unlawful:
    """Something that happened against the law: recorded, marked, and it lengthens nothing."""

    event: str | None
    words: str
    law_row: str
    began: datetime
    ended: datetime | None
    over_seconds: int | None = None  # by how much it came too late, where that is what is wrong
    corrected: bool = False  # a corrected time decides it


@dataclass(frozen=True)
class Delay:
    """Minutes of a wait by partner and agreed reason; never by a named worker."""

    partner: str
    reason: str
    minutes: int
    wait: str = "detention"  # which wait: a detention's minutes and an arrest's are never one sum


@dataclass(frozen=True)
class Gap:
    """A stretch of a detention in which nobody was recorded as waited for."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Clocks:
    """Everything that the clocks of one detention say at one moment."""

    at: datetime
    powers: tuple[Power, ...]
    clocks: tuple[Clock, ...]
    alerts: tuple[PlannedAlert, ...]
    unlawful: tuple[Unlawful, ...]
    delays: tuple[Delay, ...]
    warnings: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()
    no_power_since: datetime | None = None  # since when none is recorded; None while one is
