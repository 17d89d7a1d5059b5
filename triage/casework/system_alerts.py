"""Alerts about the service itself: they stand in the same list, climb and are taken like others.

SYS1 says that the safety net is damaged, SYS2 that it is weakened. One of them ends when a named
person closes it, or when what it says is over; then the record says so in these words.
"""

from dataclasses import dataclass
from datetime import datetime

from triage.casework.acts import TIMERS
from triage.casework.calling import call
from triage.casework.duty import who_now
from triage.casework.planning import ladder
from triage.casework.service import Service
from triage.domain.ladder import chain
from triage.domain.roles import Role
from triage.record import Alert, EventKind, NewEvent, Reading, Writing

SYS1, SYS2 = "SYS1", "SYS2"
LEVELS = (SYS1, SYS2)
DESK = (Role.CUSTODY_SERGEANT, Role.CONTROL_ROOM)
DESK_AND_OWNER = (*DESK, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class System:
    """Something that is wrong with the service: what, where, how bad, and who has to know."""

    source: str
    step: str
    level: str
    words: str
    to: tuple[str, ...] = DESK_AND_OWNER
    suite: str | None = None

    def is_about(self, alert: Alert) -> bool:
        """Whether an alert says this."""
        mine = (self.suite, self.source, self.step)
        return alert.stay is None and (alert.suite, alert.source, alert.step) == mine


def open_ones(reading: Reading | Writing) -> tuple[Alert, ...]:
    """The alerts about the service that are open."""
    return tuple(a for a in reading.open_alerts_of_no_stay() if a.level in LEVELS)


def raise_system(
    service: Service, writing: Writing, about: System, *, now: datetime
) -> Alert | None:
    """Raise it, and call the first people; None while the same stands already."""
    if any(about.is_about(alert) for alert in open_ones(writing)):
        return None
    key, episode = _free_key(writing, about)
    shape = chain(ladder(service), about.level, about.to)
    writing.append(
        NewEvent(
            EventKind.ALERT_RAISED,
            TIMERS,
            now,
            header={
                "key": key,
                "suite": about.suite,
                "source": about.source,
                "step": about.step,
                "episode": str(episode),
                "level": about.level,
                "due_at": now,
                "to": list(shape.shown(0) or about.to),
                "chain": shape.frozen(),
                "late_seconds": 0,
                "step_due_at": shape.due(1, now),
            },
            payloads={"police": {"words": about.words}},
        )
    )
    alert = writing.alert(key)
    assert alert is not None, "the fold of the event has just written it"
    cover = who_now(service, writing, alert, shape.roles(0), now)
    call(service, writing, alert, cover.roles, step=0, round=0)
    return alert


def end_system(writing: Writing, alert: Alert, because: str, *, now: datetime) -> None:
    """Close an alert about the service because what it said is over; the record says why."""
    header = {"key": alert.key, "reason": because}
    writing.append(NewEvent(EventKind.ALERT_CLOSED, TIMERS, now, stay=alert.stay, header=header))
    writing.drop_unsent(alert.key)


def last_ended(reading: Reading | Writing, about: System) -> Alert | None:
    """The last alert that said this and is over."""
    episode, found = 1, None
    while (alert := reading.alert(_key(about, episode))) is not None:
        episode, found = episode + 1, alert
    return found if found is None or not found.is_open else None


def _key(about: System, episode: int) -> str:
    return f"{about.suite or 'all'}:{about.source}:{about.step}:{episode}"


def _free_key(writing: Writing, about: System) -> tuple[str, int]:
    episode = 1
    while writing.alert(_key(about, episode)) is not None:
        episode += 1
    return _key(about, episode), episode
