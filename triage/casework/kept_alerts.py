"""Alerts that are planned beside what screenings and clocks call for, and stay planned.

A release plans its own, and a record that cannot be evaluated has its emergency.
"""

from collections.abc import Sequence
from datetime import datetime

from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.roles import Role
from triage.record import Alert, Writing

CANNOT = "cannot_be_evaluated"
RELEASE = "release"  # the source of alerts that a release itself plans


def add(writing: Writing, stay: str, alerts: Sequence[PlannedAlert]) -> None:
    """Plan some alerts beside everything that is planned already."""
    known = [alert for alert in writing.alerts_of(stay) if alert.state == "planned"]
    writing.plan(
        stay, [*(as_planned(alert, stay) for alert in known), *alerts], needs=needs_of(known, stay)
    )


def cannot_be_evaluated(now: datetime, episode: int) -> PlannedAlert:
    """The emergency that stands when a record cannot be evaluated."""
    return PlannedAlert(
        key=f"{CANNOT}:record:{episode}",
        clock=None,
        event=None,
        level="A1",
        due_at=now,
        to=(Role.CUSTODY_SERGEANT, Role.DUTY_INSPECTOR),
        state=AlertState.PLANNED,
        late_seconds=0,
        words="This record cannot be evaluated. Keep its checks and times by hand now.",
    )


def kept(known: Sequence[Alert], stay: str) -> list[PlannedAlert]:
    """What other acts planned, which no plan of screenings and clocks knows."""
    return [
        as_planned(alert, stay)
        for alert in known
        if alert.state == "planned" and alert.source in (RELEASE, CANNOT)
    ]


def needs_of(known: Sequence[Alert], stay: str) -> dict[str, str]:
    """The need behind each of these alerts, by its key without the stay."""
    return {_short(alert.key, stay): alert.need for alert in known if alert.need}


def as_planned(alert: Alert, stay: str) -> PlannedAlert:
    """An alert that stands planned, as it is planned again."""
    return PlannedAlert(
        key=_short(alert.key, stay),
        clock=None,
        event=None,
        level=alert.level,
        due_at=alert.due_at,
        to=alert.to_roles,
        state=AlertState.PLANNED,
        late_seconds=0,
        words=alert.words or "",
    )


def _short(key: str, stay: str) -> str:
    return key.removeprefix(f"{stay}:")
