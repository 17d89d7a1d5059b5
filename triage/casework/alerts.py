"""What named people do with an alert: acknowledge, act, close, cancel. Nobody can dismiss one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from triage.casework.acts import Ids, allow, allow_suite, once
from triage.casework.raising import act_due, held_with, meant_for
from triage.casework.service import Service
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.domain.roles import CLINICAL_ROLES, POLICE_ROLES, Verb
from triage.record import Actor, Alert, EventKind, NewEvent, Writing


class AckKind(StrEnum):
    """Two different promises: somebody is at the cell; I am taking this as a clinician."""

    POLICE = "police"
    CLINICAL = "clinical"


@dataclass(frozen=True)
class AlertSaved:
    """One act on one alert, on the record."""

    seq: int
    key: str
    state: str  # raised | acknowledged | in_hand | closed | cancelled | withdrawn
    notices: tuple[str, ...] = ()
    repeated: bool = False


def acknowledge(
    service: Service,
    alert_key: str,
    *,
    kind: AckKind,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertSaved:
    """Say that a named person has it. Only the clinical kind stops the clinical chain."""
    clinical = kind is AckKind.CLINICAL
    allow(actor, Verb.ACKNOWLEDGE_CLINICAL if clinical else Verb.ACKNOWLEDGE_POLICE)

    def event(writing: Writing, alert: Alert) -> NewEvent:
        header: dict[str, Any] = {"kind": kind, "state": _not_below(alert, "acknowledged")}
        if alert.state == "in_hand":
            header["step_due_at"] = None if held_with(writing, alert, kind) else alert.step_due_at
        elif held_with(writing, alert, kind):
            header["step_due_at"] = act_due(writing, alert, now=now)
        return _event(EventKind.ALERT_ACKNOWLEDGED, alert, actor, now, header)

    body = {"alert": alert_key, "kind": kind}
    verb = Verb.ACKNOWLEDGE_CLINICAL if clinical else Verb.ACKNOWLEDGE_POLICE
    return _on(service, verb, alert_key, body, event, actor, now, key)


def act(
    service: Service,
    alert_key: str,
    done: str,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertSaved:
    """Say what was done. Acknowledged without an act in time, an alert opens again.

    What police do about an alert that needs a clinician does not stop the clinical chain.
    """
    allow(actor, Verb.ACT)
    if not done.strip():
        raise InputError.at("done", "What was done?")

    def event(writing: Writing, alert: Alert) -> NewEvent:
        kind = AckKind.CLINICAL if actor.role in CLINICAL_ROLES else AckKind.POLICE
        still = None if held_with(writing, alert, kind) else alert.step_due_at
        return _event(
            EventKind.ALERT_ACTED, alert, actor, now, {"step_due_at": still}, {"did": done}
        )

    body = {"alert": alert_key, "done": done}
    return _on(service, Verb.ACT, alert_key, body, event, actor, now, key)


def close(
    service: Service,
    alert_key: str,
    *,
    outcome: str,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertSaved:
    """Say that it is over and how it ended; facts that return later make a new episode."""
    allow(actor, Verb.CLOSE_ALERT)
    if not outcome.strip():
        raise InputError.at("outcome", "How did it end?")

    def event(writing: Writing, alert: Alert) -> NewEvent:
        _theirs(writing, alert, actor)
        return _event(EventKind.ALERT_CLOSED, alert, actor, now, {}, {"reason": outcome})

    body = {"alert": alert_key, "outcome": outcome}
    return _on(service, Verb.CLOSE_ALERT, alert_key, body, event, actor, now, key)


def cancel(
    service: Service,
    alert_key: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    second_actor: Actor | None = None,
    key: str | None = None,
) -> AlertSaved:
    """Say that it should never have been raised; an emergency needs two different people."""
    allow(actor, Verb.CANCEL_ALERT)
    if second_actor is not None:
        allow(second_actor, Verb.CANCEL_ALERT)
    if not reason.strip():
        raise InputError.at("reason", "Why should it never have been raised?")

    def event(writing: Writing, alert: Alert) -> NewEvent:
        _theirs(writing, alert, actor)
        if alert.level in _TWO_PEOPLE:
            _two_people(alert, actor, second_actor)
        second = None if second_actor is None else second_actor.account
        return _event(
            EventKind.ALERT_CANCELLED, alert, actor, now, {"second": second}, {"reason": reason}
        )

    body = {"alert": alert_key, "reason": reason}
    return _on(service, Verb.CANCEL_ALERT, alert_key, body, event, actor, now, key)


_TWO_PEOPLE = ("A1", "SYS1")
_OVER = (EventKind.ALERT_CLOSED, EventKind.ALERT_CANCELLED)


def _on(
    service: Service,
    verb: Verb,
    alert_key: str,
    body: dict[str, Any],
    event: Callable[[Writing, Alert], NewEvent],
    actor: Actor,
    now: datetime,
    key: str | None,
) -> AlertSaved:
    """One act on one open alert of a suite of this person."""

    def do(writing: Writing) -> AlertSaved:
        alert = _open_alert(writing, alert_key, actor)
        made = event(writing, alert)
        recorded = writing.append(made)
        if made.kind in _OVER:
            writing.drop_unsent(alert_key)
        after = writing.alert(alert_key)
        return AlertSaved(recorded.seq, alert_key, after.state if after else alert.state)

    def again(writing: Writing, ids: Ids) -> AlertSaved:
        return AlertSaved(ids["seq"], alert_key, ids["state"], repeated=True)

    return once(service, verb, body, do, again, actor=actor, now=now, key=key)


def _open_alert(writing: Writing, alert_key: str, actor: Actor) -> Alert:
    alert = writing.alert(alert_key)
    if alert is None or alert.state == "planned":
        raise InputError.at("alert", "No such alert has been raised.")
    allow_suite(actor, alert.suite)
    if not alert.is_open:
        raise NotAllowed(f"This alert is over: it was {alert.state} by {alert.closed_by}.")
    return alert


def _theirs(writing: Writing, alert: Alert, actor: Actor) -> None:
    """What was meant for clinicians alone is ended by a clinician."""
    roles = meant_for(writing, alert)
    if actor.role in POLICE_ROLES and roles and all(role in CLINICAL_ROLES for role in roles):
        raise RoleRefused("This alert is for health staff: one of them says how it ended.")


def _two_people(alert: Alert, actor: Actor, second: Actor | None) -> None:
    if second is None or second.account == actor.account:
        raise NotAllowed("An emergency is cancelled by two different people, both by name.")
    allow_suite(second, alert.suite)


def _not_below(alert: Alert, state: str) -> str:
    return alert.state if alert.state == "in_hand" else state


def _event(
    kind: EventKind,
    alert: Alert,
    actor: Actor,
    now: datetime,
    header: dict[str, Any],
    words: dict[str, str] | None = None,
) -> NewEvent:
    """The words of health staff about an alert are clinical; the rest police may read."""
    group = "clinical" if actor.role in CLINICAL_ROLES else "police"
    return NewEvent(
        kind,
        actor,
        now,
        stay=alert.stay,
        header={"key": alert.key, **header},
        payloads={group: words} if words else {},
    )
