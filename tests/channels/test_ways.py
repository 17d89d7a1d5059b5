"""From the outbox to real servers: who hears by which way, and what a hung one costs."""

import threading
from dataclasses import replace

import pytest

from tests.casework.conftest import (  # noqa: F401
    LEAD,
    NOW,
    minutes,
    outbox,
    send,
    service,
    with_mail,
)
from tests.casework.test_sending import emergency
from tests.faults.server import WAIT
from triage import casework, scheduler
from triage.casework.ways import NAMES, channels_on, ways_of
from triage.channels.messages import Outcome, Sent
from triage.record.deliveries import DeliveryState
from triage.record.operations import Duty
from triage.settings import Notify, Push, Settings, Webhook

from .servers import hangs, server
from .test_bad_servers import KEY, TEMPLATE
from .test_email import Inbox, mail_server


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
        hook = Webhook(there.url, timeout_seconds=WAIT)
        here = replace(posted, settings=replace(posted.settings, webhook=hook))
        emergency(here)
        timers = scheduler.Timers(here, lambda: NOW)
        passes = [timers.run_once(send=False) for _ in range(2)]
        timers.send_beside()
        assert late.wait(WAIT)
        timers._sending["email"].join(WAIT)
        passes.append(timers.run_once(send=False))
        still_waiting = timers._sending["webhook"].is_alive()
    timers.stop()

    assert [each.beat for each in passes] == [True] * 3
    assert len(inbox.letters) == 3
    assert still_waiting


def stopped_while_it_sends(service, monkeypatch):  # noqa: F811
    """The timers, stopped in the middle of a try; the try ends only once that was asked for."""
    here, trying, end = with_mail(service), threading.Event(), threading.Event()

    def slow(message):
        trying.set()
        end.wait(WAIT)
        return Sent(Outcome.SENT)

    monkeypatch.setattr(scheduler, "mail", lambda service: slow)
    key = emergency(here)
    timers = scheduler.Timers(here, lambda: NOW)
    timers.run_once(send=False)
    timers.send_beside()
    assert trying.wait(WAIT)
    asked = threading.Thread(target=lambda: timers._stopped.wait(WAIT) and end.set())
    return key, timers, asked, end


def test_timers_that_were_stopped_leave_nobody_writing_to_the_record(service, monkeypatch):  # noqa: F811
    """Whoever closes the record next must not close it under a sender: that ends the process."""
    key, timers, asked, _ = stopped_while_it_sends(service, monkeypatch)
    asked.start()
    timers.stop()
    asked.join(WAIT)

    states = {each.state for each in service.record.reading().deliveries(key)}
    assert states == {DeliveryState.SENT}
    assert not any(sender.is_alive() for sender in timers._sending.values())


def test_a_stop_that_does_not_wait_for_the_senders_leaves_them_writing(service, monkeypatch):  # noqa: F811
    key, timers, _, end = stopped_while_it_sends(service, monkeypatch)
    senders = dict(timers._sending)
    timers._sending.clear()  # as if nobody knew of them
    timers.stop()
    alive = [sender.is_alive() for sender in senders.values()]
    states = {each.state for each in service.record.reading().deliveries(key)}
    end.set()
    for sender in senders.values():
        sender.join(WAIT)

    assert alive == [True]
    assert states == {DeliveryState.CLAIMED}


def test_a_channel_is_never_sent_by_two_threads_at_once(service):  # noqa: F811
    begun, end = [], threading.Event()

    def slow(service, *, now, send, channel):  # noqa: F811
        begun.append(channel)
        end.wait(WAIT)
        return 0

    here = with_mail(service)
    emergency(here)
    timers = scheduler.Timers(here, lambda: NOW)
    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(scheduler, "send_planned", slow)
        for _ in range(3):
            timers.send_beside()
        end.set()
        timers._sending["email"].join(WAIT)

    assert begun == ["email"]
