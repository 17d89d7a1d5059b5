"""Screenings: drafts that are evaluated as they grow, and versions that are kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.casework.service import Service
from triage.domain.answers import Details
from triage.domain.findings import Findings
from triage.record import Actor


@dataclass(frozen=True)
class DraftSaved:
    """What a half-finished screening says so far."""

    stay: str
    findings: Findings | None  # None when the draft is too thin to be evaluated
    recorded: int | None  # the seq of the provisional version that an emergency made at once
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScreeningSaved:
    """One version of a screening, with what it found and which alerts stand because of it."""

    seq: int
    stay: str
    version: int
    findings: Findings
    alerts: tuple[str, ...]  # keys of the alerts that are planned or raised by it
    late: bool = False
    notices: tuple[str, ...] = ()
    repeated: bool = False


def save_draft(
    service: Service,
    stay: str,
    part: Mapping[str, Any],
    *,
    details: Details | None = None,
    actor: Actor,
    now: datetime,
) -> DraftSaved:
    """Keep a half-finished form as it was typed, and evaluate ``details``, its meaning so far.

    An emergency in it is recorded at once as a provisional version: nobody waits for question 29.
    """
    raise NotImplementedError


def record_screening(
    service: Service,
    stay: str,
    details: Details,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> ScreeningSaved:
    """Record one version: past stays are added as dated record facts, then it is evaluated."""
    raise NotImplementedError
