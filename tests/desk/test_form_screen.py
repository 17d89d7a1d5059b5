"""The full-screen screening with a service that fails: what was typed is sent again, or said."""

import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from tests.desk.standing import in_a_loop
from tests.desk.test_form_model import SOME, form_of
from tests.desk.test_form_terminal import ASKED_SLOWLY, rest_of
from tests.desk.test_line import RULEBOOK
from tests.faults.server import WAIT
from triage import clock
from triage.desk.client import Begun, Contested, Done, Told
from triage.desk.full.screening import ScreeningScreen
from triage.desk.steps import Document
from triage.desk.unfinished import Screenings, Typed
from triage.domain.errors import InputError, Unreachable
from triage.domain.rulebook import Rulebook

NOW = datetime(2026, 10, 24, 21, 40, tzinfo=UTC)
WHO = "UU, cell M1"
NOBODY_ELSE = Begun({}, None, None, None, mine=False)
LOWE = Begun({}, None, NOW, "TRAINING Lowe", mine=False)


@dataclass
class Service:
    """A service whose answers are scripted; an error is raised, and then it works."""

    recording: list[Exception] = field(default_factory=list)
    drafting: list[Exception] = field(default_factory=list)
    asking: list[Exception] = field(default_factory=list)
    begun_says: list[Begun] = field(default_factory=lambda: [NOBODY_ELSE])
    records: list[tuple[Document, str]] = field(default_factory=list)
    drafts: list[Document] = field(default_factory=list)

    def rulebook(self) -> Rulebook:
        if self.asking:
            raise self.asking.pop(0)
        return RULEBOOK

    def newer(self, stay: str, version: int) -> Begun | None:
        return None

    def begun(self, stay: str) -> Begun:
        return self.begun_says[0] if len(self.begun_says) == 1 else self.begun_says.pop(0)

    def save_draft(self, stay: str, document: Document, made_on: int | None = None) -> Told:
        if self.drafting:
            raise self.drafting.pop(0)
        self.drafts.append(document)
        return Told("", (), None, ())

    def record_screening(
        self, stay: str, document: Document, key: str, made_on: int | None = None
    ) -> Done:
        self.records.append((document, key))
        if self.recording:
            raise self.recording.pop(0)
        return Done(7, stay)


@dataclass
class Seconds:
    """A clock that goes on by so much at every look."""

    step: float = 2.0
    at: float = 0.0

    def __call__(self) -> float:
        self.at += self.step
        return self.at


@dataclass
class Desk:
    """One screening on a screen, and what stands on it."""

    screen: ScreeningScreen
    pause: Callable[[], Awaitable[None]]
    seconds: Seconds
    ended: list[bool | None]

    async def type(self, *keys: str) -> None:
        for key in keys:
            await self.screen.press("enter" if key == "Enter" else key)

    async def shown(self, until: str) -> str:
        end = clock.running() + WAIT
        while until not in (text := " ".join(str(self.screen._glass.content).split())):
            assert clock.running() < end, text
            await self.pause()
        return text


def at_the_desk(
    service: Any, folder: Path, do: Callable[[Desk], Awaitable[None]], step: float = 2.0
) -> None:
    """Do something on the screen of this service."""

    async def run() -> None:
        seconds, ended = Seconds(step), list[bool | None]()
        screen = ScreeningScreen(
            service, "s-1", who=WHO, folder=folder, now=lambda: NOW, running=seconds
        )
        app: App[None] = App()
        async with app.run_test(size=(80, 24)) as pilot:
            await app.push_screen(screen, ended.append)
            await do(Desk(screen, pilot.pause, seconds, ended))

    in_a_loop(run)


ALL_BUT_RECORDED: Document = copy.deepcopy(SOME | {"answers": ASKED_SLOWLY})


async def to_the_record(desk: Desk) -> None:
    await desk.shown("Q01")
    await desk.type(*rest_of(form_of(ALL_BUT_RECORDED)), "r", "y", "Enter")


def begun_here(folder: Path) -> None:
    Screenings(folder).keep(Typed("s-1", copy.deepcopy(ALL_BUT_RECORDED)), now=NOW)


def test_where_nobody_knows_whether_it_is_on_the_record_the_same_key_goes_again(tmp_path: Path):
    service = Service(recording=[Unreachable("Nobody answers.")])
    begun_here(tmp_path)

    async def do(desk: Desk) -> None:
        await to_the_record(desk)
        told = await desk.shown("Nobody knows whether it is on the record.")
        assert "RECORDED." not in told
        assert Screenings(tmp_path).of("s-1") is not None
        await desk.type("r", "y", "Enter")
        await desk.shown("RECORDED.")
        await desk.type("q")

    at_the_desk(service, tmp_path, do)

    first, second = service.records
    assert first == second
    assert Screenings(tmp_path).of("s-1") is None


