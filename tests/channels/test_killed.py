"""Killed between "sent" and "recorded": nothing lost, at most one repeat a kill, one key, marked.

Real processes send from a real record, and the machine that takes their messages kills them in the
moment in which one has arrived. Each way tells its own key: a Message-ID, Notify's reference, an
Idempotency-Key; what apprise pushes has no room for one, so there it is the code and the role.
"""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.casework.conftest import NOW, service  # noqa: F401
from tests.casework.test_sending import emergency
from triage.casework.codes import code_of
from triage.channels.email import message_id
from triage.channels.messages import Message
from triage.domain.roles import role_words
from triage.settings import Settings

from .servers import Request, says, server
from .test_bad_servers import KEY, TAKEN, TEMPLATE
from .test_email import Inbox, mail_server

ROOT = Path(__file__).resolve().parents[2]
EVERY = timedelta(seconds=35)  # past the lease, and three of them before an emergency climbs
REPEAT = "(repeat)"
ROLES = ("custody_sergeant", "custody_hcp", "liaison_nurse")
LEAVING = """
import os, secrets, signal, sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from triage import casework
from triage.channels.messages import Message
from triage.channels.push import Push
from triage.record.deliveries import DeliveryState
from triage.settings import Settings

service = casework.service(Settings.load(Path(sys.argv[1]), {}))
now, post = datetime.fromisoformat(sys.argv[2]), casework.mail(service)
if service.settings.push.on:
    Push(60.0).send(Message("k", ("json://127.0.0.1:1",), "s", "w"))  # reads its plug-ins, once
send = post
PLANTED
casework.tick(service, now=now, send=send)
"""
BUGS = {
    "it marks first and sends then": """
def send(message):
    with service.record.writing(now=now) as writing:
        writing.record_delivery(message.delivery_key, DeliveryState.SENT)
    os.kill(os.getpid(), signal.SIGKILL)
""",
    "each try has a key of its own": """
def send(message):
    return post(replace(message, delivery_key=secrets.token_hex(8)))
""",
    "a repeat does not say so": """
def send(message):
    words = message.words.replace(" (repeat)", "")
    return post(replace(message, words=words, about={**message.about, "repeat": False}))
""",
    "it sends everything twice": """
def send(message):
    return (post(message), post(message))[0]
""",
}


@dataclass
class World:
    """The other side: what arrived there, as (key, words), and whom it kills when it does."""

    config: str = ""
    heard: list[tuple[str, str]] = field(default_factory=list)
    kills: int = 0
    sender: "subprocess.Popen[bytes] | None" = None  # who is to be killed; None is nobody
    settle: Callable[[], None] = lambda: None  # what was on its way when it died has arrived

    def hears(self, key: str, words: str) -> None:
        self.heard.append((key, words))
        if self.sender is not None:
            with suppress(ProcessLookupError):  # it is dead, and what it sent arrives
                os.kill(self.sender.pid, signal.SIGKILL)


def addressed(section: str, to: Callable[[str], str]) -> str:
    return "\n".join([f"[{section}]", *(f'{role} = "{to(role)}"' for role in ROLES)])


@contextmanager
def by_email() -> Iterator[World]:
    class Post(Inbox):
        async def handle_DATA(self, server, session, envelope):
            letter = message_from_bytes(envelope.content)
            words = " ".join(letter.get_payload(decode=True).decode().split())
            world.hears(letter["Message-ID"], words)
            return self.answer

    world = World()
    with mail_server(Post()) as door:
        world.config = (
            f'[mail]\nhost = "127.0.0.1"\nport = {door.port}\nsender = "triage@example.test"\n'
            f'security = "none"\ntimeout_seconds = 10.0\n'
            + addressed("mail.to", lambda role: f"{role}@example.test")
        )
        yield world


@contextmanager
def over_http(config: Callable[[str], str], told: Callable[[Request], tuple[str, str]]):
    world = World()

    def answer(connection, stopped):
        world.hears(*told(there.by[connection]))  # several are sent at the same time
        says(201, TAKEN)(connection, stopped)

    with server(answer) as there:
        world.config, world.settle = config(there.url), there.settle
        yield world


def notify_config(url: str) -> str:
    return (
        f'[notify]\napi_key = "{KEY}"\nbase_url = "{url}"\nsms_template = "{TEMPLATE}"\n'
        "timeout_seconds = 10.0\n"
        + addressed("notify.sms", lambda role: f"+4477009001{ROLES.index(role):02}")
    )


