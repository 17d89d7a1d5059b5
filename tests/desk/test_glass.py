"""The terminal of these tests takes no screen that somebody is still drawing for a whole one."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.desk.glass import rests
from tests.faults.server import WAIT, pause
from triage import clock

DRAWS = "import sys, threading\nprint('begun', flush=True)\n"


@contextmanager
def running(then: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Somebody who has begun, and does this then."""
    process = subprocess.Popen(
        [sys.executable, "-c", DRAWS + then], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_whoever_waits_for_a_key_rests():
    with running("sys.stdin.read()") as process:
        until = clock.running() + WAIT
        while not rests(process.pid):
            assert clock.running() < until
            pause(0.01)


@pytest.mark.parametrize(
    "then",
    [
        "while True: pass",
        "threading.Thread(target=sys.stdin.read, daemon=True).start()\nwhile True: pass",
    ],
    ids=["alone", "while another thread of it waits"],
)
def test_whoever_is_at_it_does_not_rest(then: str):
    with running(then) as process:
        assert not any(rests(process.pid) for _ in range(20))


def test_whoever_was_stopped_in_the_middle_does_not_rest():
    """As a machine does that is busy with others, or that was given no more time for now."""
    with running("sys.stdin.read()") as process:
        process.send_signal(signal.SIGSTOP)
        until = clock.running() + WAIT
        while rests(process.pid):
            assert clock.running() < until
            pause(0.01)
