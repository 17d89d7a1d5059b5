"""Drills: everybody on the rota is called by the real path; two misses in a row are an alert."""

import pytest

from tests.casework.conftest import (
    HCP,
    LEAD,
    MARSH,
    NAIR,
    NOW,
    OKAFOR,
    minutes,
    with_mail,
)
from tests.casework.test_lifeline import system
from triage import casework
from triage.casework import AckKind
from triage.casework.drills import drill, results
from triage.domain.errors import InputError, RoleRefused
from triage.record.operations import Duty

CLINICAL = AckKind.CLINICAL


@pytest.fixture
def staffed(service):
    """Castle Street with a nurse and a clinician on its rota for a day."""
    posted = with_mail(service)
    for who in (NAIR, HCP):
        duty = Duty(
            f"d-{who.account}", "castle_street", who.role, who.account, who.name, None,
            NOW - minutes(60), NOW + minutes(24 * 60),
        )  # fmt: skip
        casework.set_duty(posted, duty, actor=LEAD, now=NOW)
    return posted


def ended(service):
    found = results(service.record.reading(), since=NOW - minutes(1))
    return {each.who: each.seconds for each in found if each.over}


def take(service, key, actor, now):
    casework.acknowledge(service, key, kind=CLINICAL, actor=actor, now=now)


def missed(service, send, start):
    drill(service, actor=MARSH, now=start)
    casework.tick(service, now=start + minutes(3), send=send)


def test_everybody_on_the_rota_is_called_by_the_real_path_and_it_says_drill(staffed, outbox, send):
    keys = drill(staffed, actor=MARSH, now=NOW)

    casework.tick(staffed, now=NOW, send=send)

    assert {m.to[0] for m in outbox} == {"nair@example.test", "hcp@example.test"}
    assert all(m.words.startswith("DRILL, nobody is in danger. ") for m in outbox)
    assert all(m.about["drill"] is True for m in outbox)
    alerts = [staffed.record.reading().alert(key) for key in keys]
    assert {(a.level, a.source, a.stay) for a in alerts} == {("A1", "drill", None)}
    assert all(a.words.startswith("DRILL") for a in alerts)


def test_the_time_until_each_took_it_is_on_the_record(staffed, send):
    nair, hcp = sorted(drill(staffed, actor=MARSH, now=NOW), key=lambda key: "hcp" in key)
    take(staffed, hcp, HCP, NOW + minutes(0.5))
    take(staffed, nair, NAIR, NOW + minutes(1.5))

    casework.tick(staffed, now=NOW + minutes(1.75), send=send)

    assert ended(staffed) == {"hcp": 30, "nair": 90}
    assert staffed.record.reading().alert(hcp).closed_reason == "Drill taken after 30 s."


def test_what_somebody_else_takes_does_not_show_that_they_heard_it(staffed, send):
    for key in drill(staffed, actor=MARSH, now=NOW):
        take(staffed, key, LEAD, NOW + minutes(1))

    casework.tick(staffed, now=NOW + minutes(2), send=send)

    assert ended(staffed) == {"hcp": None, "nair": None}


def test_a_drill_never_climbs_and_calls_nobody_else(staffed, outbox, send):
    drill(staffed, actor=MARSH, now=NOW)

    for minute in (0, 2, 4, 6, 30):
        casework.tick(staffed, now=NOW + minutes(minute), send=send)

    assert {m.to[0] for m in outbox} == {"nair@example.test", "hcp@example.test"}
    assert ended(staffed) == {"hcp": None, "nair": None}


def test_one_missed_drill_is_no_alert_and_two_in_a_row_are(staffed, send):
    missed(staffed, send, NOW)
    assert system(staffed) == {}

    missed(staffed, send, NOW + minutes(60))

    found = system(staffed)
    assert set(found) == {"drill_failed:hcp", "drill_failed:nair"}
    assert {(a.level, a.suite) for a in found.values()} == {("SYS2", "castle_street")}
    assert "The liaison nurse on the rota did not take two drills in a row" in (
        found["drill_failed:nair"].words
    )


def test_a_drill_that_is_taken_ends_the_alert_about_missed_ones(staffed, send):
    missed(staffed, send, NOW)
    missed(staffed, send, NOW + minutes(60))
    for key in drill(staffed, actor=MARSH, now=NOW + minutes(120)):
        take(staffed, key, NAIR if "nair" in key else HCP, NOW + minutes(121))

    casework.tick(staffed, now=NOW + minutes(122), send=send)

    assert system(staffed) == {}


def test_a_drill_between_two_misses_starts_the_count_again(staffed, send):
    missed(staffed, send, NOW)
    for key in drill(staffed, actor=MARSH, now=NOW + minutes(60)):
        take(staffed, key, NAIR if "nair" in key else HCP, NOW + minutes(61))
    casework.tick(staffed, now=NOW + minutes(62), send=send)
    missed(staffed, send, NOW + minutes(120))

    assert system(staffed) == {}


def test_a_drill_waits_beside_the_real_thing_and_hides_nothing(staffed, outbox, send):
    drill(staffed, actor=MARSH, now=NOW)
    stay = casework.open_stay(
        staffed,
        casework.Opening(
            casework.StayKind.CUSTODY, "castle_street", "TRAINING/CS/0001/26", NOW, training=True
        ),
        actor=OKAFOR,
        now=NOW,
    ).stay
    casework.record_rousing(staffed, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)

    casework.tick(staffed, now=NOW, send=send)

    to_the_hcp = [m.words for m in outbox if m.to == ("hcp@example.test",)]
    assert len([words for words in to_the_hcp if words.startswith("DRILL")]) == 1
    assert len([words for words in to_the_hcp if "DRILL" not in words]) == 1


def test_a_drill_that_its_member_took_and_closed_by_hand_counts_as_taken(staffed, send):
    for key in drill(staffed, actor=MARSH, now=NOW):
        who = NAIR if "nair" in key else HCP
        take(staffed, key, who, NOW + minutes(1))
        casework.close(staffed, key, outcome="drill done", actor=who, now=NOW + minutes(1))

    casework.tick(staffed, now=NOW + minutes(2), send=send)

    assert ended(staffed) == {"hcp": 60, "nair": 60}


def test_without_anybody_on_the_rota_that_is_said(service):
    with pytest.raises(InputError, match="Nobody is on the rota"):
        drill(service, actor=MARSH, now=NOW)


def test_a_drill_is_not_for_everybody_to_order(staffed):
    with pytest.raises(RoleRefused):
        drill(staffed, actor=OKAFOR, now=NOW)
