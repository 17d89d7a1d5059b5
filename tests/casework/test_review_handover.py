"""One inspector hands the review to the next: both names, what was promised, and who took it."""

from datetime import timedelta

import pytest

from tests.casework.conftest import LEAD, MARSH, NOW, OKAFOR, opened, section136
from triage import casework
from triage.casework import review_live
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.record import Account, Actor

KHAN = Actor("khan", "Insp Khan", "duty_inspector")
COLE = Actor("cole", "Insp Cole", "duty_inspector")
SEVEN, EIGHT = NOW + timedelta(hours=7), NOW + timedelta(hours=8)


@pytest.fixture
def staffed(service):
    """Three inspectors, one who has left, and a sergeant."""
    with service.record.writing(now=NOW) as writing:
        for each in (MARSH, KHAN, COLE, OKAFOR):
            account = Account(each.account, each.name, each.role, (), None, True, NOW)
            writing.add_account(account)
        gone = Account("gone", "Insp Gone", "duty_inspector", (), None, False, NOW)
        writing.add_account(gone)
    return service


def handed(service, stay, now=EIGHT, **known):
    return review_live.detention(service, stay, actor=MARSH, now=now, **known).case.handed


def test_a_detention_crosses_the_shift_with_both_names_and_what_was_promised(staffed):
    stay = opened(staffed, section136())

    [offer] = casework.hand_over(
        staffed, "khan", {stay: " Bed manager rings by 06:00. "}, actor=MARSH, now=SEVEN
    )
    [taken] = casework.take_over(staffed, [offer.seq], actor=KHAN, now=EIGHT)

    assert handed(staffed, stay) == (taken,)
    assert (taken.by, taken.to, taken.taken_by) == ("Insp Marsh", "Insp Khan", "Insp Khan")
    assert (taken.at, taken.taken_at) == (SEVEN, EIGHT)
    assert taken.promised == "Bed manager rings by 06:00."


def test_an_offer_that_nobody_has_taken_is_no_handover(staffed):
    stay = opened(staffed, section136())

    casework.hand_over(staffed, "khan", {stay: ""}, actor=MARSH, now=SEVEN)

    [offer] = handed(staffed, stay)
    assert (offer.taken_by, offer.taken_at) == (None, None)


def test_whoever_takes_it_is_named_also_where_it_was_meant_for_another(staffed):
    stay = opened(staffed, section136())
    [offer] = casework.hand_over(staffed, "khan", {stay: ""}, actor=MARSH, now=SEVEN)

    [taken] = casework.take_over(staffed, [offer.seq], actor=COLE, now=EIGHT)

    assert (taken.to, taken.taken_by) == ("Insp Khan", "Insp Cole")


def test_nobody_takes_what_they_offered_themselves_or_what_was_taken_or_offered_anew(staffed):
    stay = opened(staffed, section136())
    [first] = casework.hand_over(staffed, "khan", {stay: ""}, actor=MARSH, now=SEVEN)
    with pytest.raises(NotAllowed, match="does not take over"):
        casework.take_over(staffed, [first.seq], actor=MARSH, now=SEVEN)
    [second] = casework.hand_over(staffed, "cole", {stay: "Anew."}, actor=MARSH, now=SEVEN)
    with pytest.raises(NotAllowed, match="offered anew"):
        casework.take_over(staffed, [first.seq], actor=KHAN, now=EIGHT)
    casework.take_over(staffed, [second.seq], actor=COLE, now=EIGHT)
    with pytest.raises(NotAllowed, match="was taken"):
        casework.take_over(staffed, [second.seq], actor=KHAN, now=EIGHT)


@pytest.mark.parametrize("to", ["marsh", "gone", "okafor", "nobody", ""])
def test_only_another_inspector_with_an_account_can_take_over(staffed, to):
    stay = opened(staffed, section136())

    with pytest.raises(InputError, match="which inspector"):
        casework.hand_over(staffed, to, {stay: ""}, actor=MARSH, now=SEVEN)
    assert [each.account for each in casework.receivers(staffed, actor=MARSH)] == ["cole", "khan"]


def test_a_suite_that_is_not_the_receivers_is_refused_and_then_nothing_is_offered(staffed):
    with staffed.record.writing(now=NOW) as writing:
        far = Account("far", "Insp Far", "duty_inspector", ("north_quay",), None, True, NOW)
        writing.add_account(far)
    near, away = opened(staffed, section136(1, suite="north_quay")), opened(staffed, section136(2))

    with pytest.raises(RoleRefused):
        casework.hand_over(staffed, "far", {near: "", away: ""}, actor=MARSH, now=SEVEN)
    assert handed(staffed, near) == ()


def test_the_handover_is_for_inspectors(staffed):
    stay = opened(staffed, section136())

    for actor in (OKAFOR, LEAD):
        with pytest.raises(RoleRefused):
            casework.hand_over(staffed, "khan", {stay: ""}, actor=actor, now=SEVEN)
    with pytest.raises(InputError):
        casework.take_over(staffed, [10**9], actor=KHAN, now=SEVEN)


def test_an_offer_as_known_before_it_was_taken_is_not_taken(staffed):
    stay = opened(staffed, section136())
    [offer] = casework.hand_over(staffed, "khan", {stay: ""}, actor=MARSH, now=SEVEN)
    casework.take_over(staffed, [offer.seq], actor=KHAN, now=EIGHT)

    assert handed(staffed, stay, as_known_at=SEVEN) == (offer,)
    assert handed(staffed, stay, as_known_at=NOW) == ()
