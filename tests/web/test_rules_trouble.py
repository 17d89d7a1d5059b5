"""When the rules folder does not speak: every page says so, and what it cannot do is refused."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from triage.casework.in_force import NOBODY_SCREENS, Trouble
from triage.domain.roles import Role
from triage.web import create_app

from .conftest import House
from .test_pages import CUSTODY, opened

REASON = "The rules in the folder 'rules' are not used. Nobody has signed these rules."
GOES_ON = "The last signed rulebook, 0123456789abcdef, goes on being used."


def with_trouble(house: House, trouble: Trouble) -> House:
    service = replace(house.service, trouble=trouble)
    app = create_app(service=service, now=house.clock, wall=house.clock)
    return House(service, app, house.clock, house.kept)


@pytest.fixture
def without_rules(house: House) -> Iterator[House]:
    yield with_trouble(house, Trouble(REASON, NOBODY_SCREENS, screening=False))


def test_every_page_says_which_folder_does_not_speak_and_what_goes_on(house: House):
    here = with_trouble(house, Trouble(REASON, GOES_ON, screening=True))
    desk = here.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")

    for path in ("/board", "/alerts", "/section-136", stay, f"{stay}/screening"):
        answer = desk.get(path)
        assert answer.status_code == 200
        assert f"{REASON} {GOES_ON}".replace("'", "&#39;") in answer.text
    assert here.record_screening(desk, stay, {}).status_code == 303


def test_while_all_is_well_nothing_is_said(house: House):
    assert "The rules in the folder" not in house.browser(Role.CUSTODY_SERGEANT).get("/board").text


def test_without_any_signed_rules_the_form_is_not_shown_and_says_what_to_use(without_rules: House):
    desk = without_rules.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")

    shown, sent = desk.get(f"{stay}/screening"), desk.post(f"{stay}/screening", {"do": "record"})

    assert (shown.status_code, NOBODY_SCREENS in shown.text) == (409, True)
    assert (sent.status_code, NOBODY_SCREENS in sent.text) == (200, True)


def test_without_any_signed_rules_the_api_refuses_to_screen(without_rules: House):
    terminal = without_rules.terminal(Role.CUSTODY_SERGEANT)
    desk = without_rules.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    person = {"nation": "england", "stage": "arrest", "offence": "theft", "person": {},
              "arrests_12m": 0}  # fmt: skip
    answers = [
        terminal.post("/evaluate/screening", person),
        terminal.post(f"{stay}/screenings", person),
        terminal.put(f"{stay}/draft", person),
    ]

    assert [(each.status_code, each.json["detail"]) for each in answers] == [
        (409, NOBODY_SCREENS)
    ] * 3
