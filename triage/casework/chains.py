"""The chain of a raised alert, as it was frozen then: who is called, when, and what stops it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from triage.casework.timers_clock import timers_lag
from triage.domain.ladder import Chain, is_held
from triage.record import Alert, Reading, Recorded, Writing
from triage.record.raisings import raising_of

_SET_BACK = timedelta(minutes=1)  # less than this is two clocks that differ


def strayed(reading: Reading | Writing, alert: Alert, *, now: datetime) -> bool:
    """Whether the next step lies further ahead than the chain allows: the clock was set back."""
    if alert.step_due_at is None or alert.step_due_at - now <= _SET_BACK:
        return False  # no chain waits for less than nothing
    shape, addressees, _ = frozen(reading, alert, now)
    this, following = shape.after(alert.chain_step), shape.after(alert.chain_step + 1)
    if this is None or following is None:
        return False
    span = following - this
    if alert.state != "raised" and holds(alert, addressees):
        span = timedelta(minutes=shape.act_minutes or 0)
    return alert.step_due_at - now > span + _SET_BACK


def act_due(writing: Writing, alert: Alert, *, now: datetime) -> datetime | None:
    """When an alert that is held now must have been acted on, before it opens again.

    Counted on the timers' clock: after the wall clock was set back theirs is ahead of it, and
    whoever takes an alert has the whole time to act all the same.
    """
    shape, _, _ = frozen(writing, alert, now)
    if shape.act_minutes is None:
        return None
    return now + timers_lag(writing) + timedelta(minutes=shape.act_minutes)


def held_with(writing: Writing, alert: Alert, kind: str) -> bool:
    """Whether an acknowledgement of this kind, with those that stand, stops the chain."""
    _, addressees, _ = frozen(writing, alert, writing.now)
    police = kind == "police" or alert.police_ack_at is not None
    clinical = kind == "clinical" or alert.clinical_ack_at is not None
    return is_held(addressees, police=police, clinical=clinical)


def meant_for(raised: Recorded | None, alert: Alert) -> tuple[str, ...]:
    """The roles that the event which raised an alert addressed, before anybody was added."""
    chain = () if raised is None else raising_of(raised, alert.key).header.get("chain", ())
    return Chain.thawed(chain).addressees or alert.to_roles


def frozen(
    reading: Reading | Writing, alert: Alert, now: datetime
) -> tuple[Chain, tuple[str, ...], datetime]:
    """The chain as it stood when the alert was raised, its addressees, when this round began.

    The beginning is counted back from the step that is due, so that a wall clock that was set
    back meanwhile does not hold the steps that follow.
    """
    raised = None if alert.raised_seq is None else reading.event(alert.raised_seq)
    if raised is None:
        return Chain((), (), (), None, None), alert.to_roles, alert.due_at
    shape = Chain.thawed(raising_of(raised, alert.key).header.get("chain", ()))
    began, after = raised.occurred_at, shape.after(alert.chain_step + 1)
    if after is not None and alert.step_due_at is not None:
        began = min(alert.step_due_at, now) - after
    return shape, shape.addressees or alert.to_roles, began


def holds(alert: Alert, addressees: Sequence[str]) -> bool:
    """Whether those who have it are such that nobody else is called."""
    return is_held(
        addressees,
        police=alert.police_ack_at is not None,
        clinical=alert.clinical_ack_at is not None,
    )
