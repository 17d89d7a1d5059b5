"""The full-screen desk on a real terminal, small and large: what a sergeant sees and types.

tmux is the terminal; keys go in as bursts, as a slow line hands them over.
"""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.casework.conftest import answered, everything_no
from tests.desk.glass import AS_IT_IS, ASKS, Glass
from tests.desk.people import FIRST, OKAFOR, PASSWORD, SECOND, opened
from tests.faults.server import Server
from tests.machine import needs_tmux
from triage import casework, clock
from triage.record import Record, Token
from triage.web.doors import new_secret, secret_hash

pytestmark = needs_tmux
LOUD_COLOURS = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:4[1-6]|3[1-6]|10[1-6]|9[1-6])(?=[;m])")


def at_the_board(glass: Glass, instance: Path, **more: str) -> list[str]:
    """The board as it stands after the password."""
    glass.run("desk", "--by", "okafor", instance=instance, more=ASKS | more)
    glass.shown(until="Password:", at_rest=("Password:",))
    glass.type(PASSWORD, "Enter")
    return glass.shown(until="people in Castle Street", at_rest=AS_IT_IS)


def screened(instance: Path, reference: str, **answers: str) -> None:
    """Somebody else screens this person at another desk."""
    service, now = opened(instance), clock.now()
    stay = service.record.reading().open_stay_by_reference(reference)
    assert stay is not None
    said = {question: answered(answer) for question, answer in answers.items()}
    details = everything_no(now - timedelta(minutes=1), answers=said)
    casework.record_screening(service, stay.id, details, actor=OKAFOR, now=now)
    service.record.close()


def notes(instance: Path, reference: str) -> list[str]:
    """The notes about one person, as they stand on the record."""
    service = opened(instance)
    stay = service.record.reading().open_stay_by_reference(reference)
    assert stay is not None
    view = casework.stay_view(service, stay.id, actor=OKAFOR, now=clock.now())
    service.record.close()
    return [each.parts["words"] for each in view.timeline if each.kind == "note"]


def test_the_board_and_a_person_fit_the_glass_with_who_when_and_the_keys(
    any_glass: Glass, instance: Path
):
    board = at_the_board(any_glass, instance)

    assert board[0].startswith("TRAINING  Castle Street | TRAINING Okafor, custody sergeant")
    assert re.search(r"\d\d:\d\d (GMT|BST)$", board[0])
    assert "timers have not run yet" in " ".join(board[1:4])
    assert [line for line in board if re.match(r">  1 \w+ +M1 +UU ", line)]
    assert [line for line in board if re.match(r"   2 .+ M2 +VV ", line)]
    assert board[-1].startswith("Enter open")
    assert len(board) == any_glass.rows
    assert max(map(len, board)) <= any_glass.columns
    assert not any(name in line for line in board for name in ("Underhill", "Vane"))
    any_glass.type("1", "Enter")
    page = any_glass.shown(until="for you to take: t", at_rest=AS_IT_IS)
    named = "UU, cell M1 | Ursula Underhill | TRAINING/CS/0001/26"
    assert any(line.startswith(named) for line in page)
    assert page[-1].startswith("s screen")
    assert max(map(len, page)) <= any_glass.columns


def test_keys_typed_ahead_open_a_person_and_land_in_the_note_whole(glass: Glass, instance: Path):
    said = "Says: quiet! Does l, b, q and 1 2 3 do? / no."
    glass.run("desk", "--by", "okafor", instance=instance, more=ASKS)
    glass.shown(until="Password:", at_rest=("Password:",))
    glass.type(PASSWORD, "Enter")
    glass.shown(until="people in Castle Street", at_rest=AS_IT_IS)
    escaped = ("1", "Enter", "v", "3", "Escape", "b")  # Escape and b are one word to the left else
    glass.type(*escaped, "2", "Enter", "n", said, "Enter", "Enter", "Escape", "a")

    glass.shown(until="ALERTS:", at_rest=AS_IT_IS)

    assert notes(instance, SECOND) == [said]
    assert notes(instance, FIRST) == []


def test_an_alert_is_taken_by_one_key_and_the_page_says_so(glass: Glass, instance: Path):
    at_the_board(glass, instance)
    glass.type("1", "Enter", "t")

    page = glass.shown(until="You have it now.", at_rest=AS_IT_IS)

    assert any("none for you to take" in line for line in page)
    service = opened(instance)
    listed = casework.alert_list(service, (), actor=OKAFOR, now=clock.now())
    service.record.close()
    mine = [line for line in listed.lines if OKAFOR.role in line.to_roles]
    assert mine
    assert all(line.holders[0].name == OKAFOR.name for line in mine)


def test_a_lock_hides_every_initial_and_the_password_brings_them_back(glass: Glass, instance: Path):
    before = at_the_board(glass, instance)
    glass.type("l")

    locked = glass.shown(until="LOCKED", at_rest=AS_IT_IS)

    assert locked[-1].startswith("Enter opens")
    assert len(locked) == glass.rows
    hidden = re.compile(r"\b(UU|VV|M1|M2|TRAINING/CS)\b")
    assert hidden.search(" ".join(before))
    assert not hidden.search(" ".join(locked))
    assert re.search(r"\d\d:\d\d (GMT|BST)$", locked[0])
    glass.type("not the password", "Enter")
    glass.shown(until="That is not the password.", at_rest=AS_IT_IS)
    glass.type(PASSWORD, "Enter")
    again = glass.shown(until=" VV ", at_rest=AS_IT_IS)
    assert not any(PASSWORD in line for line in again)


