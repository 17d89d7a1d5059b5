"""Whoever sits idle over a screening hears of what somebody else types into it."""

import queue
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.casework.conftest import minutes
from tests.desk.doors import DYER, Suite, listening
from tests.desk.test_form_keeping import NOW, Heards, Service
from tests.desk.test_form_model import Typist, answered_all, form_of
from tests.desk.test_form_screen import Desk, at_the_desk
from tests.desk.test_form_screen import Service as Screens
from tests.faults.server import WAIT
from triage.desk.beside import taken_in
from triage.desk.client import Begun, Meanwhile, SignedOut, Told
from triage.desk.full.form_keeping import Came, Keeper, Kept
from triage.desk.full.form_model import Form, Mode
from triage.desk.steps import Document
from triage.domain.errors import NotAllowed, Unreachable
from triage.present import screening_form as words
from triage.web import sessions

CONFUSED: Document = {"observations": {"confused": "no"}}
NEWER = Begun({}, CONFUSED, NOW, "TRAINING Lowe", mine=False, version=4)


@dataclass
class Looked(Service):
    """A service that is asked for a newer state, and answers when the test says so."""

    states: "queue.Queue[Any]" = field(default_factory=queue.Queue)
    looks: "queue.Queue[int]" = field(default_factory=queue.Queue)

    def newer(self, stay: str, version: int) -> Begun | None:
        self.looks.put(version)
        answer = self.states.get(timeout=WAIT)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]


def idle(service: Service, version: int | None = 3) -> tuple[Keeper, Heards]:
    """A desk at which nothing is typed, and that looks again and again."""
    heard = Heards()
    keeper = Keeper(service, "s-1", heard.said.put, lambda: NOW, again=0.0, look=0.0)  # type: ignore[arg-type]
    keeper.seen(version)
    return keeper, heard


# --- looking


@pytest.mark.parametrize("nothing", [None, Unreachable("nobody"), NotAllowed("not here")])
def test_a_newer_state_is_looked_for_until_there_is_one(nothing: object):
    service = Looked()
    keeper, heard = idle(service)
    service.states.put(nothing)
    service.states.put(NEWER)

    assert heard.next() == Came(NEWER)
    assert [service.looks.get(timeout=WAIT) for _ in range(2)] == [3, 3]
    keeper.stop()
    service.states.put(None)


def test_what_waits_to_be_sent_goes_before_any_look_and_brings_the_state_with_it():
    service = Looked([Told("", (), None, (), 5)])
    keeper, heard = idle(service, None)  # not known yet: nothing is looked for
    keeper.keep(CONFUSED)
    said = heard.next()
    keeper.seen(5)

    assert isinstance(said, Kept)
    assert service.looks.get(timeout=WAIT) == 5
    keeper.stop()
    service.states.put(None)


def test_a_service_that_cannot_say_that_nothing_came_is_not_asked_again():
    service = Looked()
    keeper, heard = idle(service)
    service.states.put(Begun({}, CONFUSED, NOW, "TRAINING Lowe", mine=False, version=3))
    assert service.looks.get(timeout=WAIT) == 3
    keeper.keep(CONFUSED)  # sent after the look, by the same thread
    heard.next()
    keeper.stop()
    keeper.join()

    assert service.looks.empty()


def test_the_real_service_is_asked_for_the_state_alone_and_logs_one_long_look(suite: Suite):
    stay, record = suite.stays["unscreened"], suite.service.record

    def looks(actor: str) -> list[str | None]:
        found = record.reading().accesses_between(
            suite.at - timedelta(days=1), suite.at + timedelta(days=1)
        )
        return [e.purpose for e in found if e.actor.account == actor and "draft" in e.what]

    with listening(suite) as url:
        one, other = suite.served(url), suite.served(url, DYER)
        begun = one.begun(stay)
        nothing = [one.newer(stay, begun.version) for _ in range(3)]
        other.save_draft(stay, CONFUSED, 0)
        came = one.newer(stay, begun.version)
        assert came is not None
        again = one.newer(stay, came.version)
        opened = looks("okafor")
        suite.at += minutes(61)
        later = one.newer(stay, came.version)

    assert nothing == [None, None, None]
    assert (came.draft, came.by, again, later) == (CONFUSED, "TRAINING Dyer", None, None)
    assert opened == ["care"]
    assert looks("okafor") == ["care", "kept open"]


