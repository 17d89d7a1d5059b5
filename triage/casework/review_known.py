"""Which stays a review reads, and each as it was known at one moment.

``as_known_at`` leaves out everything that was typed later: the stay is folded anew from the events
that stood on the record by then.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from triage.casework.history import DETENTION
from triage.record import EventKind, Reading, Recorded, Stay
from triage.record.events import AHEAD_AT_MOST
from triage.record.rows import stay_of
from triage.record.stay_fold import folded

_TIMED = (*DETENTION, EventKind.CORRECTED)
Known = tuple[Stay, tuple[Recorded, ...]]


def known_stay(reading: Reading, stay: str, as_known_at: datetime | None = None) -> Known | None:
    """One stay and its events as they were known at a moment; None if it was not known."""
    events = reading.stay_events(stay)
    if as_known_at is None:
        now_known = reading.stay(stay)
        return None if now_known is None else (now_known, events)
    then = tuple(event for event in events if event.recorded_at <= as_known_at)
    row = folded(stay, then)
    return None if row is None or row["opened_at"] is None else (stay_of(row), then)


def stays_known(
    reading: Reading, since: datetime, until: datetime, as_known_at: datetime | None
) -> Iterator[Known]:
    """The stays that were open in a stretch, or of which something happened in it, oldest first.

    A wait can begin before the stay was opened: they arrive before midnight, and the record is
    opened after it. What was typed a moment ahead is read as of when it was typed.
    """
    until += AHEAD_AT_MOST
    if as_known_at is None:
        for stay in reading.stays_of_stretch(since, until):
            yield stay, reading.stay_events(stay.id)
        return
    now_known = {stay.id for stay in reading.stays_of_stretch(since, until)}
    ids = sorted(now_known | set(reading.stays_told_of_since(as_known_at)))
    then = [found for id in ids if (found := known_stay(reading, id, as_known_at)) is not None]
    for stay, events in sorted(then, key=lambda each: (_opened(each[0]), each[0].id)):
        if _was_open(stay, since, until) or _happened(events, since, until):
            yield stay, events


def _was_open(stay: Stay, since: datetime, until: datetime) -> bool:
    return _opened(stay) < until and (stay.closed_at is None or stay.closed_at >= since)


def _happened(events: Sequence[Recorded], since: datetime, until: datetime) -> bool:
    return any(event.kind in _TIMED and since <= event.occurred_at < until for event in events)


def _opened(stay: Stay) -> datetime:
    assert stay.opened_at is not None  # both reads leave out what was never opened
    return stay.opened_at
