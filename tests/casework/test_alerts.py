"""What named people do with an alert, and what time does when nobody does anything."""

import pytest

from tests.casework.conftest import (
    CONTROL,
    HCP,
    LEAD,
    MARSH,
    NAIR,
    NOW,
    OKAFOR,
    custody,
    keys,
    minutes,
    opened,
    section136,
    with_mail,
)
from triage import casework
from triage.casework import AckKind
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.record import Actor


def not_roused(service, number=1, now=NOW):
    """Somebody who could not be woken: one A1 for the desk, healthcare and the nurse."""
    stay = opened(service, custody(number, at=now))
    casework.record_rousing(service, stay, casework.Visit(now, rouse=False), actor=OKAFOR, now=now)
    [alert] = [a for a in keys(service, stay, "raised").values() if a.source == "not_roused"]
    return alert.key


def alert(service, key):
    return service.record.reading().alert(key)


def acknowledge(service, key, kind, actor, now):
    return casework.acknowledge(service, key, kind=kind, actor=actor, now=now)


def test_only_the_clinical_acknowledgement_stops_the_clinical_chain(service, send):
    key = not_roused(service)

    acknowledge(service, key, AckKind.POLICE, OKAFOR, NOW + minutes(1))
    casework.tick(service, now=NOW + minutes(2), send=send)
    assert alert(service, key).chain_step == 1

    acknowledge(service, key, AckKind.CLINICAL, HCP, NOW + minutes(3))
    casework.tick(service, now=NOW + minutes(4), send=send)
    assert alert(service, key).chain_step == 1
    assert alert(service, key).state == "acknowledged"


def test_a_police_alert_is_held_by_a_police_acknowledgement(service, send):
    stay = opened(service)
    casework.tick(service, now=NOW + minutes(60), send=send)
    casework.tick(service, now=NOW + minutes(61), send=send)
    [key] = [k for k, a in keys(service, stay, "raised").items() if a.level == "A2"]

    acknowledge(service, key, AckKind.POLICE, OKAFOR, NOW + minutes(62))
    casework.tick(service, now=NOW + minutes(90), send=send)

    assert alert(service, key).chain_step == 0


def test_an_alert_climbs_in_order_with_the_shape_it_was_raised_with_and_never_stops(service, send):
    key = not_roused(service)
    steps = []

    for minute in range(0, 15):
        casework.tick(service, now=NOW + minutes(minute), send=send)
        found = alert(service, key)
        steps.append((minute, found.chain_step))

    assert steps[:7] == [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3)]
    assert [step for _, step in steps[7:]] == [3, 4, 4, 5, 5, 6, 6, 7]
    assert "duty_inspector" in found.to_roles


def test_acknowledged_without_an_act_it_opens_again_in_a_new_round(service, send):
    key = not_roused(service)
    acknowledge(service, key, AckKind.CLINICAL, HCP, NOW + minutes(1))

    casework.tick(service, now=NOW + minutes(10), send=send)
    assert alert(service, key).state == "acknowledged"
    done = casework.tick(service, now=NOW + minutes(11), send=send)

    assert done.reopened == (key,)
    found = alert(service, key)
    assert (found.state, found.round, found.chain_step, found.ack_by) == ("raised", 1, 0, None)
    casework.tick(service, now=NOW + minutes(13), send=send)
    assert alert(service, key).chain_step == 1


def test_acted_in_time_it_is_in_hand_and_stays_so(service, send):
    key = not_roused(service)
    acknowledge(service, key, AckKind.CLINICAL, HCP, NOW + minutes(1))
    casework.act(service, key, "ambulance called", actor=HCP, now=NOW + minutes(5))

    casework.tick(service, now=NOW + minutes(600), send=send)

    assert alert(service, key).state == "in_hand"
    saved = casework.close(
        service, key, outcome="taken to hospital", actor=HCP, now=NOW + minutes(601)
    )
    assert saved.state == "closed"


def test_what_police_do_about_a_clinical_alert_does_not_stop_its_chain(service, send):
    key = not_roused(service)
    casework.act(service, key, "999 called", actor=OKAFOR, now=NOW + minutes(1))

    casework.tick(service, now=NOW + minutes(2), send=send)

    found = alert(service, key)
    assert (found.state, found.chain_step) == ("in_hand", 1)


