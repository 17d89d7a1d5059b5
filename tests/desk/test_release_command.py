"""``triage release`` in a real process: for scripts, at the keyboard, and against a real server."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.command import triage
from tests.desk.people import FIRST, OKAFOR, PASSWORD, SECOND, opened, people_in
from tests.faults.server import ROOT, WAIT, free_port, pause, settings_in
from tests.machine import NO_SERVICE, certificate
from triage import casework, clock
from triage.channels.asking import Asked, exchange
from triage.record import Account, Record, Token
from triage.web import passwords
from triage.web.doors import new_secret, secret_hash

CARED_FOR = ("--handed-to", "His sister", "--told", "His sister: what to look for",
             "--transport", "Her car", "--plan", "Call on Sunday at 11:00")  # fmt: skip


@pytest.fixture(scope="module")
def kept() -> str:
    return passwords.hashed(PASSWORD)


@dataclass
class Desk:
    """One instance with two people in it, and the command on its record or at its service."""

    folder: Path
    stays: dict[str, str]
    at: tuple[str, ...] = ()  # which service, where not the record itself

    def run(self, *words: str, typed: str = "", by: str = "okafor", password: str = PASSWORD):
        return triage(
            "release", *words, "--by", by, *self.at, instance=self.folder,
            typed=f"{password}\n{typed}", TRIAGE_TRAINING="true", TRIAGE_DRAFT_RULES="true",
        )  # fmt: skip

    def closed(self, reference: str):
        record = Record.open(self.folder / "triage.db")
        try:
            return record.reading().stay(self.stays[reference]).closed_at
        finally:
            record.close()


@pytest.fixture
def desk(tmp_path: Path, kept: str) -> Desk:
    folder = tmp_path / "instance"
    folder.mkdir()
    return Desk(folder, made(folder, kept))


def made(folder: Path, kept: str, now: datetime | None = None) -> dict[str, str]:
    service, now = opened(folder), now or clock.now()
    stays = people_in(service, now, kept)
    with service.record.writing(now=now) as writing:
        for name, role, suite in (("dyer", "detention_officer", "castle_street"),
                                  ("rowe", "custody_sergeant", "dock_road")):  # fmt: skip
            account = Account(name, f"TRAINING {name}", role, (suite,), kept, active=True,
                              made_at=now)  # fmt: skip
            writing.add_account(account)
    service.record.close()
    return stays


def errors(done) -> dict[str, dict]:
    assert done.returncode == 2, done.stderr
    return {each["field"]: each for each in json.loads(done.stderr)["errors"]}


# For scripts ---------------------------------------------------------------------------------


def test_a_check_says_what_is_open_and_what_closes_it_and_records_nothing(desk: Desk):
    words = desk.run(FIRST, "--check")
    data = json.loads(desk.run(FIRST, "--check", "--json").stdout)
    better = json.loads(desk.run(FIRST, "--check", "--to", "home", *CARED_FOR, "--json").stdout)

    assert words.returncode == 0
    assert "These things are still open." in words.stdout
    assert words.stdout.count("Closes it:") == len(data["gaps"])
    assert data["schema"] == "triage.release-check/1"
    assert {"alert", "plan", "told"} <= {gap["id"].partition(":")[0] for gap in data["gaps"]}
    assert {gap["id"].partition(":")[0] for gap in better["gaps"]} == {"alert"}
    assert desk.closed(FIRST) is None


def test_a_script_releases_somebody_at_the_time_it_happened(desk: Desk):
    left = (clock.now() - timedelta(minutes=3)).replace(microsecond=0)
    done = desk.run(SECOND, "--to", "home", "--left", left.isoformat(), "--medicine", "none",
                    "--paper", "Bail sheet to him", "--json")  # fmt: skip

    told = json.loads(done.stdout)
    assert (told["schema"], told["gaps"], told["to"]) == ("triage.release/1", [], "home")
    assert desk.closed(SECOND) == left


def test_something_open_without_a_reason_names_the_option_the_reasons_and_what_is_open(desk: Desk):
    found = errors(desk.run(FIRST, "--to", "home", *CARED_FOR, "--json"))

    assert found["--reason"]["allowed"] == list(casework.REASONS)
    assert [field for field in found if field.startswith("gaps.alert:")]
    assert desk.closed(FIRST) is None
    with_reason = desk.run(FIRST, "--to", "home", *CARED_FOR, "--reason", "arranged_outside")
    assert with_reason.returncode == 0
    assert "What was left open stays with whoever has it:" in with_reason.stdout


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--to", "home", "--left", "half past nine"), "--left"),
        (("--to", "home", "--left", "2026-10-25T01:30"), "--left"),  # twice, and not said which
        (("--to", "home", "--left", "2099-01-01T00:00:00Z"), "--left"),
        (("--to", "home", "--plan", "\x01"), "--plan"),
        (("--to", "home", "--told", ""), "--told"),
        (("--plan", "Call him"), "--to"),
        (("--json",), "--to"),
    ],
)
def test_what_cannot_be_used_is_named_by_its_option(desk: Desk, words, field):
    assert list(errors(desk.run(SECOND, *words, "--json"))) == [field]
    assert desk.closed(SECOND) is None


def test_a_london_time_that_happened_twice_is_taken_with_its_fold(tmp_path: Path, kept: str):
    """They came in that very night: nobody leaves before."""
    desk = Desk(tmp_path, made(tmp_path, kept, datetime(2025, 10, 26, 1, 10, tzinfo=UTC)))
    twice = ("--left", "2025-10-26T01:30", "--fold", "second")

    done = desk.run(SECOND, "--to", "home", *twice, "--reason", "not_given")

    assert done.returncode == 0, done.stderr
    assert desk.closed(SECOND).isoformat() == "2025-10-26T01:30:00+00:00"


@pytest.mark.parametrize("words", [("TRAINING/CS/9999/26",), ("s-nobody0",)])
def test_somebody_who_is_not_here_is_not_released(desk: Desk, words):
    done = desk.run(*words, "--to", "home")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_nobody_is_released_in_the_name_of_somebody_else(desk: Desk):
    for password, by in (("not theirs", "okafor"), (PASSWORD, "nobody")):
        done = desk.run(SECOND, "--to", "home", password=password, by=by)
        assert (done.returncode, "--by" in done.stderr) == (2, True)
    assert desk.closed(SECOND) is None


def test_a_detention_officer_may_look_and_not_release_and_hears_it_before_typing(desk: Desk):
    checked = desk.run(SECOND, "--check", by="dyer")
    asked = desk.run(typed="2\n", by="dyer")

    assert checked.returncode == 0
    assert (asked.returncode, "WHO IS LEAVING" in asked.stderr) == (2, False)
    assert "It is for: custody sergeant" in asked.stderr


def test_another_suite_is_not_seen(desk: Desk):
    done = desk.run(SECOND, "--to", "home", by="rowe")

    assert done.returncode == 2
    assert desk.closed(SECOND) is None


def test_the_second_of_two_scripts_hears_who_was_first(desk: Desk):
    stay = desk.stays[SECOND]
    desk.run(SECOND, "--to", "home", by="lowe")
    second = desk.run(stay, "--to", "home", "--json")

    assert second.returncode == 2
    [error] = json.loads(second.stderr)["errors"]
    assert "TRAINING Lowe recorded that the person left" in error["problem"]


# At the keyboard, through a pipe -------------------------------------------------------------

PLAIN = ["", "1", "s", "s", "", "s", "s", "", "y"]


def keys(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_somebody_is_chosen_and_released_line_by_line(desk: Desk):
    done = desk.run(typed=keys("2", *PLAIN))

    assert done.returncode == 0, done.stderr
    assert "The release is on the record" in done.stdout
    assert "Victor Vane" in done.stderr
    assert desk.closed(SECOND) is not None
    assert list((desk.folder / "releases").iterdir()) == []


def test_a_process_that_is_cut_off_says_how_to_go_on_and_goes_on_there(desk: Desk):
    cut = desk.run(typed=keys("2", "", "1", "His sister"))
    begun = desk.run(typed="q\n")
    on = desk.run(SECOND, typed=keys("s", "", "s", "s", "", "y"))

    assert f"triage release {SECOND} --by okafor" in " ".join(cut.stderr.split())
    assert "release begun" in begun.stderr
    assert on.returncode == 0, on.stderr
    assert "With       His sister" in on.stderr
    assert desk.closed(SECOND) is not None


def test_what_was_begun_for_somebody_whom_another_released_is_shown_and_then_kept_no_longer(
    desk: Desk,
):
    desk.run(typed=keys("2", "", "1", "His sister"))
    desk.run(SECOND, "--to", "court", by="lowe")
    shown = desk.run(typed="q\n")
    again = desk.run(typed="q\n")

    told = " ".join(shown.stderr.split())
    assert "TRAINING Lowe recorded that the person left" in told
    assert f"What was typed at this desk for {SECOND}, which is on no record:" in told
    assert "With His sister" in told
    assert list((desk.folder / "releases").iterdir()) == []
    assert "His sister" not in again.stderr


def test_what_was_begun_for_somebody_who_is_still_here_is_kept(desk: Desk):
    """The twin: only what can no longer be used goes."""
    desk.run(typed=keys("2", "", "1", "His sister"))
    shown = desk.run(typed="q\n")

    assert "His sister" not in shown.stderr
    assert [each.suffix for each in (desk.folder / "releases").iterdir()] == [".json"]


# Over HTTPS ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, kept: str) -> Iterator[Desk]:
    """A real ``triage serve`` with a certificate made here, and the token of one terminal."""
    if os.name != "posix":
        pytest.skip(NO_SERVICE)
    paper, folder = tmp_path_factory.mktemp("paper"), tmp_path_factory.mktemp("served")
    (cert, key), token = certificate(paper), paper / "token"
    stays, secret = made(folder, kept), new_secret()
    record = Record.open(folder / "triage.db")
    with record.writing(now=clock.now()) as writing:
        writing.add_token(Token(secret_hash(secret), "castle-desk-1", (), clock.now()))
    record.close()
    token.write_text(f"{secret}\n")
    port = free_port()
    url = f"https://localhost:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "triage.cli", "serve", "--port", str(port),
         "--cert", str(cert), "--key", str(key)],
        cwd=ROOT, env=settings_in(folder), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    health = Asked(f"{url}/api/v1/health", authority=str(cert))
    try:
        until = clock.running() + WAIT
        while isinstance(exchange(health, WAIT), str) and clock.running() < until:
            assert process.poll() is None
            pause(0.05)
        yield Desk(folder, stays, ("--url", url, "--token", str(token), "--authority", str(cert)))
    finally:
        process.terminate()
        process.wait(timeout=WAIT)


def test_at_a_served_record_the_same_is_open_in_the_same_words(served: Desk, tmp_path: Path):
    far = replace(served, folder=served.folder)
    near = replace(served, at=())

    over_https = json.loads(far.run(FIRST, "--check", "--json").stdout)
    in_process = json.loads(near.run(FIRST, "--check", "--json").stdout)

    assert over_https["gaps"] == in_process["gaps"] != []


def test_over_https_somebody_is_released_key_by_key_under_the_name_of_the_terminal(
    served: Desk, tmp_path: Path
):
    away = replace(served, folder=tmp_path)  # the desk's own machine: it holds no record
    done = away.run(typed=keys("2", *PLAIN))
    again = away.run(served.stays[SECOND], "--to", "home", by="lowe")

    assert done.returncode == 0, done.stderr
    assert "The release is on the record" in done.stdout
    assert served.closed(SECOND) is not None
    record = Record.open(served.folder / "triage.db")
    [event] = [e for e in record.reading().stay_events(served.stays[SECOND])
               if e.kind == "released"]  # fmt: skip
    record.close()
    assert (event.actor.account, event.actor.terminal) == ("okafor", "castle-desk-1")
    assert again.returncode == 2
    assert f"{OKAFOR.name} recorded that the person left" in " ".join(again.stderr.split())


def test_over_https_a_refusal_names_the_option_as_it_does_here(served: Desk, tmp_path: Path):
    away = replace(served, folder=tmp_path)

    assert list(errors(away.run(FIRST, "--to", "home", "--left", "soon", "--json"))) == ["--left"]
    found = errors(away.run(FIRST, "--to", "home", "--json"))
    assert found["--reason"]["allowed"] == list(casework.REASONS)


@pytest.mark.parametrize("wrong", ["password", "token", "certificate"])
def test_a_desk_that_is_not_let_in_says_so_and_records_nothing(
    served: Desk, tmp_path: Path, wrong: str
):
    stranger = tmp_path / "token"
    stranger.write_text("somebody-else")
    at = list(served.at)
    if wrong == "token":
        at[3] = str(stranger)
    if wrong == "certificate":
        at = at[:4]
    away = replace(served, folder=tmp_path, at=tuple(at))

    done = away.run(FIRST, "--to", "home", password="no" if wrong == "password" else PASSWORD)

    assert done.returncode == (1 if wrong == "certificate" else 2), done.stderr
    assert "Traceback" not in done.stderr
    assert served.closed(FIRST) is None


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("http://the.service.example", 2, "Only https"),
        ("https://localhost:1", 1, "cannot be reached"),
        ("ftp://localhost", 2, "Only https"),
    ],
)
def test_nothing_is_sent_in_the_clear_and_a_service_that_is_gone_is_said_to_be(
    tmp_path: Path, url: str, code: int, says: str
):
    token = tmp_path / "token"
    token.write_text("anything")
    desk = Desk(tmp_path, {}, ("--url", url, "--token", str(token)))

    done = desk.run(FIRST, "--to", "home")

    assert (done.returncode, says in " ".join(done.stderr.split())) == (code, True), done.stderr


def test_the_same_key_sent_twice_is_one_release(served: Desk, tmp_path: Path):
    away = replace(served, folder=tmp_path)
    stay = served.stays[FIRST]
    sent = (stay, "--to", "home", "--left", clock.now().isoformat(), "--reason", "no_power",
            "--key", "script-0001", "--json")  # fmt: skip
    once, twice = (json.loads(away.run(*sent).stdout) for _ in range(2))

    assert (once["repeated"], twice["repeated"]) == (False, True)
    assert once["seq"] == twice["seq"]
