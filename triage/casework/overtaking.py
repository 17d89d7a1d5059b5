"""Several steps of one clock: the highest calls people, the lower ones are overtaken by it.

After an outage they are all due at once; in ordinary time a later step follows an earlier one that
still stands. What is overtaken stays on the record, with the key of the step that took its place.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from triage.casework.acts import TIMERS
from triage.casework.planning import ladder
from triage.casework.service import Service
from triage.record import Alert, EventKind, NewEvent, Reading, Writing

OVERTAKEN = "overtaken"
Family = tuple[str, str]


def timed_sources(service: Service) -> frozenset[str]:
    """The sources whose alerts are steps of one clock; all others stand each by itself."""
    return frozenset(step["clock"] for step in ladder(service).get("step", ()))


def family(alert: Alert, timed: frozenset[str]) -> Family | None:
    """The clock of the stay that an alert is a step of; ``pace_review_2`` is a ``pace_review``."""
    clock = alert.source.rstrip("0123456789n").rstrip("_")
    if alert.stay is None or not timed & {alert.source, clock}:
        return None
    return (alert.stay, alert.source)


_SEVERITY = {"A1": 4, "SYS1": 4, "A2": 3, "SYS2": 3, "A3": 2, "A4": 1}


def highest_steps(alerts: Sequence[Alert], timed: frozenset[str]) -> dict[Family | None, str]:
    """The key of the highest due step of each clock; the latest due among equals."""
    families: dict[Family, list[Alert]] = defaultdict(list)
    for alert in alerts:
        its = family(alert, timed)
        if its is not None:
            families[its].append(alert)
    return {
        its: max(each, key=lambda one: (_SEVERITY[one.level], one.due_at, one.key)).key
        for its, each in families.items()
    }


def stands_above(
    reading: Reading | Writing,
    alert: Alert,
    timed: frozenset[str],
    called_for: Collection[str] | None = None,
) -> str | None:
    """The key of an open alert of the same clock that is as high, and due as late or later.

    Of ``called_for``, where it is given: an alert about a time that the record no longer holds
    keeps nobody from hearing of the one that it does hold.
    """
    its = family(alert, timed)
    if its is None or alert.stay is None:
        return None
    for other in reading.alerts_of(alert.stay):
        if called_for is not None and other.key not in called_for:
            continue
        higher = _SEVERITY[other.level] >= _SEVERITY[alert.level] and other.due_at >= alert.due_at
        if other.is_open and other.key != alert.key and higher and family(other, timed) == its:
            return other.key
    return None


def overtake_open(writing: Writing, alert: Alert, timed: frozenset[str]) -> None:
    """An earlier step of the same clock that still stands is overtaken by this one."""
    its = family(alert, timed)
    if its is None or alert.stay is None:
        return
    for other in writing.alerts_of(alert.stay):
        lower = _SEVERITY[other.level] <= _SEVERITY[alert.level] and other.due_at <= alert.due_at
        if other.is_open and other.key != alert.key and lower and family(other, timed) == its:
            end_overtaken(writing, other.key, other.stay, alert.key, writing.now)


def end_overtaken(
    writing: Writing, key: str, stay: str | None, successor: str, now: datetime
) -> None:
    writing.append(
        NewEvent(
            EventKind.ALERT_CLOSED,
            TIMERS,
            now,
            stay=stay,
            header={"key": key, "reason": OVERTAKEN, "by": successor},
        )
    )
    writing.drop_unsent(key)
