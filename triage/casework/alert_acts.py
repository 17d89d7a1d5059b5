"""What each act of a named person writes about an alert, and which alerts may be acted on."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from triage.casework.acts import allow_suite, own_words
from triage.casework.chains import act_due, held_with
from triage.casework.kept_alerts import add
from triage.casework.outcomes import Ending, agreed_call, check_fits
from triage.domain.errors import InputError, NotAllowed
from triage.domain.roles import CLINICAL_ROLES
from triage.record import Actor, Alert, EventKind, NewEvent, Recorded, Writing


class AckKind(StrEnum):
    """Two different promises: somebody is at the cell; I am taking this as a clinician."""

    POLICE = "police"
    CLINICAL = "clinical"


_OVER = (EventKind.ALERT_CLOSED, EventKind.ALERT_CANCELLED)


def record_act(writing: Writing, made: NewEvent, alert_key: str) -> Recorded:
    """Append an act; messages that are still to be sent about what is over are not sent."""
    recorded = writing.append(made)
    if made.kind in _OVER:
        writing.drop_unsent(alert_key)
    return recorded


def taken(writing: Writing, alert: Alert, kind: AckKind, actor: Actor, now: datetime) -> NewEvent:
    """A named person has it, and must act in time from the first such word on.

    Whoever says it again does not wind that time up again; what police did before a clinician
    took it does not spare the clinician.
    """
    header: dict[str, Any] = {"kind": kind, "state": _not_below(alert, "acknowledged")}
    first = held_with(writing, alert, kind) and not held_with(writing, alert, "")
    if first and alert.step_due_at is not None:
        header["step_due_at"] = act_due(writing, alert, now=now)
    return alert_event(EventKind.ALERT_ACKNOWLEDGED, alert, actor, now, header)


def acted(writing: Writing, alert: Alert, done: str, actor: Actor, now: datetime) -> NewEvent:
    """Something was done; only the kind that the alert needs stops its chain."""
    kind = AckKind.CLINICAL if actor.role in CLINICAL_ROLES else AckKind.POLICE
    still = None if held_with(writing, alert, kind) else alert.step_due_at
    header = {"step_due_at": still}
    return alert_event(EventKind.ALERT_ACTED, alert, actor, now, header, {"did": done})


def ended(writing: Writing, alert: Alert, end: Ending, actor: Actor, now: datetime) -> NewEvent:
    """It is over; raises where the ending does not fit the record or the role."""
    check_fits(writing, alert, end, actor)
    said = {"reason": end.words}
    return alert_event(EventKind.ALERT_CLOSED, alert, actor, now, dict(end.header), said)


def plan_call(writing: Writing, end: Ending, recorded: Recorded, actor: Actor) -> None:
    """Let a call that was agreed come back on the list at its time."""
    call = agreed_call(end, recorded, actor)
    if call is not None and recorded.stay is not None:
        add(writing, recorded.stay, [call])


def open_alert(writing: Writing, alert_key: str, actor: Actor) -> Alert:
    """The alert with this key, if it is open and in a suite of this person."""
    alert = writing.alert(alert_key)
    if alert is None or alert.state == "planned":
        raise InputError.at("alert", "No such alert has been raised.")
    allow_suite(actor, alert.suite)
    if not alert.is_open:
        raise NotAllowed(f"This alert is over: it was {alert.state} by {alert.closed_by}.")
    return alert


def _not_below(alert: Alert, state: str) -> str:
    return alert.state if alert.state == "in_hand" else state


def alert_event(
    kind: EventKind,
    alert: Alert,
    actor: Actor,
    now: datetime,
    header: dict[str, Any],
    words: dict[str, str] | None = None,
) -> NewEvent:
    """The words of health staff about an alert are clinical; the rest police may read."""
    return NewEvent(
        kind,
        actor,
        now,
        stay=alert.stay,
        header={"key": alert.key, **header},
        payloads={own_words(actor): words} if words else {},
    )
