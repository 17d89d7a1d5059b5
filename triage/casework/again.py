"""The alerts by which somebody is to be screened again: which stand, and which came of events."""

from triage.domain.asking_again import SOURCE
from triage.record import Alert


def asks_again(alert: Alert) -> bool:
    """Whether an alert, open or still ahead, asks for a new screening."""
    return alert.source == SOURCE and (alert.is_open or alert.state == "planned")


def since_screened(alert: Alert) -> bool:
    """Whether it rests on what happened since; else the last screening asked for it by itself."""
    return asks_again(alert) and (not alert.step.startswith("due-") or alert.count > 1)
