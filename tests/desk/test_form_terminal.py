"""The full-screen screening on a real terminal: typed by a hand and in bursts, killed, cut off."""

import copy
import os
import signal
from pathlib import Path
from typing import Any

from tests.desk.glass import AS_IT_IS, ASKS, Glass
from tests.desk.people import PASSWORD, SECOND
from tests.desk.test_form_model import SOME, form_of, keys_of
from tests.desk.test_full_terminal import at_the_board
from tests.desk.test_line import SEEN, STEPS, harmless
from tests.faults.server import Server, pause
from tests.machine import needs_tmux
from triage import clock
from triage.desk.full.form_model import Form, Mode
from triage.desk.steps import Document
from triage.desk.unfinished import Screenings, Typed
from triage.present import screening_form as words
from triage.record import EventKind, Record, Recorded, Token
from triage.web.doors import new_secret, secret_hash

pytestmark = needs_tmux
# The keys of the screen stand last: a glass that is half drawn does not end with them.
FORM = ("q stop", "q or Enter closes", "Anything else: no")


def screenings(instance: Path) -> list[Recorded]:
    """Every version of the second person's screening."""
    record = Record.open(instance / "triage.db")
    reading = record.reading()
    stay = reading.open_stay_by_reference(SECOND)
    assert stay is not None
    found = [e for e in reading.stay_events(stay.id) if e.kind is EventKind.SCREENING_SAVED]
    record.close()
    return found


def stay_of(instance: Path) -> str:
    record = Record.open(instance / "triage.db")
    stay = record.reading().open_stay_by_reference(SECOND)
    record.close()
    assert stay is not None
    return stay.id


def typed_here(instance: Path) -> Typed:
    kept = Screenings(instance / "screenings").of(stay_of(instance))
    assert kept is not None
    return kept


def begin(glass: Glass, instance: Path, until: str = "O1 Can they be woken?") -> list[str]:
    """The screening of the second person, opened from the board."""
    at_the_board(glass, instance)
    glass.type("/", "M2", "Enter", "Enter")
    glass.shown(until="s screen", at_rest=AS_IT_IS)
    glass.type("s")
    return glass.shown(until=until, at_rest=FORM)


def half_done(instance: Path, **more: Any) -> Document:
    """Somebody had got as far as the questions at this terminal."""
    document: Document = copy.deepcopy(SOME | more)
    files = Screenings(instance / "screenings")
    files.keep(Typed(stay_of(instance), document), now=clock.now())
    return document


def insist(glass: Glass, key: str, until: str) -> None:
    """Press a key until it is taken: what comes too quickly is refused."""
    found = False
    while not found:
        glass.type(key)
        for _ in range(40):
            found = any(until in line for line in glass.shown(until="", at_rest=AS_IT_IS))
            if found:
                return
            pause(0.05)


ASKED_SLOWLY = {
    step.place[1]: {"value": step.question.nothing, "asked_at": "2026-10-24T21:40:00Z"}
    for step in STEPS
    if step.credible and step.question
}


def rest_of(form: Form) -> list[str]:
    """The keys of every question that is left."""
    at, keys = 0.0, list[str]()
    while form.mode is Mode.ASK and form.at is not None:
        for key in keys_of(form.at, harmless(form.at)):
            at += 2.0
            form.press(key, at)
            keys.append("Enter" if key == "enter" else key)
    return keys


def test_somebody_of_whom_nothing_is_found_is_screened_to_the_end(any_glass: Glass, instance: Path):
    document = half_done(instance, answers=ASKED_SLOWLY)
    first = begin(any_glass, instance, until="Q01 Which language")
    any_glass.type(*rest_of(form_of(document)))
    everything = any_glass.shown(until="EVERYTHING. All of it was asked.", at_rest=FORM)
    insist(any_glass, "r", until="RECORD THE SCREENING")  # it is to be read over first
    asked = any_glass.shown(until="RECORD THE SCREENING OF VV, cell M2", at_rest=FORM)
    before = len(screenings(instance))
    any_glass.type("y", "Enter")
    end = any_glass.shown(until="RECORDED.", at_rest=FORM)
    any_glass.type("q")
    page = any_glass.shown(until="s screen", at_rest=AS_IT_IS)

    assert first[0].startswith("TRAINING  SCREENING VV, cell M2")
    assert any("29 of 29 asked, 0 not asked, 0 to come" in line for line in everything)
    assert any("29 of 29 asked." in line for line in asked)
    assert any("No flags raised from 29 of 29 answers" in line for line in end)
    assert max(len(line) for line in [*first, *everything, *asked, *end]) <= any_glass.columns
    assert {len(each) for each in (first, everything, end)} == {any_glass.rows}
    assert len(screenings(instance)) == before + 1
    assert any("Victor Vane" in line for line in page)
    assert not list((instance / "screenings").iterdir())


