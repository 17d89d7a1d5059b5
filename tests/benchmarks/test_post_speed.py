"""A durable POST of a whole screening over HTTP, against a bare one, as a ratio in one run.

The load comes from this process over eight kept-alive lines with requests made beforehand, the
same for both servers, so that it weighs on both alike.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.depth import depth
from tests.faults.server import ROOT, WAIT, Desk, Server, desks_in, free_port, pause
from triage import casework, clock
from triage.record import Actor, Record
from triage.rules_files import load, rules_dir
from triage.settings import Settings

LINES = 8
SCREENINGS_A_STAY = 3
LEAST = 0.45
OKAFOR = Actor("okafor", "PS Okafor", "custody_sergeant", "castle-desk-1")
CASES = ROOT / "tests" / "cases" / "contract"
PEOPLE = {
    "somebody with no flags": "screen-ryan",
    "somebody with five needs": "screen-denise",  # eight alerts are raised in the same act
}


@dataclass
class Load:
    """Requests made beforehand, shared out over the lines; and how long each one took."""

    port: int
    requests: list[bytes]
    status: int = 201

    def run(self) -> tuple[float, list[float]]:
        """Requests a second, and the seconds of each."""
        shares = [self.requests[number::LINES] for number in range(LINES)]
        with ThreadPoolExecutor(LINES) as lines:
            start = time.perf_counter()
            took = [each for line in lines.map(self._line, shares) for each in line]
            return len(self.requests) / (time.perf_counter() - start), took

    def _line(self, requests: list[bytes]) -> list[float]:
        """One line that is kept open; fails with the status of what was not recorded."""
        took = []
        with socket.create_connection(("127.0.0.1", self.port), WAIT) as line:
            for request in requests:
                start = time.perf_counter()
                line.sendall(request)
                status = _answered(line)
                took.append(time.perf_counter() - start)
                assert status == self.status, status
        return took


def _answered(line: socket.socket) -> int:
    """The status of one answer, after all of it has come."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += line.recv(65536)
    head, _, body = found.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    left = length - len(body)
    while left > 0:
        left -= len(line.recv(65536))
    return int(head.split(b" ", 2)[1])


def request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    named = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def screening_of(case: str) -> bytes:
    """A whole screening as a terminal sends it, without a time of its own."""
    document = json.loads((CASES / f"{case}.json").read_text())
    return json.dumps({name: value for name, value in document.items() if name != "at"}).encode()


def ours(stays: list[str], desk: Desk, first: int, body: bytes) -> list[bytes]:
    return [
        request(f"/api/v1/stays/{stay}/screenings", desk.headers(f"bench-{first + at:08d}"), body)
        for at, stay in enumerate(stays)
    ]


def looks(count: int, desk: Desk, body: bytes) -> list[bytes]:
    """The same person evaluated and answered by ours, and nothing recorded: no commit at all."""
    path = "/api/v1/evaluate/screening"
    return [request(path, desk.headers(f"look-{at:08d}"), body) for at in range(count)]


def theirs(count: int, body: bytes) -> list[bytes]:
    return [request("/", {"Content-Type": "application/json"}, body)] * count


def open_stays(instance: Path, count: int) -> list[str]:
    path = instance / "triage.db"
    service = casework.Service(
        Record.open(path), load(rules_dir(), draft=True), Settings(instance, path)
    )
    now = clock.now() - timedelta(minutes=1)
    made = [
        casework.open_stay(
            service,
            casework.Opening(
                casework.StayKind.CUSTODY, "castle_street", f"TRAINING/B/{number}", now,
                training=True,
            ),
            actor=OKAFOR,
            now=now,
        ).stay
        for number in range(count)
    ]  # fmt: skip
    service.record.close()
    return made


def size(path: Path) -> int:
    """The bytes of a record with its WAL emptied into it."""
    record = Record.open(path)
    record.reading()._connection.execute("pragma wal_checkpoint(truncate)")
    record.close()
    return path.stat().st_size


def until_first_pass(instance: Path) -> None:
    """Wait until the timers have looked at each stay once, as they do after each start."""
    record = Record.open(instance / "triage.db")
    until = clock.running() + WAIT
    while record.reading().last_heartbeat() is None and clock.running() < until:
        pause(0.05)
    record.close()


def work_of(process: int) -> float:
    """The seconds that a server and its children have worked, whatever others did meanwhile."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    found = 0
    for each in (str(process), *children):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        found += int(fields[11]) + int(fields[12])
    return found / os.sysconf("SC_CLK_TCK")


@contextmanager
def bare(path: Path) -> Iterator[tuple[int, int]]:
    """The port and the process of the bare server."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bare_server", str(path), str(port)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = clock.running() + WAIT
        while clock.running() < until:
            try:
                socket.create_connection(("127.0.0.1", port), WAIT).close()
                break
            except OSError:
                pause(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("person", PEOPLE)
def test_a_durable_post_against_a_bare_one(tmp_path: Path, person: str):
    rounds, per_round = depth(5, 15), depth(120, 960)
    body = screening_of(PEOPLE[person])
    record = Record.open(tmp_path / "triage.db", create=True)
    [desk] = desks_in(record, "custody_sergeant")
    record.close()
    opened = open_stays(tmp_path, rounds * per_round // SCREENINGS_A_STAY + LINES)
    first, stays = opened[:LINES], opened[LINES:] * SCREENINGS_A_STAY
    before = size(tmp_path / "triage.db")
    server = Server(tmp_path, passes=5)
    server.start()
    until_first_pass(tmp_path)
    ratios, looked, waits, works = [], [], [], []
    try:
        with bare(tmp_path / "bare.db") as (port, process):
            Load(port, theirs(LINES, body)).run()
            Load(server.port, ours(first, desk, len(stays), body)).run()
            for number in range(rounds):
                part = stays[number * per_round : (number + 1) * per_round]
                before_them, before_us = work_of(process), work_of(server.process)
                fast, _ = Load(port, theirs(per_round, body)).run()
                load = Load(server.port, ours(part, desk, number * per_round, body))
                slow, took = load.run()
                works.append((work_of(process) - before_them, work_of(server.process) - before_us))
                ratios.append(slow / fast)
                waits += took
                look, _ = Load(server.port, looks(per_round, desk, body), 200).run()
                looked.append(look / fast)
                print(f"\nbare {fast:.0f}/s, ours {slow:.0f}/s: {slow / fast:.3f}x", end="")
        assert server.stop() == 0
    finally:
        server.end()
    posts = len(first) + len(stays)
    each = (size(tmp_path / "triage.db") - before) / posts
    waits.sort()
    theirs_worked, ours_worked = (
        sum(each) / rounds / per_round for each in zip(*works, strict=True)
    )
    print(
        f"\n{person}: median {statistics.median(ratios):.3f}x of a bare durable POST; ours p50 "
        f"{waits[len(waits) // 2] * 1e3:.0f} ms, p99 {waits[int(len(waits) * 0.99)] * 1e3:.0f} ms "
        f"with eight at once; {each:.0f} bytes a screening of {len(body)} sent"
        f"\nthe bare server worked {theirs_worked * 1e6:.0f} us a POST, ours "
        f"{ours_worked * 1e6:.0f}: {theirs_worked / ours_worked:.3f}x"
        f"\nevaluated and answered by ours and nothing recorded: {statistics.median(looked):.3f}x"
    )
    assert statistics.median(ratios) >= LEAST
