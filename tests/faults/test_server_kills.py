"""A real server killed at any moment, with desks at work: nothing acknowledged is lost.

The checker is a process of its own; it knows what was answered to the desks, and the file.
"""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.depth import depth
from tests.faults.server import PLAIN, ROOT, Server, desks_in, pause, settings_in
from tests.faults.server_desks import Worker
from triage import clock
from triage.record import Record

ROLES = ("custody_sergeant",) * 4
LONGEST = 60.0  # seconds of waiting for something to happen at all; no promise


@dataclass
class Night:
    """One record, one server, four desks and a checker."""

    server: Server
    workers: list[Worker]
    checker: "subprocess.Popen[str]"
    kills: int = 0

    @property
    def acked(self) -> int:
        return sum(worker.acked for worker in self.workers)

    def until_more(self, more: int) -> None:
        """Let the desks get some answers."""
        wanted, until = self.acked + more, clock.running() + LONGEST
        while self.acked < wanted and clock.running() < until:
            assert not self.refused, self.refused
            pause(0.002)
        assert self.acked >= wanted, self.server.log.read_text()[-2000:]

    @property
    def refused(self) -> list[str]:
        return [each for worker in self.workers for each in worker.refused]

    def kill(self, rng: random.Random) -> None:
        """All processes at once at a random moment of the acts that are under way."""
        self.until_more(rng.randrange(1, 12))
        pause(rng.random() * 0.05)
        self.server.kill()
        self.kills += 1

    def kill_worker(self, rng: random.Random) -> None:
        """The serving process alone; its parent starts another, which the desks find."""
        self.until_more(rng.randrange(1, 12))
        pause(rng.random() * 0.05)
        self.server.kill_worker()
        self.kills += 1
        self.until_more(len(self.workers))

    def look(self, what: str = "look") -> list[str]:
        assert self.checker.stdin is not None and self.checker.stdout is not None
        print(what, file=self.checker.stdin, flush=True)
        found: list[str] = json.loads(self.checker.stdout.readline() or '["the checker died"]')
        return found

    def claim_answers(self) -> None:
        """The twin of the checker: answers that were never given must be missed by it."""
        claimed = {
            "acked": "never", "act": "screened", "by": self.workers[0].desk.name, "status": 201,
            "seq": 10_000_000, "stay": "s-nobody0", "alerts": [],
        }  # fmt: skip
        with self.workers[0].log.open("a") as log:
            log.write(json.dumps(claimed) + "\n")
            typed = {"typed": {"answers": {"pregnant": "yes"}}, "recorded": 10_000_001}
            log.write(json.dumps(claimed | {"acked": "nor this", "act": "typed"} | typed) + "\n")

    def finish(self) -> None:
        """Let every desk get its last answer, and the timers make one more pass."""
        for worker in self.workers:
            worker.end()
        for worker in self.workers:
            worker.join(LONGEST)
        before, until = clock.now(), clock.running() + LONGEST
        record = Record.open(self.server.instance / "triage.db")
        while clock.running() < until:
            beat = record.reading().last_heartbeat()
            if beat is not None and beat.at > before:
                break
            pause(0.05)
        record.close()
        assert self.server.stop() == 0


@contextmanager
def night_in(instance: Path, module: str = PLAIN) -> Iterator[Night]:
    path = instance / "triage.db"
    record = Record.open(path, create=True)
    desks = desks_in(record, *ROLES)
    record.close()
    server = Server(instance, module)
    logs = [instance / f"desk-{number}.log" for number in range(len(desks))]
    for log in logs:
        log.touch()
    checker = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.server_checker", str(path), *map(str, logs)],
        cwd=ROOT, env=settings_in(instance), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    pairs = enumerate(zip(desks, logs, strict=True))
    takes = module == PLAIN
    workers = [
        Worker(server, desk, desks[number - 1], log, number, takes) for number, (desk, log) in pairs
    ]
    night = Night(server, workers, checker)
    try:
        server.start()
        for worker in workers:
            worker.start()
        yield night
    finally:
        for worker in workers:
            worker.end()
        server.end()
        checker.kill()
        checker.communicate()


def test_nothing_acknowledged_is_lost_when_a_real_server_is_killed(tmp_path: Path):
    rng = random.Random(20261024)
    rounds = depth(2, 250)
    with night_in(tmp_path) as night:
        for number in range(rounds):
            night.kill_worker(rng)
            night.kill(rng)
            assert night.look() == []
            night.server.start()
            if number % 25 == 24:
                print(f"{night.kills} kills, {night.acked} acts answered", flush=True)
        night.finish()

        assert night.look("last") == []
        assert night.refused == []
        assert night.acked > night.kills
        night.claim_answers()
        missed = "".join(night.look())
        assert "lost, there is no screened at 10000000" in missed
        assert "lost, there is no provisional version at 10000001" in missed
        assert "lost, nobody typed answers.pregnant" in missed
    print(f"{night.kills} kills, {night.acked} acts answered, nothing lost")


def test_an_outbox_in_a_second_transaction_is_found_out(tmp_path: Path):
    """The twin: the same kills and the same checker over a planted second transaction."""
    rng = random.Random(7)
    found: list[str] = []
    with night_in(tmp_path, "tests.faults.server_planted") as night:
        for _ in range(20):
            night.kill(rng)
            found = night.look()
            if found:
                break
            night.server.start()

    assert any("an act stands without its alert" in problem for problem in found)
