"""Whoever types late what was done in time hears at each door that an alert has ended by it."""

import pytest

from tests.web.conftest import Browser, House
from tests.web.reading import Page
from tests.web.test_pages import CUSTODY, opened
from triage import casework
from triage.domain.roles import Role
from triage.present.changes import NEVER_TRUE


@pytest.fixture
def unseen(house: House) -> tuple[Browser, str]:
    """Opened at 20:35, and by the record nobody has looked at them by 21:41."""
    stay = opened(house.browser(Role.CUSTODY_SERGEANT), CUSTODY, "/open")
    house.clock.pass_by(minutes=61)
    casework.tick(house.service, now=house.clock.at, send=lambda message: None)
    return house.browser(Role.CUSTODY_SERGEANT), stay


def typed(desk: Browser, path: str, name: str, at: str, **more: str) -> str:
    """What the page of the person says once something of this time was typed."""
    form = Page(desk.get(path).text).form()
    sent = {**form, name: at, f"{name}_day": "2026-10-24", **more}
    answer = desk.post(path.partition("?")[0], sent)
    assert answer.status_code == 303, Page(answer.text).words()
    return Page(desk.get(answer.location).text).words()


def test_the_page_of_a_visit_says_that_the_alert_was_never_true(unseen: tuple[Browser, str]):
    desk, stay = unseen
    words = typed(desk, f"{stay}/visit", "at", "21:20")

    assert f"The visit is on the record. {NEVER_TRUE}" in words
    assert "typed late, shows that this was never true. Visit: 21:20 BST, typed 21:41 BST" in words


def test_it_says_nothing_of_the_kind_of_a_visit_that_was_late(unseen: tuple[Browser, str]):
    desk, stay = unseen
    words = typed(desk, f"{stay}/visit", "at", "21:40")

    assert "The visit is on the record." in words
    assert NEVER_TRUE not in words


def test_the_page_of_an_event_says_it_too(unseen: tuple[Browser, str]):
    desk, stay = unseen
    kind = "left_for_hospital"
    words = typed(desk, f"{stay}/event?kind={kind}", "at", "21:20", kind=kind)

    assert f"The event is on the record. {NEVER_TRUE}" in words


def test_the_page_of_a_release_says_it_too(unseen: tuple[Browser, str]):
    desk, stay = unseen
    left = {"to": "home", "reason": "arranged_outside"}
    words = typed(desk, f"{stay}/release", "left", "21:20", **left)

    assert f"the stay is closed. {NEVER_TRUE}" in words


def test_a_terminal_hears_it_in_the_answer(house: House, unseen: tuple[Browser, str]):
    stay = unseen[1].rpartition("/")[2]
    seen = {"occurred_at": "2026-10-24T20:20:00Z"}
    answer = house.terminal(Role.CUSTODY_SERGEANT).post(f"/stays/{stay}/visits", seen)

    assert answer.status_code == 201
    assert NEVER_TRUE in answer.json["notices"]
