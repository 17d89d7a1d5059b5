"""Release: what is still open, what was handed to whom, and the true time of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from triage.casework.service import Service
from triage.domain.findings import Urgency
from triage.record import Actor

# One key each at the desk. The record never makes a detention longer, so there is always a key.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "court_order": "A court or the law requires release now",
        "no_power": "There is no power left to hold the person",
        "person_declined": "Offered, and the person declined",
        "arranged_outside": "Arranged outside this service",
        "handed_to_health": "Handed to health staff who have been told",
        "inspector_decided": "The duty inspector has decided so",
        "not_given": "No reason was given",
    }
)


@dataclass(frozen=True)
class Gap:
    """One thing that is open when somebody is about to leave."""

    id: str
    urgency: Urgency
    words: str
    alert: str | None = None


@dataclass(frozen=True)
class Release:
    """How somebody left: when, to where, with whom, and what was said to whom."""

    occurred_at: datetime
    to: str  # home | court | hospital | health_place | prison | other
    handed_to: str | None = None  # who the person left with or was handed to
    told: tuple[str, ...] = ()  # who was told what is still open
    plan: str | None = None  # what was agreed for the first days, in words
    transport: str | None = None
    reason: str | None = None  # a key of REASONS, needed when gaps remain
    words: str | None = None


@dataclass(frozen=True)
class Released:
    """A stay that has ended, with the gaps that were left open and why."""

    seq: int
    stay: str
    gaps: tuple[Gap, ...]
    late: bool = False
    notices: tuple[str, ...] = ()
    repeated: bool = False


def release_check(
    service: Service, stay: str, *, actor: Actor, now: datetime, release: Release | None = None
) -> tuple[Gap, ...]:
    """What is still open, most urgent first; with ``release``, what it would leave open."""
    raise NotImplementedError


def release(
    service: Service,
    stay: str,
    leaving: Release,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Released:
    """Record that somebody left, at the true time.

    With gaps and no reason an InputError lists the gaps and the reasons of one key each; one of
    them is "not_given".
    """
    raise NotImplementedError
