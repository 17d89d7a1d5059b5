"""Nothing typed of a release is lost: put off, killed, refused, overtaken, or nobody answers."""

import asyncio
from pathlib import Path

import pytest

from tests.desk.people import FIRST, LOWE, OKAFOR, Typed, opened, people_in, reached
from tests.desk.releasing import (
    CARED_FOR,
    ENTER,
    LOWE_WAS_FIRST,
    NIGHT_GAP,
    SAID,
    Suite,
    begun,
    glass,
    held,
    page,
    renewed,
)
from tests.desk.standing import NIGHT, PASSWORD
from tests.desk.test_full_keys import burst, rest, typed
from triage import casework
from triage.desk.client import Left, SignedOut
from triage.desk.full.app import Desk
from triage.desk.full.board import Board
from triage.desk.full.lock import Lock
from triage.desk.full.person import Person
from triage.desk.full.release_record import Stage
from triage.desk.leaving import Leaving
from triage.desk.releases import Drafts
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import leaving as said
from triage.present import leaving_form as words

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


def test_the_next_sergeant_is_told_whose_it_is_before_they_go_on_with_it(
    at_the_desk, drafts: Drafts
):
    async def until(desk: Desk) -> None:
        await begun(desk, ENTER, "1", *"His sis", "escape")

    async def next_one(desk: Desk) -> None:
        await typed(desk, "1", ENTER)
        assert "TYPED BY okafor, last at " in glass(desk)
        await typed(desk, "k")
        assert "TYPED BY okafor, last at " in glass(desk)
        await typed(desk, ENTER, *"ter", ENTER, "escape")

    async def back(desk: Desk) -> None:
        await typed(desk, "1", ENTER)
        assert "TYPED BY lowe, last at " in glass(desk)

    at_the_desk(Suite(), until)
    at_the_desk(Suite(account="lowe"), next_one)
    at_the_desk(Suite(), back)

    assert held(drafts)["leaving"]["handed_to"] == "His sister"


def test_of_whom_it_is_not_kept_who_typed_it_that_is_said(drafts: Drafts):
    """The twin: what an older program left here, and what nobody else typed."""
    draft = drafts.of("s-uu")
    mine = Drafts(drafts.folder, "okafor")
    fresh = mine.whose(draft)
    draft["leaving"], draft["asked"] = {"to": "home"}, ["to"]
    before = mine.whose(draft)
    mine.save(draft)

    assert (fresh, before, mine.whose(draft)) == ("", said.WHOSE_NOT_KNOWN, "")
    assert Drafts(drafts.folder, "lowe").whose(draft).startswith("TYPED BY okafor, last at ")


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
