"""Messages: planned with the alert, sent outside the transaction, repeated under one key."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.casework.conftest import (
    HCP,
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    keys,
    minutes,
    opened,
    section136,
    with_mail,
)
from tests.channels.test_email import Inbox, mail_server
from triage import casework
from triage.casework.codes import code_of
from triage.channels.messages import Outcome, Sent
from triage.record.deliveries import DeliveryState
from triage.record.operations import Duty


def emergency(service, now=NOW):
    stay = opened(service, custody(1, at=now, identity=casework.Identity(name="Ada Secret")))
    casework.record_rousing(service, stay, casework.Visit(now, rouse=False), actor=OKAFOR, now=now)
    [key] = [k for k, a in keys(service, stay, "raised").items() if a.source == "not_roused"]
    return key


def test_nothing_leaves_while_mail_is_not_configured(service, outbox, send):
    key = emergency(service)

    casework.tick(service, now=NOW, send=send)

    assert outbox == []
    assert service.record.reading().deliveries(key) == ()


def test_an_emergency_reaches_a_real_mail_server_and_names_nobody(service):
    inbox = Inbox()
    with mail_server(inbox) as door:
        posted = with_mail(service, port=door.port)
        key = emergency(posted)
        done = casework.tick(posted, now=NOW + minutes(1), send=casework.mail(posted))

    texts = [letter.content.decode() for letter in inbox.letters]
    assert done.sent == len(texts) == 3
    assert {letter.rcpt_tos[0] for letter in inbox.letters} == {
        "okafor@example.test", "hcp@example.test", "nair@example.test",
    }  # fmt: skip
    for text in texts:
        assert "Castle Street (training): 1 EMERGENCY waiting 1 min" in text
        assert code_of(key) in text
        # The Message-ID is a hash, in which any three digits may come by chance.
        read = "\n".join(line for line in text.splitlines() if "Message-ID" not in line)
        for secret in ("Ada", "Secret", "TRAINING", "roused", "999", "http", key.split(":")[0]):
            assert secret not in read


def test_a_message_of_unknown_fate_is_sent_again_under_the_same_key_and_says_repeat(service):
    posted = with_mail(service)
    emergency(posted)
    tries = []

    def broken(message):
        tries.append(message)
        return Sent(Outcome.UNKNOWN, "TimeoutError")

    casework.tick(posted, now=NOW, send=broken)
    casework.tick(posted, now=NOW + timedelta(seconds=29), send=broken)
    assert len(tries) == 3
    casework.tick(posted, now=NOW + timedelta(seconds=30), send=broken)

    assert len(tries) == 6
    assert tries[0].delivery_key == tries[3].delivery_key
    assert "(repeat)" not in tries[0].words
    assert "(repeat)" in tries[3].words


def test_whoever_dies_after_claiming_leaves_a_message_that_is_sent_by_the_next(
    service, outbox, send
):
    posted = with_mail(service)
    key = emergency(posted)

    def killed(message):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        casework.tick(posted, now=NOW, send=killed)
    claimed = service.record.reading().deliveries(key)
    assert {each.state for each in claimed} == {DeliveryState.CLAIMED}

    casework.tick(posted, now=NOW + timedelta(seconds=31), send=send)

    assert {each.state for each in service.record.reading().deliveries(key)} == {DeliveryState.SENT}
    assert all("(repeat)" in message.words for message in outbox)


def test_a_channel_that_breaks_harms_neither_the_pass_nor_the_chain(service):
    posted = with_mail(service)
    key = emergency(posted)

    def broken(message):
        raise RuntimeError("mail library fell over")

    done = casework.tick(posted, now=NOW + minutes(2), send=broken)

    assert done.beat
    assert service.record.reading().alert(key).chain_step == 1


DOWN = lambda message: Sent(Outcome.UNKNOWN, "down")  # noqa: E731


def after_an_outage(service, outbox, send, *, hours=3):
    """An emergency and a Section 136 detention, mail dead for hours, then a few passes with it."""
    posted = with_mail(service)
    emergency(posted)
    opened(posted, section136(2))
    for minute in range(0, hours * 60, 5):
        casework.tick(posted, now=NOW + minutes(minute), send=DOWN)
    back = NOW + minutes(hours * 60)
    for second in range(4):
        casework.tick(posted, now=back + minutes(second / 60), send=send)
    return posted


def test_after_an_outage_what_is_old_leaves_in_one_late_message_to_each(service, outbox, send):
    posted = after_an_outage(service, outbox, send)

    together = [m for m in outbox if "together" in m.about]
    assert together
    assert len({m.to for m in together}) == len(together)
    assert all(m.words.startswith("LATE, ") and "(late)" in m.words for m in together)
    assert all(m.about["level"] not in ("A1", "SYS1") for m in together)
    assert not any("TRAINING/" in m.words or "Ada Secret" in m.words for m in together)
    planned = [
        delivery
        for alert in posted.record.reading().open_alerts()
        for delivery in posted.record.reading().deliveries(alert.key)
    ]
    assert len(planned) > 60 > len(outbox)


def test_no_emergency_is_hidden_in_a_late_message(service, outbox, send):
    posted = after_an_outage(service, outbox, send)

    alone = [m for m in outbox if m.about["level"] == "A1" and "together" not in m.about]
    told = {role for m in alone for role in [m.about["role"]]}
    assert {"custody_hcp", "custody_sergeant"} <= told
    assert all("EMERGENCY" in m.words for m in alone)
    [key] = [a.key for a in posted.record.reading().open_alerts() if a.source == "not_roused"]
    states = {d.state for d in posted.record.reading().deliveries(key)}
    assert states == {DeliveryState.SENT, DeliveryState.FAILED}  # the rounds that were said again


def test_a_late_message_of_unknown_fate_keeps_its_key_and_says_repeat(service, outbox, send):
    posted = with_mail(service)
    opened(posted, section136(2))
    for minute in range(0, 240, 5):
        casework.tick(posted, now=NOW + minutes(minute), send=DOWN)
    first = []

    def lost(message):
        first.append(message)
        return Sent(Outcome.UNKNOWN, "lost")

    for second in range(3):
        casework.tick(posted, now=NOW + minutes(240 + second / 60), send=lost)
    for second in range(6):
        casework.tick(posted, now=NOW + minutes(246 + second / 60), send=send)

    before = {m.delivery_key for m in first if "together" in m.about}
    again = [m for m in outbox if m.delivery_key in before]
    assert before and again
    assert all(m.about["repeat"] is True and "(repeat)" in m.words for m in again)


def test_messages_that_are_on_time_are_never_put_together(service, outbox, send):
    posted = with_mail(service)
    emergency(posted)
    opened(posted, section136(2))
    for minute in range(0, 180, 5):
        casework.tick(posted, now=NOW + minutes(minute), send=send)

    assert outbox
    assert not any("together" in m.about or "late" in m.words.lower() for m in outbox)


def test_who_has_the_role_is_looked_up_when_the_message_is_sent(service, outbox, send):
    posted = with_mail(service)
    emergency(posted)
    duty = Duty(
        "d1", "castle_street", "custody_hcp", None, "HCP on call", "oncall@example.test",
        NOW - minutes(60), NOW + minutes(60),
    )  # fmt: skip
    with service.record.writing(now=NOW) as writing:
        writing.put_duty(duty)

    casework.tick(posted, now=NOW, send=send)

    assert ("oncall@example.test",) in {message.to for message in outbox}
    assert ("hcp@example.test",) not in {message.to for message in outbox}


def test_a_rule_for_healthcare_is_copied_to_the_nurse_and_never_pages_her(service, outbox, send):
    posted = with_mail(service)
    stay = opened(posted)
    drunk = everything_no(observations={"breathing_chest_bleeding": answered("yes")})
    casework.record_screening(posted, stay, drunk, actor=OKAFOR, now=NOW)

    casework.tick(posted, now=NOW, send=send)

    found = [a for a in keys(service, stay, "raised").values() if a.level == "A1"]
    told = {message.to[0].partition("@")[0] for message in outbox}
    assert any("liaison_nurse" in alert.to_roles for alert in found)
    assert told == {"okafor", "hcp"}


def test_a_closed_alert_sends_nothing_more(service, outbox, send):
    posted = with_mail(service)
    key = emergency(posted)
    casework.close(posted, key, outcome="at hospital", actor=HCP, now=NOW)

    casework.tick(posted, now=NOW + minutes(10), send=send)

    assert outbox == []


def test_a_role_without_any_address_is_a_failed_delivery_and_not_a_silent_one(service):
    posted = with_mail(service, to={"custody_hcp": ("hcp@example.test",)})
    key = emergency(posted)
    quiet = replace(posted)

    casework.tick(quiet, now=NOW, send=casework.mail(with_mail(service, to={})))

    states = {e.recipient: e.state for e in service.record.reading().deliveries(key)}
    assert states["custody_sergeant"] is DeliveryState.FAILED
