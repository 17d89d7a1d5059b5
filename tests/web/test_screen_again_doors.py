"""Who was charged and not screened again: the same line on the list of alerts and at release."""

from tests.web.conftest import House
from tests.web.reading import Page
from tests.web.test_pages import CUSTODY, opened
from triage.domain.roles import Role

LINE = "Screen again: after the charge at 20:50."


def charged(house: House, *, screened_again: bool = False) -> str:
    """Screened at 20:40, charged at 20:50, and perhaps screened again at 20:55; now it is 21:00."""
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {})
    house.clock.pass_by(minutes=10)
    form = Page(desk.get(f"{stay}/event?kind=charged").text).form()
    done = desk.post(f"{stay}/event", {**form, "kind": "charged"})
    assert done.location == f"{stay}?done=event"
    house.clock.pass_by(minutes=5)
    if screened_again:
        house.record_screening(desk, stay, {})
    house.clock.pass_by(minutes=5)
    return stay


def seen(house: House, stay: str) -> tuple[bool, bool, bool, bool]:
    """Whether the list of alerts has it, by page and by API, and the gate, by page and by API."""
    desk, terminal = house.browser(Role.CUSTODY_SERGEANT), house.terminal(Role.CUSTODY_SERGEANT)
    listed = Page(desk.get("/alerts").text).words()
    gate = Page(desk.get(f"{stay}/release").text).words()
    gaps = terminal.get(f"{stay}/release-check").json["gaps"]
    ahead = terminal.get("/alerts").json["ahead"]
    return (
        LINE in listed and "By 21:20 BST." in listed,
        [each["words"].startswith(LINE) for each in ahead] == [True],
        f"Soon: Nobody has screened again: it is due by 21:20 BST. {LINE}" in gate,
        "screen_again" in [each["id"] for each in gaps],
    )


def test_the_line_stands_on_every_list_and_at_every_gate(house: House):
    assert seen(house, charged(house)) == (True, True, True, True)


def test_a_new_screening_takes_it_from_all_of_them(house: House):
    """The twin."""
    assert seen(house, charged(house, screened_again=True)) == (False, False, False, False)


def test_the_release_is_recorded_all_the_same_with_a_reason(house: House):
    stay = charged(house)
    desk = house.browser(Role.CUSTODY_SERGEANT)
    form = Page(desk.get(f"{stay}/release").text).form()

    done = desk.post(f"{stay}/release", {**form, "to": "home", "reason": "no_power"})

    assert done.location == f"{stay}?done=released"