def push_config(url: str) -> str:
    address = url.replace("http://", "json://")
    return "[push]\ntimeout_seconds = 10.0\n" + addressed("push.to", lambda role: address)


def pushed(request: Request) -> tuple[str, str]:
    words = request.json["message"]
    return spoken(request.json["title"].split()[-1], words), words


def spoken(code: str, words: str) -> str:
    """The key of a push, for whoever hears it: which alert, for whom."""
    return f"{code} {re.search('for the (.*?)[.] Go', words)[1]}"


WAYS = {
    "email": by_email,
    "sms": lambda: over_http(
        notify_config,
        lambda it: (it.json["reference"], it.json["personalisation"]["message"]),
    ),
    "push": lambda: over_http(push_config, pushed),
    "webhook": lambda: over_http(
        lambda url: f'[webhook]\nurl = "{url}/hook"\ntimeout_seconds = 10.0\n',
        lambda it: (it.headers["idempotency-key"], it.json["words"]),
    ),
}


def keys_to_hear(service, channel: str) -> set[str]:  # noqa: F811
    """The key of each delivery that has an address, as the other side is to see it."""
    reading = service.record.reading()
    found = set()
    for alert in reading.open_alerts():
        for each in reading.deliveries(alert.key):
            if channel != "webhook" and each.recipient not in ROLES:
                continue
            told = {
                "email": message_id(each.key, "triage@example.test"),
                "push": f"{code_of(alert.key)} {role_words(each.recipient)}",
            }
            found.add(told.get(each.channel, Message(each.key, (), "", "").reference))
            assert each.channel == channel
    return found


def leaving(here, now: datetime, planted: str = "") -> "subprocess.Popen[bytes]":
    code = LEAVING.replace("PLANTED", planted)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(here.settings.instance), now.isoformat()], cwd=ROOT
    )


def wrong(world: World, expected: set[str]) -> list[str]:
    """What the other side could complain about, in words."""
    times = Counter(key for key, _ in world.heard)
    seen, silent = set(), False
    for key, words in world.heard:
        silent |= key in seen and REPEAT not in words
        seen.add(key)
    found = {
        "a message is lost": bool(expected - set(times)),
        "a key that nobody planned": bool(set(times) - expected),
        "more than one repeat a kill": max(times.values(), default=0) > 1 + world.kills,
        "a repeat that does not say so": silent,
    }
    return [words for words, holds in found.items() if holds]


def through_kills(here, world: World, kills: int, planted: str = "") -> None:
    """Some processes that are killed as soon as anything arrives, and one that may live."""
    for number in range(kills):
        sender = leaving(here, NOW + number * EVERY, planted)
        world.sender = sender
        sender.wait()
        world.settle()
        world.kills += sender.returncode == -signal.SIGKILL
    world.sender = None
    leaving(here, NOW + kills * EVERY, planted).wait()


def set_up(service, world: World):  # noqa: F811
    """A service of this instance folder with one way on, and an emergency in it."""
    folder = service.settings.instance
    (folder / "config.toml").write_text(world.config, encoding="utf-8")
    here = replace(service, settings=Settings.load(folder, {}))
    emergency(here)
    return here


@pytest.fixture(params=WAYS)
def channel(request: pytest.FixtureRequest) -> str:
    """One way; skipped where what it needs is not installed."""
    extra = {"sms": "notifications_python_client", "push": "apprise"}.get(request.param)
    if extra:
        pytest.importorskip(extra)
    return str(request.param)


def test_a_sender_killed_after_it_sent_costs_one_repeat_that_says_so(service, channel):  # noqa: F811
    with WAYS[channel]() as world:
        here = set_up(service, world)
        through_kills(here, world, 2)

    assert world.kills == 2
    assert len(world.heard) > len({key for key, _ in world.heard}) >= 3  # the kills cost something
    assert wrong(world, keys_to_hear(here, channel)) == []


FINDS = {
    "it marks first and sends then": ["a message is lost"],
    "each try has a key of its own": ["a message is lost", "a key that nobody planned"],
    "a repeat does not say so": ["a repeat that does not say so"],
    "it sends everything twice": ["more than one repeat a kill"],
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_sender_that_loses_repeats_or_renames_would_be_caught(service, bug):  # noqa: F811
    """The twin: the same kills, with one fault of a sender planted in each process."""
    with WAYS["webhook"]() as world:
        here = set_up(service, world)
        through_kills(here, world, 1, BUGS[bug])

    assert world.kills == 1
    assert wrong(world, keys_to_hear(here, "webhook")) == FINDS[bug]
