"""The values that pages, the API and the desk show: no sentences beyond those on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from triage.casework.departure import Gap
from triage.casework.filed import Filed
from triage.casework.opening import Identity
from triage.casework.past import NO_PAST, Past
from triage.casework.permissions import Permission
from triage.domain.answers import Details
from triage.domain.clocks import Clocks, Power
from triage.domain.differences import Difference
from triage.domain.ending_alerts import Barred
from triage.domain.findings import Findings
from triage.domain.whereabouts import Known, Where


@dataclass(frozen=True)
class Timers:
    """When the timers last ran; a page that shows alerts shows this, loud when stale."""

    last_pass_at: datetime | None
    age_seconds: int | None
    stale: bool
    clock_stepped_at: datetime | None = None  # the wall clock jumped within the last hour


@dataclass(frozen=True)
class Holder:
    """The named person who has an alert."""

    name: str
    role: str
    kind: str  # police | clinical
    since: datetime
    account: str = ""
    first: bool = True  # False: somebody of the same kind has it, and this one said so after them


@dataclass(frozen=True)
class HeldFor:
    """A role that is off duty, and until when no message about an alert leaves for it."""

    role: str
    until: datetime


@dataclass(frozen=True)
class AlertLine:
    """One alert. Its words hold no personal data and are the same for everybody."""

    key: str
    code: str  # four letters, the same on the phone and on the board
    stay: str
    suite: str
    reference: str
    initials: str
    cell: str | None
    source: str
    step: str
    episode: str
    need: str | None
    level: str  # A1 | A2 | A3 | A4 | SYS1 | SYS2
    urgency: str  # emergency | urgent | soon | routine
    words: str
    to_roles: tuple[str, ...]
    state: str
    due_at: datetime
    raised_at: datetime | None
    late_seconds: int
    age_seconds: int  # since it was due
    count: int  # how many times the same has been found
    round: int
    chain_step: int
    climbs_at: datetime | None
    holders: tuple[Holder, ...]
    acted_at: datetime | None
    why_here: str = ""  # why it stands at this place of the list
    found_again_at: datetime | None = None  # when a later screening last found it again
    may_close: tuple[str, ...] = ()  # the roles that may say how it ended, as it stands now
    why_not: str = ""  # what those others hear who end alerts, and not this one
    may_cancel: tuple[str, ...] = ()  # those that may say it should never have been raised
    finding: str = ""  # the same for alerts that tell several people of one thing
    barred: tuple[Barred, ...] = ()  # endings that it cannot have as the record stands
    held_for: tuple[HeldFor, ...] = ()  # quiet hours: their message waits, the alert does not
    left_at: datetime | None = None  # the person has left custody: somebody else is in that cell


@dataclass(frozen=True)
class NextDue:
    """The next thing that falls due for somebody."""

    at: datetime  # of the thing itself, not of a warning before it
    words: str
    level: str
    over_seconds: int  # 0 while it is still ahead


@dataclass(frozen=True)
class ScreenAgain:
    """After what somebody is to be screened again, and by when."""

    words: str
    due_at: datetime


@dataclass(frozen=True)
class BoardRow:
    """One person on the board: initials and cell, never a name, never a condition."""

    stay: str
    kind: str
    suite: str
    reference: str
    initials: str
    cell: str | None
    place: str | None
    stage: str
    opened_at: datetime
    training: bool
    urgency: str | None  # of the highest open alert or need; None: no flags raised
    open_alerts: int
    untaken: int  # raised and nobody has it
    open_findings: int  # what several people were told in the same words counts once
    untaken_findings: int  # of which some alert is raised and nobody has it
    top: AlertLine | None
    next_due: NextDue | None
    holders: tuple[Holder, ...]
    screening: str | None  # complete | provisional | refused | cannot_screen | None: not screened
    answered: tuple[int, int] | None
    power: Power | None
    unreadable: bool = False  # what was recorded of this person cannot be read
    screen_again: ScreenAgain | None = None
    where: Known = Known.THERE  # whether the person is in that place, was last, or goes there


@dataclass(frozen=True)
class Board:
    """Everybody in some suites, the most urgent first."""

    at: datetime
    suites: tuple[str, ...]
    timers: Timers
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True)
class ScreeningLine:
    """One saved version of a screening, as this role may see it."""

    seq: int
    version: int
    provisional: bool
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    by: str
    role: str
    findings: Findings | None  # None: it could not be evaluated, or was erased in part
    details: Details
    withdrawn: bool = False


@dataclass(frozen=True)
class TimelineEntry:
    """One event of a stay, as this role may see it."""

    seq: int
    kind: str
    what: str  # the detention event, route or alert that the kind names, as an id
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    by: str
    role: str
    parts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    hidden: bool = False  # there is a clinical part that this role does not read
    erased: bool = False
    corrects: int | None = None
    corrected_by: int | None = None  # the last word on it: a correction, or what withdrew it
    withdrawn: bool = False  # it did not happen, or not to this person
    stands_at: datetime | None = None  # the corrected time that counts; None: its own
    changes: tuple[Difference, ...] = ()  # what a correction changed, when it was made


def last_asked(screenings: Iterable[ScreeningLine]) -> ScreeningLine | None:
    """The last of the versions that stand and were evaluated, as the person was asked.

    One that is typed late, of an earlier hour, tells what was so then.
    """
    told = (each for each in screenings if each.findings is not None and not each.withdrawn)
    return max(told, key=lambda each: (each.occurred_at, each.seq), default=None)


@dataclass(frozen=True)
class DecisionLine:
    """One decision on a route, or one consent."""

    seq: int
    kind: str  # route | consent
    route: str | None
    need: str | None
    outcome: str
    to: str | None
    reason: str | None
    occurred_at: datetime
    by: str
    role: str


@dataclass(frozen=True)
class StayView:
    """Everything about one stay that this role may see."""

    at: datetime
    stay: str
    person: str
    kind: str
    suite: str
    nation: str
    reference: str
    opened_at: datetime
    closed_at: datetime | None
    stage: str
    place: str | None  # as it was typed when the stay was opened, or since
    where: Where  # as far as what was recorded tells
    cell: str | None
    training: bool
    identity: Identity
    timers: Timers
    findings: Findings | None  # of the last version that counts
    screenings: tuple[ScreeningLine, ...]
    draft: Mapping[str, Any] | None
    clocks: Clocks | None
    alerts: tuple[AlertLine, ...]
    timeline: tuple[TimelineEntry, ...]
    decisions: tuple[DecisionLine, ...]
    gaps: tuple[Gap, ...]
    past_stays: tuple[str, ...]
    clinical: tuple[TimelineEntry, ...] | None  # None: this role does not read them
    past: Past = NO_PAST
    permissions: tuple[Permission, ...] = ()
    filed: Filed | None = None
    unreadable: bool = False  # what was recorded cannot be read: only what stands beside it is here
    screen_again: ScreenAgain | None = None


@dataclass(frozen=True)
class AlertList:
    """Open alerts of some suites: by level, then the oldest first."""

    at: datetime
    timers: Timers
    lines: tuple[AlertLine, ...]
    ahead: tuple[AlertLine, ...] = ()  # who is to be screened again, before that is an open alert


@dataclass(frozen=True)
class Change:
    """What is different about one person since the last sign-off."""

    stay: str
    reference: str
    initials: str
    cell: str | None
    kind: str  # arrived | left | changed | unchanged
    urgency: str | None
    entries: tuple[TimelineEntry, ...]
    open_alerts: tuple[AlertLine, ...]
    next_due: NextDue | None
    unreadable: bool = False


@dataclass(frozen=True)
class Handover:
    """The difference since somebody last took over these suites."""

    at: datetime
    suites: tuple[str, ...]
    since: datetime | None  # None: nobody has signed before, so everything is new
    since_seq: int
    up_to_seq: int
    changes: tuple[Change, ...]
