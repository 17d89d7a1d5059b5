"""A Section 136 stay in which no event stands yet: by when its power must be said, and by whom."""

from dataclasses import replace

import pytest

from tests.casework.conftest import MARSH, NOW, OKAFOR, happened, keys, minutes, opened, section136
from tests.casework.conftest import service as service
from tests.casework.test_opening_corrected import corrected
from triage import casework
from triage.casework.history import History
from triage.record.rebuilding import rebuild


@pytest.fixture
def stay(service):
    return opened(service, replace(section136(), events=()), now=NOW)


def ticked(service, at):
    casework.tick(service, now=NOW + minutes(at), send=None)


def said(service, stay):
    """Each alert that no power is recorded: when it fell due in minutes, and how it stands."""
    return sorted(
        ((alert.due_at - NOW) / minutes(1), alert.state)
        for alert in keys(service, stay).values()
        if alert.source == "no_power"
    )


def test_its_power_must_be_said_within_five_minutes_of_the_opening(service, stay):
    before = said(service, stay)
    ticked(service, 6)

    assert (before, said(service, stay)) == ([(5.0, "planned")], [(5.0, "raised")])


def test_before_it_calls_a_corrected_opening_moves_its_moment(service, stay):
    corrected(service, stay, minutes(-1), at=minutes(1))
    moved = said(service, stay)
    ticked(service, 4)

    assert (moved, said(service, stay)) == ([(4.0, "planned")], [(4.0, "raised")])


@pytest.mark.parametrize("by", [-20, -1, 20])
def test_a_corrected_opening_calls_for_its_own_moment_and_ends_what_the_wrong_one_raised(
    service, stay, by
):
    ticked(service, 6)
    corrected(service, stay, minutes(by), at=minutes(32))

    assert said(service, stay) == sorted([(5.0, "withdrawn"), (5.0 + by, "raised")])


def test_an_opening_that_was_later_takes_back_what_is_not_due_yet(service, stay):
    ticked(service, 6)
    corrected(service, stay, minutes(6), at=minutes(7))
    between = said(service, stay)
    ticked(service, 12)

    assert between == [(5.0, "withdrawn"), (11.0, "planned")]
    assert said(service, stay) == [(5.0, "withdrawn"), (11.0, "raised")]


def test_a_correction_of_the_correction_calls_for_the_last_word_alone(service, stay):
    ticked(service, 6)
    corrected(service, stay, minutes(-20), at=minutes(32))
    corrected(service, stay, minutes(20), at=minutes(34))
    ticked(service, 60)

    assert said(service, stay) == [(-15.0, "withdrawn"), (5.0, "withdrawn"), (25.0, "raised")]


def test_whoever_had_it_has_it_no_more_once_another_moment_counts(service, stay):
    """A new moment is a new alert: who had the wrong one is not taken to have the right one."""
    ticked(service, 6)
    [wrong] = [alert for alert in keys(service, stay).values() if alert.source == "no_power"]
    casework.acknowledge(
        service, wrong.key, kind=casework.AckKind.POLICE, actor=OKAFOR, now=NOW + minutes(7)
    )
    corrected(service, stay, minutes(-20), at=minutes(32))

    assert said(service, stay) == [(-15.0, "raised"), (5.0, "withdrawn")]


def test_once_the_power_is_said_no_corrected_opening_calls_for_it_again(service, stay):
    ticked(service, 6)
    decided = happened("s136_decided", NOW - minutes(30), limb="remove", consulted="paramedic")
    casework.record_event(service, stay, decided, actor=MARSH, now=NOW + minutes(8))
    answered = said(service, stay)
    corrected(service, stay, minutes(-20), at=minutes(32))
    ticked(service, 60)

    assert answered == [(5.0, "in_hand")]
    assert said(service, stay) == [(5.0, "withdrawn")]


def test_a_rebuild_gives_the_same_alerts(service, stay):
    ticked(service, 6)
    corrected(service, stay, minutes(-20), at=minutes(32))
    before = keys(service, stay)
    rebuild(service.record.path)

    assert keys(service, stay) == before


def test_a_correction_that_the_clocks_did_not_see_would_call_for_the_wrong_moment(
    service, stay, monkeypatch
):
    """Twin: with the time as it was first typed, the alert of the wrong moment stays."""
    monkeypatch.setattr(History, "_said_held_since", lambda self: NOW)
    ticked(service, 6)
    corrected(service, stay, minutes(-20), at=minutes(32))

    assert said(service, stay) == [(5.0, "raised")]
