"""The release on the full screen, key by key: read over, recorded, alarmed, locked."""

from dataclasses import replace

import pytest

from tests.desk.releasing import (
    ALERT_GAP,
    CARED_FOR,
    ENTER,
    NIGHT_GAP,
    SAID,
    Suite,
    begun,
    glass,
    held,
    page,
    renewed,
)
from tests.desk.standing import EMERGENCY, NIGHT, PASSWORD, Standing
from tests.desk.test_full_keys import typed
from triage.desk.client import OpenThing
from triage.desk.full.app import Desk
from triage.desk.full.lock import Lock
from triage.desk.full.person import Person
from triage.desk.full.release_record import Stage
from triage.desk.releases import Drafts
from triage.domain.findings import Urgency
from triage.present import leaving as said
from triage.present import leaving_form as words

# From what is open to the record -------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_what_is_open_stands_first_and_the_release_is_recorded_after_it_was_read_over(
    at_the_desk, drafts: Drafts, size: tuple[int, int]
):
    client = Suite(still=(NIGHT_GAP,))

    async def story(desk: Desk) -> None:
        await typed(desk, ENTER, "k")
        opened = glass(desk)
        assert said.GAPS in opened
        assert "1. URGENT No safe way home. Closes it: Arrange how they get home." in opened
        assert opened.index("1. URGENT") < opened.index("2. SOON No plan is agreed.")
        assert said.LEFT not in opened
        await typed(desk, ENTER, *CARED_FOR)
        assert f"> {said.REASON}" in glass(desk)
        await typed(desk, "4")
        over = glass(desk)
        assert words.OVER in over
        assert "With His sister" in over and "Told His sister; The GP" in over
        assert "Left open 1 thing. Arranged outside this service" in over
        assert client.released == []
        await typed(desk, "y", ENTER)
        assert isinstance(desk.room, Person)
        assert desk.room.notice.startswith(said.on_record(7))

    at_the_desk(client, story, size)

    [(document, _)] = client.released
    assert document == SAID | {"reason": "arranged_outside"}
    assert drafts.kept("s-uu") is None


@pytest.mark.parametrize("keys", [("n", ENTER), (ENTER,), ("y", "down", ENTER), ("y", "x", ENTER)])
def test_no_other_keys_than_y_and_then_enter_record_anything(at_the_desk, keys):
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR)
        await typed(desk, *keys)
        assert page(desk).stage is Stage.OVER

    at_the_desk(client, story)

    assert client.released == []


def test_keys_that_were_typed_ahead_of_the_reading_over_record_nothing(at_the_desk):
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR, "y", ENTER)
        assert "What was typed meanwhile was not used." in glass(desk)

    at_the_desk(client, story)

    assert client.released == []


def test_nothing_open_and_nothing_to_say_is_a_release_of_a_few_keys(at_the_desk):
    client = Suite(gaps=())

    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1", "s", ENTER, "s", ENTER, ENTER, "s", ENTER, "s", ENTER, ENTER)
        assert said.NO_GAPS in glass(desk)
        await typed(desk, "y", ENTER)

    at_the_desk(client, story)

    assert [document for document, _ in client.released] == [
        {"occurred_at": SAID["occurred_at"], "to": "home"}
    ]


def test_letters_that_are_commands_elsewhere_are_words_in_words(at_the_desk, drafts: Drafts):
    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1", *"Quentin! l b q ?", ENTER)

    at_the_desk(Suite(), story)

    assert held(drafts)["leaving"]["handed_to"] == "Quentin! l b q ?"


def test_going_back_shows_what_was_said_and_it_can_be_mended_or_taken_out(
    at_the_desk, drafts: Drafts
):
    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1", *"His sister", ENTER, *"Her car", ENTER, "up", "up")
        assert page(desk).box.text == "His sister"
        await typed(desk, *", Ann", ENTER)
        await typed(desk, "up", *["backspace"] * len("Her car"), ENTER)

    at_the_desk(Suite(), story)

    leaving = held(drafts)["leaving"]
    assert (leaving["handed_to"], leaving.get("transport")) == ("His sister, Ann", None)


