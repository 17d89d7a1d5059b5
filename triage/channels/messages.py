"""What goes out, and what came of it. No name, cell, condition or link is ever in a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType


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
    channel: str = "email"
    # The same as the words, for a program: level, suite, code, minutes, role, marks.
    about: Mapping[str, str | int | bool] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def reference(self) -> str:
        """The key of the delivery as others may see it: stable, and nothing of it can be read."""
        return sha256(self.delivery_key.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Sent:
    """What came of one try."""

    outcome: Outcome
    reason: str = ""


def together(tries: Sequence[Sent]) -> Sent:
    """What came of one message to several addresses: a doubled page is better than a lost one.

    Whoever may not have it makes all of it worth another try; a refusal for good of some does not.
    """
    if any(each.outcome is Outcome.UNKNOWN for each in tries):
        return next(each for each in tries if each.outcome is Outcome.UNKNOWN)
    refused = [each for each in tries if each.outcome is not Outcome.SENT]
    if refused and len(refused) == len(tries):
        return refused[0]
    return Sent(Outcome.SENT, f"{len(refused)} of {len(tries)} refused" if refused else "")
