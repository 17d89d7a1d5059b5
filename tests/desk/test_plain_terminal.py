"""The desk by lines on a real terminal: what stands there, what is cleared, what comes unasked."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.casework.conftest import answered, everything_no
from tests.desk.glass import ASKS, Glass
from tests.desk.people import FIRST, OKAFOR, PASSWORD, SECOND, opened
from tests.desk.test_form_model import form_of, keys_of
from tests.desk.test_form_terminal import ASKED_SLOWLY, half_done, screenings
from tests.desk.test_line import harmless
from tests.machine import needs_tmux
from triage import casework, clock
from triage.desk.full.form_model import Form, Mode

pytestmark = needs_tmux


def at_the_board(glass: Glass, instance: Path, **more: str) -> list[str]:
    glass.run("desk", "--plain", "--by", "okafor", instance=instance, more=ASKS | more)
    glass.shown(until="Password:", at_rest=("Password:",))
    glass.type(PASSWORD, "Enter")
    return glass.shown(until="BOARD: 2 people")


def locked_over_somebody(glass: Glass) -> tuple[list[str], list[str], list[str]]:
    """Somebody's page, the lock over it, and what stands there after a wrong password."""
    glass.type("0001/26", "Enter")
    person = glass.shown(until="s screen")
    glass.type("l", "Enter")
    locked = glass.shown(until="LOCKED at", at_rest=("Enter:",))
    glass.type("wrong", "Enter")
    return person, locked, glass.shown(until="That is not the password", at_rest=("Enter:",))


def test_a_person_and_what_to_do_fit_one_glass_and_a_lock_takes_the_name_away(
    glass: Glass, instance: Path
):
    board = at_the_board(glass, instance)
    person, locked, still = locked_over_somebody(glass)
    glass.type(PASSWORD, "Enter")
    back = glass.shown(until="Open again.")

    assert any("UU, cell M1" in line for line in board)
    assert any(line.startswith("UU, cell M1. Ursula Underhill.") for line in person)
    for lines in (locked, still):
        assert not any("Ursula" in line or "UU" in line or "wrong" in line for line in lines)
    assert not any(PASSWORD in line for line in back)
    assert any("UU, cell M1. Ursula Underhill." in line for line in back)


@pytest.mark.parametrize("left_standing", [False, True], ids=["as it is", "twin: nothing cleared"])
def test_a_terminal_that_cannot_wipe_its_glass_shows_nobody_while_it_is_locked(
    glass: Glass, instance: Path, left_standing: bool
):
    """It calls itself dumb, takes whole lines alone, and shows what it was given until it is full.
    Its twin has twice as many rows as the desk is told."""
    told = {"LINES": "1", "COLUMNS": "80"} if left_standing else {}
    at_the_board(glass, instance, TERM="dumb", **told)
    person, locked, still = locked_over_somebody(glass)
    glass.type(PASSWORD, "Enter")
    back = glass.shown(until="UU, cell M1. Ursula Underhill.")

    seen = any("Ursula" in line or "UU" in line for line in [*locked, *still])
    assert seen is left_standing
    assert any("Ursula" in line for line in person)
    assert not any("wrong" in line or PASSWORD in line for line in [*still, *back])


def test_an_emergency_of_somebody_else_is_told_while_nothing_is_typed(glass: Glass, instance: Path):
    at_the_board(glass, instance)
    glass.type("0001/26", "Enter")
    glass.shown(until="s screen")
    service, now = opened(instance), clock.now()
    stay = service.record.reading().open_stay_by_reference(SECOND)
    assert stay is not None
    details = everything_no(
        now - timedelta(minutes=1), answers={"swallowed_or_hidden": answered("yes")}
    )
    casework.record_screening(service, stay.id, details, actor=OKAFOR, now=now)
    service.record.close()

    told = glass.shown(until="NEW EMERGENCY")
    assert any("NEW EMERGENCY VV, cell M2" in line for line in told)
    assert told[-1] == ">"
    glass.type("!", "Enter")
    assert any(line.startswith("VV, cell M2. Victor Vane.") for line in glass.shown(until=SECOND))
    assert FIRST.startswith("TRAINING")


@pytest.mark.parametrize("term", ["screen", "dumb"])
def test_a_screening_is_typed_to_its_end_and_is_on_the_record(
    glass: Glass, instance: Path, term: str
):
    """Key by key where the terminal can, by whole lines where it cannot."""
    document = half_done(instance, answers=ASKED_SLOWLY)
    before = len(screenings(instance))
    at_the_board(glass, instance, TERM=term)
    glass.type("0002/26", "Enter")
    glass.shown(until="s screen")
    glass.type("s", "Enter")
    goes_on = glass.shown(until="Q01 Which language")
    for keys in questions(form_of(document), whole_lines=term == "dumb"):
        glass.type(*keys)
    asked = glass.shown(until="All asked.")
    kept = len(screenings(instance))
    glass.type("y", "Enter")
    done = glass.shown(until="s screen")

    assert any("You go on with a screening that was begun." in line for line in goes_on)
    assert asked[-1] == ">"
    assert (kept, len(screenings(instance))) == (before, before + 1)
    assert any("on the record" in line or "recorded" in line for line in done), done
    assert max(len(line) for line in [*goes_on, *asked, *done]) <= glass.columns
    assert not list((instance / "screenings").iterdir())


def questions(form: Form, *, whole_lines: bool) -> Iterator[list[str]]:
    """The keys of each question that is left, as they are pressed at this terminal."""
    at = 0.0
    while form.mode is Mode.ASK and form.at is not None:
        typed = harmless(form.at)
        pressed = keys_of(form.at, typed)
        for key in pressed:
            at += 2.0
            form.press(key, at)
        yield [typed, "Enter"] if whole_lines else ["Enter" if k == "enter" else k for k in pressed]
