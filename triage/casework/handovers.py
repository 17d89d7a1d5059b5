"""Handing over a shift by difference: what has changed since somebody last took over."""

from collections.abc import Sequence
from datetime import datetime

from triage.casework.lines import Handover
from triage.casework.service import Service
from triage.record import Actor


def handover(service: Service, suites: Sequence[str], *, actor: Actor, now: datetime) -> Handover:
    """What has changed for this role in these suites since its last sign-off."""
    raise NotImplementedError


def sign_handover(
    service: Service,
    suites: Sequence[str],
    *,
    taken_from: str,
    actor: Actor,
    now: datetime,
    up_to_seq: int,
) -> int:
    """Record that ``actor`` has taken over what stood at ``up_to_seq``; returns the event's seq."""
    raise NotImplementedError
