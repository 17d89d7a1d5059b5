"""The values of a clinician's worklist: one line a person, and the calls that were agreed."""

from dataclasses import dataclass
from datetime import datetime

from triage.casework.filed import Filed
from triage.casework.lines import AlertLine, Holder, Timers
from triage.casework.past import NeedBeside


@dataclass(frozen=True)
class NotRead:
    """What the last screening could not rest on; what was found without it is provisional."""

    record: bool  # nobody had read the record about them
    record_read_at: datetime | None  # when an earlier screening last rested on it; None: never
    unfinished: bool  # the screening itself is not complete: a draft, refused, or not possible


@dataclass(frozen=True)
class WorkLine:
    """One person on a nurse's list, with everything that waits for her there."""

    stay: str
    suite: str
    reference: str
    initials: str
    cell: str | None
    urgency: str
    needs: tuple[str, ...]
    oldest_at: datetime
    waiting_seconds: int
    holders: tuple[Holder, ...]
    alerts: tuple[AlertLine, ...]
    why_here: str
    place: int = 1  # the place on the list, from 1
    before_next: str = ""  # more_urgent | nobody_has_it | longer | same: why before the next line
    taken: bool = False  # a clinician has the worst of it; an officer at the cell is not enough
    untaken: int = 0  # of its alerts, how many no clinician has
    left_at: datetime | None = None  # the person has left custody
    before: tuple[NeedBeside, ...] = ()  # needs of earlier screenings beside those of now
    differs: int = 0  # old answers that stand against new ones
    filed: Filed | None = None  # the last time that a summary was filed in another system
    not_read: NotRead | None = None  # None: everything was read, or nobody has screened them
    unreadable: bool = False  # what is recorded of them cannot be read: nothing of it is here


@dataclass(frozen=True)
class AgreedCall:
    """A call that was agreed with somebody who left before they were seen."""

    key: str
    stay: str
    suite: str
    reference: str
    initials: str
    at: datetime


@dataclass(frozen=True)
class Worklist:
    """One list over several suites: urgency, then what nobody has, then age."""

    at: datetime
    timers: Timers
    people: int  # how many are in these suites in all
    lines: tuple[WorkLine, ...]
    suites: tuple[str, ...] = ()
    calls: tuple[AgreedCall, ...] = ()
    with_somebody_until: datetime | None = None  # what whoever looks has said of themselves
    failing: tuple[AlertLine, ...] = ()  # what of the service itself does not work now
