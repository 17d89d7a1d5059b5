"""What the desk needs from the service, whether it runs in this process or answers over HTTPS."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from triage.desk.steps import Document
from triage.domain.findings import Urgency


@dataclass(frozen=True)
class Person:
    """One person on the board: initials and place, never a name."""

    stay: str
    reference: str
    initials: str
    cell: str | None
    place: str | None
    suite: str
    urgency: str | None
    untaken: int  # alerts that nobody has
    screening: str | None


@dataclass(frozen=True)
class State:
    """How the service stands at this moment, by its own clock."""

    at: datetime
    timers: str  # when the timers last ran, in words; loud when they have stopped
    stale: bool
    training: bool


@dataclass(frozen=True)
class OpenThing:
    """One thing that is open when somebody is about to leave, as the service says it."""

    id: str
    urgency: Urgency
    words: str
    closes: str


@dataclass(frozen=True)
class Left:
    """A release on the record."""

    seq: int
    stay: str
    gaps: tuple[OpenThing, ...]
    late: bool
    notices: tuple[str, ...]
    repeated: bool


class Client(Protocol):
    """The service as one signed-in person at one desk reaches it.

    Every method may raise InputError or NotAllowed in the words of the service, and Unreachable
    when nobody answers: then nobody knows whether what was sent is on the record.
    """

    @property
    def role(self) -> str:
        """The role of whoever acts."""

    def state(self) -> State:
        """What time it is for the service, and whether its timers run."""

    def people(self) -> tuple[Person, ...]:
        """Everybody in the suites of whoever acts, the most urgent first; the look is logged."""

    def name(self, stay: str) -> str | None:
        """The name of one person, as far as it is known; the look is logged."""

    def open_things(self, stay: str, leaving: Document | None) -> tuple[OpenThing, ...]:
        """What is open now; with ``leaving``, what it would leave open."""

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        """Record that somebody left; the same key sent again is the same release."""


def things(gaps: Any) -> tuple[OpenThing, ...]:
    """Gaps as the API writes them."""
    return tuple(
        OpenThing(gap["id"], Urgency.of(gap["urgency"]), gap["words"], gap["closes"])
        for gap in gaps
    )


def left(saved: Mapping[str, Any]) -> Left:
    """A release as the API writes it."""
    return Left(
        saved["seq"], saved["stay"], things(saved["gaps"]), saved["late"],
        tuple(saved["notices"]), saved["repeated"],
    )  # fmt: skip
