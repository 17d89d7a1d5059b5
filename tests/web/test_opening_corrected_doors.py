"""Whoever puts right when a record was opened hears at each door what it does to the clocks."""

import pytest

from tests.web.conftest import Browser, House
from tests.web.reading import Page
from tests.web.test_pages import CUSTODY, opened
from triage.domain.roles import Role
from triage.present.changes import OPENING_MOVES

NONE = "This moves no PACE clock: they count from entry"
MOVED = "The correction is on the record. The PACE clocks moved with it: see below."
NOT_MOVED = "The correction is on the record. It moved no PACE clock: record the arrival."


def somebody(house: House, *, arrived: bool) -> tuple[Browser, str, int]:
    """Opened at 20:35, of which an arrival at 20:38 may be recorded; and the entry that opened."""
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    if arrived:
        form = Page(desk.get(f"{stay}/event?kind=arrived_station").text).form()
        typed = {**form, "kind": "arrived_station", "at": "20:38", "at_day": "2026-10-24"}
        assert desk.post(f"{stay}/event", typed).location == f"{stay}?done=event"
    [first, *_] = house.record.reading().stay_events(stay.rpartition("/")[2])
    return desk, stay, first.seq


def corrected(desk: Browser, stay: str, seq: int) -> tuple[str, str]:
    """What the page says before the correction to 20:30, and what it says after it."""
    address = f"{stay}/entries/{seq}/correct"
    page = Page(desk.get(address).text)
    typed = {"what": "time", "at": "20:30", "at_day": "2026-10-24", "reason": "read wrongly"}
    answer = desk.post(address, {**page.form(), **typed})
    assert answer.status_code == 303, Page(answer.text).words()
    return page.words(), Page(desk.get(answer.location).text).words()


def test_while_no_arrival_is_recorded_the_page_says_that_the_clocks_move_and_moves_them(
    house: House,
):
    before, after = corrected(*somebody(house, arrived=False))

    assert OPENING_MOVES in before
    assert MOVED in after
    assert "First PACE review: due Sun 25 Oct 01:30 GMT, was Sun 25 Oct 01:35 GMT." in after


def test_once_an_arrival_is_recorded_the_page_says_that_none_moves_and_what_to_do(house: House):
    before, after = corrected(*somebody(house, arrived=True))

    assert NONE in before
    assert "If that is not the arrival at the station, record the arrival" in before
    assert NOT_MOVED in after
    assert ", was Sun 25 Oct" not in after


def test_a_correction_of_anything_else_says_nothing_of_the_opening(house: House):
    """The twin: the sentences are of the opening alone."""
    desk, stay, _ = somebody(house, arrived=True)
    events = house.record.reading().stay_events(stay.rpartition("/")[2])
    [came] = [each.seq for each in events if each.header.get("kind") == "arrived_station"]
    before, after = corrected(desk, stay, came)

    assert OPENING_MOVES not in before and NONE not in before
    assert MOVED not in after and NOT_MOVED not in after
    assert "The correction is on the record." in after


@pytest.mark.parametrize(("arrived", "heard"), [(False, []), (True, [NONE])])
def test_a_terminal_hears_it_in_the_answer(house: House, arrived: bool, heard: list[str]):
    _, _, seq = somebody(house, arrived=arrived)
    right = {"reason": "read wrongly", "occurred_at": "2026-10-24T19:34:00Z"}
    answer = house.terminal(Role.CUSTODY_SERGEANT).post(f"/events/{seq}/corrections", right)

    assert answer.status_code == 201
    assert [words[: len(NONE)] for words in answer.json["notices"]] == heard
