"""Jumps of the wall clock: they go on the record, and what a wrong clock has timed is timed anew.

What the timers know of their clock is kept in the record, so that a process that starts, or takes
over, goes on where the last one was: a jump that fell between two processes is seen as well.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from triage.casework.acts import TIMERS
from triage.casework.service import Service
from triage.casework.timed_anew import time_facts_anew
from triage.casework.timers_clock import keep_clock
from triage.record import EventKind, NewEvent, Writing

_NOT_MOVED = timedelta(0)


def note_clock_step(
    service: Service,
    seconds: float,
    *,
    now: datetime,
    moved: timedelta = _NOT_MOVED,
    since: int = 0,
    clock: Mapping[str, Any] | None = None,
) -> int:
    """Record that the wall clock jumped, with a banner while it is fresh; returns its number.

    ``moved`` is how far the timers' own moment went back with it. Every wait that began after the
    event ``since`` then ends that much earlier, each by an event that names this one: nobody waits
    longer for the next step because a clock was wrong when the wait began. What was typed as of
    then is corrected by as much: nobody waits longer for a visit for it either.
    """
    header = {"seconds": round(seconds, 3)}
    with service.record.writing(now=now) as writing:
        noted = writing.append(NewEvent(EventKind.CLOCK_STEPPED, TIMERS, now, header=header))
        _retime(writing, moved, since=since, by_event=noted.seq, now=now)
        if moved < _NOT_MOVED:
            time_facts_anew(service, writing, since=since, moved=moved, now=now)
        keep_clock(writing, clock)
    return noted.seq


def caught_up(
    service: Service, *, now: datetime, moved: timedelta, clock: Mapping[str, Any]
) -> None:
    """The wall clock shows again what it showed when it was set back: the timers go with it.

    Each wait that runs keeps its length; the events name the jump.
    """
    with service.record.writing(now=now) as writing:
        jumps = service.record.reading().rare_events(EventKind.CLOCK_STEPPED, 1)
        jump = jumps[0].seq if jumps else None
        _retime(writing, moved, since=0, by_event=jump, now=now)
        keep_clock(writing, clock)


def _retime(
    writing: Writing, moved: timedelta, *, since: int, by_event: int | None, now: datetime
) -> None:
    """Let waits that a wrong clock has set end so much earlier, and try messages now."""
    if moved >= _NOT_MOVED:
        return
    writing.hurry_deliveries()
    for alert in writing.waiting_since(since):
        assert alert.step_due_at is not None
        header = {
            "key": alert.key,
            "step_due_at": alert.step_due_at + moved,
            "seconds": moved.total_seconds(),
            "by_event": by_event,
        }
        writing.append(
            NewEvent(EventKind.ALERT_RETIMED, TIMERS, now, stay=alert.stay, header=header)
        )
