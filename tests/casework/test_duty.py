"""Who is called now: hours, rota, and who is with somebody. An emergency is never held."""

import pytest

from tests.casework.conftest import (
    HCP,
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
from triage import casework
from triage.domain.errors import InputError, RoleRefused
from triage.record.operations import Duty


def on_rota(service, actor, *, begins=-60, ends=60):
    duty = Duty(
        f"d-{actor.account}", "castle_street", actor.role, actor.account, actor.name, None,
        NOW + minutes(begins), NOW + minutes(ends),
    )  # fmt: skip
    casework.set_duty(service, duty, actor=LEAD, now=NOW)


def urgent_for_the_nurse(service, stay):
    details = everything_no(answers={"self_harm_now": answered("thoughts")})
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    raised = keys(service, stay, "raised").values()
    [alert] = [a for a in raised if a.step == "urgent.liaison_nurse"]
    return alert


def called(service, alert):
    return {each.recipient for each in service.record.reading().deliveries(alert.key)}


def test_a_nurse_who_is_there_is_called(service):
    posted = with_mail(service)
    on_rota(posted, NAIR)

    assert called(posted, urgent_for_the_nurse(posted, opened(posted))) == {"liaison_nurse"}


def test_while_the_nurse_is_with_somebody_what_is_urgent_goes_to_cover_and_the_desk_knows(service):
    posted = with_mail(service)
    on_rota(posted, NAIR)
    casework.with_somebody(posted, NOW + minutes(30), reason="seen", actor=NAIR, now=NOW)

    alert = urgent_for_the_nurse(posted, opened(posted))

    assert called(posted, alert) == {"custody_hcp"}
    assert "liaison nurse cannot come now" in alert.words
    assert NAIR.role in alert.to_roles  # it stays on her list


def test_of_two_nurses_the_one_in_a_cell_is_rung_for_an_emergency_alone(service, send, outbox):
    posted = with_mail(service)
    for name in ("nair", "bell"):
        duty = Duty(
            f"d-{name}", "castle_street", "liaison_nurse", name, name, f"{name}@x.test",
            NOW - minutes(60), NOW + minutes(60),
        )  # fmt: skip
        casework.set_duty(posted, duty, actor=LEAD, now=NOW)
    casework.with_somebody(posted, NOW + minutes(30), reason="in a cell", actor=NAIR, now=NOW)
    stay = opened(posted)
    urgent_for_the_nurse(posted, stay)
    casework.record_rousing(posted, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)
    for passed in (0, 7):  # after six minutes an emergency that nobody took rings everybody
        casework.tick(posted, now=NOW + minutes(passed), send=send)

    rung = {
        level: {to for m in outbox if m.about["level"] == level for to in m.to if "@x.test" in to}
        for level in ("A2", "A1")
    }
    assert rung == {"A2": {"bell@x.test"}, "A1": {"bell@x.test", "nair@x.test"}}


def test_when_she_is_free_again_she_is_called_again(service):
    posted = with_mail(service)
    on_rota(posted, NAIR)
    casework.with_somebody(posted, NOW + minutes(30), reason="seen", actor=NAIR, now=NOW)
    casework.free_again(posted, actor=NAIR, now=NOW)

    assert called(posted, urgent_for_the_nurse(posted, opened(posted))) == {"liaison_nurse"}


def test_an_emergency_is_never_held_because_somebody_is_busy(service):
    posted = with_mail(service)
    on_rota(posted, HCP)
    casework.with_somebody(posted, NOW + minutes(30), reason="seen", actor=HCP, now=NOW)
    stay = opened(posted)
    casework.record_rousing(posted, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)

    [alert] = [a for a in keys(posted, stay, "raised").values() if a.level == "A1"]

    assert "custody_hcp" in called(posted, alert)


def test_an_empty_slot_of_the_rota_is_skipped_and_is_itself_an_alert(service):
    posted = with_mail(service)
    on_rota(posted, NAIR, begins=120, ends=240)  # she comes later; nobody is there now

    alert = urgent_for_the_nurse(posted, opened(posted))

    assert called(posted, alert) == {"custody_hcp"}
    [hole] = [a for a in posted.record.reading().open_alerts() if a.source == "rota"]
    assert (hole.level, hole.step, hole.suite) == ("SYS1", "liaison_nurse", "castle_street")


def test_a_duty_that_ends_before_it_begins_or_of_no_role_is_refused(service):
    with pytest.raises(InputError):
        on_rota(service, NAIR, begins=60, ends=60)
    with pytest.raises(InputError):
        on_rota(service, type(NAIR)("x", "X", "king"))
    with pytest.raises(InputError):
        casework.with_somebody(service, NOW, reason="", actor=NAIR, now=NOW)
    with pytest.raises(RoleRefused):
        casework.drop_duty(service, "d", actor=OKAFOR, now=NOW)


def levels_of(service, said):
    """Who is told at which level of somebody of whom only this is known."""
    stay = opened(service)
    details = everything_no(NOW, answers={question: answered(v) for question, v in said.items()})
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    raised = keys(service, stay, "raised").values()
    return {(role, each.level) for each in raised for role in each.to_roles}


def test_withdrawal_from_drink_pages_healthcare_and_stands_on_the_list_of_the_nurse(service):
    told = levels_of(service, {"drinks_daily": "daily_15u_plus"})

    assert ("custody_hcp", "A2") in told
    assert {level for role, level in told if role == "liaison_nurse"} == {"A3"}


def test_what_is_for_the_nurse_herself_pages_her(service):
    told = levels_of(service, {"self_harm_now": "thoughts"})

    assert ("liaison_nurse", "A2") in told
