"""What goes out, and what came of it. No name, cell, condition or link is ever in a message."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a channel knows after trying; an acknowledgement by a person is something else."""

    SENT = "sent"  # accepted by the next machine
    FAILED = "failed"  # refused for good: trying the same again is useless
    UNKNOWN = "unknown"  # nobody can say: it is tried again, marked as a repeat
    OFF = "off"  # the channel is not configured


@dataclass(frozen=True)
class Message:
    """One delivery of one alert step to one role."""

    delivery_key: str  # the same for every try, so that a receiver can tell a repeat
    to: tuple[str, ...]  # addresses, looked up when it is sent
    subject: str
    words: str


@dataclass(frozen=True)
class Sent:
    """What came of one try."""

    outcome: Outcome
    reason: str = ""
