"""Somebody who is moved takes their open alerts along, and the new suite's people hear of them."""

import pytest

from triage import casework
from triage.casework import after
from triage.record import EventKind, verify
from triage.record.operations import Duty
from triage.record.rebuilding import rebuild

from .conftest import (
    LEAD,
    NAIR,
    NOW,
    OKAFOR,
    answered,
    everything_no,
    keys,
    minutes,
    opened,
    with_mail,
)

DOCK_NURSE = "dock.nurse@example.test"
CASTLE_NURSE = "castle.nurse@example.test"


def on_rota(service, suite, address):
    duty = Duty(
        f"d-{suite}", suite, "liaison_nurse", None, f"Nurse of {suite}", address,
        NOW - minutes(60), NOW + minutes(600),
    )  # fmt: skip
    casework.set_duty(service, duty, actor=LEAD, now=NOW)


@pytest.fixture
def posted(service):
    found = with_mail(service)
    on_rota(found, "castle_street", CASTLE_NURSE)
    on_rota(found, "dock_road", DOCK_NURSE)
    return found


def urgent(service, stay):
    raised = keys(service, stay).values()
    [alert] = [each for each in raised if each.step == "urgent.liaison_nurse"]
    return alert


def screened(service):
    stay = opened(service)
    details = everything_no(answers={"self_harm_now": answered("thoughts")})
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    return stay


def taken(service, stay):
    """The nurse of the suite where it was raised says that she has it."""
    casework.acknowledge(
        service, urgent(service, stay).key, kind=casework.AckKind.CLINICAL, actor=NAIR,
        now=NOW + minutes(2),
    )  # fmt: skip


def moved(service, stay, at, **to):
    move = casework.Move(NOW + minutes(at), **to)
    casework.move_stay(service, stay, move, actor=OKAFOR, now=NOW + minutes(at))


def test_a_raised_alert_goes_along_and_the_new_suite_has_it(posted):
    stay = screened(posted)
    moved(posted, stay, 5, suite="dock_road")

    alert = urgent(posted, stay)
    assert (alert.suite, alert.state, alert.round, alert.chain_step) == (
        "dock_road", "raised", 1, 0
    )  # fmt: skip
    open_at = {
        suite: alert.key in {each.key for each in posted.record.reading().open_alerts([suite])}
        for suite in ("castle_street", "dock_road")
    }
    assert open_at == {"castle_street": False, "dock_road": True}


def test_the_new_suite_is_called_from_the_first_step_and_at_every_step_after(posted, send, outbox):
    stay = screened(posted)
    moved(posted, stay, 5, suite="dock_road")
    for at in range(6, 40):
        casework.tick(posted, now=NOW + minutes(at), send=send)

    alert = urgent(posted, stay)
    called = {(d.round, d.step) for d in posted.record.reading().deliveries(alert.key)}
    told = {address for message in outbox for address in message.to}
    assert {(1, step) for step in range(3)} <= called
    assert (DOCK_NURSE in told, CASTLE_NURSE in told) == (True, False)


def test_what_a_nurse_of_the_old_suite_had_taken_opens_again_in_the_new_one(posted):
    stay = screened(posted)
    taken(posted, stay)
    moved(posted, stay, 5, suite="dock_road")

    alert = urgent(posted, stay)
    assert (alert.state, alert.clinical_ack_at) == ("raised", None)
    reopened = posted.record.reading().events_of_kinds(stay, EventKind.ALERT_REOPENED)
    assert {each.header["reason"] for each in reopened} == {"moved to another suite"}


def test_a_move_of_cell_leaves_every_alert_with_whoever_has_it(posted):
    stay = screened(posted)
    taken(posted, stay)
    moved(posted, stay, 5, cell="9")

    alert = urgent(posted, stay)
    assert (alert.suite, alert.round, alert.clinical_ack_at) == (
        "castle_street", 0, NOW + minutes(2)
    )  # fmt: skip


def test_without_the_step_the_new_suite_would_never_hear(posted, monkeypatch):
    """The twin: what the first test guards."""
    monkeypatch.setattr(after, "_carry_over", lambda *given, **more: None)
    stay = screened(posted)
    moved(posted, stay, 5, suite="dock_road")

    assert urgent(posted, stay).suite == "castle_street"


def test_the_record_rebuilds_the_same_and_verifies_after_a_move(posted):
    stay = screened(posted)
    moved(posted, stay, 5, suite="dock_road")
    moved(posted, stay, 9, suite="castle_street")

    assert urgent(posted, stay).round == 2
    assert rebuild(posted.record.path).same
    assert verify(posted.record.path, full=True).ok
