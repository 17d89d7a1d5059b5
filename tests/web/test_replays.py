"""A request whose answer was lost is sent again later, under its own key: stored once, answered."""

from typing import Any

import pytest

from .conftest import House
from .test_api import HOSPITAL, OPENING, SCREEN, digest, opened

AT = "2026-10-24T19:40:00Z"
KEYED: dict[str, dict[str, Any]] = {
    "/stays/{stay}/screenings": SCREEN,
    "/stays/{stay}/events": {"kind": "arrived", "place": "a_and_e", "occurred_at": AT},
    "/stays/{stay}/visits": {"occurred_at": AT},
    "/stays/{stay}/rousings": {"occurred_at": AT, "rouse": True},
    "/stays/{stay}/routes": {
        "outcome": "declined", "route": "liaison_nurse", "reason": "no", "occurred_at": AT,
    },
    "/stays/{stay}/release": {"occurred_at": AT, "to": "home", "reason": "not_given"},
    "/stays": HOSPITAL,
}  # fmt: skip


@pytest.mark.parametrize("path", KEYED)
def test_what_is_sent_again_a_moment_later_is_answered_and_not_done_again(house: House, path: str):
    """A terminal that lost its line, or a server that was killed, must not end in a conflict."""
    desk = house.terminal("custody_sergeant")
    address = path.format(stay=opened(desk, OPENING))

    first = desk.post(address, KEYED[path], key="desk-1-again")
    before = digest(house)
    house.clock.pass_by(seconds=3)
    again = desk.post(address, KEYED[path], key="desk-1-again")

    assert (first.status_code, again.status_code) == (201, 200), again.json
    assert again.json.get("seq") == first.json.get("seq")
    assert digest(house) == before


def test_another_screening_under_the_same_key_is_a_conflict(house: House):
    desk = house.terminal("custody_sergeant")
    stay = opened(desk)
    desk.post(f"/stays/{stay}/screenings", SCREEN, key="desk-1-again")
    before = digest(house)

    other = {**SCREEN, "answers": {"self_harm_now": "no"}}
    answer = desk.post(f"/stays/{stay}/screenings", other, key="desk-1-again")

    assert (answer.status_code, digest(house)) == (409, before)
