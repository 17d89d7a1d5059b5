"""Why something was not found: what speaks against it, what nobody knows, and whom to ask."""

from dataclasses import replace

import pytest

from triage import casework
from triage.casework import explanations
from triage.casework.entries import details_of
from triage.domain.answers import Marker
from triage.domain.roles import Role
from triage.present.explanation import POLICE_HALF
from triage.record import Actor

from .conftest import Browser, House
from .reading import Page
from .test_pages import CUSTODY, opened


@pytest.fixture
def desk(house: House) -> Browser:
    return house.browser(Role.CUSTODY_SERGEANT)


@pytest.fixture
def person(house: House, desk: Browser) -> str:
    found = opened(desk, CUSTODY, "/open")
    said = {"a.home_tonight": "street"}
    sent = house.record_screening(desk, found, said)
    assert sent.status_code == 303, Page(sent.text).words()
    return found


def asked(browser: Browser, person: str, name: str) -> Page:
    return Page(browser.get(f"{person}/why?of={name}").text)


def test_the_person_page_leads_there_and_what_was_not_found_can_be_chosen(desk, person):
    page = Page(desk.get(f"{person}/why").text)

    assert f"{person}/why" in desk.get(person).text
    assert "A screen misses people" in page.words()
    assert "Say why" in page.words()


def test_a_need_that_was_not_found_names_the_rule_and_the_answer_that_tells(desk, person):
    words = asked(desk, person, "drugs").words()

    assert "Drugs: nobody can tell yet, so it is not excluded" in words
    assert "Not known. Not asked: Q" in words
    assert "Who could say: the person, who can be asked." in words


def test_only_what_every_answer_speaks_against_is_not_found(desk, person):
    words = asked(desk, person, "youth").words()

    assert "Child or young person: " in words
    assert "Child or young person: found" not in words
    assert "Against it. Known: age (38)" in words


def test_what_was_found_says_what_it_rests_on(desk, person):
    words = asked(desk, person, "housing").words()

    assert "Housing: " in words and "not found" not in words.partition("The nearest rules")[0][-60:]
    assert "For it." in words


def test_a_route_that_was_not_suggested_says_why(desk, person):
    words = asked(desk, person, "womens_centre").words()

    assert "centre" in words and "The nearest rules" in words


def test_a_name_that_nothing_has_is_told_with_the_nearest(desk, person):
    page = asked(desk, person, "drugz")

    assert "drugz is no rule, need, flag or route." in page.words()


def test_before_any_screening_nothing_was_ruled_out(house, desk):
    found = opened(desk, CUSTODY, "/open")

    assert "nothing was ruled out" in Page(desk.get(f"{found}/why?of=drugs").text).words()


def with_a_health_marker(house: House, person: str) -> str:
    """What a nurse recorded: a warning from a health record, which police never read."""
    service, stay = house.service, person.rpartition("/")[2]
    last = [
        each for each in house.record.reading().stay_events(stay) if each.kind == "screening_saved"
    ][-1]
    known = details_of(last)
    marker = Marker("autism", "health")
    told = replace(
        known, at=house.clock.at, record=replace(known.record, checked=True, markers=(marker,))
    )
    nurse = house.account(Role.LIAISON_NURSE)
    casework.record_screening(
        service, stay, told, actor=Actor(nurse.account, nurse.name, nurse.role),
        now=house.clock.at,
    )  # fmt: skip
    return stay


def test_police_read_of_a_need_from_a_health_record_that_it_was_found_and_no_fact(
    house, desk, person
):
    with_a_health_marker(house, person)
    words = asked(desk, person, "autism").words()
    nurse = asked(house.browser(Role.LIAISON_NURSE), person, "autism").words()

    assert POLICE_HALF in words and POLICE_HALF not in nurse
    assert "health record" not in words.lower().replace(POLICE_HALF.lower(), "")
    assert "health" in nurse.lower()


def test_without_the_halving_police_would_read_it(house, desk, person, monkeypatch):
    """The twin."""
    with_a_health_marker(house, person)
    before = asked(desk, person, "autism").words()
    monkeypatch.setattr(explanations, "split", lambda details, book: (details, None))

    assert asked(desk, person, "autism").words() != before
