"""What named people do with an alert: acknowledge, act, close, cancel. Nobody can dismiss one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triage.casework.service import Service
from triage.record import Actor


class AckKind(StrEnum):
    """Two different promises: somebody is at the cell; I am taking this as a clinician."""

    POLICE = "police"
    CLINICAL = "clinical"


@dataclass(frozen=True)
class AlertSaved:
    """One act on one alert, on the record."""

    seq: int
    key: str
    state: str  # raised | acknowledged | in_hand | closed | cancelled | withdrawn
    notices: tuple[str, ...] = ()
    repeated: bool = False


def acknowledge(
    service: Service,
    alert_key: str,
    *,
    kind: AckKind,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertSaved:
    """Say that a named person has it. Only the clinical kind stops the clinical chain."""
    raise NotImplementedError


def act(
    service: Service,
    alert_key: str,
    done: str,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertSaved:
    """Say what was done. Acknowledged without an act in time, an alert opens again."""
    raise NotImplementedError


def close(
    service: Service,
    alert_key: str,
    *,
    outcome: str,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertSaved:
    """Say that it is over and how it ended; facts that return later make a new episode."""
    raise NotImplementedError


def cancel(
    service: Service,
    alert_key: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    second_actor: Actor | None = None,
    key: str | None = None,
) -> AlertSaved:
    """Say that it should never have been raised; an emergency needs two different people."""
    raise NotImplementedError
