"""The alerts that are steps of a clock: to which moment they belong, and whether it still runs."""

from collections.abc import Sequence

from triage.domain.alerts import stamp
from triage.domain.clocks import Clocks
from triage.record import Alert


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
