"""From the outbox to real servers: who hears by which way, and what a hung or killed one costs."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.casework.conftest import (  # noqa: F401
    LEAD,
    NOW,
    OKAFOR,
    custody,
    minutes,
    opened,
    outbox,
    send,
    service,
    with_mail,
)
from tests.casework.test_sending import emergency
from triage import casework, scheduler
from triage.casework.ways import NAMES, channels_on, ways_of
from triage.channels.messages import Outcome, Sent
from triage.record.deliveries import DeliveryState
from triage.record.operations import Duty
from triage.settings import Notify, Push, Settings, Webhook

from .servers import hangs, says, server
from .test_bad_servers import KEY, TEMPLATE
from .test_email import Inbox, mail_server

ROOT = Path(__file__).resolve().parents[2]
LEAVING = """
import sys
from datetime import datetime
from pathlib import Path
from triage import casework
from triage.settings import Settings

settings = Settings.load(Path(sys.argv[1]), {"TRIAGE_WEBHOOK_URL": sys.argv[2]})
service = casework.service(settings)
casework.tick(service, now=datetime.fromisoformat(sys.argv[3]), send=casework.mail(service))
"""


def with_ways(service, url="http://127.0.0.1:1"):  # noqa: F811
    posted = with_mail(service)
    ways = replace(
        posted.settings,
        notify=Notify(KEY, url, TEMPLATE, TEMPLATE, sms={"custody_hcp": ("+447700900123",)}),
        webhook=Webhook(f"{url}/hook"),
        push=Push(to={"custody_sergeant": ("ntfy://127.0.0.1:1/desk",)}),
    )
    return replace(posted, settings=ways)


def told(messages):
    return {(message.channel, message.to) for message in messages}


def test_nothing_is_on_until_it_is_configured(tmp_path):
    settings = Settings(tmp_path, tmp_path / "triage.db")

    assert ways_of(settings) == ()
    assert channels_on(settings, "A1") == ()


def test_an_emergency_goes_by_every_way_and_what_can_wait_interrupts_nobody(service):  # noqa: F811
    settings = with_ways(service).settings

    assert channels_on(settings, "A1") == channels_on(settings, "SYS2") == NAMES
    assert channels_on(settings, "A3") == ("email", "notify_email", "webhook")
    assert channels_on(settings, "A4") == ()


def test_each_way_reaches_those_whom_the_site_has_set_for_the_role(service, outbox, send):  # noqa: F811
    here = with_ways(service)
    emergency(here)

    casework.tick(here, now=NOW, send=send)

    assert told(outbox) == {
        ("email", ("okafor@example.test",)), ("email", ("hcp@example.test",)),
        ("email", ("nair@example.test",)), ("sms", ("+447700900123",)),
        ("webhook", ("http://127.0.0.1:1/hook",)), ("push", ("ntfy://127.0.0.1:1/desk",)),
    }  # fmt: skip


def test_a_number_on_the_rota_gets_the_text_and_an_address_gets_the_mail(service, outbox, send):  # noqa: F811
    here = with_ways(service)
    emergency(here)
    duty = Duty("d1", "castle_street", "custody_hcp", None, "On call", "+447700900999",
                NOW - minutes(60), NOW + minutes(60))  # fmt: skip
    casework.set_duty(here, duty, actor=LEAD, now=NOW)

    casework.tick(here, now=NOW, send=send)

    assert ("sms", ("+447700900999",)) in told(outbox)
    assert ("email", ("hcp@example.test",)) in told(outbox)


def test_no_message_of_any_way_says_who_where_or_what(service, outbox, send):  # noqa: F811
    here = with_ways(service)
    key = emergency(here)

    casework.tick(here, now=NOW, send=send)

    said = " ".join(f"{m.subject} {m.words} {dict(m.about)} {m.reference}" for m in outbox)
    for secret in ("Ada", "Secret", "TRAINING", "roused", "not_roused", "cell", "999", "http",
                   key.split(":")[0]):  # fmt: skip
        assert secret not in said


def test_a_way_that_was_turned_off_fails_its_deliveries_openly(service):  # noqa: F811
    here = with_ways(service)
    key = emergency(here)
    now_off = replace(service, settings=replace(here.settings, webhook=Webhook()))

    casework.tick(now_off, now=NOW, send=casework.mail(now_off))

    hook = [d for d in service.record.reading().deliveries(key) if d.channel == "webhook"]
    assert {each.state for each in hook} == {DeliveryState.FAILED}


# A channel that hangs ------------------------------------------------------------------------


def test_a_webhook_that_hangs_delays_neither_the_passes_nor_the_mail(service):  # noqa: F811
    """Real threads: the mail arrives and three passes end while the webhook still waits."""
    inbox, late = Inbox(), threading.Event()

    def hang(connection, stopped):
        late.set()
        hangs(connection, stopped)

    with server(hang) as there, mail_server(inbox) as door:
        posted = with_mail(service, port=door.port)
        hook = Webhook(there.url, timeout_seconds=10.0)
        here = replace(posted, settings=replace(posted.settings, webhook=hook))
        emergency(here)
        timers = scheduler.Timers(here, lambda: NOW)
        passes = [timers.run_once(send=False) for _ in range(2)]
        timers.send_beside()
        assert late.wait(30)
        timers._sending["email"].join(30)
        passes.append(timers.run_once(send=False))
        still_waiting = timers._sending["webhook"].is_alive()
        timers.stop()

    assert [each.beat for each in passes] == [True] * 3
    assert len(inbox.letters) == 3
    assert still_waiting


def test_a_channel_is_never_sent_by_two_threads_at_once(service):  # noqa: F811
    begun, end = [], threading.Event()

    def slow(service, *, now, send, channel):  # noqa: F811
        begun.append(channel)
        end.wait(30)
        return 0

    here = with_mail(service)
    emergency(here)
    timers = scheduler.Timers(here, lambda: NOW)
    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(scheduler, "send_planned", slow)
        for _ in range(3):
            timers.send_beside()
        end.set()
        timers._sending["email"].join(30)

    assert begun == ["email"]


# Killed between "sent" and "recorded" --------------------------------------------------------


def test_a_sender_killed_after_it_sent_costs_one_repeat_that_says_so(service):  # noqa: F811
    """A real process, killed by the server at the moment in which the message has arrived."""
    hook = replace(service.settings, webhook=Webhook("http://127.0.0.1:1/hook"))
    stay = opened(replace(service, settings=hook), custody(1))
    visit = casework.Visit(NOW, rouse=False)
    here = replace(service, settings=hook)
    casework.record_rousing(here, stay, visit, actor=OKAFOR, now=NOW)
    senders = []

    def kill(connection, stopped):
        os.kill(senders[0].pid, signal.SIGKILL)

    with server(kill) as there:
        senders.append(leaving(service, there.url, NOW))
        senders[0].wait()
    kills = len(there.requests)
    with server(says(200)) as there_again:
        assert leaving(service, there_again.url, NOW + minutes(1)).wait() == 0

    first = {each.headers["idempotency-key"] for each in there.requests}
    again = {each.headers["idempotency-key"]: each.json for each in there_again.requests}
    assert senders[0].returncode == -signal.SIGKILL
    assert kills >= 1
    assert first <= set(again)  # nothing is lost
    assert len(again) == len(there_again.requests)  # and nobody hears the same three times
    assert all(again[key]["repeat"] and "(repeat)" in again[key]["words"] for key in first)


def leaving(service, url, now):  # noqa: F811
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LEAVING), str(service.settings.instance),
         f"{url}/hook", now.isoformat()],
        cwd=ROOT,
    )  # fmt: skip


def test_a_sender_that_marked_first_and_sent_then_would_be_caught(service, monkeypatch):  # noqa: F811
    """The twin: mark first, as some do, and a kill loses the message for good."""
    here = with_mail(service)
    key = emergency(here)
    with service.record.writing(now=NOW) as writing:
        for each in writing.claim_deliveries(20, minutes(1)):
            writing.record_delivery(each.key, DeliveryState.SENT)
    heard = []

    casework.tick(here, now=NOW + minutes(1), send=lambda m: heard.append(m) or Sent(Outcome.SENT))

    assert heard == []
    assert {d.state for d in service.record.reading().deliveries(key)} == {DeliveryState.SENT}
