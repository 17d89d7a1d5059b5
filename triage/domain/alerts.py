"""The plan of alerts: every clock and every finding becomes rows, planned or raised, by the ladder.

A key is made of facts: the clock or finding, the step, and the due time that it belongs to. So one
key never has two due times: a due time that moves makes a new key, and what was raised for the old
one stays raised until a named act or a naming correction ends it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from triage.domain.clocks import AlertState, ClockState, PlannedAlert
from triage.domain.watches import Finding, Watch

# A ladder that forgets a limit must not silence it: somebody is told, loudly.
_NOBODY_NAMED: Mapping[str, Any] = {
    "step": "due",
    "before_minutes": 0,
    "level": "A1",
    "to": ("custody_sergeant", "duty_inspector"),
    "words": "A time limit has passed that the ladder of alerts does not name. Look now.",
}


@dataclass(frozen=True)
class _Step:
    """One step of the ladder for one clock, at its moment."""

    row: Mapping[str, Any]
    moment: datetime
    belongs_to: datetime  # the due time or the start that the key names

    @property
    def name(self) -> str:
        return str(self.row["step"])


def plan(
    ladder: Mapping[str, Any], watches: Sequence[Watch], findings: Sequence[Finding], at: datetime
) -> tuple[PlannedAlert, ...]:
    """All alerts that these clocks and findings call for: raised if due, else planned."""
    found = [alert for watch in watches for alert in _of_watch(ladder, watch, at)]
    found += [_of_finding(ladder, finding, at) for finding in findings]
    by_key = {alert.key: alert for alert in reversed(found)}
    return tuple(sorted(by_key.values(), key=lambda alert: (alert.due_at, alert.level, alert.key)))


def words_of(ladder: Mapping[str, Any], finding: Finding) -> str:
    """The sentence for a finding; the name of its code if the ladder has none."""
    return str(_event_row(ladder, finding)["words"])


def stamp(moment: datetime) -> str:
    """A moment inside a key: ``20261025T221000Z``."""
    return _utc_stamp(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


@lru_cache(maxsize=4096)
def _utc_stamp(moment: datetime) -> str:
    """Only for moments in UTC: two readings of a repeated London hour count as one key."""
    text = moment.isoformat(timespec="seconds")[:19]
    return f"{text.replace('-', '').replace(':', '')}Z"


def _of_watch(ladder: Mapping[str, Any], watch: Watch, at: datetime) -> Iterator[PlannedAlert]:
    if watch.clock.state is ClockState.NOT_STARTED or watch.ladder == "none":
        return
    rows = _rows(ladder, watch)
    since: datetime | None = None
    for moved in watch.moved:
        for step in _counted_back(rows, moved.due):
            if since is None or step.moment >= since:
                yield from _alert(watch, step, at, gone=moved.until)
        since = moved.again_from
    yield from _as_it_stands(watch, rows, since, at)


def _as_it_stands(
    watch: Watch, rows: Sequence[Mapping[str, Any]], since: datetime | None, at: datetime
) -> Iterator[PlannedAlert]:
    steps = list(_counted_on(rows, watch.clock.started_at))
    if watch.clock.due_at is not None:
        steps += _counted_back(rows, watch.clock.due_at)
    for step in steps:
        if since is not None and step.moment < since and "before_minutes" in step.row:
            continue  # it came before this due time stood
        yield from _alert(watch, step, at, gone=watch.clock.ended_at)


def _rows(ladder: Mapping[str, Any], watch: Watch) -> list[Mapping[str, Any]]:
    rows = [row for row in ladder.get("step", ()) if row["clock"] == watch.ladder]
    at_due = [row for row in rows if row.get("before_minutes") == 0]
    at_start = [row for row in rows if row.get("after_minutes") == 0]
    if not at_due and not (watch.clock.due_at is None and at_start):
        rows.append(_NOBODY_NAMED)
    return rows


def _counted_back(rows: Sequence[Mapping[str, Any]], due: datetime) -> Iterator[_Step]:
    for row in rows:
        if "before_minutes" in row:
            yield _Step(row, due - timedelta(minutes=row["before_minutes"]), due)


def _counted_on(rows: Sequence[Mapping[str, Any]], started: datetime | None) -> Iterator[_Step]:
    for row in rows:
        if "after_minutes" in row and started is not None:
            yield _Step(row, started + timedelta(minutes=row["after_minutes"]), started)


def _alert(
    watch: Watch, step: _Step, at: datetime, *, gone: datetime | None
) -> Iterator[PlannedAlert]:
    """The alert of one step, unless the thing was done, or moved, by then."""
    spared = watch.needless.get(str(step.row.get("unless", "")))
    done = min((moment for moment in (gone, spared) if moment is not None), default=None)
    if done is not None and (done <= step.moment or step.moment > at):
        return
    come = step.moment < at if watch.repeating and _is_due(step) else step.moment <= at
    known_at = _last(
        watch.known_at, watch.moved_at if step.belongs_to == watch.clock.due_at else None
    )
    if not come and watch.clock.state is ClockState.PAUSED:
        return  # the moment is not known while the clock stands still
    yield PlannedAlert(
        key=f"{watch.clock.clock}:{step.name}:{stamp(step.belongs_to)}",
        clock=watch.clock.clock,
        event=watch.clock.start_event,
        level=str(step.row["level"]),
        due_at=step.moment,
        to=tuple(step.row["to"]),
        state=AlertState.RAISED if come else AlertState.PLANNED,
        late_seconds=_late(step.moment, known_at) if come else 0,
        words=str(step.row["words"]),
    )


def _is_due(step: _Step) -> bool:
    return step.row.get("before_minutes") == 0


def _last(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _late(due: datetime, known_at: datetime | None) -> int:
    """By how much the facts were typed too late for the alert to come in time."""
    return max(0, int((known_at - due).total_seconds())) if known_at is not None else 0


def _of_finding(ladder: Mapping[str, Any], finding: Finding, at: datetime) -> PlannedAlert:
    row = _event_row(ladder, finding)
    name = finding.event.id if finding.event else finding.law_row
    come = finding.began <= at
    known_at = finding.event.recorded_at if finding.event else None
    return PlannedAlert(
        key=f"{finding.code}:{name}:{stamp(finding.began)}",
        clock=None,
        event=finding.event.id if finding.event else None,
        level=str(row["level"]),
        due_at=finding.began,
        to=tuple(row["to"]),
        state=AlertState.RAISED if come else AlertState.PLANNED,
        late_seconds=_late(finding.began, known_at) if come else 0,
        words=str(row["words"]),
    )


def _event_row(ladder: Mapping[str, Any], finding: Finding) -> Mapping[str, Any]:
    for row in ladder.get("event", ()):
        if row["code"] == finding.code:
            found: Mapping[str, Any] = row
            return found
    return {**_NOBODY_NAMED, "words": f"Against the law: {finding.code.replace('_', ' ')}."}
