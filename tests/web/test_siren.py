"""The door that pages ask for a sign of life, and the sound test, without a browser."""

import hmac
import re
from hashlib import sha256

import pytest

from triage.domain.roles import Role
from triage.record import EventKind

from .conftest import House
from .test_pages import CUSTODY, opened

NONCE = "00112233445566778899aabbccddeeff"


def key_of(house: House, browser) -> bytes:
    found = re.search(r'data-key="([0-9a-f]{64})"', browser.get("/board").text)
    assert found is not None
    return bytes.fromhex(found[1])


def asked(browser, nonce: str = NONCE):
    return browser.get(f"/alive?nonce={nonce}").json


def beat(house: House) -> None:
    with house.record.writing(now=house.clock.at) as writing:
        writing.heartbeat()


def emergency(house: House) -> None:
    desk = house.browser(Role.CUSTODY_SERGEANT)
    person = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, person, {"o.rouse": "none"})


def test_the_answer_is_signed_over_everything_it_says_and_repeats_what_was_asked(house: House):
    browser = house.browser(Role.CUSTODY_SERGEANT)
    beat(house)
    house.clock.pass_by(seconds=3)
    told = asked(browser)

    mac = told.pop("mac")
    said = "\n".join(f"{name}={told[name]}" for name in sorted(told)).encode()
    assert told == {
        "nonce": NONCE, "at": "2026-10-24T19:40:03Z", "beat_age": "3.000", "ring": "",
        "waiting": "0", "signed_in": "yes", "newest": "0",
    }  # fmt: skip
    assert mac == hmac.new(key_of(house, browser), said, sha256).hexdigest()


def test_another_installation_has_another_key_and_this_one_keeps_its_own(house: House):
    browser = house.browser(Role.CUSTODY_SERGEANT)
    first, again = key_of(house, browser), key_of(house, browser)
    (house.service.settings.instance / "siren.key").unlink()

    assert first == again
    assert key_of(house, browser) != first


def test_the_key_can_be_read_by_its_owner_alone(house: House):
    key_of(house, house.browser(Role.CUSTODY_SERGEANT))

    assert (house.service.settings.instance / "siren.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("nonce", ["", "xyz", "0" * 7, "0" * 65, "<script>"])
def test_a_question_that_cannot_be_repeated_is_refused(house: House, nonce: str):
    assert house.browser().get("/alive", query_string={"nonce": nonce}).status_code == 422


def test_watching_is_not_being_there_and_a_session_that_ran_out_still_rings(house: House):
    emergency(house)
    browser = house.browser(Role.CUSTODY_SERGEANT)
    assert asked(browser)["signed_in"] == "yes"
    for _ in range(4):
        house.clock.pass_by(minutes=4)
        told = asked(browser)

    assert (told["signed_in"], told["ring"]) == ("no", "siren")
    assert browser.get("/board").status_code == 303


def test_after_the_shift_or_a_sign_out_nothing_is_told(house: House):
    emergency(house)
    browser = house.browser(Role.CUSTODY_SERGEANT)
    house.clock.pass_by(hours=12)

    assert (asked(browser)["ring"], asked(browser)["signed_in"]) == ("", "no")
    assert asked(house.browser())["ring"] == ""


def test_an_emergency_rings_at_the_desk_until_police_take_it(house: House):
    emergency(house)
    desk, nurse = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.CUSTODY_HCP)
    assert (asked(desk)["ring"], asked(nurse)["ring"]) == ("siren", "siren")
    for alert in house.record.reading().open_alerts():
        form = {"alert": alert.key, "kind": "police"}
        assert desk.post("/alerts/acknowledge", form).status_code == 303

    assert (asked(desk)["ring"], asked(nurse)["ring"]) == ("", "siren")


def test_what_is_for_other_suites_does_not_ring_here(house: House):
    emergency(house)
    elsewhere = house.browser(Role.CUSTODY_SERGEANT, "dock_road", name="other.desk")

    assert asked(elsewhere)["ring"] == ""


def test_a_page_for_nobody_and_for_an_administrator_keeps_no_watch(house: House):
    assert "siren.js" not in house.browser().get("/sign-in").text
    assert "siren.js" not in house.browser(Role.ADMINISTRATOR).get("/accounts").text


# The sound test ------------------------------------------------------------------------------


def untested(browser) -> bool:
    return "was not tested since you signed in" in browser.get("/board").text


def notes(house: House) -> list[object]:
    found = house.record.reading().all_events()
    return [(e.actor.account, dict(e.header)) for e in found if e.kind is EventKind.NOTE]


def test_a_page_asks_for_the_test_until_the_beeps_were_heard_in_this_session(house: House):
    browser = house.browser(Role.CUSTODY_SERGEANT)
    assert untested(browser)
    answer = browser.post("/sound-test", {"played": "3", "pressed": "3"})

    assert answer.status_code == 303
    assert not untested(browser)
    assert notes(house) == [
        ("custody.sergeant", {"about": "sound_test", "heard": True}),
    ]
    house.clock.pass_by(minutes=1)
    assert untested(house.browser(Role.CUSTODY_SERGEANT))  # a new shift, a new test


@pytest.mark.parametrize("pressed", ["2", "none"])
def test_what_was_not_heard_is_recorded_and_says_what_to_do(house: House, pressed: str):
    browser = house.browser(Role.CUSTODY_SERGEANT)
    answer = browser.post("/sound-test", {"played": "3", "pressed": pressed})

    assert answer.status_code == 200
    assert "look at the alerts every two minutes" in answer.text
    assert untested(browser)
    assert notes(house) == [
        ("custody.sergeant", {"about": "sound_test", "heard": False}),
    ]


@pytest.mark.parametrize("form", [{}, {"played": "9", "pressed": "9"}, {"played": "1"}])
def test_a_test_that_was_not_played_is_none(house: House, form: dict[str, str]):
    browser = house.browser(Role.CUSTODY_SERGEANT)

    assert browser.post("/sound-test", form).status_code == 422
    assert notes(house) == []