def test_an_emergency_is_cancelled_by_two_different_people_only(service):
    key = not_roused(service)

    for second in (None, OKAFOR):
        with pytest.raises(NotAllowed, match="two different people"):
            casework.cancel(
                service, key, reason="wrong cell", actor=OKAFOR, now=NOW, second_actor=second
            )
    saved = casework.cancel(
        service, key, reason="wrong cell", actor=OKAFOR, now=NOW, second_actor=HCP
    )
    assert saved.state == "cancelled"


def test_an_alert_that_is_over_takes_no_more_acts(service):
    key = not_roused(service)
    casework.close(service, key, outcome="at hospital", actor=HCP, now=NOW)

    with pytest.raises(NotAllowed, match="over"):
        acknowledge(service, key, AckKind.CLINICAL, HCP, NOW)
    with pytest.raises(NotAllowed, match="over"):
        casework.act(service, key, "again", actor=HCP, now=NOW)


def test_an_acknowledgement_of_the_wrong_kind_or_from_another_suite_is_refused(service):
    key = not_roused(service)
    elsewhere = Actor("lee", "HCP Lee", "custody_hcp", suites=("dock_road",))

    with pytest.raises(RoleRefused):
        acknowledge(service, key, AckKind.CLINICAL, OKAFOR, NOW)
    with pytest.raises(RoleRefused):
        acknowledge(service, key, AckKind.POLICE, HCP, NOW)
    with pytest.raises(RoleRefused, match="castle_street"):
        acknowledge(service, key, AckKind.CLINICAL, elsewhere, NOW)
    with pytest.raises(RoleRefused):
        acknowledge(service, key, AckKind.POLICE, CONTROL.__class__("a", "A", "administrator"), NOW)


def test_an_alert_for_clinicians_alone_is_not_closed_by_police(service, send):
    stay = opened(service, section136())
    casework.tick(service, now=NOW + minutes(181), send=send)
    key = next(k for k, a in keys(service, stay, "raised").items() if a.to_roles == (NAIR.role,))

    with pytest.raises(RoleRefused, match="health staff"):
        casework.close(service, key, outcome="seen", actor=MARSH, now=NOW + minutes(182))
    casework.close(service, key, outcome="seen", actor=NAIR, now=NOW + minutes(182))


def test_closing_needs_an_outcome_and_acting_needs_words(service):
    key = not_roused(service)

    with pytest.raises(InputError):
        casework.close(service, key, outcome=" ", actor=HCP, now=NOW)
    with pytest.raises(InputError):
        casework.act(service, key, "", actor=HCP, now=NOW)
    with pytest.raises(InputError):
        casework.act(service, "no-such-alert", "x", actor=HCP, now=NOW)


def test_the_words_of_health_staff_about_an_alert_are_not_shown_to_police(service):
    key = not_roused(service)
    casework.close(service, key, outcome="known epilepsy, seen", actor=HCP, now=NOW)
    stay = alert(service, key).stay

    desk = casework.stay_view(service, stay, actor=OKAFOR, now=NOW)
    nurse = casework.stay_view(service, stay, actor=LEAD, now=NOW)

    assert "epilepsy" not in repr(desk)
    assert "epilepsy" in repr(nurse)


def test_when_the_nurse_is_off_the_fallback_is_told_and_the_desk_knows_it(service):
    night = NOW + minutes(100)  # 22:30 in London, the nurse left at 22:00
    stay = opened(with_mail(service), section136(at=night - minutes(18 * 60)), now=night)

    found = [a for a in keys(service, stay).values() if a.is_open and a.level == "A2"]

    assert found, "18 hours in: an urgent alert for the lead nurse, who is off at the weekend"
    assert any("cannot come now" in (a.words or "") for a in found)
    assert all("duty_inspector" in a.to_roles for a in found)


def test_a_later_step_of_one_clock_overtakes_the_earlier_one_that_still_stands(service, send):
    stay = opened(service, section136())
    casework.tick(service, now=NOW + minutes(22 * 60), send=send)
    first = keys(service, stay, "raised")
    casework.tick(service, now=NOW + minutes(23 * 60), send=send)

    after = keys(service, stay)
    before_120 = next(k for k, a in first.items() if a.step == "before_120")
    assert (after[before_120].state, after[before_120].closed_reason) == ("closed", "overtaken")
    assert [a.step for a in after.values() if a.is_open and a.source == "permitted_period"] == [
        "before_60"
    ]
