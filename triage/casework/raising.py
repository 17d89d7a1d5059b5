"""Raising alerts that are due, climbing those that nobody took, and planning who is called.

The shape of the chain is frozen in the event that raises the alert. The roles that are off duty
are stood in for at the moment of each step, and the desk is told in the alert's own words.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from triage.casework import planning
from triage.casework.acts import TIMERS
from triage.casework.calling import call
from triage.casework.chains import frozen, holds
from triage.casework.duty import who_now
from triage.casework.overtaking import (
    end_overtaken,
    family,
    highest_steps,
    overtake_open,
    stands_above,
    timed_sources,
)
from triage.casework.planning import ladder
from triage.casework.service import Service
from triage.casework.system_alerts import DESK, SYS1, System, raise_system
from triage.domain.cover import Cover
from triage.domain.ladder import Chain, chain
from triage.domain.roles import role_words
from triage.present.findings import told_instead
from triage.record import Alert, EventKind, Group, NewEvent, Writing
from triage.record.raisings import together

ROTA = "rota"
MOVED = "moved to another suite"
_NOTHING_DONE = "acknowledged, and nothing done in time"


def raise_due(
    service: Service,
    writing: Writing,
    alerts: Sequence[Alert],
    *,
    now: datetime,
    called_for: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Raise these planned alerts in their order; the lower steps of one clock are only recorded.

    After an outage several steps of one clock are due at once: the highest calls people, the
    lower ones go on the record as overtaken, as does what an open alert ``called_for`` stands
    above. Returns the keys that were raised.
    """
    timed = timed_sources(service)
    highest = highest_steps(alerts, timed)
    due = []
    for alert in alerts:
        successor = highest.get(family(alert, timed))
        if successor == alert.key:
            successor = _above(service, writing, alert, timed, called_for, now)
        due.append(_due(service, writing, alert, successor, now))
    for _, one_stay in groupby(due, key=lambda each: each.alert.stay):
        writing.append(together([_event_of(each, now) for each in one_stay]))
    for each in due:  # before anybody is called: what is overtaken stands for nobody
        if each.overtaken_by is not None:
            end_overtaken(writing, each.alert.key, each.alert.stay, each.overtaken_by, now)
    for each in due:
        if each.overtaken_by is None:
            call(service, writing, each.alert, each.cover.roles, step=0, round=0)
            _alert_empty(service, writing, each.alert, each.cover, now=now)
            overtake_open(writing, each.alert, timed)
    return tuple(alert.key for alert in alerts)


def _above(
    service: Service,
    writing: Writing,
    alert: Alert,
    timed: frozenset[str],
    called_for: Collection[str] | None,
    now: datetime,
) -> str | None:
    """What stands above an alert that is due, among those that the record still calls for.

    A pass of the timers has no plan at hand, and in ordinary time nothing stands above what
    becomes due: only where something does, the plan is looked at.
    """
    found = stands_above(writing, alert, timed, called_for)
    if found is None or called_for is not None or alert.stay is None:
        return found
    plan = planning.called_for(service, writing, alert.stay, now=now)
    return stands_above(writing, alert, timed, plan)


def climb(service: Service, writing: Writing, alert: Alert, *, now: datetime) -> str | None:
    """Let one open alert take the step that is due; says what was done: climbed or reopened."""
    shape, addressees, began = frozen(writing, alert, now)
    if alert.state != "raised" and holds(alert, addressees):
        return reopen(service, writing, alert, reason=_NOTHING_DONE, now=now)
    step = shape.crossed(began, now, alert.chain_step + 1)
    cover = who_now(service, writing, alert, shape.roles(step), now)
    writing.append(
        _event(
            EventKind.ALERT_CLIMBED,
            alert,
            now,
            {
                "chain_step": step,
                "skipped": step - alert.chain_step - 1,
                "step_due_at": shape.due(step + 1, began) if cover.roles else now,
                "to": list(dict.fromkeys([*alert.to_roles, *cover.roles])),
                **_gaps_in(cover),
            },
        )
    )
    call(service, writing, alert, cover.roles, step=step, round=alert.round)
    _alert_empty(service, writing, alert, cover, now=now)
    return "climbed"


def carry_over(
    service: Service, writing: Writing, alert: Alert, suite: str, *, now: datetime
) -> None:
    """Let an open alert go with its person into another suite, where nobody has heard of it.

    Whoever held it is not there: it opens again, and the people of the new suite are called from
    the first step on. What had not been sent to the suite of before is not sent any more.
    """
    writing.drop_unsent(alert.key)
    reopen(service, writing, replace(alert, suite=suite), reason=MOVED, now=now)


