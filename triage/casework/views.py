"""What people look at. Each look is logged; police roles never get a clinical part."""

from collections.abc import Sequence
from datetime import datetime

from triage.casework.lines import AlertList, Board, Section136List, StayView, Timers, Worklist
from triage.casework.service import Service
from triage.record import Actor


def timers(service: Service, *, now: datetime) -> Timers:
    """When the timers last ran a complete pass, and whether that is too long ago."""
    raise NotImplementedError


def board(service: Service, suites: Sequence[str], *, actor: Actor, now: datetime) -> Board:
    """Everybody in these suites, the most urgent first."""
    raise NotImplementedError


def stay_view(
    service: Service, stay: str, *, actor: Actor, now: datetime, purpose: str = "care"
) -> StayView:
    """Everything about one stay that this role may see."""
    raise NotImplementedError


def alert_list(
    service: Service, suites: Sequence[str], *, actor: Actor, now: datetime
) -> AlertList:
    """Open alerts of these suites: by level, then the oldest first."""
    raise NotImplementedError


def worklist(service: Service, suites: Sequence[str], *, actor: Actor, now: datetime) -> Worklist:
    """Who waits for a clinician in these suites: urgency, then age."""
    raise NotImplementedError


def section136_list(
    service: Service, suites: Sequence[str], *, actor: Actor, now: datetime
) -> Section136List:
    """Detentions under Section 136 or 135; the first to lapse first."""
    raise NotImplementedError