def test_what_was_answered_otherwise_meanwhile_is_another_screening_with_a_key_of_its_own(
    tmp_path: Path,
):
    """The twin: the service refuses another body under the same key."""
    service = Service(recording=[Unreachable("Nobody answers.")])
    begun_here(tmp_path)

    async def do(desk: Desk) -> None:
        await to_the_record(desk)
        await desk.shown("Nobody knows whether it is on the record.")
        await desk.type("Enter", "2", "Enter", "r", "y", "Enter")
        await desk.shown("RECORDED.")

    at_the_desk(service, tmp_path, do)

    first, second = service.records
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_what_the_service_refuses_is_said_where_it_can_be_mended(tmp_path: Path):
    service = Service(recording=[InputError.at("person.age", "That is no age.")])
    begun_here(tmp_path)

    async def do(desk: Desk) -> None:
        await to_the_record(desk)
        told = await desk.shown("NOT RECORDED: That is no age. Everything is kept.")
        assert "> Age in whole years?" in told

    at_the_desk(service, tmp_path, do)

    assert Screenings(tmp_path).of("s-1") is not None


def test_without_a_service_it_says_so_and_asks_again(tmp_path: Path):
    service = Service(asking=[Unreachable("Nobody answers.")])

    async def do(desk: Desk) -> None:
        await desk.shown("NOT REACHED: Nobody answers.")
        await desk.type("Enter")
        await desk.shown("O1 Can they be woken?")

    at_the_desk(service, tmp_path, do)


def test_after_an_outage_somebody_elses_is_named_and_replaced_by_a_key_of_its_own(tmp_path: Path):
    service = Service(drafting=[Unreachable("Nobody answers.")], begun_says=[NOBODY_ELSE, LOWE])

    async def do(desk: Desk) -> None:
        await desk.shown("O1 Can they be woken?")
        await desk.type("1")
        await desk.shown("TRAINING Lowe kept another at 22:40")
        assert service.drafts == []
        await desk.type("tab")
        await desk.shown("keep yours at the service instead of that of TRAINING Lowe")
        await desk.type("k")
        await desk.shown("kept by the service 22:40:00")

    at_the_desk(service, tmp_path, do)

    assert [each["observations"] for each in service.drafts] == [{"rouse": "alert"}]


@pytest.mark.parametrize(("step", "chosen"), [(0.001, False), (2.0, True)])
def test_a_key_that_was_typed_ahead_replaces_nothing_of_anybody(tmp_path: Path, step, chosen):
    """s and 1 in one burst: the 1 was typed for the first look."""
    service = Service(begun_says=[LOWE])

    async def do(desk: Desk) -> None:
        await desk.shown("TRAINING LOWE HAS BEGUN")
        await desk.type("1")
        await desk.shown("Can they be woken?" if chosen else "NOT TAKEN: read it first.")

    at_the_desk(service, tmp_path, do, step)


def test_where_nothing_can_be_written_here_it_is_said_and_the_service_keeps_it(tmp_path: Path):
    folder = tmp_path / "screenings"
    folder.write_text("no folder", "ascii")
    service = Service()

    async def do(desk: Desk) -> None:
        await desk.shown("O1 Can they be woken?")
        await desk.type("1")
        await desk.shown("NOT WRITTEN AT THIS TERMINAL: kept by the service 22:40:00")

    at_the_desk(service, folder, do)

    assert [each["observations"] for each in service.drafts] == [{"rouse": "alert"}]


def test_answers_of_somebody_else_come_in_and_two_answers_to_one_question_are_shown(tmp_path: Path):
    service = Service()
    keep = service.save_draft
    beside = Told(
        "", (), None, (), 4, {"observations": {"confused": "no"}},
        (
            Contested("observations.rouse", "none", "TRAINING Lowe", NOW),
            Contested("observations.rouse", "alert", "TRAINING Okafor", NOW),
        ),
    )  # fmt: skip

    def kept(stay: str, document: Document, made_on: int | None = None) -> Told:
        keep(stay, document, made_on)
        return beside if made_on is None else Told("", (), None, (), 5, document)

    service.save_draft = kept  # type: ignore[method-assign]

    async def do(desk: Desk) -> None:
        await desk.shown("O1 Can they be woken?")
        await desk.type("1")
        came = await desk.shown("TWO ANSWERS: choose")
        await desk.type("home")
        asked = await desk.shown("Different answers stand")
        await desk.type("1")
        await desk.shown("kept by the service")

        assert "1 QUESTION, TWO ANSWERS: choose. 1 answer of" in came
        assert "TRAINING Lowe typed" in asked and "TRAINING Okafor typed" in asked
        assert "LOOK: TWO ANSWERS" in asked
        assert came.count("TWO ANSWERS") == 2  # over all, and in the line of the question
        assert desk.screen._typed.version == 5
        assert service.drafts[-1] == {"observations": {"confused": "no", "rouse": "alert"}}

    at_the_desk(service, tmp_path, do)
