"""A real service whose rules folder is cut or edited while it runs, and while it is down.

It goes on with the last signed rulebook, says why, and takes up what is signed anew.
"""

import json
import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.command import triage
from tests.depth import depth
from tests.faults.server import WAIT, Desk, Server, desks_in, pause
from triage import clock, rules_files
from triage.domain.london import iso
from triage.record import Record

NOBODY = {
    "nation": "england", "person": {"age": 41, "age_source": "document", "sex": "male"},
    "stage": "arrest", "offence": "theft", "arrests_12m": 0, "everything_else": "no",
}  # fmt: skip
RULES = "screening/alcohol.toml"
WATCHFUL = "tests.faults.server_watchful"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped rules, signed by somebody invented."""
    copy = Path(shutil.copytree(rules_files.rules_dir(), tmp_path / "rules"))
    rules_files.sign(copy, by="Invented Lead (training)", on=date(2026, 11, 23))
    return copy


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    record = Record.open(tmp_path / "instance" / "triage.db", create=True)
    [desk] = desks_in(record, "custody_sergeant")
    record.close()
    return desk


@pytest.fixture
def server(tmp_path: Path, folder: Path, desk: Desk) -> Iterator[Server]:
    more = {"TRIAGE_RULES": str(folder), "TRIAGE_DRAFT_RULES": "false"}
    server = Server(tmp_path / "instance", WATCHFUL, more=more)
    server.start()
    yield server
    server.end()


def health(server: Server) -> dict[str, object]:
    return json.loads(server.get("/api/v1/health")[1])


def until(server: Server, holds: Callable[[Server], bool]) -> None:
    """Wait until the service has looked at its folder, and this is what it makes of it.

    A folder in which somebody is still writing is left alone for one more look.
    """
    end = clock.running() + WAIT
    while not holds(server):
        assert clock.running() < end, (health(server), server.log.read_text()[-2000:])
        pause(0.05)


def in_trouble(server: Server) -> bool:
    """Whether whoever signs in is told that the folder does not speak."""
    return b"The last signed rulebook" in server.get("/sign-in")[1]


def is_well(server: Server) -> bool:
    return not in_trouble(server)


def speaks(server: Server, desk: Desk) -> tuple[int, str, bool]:
    """What a desk is told of a screening, and by which rulebook."""
    status, found = server.post("/evaluate/screening", NOBODY, desk)
    return status, found["rulebook"]["fingerprint"], found["rulebook"]["signed"]


def opened(server: Server, desk: Desk) -> str:
    """Somebody who is here all the while."""
    body = {"kind": "custody", "suite": "castle_street", "reference": "TRAINING/S/1",
            "opened_at": iso(clock.now()), "offence": "theft"}  # fmt: skip
    return str(server.post("/stays", body, desk)[1]["stay"])


def saved(server: Server, desk: Desk, stay: str) -> tuple[int, str, bool]:
    """The same of one that is recorded with a stay."""
    status, saved = server.post(f"/stays/{stay}/screenings", NOBODY, desk)
    stamp = saved["findings"]["rulebook"]
    return status, stamp["fingerprint"], stamp["signed"]


def cut(folder: Path, chance: random.Random) -> str:
    path = chance.choice(sorted(folder.rglob("*.toml")))
    lines = path.read_bytes().splitlines(keepends=True)
    at = chance.randrange(len(lines))
    path.write_bytes(b"".join(lines[:at]))
    return f"{path.name} cut before line {at + 1}"


def edited(folder: Path, chance: random.Random) -> str:
    path = chance.choice(sorted(folder.rglob("*.toml")))
    content = path.read_bytes()
    at = chance.randrange(len(content))
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    return f"{path.name}: byte {at} changed"


@pytest.mark.parametrize("damage", [cut, edited])
def test_a_running_service_goes_on_with_the_last_signed_rules_and_so_does_a_new_start(
    server: Server, desk: Desk, folder: Path, damage
):
    good = str(health(server)["rulebook"])
    whole = rules_files.texts(folder)
    chance = random.Random(4)
    for _ in range(depth(1, 30)):
        what = damage(folder, chance)

        until(server, in_trouble)
        running = health(server)
        told = speaks(server, desk)
        server.kill()
        server.start()
        started = speaks(server, desk)
        said_again = in_trouble(server)

        for file, content in whole.items():
            (folder / file).write_bytes(content)
        assert (running["rulebook"], running["rulebook_signed"]) == (good, True), what
        assert told == started == (200, good, True), what
        assert said_again, what


@dataclass
class Posting(threading.Thread):
    """A desk that sends one screening after another, whatever happens to the rules."""

    server: Server
    desk: Desk
    told: Counter[tuple[int, str, bool]] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        try:
            stay = opened(self.server, self.desk)
            while not self._ended.is_set():
                self.told[speaks(self.server, self.desk)] += 1
                self.told[saved(self.server, self.desk, stay)] += 1
                pause(0.05)
        except Exception as error:  # whatever it is, it is told at the end
            self.lost.append(repr(error))

    def goes_on(self) -> None:
        """Wait until a few more were sent and answered."""
        wanted, end = self.told.total() + depth(6, 100), clock.running() + WAIT
        while self.told.total() < wanted:
            assert not self.lost and clock.running() < end, self.lost
            pause(0.02)

    def end(self) -> None:
        self._ended.set()
        self.join(WAIT)


def said_where(server: Server, folder: Path) -> str:
    """What ``triage where`` says of the folder, in a process of its own."""
    done = triage("where", "--rules", folder, instance=server.instance)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_screening_sent_while_the_folder_breaks_and_heals_is_by_the_last_signed_rules(
    server: Server, desk: Desk, folder: Path
):
    good = str(health(server)["rulebook"])
    whole = rules_files.texts(folder)
    chance = random.Random(20261123)
    posting = Posting(server, desk)
    posting.start()
    begun = clock.running()
    for number in range(depth(2, 30)):
        what = (cut, edited)[number % 2](folder, chance)
        until(server, in_trouble)
        posting.goes_on()
        broken, where = health(server), said_where(server, folder)

        for file, content in whole.items():
            (folder / file).write_bytes(content)
        until(server, is_well)
        posting.goes_on()
        healed, where_again = health(server), said_where(server, folder)

        assert (broken["rulebook"], healed["rulebook"]) == (good, good), what
        assert "REFUSED" in where or "NOT SIGNED: changed since Invented Lead" in where, what
        assert f"The last signed rulebook, {good}, goes on being used." in where, what
        assert f"Rulebook {good}" in where_again, what
        assert "in use" not in where_again, what
        assert "Signed by Invented Lead (training)" in where_again, what
    posting.end()
    print(f"{posting.told.total()} screenings in {clock.running() - begun:.0f} s")

    assert posting.lost == []
    assert set(posting.told) == {(200, good, True), (201, good, True)}


def test_screenings_by_rules_that_changed_meanwhile_would_be_found(
    server: Server, desk: Desk, folder: Path
):
    """The twin: the same desk, while somebody signs other rules; it is told of two rulebooks."""
    posting = Posting(server, desk)
    first = speaks(server, desk)
    posting.start()
    text = (folder / RULES).read_text("utf-8")
    (folder / RULES).write_text(text.replace("A lot to drink in the last day.", "A lot."), "utf-8")
    rules_files.sign(folder, by="Another Lead (training)", on=date(2026, 11, 23))
    until(server, lambda server: health(server)["rulebook"] != first[1])
    posting.told[speaks(server, desk)] += 1
    posting.end()

    assert posting.lost == []
    assert len({first[1], *(each[1] for each in posting.told)}) == 2


def test_a_folder_that_is_signed_anew_is_taken_up_without_a_restart(
    server: Server, desk: Desk, folder: Path
):
    before = speaks(server, desk)
    text = (folder / RULES).read_text("utf-8")
    (folder / RULES).write_text(text.replace("A lot to drink in the last day.", "A lot."), "utf-8")

    until(server, in_trouble)
    unsigned = health(server)
    done = triage("rules", "sign", "--by", "Another Lead (training)", folder)
    until(server, is_well)
    after = speaks(server, desk)

    assert done.returncode == 0
    assert (unsigned["rulebook"], unsigned["rulebook_signed"]) == (before[1], True)
    assert after[1:] == (rules_files.load(folder).fingerprint, True)
    assert after[1] != before[1]
