"""What happens during a detention: events, authorities, visits, rousing."""

from dataclasses import dataclass
from datetime import datetime

from triage.casework.service import Service
from triage.domain.clocks import Clocks, Unlawful
from triage.domain.timeline import Event
from triage.record import Actor


@dataclass(frozen=True)
class EventSaved:
    """Something that is now on the record, and what the clocks say with it."""

    seq: int
    stay: str
    clocks: Clocks | None  # None only when they could not be worked out: then an A1 stands
    unlawful: tuple[Unlawful, ...]  # what this event itself is, if it is against the law
    late: bool = False
    notices: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class Visit:
    """One visit: when it was made, what was seen; when it was typed is the record's business."""

    occurred_at: datetime
    seen: str = ""  # words about this person alone; the same words for two people are refused
    rouse: bool | None = None  # a rousing check: passed, not passed; None: no rousing was due


def record_event(
    service: Service,
    stay: str,
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> EventSaved:
    """Record what happened, at its true time. Never refused for law: marked unlawful instead."""
    raise NotImplementedError


def authorise(
    service: Service,
    stay: str,
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> EventSaved:
    """Give an authority now. Raises NotAllowed with the law when it would be unlawful."""
    raise NotImplementedError


def record_visit(
    service: Service,
    stay: str,
    visit: Visit,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> EventSaved:
    """Record a visit to somebody in a cell; a rousing with it is recorded as one too."""
    raise NotImplementedError


def record_rousing(
    service: Service,
    stay: str,
    visit: Visit,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> EventSaved:
    """Record a rousing check; one that was not passed is an emergency at once (Annex H)."""
    raise NotImplementedError
