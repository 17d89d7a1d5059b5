"""The alerts that are steps of a clock: to which moment they belong, whether it runs or moved."""

from collections.abc import Iterator, Sequence

from triage.domain.alerts import stamp
from triage.domain.clocks import Clock, Clocks
from triage.record import Alert, EventKind, Recorded, Writing

# A check that was made in time is no clock any more: what it answered did not move.
_CHECKS = ("visit", "rouse", "health_check", "behaviour_review")
_TOLD = (EventKind.DETENTION_EVENT, EventKind.AUTHORISATION)


def done(said: Clocks, alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """The open alerts about something that has been done since, or has ended."""
    running, over = (_moments(said, ended=ended) for ended in (False, True))
    return tuple(
        alert
        for alert in alerts
        if alert.is_open and (of := (alert.source, moment_of(alert))) in over and of not in running
    )


def runs(said: Clocks, alert: Alert) -> bool:
    """Whether the clock that this alert is a step of is running, for the same moment."""
    return (alert.source, moment_of(alert)) in _moments(said, ended=False)


def moved(
    said: Clocks, alerts: Sequence[Alert], because: Recorded
) -> Iterator[tuple[Alert, Clock]]:
    """The open alerts about a time that stood until this was recorded, with the clock as it runs.

    An arrival or an authorisation that is recorded late does no duty: a review counts from when
    detention was authorised (PACE s40(3)), and until that is on record from the arrival. What was
    counted from the earlier base was never due.
    """
    if because.kind not in _TOLD or because.header.get("kind") in _CHECKS:
        return
    known = _moments(said, ended=False) | _moments(said, ended=True)
    for alert in alerts:
        now = _runs_now(said, alert)
        if alert.is_open and now is not None and (alert.source, moment_of(alert)) not in known:
            yield alert, now


def base_of(writing: Writing, clock: Clock) -> str:
    """The kind of what a clock counts from; empty where nothing recorded began it."""
    began = writing.event(int(clock.start_event)) if clock.start_event else None
    return "" if began is None else str(began.header.get("kind", began.kind))


def _runs_now(said: Clocks, alert: Alert) -> Clock | None:
    """The clock of this name that runs; of several the first to fall due."""
    name = _name(alert.source)
    running = [
        (clock.due_at, clock)
        for clock in said.clocks
        if clock.ended_at is None and clock.due_at is not None and _name(clock.clock) == name
    ]
    return min(running, key=lambda each: each[0])[1] if running else None


def _name(clock: str) -> str:
    """The reviews of a detention are one clock, whichever of them it has come to."""
    return "pace_review" if clock.startswith("pace_review_") else clock


def _moments(said: Clocks, *, ended: bool) -> frozenset[tuple[str, str]]:
    return frozenset(
        (clock.clock, stamp(moment))
        for clock in said.clocks
        if (clock.ended_at is not None) is ended
        for moment in (clock.due_at, clock.started_at)
        if moment is not None
    )


def moment_of(alert: Alert) -> str:
    """The moment of the clock that an alert is a step of, as its key names it."""
    return alert.episode.partition("-")[0]
