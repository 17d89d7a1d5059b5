"""What named people do with an alert: acknowledge, act, close, cancel. Nobody can dismiss one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triage.casework.acts import Ids, allow, allow_suite, once
from triage.casework.alert_acts import (
    AckKind,
    acted,
    alert_event,
    ended,
    open_alert,
    plan_call,
    record_act,
    taken,
)
from triage.casework.enders import check_ends
from triage.casework.looking import Look
from triage.casework.outcomes import ending
from triage.casework.service import Service
from triage.domain.errors import InputError, NotAllowed
from triage.domain.london import short
from triage.domain.roles import Verb
from triage.record import Actor, Alert, EventKind, NewEvent, Recorded, Writing


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
    """Say that a named person has it. Only the clinical kind stops the clinical chain.

    Whoever is not the first to say so is told who was: two people must not both wait or both go.
    """
    clinical = kind is AckKind.CLINICAL
    allow(actor, Verb.ACKNOWLEDGE_CLINICAL if clinical else Verb.ACKNOWLEDGE_POLICE)

    def event(writing: Writing, alert: Alert) -> NewEvent:
        return taken(writing, alert, kind, actor, now)

    body = {"alert": alert_key, "kind": kind}
    verb = Verb.ACKNOWLEDGE_CLINICAL if clinical else Verb.ACKNOWLEDGE_POLICE
    saved = _on(service, verb, alert_key, body, event, actor, now, key)
    return replace(saved, notices=_taken_before(service, saved, kind, actor, now))


def _taken_before(
    service: Service, saved: AlertSaved, kind: AckKind, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Read after the act: what stands in the chain before it can change no more."""
    reading = service.record.reading()
    alert = reading.alert(saved.key)
    first = alert and Look(service, reading, now).taken_before(alert, kind, saved.seq)
    if not first or first.account == actor.account:
        return ()
    return (f"{first.name} took it before you, at {short(first.since)}. Agree who goes.",)


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
        return acted(writing, alert, done, actor, now)

    body = {"alert": alert_key, "done": done}
    return _on(service, Verb.ACT, alert_key, body, event, actor, now, key)


def close(
    service: Service,
    alert_key: str,
    *,
    outcome: str,
    words: str = "",
    call_at: datetime | None = None,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertSaved:
    """Say that it is over: an outcome of the closed list and words; what returns is a new episode.

    An outcome in free words alone counts as "other". ``call_at`` is when a call was agreed with
    somebody who left before they were seen: it comes back on the list then.
    """
    allow(actor, Verb.CLOSE_ALERT)
    end = ending(outcome, words, call_at, now=now)

    def event(writing: Writing, alert: Alert) -> NewEvent:
        check_ends(service, writing, alert, Verb.CLOSE_ALERT, actor=actor, now=now)
        return ended(writing, alert, end, actor, now)

    def then(writing: Writing, recorded: Recorded) -> None:
        plan_call(writing, end, recorded, actor)

    body = {"alert": alert_key, "outcome": outcome, "words": words, "call_at": call_at}
    return _on(service, Verb.CLOSE_ALERT, alert_key, body, event, actor, now, key, then)


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
        check_ends(service, writing, alert, Verb.CANCEL_ALERT, actor=actor, now=now)
        if alert.level in _TWO_PEOPLE:
            _two_people(alert, actor, second_actor)
        second = None if second_actor is None else second_actor.account
        return alert_event(
            EventKind.ALERT_CANCELLED, alert, actor, now, {"second": second}, {"reason": reason}
        )

    body = {"alert": alert_key, "reason": reason}
    return _on(service, Verb.CANCEL_ALERT, alert_key, body, event, actor, now, key)


_TWO_PEOPLE = ("A1", "SYS1")


def _on(
    service: Service,
    verb: Verb,
    alert_key: str,
    body: dict[str, Any],
    event: Callable[[Writing, Alert], NewEvent],
    actor: Actor,
    now: datetime,
    key: str | None,
    then: Callable[[Writing, Recorded], None] | None = None,
) -> AlertSaved:
    """One act on one open alert of a suite of this person."""

    def do(writing: Writing) -> AlertSaved:
        alert = open_alert(writing, alert_key, actor)
        made = event(writing, alert)
        recorded = record_act(writing, made, alert_key)
        if then is not None:
            then(writing, recorded)
        after = writing.alert(alert_key)
        return AlertSaved(recorded.seq, alert_key, after.state if after else alert.state)

    def again(writing: Writing, ids: Ids) -> AlertSaved:
        return AlertSaved(ids["seq"], alert_key, ids["state"], repeated=True)

    return once(service, verb, body, do, again, actor=actor, now=now, key=key)


def _two_people(alert: Alert, actor: Actor, second: Actor | None) -> None:
    if second is None or second.account == actor.account:
        raise NotAllowed("An emergency is cancelled by two different people, both by name.")
    allow_suite(second, alert.suite)
