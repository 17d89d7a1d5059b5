"""The release on the full screen, key by key: kept, read over, alarmed, locked, overtaken, lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.desk.people import FIRST, LOWE, OKAFOR, Typed, opened, people_in, reached
from tests.desk.standing import EMERGENCY, NIGHT, PASSWORD, Standing, in_a_loop
from tests.desk.test_full_keys import NEVER, burst, rest, typed
from triage import casework
from triage.desk.client import Left, OpenThing, SignedOut
from triage.desk.full.app import Desk
from triage.desk.full.board import Board
from triage.desk.full.lock import Lock
from triage.desk.full.person import Person
from triage.desk.full.release import Release
from triage.desk.full.release_record import Stage
from triage.desk.leaving import Leaving
from triage.desk.releases import Drafts
from triage.desk.steps import Document
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.domain.findings import Urgency
from triage.present import leaving as said
from triage.present import leaving_form as words
from triage.present.desk import Sheet

NIGHT_GAP = OpenThing("night", Urgency.URGENT, "No safe way home.", "Arrange how they get home.")
PLAN_GAP = OpenThing("plan", Urgency.SOON, "No plan is agreed.", "Agree who calls whom.")
ALERT_GAP = OpenThing("alert:9", Urgency.EMERGENCY, "May have swallowed a package.", "")
# Now, home, his sister, her car, two were told, a plan, nothing of the rest.
ENTER = "enter"
CARED_FOR = [ENTER, "1", *"His sister", ENTER, *"Her car", ENTER, *"His sister", ENTER, *"The GP",
             ENTER, ENTER, *"Call on Sunday", ENTER, "s", ENTER, ENTER]  # fmt: skip
SAID = {
    "occurred_at": "2026-10-24T19:15:00Z", "to": "home", "handed_to": "His sister",
    "transport": "Her car", "told": ["His sister", "The GP"], "plan": "Call on Sunday",
}  # fmt: skip
LOWE_WAS_FIRST = (
    "This stay has ended already: at 20:14 BST TRAINING Lowe recorded that the person left at "
    "20:10 BST, to: court. Correct its time if it is wrong."
)


@dataclass
class Suite(Standing):
    """The suite of the other stories, in which somebody is released."""

    gaps: tuple[OpenThing, ...] = (NIGHT_GAP, PLAN_GAP)
    still: tuple[OpenThing, ...] = ()  # what stays open as it was typed
    ended: str = ""
    answers: list[Exception] = field(default_factory=list)  # raised in turn, and then it works
    arrives: bool = False  # what was sent is on the record although its answer was lost
    released: list[tuple[Document, str]] = field(default_factory=list)

    def sheet(self, stay: str, *, renewing: bool = False) -> Sheet:
        found = Standing.sheet(self, stay, renewing=renewing)
        return replace(found, closed=bool(self.ended), ended=self.ended)

    def open_things(
        self, stay: str, leaving: Document | None, *, renewing: bool = False
    ) -> tuple[OpenThing, ...]:
        self._answers()
        return self.gaps if leaving is None else self.still

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        self.asked.set()
        self.slow.wait()
        self._answers()
        if self.answers:
            error = self.answers.pop(0)
            if self.arrives:
                self.released.append((leaving, key))
            raise error
        if (leaving, key) not in self.released:
            self.released.append((leaving, key))
        return Left(7, stay, self.still, late=False, notices=(), repeated=False)


Story = Callable[[Desk], Awaitable[None]]


@pytest.fixture
def at_the_desk(tmp_path: Path) -> Callable[..., None]:
    """Tell a story at a desk; in it nothing renews itself, and the clock of the desk stands."""

    def tell(client: Any, story: Story, size: tuple[int, int] = (80, 24)) -> None:
        desk = Desk(client, tmp_path / "screenings", tmp_path / "releases", every=NEVER)
        desk.reach.running = desk.running = lambda: 0.0

        async def run() -> None:
            async with desk.run_test(size=size):
                await rest(desk)
                await story(desk)

        in_a_loop(run)

    return tell


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "releases")


def page(desk: Desk) -> Release:
    assert isinstance(desk.room, Release)
    return desk.room


def glass(desk: Desk) -> str:
    """What stands on the whole screen on top, as one text."""
    room = desk.room
    above = [str(line) for line in desk.head(80)]
    parts: list[str] = [*above, room.heading(), room.notice]
    if isinstance(room, Release):
        parts += [str(each.content) for each in (room._asks, room._under) if each.display]
        parts += [room.box.text] if room.box.display else []
    return " ".join(" ".join([*parts, *map(str, room.lines(80))]).split())


async def begun(desk: Desk, *keys: str) -> None:
    """The release of the first on the board, what is open read, and these keys typed."""
    await typed(desk, ENTER, "k", ENTER, *keys)


async def renewed(desk: Desk) -> None:
    """One look at what may have changed, as the desk takes it every few seconds."""
    await desk._renew()
    await rest(desk)


def held(drafts: Drafts) -> Document:
    draft = drafts.kept("s-uu")
    assert draft is not None
    return draft


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


# Kept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", range(0, len(CARED_FOR) + 1, 3))
def test_killed_at_any_key_nothing_typed_is_lost(at_the_desk, drafts: Drafts, after: int):
    """The desk is gone without a word after so many keys; another one goes on with the rest."""
    client = Suite()

    async def until(desk: Desk) -> None:
        await begun(desk, *CARED_FOR[:after])

    async def on(desk: Desk) -> None:
        await begun(desk, *CARED_FOR[after:])
        await typed(desk, "y", ENTER)

    at_the_desk(client, until)
    at_the_desk(client, on)

    assert [document for document, _ in client.released] == [SAID]


def test_what_was_put_off_is_said_on_the_page_and_gone_on_with(at_the_desk, drafts: Drafts):
    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1", *"His sis", "escape")
        assert desk.room.notice == words.KEPT
        assert words.BEGUN in glass(desk)
        await typed(desk, "k")
        assert said.WENT_ON in glass(desk)
        await typed(desk, ENTER)
        assert page(desk).box.text == "His sis"

    at_the_desk(Suite(), story)

    assert held(drafts)["leaving"] == {"occurred_at": SAID["occurred_at"], "to": "home"}


def test_a_release_that_was_only_looked_at_leaves_nothing_behind(at_the_desk, drafts: Drafts):
    async def story(desk: Desk) -> None:
        await begun(desk, "escape")

    at_the_desk(Suite(), story)

    assert drafts.kept("s-uu") is None
    assert not drafts.folder.exists()


def test_one_begun_by_lines_is_gone_on_with_here_and_the_other_way_round(
    at_the_desk, tmp_path: Path, drafts: Drafts, capsys: pytest.CaptureFixture[str]
):
    service = opened(tmp_path)
    stay = people_in(service, NIGHT)[FIRST]
    client = reached(service, OKAFOR, lambda: NIGHT)
    [person] = [each for each in client.people() if each.stay == stay]

    def by_lines(*lines: str) -> Left | None:
        return Leaving(client, Typed(list(lines)), person, drafts.of(stay), drafts.save).run()

    async def story(desk: Desk) -> None:
        await typed(desk, "1", ENTER, "k", ENTER)
        assert "To Home" in glass(desk)
        await typed(desk, *"His sister", ENTER, *"Her c", "escape")

    by_lines("", "1", "q")
    at_the_desk(client, story)
    capsys.readouterr()
    left = by_lines("Her car", "", "s", "s", "", "7", "y")
    told = capsys.readouterr().err
    service.record.close()

    assert left is not None
    assert said.HALF_TYPED.format("Her c") in told
    assert "With       His sister" in told


def test_where_nothing_can_be_written_it_is_said_and_the_release_goes_on(
    at_the_desk, drafts: Drafts
):
    drafts.folder.write_text("no folder", "ascii")
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, ENTER)
        assert "NOT WRITTEN AT THIS TERMINAL" in glass(desk)
        await typed(desk, *CARED_FOR[1:])
        await typed(desk, "y", ENTER)

    at_the_desk(client, story)

    assert [document for document, _ in client.released] == [SAID]


# Refused, lost, overtaken --------------------------------------------------------------------


def test_a_service_that_goes_away_half_way_keeps_every_key_and_goes_on_when_it_is_back(
    at_the_desk, drafts: Drafts
):
    client = Suite(still=(NIGHT_GAP,))

    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1")
        client.gone = True
        await typed(desk, *CARED_FOR[2:])
        lost = glass(desk)
        assert "NOT REACHED since 20:15 BST" in lost
        assert page(desk).left is None
        client.gone = False
        await renewed(desk)
        assert page(desk).stage is Stage.WHY
        await typed(desk, "4")
        await typed(desk, "y", ENTER)

    at_the_desk(client, story)

    assert [document["told"] for document, _ in client.released] == [SAID["told"]]


@pytest.mark.parametrize("arrives", [True, False])
def test_an_answer_that_was_lost_is_asked_for_again_and_it_is_one_release(at_the_desk, arrives):
    client = Suite(answers=[Unreachable("The line broke.")], arrives=arrives)

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR)
        await typed(desk, "y", ENTER)
        assert "Nobody knows whether it arrived." in glass(desk)
        client.ended = LOWE_WAS_FIRST if arrives else ""  # it may well be our own
        await renewed(desk)
        assert page(desk).stage is Stage.OVER
        await typed(desk, "y", ENTER)
        assert isinstance(desk.room, Person)

    at_the_desk(client, story)

    assert len(client.released) == 1


def test_a_fault_about_one_part_puts_that_part_in_focus_with_what_was_typed(at_the_desk):
    client = Suite(answers=[InputError.at("transport", "Is too long.")])

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR)
        await typed(desk, "y", ENTER)
        told = glass(desk)
        assert f"> {said.TRANSPORT}" in told
        assert "NOT RECORDED YET. Travels: Is too long." in told
        assert page(desk).box.text == "Her car"
        await typed(desk, ENTER)
        await typed(desk, "y", ENTER)

    at_the_desk(client, story)

    assert len(client.released) == 1


def test_a_session_that_is_over_locks_and_the_release_goes_on_behind_the_password(at_the_desk):
    client = Suite(answers=[SignedOut("Sign in first.")])

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR)
        await typed(desk, "y", ENTER)
        assert isinstance(desk.screen, Lock)
        await typed(desk, *PASSWORD, ENTER)
        assert page(desk).stage is Stage.OVER
        await typed(desk, "y", ENTER)

    at_the_desk(client, story)

    assert len(client.released) == 1


def test_the_second_of_two_hears_who_was_first_and_reads_what_was_typed_before_it_goes(
    at_the_desk, drafts: Drafts
):
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR)
        client.ended, client.answers = LOWE_WAS_FIRST, [NotAllowed(LOWE_WAS_FIRST)]
        await typed(desk, "y", ENTER)
        told = glass(desk)
        assert LOWE_WAS_FIRST in told
        assert "With His sister" in told and "Plan Call on Sunday" in told
        await typed(desk, "x")
        assert words.READ_FIRST in glass(desk)
        assert drafts.kept("s-uu") is not None
        desk.running = lambda: 5.0
        await typed(desk, "x")
        assert desk.room.notice == words.TAKEN_AWAY

    at_the_desk(client, story)

    assert drafts.kept("s-uu") is None


def test_somebody_who_types_on_hears_it_on_top_and_no_key_of_theirs_takes_anything_away(
    at_the_desk, drafts: Drafts
):
    client = Suite()

    async def story(desk: Desk) -> None:
        await begun(desk, ENTER, "1", *"His e")
        client.ended = LOWE_WAS_FIRST
        await renewed(desk)
        assert words.OVERTAKEN in glass(desk) and LOWE_WAS_FIRST in glass(desk)
        burst(desk, *"x wife", ENTER, "x", ENTER)
        await rest(desk)
        told = glass(desk)
        assert page(desk).stage is Stage.OVERTAKEN
        assert "With His ex wife" in told
        assert "below" not in str(page(desk)._above.content)
        await typed(desk, "escape")

    at_the_desk(client, story)

    assert held(drafts)["half"] == {"handed_to": "His ex wife"}


def test_a_refusal_that_says_nothing_of_another_takes_nothing_away(at_the_desk, drafts: Drafts):
    """The twin of the two before: the same keys, and the person is still here."""
    client = Suite(answers=[NotAllowed("Not now.")])

    async def story(desk: Desk) -> None:
        await begun(desk, *CARED_FOR)
        await typed(desk, "y", ENTER)
        assert f"NOT RECORDED. Not now. {said.KEPT_ALL_THE_SAME}" in glass(desk)
        desk.running = lambda: 5.0
        await typed(desk, "x")

    at_the_desk(client, story)

    assert held(drafts)["leaving"] == SAID


def test_one_begun_for_somebody_who_has_left_is_said_on_the_board_shown_and_taken_away(
    at_the_desk, drafts: Drafts
):
    client = Suite()

    async def story(desk: Desk) -> None:
        assert isinstance(desk.room, Board)
        await begun(desk, ENTER, "1", *"His sister", ENTER, "escape", "b")
        assert words.LEFT_OVER not in glass(desk)
        client.rows, client.ended = client.rows[1:], LOWE_WAS_FIRST
        await renewed(desk)
        assert words.LEFT_OVER in glass(desk)
        await typed(desk, "k")
        assert LOWE_WAS_FIRST in glass(desk) and "With His sister" in glass(desk)
        desk.running = lambda: 5.0
        await typed(desk, "x", "k")
        assert desk.room.notice == words.NONE_BEGUN

    at_the_desk(client, story)

    assert drafts.kept("s-uu") is None


def test_two_sergeants_on_one_real_record_leave_one_release_and_the_second_hears_of_it(
    at_the_desk, tmp_path: Path, drafts: Drafts
):
    service = opened(tmp_path)
    stay = people_in(service, NIGHT)[FIRST]
    client = reached(service, OKAFOR, lambda: NIGHT)
    keys = [ENTER, "1", "s", ENTER, "s", ENTER, ENTER, "s", ENTER, "s", ENTER, ENTER]

    async def story(desk: Desk) -> None:
        await typed(desk, "1", ENTER, "k", ENTER, *keys)
        await typed(desk, "4")
        first = casework.Release(NIGHT, "court", reason="not_given")
        await asyncio.to_thread(
            lambda: casework.release(service, stay, first, actor=LOWE, now=NIGHT)
        )
        await typed(desk, "y", ENTER)
        assert "at 20:15 BST TRAINING Lowe recorded that the person left" in glass(desk)
        assert "Correct its time" in glass(desk)

    at_the_desk(client, story)
    events = service.record.reading().stay_events(stay)
    service.record.close()

    assert [each.header["to"] for each in events if each.kind == "released"] == ["court"]
    assert drafts.kept(stay) is not None
