"""What tells an open list that it may be old, and what its own looks leave in the access log."""

from triage.domain.roles import Role

from .conftest import House
from .test_pages import CUSTODY, opened
from .test_siren import asked

RENEWING = {"Renewing": "yes"}
LISTS = ("/board", "/alerts", "/worklist", "/section-136")


def another(house: House, suite: str, number: int = 2) -> None:
    form = {**CUSTODY, "suite": suite, "reference": f"TRAINING/{number}"}
    opened(house.browser(Role.CUSTODY_SERGEANT), form, "/open")


def test_an_event_in_another_suite_does_not_make_a_board_renew_itself(house: House):
    castle = house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk")
    dock = house.browser(Role.CUSTODY_SERGEANT, "dock_road", name="dock.desk")
    every = house.browser(Role.CUSTODY_SERGEANT, name="every.desk")
    before = [asked(each)["newest"] for each in (castle, dock, every)]
    another(house, "dock_road")
    after = [asked(each)["newest"] for each in (castle, dock, every)]

    assert [was == now for was, now in zip(before, after, strict=True)] == [True, False, False]


def test_an_event_in_its_own_suite_does(house: House):
    castle = house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk")
    before = asked(castle)["newest"]
    another(house, "castle_street")

    assert asked(castle)["newest"] != before


def test_a_list_that_was_just_made_has_the_mark_that_is_told(house: House):
    """Otherwise it would renew itself for ever."""
    another(house, "castle_street")
    nurse = house.browser(Role.LEAD_NURSE, "castle_street", name="lead")

    for path in LISTS[:3]:
        assert f'data-live="{asked(nurse)["newest"]}"' in nurse.get(path).text


def test_whoever_sees_no_list_is_told_of_no_change(house: House):
    another(house, "castle_street")
    gone = house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk")
    house.clock.pass_by(minutes=16)

    watchers = (gone, house.browser(), house.browser(Role.ADMINISTRATOR))
    assert [asked(each)["newest"] for each in watchers] == ["", "", ""]


def purposes(house: House) -> list[str | None]:
    at = house.clock.at
    found = house.record.reading().accesses_between(at.replace(hour=0), at.replace(hour=23))
    return [each.purpose for each in found if each.what.startswith("board")]


def test_a_board_that_renews_itself_does_not_fill_the_access_log(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk")
    desk.get("/board")
    for _ in range(13):
        house.clock.pass_by(minutes=5)
        assert desk.get("/board", headers=RENEWING).status_code == 200
        desk.get("/handover")  # somebody is there, so the session goes on

    assert purposes(house) == [None, "kept open"]


def test_a_board_that_somebody_loads_again_is_logged_each_time(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk")
    for _ in range(3):
        desk.get("/board")

    assert purposes(house) == [None] * 3
