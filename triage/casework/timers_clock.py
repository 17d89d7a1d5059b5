"""What the timers know of their clock, kept in the record for the process after this one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from triage.record import Reading, Writing

CLOCK = "clock"  # the name under which the state of the timers' clock is kept


def keep_clock(writing: Writing, clock: Mapping[str, Any] | None) -> None:
    """Keep what the timers know of their clock, for the process after this one."""
    if clock is not None:
        writing.heartbeat(CLOCK, detail=clock)


def kept_clock(reading: Reading) -> Mapping[str, Any]:
    """What the timers last knew of their clock; nothing at the very first start."""
    kept = reading.last_heartbeat(CLOCK)
    return {} if kept is None else kept.detail


def timers_lag(reading: Reading | Writing) -> timedelta:
    """By how much the timers run ahead of a wall clock that was set back."""
    kept = reading.last_heartbeat(CLOCK)
    return timedelta(seconds=0 if kept is None else kept.detail.get("lag", 0))
