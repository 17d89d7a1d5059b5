"""One record that nobody can read any more, over a real server: it pages at once, and harms nobody.

The bytes of everything that was recorded of one person are spoilt on the disk, as a bad block
would. Whoever looks at the board, at Section 136 or at a handover must see everybody else, and
that this one has to be watched by hand.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.casework.conftest import OKAFOR, answered, everything_no
from tests.channels.servers import says, server
from tests.faults.server import PLAIN, Desk, Server, desks_in, pause
from triage import casework, clock
from triage.casework.codes import code_of
from triage.record import Record
from triage.record.engine import connect
from triage.rules_files import load, rules_dir
from triage.settings import Settings

HIDING = "tests.faults.server_hiding"
LISTS = ("/board", "/alerts", "/section-136", "/handover")
LONGEST = 60.0  # seconds of waiting for something to happen at all; no promise


@dataclass
class Suite:
    """A custody suite in which three people have been for three hours, one of them spoilt."""

    instance: Path
    spoilt: str
    others: tuple[str, ...]
    desk: Desk

    def alerts(self, stay: str) -> dict[str, Any]:
        record = Record.open(self.instance / "triage.db")
        found = {a.source: a for a in record.reading().alerts_of(stay) if a.is_open}
        record.close()
        return found

    def until_paged(self) -> Any:
        """The emergency that says that the record cannot be evaluated."""
        until = clock.running() + LONGEST
        while clock.running() < until:
            found = self.alerts(self.spoilt).get("cannot_be_evaluated")
            if found is not None and found.state == "raised":
                return found
            pause(0.05)
        raise AssertionError("nobody was paged")


def spoil(path: Path, stay: str) -> None:
    """Turn everything that was recorded about a stay into bytes that mean nothing."""
    connection = connect(path)
    guard = connection.execute(
        "select sql from sqlite_master where name = 'payloads_are_not_edited'"
    ).fetchone()["sql"]
    connection.execute("drop trigger payloads_are_not_edited")
    connection.execute(
        "update payloads set body = :junk where seq in"
        " (select seq from events where stay = :stay"
        " and kind not in ('alert_raised', 'alerts_raised'))",
        {"junk": b"\x00\xff\x13 spoilt", "stay": stay},
    )
    connection.execute(guard)
    connection.close()


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    path, then = tmp_path / "triage.db", clock.now() - timedelta(hours=3)
    record = Record.open(path, create=True)
    [desk] = desks_in(record, "custody_sergeant")
    service = casework.Service(record, load(rules_dir(), draft=True), Settings(tmp_path, path))
    stays = []
    for number in range(3):
        opening = casework.Opening(
            casework.StayKind.SECTION136 if number == 1 else casework.StayKind.CUSTODY,
            "castle_street", f"TRAINING/P/{number}", then, training=True, cell=f"M{number}",
            stage="section136" if number == 1 else "custody",
        )  # fmt: skip
        stay = casework.open_stay(service, opening, actor=OKAFOR, now=then).stay
        said = everything_no(then, answers={"hurt_by_someone": answered("now")})
        casework.record_screening(service, stay, said, actor=OKAFOR, now=then)
        stays.append(stay)
    record.close()
    spoil(path, stays[0])
    return Suite(tmp_path, stays[0], tuple(stays[1:]), desk)


def asked(server: Server, desk: Desk, path: str) -> tuple[int, Any]:
    status, body = server.get(f"/api/v1{path}", desk.headers())
    return status, json.loads(body)


def test_a_spoilt_record_pages_at_once_and_everybody_else_is_seen_and_watched(suite: Suite):
    with server(says(204, b"")) as hook:
        here = Server(suite.instance, more={"TRIAGE_WEBHOOK_URL": hook.url})
        try:
            here.start()
            alert = suite.until_paged()
            heard = {"code": code_of(alert.key), "level": "A1"}
            until = clock.running() + LONGEST
            while not any(heard.items() <= each.json.items() for each in tuple(hook.requests)):
                assert clock.running() < until, here.log.read_text()[-2000:]
                pause(0.05)
            lists = {path: asked(here, suite.desk, path) for path in LISTS}
            status, page = asked(here, suite.desk, f"/stays/{suite.spoilt}")
            watched = {stay: set(suite.alerts(stay)) for stay in suite.others}
            now = clock.now().isoformat()
            visits = [
                here.post(f"/stays/{stay}/visits", {"occurred_at": now}, suite.desk)[0]
                for stay in (suite.spoilt, *suite.others)
            ]
            health = json.loads(here.get("/api/v1/health")[1])
        finally:
            here.end()

    assert {path: status for path, (status, _) in lists.items()} == dict.fromkeys(LISTS, 200)
    rows = {row["stay"]: row for row in lists["/board"][1]["rows"]}
    assert {stay: row["unreadable"] for stay, row in rows.items()} == {
        suite.spoilt: True, **dict.fromkeys(suite.others, False),
    }  # fmt: skip
    assert rows[suite.spoilt]["urgency"] == "emergency"
    changed = {each["stay"]: each["unreadable"] for each in lists["/handover"][1]["changes"]}
    assert changed == {suite.spoilt: True, **dict.fromkeys(suite.others, False)}
    assert (status, page["unreadable"], page["screenings"]) == (200, True, [])
    assert [each["source"] for each in page["alerts"]].count("cannot_be_evaluated") == 1
    assert "visit" in watched[suite.others[1]]  # due while the other record was spoilt
    assert (visits, health["status"]) == ([201] * 3, "ok")


def test_one_spoilt_record_that_takes_the_board_down_would_be_seen(suite: Suite):
    """The twin: as it was before each record was read by itself."""
    here = Server(suite.instance, HIDING)
    plain = Server(suite.instance, PLAIN)
    try:
        here.start()
        plain.start()
        suite.until_paged()
        hidden, seen = (asked(each, suite.desk, "/board")[0] for each in (here, plain))
    finally:
        here.end()
        plain.end()

    assert (hidden, seen) == (500, 200)
