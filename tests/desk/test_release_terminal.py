"""The release as it stands on a real terminal, small and large, with the night's fourth beat.

tmux is the terminal: what is asserted is what a sergeant would see on the glass.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.casework.conftest import REFUSED, answered, everything_no
from tests.desk.glass import ASKS, Glass
from tests.desk.people import OKAFOR, PASSWORD, SECOND, opened
from tests.machine import needs_tmux
from triage import casework, clock
from triage.domain.answers import RecordFacts
from triage.present import leaving as words
from triage.record import Record

pytestmark = needs_tmux


@pytest.fixture
def glass(any_glass: Glass) -> Glass:
    """Each of these stands on a small terminal and on a large one."""
    return any_glass


def signed_in(glass: Glass, instance: Path) -> list[str]:
    """The list of who is here, as it stands after the password."""
    glass.run("release", "--by", "okafor", instance=instance, more=ASKS)
    glass.shown(until="Password:", at_rest=("Password:",))
    glass.type(PASSWORD, "Enter")
    return glass.shown(until="WHO IS LEAVING?")


def test_who_is_here_fits_the_glass_and_the_password_is_never_on_it(glass: Glass, instance: Path):
    board = signed_in(glass, instance)

    assert not any(PASSWORD in line for line in board)
    assert [line for line in board if line.startswith("  1  UU   cell M1")]
    assert [line for line in board if line.startswith("  2  VV   cell M2")]
    assert max(map(len, board)) <= glass.columns


def test_what_is_open_and_the_first_question_stand_on_one_glass_together(
    glass: Glass, instance: Path
):
    signed_in(glass, instance)
    glass.type(SECOND, "Enter")

    asked = glass.shown(until="When did the person leave?")

    assert any(line.startswith("TRAINING. RELEASE CHECK: VV, cell M2") for line in asked)
    assert any(line.startswith("Victor Vane. As of ") for line in asked)
    assert any("b back, q stop (all is kept)" in line for line in asked)
    assert asked[-1] == ">"


def test_a_list_longer_than_the_glass_waits_and_the_worst_is_read_first(
    glass: Glass, instance: Path
):
    heavy(instance)
    signed_in(glass, instance)
    glass.type(SECOND, "Enter")

    first = glass.shown(until=" 1. Emergency: ")

    assert any(line.startswith("TRAINING. RELEASE CHECK: VV") for line in first)
    assert any(line.startswith(" 1. Emergency: ") for line in first)
    assert words.GOES_ON in first[-2]
    assert not any("When did the person leave?" in line for line in first)
    asked = glass.turned(first, asks=words.GOES_ON, until="When did the person leave?")
    assert asked[-1] == ">"


def heavy(instance: Path) -> None:
    """The second person, screened again: nearly everything is open, and much is refused."""
    service, now = opened(instance), clock.now()
    stay = service.record.reading().open_stay_by_reference(SECOND)
    assert stay is not None
    said = {
        "cannot_go_on_outside": answered("yes"), "home_tonight": answered("street"),
        "medicine": answered("due"), "medicine_critical": answered(("insulin",)),
        "head_knock": REFUSED, "self_harm_now": REFUSED,
    }  # fmt: skip
    record = RecordFacts(checked=True, instruction_open="recheck", appropriate_adult_before=True)
    details = everything_no(now - timedelta(minutes=1), answers=said, record=record)
    casework.record_screening(service, stay.id, details, actor=OKAFOR, now=now)
    service.record.close()


def test_the_whole_of_it_by_single_keys_ends_with_what_is_on_the_record(
    glass: Glass, instance: Path
):
    signed_in(glass, instance)
    glass.type("2", "Enter")
    glass.shown(until="When did the person leave?")
    glass.type("Enter")
    glass.shown(until="6  Somewhere else")
    glass.type("1")
    for asked, typed in (
        ("Who they left with", "His sister"), ("How they travel", "s"), ("Who was told", ""),
        ("What was agreed", "s"), ("Their medicine", "s"), ("handed over on paper", ""),
    ):  # fmt: skip
        glass.shown(until=asked)
        glass.type(*([typed] if typed else []), "Enter")
    read_over = glass.shown(until="y and Enter records it")
    glass.type("y", "Enter")

    end = glass.shown(until="THE-END")

    over = read_over[next(n for n, line in enumerate(read_over) if "READ IT OVER" in line) :]
    assert over[1] == "Victor Vane"
    assert over[4] == "   With       His sister"
    assert any(line.startswith("The release is on the record, entry ") for line in end)
    record = Record.open(instance / "triage.db")
    assert record.reading().open_stay_by_reference(SECOND) is None
    record.close()


def test_a_stray_y_among_other_keys_records_nothing(glass: Glass, instance: Path):
    signed_in(glass, instance)
    glass.type("2", "Enter")
    glass.shown(until="When did the person leave?")
    glass.type("Enter")
    glass.shown(until="6  Somewhere else")
    glass.type("1", "s", "Enter", "s", "Enter", "Enter", "s", "Enter", "s", "Enter", "Enter")
    glass.shown(until="y and Enter records it")
    glass.type("yes, she said", "Enter")
    glass.shown(until="y and Enter records it")
    glass.type("q", "Enter")

    glass.shown(until="THE-END")

    record = Record.open(instance / "triage.db")
    assert record.reading().open_stay_by_reference(SECOND) is not None
    record.close()


def test_a_terminal_that_is_torn_away_loses_nothing_of_what_was_typed(glass: Glass, instance: Path):
    signed_in(glass, instance)
    glass.type("2", "Enter")
    glass.shown(until="When did the person leave?")
    glass.type("Enter")
    glass.shown(until="6  Somewhere else")
    glass.type("1")
    glass.shown(until="Who they left with")
    glass.type("Her sister", "Enter")
    glass.shown(until="How they travel")
    glass.close()

    again = replace(glass, socket=glass.socket.with_name("again"))
    try:
        board = signed_in(again, instance)
        again.type(SECOND, "Enter")
        on = again.shown(until="How they travel")
        again.type("b", "Enter")
        before = again.shown(until="(now: Her sister; Enter keeps it)")
    finally:
        again.close()

    assert any("release begun" in line for line in board)
    assert "Begun before." in " ".join(on)
    assert before[-1] == ">"
