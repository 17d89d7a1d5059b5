"""What a correction had taken away, or an act had answered, and the record calls for again."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from triage.casework.clock_steps import moment_of, runs
from triage.casework.overtaking import (
    OVERTAKEN,
    family,
    highest_steps,
    overtake_open,
    stands_above,
    timed_sources,
)
from triage.casework.planning import Planned, Wanted
from triage.casework.raising import reopen
from triage.casework.service import Service
from triage.casework.typed_late import ENDED
from triage.domain.legal_owner import MUST_DECIDE
from triage.record import Alert, EventKind, Reading, Recorded, Writing

CALLED_FOR_AGAIN = "what had ended it was corrected"
CORRECTIONS = (EventKind.CORRECTED, EventKind.WITHDRAWN)


def bring_back(
    service: Service,
    writing: Writing,
    stay: str,
    planned: Planned,
    because: Recorded | None = None,
    *,
    now: datetime,
) -> None:
    """What a correction had taken away, and the record calls for again, opens again.

    So does what somebody's act had answered, where that act itself is taken back and the clock
    still runs: a visit that was entered on the wrong person was made to nobody here. And so does
    what was overtaken by an alert about a time that the record no longer holds. Of several steps
    of one clock the highest opens.
    """
    if planned.wanted is None:
        return
    timed, keys = timed_sources(service), frozenset(planned.keys)
    undone = _answered_by(writing, stay, because)
    for alert in _fallen(writing, stay, planned.wanted, keys, timed, undone, now):
        if stands_above(writing, alert, timed, keys) is None:
            reopen(service, writing, alert, reason=CALLED_FOR_AGAIN, now=now)
            overtake_open(writing, alert, timed)


def lacks_somebody(
    service: Service, reading: Reading, stay: str, wanted: Wanted, *, now: datetime
) -> bool:
    """Whether an alert that the record calls for is held by nobody: then it opens again."""
    timed = timed_sources(service)
    keys = frozenset(f"{stay}:{each.key}" for each in wanted.alerts)
    return any(
        stands_above(reading, alert, timed, keys) is None
        for alert in _fallen(reading, stay, wanted, keys, timed, frozenset(), now)
    )


def _fallen(
    reading: Reading | Writing,
    stay: str,
    wanted: Wanted,
    keys: frozenset[str],
    timed: frozenset[str],
    undone: frozenset[str],
    now: datetime,
) -> list[Alert]:
    """The alerts that are called for, whose time has come, and that nothing answers any more."""
    steps: dict[tuple[str, str], list[Alert]] = {}
    for alert in reading.alerts_of(stay):
        if alert.key in keys and alert.due_at <= now and alert.state != "planned":
            steps.setdefault((alert.source, moment_of(alert)), []).append(alert)
    called_for = [each for of_one in steps.values() for each in _highest(of_one, timed)]
    lost = _lost(reading, stay, called_for, keys)
    return [
        alert
        for alert in called_for
        if alert.state == "withdrawn"
        or alert.closed_reason in ENDED
        or (alert.key in undone | lost and not _is_held(alert) and _asked(wanted, alert))
    ]


def _highest(steps: list[Alert], timed: frozenset[str]) -> Iterator[Alert]:
    highest = set(highest_steps(steps, timed).values())
    return (one for one in steps if one.key in highest or family(one, timed) is None)


def _asked(wanted: Wanted, alert: Alert) -> bool:
    return runs(wanted.clocks, alert) or alert.source == MUST_DECIDE


def _lost(
    reading: Reading | Writing, stay: str, alerts: Collection[Alert], keys: frozenset[str]
) -> frozenset[str]:
    """Those that were overtaken by what was withdrawn since, or is not called for any more."""
    ended = {alert.key: alert for alert in alerts if alert.closed_reason == OVERTAKEN}
    if not ended:
        return frozenset()
    over = _overtaken_by(reading, stay)
    standing = {alert.key: alert for alert in reading.alerts_of(stay)}
    return frozenset(
        key
        for key in ended
        if (last := standing.get(_last(over, key))) is None
        or last.state == "withdrawn"
        or last.key not in keys
    )


def _overtaken_by(reading: Reading | Writing, stay: str) -> Mapping[str, str]:
    return {
        str(event.header["key"]): str(event.header["by"])
        for event in reading.stay_events(stay)
        if event.kind is EventKind.ALERT_CLOSED and event.header.get("reason") == OVERTAKEN
    }


def _last(over: Mapping[str, str], key: str) -> str:
    """What took its place in the end: what overtook it may have been overtaken in its turn."""
    seen = {key}
    while (following := over.get(key)) is not None and following not in seen:
        key = following
        seen.add(key)
    return key


def _answered_by(writing: Writing, stay: str, because: Recorded | None) -> frozenset[str]:
    """The alerts that the act which is corrected or withdrawn now had answered."""
    if because is None or because.kind not in CORRECTIONS:
        return frozenset()
    return frozenset(
        event.header["key"]
        for event in writing.stay_events(stay)
        if event.kind in (EventKind.ALERT_ACTED, EventKind.ALERT_CLOSED)
        and event.header.get("by_event") == because.corrects
    )


def _is_held(alert: Alert) -> bool:
    return alert.state in ("raised", "acknowledged")
