"""The events of one detention, as they happened and as they were typed.

What happened is always a usable event, lawful or not. Corrections are events too: nothing is
edited, and ``as_known`` folds them into the timeline that counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from triage.domain.answers import Person


@dataclass(frozen=True)
class Moment:
    """When something happened: certain when both ends are the same, else somewhere between."""

    not_before: datetime
    not_after: datetime

    @property
    def certain(self) -> bool:
        """Whether the moment is known exactly."""
        return self.not_before == self.not_after

    @classmethod
    def at(cls, moment: datetime) -> "Moment":
        """A moment that is known exactly."""
        return cls(moment, moment)


@dataclass(frozen=True)
class Event:
    """One thing that happened during a detention."""

    id: str
    kind: str
    occurred_at: Moment
    recorded_at: datetime | None = None
    place: str | None = None
    role: str | None = None
    rank: str | None = None
    by: str | None = None
    reason: str | None = None
    corrects: str | None = None
    words: str | None = None
    extra: Mapping[str, str | int | bool | datetime] = field(
        default_factory=lambda: MappingProxyType({})
    )  # what the kind names in braces: limb, consulted, waking, hours, ground ...


@dataclass(frozen=True)
class Detention:
    """All that is known about one detention; the input of the clocks."""

    at: datetime
    nation: str
    person: Person
    events: tuple[Event, ...]
    offence: str | None = None
    indictable: bool | None = None
    as_known_at: datetime | None = None
