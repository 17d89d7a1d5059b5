"""Decisions on routes: offered, accepted, declined, none exists; and consent to share."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triage.casework.service import Service
from triage.record import Actor


class RouteOutcome(StrEnum):
    """What was decided; "none exists" is an answer too, and counts for the commissioner."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NONE_EXISTS = "none_exists"


@dataclass(frozen=True)
class RouteDecision:
    """One decision on one route, or, with ``none_exists``, on one need."""

    outcome: RouteOutcome
    occurred_at: datetime
    route: str | None = None
    need: str | None = None
    reason: str | None = None  # why declined, or why none exists
    service: str | None = None
    words: str | None = None
    group: str = "police"  # clinical when a nurse decides on clinical grounds


@dataclass(frozen=True)
class Consent:
    """Whether the person agrees that one named party hears of them."""

    given: bool  # False: refused or withdrawn; both stop what is sent later
    to: str
    occurred_at: datetime
    basis: str = "consent"  # consent | vital_interests | safeguarding ...
    words: str | None = None


@dataclass(frozen=True)
class DecisionSaved:
    """One decision or consent, on the record."""

    seq: int
    stay: str
    late: bool = False
    notices: tuple[str, ...] = ()
    repeated: bool = False


def decide_route(
    service: Service,
    stay: str,
    decision: RouteDecision,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> DecisionSaved:
    """Record what was decided about a route; after a decline the need and its alerts stand."""
    raise NotImplementedError


def consent(
    service: Service,
    stay: str,
    given: Consent,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> DecisionSaved:
    """Record consent, or its refusal, to one party; it never delays an alert inside the suite."""
    raise NotImplementedError


def note(
    service: Service,
    stay: str,
    words: str,
    *,
    group: str,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
    key: str | None = None,
) -> DecisionSaved:
    """Record a note; a clinical one is for health staff alone. No rule reads it."""
    raise NotImplementedError
