"""One pass of the timers: plan what is missing, raise what is due, climb, send, then beat."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from triage.casework.service import Service
from triage.channels.messages import Message, Sent

Send = Callable[[Message], Sent]


@dataclass(frozen=True)
class Pass:
    """What one pass did."""

    at: datetime
    planned: int
    raised: tuple[str, ...]  # keys, in the order in which they were raised
    climbed: tuple[str, ...]
    reopened: tuple[str, ...]
    sent: int
    failed: tuple[str, ...]  # stays that could not be evaluated: each has an A1 now
    beat: bool  # the heartbeat was written, because the pass was complete


def tick(service: Service, *, now: datetime, send: Send) -> Pass:
    """One complete pass; safe to run in several processes at once, and at any time."""
    raise NotImplementedError
