"""What was typed while the clock of this service ran ahead, once that clock has been set back."""

from datetime import datetime, timedelta

from triage.casework.acts import TIMERS
from triage.casework.after import settle
from triage.casework.corrections import Correction, correcting
from triage.casework.entries import event_of, moment_of
from triage.casework.history import DETENTION, History
from triage.casework.service import Service
from triage.domain.timeline import Moment
from triage.record import EventKind, Recorded, Writing
from triage.record.events import AHEAD_AT_MOST

_TIMED = (
    EventKind.STAY_OPENED,
    EventKind.STAY_MOVED,
    EventKind.SCREENING_SAVED,  # of a draft too, where an emergency in it was recorded at once
    EventKind.ROUTE_DECISION,
    *DETENTION,
)


def time_facts_anew(
    service: Service, writing: Writing, *, since: int, moved: timedelta, now: datetime
) -> None:
    """Correct what open stays were told after the event ``since`` and cannot have happened yet.

    A visit of an hour that is still to come would keep the next one from being missed, a person
    whose arrival lies ahead is watched by no clock, and who was screened or found drunk then would
    be asked again, or roused, as much too late. ``moved`` is by how much the clock was
    set back: so much earlier it happened. The correction names the cause and stands beside the
    first version like anybody's; what a person corrected since is left as that person said.
    """
    minutes = round(-moved / timedelta(minutes=1))
    reason = f"typed while the clock of this service was {minutes} minutes ahead"
    last: dict[str, Recorded] = {}
    for event in writing.not_yet_happened(now + AHEAD_AT_MOST, since):
        if event.kind not in _TIMED or event.stay is None:
            continue
        wrong = _wrong_moment(writing, event, now)
        if wrong is not None:
            said = Correction(reason, occurred_at=wrong.earlier(-moved))
            last[event.stay] = writing.append(correcting(event, said, TIMERS))
    for stay, correction in last.items():
        settle(service, writing, stay, actor=TIMERS, now=now, because=correction)


def _wrong_moment(writing: Writing, event: Recorded, now: datetime) -> Moment | None:
    """The moment that still stands for it, where that is still to come and is no person's word.

    A clock that went wrong twice is set back twice: what was timed anew then is not right yet.
    """
    stay = writing.stay(event.stay or "")
    if stay is None or not stay.is_open:
        return None
    history = History.read(writing, stay)
    if event.seq in history.withdrawn:
        return None
    said = history.correction(event)
    if said is None:
        return _moment(event)
    by_hand = said.actor.account != TIMERS.account
    return None if by_hand or said.occurred_at <= now + AHEAD_AT_MOST else moment_of(said)


def _moment(event: Recorded) -> Moment:
    known = event_of(event) if event.kind in DETENTION else None
    return Moment.at(event.occurred_at) if known is None else known.occurred_at
