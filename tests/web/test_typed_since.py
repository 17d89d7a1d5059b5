"""A form that stands open says who typed into the same screening since, or recorded it."""

from datetime import timedelta

import pytest

from triage.domain.roles import Role

from .conftest import House
from .reading import Page
from .test_pages import CUSTODY, opened


@pytest.fixture
def stay(house: House) -> str:
    """The address of somebody who is being screened."""
    desk = house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk")
    return opened(desk, {**CUSTODY, "reference": "TRAINING/CS/0415/26"}, "/open")


def look(house: House, stay: str, known: int):
    """What the form asks for every few seconds, about the state that it shows."""
    desk = house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk")
    headers = {"Renewing": "yes", "If-None-Match": f'"{known}"'}
    return desk.get(f"{stay}/screening", headers=headers)


def shown(house: House, stay: str) -> int:
    """The state that the form shows to whoever opens it."""
    desk = house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk")
    fields = Page(desk.get(f"{stay}/screening").text).all("input")
    return int(next(e.attributes["value"] for e in fields if e.attributes["name"] == "made_on"))


def other(house: House):
    return house.browser(Role.DETENTION_OFFICER, "castle_street", name="other")


def test_nothing_comes_back_until_somebody_typed_and_then_who_and_when(house: House, stay: str):
    known = shown(house, stay)
    before = look(house, stay, known)
    house.record_screening(other(house), stay, {"o.rouse": "voice"}, do="draft")
    after = look(house, stay, known)
    again = look(house, stay, shown(house, stay))

    assert (before.status_code, before.data, again.status_code) == (304, b"", 304)
    assert after.status_code == 200
    assert after.content_type.startswith("text/plain")
    assert " typed here too, at 20:40 BST. It is not in this form yet" in after.text
    assert "voice" not in after.text


def test_that_somebody_recorded_it_is_said_too(house: House, stay: str):
    house.record_screening(other(house), stay, {"o.rouse": "voice"}, do="draft")
    known = shown(house, stay)
    house.record_screening(other(house), stay, {"o.rouse": "voice"})
    told = look(house, stay, known)

    assert "RECORDED THIS SCREENING at Sat 24 Oct 2026 20:40 BST" in told.text


def test_a_form_that_stands_open_is_one_long_look(house: House, stay: str):
    known = shown(house, stay)
    began = house.clock.at
    for _ in range(13):
        house.clock.pass_by(minutes=5)
        assert look(house, stay, known).status_code == 304
        house.browser(Role.CUSTODY_SERGEANT, "castle_street", name="castle.desk").get("/board")

    found = house.record.reading().accesses_between(
        began - timedelta(hours=1), house.clock.at + timedelta(hours=1)
    )
    assert [e.purpose for e in found if "draft" in e.what] == ["care", "kept open"]


def test_a_role_that_types_no_screening_is_told_of_none(house: House, stay: str):
    inspector = house.browser(Role.ADMINISTRATOR)
    headers = {"Renewing": "yes", "If-None-Match": '"0"'}

    assert inspector.get(f"{stay}/screening", headers=headers).status_code == 403
