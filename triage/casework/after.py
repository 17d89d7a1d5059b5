"""What follows each act in its own transaction: the plan, what is due now, what it has done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.casework.called_again import CORRECTIONS, bring_back
from triage.casework.clock_steps import done
from triage.casework.legal_decisions import is_decided_by
from triage.casework.overtaking import family, timed_sources
from triage.casework.planning import Planned, replan
from triage.casework.raising import carry_over, raise_due, reopen
from triage.casework.service import Service
from triage.casework.typed_late import mend_alerts
from triage.domain.clocks import Clock, Clocks
from triage.record import Actor, Alert, EventKind, NewEvent, Recorded, Writing
from triage.record.alert_fold import NEWEST
from triage.record.events import AHEAD_AT_MOST

# What the timers raised about a duty is over when the duty was done; what somebody must answer
# for stays in hand until a person closes it.
_REMINDERS = ("A3", "A4")
NEW_REASON = "found again, for a reason that is new"
_OWN_END = ("release", "cannot_be_evaluated", "rota")  # only a person's own word ends these


@dataclass(frozen=True)
class Settled:
    """What stands after an act."""

    clocks: Clocks | None
    alerts: tuple[str, ...]
    raised: tuple[str, ...]
    moved: tuple[Clock, ...] = ()  # which this act lets count from something else
    never_true: tuple[Alert, ...] = ()  # which this act, typed late, has ended


def settle(
    service: Service,
    writing: Writing,
    stay: str,
    *,
    actor: Actor,
    now: datetime,
    because: Recorded | None = None,
) -> Settled:
    """Plan anew, raise at once what is due, and note which open alerts this act has answered."""
    planned = replan(service, writing, stay, now=now)
    _carry_over(service, writing, stay, now=now)
    went, never = tuple[Clock, ...](), tuple[Alert, ...]()
    if because is not None:
        _take_away(writing, stay, planned, because, actor=actor, now=now)
        went, never = _mend(service, writing, stay, planned, because, actor=actor, now=now)
    due = due_of(service, writing, stay, now)
    stand = None if planned.wanted is None else frozenset(planned.keys)
    raised = raise_due(service, writing, due, now=now, called_for=stand)
    bring_back(service, writing, stay, planned, because, now=now)
    _count(service, writing, stay, planned, because, actor=actor, now=now)
    if because is not None:
        _answer_all(writing, stay, planned, because, actor=actor, now=now)
    said = None if planned.wanted is None else planned.wanted.clocks
    return Settled(said, planned.keys, raised, went, never)


def _carry_over(service: Service, writing: Writing, stay: str, *, now: datetime) -> None:
    """A person who was moved takes their open alerts along: the new suite must hear of them."""
    here = writing.stay(stay)
    if here is None or here.suite is None or not here.is_open:
        return
    for alert in writing.alerts_of(stay):
        if alert.is_open and alert.suite != here.suite:
            carry_over(service, writing, alert, here.suite, now=now)


def due_of(service: Service, writing: Writing, stay: str, now: datetime) -> list[Alert]:
    """The planned alerts of a stay whose time has come, the most severe first.

    What was found, by a screening or in what happened, is there as soon as it is recorded: a
    terminal's clock that runs ahead of the server's delays it by nothing.
    """
    timed = timed_sources(service)
    due = [
        alert
        for alert in writing.alerts_of(stay)
        if alert.state == "planned"
        and (
            alert.due_at <= now
            or (family(alert, timed) is None and alert.due_at <= now + AHEAD_AT_MOST)
        )
    ]
    return sorted(due, key=lambda each: (each.level.replace("SYS", "A"), each.due_at, each.key))


def _count(
    service: Service,
    writing: Writing,
    stay: str,
    planned: Planned,
    because: Recorded | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """What stands already and is found again is counted: a list with it twice hides the next.

    The newest reason goes with the count. A reason that is new is not lost in an alert that was
    dealt with: that opens again.
    """
    if planned.wanted is None:
        return
    found, standing = planned.wanted, [a for a in writing.alerts_of(stay) if a.is_open]
    short = {alert.key: alert.key.removeprefix(f"{stay}:") for alert in standing}
    again = [a for a in standing if found.found.get(short[a.key], a.count) != a.count]
    if again:
        counts = {alert.key: found.found[short[alert.key]] for alert in again}
        header = {"counts": counts, "by_event": because and because.seq}
        told = _newest([(alert, found.newest.get(short[alert.key], "")) for alert in again])
        writing.append(
            NewEvent(EventKind.ALERT_COUNTED, actor, now, stay=stay, header=header, payloads=told)
        )
    for alert in standing:
        news = because is not None and found.joined.get(short[alert.key]) == because.seq
        if news and _dealt_with(alert):
            reopen(service, writing, alert, reason=NEW_REASON, now=now)


def _newest(said: Sequence[tuple[Alert, str]]) -> dict[str, dict[str, dict[str, str]]]:
    """The newest words by alert, each in the part of the record that its first words stand in."""
    parts: dict[str, dict[str, dict[str, str]]] = {}
    for alert, words in said:
        if words and not (alert.words or "").startswith(words):
            group, name = ("clinical", NEWEST[1]) if alert.clinical else ("police", NEWEST[0])
            parts.setdefault(group, {}).setdefault(name, {})[alert.key] = words
    return parts


def _dealt_with(alert: Alert) -> bool:
    """Whoever has an emergency was called for the old reason; the rest once something was done."""
    return alert.state == "in_hand" or (alert.level == "A1" and alert.state != "raised")


def _take_away(
    writing: Writing,
    stay: str,
    planned: Planned,
    because: Recorded,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Withdraw what a correction made untrue, before anything is raised in its place."""
    gone = _gone(stay, planned)
    if planned.change is not None and because.kind in CORRECTIONS:
        gone |= set(planned.change.raised_unwanted)
    for alert in _open(writing, stay, gone):
        _answer(writing, alert, because, takes_away=True, actor=actor, now=now)