def test_an_emergency_of_somebody_else_takes_no_key_from_a_note(glass: Glass, instance: Path):
    at_the_board(glass, instance)
    glass.type("1", "Enter", "n", "Half a ")
    glass.shown(until="Half a", at_rest=AS_IT_IS)
    screened(instance, SECOND, swallowed_or_hidden="yes")
    called = glass.shown(until="NEW EMERGENCY VV, cell M2", at_rest=AS_IT_IS)
    assert LOUD_COLOURS.search(glass.coloured())
    glass.type("word", "Enter", "Enter", "!")

    page = glass.shown(until="Victor Vane", at_rest=AS_IT_IS)

    assert any("Half a" in line for line in called)
    assert notes(instance, FIRST) == ["Half a word"]
    assert any("999" in line for line in page)


def test_without_colours_the_words_still_say_how_urgent_it_is(glass: Glass, instance: Path):
    screened(instance, SECOND, swallowed_or_hidden="yes")
    board = at_the_board(glass, instance, NO_COLOR="1")

    assert any(re.match(r">  1 EMERGENCY +M2 +VV ", line) for line in board)
    assert not LOUD_COLOURS.search(glass.coloured())


def at_the_release(glass: Glass, instance: Path) -> list[str]:
    """What is open about the first person, before anything is asked."""
    at_the_board(glass, instance)
    glass.type(f"/{FIRST[-7:]}", "Enter")
    glass.shown(until="Ursula Underhill", at_rest=AS_IT_IS)
    glass.type("k")
    return glass.shown(until="These things are still open.", at_rest=AS_IT_IS)


def test_a_release_fits_the_glass_and_an_emergency_meanwhile_stands_on_top_of_it(
    any_glass: Glass, instance: Path
):
    opened_on = at_the_release(any_glass, instance)
    any_glass.type("Enter", "Enter", "1", "His sis")
    any_glass.shown(until="|His sis", at_rest=AS_IT_IS)
    screened(instance, SECOND, swallowed_or_hidden="yes")
    called = any_glass.shown(until="NEW EMERGENCY VV, cell M2", at_rest=AS_IT_IS)
    any_glass.type("ter", "Enter", "Her car", "Enter", "His sister", "Enter", "Enter", "s", "Enter",
                   "s", "Enter", "Enter")  # fmt: skip
    any_glass.shown(until="Why these things were left open", at_rest=AS_IT_IS)
    any_glass.type("4")
    over = any_glass.shown(until="y and Enter records it", at_rest=AS_IT_IS)
    any_glass.type("y", "Enter")
    done = any_glass.shown(until="The release is on the record", at_rest=AS_IT_IS)

    head = "RELEASE: UU, cell M1 | Ursula Underhill | TRAINING/CS/0001/26"
    for lines in (opened_on, called, over):
        assert len(lines) == any_glass.rows
        assert max(map(len, lines)) <= any_glass.columns
        assert any(line.startswith(head) for line in lines)
    assert any(line.startswith(" 1. ") for line in opened_on)
    assert any("|His sis" in line for line in called)
    assert any(line.startswith("== Open now: ") for line in called)
    assert "   With        His sister" in over
    assert any("NEW EMERGENCY VV" in line for line in done)
    record = Record.open(instance / "triage.db")
    assert record.reading().open_stay_by_reference(FIRST) is None
    record.close()


def test_a_release_whose_terminal_is_torn_away_is_gone_on_with_line_by_line(
    glass: Glass, instance: Path
):
    at_the_release(glass, instance)
    glass.type("Enter", "Enter", "1", "Her sister", "Enter", "Her c")
    glass.shown(until="|Her c", at_rest=AS_IT_IS)
    glass.close()

    again = replace(glass, socket=glass.socket.with_name("again"))
    try:
        again.run("release", FIRST, "--by", "okafor", instance=instance, more=ASKS)
        again.shown(until="Password:", at_rest=("Password:",))
        again.type(PASSWORD, "Enter")
        until = "Typed before, and not entered: Her c"
        while until not in " ".join(on := again.shown(until=">")):
            again.type("Enter")  # what is open may be longer than the glass
        again.type("b", "Enter")
        before = again.shown(until="(now: Her sister; Enter keeps it)")
    finally:
        again.close()

    assert any(line.startswith("How they travel") for line in on)
    assert before[-1] == ">"


def test_a_service_that_is_killed_and_comes_back_has_the_note_once(glass: Glass, instance: Path):
    server, token = Server(instance), new_secret()
    record = Record.open(instance / "triage.db")
    with record.writing(now=clock.now()) as writing:
        writing.add_token(Token(secret_hash(token), "desk-1", (), clock.now()))
    record.close()
    (instance / "token").write_text(token)
    try:
        server.start()
        url = f"http://127.0.0.1:{server.port}"
        words = ("desk", "--by", "okafor", "--url", url, "--token", str(instance / "token"))
        glass.run(*words, instance=instance, more=ASKS)
        glass.shown(until="Password:", at_rest=("Password:",))
        glass.type(PASSWORD, "Enter")
        glass.shown(until=" UU ", at_rest=AS_IT_IS)
        glass.type("1", "Enter", "n", "Asked for water")
        glass.shown(until="Asked for water", at_rest=AS_IT_IS)
        server.kill()
        glass.type("Enter", "Enter")
        lost = glass.shown(until="not known whether this is on the record", at_rest=AS_IT_IS)
        server.start()
        glass.type("Enter")
        back = glass.shown(until="The note is on the record", at_rest=AS_IT_IS)
    finally:
        server.end()

    assert any(line.startswith("NOT REACHED since ") for line in lost)
    assert any("Ursula Underhill" in line for line in back)
    assert notes(instance, FIRST) == ["Asked for water"]
