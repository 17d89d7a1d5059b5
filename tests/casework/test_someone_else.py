"""A whole stay that was kept for the wrong person."""

import pytest

from tests.casework.conftest import (
    HCP,
    MARSH,
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    keys,
    minutes,
    opened,
    section136,
)
from triage import casework
from triage.casework import Identity, planning
from triage.domain.errors import InputError
from triage.record import rebuild

RIGHT = Identity(name="Bea Right", age=16, age_source="stated", sex="female")


def said(service, stay, identity=RIGHT, **more):
    more.setdefault("reason", "the custody photo shows another person")
    at = NOW + minutes(10)
    return casework.wrong_person(service, stay, identity, actor=OKAFOR, now=at, **more)


def screened(service, stay, at=NOW):
    details = everything_no(at, answers={"self_harm_now": answered("thoughts")})
    casework.record_screening(service, stay, details, actor=OKAFOR, now=at)


def again(service, stay):
    return [a for a in keys(service, stay).values() if a.step == "wrong_person" and a.is_open]


def view(service, stay):
    return casework.stay_view(service, stay, actor=HCP, now=NOW + minutes(11))


def test_the_stay_keeps_its_number_and_loses_the_other_persons_past(service):
    first = opened(service, custody(1, identity=Identity(name="Ann Wrong", age=40)))
    person = view(service, first).person
    leaving = casework.Release(NOW, "home", reason="arranged_outside")
    casework.release(service, first, leaving, actor=OKAFOR, now=NOW)
    stay = opened(service, custody(2, person=person))
    before = view(service, stay)

    saved = said(service, stay)

    after = view(service, stay)
    assert (before.past_stays, after.past_stays) == ((first,), ())
    assert (after.reference, after.identity.name) == (before.reference, "Bea Right")
    assert (after.person, after.person != person) == (saved.person, True)


def test_the_clocks_are_worked_out_with_the_right_age(service):
    stay = opened(service, section136(identity=Identity(name="Ann Wrong", age=40), place="home"))
    said(service, stay)

    found = service.record.reading().stay(stay)
    assert found.identity["age"] == 16


def test_a_screening_that_rested_on_another_record_is_made_again_and_nobody_waits(service):
    stay = opened(service)
    screened(service, stay)
    said(service, stay)
    [alert] = again(service, stay)
    screened(service, stay, NOW + minutes(20))

    assert (alert.level, alert.to_roles[0]) == ("A2", "custody_sergeant")
    assert [a.state for a in again(service, stay)] == ["in_hand"]


def test_without_that_alert_nobody_would_ask_again(service, monkeypatch):
    monkeypatch.setattr(planning, "_of_somebody_else", lambda history: ())
    stay = opened(service)
    screened(service, stay)
    said(service, stay)

    assert again(service, stay) == []


def test_it_says_how_it_was_found_out_and_names_somebody_else(service):
    stay = opened(service)
    with pytest.raises(InputError, match="How was it found out"):
        said(service, stay, reason=" ")
    with pytest.raises(InputError, match="no person with this id"):
        said(service, stay, person="p-nobody")
    with pytest.raises(InputError, match="already"):
        said(service, stay, person=view(service, stay).person)


def test_the_same_word_twice_is_one_event(service):
    stay = opened(service)
    first, second = (said(service, stay, key="a-key-of-eight") for _ in range(2))

    assert (second.seq, second.repeated) == (first.seq, True)


def test_it_comes_back_the_same_when_the_record_is_folded_again(service):
    stay = opened(service)
    screened(service, stay)
    said(service, stay)
    before = service.record.reading().stay(stay)

    assert rebuild(service.record.path).same
    assert service.record.reading().stay(stay) == before


def test_a_role_that_only_reviews_may_say_it_too(service):
    stay = opened(service)

    assert casework.wrong_person(
        service, stay, RIGHT, reason="seen in person", actor=MARSH, now=NOW + minutes(1)
    ).seq
