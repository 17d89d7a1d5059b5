"""What a sergeant typed by lines and did not record: kept through a cut line, for them alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.desk.people import Typed
from tests.desk.standing import Standing
from tests.desk.test_full_keys import glass, told, typed
from tests.desk.test_full_recording import GROUP
from triage.desk.full.form import Form
from triage.desk.half import HalfForms
from triage.desk.plain import kept
from triage.desk.plain.desk import Plain
from triage.desk.plain.session import Session
from triage.desk.releases import Drafts
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present import recordable_form

CUT = ()  # nothing more comes: the line was cut, and nobody has gone back from anything


@dataclass
class Terminal:
    """One terminal at which somebody sits down, is cut off, and sits down again."""

    folder: Path
    told: Callable[[], str]

    def types(self, client: Standing, *lines: str, before: dict[int, object] | None = None) -> str:
        keys = Typed(list(lines), before=before or {})
        self.session = Session(client, keys, running=lambda: 0.0)
        Plain(self.session, lambda who, keys: None, self.folder, Drafts(self.folder / "r")).run()
        return " ".join(self.told().split())

    @property
    def files(self) -> list[Path]:
        return list(self.folder.glob("*.json"))


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, lambda: capsys.readouterr().err)


def sergeant(account: str = "okafor") -> Standing:
    return Standing(account=account, happened=(GROUP,))


def half_an_event(terminal: Terminal) -> None:
    """When it was and who did it are answered; then the line is cut."""
    terminal.types(sergeant(), "1", "e", "charged", "20:10", "2", *CUT)


def test_an_event_that_was_half_typed_is_given_back_after_the_line_was_cut(terminal: Terminal):
    half_an_event(terminal)
    client = sergeant()
    again = terminal.types(client, "1", "e", "1", "", "", "In front of her", "y", "b", "q")

    assert f"{recordable_form.HALF}. 1 Charged" in again
    assert "Half typed at Sat 24 Oct 2026 20:15 BST, and not recorded." in again
    [(_, stay, document, _)] = client.sent
    assert (stay, document) == ("s-uu", {
        "kind": "charged", "occurred_at": "2026-10-24T19:10:00Z", "role": "detention_officer",
        "words": "In front of her",
    })  # fmt: skip
    assert terminal.files == []


def test_kept_in_the_program_alone_the_same_cut_would_lose_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    """The twin."""
    monkeypatch.setattr(kept, "outlives", lambda kind: False)
    half_an_event(terminal)

    assert recordable_form.HALF not in terminal.types(sergeant(), "1", "e", *CUT)


def test_nobody_is_given_what_somebody_else_typed(terminal: Terminal):
    half_an_event(terminal)
    again = terminal.types(sergeant("lowe"), "1", "e", "charged", *CUT)

    assert "20:10" not in again
    assert "Half typed" not in again
    [path] = terminal.files
    assert path.stat().st_mode & 0o077 == 0


def test_words_without_an_enter_are_kept_as_soon_as_no_key_comes(terminal: Terminal):
    """Over a line that is cut no last key arrives."""

    def typing() -> None:
        terminal.session.keyboard.typing = "Asleep on her left si"
        terminal.session.waiting()

    terminal.types(sergeant(), "1", "n", before={2: typing})
    again = terminal.types(sergeant(), "1", "n", *CUT)

    assert words.KEEPS.format("Asleep on her left si") in again


def test_what_the_full_screen_was_left_with_goes_on_by_lines_and_the_other_way_round(
    terminal: Terminal,
):
    async def at_the_full_screen(desk):
        await typed(desk, "enter", "v", *"20:10", "enter", "p", "enter", *"Asks for tea")

    async def back_at_it(desk):
        await typed(desk, "enter", "v")
        assert isinstance(desk.room, Form)
        assert "Half typed" in glass(desk)
        assert [each.reads().split(".")[0] for each in desk.room.fields] == [
            "Sat 24 Oct 2026 20:11 BST", "Could not be roused as Annex H asks: get help now, "
            "call 999", "Asks for tea",
        ]  # fmt: skip

    told(sergeant(), at_the_full_screen, folder=terminal.folder)
    by_lines = terminal.types(sergeant(), "1", "v", "20:11", "f", *CUT)
    told(sergeant(), back_at_it, folder=terminal.folder)

    assert words.KEEPS.format("Sat 24 Oct 2026 20:10 BST") in by_lines
    assert words.KEEPS.format("Roused: answered and followed a request") in by_lines


def test_what_was_sent_before_the_cut_is_sent_again_under_the_same_key(terminal: Terminal):
    client = sergeant()
    client.losing = True
    terminal.types(client, "1", "n", "She sleeps", "", "y", *CUT)
    client.losing = False
    again = terminal.types(client, "1", "n", "", "b", "q")

    assert said.NOT_KNOWN_WHETHER in again
    assert (len(client.sent), len(client.recorded)) == (2, 1)
    assert terminal.files == []


def test_only_both_keys_alone_on_a_line_throw_away_what_was_typed(terminal: Terminal):
    terminal.types(sergeant(), "1", "n", "She sleeps", *CUT)
    told = terminal.types(sergeant(), "1", "n", "x", "xx", "b", "q")

    assert f"{words.THROW_AWAY} The note" in told
    assert said.THROWN_AWAY in told
    assert terminal.files == []


def test_whoever_leaves_is_told_what_is_kept_and_what_would_be_dropped(terminal: Terminal):
    told = terminal.types(
        sergeant(), "1", "n", "She sleeps", "b", "b", "b", "o", "c", "b", "b", "q", "q"
    )

    assert words.STILL_KEPT.format("NOTE (1 answer)") in told
    assert words.WOULD_BE_DROPPED.format(f"{said.OPEN} (1 answer)") in told
    assert [json.loads(each.read_text("utf-8"))["kind"] for each in terminal.files] == ["note"]


def test_a_disk_that_takes_nothing_is_said_once_and_stops_nobody(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    def full(self: HalfForms, half: object, *, now: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(HalfForms, "keep", full)
    client = sergeant()
    told = terminal.types(client, "1", "n", "She sleeps", "", "y", "b", "q")

    assert told.count(said.NOT_WRITTEN) == 1
    assert len(client.recorded) == 1
