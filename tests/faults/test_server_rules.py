"""A real service whose rules folder is cut or edited while it runs, and while it is down.

It goes on with the last signed rulebook, says why, and takes up what is signed anew.
"""

import json
import random
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.command import triage
from tests.depth import depth
from tests.faults.server import WAIT, Desk, Server, desks_in, pause
from triage import clock, rules_files
from triage.casework.service import LOOK_EVERY
from triage.record import Record

NOBODY = {
    "nation": "england", "person": {"age": 41, "age_source": "document", "sex": "male"},
    "stage": "arrest", "offence": "theft", "arrests_12m": 0, "everything_else": "no",
}  # fmt: skip
RULES = "screening/alcohol.toml"


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
    server = Server(tmp_path / "instance", more=more)
    server.start()
    yield server
    server.end()


def health(server: Server) -> dict[str, object]:
    return json.loads(server.get("/api/v1/health")[1])


def looked(server: Server) -> dict[str, object]:
    """How it stands once its timers ran for longer than it takes to look at its rules again."""
    first, until = _last_pass(server), clock.running() + WAIT
    # A folder in which somebody is still writing is left alone for one more look.
    while _last_pass(server) - first < 2 * LOOK_EVERY + timedelta(seconds=2):
        assert clock.running() < until, server.log.read_text()[-2000:]
        pause(0.1)
    return health(server)


def _last_pass(server: Server) -> datetime:
    return datetime.fromisoformat(str(health(server)["last_pass_at"]))


def speaks(server: Server, desk: Desk) -> tuple[int, str, bool]:
    """What a desk is told of a screening, and by which rulebook."""
    status, found = server.post("/evaluate/screening", NOBODY, desk)
    return status, found["rulebook"]["fingerprint"], found["rulebook"]["signed"]


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

        running = looked(server)
        told = speaks(server, desk)
        said = server.get("/sign-in")[1]
        server.kill()
        server.start()
        started = speaks(server, desk)

        for file, content in whole.items():
            (folder / file).write_bytes(content)
        assert (running["rulebook"], running["rulebook_signed"]) == (good, True), what
        assert told == started == (200, good, True), what
        assert b"The last signed rulebook" in said, what


def test_a_folder_that_is_signed_anew_is_taken_up_without_a_restart(
    server: Server, desk: Desk, folder: Path
):
    before = speaks(server, desk)
    text = (folder / RULES).read_text("utf-8")
    (folder / RULES).write_text(text.replace("A lot to drink in the last day.", "A lot."), "utf-8")

    unsigned = looked(server)
    done = triage("rules", "sign", "--by", "Another Lead (training)", folder)
    looked(server)
    after = speaks(server, desk)

    assert done.returncode == 0
    assert (unsigned["rulebook"], unsigned["rulebook_signed"]) == (before[1], True)
    assert after[1:] == (rules_files.load(folder).fingerprint, True)
    assert after[1] != before[1]