def test_a_time_that_happened_twice_is_answered_by_no_key_that_was_typed_ahead(
    at_the_desk, drafts: Drafts
):
    later = replace(Standing().frame, at=NIGHT.replace(day=25, hour=2, minute=5))

    async def story(desk: Desk) -> None:
        await begun(desk, *"01:32", ENTER, "2")
        assert "1 the first: Sun 25 Oct 2026 01:32 BST" in glass(desk)
        assert drafts.kept("s-uu")["leaving"] == {}
        await typed(desk, "2")

    at_the_desk(Suite(frame=later), story)

    assert held(drafts)["leaving"]["occurred_at"] == "2026-10-25T01:32:00Z"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_long_list_and_a_hostile_name_stay_on_the_glass_and_are_read_to_the_end(
    at_the_desk, size: tuple[int, int]
):
    many = tuple(
        OpenThing(f"g{n}", Urgency.SOON, f"Thing {n} \x1b[31m\u202e{'w' * 300}", "Close it.")
        for n in range(40)
    )
    client = Suite(gaps=many, still=many)

    async def story(desk: Desk) -> None:
        await typed(desk, ENTER, "k")
        assert page(desk).pane.below > 0
        await typed(desk, "end")
        assert page(desk).pane.below == 0
        await typed(desk, ENTER, *CARED_FOR[:-1])
        shown = [line for line in page(desk).lines(size[0]) if len(line.plain) > size[0]]
        assert shown == []
        assert "\x1b" not in glass(desk) and "\u202e" not in glass(desk)
        await typed(desk, "pagedown", ENTER)
        await typed(desk, "1")
        assert page(desk).stage is Stage.OVER
        assert page(desk).pane.rows >= 5

    at_the_desk(client, story, size)


# What changes meanwhile ----------------------------------------------------------------------


def test_what_opens_or_closes_meanwhile_is_shown_and_said_while_somebody_types(at_the_desk):
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1", *"His sis")
        client.gaps = (NIGHT_GAP,)
        await renewed(desk)
        assert words.CHANGED in glass(desk) and "No plan is agreed" not in glass(desk)
        await typed(desk, *"ter")
        assert page(desk).box.text == "His sister"

    at_the_desk(client, story)


def test_what_opens_after_it_was_read_over_is_read_before_it_is_recorded(at_the_desk):
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR)
        await typed(desk, "y")
        client.still = (ALERT_GAP,)
        await renewed(desk)
        await typed(desk, ENTER)
        assert page(desk).stage is Stage.WHY
        assert "1. EMERGENCY May have swallowed a package." in glass(desk)
        await typed(desk, "6")
        await typed(desk, "y", ENTER)

    at_the_desk(client, story)

    assert [document["reason"] for document, _ in client.released] == ["inspector_decided"]


@pytest.mark.parametrize("cut", [False, True], ids=["as it is", "with the alarms cut"])
def test_a_new_emergency_rings_stands_on_top_and_takes_no_key_of_the_release(
    at_the_desk, drafts: Drafts, monkeypatch: pytest.MonkeyPatch, cut: bool
):
    """The twin: with its alarms cut, the same desk is silent in the same story."""
    client, rung = Suite(), []

    async def story(desk: Desk) -> None:
        monkeypatch.setattr(desk, "bell", lambda: rung.append("rung"))
        if cut:
            monkeypatch.setattr(desk.alarms, "hear", lambda sheet: False)
        await begun(desk, ENTER, "1", *"His sis")
        client.cards = (EMERGENCY,)
        await renewed(desk)
        alarmed = "NEW EMERGENCY VV, cell M2" in glass(desk)
        assert (alarmed, rung) == ((False, []) if cut else (True, ["rung"]))
        await typed(desk, *"ter!")
        if not cut:
            await typed(desk, "ctrl+e")
            assert isinstance(desk.room, Person) and desk.room.stay == "s-vv"
            await typed(desk, "b")
        assert page(desk).box.text == "His sister!"

    at_the_desk(client, story)

    assert held(drafts)["half"] == {"handed_to": "His sister!"}


def test_the_lock_comes_by_itself_hides_the_release_and_gives_it_back_as_it_was(at_the_desk):
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1", *"His sis")
        before = glass(desk)
        desk.running = lambda: 16 * 60.0
        await desk._tick()
        assert isinstance(desk.screen, Lock)
        locked = glass(desk)
        assert "His sis" not in locked and "UU" not in locked
        await typed(desk, *PASSWORD, ENTER)
        assert glass(desk) == before
        await typed(desk, *"ter", "ctrl+l")
        assert isinstance(desk.screen, Lock)
        await typed(desk, *PASSWORD, ENTER)
        assert page(desk).box.text == "His sister"

    at_the_desk(client, story)


def test_a_desk_at_which_somebody_types_does_not_lock_itself(at_the_desk):
    """The twin: it is the quarter of an hour without a key that locks."""

    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1", *"His sis")
        desk.running = lambda: 14 * 60.0
        await typed(desk, "t")
        desk.running = lambda: 16 * 60.0
        await desk._tick()
        assert page(desk).box.text == "His sist"

    at_the_desk(Suite(), story)
