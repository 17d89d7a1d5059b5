"""The full-screen desk key by key, against a service that is slow, lost or back again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from textual import events

from tests.desk.standing import EMERGENCY, FRAME, OTHER, PASSWORD, QUIET, Standing, in_a_loop
from triage.desk.full.alerts import Alerts
from triage.desk.full.app import Desk
from triage.desk.full.form import Form
from triage.desk.full.one import One
from triage.desk.full.room import Room
from triage.desk.half import HalfForms

Story = Callable[[Desk], Awaitable[None]]
NEVER = 3600.0  # seconds between two looks: what is shown changes when the test says so


def told(
    client: Standing, story: Story, size: tuple[int, int] = (80, 24), folder: Path | None = None
) -> Desk:
    """The desk as it stands after a story; nothing in it renews itself, and its time stands."""
    with TemporaryDirectory() as fresh:
        desk = Desk(client, folder or Path(fresh), Path(fresh, "releases"), every=NEVER)
        desk.reach.running = lambda: 0.0

        async def run() -> None:
            async with desk.run_test(size=size):
                await rest(desk)
                await story(desk)

        in_a_loop(run)
    return desk


async def rest(desk: Desk) -> None:
    """Until every key is done and every answer is there, however long that takes."""
    while True:
        await done_by(desk.call_later)
        answers = [each for each in desk.workers if not each.is_finished]
        if not answers and not desk._held:
            break
        await desk.workers.wait_for_complete(answers)
    await done_by(desk.screen.call_after_refresh)


async def done_by(later: Callable[..., object]) -> None:
    """Until whatever was asked for before this has been done."""
    done = asyncio.Event()
    later(done.set)
    await done.wait()


def burst(desk: Desk, *keys: str) -> None:
    """Keys as a slow line hands them over: all at once, before the first of them is done."""
    for key in keys:
        desk.post_message(events.Key(key, key if len(key) == 1 else None))


async def typed(desk: Desk, *keys: str) -> None:
    """The same, and every answer is waited for."""
    burst(desk, *keys)
    await rest(desk)


def glass(desk: Desk) -> str:
    """What stands on the screen on top."""
    room = desk.room
    lines = [*room.desk.head(80), room.heading(), room.notice, *room.lines(80)]
    return "\n".join(str(line) for line in lines)


def test_a_burst_of_keys_opens_a_person_and_every_letter_lands_in_the_note():
    client = Standing()

    async def story(desk: Desk) -> None:
        await typed(desk, "down", "enter", "n", *"Quiet! l b q 1?", "enter", "enter", "v")
        assert isinstance(desk.screen, Form)
        assert desk.screen.what == "VISIT"

    told(client, story)

    what, stay, document, _ = client.sent[0]
    assert (what, stay, document["words"]) == ("note", "s-vv", "Quiet! l b q 1?")


def test_keys_typed_while_the_service_is_slow_wait_for_their_screen():
    client = Standing()

    async def story(desk: Desk) -> None:
        await typed(desk, "enter", "n")
        client.slow.clear()
        burst(desk, *"First", "enter", "enter", "n", *"Second", "enter", "enter")
        await asyncio.to_thread(client.asked.wait)
        assert [document["words"] for _, _, document, _ in client.sent] == ["First"]
        client.slow.set()
        await rest(desk)

    told(client, story)

    assert [document["words"] for _, _, document, _ in client.sent] == ["First", "Second"]


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key_and_the_same_words():
    client = Standing(losing=True)

    async def story(desk: Desk) -> None:
        await typed(desk, "enter", "v", "enter", "enter", *"Asleep", "enter")
        assert "not known whether this is on the record" in glass(desk)
        await typed(desk, *"x", "escape", "v")
        client.losing = False
        await typed(desk, "enter")

    told(client, story)

    assert len(client.sent) == 2
    assert client.sent[0] == client.sent[1]
    assert len(client.recorded) == 1


def test_what_is_typed_anew_after_an_answer_goes_with_another_key():
    client = Standing()

    async def story(desk: Desk) -> None:
        for _ in range(2):
            await typed(desk, "enter", "v", "enter", "enter", *"Asleep", "enter", "b")

    told(client, story)

    assert len({key for _, _, _, key in client.sent}) == len(client.recorded) == 2


def test_what_is_shown_stays_and_says_since_when_nobody_answers():
    client = Standing()

    async def story(desk: Desk) -> None:
        client.gone = True
        await desk.room.load(renewing=True)
        assert "NOT REACHED since 20:15 BST" in glass(desk)
        assert desk.room.rows == (QUIET, OTHER)
        client.gone = False
        await desk.room.load(renewing=True)
        assert "NOT REACHED" not in glass(desk)

    told(client, story)


def test_whoever_is_marked_stays_marked_when_the_order_changes():
    client = Standing()

    async def story(desk: Desk) -> None:
        client.rows = (replace(OTHER, level="emergency", urgency="Emergency"), QUIET)
        await desk.room.load(renewing=True)
        await typed(desk, "enter")
        assert desk.room.stay == "s-uu"

    told(client, story)


def test_a_number_means_the_order_that_was_there_to_be_seen():
    client = Standing()

    async def story(desk: Desk) -> None:
        at = desk.running()
        desk.running = lambda: at  # no time passes between the new order and the key
        client.rows = (OTHER, QUIET)
        await desk.room.load(renewing=True)
        await typed(desk, "1", "enter")
        assert desk.room.stay == "s-uu"
        await typed(desk, "b")
        desk.running = lambda: at + 60
        await typed(desk, "1", "enter")
        assert desk.room.stay == "s-vv"

    told(client, story)


def test_nobody_opens_by_enter_once_the_one_who_was_marked_has_left():
    client = Standing()

    async def story(desk: Desk) -> None:
        client.rows = (OTHER,)
        await desk.room.load(renewing=True)
        assert "UU, cell M1 is no longer on the board" in glass(desk)
        await typed(desk, "enter")
        assert len(desk.screen_stack) == 1

    told(client, story)


def test_an_answer_older_than_the_last_question_is_dropped():
    client = Standing()

    async def story(desk: Desk) -> None:
        room, late = desk.room, client.board()
        answers = [late, replace(late, heading="The later one.")]
        first, second = asyncio.Event(), asyncio.Event()
        waits = [first, second]

        async def ask(call: Callable[[], object]) -> object:
            mine, answer = waits.pop(0), answers.pop(0)
            await mine.wait()
            return answer

        desk.ask = ask
        one, two = (asyncio.create_task(room.load(renewing=True)) for _ in range(2))
        second.set()
        await two
        first.set()
        await one
        assert room.heading() == "BOARD: The later one."

    told(client, story)


def test_somebody_is_found_by_cell_by_initials_and_by_the_end_of_their_number():
    for wanted in ("m2", "vv", "02/26"):
        client = Standing()

        async def story(desk: Desk, keys: str = wanted) -> None:
            await typed(desk, "/", *keys, "enter")
            assert desk.room.stay == "s-vv"

        told(client, story)


def test_a_new_emergency_stands_on_top_of_a_form_and_takes_none_of_its_keys():
    client = Standing()

    async def story(desk: Desk) -> None:
        await typed(desk, "enter", "n", *"Half a ")
        client.cards = (EMERGENCY,)
        desk.alarms.hear(client.alerts())
        await typed(desk, *"word!")
        assert "NEW EMERGENCY VV, cell M2, Castle Street" in glass(desk)
        assert desk.screen.fields[0].value() == "Half a word!"
        await typed(desk, "ctrl+e")
        assert desk.room.stay == "s-vv"
        assert "NEW EMERGENCY" not in glass(desk)
        await typed(desk, "b", "!")
        assert desk.screen.fields[0].value() == "Half a word!!"

    told(client, story)


def test_an_emergency_that_was_there_from_the_beginning_is_not_called_new():
    client = Standing(cards=(EMERGENCY,))

    async def story(desk: Desk) -> None:
        assert "NEW EMERGENCY" not in glass(desk)
        await typed(desk, "!")
        assert desk.room.stay == "s-vv"

    told(client, story)


def test_the_lock_names_nobody_and_gives_back_what_was_half_typed():
    client = Standing()

    async def story(desk: Desk) -> None:
        await typed(desk, "enter", "n", *"Half", "ctrl+l")
        client.cards = (EMERGENCY,)
        desk.alarms.hear(client.alerts())
        locked = glass(desk)
        assert not any(said in locked for said in ("UU", "VV", "M1", "M2", "Half"))
        assert "1 NEW EMERGENCY" in locked
        await typed(desk, *"not it", "enter")
        assert desk.locked
        assert "That is not the password." in glass(desk)
        await typed(desk, *PASSWORD, "enter", *" a word")
        assert desk.screen.fields[0].value() == "Half a word"

    told(client, story)


def test_the_desk_locks_itself_after_the_minutes_that_the_service_says():
    client = Standing()

    async def story(desk: Desk) -> None:
        touched = desk.running()
        desk.running = lambda: touched + 14 * 60
        await desk._tick()
        assert not desk.locked
        desk.running = lambda: touched + 16 * 60
        await desk._tick()
        assert desk.locked

    told(client, story)


def test_a_locked_desk_whose_session_ends_says_that_it_counts_no_alarms_any_more():
    client = Standing()

    async def story(desk: Desk) -> None:
        await desk.lock()
        await desk._renew()
        assert "no new emergency is shown here" not in " ".join(glass(desk).split())
        client.over = True
        await desk._renew()
        assert "no new emergency is shown here" in " ".join(glass(desk).split())
        await typed(desk, *PASSWORD, "enter")
        assert not desk.locked

    told(client, story)


@pytest.mark.parametrize(("keys", "rouse"), [("p", True), ("f", False)])
def test_a_rousing_check_says_at_once_what_must_be_done_when_it_is_not_passed(
    keys: str, rouse: bool
):
    client = Standing()

    async def story(desk: Desk) -> None:
        await typed(desk, "enter", "r", "enter", "enter")
        assert client.sent == []  # nobody passes or fails by Enter alone
        await typed(desk, keys)
        loud = "CALL 999" in str(desk.screen.fields[1].shown.content)
        assert loud is not rouse
        await typed(desk, "enter", "enter")

    told(client, story)

    assert client.sent[0][2]["rouse"] is rouse


def test_one_key_takes_everything_about_a_person_and_closing_needs_words():
    client = Standing(cards=(EMERGENCY,))

    async def story(desk: Desk) -> None:
        await typed(desk, "!", "t", "c", "1", "enter", "enter")
        assert [what for what, *_ in client.sent] == ["take"]
        assert isinstance(desk.screen, Form)
        await typed(desk, *"With the nurse", "enter")

    told(client, story)

    assert client.sent[1][:3] == (
        "close", EMERGENCY.key, {"outcome": "seen_by_clinician", "words": "With the nurse"},
    )  # fmt: skip


def test_every_screen_stands_on_the_smallest_glass():
    client = Standing(cards=(EMERGENCY,))

    async def story(desk: Desk) -> None:
        for keys in (("down",), ("enter",), ("v",), ("escape", "n"), ("escape", "?")):
            await typed(desk, *keys)
            assert isinstance(desk.screen, Room)
            assert desk.screen._below.region.bottom == 24

    told(client, story)


@pytest.mark.parametrize(("key", "at"), [("1", "00:32"), ("2", "01:32")])
def test_a_visit_in_the_hour_that_comes_twice_asks_which_one_it_was(key: str, at: str):
    client = Standing(frame=replace(FRAME, at=datetime(2026, 10, 25, 1, 40, tzinfo=UTC)))

    async def story(desk: Desk) -> None:
        await typed(desk, "enter", "v", *"01:32", "enter", *"x12", "enter")
        assert client.sent == []
        lines = "".join(str(line) for line in desk.screen.fields[0].below(80))
        assert "01:32 BST" in lines
        assert "01:32 GMT" in lines
        assert "was not used" in glass(desk)
        await typed(desk, key, "enter", "enter", "enter")

    told(client, story)

    assert client.sent[0][2]["occurred_at"] == f"2026-10-25T{at}:00Z"


def test_nobody_waits_for_a_slow_service_to_go_back():
    client = Standing()

    async def story(desk: Desk) -> None:
        client.slow_pages.clear()
        burst(desk, "enter")
        await done_by(desk.call_later)
        assert len(desk.screen_stack) == 2
        burst(desk, "escape", "down")
        await done_by(desk.call_later)
        assert len(desk.screen_stack) == 1
        assert desk.room.chosen == "s-vv"
        client.slow_pages.set()
        await rest(desk)
        assert len(desk.screen_stack) == 1

    told(client, story)


def test_a_stay_is_opened_by_its_number_and_its_page_stands_there():
    client = Standing()

    async def story(desk: Desk) -> None:
        await typed(desk, "o", "enter", "enter", *"CS/9", "enter", *"M7", "enter", "enter")
        assert desk.room.stay == "s-new"

    told(client, story)

    what, _, document, _ = client.sent[0]
    opened = {name: each for name, each in document.items() if name != "opened_at"}
    assert what == "open"
    assert opened == {
        "kind": "custody", "suite": "castle_street", "reference": "CS/9", "cell": "M7",
    }  # fmt: skip


def test_an_emergency_of_the_service_itself_opens_the_list_where_it_stands():
    client = Standing(cards=(replace(EMERGENCY, key="space:1", stay="", where=""), EMERGENCY))

    async def story(desk: Desk) -> None:
        await typed(desk, "!")
        assert desk.room.stay == "s-vv"
        client.cards = client.cards[:1]
        desk.alarms.hear(client.alerts())
        await typed(desk, "!", "enter")
        assert isinstance(desk.room, Alerts)
        assert desk.room.chosen == "space:1"
        assert "not about a person" in desk.room.notice

    told(client, story)


def test_a_fault_of_the_program_itself_is_said_and_the_desk_goes_on():
    client = Standing()

    async def story(desk: Desk) -> None:
        def broken(**_: object) -> None:
            raise KeyError("rows")

        whole, client.board = client.board, broken
        await desk.room.load(renewing=True)
        assert desk.room.rows == (QUIET, OTHER)
        client.board = whole
        await typed(desk, "down", "enter")
        assert desk.room.stay == "s-vv"

    told(client, story)


def test_what_was_on_its_way_when_the_desk_was_locked_is_told_where_it_was_begun():
    client = Standing()

    async def story(desk: Desk) -> None:
        await typed(desk, "enter", "n", *"Sent", "enter")
        client.slow.clear()
        burst(desk, "enter")
        await asyncio.to_thread(client.asked.wait)
        burst(desk, "ctrl+l")
        await done_by(desk.call_later)
        client.slow.set()
        await rest(desk)
        assert "on the record" not in glass(desk)
        await typed(desk, *PASSWORD, "enter")
        assert desk.screen.stay == "s-uu"
        assert "The note is on the record" in glass(desk)

    told(client, story)


@pytest.mark.parametrize(("letter", "kind"), [("n", "note"), ("v", "visit"), ("r", "rousing")])
def test_what_was_half_typed_is_given_back_after_the_terminal_was_killed(
    tmp_path: Path, letter: str, kind: str
):
    """The desk that began it is gone, and nobody had pressed a key to keep it."""

    async def begun(desk: Desk) -> None:
        await typed(desk, "enter", letter)
        for field in desk.screen.fields[: -1 if letter != "n" else 0]:
            chosen = [field.options[0][0]] if isinstance(field, One) else []
            await typed(desk, *chosen, "enter")
        await typed(desk, *"Breathing loudly")

    async def again(desk: Desk) -> None:
        await typed(desk, "enter", letter)
        assert isinstance(desk.screen, Form)
        assert "Breathing loudly" in [each.kept() for each in desk.screen.fields]
        assert "Half typed at Sat 24 Oct 2026 20:15 BST, and not recorded." in glass(desk)

    async def of_another(desk: Desk) -> None:
        await typed(desk, "enter", letter)
        assert "Breathing loudly" not in [each.kept() for each in desk.screen.fields]
        assert "Half typed" not in glass(desk)

    told(Standing(), begun, folder=tmp_path)
    told(Standing(), again, folder=tmp_path)
    told(Standing(account="dyer"), of_another, folder=tmp_path)

    kept = HalfForms(tmp_path, "okafor").path(kind, "s-uu")
    assert kept.stat().st_mode & 0o077 == 0
    assert "Breathing" not in kept.name


def test_what_was_recorded_after_it_had_been_half_typed_is_kept_no_longer(tmp_path: Path):
    client = Standing()

    async def begun(desk: Desk) -> None:
        await typed(desk, "enter", "n", *"Quiet")

    async def again(desk: Desk) -> None:
        await typed(desk, "enter", "n", *" now", "enter", "enter")

    told(Standing(), begun, folder=tmp_path)
    told(client, again, folder=tmp_path)

    assert [document["words"] for _, _, document, _ in client.sent] == ["Quiet now"]
    assert list(tmp_path.iterdir()) == []


def test_one_key_throws_nothing_away_and_the_same_again_does(tmp_path: Path):
    async def begun(desk: Desk) -> None:
        await typed(desk, "enter", "n", *"Quiet", "ctrl+x")
        assert "Ctrl+X again throws away" in glass(desk)
        await typed(desk, "!", "ctrl+x")
        assert HalfForms(tmp_path, "okafor").of("note", "s-uu").typed["words"] == "Quiet!"
        await typed(desk, "ctrl+x")
        assert "Thrown away. Nothing was recorded." in glass(desk)

    told(Standing(), begun, folder=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_sent_and_then_killed_it_is_sent_again_under_the_same_key(tmp_path: Path):
    client = Standing(losing=True)

    async def lost(desk: Desk) -> None:
        await typed(desk, "enter", "n", *"Quiet", "enter", "enter")

    async def again(desk: Desk) -> None:
        await typed(desk, "enter", "n")
        assert "not known whether this is on the record" in glass(desk)
        client.losing = False
        await typed(desk, "enter")

    told(client, lost, folder=tmp_path)
    told(client, again, folder=tmp_path)

    assert len({key for _, _, _, key in client.sent}) == 1
    assert (len(client.sent), len(client.recorded)) == (2, 1)
