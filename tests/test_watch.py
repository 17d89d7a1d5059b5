"""``triage watch`` against real processes: killed, frozen, in trouble; and against strangers."""

import json
import os
import signal
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.channels.servers import dribbles, hangs, nobody_there, says, server
from tests.channels.test_email import Inbox, mail_server
from tests.command import triage
from tests.faults.server import WAIT, pause
from tests.machine import needs_the_service
from tests.web.test_real_server import health
from tests.web.test_real_server import server as service
from triage import clock
from triage.casework.watching import Alarm, problems_of
from triage.channels.asking import ask
from triage.channels.messages import Outcome, Sent
from triage.domain.errors import InputError

pytestmark = needs_the_service
NOW = datetime(2026, 10, 24, 19, 40, tzinfo=UTC)
WELL = {"status": "ok", "at": NOW.isoformat(), "last_pass_at": NOW.isoformat()}


def watch(tmp_path: Path, port: int, *more: str):
    return triage("watch", "--url", f"http://127.0.0.1:{port}", *more, instance=tmp_path / "other")


def test_a_live_service_is_live_then_frozen_then_live_then_killed(tmp_path: Path):
    inbox = Inbox()
    with mail_server(inbox) as door, service(tmp_path / "instance") as (port, process):
        tell = (
            "--tell-mail", "control@example.test", "--mail-host", "127.0.0.1", "--mail-port",
            str(door.port), "--mail-from", "watch@example.test", "--mail-security", "none",
        )  # fmt: skip
        health(port)
        first = watch(tmp_path, port, *tell)
        [worker] = children(process.pid)
        for each in (worker, process.pid):
            os.kill(each, signal.SIGSTOP)
        frozen = watch(tmp_path, port, *tell)
        for each in (worker, process.pid):
            os.kill(each, signal.SIGCONT)
        passes_again(port)
        again = watch(tmp_path, port, "--json")
        workers = children(process.pid)
        for each in (process.pid, *workers):
            os.kill(each, signal.SIGKILL)
        process.wait()
        all_gone(workers)  # until then the kernel takes calls in their name
        killed = watch(tmp_path, port, *tell)

    assert (first.returncode, first.stdout, first.stderr) == (0, "Live.\n", "")
    assert frozen.returncode == 1
    assert frozen.stdout == "NOT LIVE. The service: it gave no answer within 10 s.\n"
    assert json.loads(again.stdout)["problems"] == []
    assert killed.returncode == 1
    assert killed.stdout == (
        "NOT LIVE. The service: it cannot be reached (ConnectionRefusedError).\n"
    )
    assert [b"use the printed sheet" in each.content for each in inbox.letters] == [True, True]
    assert b"NOT LIVE" in inbox.letters[0].content


def passes_again(port: int) -> None:
    """Wait until the timers of a service that was frozen have run again."""
    until = clock.running() + WAIT
    while clock.running() < until:
        if not problems_of(health(port), now=clock.now()):
            return
        pause(0.05)
    raise AssertionError("the timers never ran again")


def all_gone(processes: Iterable[int]) -> None:
    """Wait until processes that were killed, and that are not ours to wait for, are no more."""
    until = clock.running() + WAIT
    for each in processes:
        stat = Path(f"/proc/{each}/stat")
        while clock.running() < until:
            try:
                if stat.read_text().rpartition(")")[2].split()[0] in "ZX":
                    break  # dead, and all its doors are shut; whoever adopted it has not looked
            except OSError:
                break
            pause(0.02)
        else:
            raise AssertionError(f"process {each} lives")


def children(parent: int) -> list[int]:
    """The workers of a process, as the kernel lists them."""
    found = Path(f"/proc/{parent}/task/{parent}/children")
    if not found.exists():
        pytest.skip("there is no list of children here")
    return [int(each) for each in found.read_text().split()]


