"""Where a human chooses a route, the services stand with their hours: page, form and API."""

from dataclasses import replace

import pytest

from tests.web.conftest import House
from tests.web.reading import Page
from tests.web.test_pages import CUSTODY, opened
from triage.domain.roles import Role
from triage.domain.route_rules import Service
from triage.present import services
from triage.web import create_app

SCREEN = {
    "nation": "england",
    "person": {"age": 34, "age_source": "document", "sex": "female"},
    "stage": "arrest",
    "offence": "theft",
    "arrests_12m": 0,
    "answers": {"home_tonight": "street"},
    "everything_else": "no",
}


def with_services(
    house: House, suite: str = "castle_street", hours: str = "Saturday 10:00 to 21:00"
) -> None:
    """Two places for women: one with hours and a telephone, one of which nobody gave the hours.

    It is Saturday, 20:40 in London.
    """
    told = {"open": hours, "phone": "01632 960001", "suites": [suite]}
    places = (
        Service("late", "womens_centre", "Late house (training)", told),
        Service("quiet", "womens_centre", "Quiet house (training)", {"suites": [suite]}),
    )
    rulebook = replace(house.service.rulebook, services=places)
    house.service = replace(house.service, rulebook=rulebook)
    house.app = create_app(service=house.service, now=house.clock, wall=house.clock)


def open_until(house: House) -> str | None:
    """Until when the API says that the place with hours is open."""
    found = house.terminal().post("/evaluate/screening", SCREEN).json
    services = [one for route in found["routes"] for one in route["services"]]
    return next(one["open_until"] for one in services if one["id"] == "late")


def page_of_a_woman(house: House) -> str:
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {"a.home_tonight": "street"})
    return Page(desk.get(stay).text).words()


def test_the_persons_page_says_which_service_is_open_and_of_which_nobody_knows(house: House):
    with_services(house)

    words = page_of_a_woman(house)

    assert (
        "Late house (training). Open until 21:00 BST. Saturday 10:00 to 21:00. "
        "Telephone 01632 960001."
    ) in words
    assert "Quiet house (training). Hours not given." in words


def test_a_service_of_another_suite_is_not_offered_here(house: House):
    with_services(house, suite="dock_road")

    assert "house (training)" not in page_of_a_woman(house)


def test_the_form_that_decides_a_route_shows_where_it_leads(house: House):
    with_services(house)
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")

    asked = Page(desk.get(f"{stay}/route?route=womens_centre").text).words()
    other = Page(desk.get(f"{stay}/route?route=gp").text).words()

    assert "Women's centre leads to:" in asked
    assert "Open until 21:00 BST." in asked
    assert "Late house" not in other


def test_the_api_gives_each_service_with_its_hours_as_they_are_now(house: House):
    with_services(house)
    terminal = house.terminal()

    def told() -> list[tuple[str, bool | None, str | None, str | None]]:
        found = terminal.post("/evaluate/screening", SCREEN).json
        return [
            (one["id"], one["open"], one["opens_at"], one["doubt"])
            for route in found["routes"]
            for one in route["services"]
        ]

    before = told()
    house.clock.pass_by(hours=2)

    assert before == [("late", True, None, None), ("quiet", None, None, "hours_not_given")]
    assert told() == [
        ("late", False, "2026-10-31T10:00:00Z", None),
        ("quiet", None, None, "hours_not_given"),
    ]


LONGER = "Saturday 10:00 to 23:30"


def test_the_hours_of_a_changed_site_file_are_those_of_the_next_answer(house: House):
    with_services(house)
    before = open_until(house)
    with_services(house, hours=LONGER)

    assert (before, open_until(house)) == ("2026-10-24T20:00:00Z", "2026-10-24T22:30:00Z")


def test_hours_kept_by_the_name_of_a_service_would_be_found(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """The twin: what is kept of hours must be kept by what they say."""
    document, kept = services._document, dict[str, dict[str, object]]()
    monkeypatch.setattr(
        services, "_document", lambda each, *rest: kept.setdefault(each.id, document(each, *rest))
    )
    with_services(house)
    before = open_until(house)
    with_services(house, hours=LONGER)

    assert open_until(house) == before
