"""What one clock is to the alerts: the clock, its steps, and how its due time moved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from triage.domain.clocks import Clock, ClockState
from triage.domain.dated import Kind, Row
from triage.domain.timeline import Event

LATE = {
    Kind.LAW: ClockState.BREACH,  # strict
    Kind.PACE: ClockState.OVERDUE,  # approximate, PACE s45(2)
    Kind.GUIDANCE: ClockState.TARGET_MISSED,
    Kind.PRACTICE: ClockState.TARGET_MISSED,
}


@dataclass(frozen=True)
class Moved:
    """A due time that stood until it was moved, and from when the new one counts."""

    due: datetime
    until: datetime
    again_from: datetime


@dataclass(frozen=True)
class Watch:
    """One clock, with what the ladder has to know about it."""

    clock: Clock
    ladder: str  # the name of its steps on the ladder
    repeating: bool = False  # met while the gap is at most its interval, missed only beyond
    moved: tuple[Moved, ...] = ()
    known_at: datetime | None = None  # when the facts that started it were typed
    moved_at: datetime | None = None  # when the fact that moved its due time last was typed
    needless: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Finding:
    """Something that calls for an alert at once; mostly because it is against the law."""

    code: str  # its sentence and addressees stand on the ladder
    event: Event | None
    law_row: str
    began: datetime
    ended: datetime | None = None
    unlawful: bool = True
    over: timedelta | None = None  # by how much it came too late
    rests_on: tuple[str, ...] = ()  # other events whose times decide it


@dataclass(frozen=True)
class Run:
    """One run of a clock: from which event, until when it must be done, and when it was."""

    start: Event | None
    started: datetime
    due: datetime
    ended: datetime | None = None


def clock_of(
    name: str,
    of: str,
    row: Row,
    run: Run,
    at: datetime,
    *,
    repeating: bool = False,
    provisional: bool = False,
    contested: bool = False,
    reason: str | None = None,
    kind: Kind | None = None,
) -> Clock:
    """The clock of one run at one moment: running, met, or late by so many seconds.

    Ended exactly at due is met. Still open at due is late with 0 seconds over; a repeating check
    is late only beyond its interval.
    """
    kind = kind or row.kind
    state, over, left = _judged(run, at, LATE[kind], repeating=repeating)
    return Clock(
        clock=name,
        of=of,
        kind=kind.value,
        law_row=row.id,
        confidence=row.confidence.value,
        start_event=run.start.id if run.start else None,
        started_at=run.started,
        due_at=run.due,
        state=state,
        ended_at=run.ended,
        over_seconds=over,
        left_seconds=left,
        provisional=provisional or bool(run.start and not run.start.occurred_at.certain),
        contested=contested,
        reason=reason,
    )


def _judged(
    run: Run, at: datetime, late: ClockState, *, repeating: bool
) -> tuple[ClockState, int | None, int | None]:
    if run.ended is not None:
        over = run.ended - run.due
        return (late, _seconds(over), None) if over > timedelta() else (ClockState.MET, None, None)
    if at < run.due or (repeating and at == run.due):
        return ClockState.RUNNING, None, _seconds(run.due - at)
    return late, _seconds(at - run.due), None


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def rounds(
    first: Event,
    since: datetime,
    done: Sequence[Event],
    until: datetime | None,
    due_after: Callable[[datetime], datetime],
) -> list[Run]:
    """The runs of a repeating check: each from the last one done to the next.

    A check whose time is known roughly is done at its latest and starts the next at its earliest.
    """
    runs, last, started = [], first, since
    for check in done:
        runs.append(Run(last, started, due_after(started), check.latest))
        last, started = check, max(started, check.earliest)
    return [*runs, Run(last, started, due_after(started), until)]


def missed_and_last(runs: Sequence[Run], at: datetime) -> list[Run]:
    """The rounds worth showing: each one that was missed, and the one that runs now."""
    return [run for run in runs[:-1] if run.ended and run.ended > run.due] + list(runs[-1:])


def typed(*events: Event | None) -> datetime | None:
    """When the last of these events was typed, if that is known."""
    moments = [event.recorded_at for event in events if event and event.recorded_at]
    return max(moments, default=None)
