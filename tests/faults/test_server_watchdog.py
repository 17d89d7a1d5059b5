"""The watchdog through the real path: a real service, a real mail server, and whoever listens.

The message that always goes out leaves the outbox of a real server by mail and by POST and comes
back. Then the mail server takes letters and drops them; then the engine is frozen; then the server
is killed. Each is noticed, told by means of the watchdog's own, and heard on its own machine.
"""

import asyncio
import json
import os
import shlex
import signal
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.casework.conftest import HCP, OKAFOR
from tests.channels.test_email import Inbox, mail_server
from tests.command import triage
from tests.faults.server import ROOT, Server, free_port
from triage import casework, clock
from triage.record import Record
from triage.rules_files import load, rules_dir
from triage.settings import Settings

SECRET = "sixteen wooden letters"
WATCHER, CONTROL = "watchdog@example.test", "control@example.test"
LOOKS = 600  # of a second each, before a test gives up; never a promise that is measured
NOT_LIVE, LIVE_AGAIN = "Custody Triage is NOT LIVE", "Custody Triage is live again"
Said = dict[str, Any]


class Relay(Inbox):
    """A mail server that brings letters for the watchdog on, or takes them and drops them."""

    def __init__(self, to: int) -> None:
        super().__init__()
        self.to, self.drops = to, False

    async def handle_DATA(self, server, session, envelope):
        await super().handle_DATA(server, session, envelope)
        if envelope.rcpt_tos == [WATCHER] and not self.drops:
            await asyncio.to_thread(self._bring_on, envelope)
        return "250 OK"

    def _bring_on(self, envelope) -> None:
        with smtplib.SMTP("127.0.0.1", self.to) as door:
            door.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.content)

    def told(self) -> list[str]:
        """What the control room was told, by subject."""
        letters = (each for each in self.letters if each.rcpt_tos == [CONTROL])
        return [_subject(each.content) for each in letters]


def _subject(content: bytes) -> str:
    return next(line[9:].decode() for line in content.splitlines() if line.startswith(b"Subject: "))


@dataclass
class Watch:
    """A ``triage watch`` in a process of its own."""

    process: "subprocess.Popen[str]"
    noise: Path
    looks: list[Said] = field(default_factory=list)

    def until(self, holds: Callable[[Said], bool]) -> Said:
        """The first look of which this holds."""
        said: Said = {}
        for _ in range(LOOKS):
            line = self.process.stdout.readline() if self.process.stdout else ""
            assert line, "the watchdog ended"
            said = json.loads(line)
            self.looks.append(said)
            if holds(said):
                return said
        raise AssertionError(f"never; last {said}")

    def told(self) -> list[str]:
        """What it said that it told, look by look, by subject."""
        return [LIVE_AGAIN if look["live"] else NOT_LIVE for look in self.looks if look["told"]]

    def noises(self) -> int:
        return len(self.noise.read_text().splitlines()) if self.noise.exists() else 0


@contextmanager
def watching(folder: Path, port: int, mail: int, web: int, post: int) -> Iterator[Watch]:
    """Watch a service, listen for what comes back, and tell by a mail server of one's own."""
    folder.mkdir()
    noise = folder / "noise"
    plays = f"sh -c {shlex.quote(f'echo heard >> {shlex.quote(str(noise))}')}"
    words = [
        "watch", "--url", f"http://127.0.0.1:{port}", "--every", "1", "--patience", "0",
        "--silence", "8", "--listen-mail", str(mail), "--listen-web", str(web),
        "--sound-with", plays, "--tell-mail", CONTROL, "--mail-host", "127.0.0.1",
        "--mail-port", str(post), "--mail-from", WATCHER, "--mail-security", "none", "--json",
    ]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "triage.cli", *words], cwd=ROOT, text=True,
        env=os.environ | {"TRIAGE_INSTANCE": str(folder), "TRIAGE_WATCHDOG_SECRET": SECRET},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Watch(process, noise)
    finally:
        process.kill()
        process.communicate()


def by_mail_alone(said: Said) -> bool:
    return [each[:34] for each in said["problems"]] == ["Nothing has come back by e-mail fo"]


def is_live(said: Said) -> bool:
    return bool(said["live"]) and len(said["back"]) == 2


