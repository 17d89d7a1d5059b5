"""Who acts inside this process is named by this process alone: nothing that is sent can say it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.desk.people import OKAFOR, opened, people_in, reached
from tests.faults.server import Server
from triage import clock

NAMES = ("triage.actor", "Triage.Actor", "Triage-Actor", "triage_actor", "HTTP-Triage-Actor",
         "wsgi.triage.actor", "X-Triage-Actor")  # fmt: skip
VALUES = ("okafor", json.dumps(asdict(OKAFOR)), repr(OKAFOR))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    service = opened(tmp_path)
    people_in(service, clock.now())
    service.record.close()
    running = Server(tmp_path)
    try:
        running.start()
        yield running
    finally:
        running.end()


def test_no_header_that_a_client_sends_names_who_acts(server: Server):
    statuses = {
        (name, value): server.get("/api/v1/desk/board", {name: value})[0]
        for name in NAMES
        for value in VALUES
    }

    # 400 is the server's own no to a name that is none in HTTP.
    assert set(statuses.values()) <= {400, 401}
    assert 401 in statuses.values()


def test_the_same_key_set_by_this_process_does(tmp_path: Path):
    service, now = opened(tmp_path), clock.now()
    people_in(service, now)
    desk = reached(service, OKAFOR, lambda: now)

    assert len(desk.board().rows) == 2
    service.record.close()
