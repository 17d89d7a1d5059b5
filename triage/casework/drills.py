"""Drills: a synthetic emergency to everybody on the rota, and how long each took to take it.

It travels the real path: the outbox, every channel, the board. It is marked as a drill wherever it
is read, it calls only the one it is for, and it ends by itself. Whoever misses two in a row is a
hole in the net, and that is an alert.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.casework.acts import TIMERS, allow, allow_suite
from triage.casework.calling import call
from triage.casework.service import Service
from triage.casework.system_alerts import DESK, SYS2, System
from triage.domain.errors import InputError
from triage.domain.ladder import Chain, ChainStep
from triage.domain.roles import Verb, role_words
from triage.record import Actor, Alert, EventKind, NewEvent, Reading, Writing
from triage.record.operations import Duty

DRILL, FAILING = "drill", "drill_failed"
TAKEN_WITHIN = timedelta(minutes=2)  # as an emergency
LOOK_BACK = timedelta(days=60)
_LATEST = 500
_TAKEN = re.compile(r"Drill taken after (\d+) s\.")


@dataclass(frozen=True)
class DrillResult:
    """How one drill ended for one member of the rota."""

    key: str
    suite: str
    who: str  # the account, or the role where the rota names no account
    role: str
    raised_at: datetime
    seconds: int | None  # until the member took it; None: not in time
    over: bool = True

    @property
    def passed(self) -> bool:
        """Whether the member took it in time."""
        return self.seconds is not None


def drill(
    service: Service, *, suite: str | None = None, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Call everybody who is on the rota now, of one suite or of all; the keys of their alerts.

    Raises InputError when nobody is on the rota: then there is nobody to be drilled, or to be
    called.
    """
    allow(actor, Verb.SET_ROTA)
    allow_suite(actor, suite)
    with service.record.writing(now=now) as writing:
        members = [
            each
            for each in writing.rota(now, suite)
            if not actor.suites or each.suite in actor.suites
        ]
        if not members:
            raise InputError.at("suite", "Nobody is on the rota here now, so nobody was called.")
        return tuple(_call(service, writing, each, actor, now) for each in members)


def settle(service: Service, *, now: datetime) -> None:
    """End each drill that was taken by the one it was for, or that has run out of time."""
    with service.record.reading() as reading:
        ended = [
            (alert, taken)
            for alert in reading.open_alerts_of_no_stay()
            if alert.source == DRILL
            for taken in [_taken_at(reading, alert)]
            if taken is not None or now - _raised(alert) >= TAKEN_WITHIN
        ]
    if not ended:
        return
    with service.record.writing(now=now) as writing:
        for alert, taken in ended:
            still = writing.alert(alert.key)
            if still is not None and still.is_open:
                _end(writing, still, taken, now)


def results(reading: Reading | Writing, *, since: datetime) -> tuple[DrillResult, ...]:
    """Every drill since a moment, newest first; those that still run have no end yet."""
    return tuple(
        _result(alert)
        for alert in reading.alerts_of_no_stay(DRILL, _LATEST)
        if alert.raised_at is not None and alert.raised_at >= since
    )


def report(
    service: Service, *, since: datetime, actor: Actor, now: datetime
) -> tuple[DrillResult, ...]:
    """The drills since a moment, newest first, for whoever may order one; the look is logged."""
    allow(actor, Verb.SET_ROTA)
    service.record.log_access(actor, "drills", None, None, now)
    found = results(service.record.reading(), since=since)
    return tuple(e for e in found if not actor.suites or e.suite in actor.suites)


def failing(reading: Reading | Writing, *, now: datetime) -> Iterable[System]:
    """Who missed the last two drills in a row."""
    last: dict[tuple[str, str], list[DrillResult]] = {}
    for each in results(reading, since=now - LOOK_BACK):
        if each.over:
            last.setdefault((each.suite, each.who), []).append(each)
    for (suite, who), ended in last.items():
        if len(ended) >= 2 and not (ended[0].passed or ended[1].passed):
            words = (
                f"The {role_words(ended[0].role)} on the rota did not take two drills in a row. "
                "Ring them, find out what keeps them from hearing it, and name cover."
            )
            yield System(FAILING, who, SYS2, words, to=DESK, suite=suite)


def _call(service: Service, writing: Writing, member: Duty, actor: Actor, now: datetime) -> str:
    who = member.account or member.role
    key = f"{member.suite}:{DRILL}:{who}:{now:%Y%m%dT%H%M%S}Z"
    if writing.alert(key) is not None:
        return key  # on the rota twice: one call
    shape = Chain((member.role,), (), (ChainStep(0, (member.role,)),), None, None)
    words = (
        f"DRILL, nobody is in danger. For {member.name}, {role_words(member.role)}: take it now, "
        "as you would an emergency."
    )
    header = {
        "key": key, "suite": member.suite, "source": DRILL, "step": who,
        "episode": f"{now:%Y%m%dT%H%M%S}Z", "level": "A1", "due_at": now, "to": [member.role],
        "chain": shape.frozen(), "late_seconds": 0, "step_due_at": None, "ordered_by": actor.role,
    }  # fmt: skip
    payloads = {"police": {"words": words}}
    writing.append(NewEvent(EventKind.ALERT_RAISED, TIMERS, now, header=header, payloads=payloads))
    alert = writing.alert(key)
    assert alert is not None, "the fold of the event has just written it"
    call(service, writing, alert, (member.role,), step=0, round=0)
    return key


def _taken_at(reading: Reading | Writing, alert: Alert) -> datetime | None:
    """When the member it was for took it; somebody else's hand does not count."""
    if alert.ack_at is None:
        return None
    for event in reading.events_after((alert.raised_seq or 1) - 1, _LATEST * 10):
        mine = alert.step in (event.actor.account, event.actor.role)
        about_it = event.kind is EventKind.ALERT_ACKNOWLEDGED and event.header["key"] == alert.key
        if about_it and mine:
            return event.occurred_at
    return None


def _end(writing: Writing, alert: Alert, taken: datetime | None, now: datetime) -> None:
    in_time = taken is not None and taken - _raised(alert) <= TAKEN_WITHIN
    seconds = int((taken - _raised(alert)).total_seconds()) if in_time and taken else None
    minutes = int(TAKEN_WITHIN.total_seconds()) // 60
    reason = (
        f"Drill not taken within {minutes} min by the one it was for."
        if seconds is None
        else f"Drill taken after {seconds} s."
    )
    header = {"key": alert.key, "reason": reason, "drill_seconds": seconds}
    writing.append(NewEvent(EventKind.ALERT_CLOSED, TIMERS, now, header=header))
    writing.drop_unsent(alert.key)


def _result(alert: Alert) -> DrillResult:
    return DrillResult(
        alert.key,
        alert.suite or "",
        alert.step,
        alert.to_roles[0] if alert.to_roles else "",
        _raised(alert),
        _seconds(alert),
        not alert.is_open,
    )


def _seconds(alert: Alert) -> int | None:
    """How long it took: as it was ended, or, where a person closed it first, by who took it."""
    said = _TAKEN.fullmatch(alert.closed_reason or "")
    if said is not None:
        return int(said[1])
    if alert.ack_at is None or alert.ack_by != alert.step:
        return None
    after = alert.ack_at - _raised(alert)
    return int(after.total_seconds()) if after <= TAKEN_WITHIN else None


def _raised(alert: Alert) -> datetime:
    return alert.raised_at or alert.due_at
