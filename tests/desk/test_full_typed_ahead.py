"""A key is for what stood on the glass when it was typed, however late a busy machine does it."""

import copy
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual import events

from tests.desk.releasing import CARED_FOR, LOWE_WAS_FIRST, Suite, begun, glass, renewed
from tests.desk.standing import NIGHT, OTHER, QUIET, Standing
from tests.desk.test_form_model import SOME
from tests.desk.test_full_keys import rest, told, typed
from triage.desk.full.app import Desk
from triage.desk.full.screening import ScreeningScreen
from triage.desk.releases import Drafts
from triage.desk.unfinished import Screenings, Typed
from triage.present import leaving_form as words


async def typed_at(desk: Desk, *keys: tuple[str, float]) -> None:
    """Keys that come to be done now, each typed so many seconds ago."""
    for key, ago in keys:
        event = events.Key(key, key if len(key) == 1 else None)
        event.time -= ago
        desk.post_message(event)
    await rest(desk)


@pytest.mark.parametrize(("ago", "opens"), [(4.0, "s-uu"), (0.0, "s-vv")], ids=["before", "twin"])
def test_a_number_that_was_typed_before_the_order_changed_means_who_stood_there(
    ago: float, opens: str
):
    """Three seconds after the change; its twin was typed when the new order could be seen."""

    async def story(desk: Desk) -> None:
        at = desk.running()
        desk.running = lambda: at
        client.rows = (OTHER, QUIET)
        await desk.room.load(renewing=True)
        desk.running = lambda: at + 3
        await typed_at(desk, ("1", ago), ("enter", ago))
        assert desk.room.stay == opens

    client = Standing()
    told(client, story)


@dataclass
class Slow:
    """The one clock of a machine that takes a second for everything that it does."""

    at: float = 1_000_000.0

    def __call__(self) -> float:
        self.at += 1.0
        return self.at


BURST = ("1", "1", "n", "n", "z", "1", "y", "y", "q", "q", "4", "enter")
TAKEN = ["language_help", "says_why_here", "first_time_in_cell", "ill_or_hurt"]


@pytest.mark.parametrize("apart", [0.0, 10.0], ids=["a burst", "twin: one after the other"])
def test_keys_behind_one_that_was_not_taken_are_not_taken_on_a_slow_machine_either(
    tmp_path: Path, apart: float
):
    async def story(desk: Desk) -> None:
        await typed(desk, "enter", "s")
        screen, slow = desk.screen, Slow()
        assert isinstance(screen, ScreeningScreen)
        screen._seconds = desk.stamp = slow
        for number, key in enumerate(BURST):
            event = events.Key(key, key if len(key) == 1 else None)
            event.time = slow.at + apart * number
            desk.post_message(event)
        await rest(desk)
        kept = Screenings(tmp_path).of("s-uu")
        assert kept is not None
        answered = list(kept.document["answers"])
        dropped = "7 keys typed ahead behind it not" in str(screen._glass.content)
        assert (answered == TAKEN, dropped) == (not apart, not apart)
        assert answered[: len(TAKEN)] == TAKEN

    Screenings(tmp_path).keep(Typed("s-uu", copy.deepcopy(SOME)), now=NIGHT)
    told(Standing(), story, folder=tmp_path)


@pytest.mark.parametrize("ago", [6.0, 0.0], ids=["before", "twin"])
def test_what_was_typed_before_anybody_could_read_who_was_first_takes_nothing_away(
    at_the_desk, drafts: Drafts, ago: float
):
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR)
        client.ended = LOWE_WAS_FIRST
        await renewed(desk)
        assert LOWE_WAS_FIRST in glass(desk)
        desk.running = lambda: 5.0
        desk._unseen_until = 0.0  # it was read over long before
        await typed_at(desk, ("x", ago))
        assert (words.READ_FIRST in glass(desk)) is bool(ago)

    at_the_desk(client, story)

    assert (drafts.kept("s-uu") is not None) is bool(ago)
