"""The values of the list of detentions under Sections 136 and 135."""

from dataclasses import dataclass
from datetime import datetime

from triage.casework.lines import AlertLine, Timers
from triage.domain.clocks import Clock, Delay, Power, Unlawful
from triage.domain.whereabouts import Known


@dataclass(frozen=True)
class Section136Line:
    """One detention under Section 136 or 135, wherever the person is held."""

    stay: str
    suite: str
    reference: str
    initials: str
    place: str | None
    cell: str | None
    power: Power | None  # the power recorded; None: none since ``none_since``, unless unreadable
    none_since: datetime | None
    lapses_at: datetime | None
    left_seconds: int | None  # below zero: so long past the lapse
    running: tuple[Clock, ...]
    passed: tuple[Clock, ...]  # breach, overdue or target missed
    unlawful: tuple[Unlawful, ...]
    delays: tuple[Delay, ...]
    alerts: tuple[AlertLine, ...]
    unreadable: bool = False
    where: Known = Known.THERE  # whether the person is in that place, was last, or goes there


@dataclass(frozen=True)
class Section136List:
    """All such detentions of some suites; the first to lapse first."""

    at: datetime
    timers: Timers
    lines: tuple[Section136Line, ...]