def test_what_always_goes_out_comes_back_and_its_absence_is_heard(tmp_path: Path):
    mail, web = free_port(), free_port()
    relay = Relay(mail)
    instance = tmp_path / "instance"
    instance.mkdir()
    Record.open(instance / "triage.db", create=True).close()
    with mail_server(relay) as post:
        settings = {
            "TRIAGE_MAIL_HOST": "127.0.0.1", "TRIAGE_MAIL_PORT": str(post.port),
            "TRIAGE_MAIL_SENDER": "triage@example.test", "TRIAGE_MAIL_SECURITY": "none",
            "TRIAGE_WATCHDOG_SECRET": SECRET, "TRIAGE_WATCHDOG_MAIL": WATCHER,
            "TRIAGE_WATCHDOG_URL": f"http://127.0.0.1:{web}/",
            "TRIAGE_WATCHDOG_EVERY_SECONDS": "1",
        }  # fmt: skip
        server = Server(instance, more=settings)
        try:
            server.start()
            with watching(tmp_path / "other", server.port, mail, web, post.port) as watch:
                well = watch.until(is_live)
                always, noises_at_first = [each["live"] for each in watch.looks], watch.noises()
                told_at_first = relay.told() == watch.told()

                relay.drops = True
                dropped = watch.until(by_mail_alone)
                believed = triage(
                    "watch", "--url", f"http://127.0.0.1:{server.port}", "--probe",
                    f"email={WATCHER}", instance=instance, **settings,
                )  # fmt: skip
                relay.drops = False
                watch.until(is_live)

                os.killpg(server.process, signal.SIGSTOP)
                frozen = watch.until(lambda said: len(said["problems"]) == 3)
                os.killpg(server.process, signal.SIGCONT)
                watch.until(is_live)

                before = watch.noises()
                server.kill()
                killed = watch.until(lambda said: len(said["problems"]) == 3)
                for _ in range(LOOKS):
                    if watch.noises() > before + 1:
                        break
                    watch.until(lambda said: True)
                heard = watch.noises() - before

                server.start()
                watch.until(is_live)
                said = watch.told()
        finally:
            server.end()

    assert {each["by"] for each in well["back"]} == {"e-mail", "POST"}
    print(f"round trips: {well['back']}")
    # The sound test, and nothing else; on a busy machine the first proof may come back too late.
    assert told_at_first and (noises_at_first == 1 or not all(always))
    assert [each["outcome"] for each in dropped["told"]] in ([], ["sent"])
    # The twin: the mail server says that it took it, and a watchdog that believes that is content.
    assert (believed.returncode, believed.stdout) == (0, "Live.\n")
    assert frozen["problems"][0].startswith("The service: it gave no answer within")
    assert killed["problems"][0].startswith("The service: it cannot be reached")
    assert heard >= 2  # again and again while it lasts
    # Three times, and whenever else it saw that something was late: each of them once.
    assert relay.told() == said == [NOT_LIVE, LIVE_AGAIN] * (len(said) // 2)
    assert len(said) >= 6


def an_emergency(service: casework.Service, at: datetime) -> str:
    """Somebody in danger, raised then; nobody has taken it yet."""
    opening = casework.Opening(
        casework.StayKind.CUSTODY, "castle_street", "TRAINING/W/1", at, training=True
    )
    stay = casework.open_stay(service, opening, actor=OKAFOR, now=at).stay
    casework.record_rousing(service, stay, casework.Visit(at, rouse=False), actor=OKAFOR, now=at)
    with service.record.writing(now=clock.now()) as writing:
        writing.heartbeat()  # the timers live: what is missing is a person
    return next(a.key for a in service.record.reading().alerts_of(stay) if a.level == "A1")


def test_without_a_url_it_sounds_for_an_emergency_that_nobody_has(tmp_path: Path):
    """On the machine of the service, from its record alone."""
    path = tmp_path / "triage.db"
    rulebook = load(rules_dir(), draft=True)
    service = casework.Service(Record.open(path, create=True), rulebook, Settings(tmp_path, path))
    plays = f"sh -c {shlex.quote(f'echo heard >> {tmp_path}/noise')}"
    key = an_emergency(service, clock.now() - timedelta(minutes=3))

    waits = triage("watch", "--sound-with", plays, instance=tmp_path)
    for kind in (casework.AckKind.POLICE, casework.AckKind.CLINICAL):
        actor = OKAFOR if kind is casework.AckKind.POLICE else HCP
        casework.acknowledge(service, key, kind=kind, actor=actor, now=clock.now())
    with service.record.writing(now=clock.now()) as writing:
        writing.heartbeat()
    taken = triage("watch", "--sound-with", plays, instance=tmp_path)
    service.record.close()

    assert "1 emergency has waited 3 min and nobody has it." in waits.stdout
    assert (waits.returncode, (tmp_path / "noise").read_text()) == (1, "heard\n")
    assert "nobody has it" not in taken.stdout