@dataclass(frozen=True)
class _Due:
    """An alert that is raised now: how it climbs, who is called, and what takes its place."""

    alert: Alert
    shape: Chain
    cover: Cover
    overtaken_by: str | None  # the key of a higher step of the same clock

    def first_step_at(self, now: datetime) -> datetime | None:
        """When it climbs for the first time, unless it never does."""
        if self.overtaken_by is not None or self.shape.repeat_minutes is None:
            return None
        return self.shape.due(1, now) if self.cover.roles else now


def _due(
    service: Service, writing: Writing, alert: Alert, overtaken_by: str | None, now: datetime
) -> _Due:
    shape = chain(ladder(service), alert.level, alert.to_roles)
    return _Due(alert, shape, who_now(service, writing, alert, shape.roles(0), now), overtaken_by)


def _event_of(due: _Due, now: datetime) -> NewEvent:
    """What is recorded of one alert: the event carries all of it, so that the fold needs no plan.

    Its words go to the part that they rest on, so that they can be erased with it.
    """
    alert, cover = due.alert, due.cover
    return NewEvent(
        EventKind.ALERT_RAISED,
        TIMERS,
        now,
        stay=alert.stay,
        header={
            "key": alert.key,
            "suite": alert.suite,
            "source": alert.source,
            "step": alert.step,
            "episode": alert.episode,
            "level": alert.level,
            "due_at": alert.due_at,
            "to": list(dict.fromkeys([*due.shape.shown(0), *cover.roles])),
            "chain": due.shape.frozen(),
            "late_seconds": max(0, int((now - alert.due_at).total_seconds())),
            "clinical": alert.clinical,
            "step_due_at": due.first_step_at(now),
            **_gaps_in(cover),
        },
        payloads={
            Group.CLINICAL if alert.clinical else Group.POLICE: {
                "words": _words(alert, cover),
                "need": alert.need,
            }
        },
    )


def reopen(service: Service, writing: Writing, alert: Alert, *, reason: str, now: datetime) -> str:
    """Nobody has it any more, for a reason that is said: it opens, and everybody hears again."""
    shape, _, _ = frozen(writing, alert, now)
    cover = who_now(service, writing, alert, shape.roles(0), now)
    climbs = reason != MOVED or shape.repeat_minutes is not None
    first = (shape.due(1, now) if cover.roles else now) if climbs else None
    writing.append(
        _event(
            EventKind.ALERT_REOPENED,
            alert,
            now,
            {
                "round": alert.round + 1,
                "chain_step": 0,
                "step_due_at": first,
                "suite": alert.suite,
                "to": list(dict.fromkeys([*shape.shown(0), *cover.roles])),
                "reason": reason,
                **_gaps_in(cover),
            },
        )
    )
    call(service, writing, alert, cover.roles, step=0, round=alert.round + 1)
    _alert_empty(service, writing, alert, cover, now=now)
    return "reopened"


def _words(alert: Alert, cover: Cover) -> str:
    """The alert's words, and who was told instead of whom: the desk must know it."""
    told = [
        told_instead(role, other) for role, other in cover.instead.items() if role in alert.to_roles
    ]
    return " ".join([alert.words or "", *told]).strip()


def _gaps_in(cover: Cover) -> dict[str, Any]:
    """Who was told instead of whom, and for whom nobody steps in; most often nothing."""
    found: dict[str, Any] = {"instead": dict(cover.instead), "nobody": list(cover.nobody)}
    return {name: value for name, value in found.items() if value}


def _alert_empty(
    service: Service, writing: Writing, alert: Alert, cover: Cover, *, now: datetime
) -> None:
    """Nobody stands in for a role: the step is skipped, and the hole in the net is an alert."""
    if alert.source == ROTA:
        return
    for role in cover.nobody:
        raise_system(service, writing, empty_slot(alert.suite, role), now=now)


def empty_slot(suite: str | None, role: str) -> System:
    """The alert that nobody covers for a role."""
    words = f"Nobody covers for the {role_words(role)}. Name somebody now."
    return System(ROTA, role, SYS1, words, to=DESK, suite=suite)


def _event(kind: EventKind, alert: Alert, now: datetime, header: Mapping[str, Any]) -> NewEvent:
    return NewEvent(kind, TIMERS, now, stay=alert.stay, header={"key": alert.key, **header})