def test_somebody_who_cannot_be_woken_is_on_the_record_before_the_next_question(
    any_glass: Glass, instance: Path
):
    begin(any_glass, instance)
    before = len(screenings(instance))
    any_glass.type("4")
    cried = any_glass.shown(until="kept by the service", at_rest=FORM)
    at_once = screenings(instance)[before:]
    any_glass.type("q", "q")
    any_glass.shown(until="s screen", at_rest=AS_IT_IS)
    any_glass.type("s")
    again = any_glass.shown(until="O2 Can they answer", at_rest=FORM)

    assert [each.header["provisional"] for each in at_once] == [True]
    for shown in (cried, again):
        assert "!! EMERGENCY: CALL 999 FIRST." in shown
        assert "!! Hospital now: call 999." in shown
    assert len(screenings(instance)) == before + 1


def test_a_burst_lands_where_it_was_typed_for_or_is_refused_in_words(glass: Glass, instance: Path):
    half_done(instance)
    begin(glass, instance, until="Q01 Which language")
    glass.type("1", "1", "n", "n", "z", "1", "y", "y", "q", "q", "4", "Enter")
    shown = glass.shown(until="7 keys typed ahead behind it not", at_rest=FORM)

    assert list(typed_here(instance).document["answers"]) == [
        "language_help", "says_why_here", "first_time_in_cell", "ill_or_hurt",
    ]  # fmt: skip
    assert any("7 keys typed ahead behind it not" in line for line in shown)
    assert any(line.startswith("Q05 Have you had a knock") for line in shown)


def test_a_terminal_that_is_killed_loses_nothing(glass: Glass, instance: Path):
    half_done(instance)
    begin(glass, instance, until="Q01 Which language")
    glass.type("1", "1", "y", "n", "2")
    glass.shown(until="Q06 Have you swallowed", at_rest=FORM)
    os.kill(glass.process(), signal.SIGKILL)
    glass.shown(until="THE-END", at_rest=AS_IT_IS)
    kept = typed_here(instance)
    glass.close()
    again = Glass(glass.socket.with_name("again"), 80, 24)
    try:
        resumed = begin(again, instance, until="Q06 Have you swallowed")
    finally:
        again.close()

    said = {name: given["value"] for name, given in kept.document["answers"].items()}
    assert said == {
        "language_help": "english_ok", "says_why_here": "clear", "first_time_in_cell": "yes",
        "ill_or_hurt": "no", "head_knock": "knock_red",
    }  # fmt: skip
    assert kept.document["observations"] == SEEN
    assert any(line.startswith("!! EMERGENCY") for line in resumed)


def test_while_the_service_is_gone_typing_goes_on_and_it_keeps_all_when_it_is_back(
    glass: Glass, instance: Path
):
    server, token = Server(instance), new_secret()
    record = Record.open(instance / "triage.db")
    with record.writing(now=clock.now()) as writing:
        writing.add_token(Token(secret_hash(token), "desk-1", (), clock.now()))
    record.close()
    (instance / "token").write_text(token)
    half_done(instance)
    before = len(screenings(instance))
    try:
        server.start()
        url = f"http://127.0.0.1:{server.port}"
        options = ("desk", "--by", "okafor", "--url", url, "--token", str(instance / "token"))
        glass.run(*options, instance=instance, more=ASKS)
        glass.shown(until="Password:", at_rest=("Password:",))
        glass.type(PASSWORD, "Enter")
        glass.shown(until=" VV ", at_rest=AS_IT_IS)
        glass.type("/", "M2", "Enter", "Enter")
        glass.shown(until="s screen", at_rest=AS_IT_IS)
        glass.type("s")
        glass.shown(until="Q01 Which language", at_rest=FORM)
        server.kill()
        glass.type("1", "1", "n", "n", "2")
        glass.shown(until="!! EMERGENCY", at_rest=FORM)
        lost = glass.shown(until=words.ONLY_HERE, at_rest=FORM)
        glass.type("n", "Tab")
        glass.shown(until="EVERYTHING.", at_rest=FORM)
        server.start()
        back = glass.shown(until="kept by the service", at_rest=FORM)
    finally:
        server.end()

    assert any(line.startswith("!! EMERGENCY") for line in lost)
    assert any(line.startswith("!! EMERGENCY") for line in back)
    [version] = screenings(instance)[before:]
    assert version.header["provisional"] is True
