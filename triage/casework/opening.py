"""Opening a stay, in ten seconds where ten seconds are all there is, and moving it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from triage.casework.service import Service
from triage.domain.clocks import Clocks
from triage.domain.timeline import Event
from triage.record import Actor


class StayKind(StrEnum):
    """Why somebody is with us: under arrest, under Section 136 anywhere, or of their own will."""

    CUSTODY = "custody"
    SECTION136 = "section136"
    VOLUNTARY = "voluntary"


@dataclass(frozen=True)
class Identity:
    """Who the person is. Personal data: kept apart, erasable by itself, never in an alert."""

    name: str | None = None
    date_of_birth: date | None = None
    age: int | None = None
    age_source: str = "unknown"
    sex: str = "unknown"

    @property
    def initials(self) -> str:
        """The initials for the board; a dash for somebody whose name is not known yet."""
        return "".join(part[0] for part in (self.name or "").split()).upper() or "–"


@dataclass(frozen=True)
class Opening:
    """What is known when a stay begins; only kind, suite, reference and the time are needed."""

    kind: StayKind
    suite: str
    reference: str  # custody record, incident number or attendance reference; unique while open
    opened_at: datetime  # when it happened, not when it was typed
    nation: str = "england"
    identity: Identity = Identity()
    person: str | None = None  # the id of somebody already known
    stage: str = "arrest"
    offence: str | None = None
    indictable: bool | None = None
    place: str | None = None
    cell: str | None = None
    training: bool = False
    events: tuple[Event, ...] = ()  # what has already happened: the removal, the arrival


@dataclass(frozen=True)
class Opened:
    """A stay that now exists."""

    stay: str
    person: str
    seq: int
    clocks: Clocks | None
    notices: tuple[str, ...] = ()
    repeated: bool = False  # the same request had been recorded before; nothing was written


@dataclass(frozen=True)
class Move:
    """Where the person is now: another cell, place, suite or stage of the stay."""

    occurred_at: datetime
    suite: str | None = None
    cell: str | None = None
    place: str | None = None
    stage: str | None = None


def open_stay(
    service: Service, opening: Opening, *, actor: Actor, now: datetime, key: str | None = None
) -> Opened:
    """Open a stay with what is known; past stays of the same person are found, never blocking."""
    raise NotImplementedError


def move_stay(
    service: Service,
    stay: str,
    move: Move,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Opened:
    """Record where the person is now; the clocks of a detention do not restart."""
    raise NotImplementedError


def record_identity(
    service: Service,
    stay: str,
    identity: Identity,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Opened:
    """Record who the person is, or turns out to be; earlier versions stay in the record."""
    raise NotImplementedError
