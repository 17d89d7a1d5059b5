"""A writer killed at any moment loses nothing that it acknowledged and leaves no half act.

The checker knows only what came down the pipe and what stands in the file.
"""

import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.depth import depth
from tests.faults.record_writer import FOUND
from triage import clock
from triage.record import EventKind, Record, rebuild, verify

ROOT = Path(__file__).resolve().parents[2]
BATCH = 100_000  # more acts than any writer lives for


@dataclass
class Kills:
    """What happened to one record over many kills."""

    acknowledged: int = 0
    killed: int = 0
    last: int = 0


def start(
    path: Path, first: int, last: int, mode: str, *prefix: str
) -> tuple[subprocess.Popen, int]:
    """A real writer process, and the end of the pipe where it acknowledges."""
    read, write = os.pipe()
    writer = subprocess.Popen(
        [*prefix, sys.executable, "-m", "tests.faults.record_writer", str(path), "s-1",
         str(first), str(last), mode, str(write)],
        cwd=ROOT, pass_fds=[write], stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(write)
    return writer, read


def kill_once(path: Path, kills: Kills, rng: random.Random, mode: str) -> None:
    """Let the writer acknowledge a few acts, then kill it at a random moment of the next ones.

    How long an act takes is seen, not supposed: a moment on a slow disk lies within an act too.
    """
    writer, read = start(path, kills.last + 1, kills.last + BATCH, mode)
    with os.fdopen(read) as pipe:
        lines, began = [pipe.readline()], clock.running()
        lines += [pipe.readline() for _ in range(rng.randrange(1, 4))]
        an_act = (clock.running() - began) / (len(lines) - 1)
        select.select([], [], [], rng.random() * 2 * an_act)  # anywhere in the next two
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        lines = [line for line in [*lines, *pipe.read().splitlines()] if line]
    kills.killed += 1
    kills.acknowledged += len(lines)
    kills.last = max([int(line.split(" ")[1]) for line in lines], default=kills.last)
    kills.last = max(kills.last, check(path, kills.last))


def check(path: Path, acknowledged: int) -> int:
    """Nothing acknowledged is lost and no act is half there; returns the last act that stands."""
    record = Record.open(path)
    reading = record.reading()
    acts = {
        int(event.header["act"].split("-")[2])
        for event in reading.all_events()
        if event.kind is EventKind.SCREENING_SAVED
    }
    rows = {int(row.event.header["act"].split("-")[2]) for row in reading.screenings("s-1")}
    known = reading.alerts_of("s-1")
    alerts = {int(alert.step) for alert in known}
    found = Counter(int(alert.step) for alert in known if alert.source in FOUND)
    keys = {number for number in acts if reading.remembered(f"s-1-{number}", "writer")}
    record.close()
    assert set(range(1, acknowledged + 1)) <= acts, "an acknowledged act is lost"
    assert acts == rows == keys, "an event stands without its projection or its key"
    assert acts == alerts, "an act stands without its alert, or an alert without its act"
    assert found == {n: len(FOUND) for n in acts if n % 2 == 0}, "alerts raised together are half"
    walked = verify(path)
    assert walked.ok, walked.flaws
    return max(acts, default=0)


def test_nothing_acknowledged_is_lost_and_no_act_is_half_done_when_a_writer_is_killed(
    path: Path,
):
    Record.open(path, create=True).close()
    rng, kills = random.Random(20261024), Kills()

    for _ in range(depth(12, 500)):
        kill_once(path, kills, rng, "whole")

    assert kills.acknowledged >= 2 * kills.killed  # the writers did live
    assert verify(path, full=True).ok
    assert rebuild(path, keep=False).same


def test_an_outbox_written_in_a_second_transaction_is_found_out(path: Path):
    """The twin: the same kills over a planted second transaction must fail."""
    Record.open(path, create=True).close()
    rng, kills = random.Random(7), Kills()

    with pytest.raises(AssertionError, match="without its alert"):
        for _ in range(60):
            kill_once(path, kills, rng, "split")


SYNCS = "fsync,fdatasync"  # which of them is called depends on how the engine was built
STRACE = ("strace", "-f", "-qq", "-o", "/dev/null")


def kill_at(path: Path, call: str, number: int, acts: int, mode: str) -> tuple[bool, int]:
    """Kill the writer at the n-th call of one kind; whether it was reached, and what was acked."""
    code, acked, _ = inject(path, call, f"signal=SIGKILL:when={number}", acts, mode)
    return code != 0, acked


def inject(path: Path, call: str, fault: str, acts: int, mode: str) -> tuple[int, int, str]:
    """Run the writer with one fault in its system calls: exit code, what was acked, stderr."""
    flags = ("-e", f"trace={call}", "-e", f"inject={call}:{fault}")
    writer, read = start(path, 1, acts, mode, *STRACE, *flags)
    _, said = writer.communicate()
    with os.fdopen(read) as pipe:
        acked = len([line for line in pipe.read().splitlines() if line])
    return writer.returncode, acked, said.decode()


@pytest.mark.parametrize(("call", "step"), [("pwrite64", depth(23, 1)), (SYNCS, 1)])
def test_a_kill_at_each_write_and_each_sync_of_a_few_acts_leaves_whole_acts(
    path: Path, call: str, step: int
):
    reached, number = True, 1
    while reached:
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()
        Record.open(path, create=True).close()
        reached, acked = kill_at(path, call, number, 3, "whole")
        check(path, acked)
        number += step

    assert number > 3
    assert acked == 3


def test_a_kill_between_two_transactions_is_found_at_a_sync(path: Path):
    """The twin: with the planted second transaction one of these kills leaves half an act."""
    with pytest.raises(AssertionError, match="without its alert"):
        for number in range(1, 12):
            for left in path.parent.glob(f"{path.name}*"):
                left.unlink()
            Record.open(path, create=True).close()
            check(path, kill_at(path, SYNCS, number, 3, "split")[1])


def test_an_act_whose_sync_failed_is_not_acknowledged_and_is_not_there(path: Path):
    """The fourth sync is that of the second act: the first three make the WAL and the first act."""
    Record.open(path, create=True).close()

    _, acked, said = inject(path, SYNCS, "error=EIO:when=4", 3, "whole")

    assert "StoreFailed: The disk answered with an error" in said
    assert check(path, acked) == acked == 1