@pytest.mark.parametrize("pressed", [False, True], ids=["renewed", "pressed"])
def test_a_look_keeps_no_session_alive_and_a_press_does(suite: Suite, pressed: bool):
    stay = suite.stays["unscreened"]
    with listening(suite) as url:
        desk = suite.served(url)
        version = desk.begun(stay).version
        suite.at += sessions.AT_A_DESK - minutes(1)
        desk.begun(stay) if pressed else desk.newer(stay, version)
        suite.at += minutes(2)
        try:
            desk.newer(stay, version)
        except SignedOut:
            alive = False
        else:
            alive = True

    assert alive is pressed


# --- what came, and what is under the hand of whoever sits there


def comes(form: Form, told: Document, sent: Document | None = None) -> None:
    form.take_in(taken_in(form.document, sent or {}, told), ())


def test_the_question_in_focus_and_a_half_typed_answer_stay():
    typist = Typist(form_of())
    typist.type("1", "down", "down")
    at, half = typist.form.at, dict(typist.form.half)
    mine = dict(typist.form.document["observations"])
    comes(typist.form, CONFUSED)

    assert (typist.form.at, typist.form.half, typist.form.mode) == (at, half, Mode.ASK)
    assert typist.form.document["observations"] == {**mine, "confused": "no"}


def test_the_row_under_the_hand_stays_the_same_question_though_the_list_moves():
    typist = Typist(form_of()).type("tab", *["down"] * 20)
    under, row = typist.form.rows[typist.form.row], typist.form.row
    comes(typist.form, CONFUSED)

    assert typist.form.rows[typist.form.row] == under
    assert typist.form.row == row - 1, "what came in went from before it to behind it"


def test_what_was_read_over_is_read_over_again_when_something_came():
    form = answered_all(form_of()).type("r").form
    assert form.mode is Mode.SURE
    comes(form, {"observations": {"confused": "yes"}}, sent=form.document)

    assert (form.mode, form.note) == (Mode.LIST, words.CAME_IN_MEANWHILE)


def test_where_nothing_came_what_is_about_to_be_recorded_is_not_broken_off():
    """The twin."""
    form = answered_all(form_of()).type("r").form
    comes(form, form.document, sent=form.document)

    assert form.mode is Mode.SURE


def test_an_emergency_of_the_other_stands_on_the_idle_glass_with_who_typed(tmp_path: Path):
    service = Screens()
    emergency = Begun({}, {"observations": {"rouse": "none"}}, NOW, "TRAINING Lowe", mine=False,
                      version=4)  # fmt: skip

    async def do(desk: Desk) -> None:
        before = await desk.shown("O1 Can they be woken?")
        desk.screen._heard(Came(emergency))
        came = await desk.shown("TRAINING Lowe typed here too at 22:40")

        assert "999" not in before.partition("O1")[0]
        assert "1 answer of somebody else came in." in came
        assert "call 999" in came
        assert "O1 Can they be woken?" in came  # it is still the question in focus
        assert desk.screen._typed.version == 4
        await desk.type("down")
        await desk.shown("O2")
        assert service.drafts == [], "what came is not sent back"

    at_the_desk(service, tmp_path, do)


def test_what_somebody_recorded_is_said_and_takes_nothing_away(tmp_path: Path):
    service = Screens()
    before = Meanwhile("TRAINING Lowe", NOW, (), version=3)
    recorded = Begun({}, None, None, None, mine=False, version=4, before=before)

    async def do(desk: Desk) -> None:
        await desk.shown("O1 Can they be woken?")
        await desk.type("1")
        await desk.shown("kept by the service")
        desk.screen._heard(Came(recorded))
        await desk.shown("TRAINING LOWE RECORDED THIS SCREENING")

        assert desk.screen._form is not None
        assert desk.screen._form.document["observations"] == {"rouse": "alert"}

    at_the_desk(service, tmp_path, do)
