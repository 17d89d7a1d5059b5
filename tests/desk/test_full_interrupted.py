"""Somebody in the middle of a form: an emergency, the lock, and what was typed still there."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from tests.desk.standing import EMERGENCY, PASSWORD, Standing
from tests.desk.test_full_keys import glass, told, typed
from tests.desk.test_full_recording import GROUP
from triage.desk.full.alarms import Alarms
from triage.desk.full.app import Desk
from triage.desk.full.form import Form
from triage.desk.full.lock import Lock

ENTER = "enter"
SECRET = ("UU", "VV", "M1", "M2", "Half a word")  # of nobody here may stand on a locked desk
FORMS = {
    "a note": (ENTER, "n", *"Half a word"),
    "a visit": (ENTER, "v", ENTER, "p", ENTER, *"Half a word"),
    "a rousing check": (ENTER, "r", ENTER, "p", ENTER, *"Half a word"),
    "an event": (ENTER, "e", *"charged", ENTER, ENTER, "2", ENTER, *"Half a word"),
    "what was done": (ENTER, "d", *"Half a word"),
    "how it ended": (ENTER, "c", "2", ENTER, *"Half a word"),
    "a new stay": ("o", "c", ENTER, ENTER, *"CS/0003/26", ENTER, *"Half a word"),
}
each_form = pytest.mark.parametrize("keys", FORMS.values(), ids=FORMS)


URGENT = replace(
    EMERGENCY, key="s-uu:screening:urgent:4", stay="s-uu", level="urgent", level_words="Urgent",
    where="UU, cell M1, Castle Street",
)  # fmt: skip


def in_a_form(keys: tuple[str, ...], story: Callable[[Desk, Standing], Awaitable[None]]) -> None:
    """Somebody in the middle of a word of this form; then there is an emergency of another."""
    client = Standing(happened=(GROUP,), cards=(URGENT,))

    async def begun(desk: Desk) -> None:
        await typed(desk, *keys)
        assert isinstance(desk.room, Form)
        client.cards = (URGENT, EMERGENCY)
        await story(desk, client)

    told(client, begun)


def answers(desk: Desk) -> list[object]:
    assert isinstance(desk.room, Form)
    return [desk.room.at, *(each.kept() for each in desk.room.fields)]


async def at_the_emergency_and_back(desk: Desk, client: Standing) -> None:
    before = answers(desk)
    await desk._renew()
    assert "NEW EMERGENCY VV, cell M2, Castle Street" in glass(desk)
    await typed(desk, "ctrl+e")
    assert desk.room.stay == "s-vv"
    await typed(desk, "b")
    assert answers(desk) == before


async def away_and_back(desk: Desk, client: Standing) -> None:
    """Nobody is there for a quarter of an hour, and the emergency comes meanwhile."""
    before, touched = answers(desk), desk.running()
    desk.running = lambda: touched + 16 * 60
    await desk._tick()
    assert isinstance(desk.screen, Lock)
    await desk._renew()
    locked = glass(desk)
    assert [said for said in SECRET if said in locked] == []
    assert "1 NEW EMERGENCY" in locked
    await typed(desk, *PASSWORD, ENTER)
    assert answers(desk) == before
    assert "NEW EMERGENCY VV" in glass(desk)
    await typed(desk, *" more")
    assert answers(desk)[-1] in ("Half a word more", "")  # a new stay ends with its time


@each_form
def test_an_emergency_stands_over_every_form_and_leaves_it_whole(keys: tuple[str, ...]):
    in_a_form(keys, at_the_emergency_and_back)


@each_form
def test_the_lock_over_every_form_names_nobody_and_gives_all_of_it_back(keys: tuple[str, ...]):
    in_a_form(keys, away_and_back)


def test_with_its_alarms_cut_the_same_form_is_silent(monkeypatch: pytest.MonkeyPatch):
    """The twin."""
    monkeypatch.setattr(Alarms, "hear", lambda self, sheet: False)

    with pytest.raises(AssertionError, match="NEW EMERGENCY"):
        in_a_form(FORMS["an event"], at_the_emergency_and_back)


def test_going_to_an_emergency_in_the_place_of_the_form_would_lose_it(
    monkeypatch: pytest.MonkeyPatch,
):
    """The twin."""
    honest = Desk.open_about

    async def instead(desk: Desk, found: object) -> None:
        await desk.pop_screen()
        await honest(desk, found)

    monkeypatch.setattr(Desk, "open_about", instead)

    with pytest.raises(AssertionError):
        in_a_form(FORMS["an event"], at_the_emergency_and_back)


def test_a_lock_in_the_place_of_the_form_would_lose_it(monkeypatch: pytest.MonkeyPatch):
    """The twin."""

    async def instead(desk: Desk, why: str = "") -> None:
        if not desk.locked:
            await desk.switch_screen(Lock(why))

    monkeypatch.setattr(Desk, "lock", instead)

    with pytest.raises(AssertionError):
        in_a_form(FORMS["an event"], away_and_back)


def test_a_desk_that_did_not_know_that_it_is_locked_would_name_them(
    monkeypatch: pytest.MonkeyPatch,
):
    """The twin."""
    honest = Alarms.line
    monkeypatch.setattr(Alarms, "line", lambda self, locked: honest(self, locked=False))

    with pytest.raises(AssertionError, match="VV"):
        in_a_form(FORMS["an event"], away_and_back)