def _mend(
    service: Service,
    writing: Writing,
    stay: str,
    planned: Planned,
    because: Recorded,
    *,
    actor: Actor,
    now: datetime,
) -> tuple[tuple[Clock, ...], tuple[Alert, ...]]:
    """Which clocks moved and which alerts were never true, before anything takes their place."""
    if planned.wanted is None or planned.change is None:
        return (), ()
    said, unwanted = planned.wanted.clocks, _open(writing, stay, planned.change.raised_unwanted)
    return mend_alerts(service, writing, said, unwanted, because, actor=actor, now=now)


def _answer_all(
    writing: Writing,
    stay: str,
    planned: Planned,
    because: Recorded,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """What this act made needless is done by it."""
    if planned.wanted is None or planned.change is None:
        return
    over = {alert.key for alert in done(planned.wanted.clocks, writing.alerts_of(stay))}
    needless = over | set(planned.change.raised_unwanted)
    for alert in _open(writing, stay, needless - _gone(stay, planned)):
        _answer(writing, alert, because, takes_away=False, actor=actor, now=now)


def _gone(stay: str, planned: Planned) -> set[str]:
    """The alerts that the clocks themselves take away, by the event that says so."""
    withdrawn = () if planned.wanted is None else planned.wanted.withdrawn
    return {f"{stay}:{key}" for key in withdrawn}


def _open(writing: Writing, stay: str, keys: Collection[str]) -> list[Alert]:
    """Those of some alerts that stand, in the order of their keys."""
    found = [alert for alert in writing.alerts_of(stay) if alert.is_open and alert.key in keys]
    return sorted((a for a in found if a.source not in _OWN_END), key=lambda each: each.key)


def _answer(
    writing: Writing,
    alert: Alert,
    because: Recorded,
    *,
    takes_away: bool,
    actor: Actor,
    now: datetime,
) -> None:
    kind = EventKind.ALERT_ACTED
    if takes_away:
        kind = EventKind.ALERT_WITHDRAWN
    elif alert.level in _REMINDERS or is_decided_by(alert, because):
        kind = EventKind.ALERT_CLOSED
    if kind is EventKind.ALERT_ACTED and alert.state == "in_hand":
        return
    header = {
        "key": alert.key,
        "reason": "corrected" if takes_away else "done",
        "by_event": because.seq,
        "did": because.header.get("kind", because.kind),
        "step_due_at": None,
    }
    writing.append(NewEvent(kind, actor, now, stay=alert.stay, header=header))
    writing.drop_unsent(alert.key)