@pytest.mark.parametrize(
    ("reply", "patience", "words"),
    [
        (says(500), WAIT, "it answers with status 500"),
        (says(302, Location="http://127.0.0.1/"), WAIT, "it answers with status 302"),
        (says(200, b"<html>"), WAIT, "what it answers is not its health"),
        (hangs, 0.5, "it gave no answer within 0.5 s"),
        (dribbles, 0.5, "it gave no answer within 0.5 s"),
    ],
)
def test_whatever_else_answers_there_is_not_a_live_service(reply, patience, words):
    with server(reply) as here, pytest.raises(InputError) as refused:
        ask(f"{here.url}/api/v1/health", patience)

    assert [each.problem for each in refused.value.problems] == [words]


def test_nothing_that_listens_is_not_a_live_service(tmp_path: Path):
    with nobody_there() as url:
        done = triage("watch", "--url", url, instance=tmp_path / "other")

    assert done.returncode == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (WELL, ()),
        ({**WELL, "last_pass_at": None}, ("Its timers have never run.",)),
        (
            {**WELL, "last_pass_at": (NOW - timedelta(seconds=31)).isoformat()},
            ("It answers, but its timers stand still since Sat 24 Oct 2026 20:39 BST.",),
        ),
        ({**WELL, "last_pass_at": (NOW - timedelta(seconds=29)).isoformat()}, ()),
        ({"status": "ok"}, ("What answers there is not this service.",)),
    ],
)
def test_a_server_that_answers_while_its_timers_stand_is_not_live(said, words):
    assert problems_of(said, now=NOW) == words


def test_clocks_that_disagree_are_said():
    [words] = problems_of(WELL, now=NOW + timedelta(minutes=3))

    assert words == "Its clock and the clock of this machine are 180 s apart."


def test_an_alarm_waits_a_little_goes_on_and_says_when_it_is_over():
    sent: list[str] = []

    def send(message):
        sent.append(message.subject)
        return Sent(Outcome.SENT)

    alarm = Alarm((("mail", send, ("a@b.test",)),), timedelta(seconds=60))
    looks = [("dead",)] * 24 + [()] * 2
    told = [
        (30 * at, list(alarm.look(each, now=NOW + timedelta(seconds=30 * at))) != [])
        for at, each in enumerate(looks)
    ]

    assert [at for at, said in told if said] == [60, 360, 660, 720]
    assert sent == ["Custody Triage is NOT LIVE"] * 3 + ["Custody Triage is live again"]


def test_an_alarm_that_did_not_leave_is_tried_again_at_the_next_look():
    alarm = Alarm((("mail", lambda m: Sent(Outcome.UNKNOWN, "x"), ("a@b.test",)),), timedelta(0))

    assert [len(alarm.look(("dead",), now=NOW + timedelta(seconds=s))) for s in (0, 30)] == [1, 1]


def test_a_restart_of_seconds_tells_nobody():
    alarm = Alarm((), timedelta(seconds=60))

    assert alarm.look(("dead",), now=NOW) == ()
    assert alarm.look((), now=NOW + timedelta(seconds=30)) == ()


def test_a_channel_by_which_nothing_leaves_is_not_live_either(tmp_path: Path):
    with service(tmp_path / "instance") as (port, _), server(says(500)) as broken:
        health(port)
        url = {"TRIAGE_WEBHOOK_URL": f"{broken.url}/hook"}
        done = triage("watch", "--url", f"http://127.0.0.1:{port}", "--probe", "webhook=",
                      instance=tmp_path / "other", **url)  # fmt: skip

    assert done.returncode == 1
    assert done.stdout == "NOT LIVE. No test message leaves by webhook: unknown (500).\n"


def test_an_alarm_in_the_clear_or_to_nowhere_is_refused(tmp_path: Path):
    for wrong in (
        ("--tell-webhook", "http://elsewhere.example.test/"),
        ("--tell-mail", "a@b.test"),
    ):
        assert watch(tmp_path, 1, *wrong).returncode == 2
