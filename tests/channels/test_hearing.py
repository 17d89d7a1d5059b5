"""The doors of whoever listens, and what is believed of what is heard there."""

import http.client
import json
import smtplib
import socket
import wave
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO

import pytest

from tests.casework.conftest import NOW, minutes, service, with_mail  # noqa: F401
from tests.faults.server import WAIT
from triage import casework
from triage.casework import proof
from triage.casework.listening import Listening
from triage.casework.watching import Alarm
from triage.channels import hearing
from triage.channels.email import Email
from triage.channels.messages import Message, Outcome, Sent
from triage.channels.noise import sound
from triage.channels.webhook import Webhook
from triage.cli.watching import watch
from triage.record.deliveries import DeliveryState
from triage.settings import Watchdog

SECRET = "sixteen wooden letters"
HERE = "127.0.0.1"


def with_watchdog(service, **told):  # noqa: F811
    posted = with_mail(service)
    watchdog = Watchdog(SECRET, "watchdog@example.test", "http://127.0.0.1:1/", **told)
    return replace(posted, settings=replace(posted.settings, watchdog=watchdog))


def planned(service, *, now=NOW):  # noqa: F811
    """The messages of one proof, as they would leave."""
    proof.plan_proof(service, now=now)
    reading = service.record.reading()
    found = (reading.last_delivery(proof.KEY, channel) for channel in ("email", "watchdog"))
    return [proof.letter(service, each) for each in found]


def listening(*ways, began=NOW, silence=120):
    return Listening(SECRET, ways or ("email", "watchdog"), timedelta(seconds=silence), began)


# What goes out


def test_a_proof_of_life_leaves_by_each_way_and_names_nothing_but_a_time(service):  # noqa: F811
    here = with_watchdog(service)
    casework.tick(here, now=NOW, send=None)

    letter, post = planned(here)

    assert (letter.channel, letter.to) == ("email", ("watchdog@example.test",))
    assert (post.channel, post.to) == ("watchdog", ("http://127.0.0.1:1/",))
    assert letter.words.startswith("Custody Triage lives. Nothing has to be done.")
    assert proof.heard(letter.words, SECRET) == ("email", NOW)
    assert proof.heard(post.words, SECRET) == ("watchdog", NOW)
    assert SECRET not in letter.words


def test_without_a_secret_it_is_off(service):  # noqa: F811
    here = with_watchdog(service)
    off = replace(here, settings=replace(here.settings, watchdog=Watchdog("", "a@b.test")))

    assert proof.plan_proof(off, now=NOW) == ()


def test_the_next_one_waits_for_its_time_and_for_the_last_one_to_leave(service):  # noqa: F811
    here, sent = with_watchdog(service), []
    outcome = {"email": Outcome.SENT, "watchdog": Outcome.UNKNOWN}

    def send(message):
        sent.append(message)
        return Sent(outcome[message.channel], "x")

    proof.plan_proof(here, now=NOW)
    assert proof.plan_proof(here, now=NOW + minutes(2)) == ()  # it still waits to be sent
    casework.tick(here, now=NOW + minutes(2), send=send)
    assert proof.plan_proof(here, now=NOW + timedelta(seconds=59)) == ()
    assert len(proof.plan_proof(here, now=NOW + minutes(2))) == 2

    reading = service.record.reading()
    assert [(m.channel, m.about["code"]) for m in sent] == [
        ("email", "WATCHDOG"), ("watchdog", "WATCHDOG"),
    ]  # fmt: skip
    first = [d for d in reading.deliveries(proof.KEY) if d.planned_at == NOW]
    assert [(d.state, d.tries) for d in first] == [
        (DeliveryState.SENT, 1), (DeliveryState.FAILED, 1),  # a younger one follows
    ]  # fmt: skip


def test_only_a_day_of_them_is_kept(service):  # noqa: F811
    here = with_watchdog(service)
    for hours in (0, 1, 25):
        at = NOW + minutes(60 * hours)
        proof.plan_proof(here, now=at)
        casework.tick(here, now=at, send=lambda message: Sent(Outcome.SENT))

    kept = {each.planned_at for each in service.record.reading().deliveries(proof.KEY)}
    assert kept == {NOW + minutes(60), NOW + minutes(25 * 60)}


def test_a_way_by_which_no_proof_leaves_is_an_alert_of_the_service(service):  # noqa: F811
    here = with_watchdog(service)
    for number in range(8):
        at = NOW + minutes(number)
        proof.plan_proof(here, now=at)
        casework.tick(here, now=at, send=lambda message: Sent(Outcome.UNKNOWN, "down"))

    found = [a for a in service.record.reading().open_alerts() if a.source == "channel"]
    assert {(each.step, each.level) for each in found} == {
        ("email", "SYS2"), ("watchdog", "SYS2"),
    }  # fmt: skip


# What is heard


def test_a_letter_and_a_post_are_heard_at_real_doors(service):  # noqa: F811
    letter, post = planned(with_watchdog(service))
    listens = listening()
    came = NOW + timedelta(seconds=3)
    with (
        hearing.letters(HERE, 0, lambda said: listens.hear("email", said, now=came)) as mail,
        hearing.posts(HERE, 0, lambda said: listens.hear("watchdog", said, now=came)) as web,
    ):
        mailed = Email(HERE, mail, "triage@example.test", "none", timeout_seconds=WAIT).send(letter)
        posted = Webhook(f"http://{HERE}:{web}/", timeout_seconds=WAIT).send(post)

    assert (mailed, posted) == (Sent(Outcome.SENT), Sent(Outcome.SENT))
    assert listens.round_trips(now=came + timedelta(seconds=5)) == (
        ("e-mail", 3.0, 5.0), ("POST", 3.0, 5.0),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda words: words.replace(words[-4:], "0000"),  # forged
        lambda words: words.replace("watchdog email", "watchdog watchdog"),  # by another way
        lambda words: words.replace("T19", "T20"),  # of another time
        lambda words: "all is well",
    ],
)
def test_what_nobody_here_wrote_is_no_sign_of_life(service, change):  # noqa: F811
    letter, _ = planned(with_watchdog(service))

    assert not listening().hear("email", change(letter.words), now=NOW)


def test_an_old_copy_is_no_sign_of_life(service):  # noqa: F811
    letter, _ = planned(with_watchdog(service))
    listens = listening("email")
    listens.hear("email", letter.words, now=NOW)

    again = listens.hear("email", letter.words, now=NOW + minutes(5))

    assert not again
    assert listens.problems(now=NOW + minutes(5)) == (
        "Nothing has come back by e-mail for 5 min 0 s: an alert may reach nobody that way.",
    )


def test_silence_is_said_after_its_time_for_each_way_and_not_before(service):  # noqa: F811
    letter, _ = planned(with_watchdog(service))
    listens = listening()
    listens.hear("email", letter.words, now=NOW + timedelta(seconds=2))

    assert listens.problems(now=NOW + timedelta(seconds=119)) == ()
    assert listens.problems(now=NOW + timedelta(seconds=121)) == (
        "Nothing has come back by e-mail for 2 min 1 s: an alert may reach nobody that way.",
        "Nothing has come back by POST since it is listened for: an alert may reach nobody "
        "that way.",
    )


def test_a_message_that_was_long_on_its_way_is_no_younger_for_that(service):  # noqa: F811
    letter, _ = planned(with_watchdog(service))
    listens = listening("email", began=NOW - minutes(10))

    listens.hear("email", letter.words, now=NOW + minutes(9))

    assert len(listens.problems(now=NOW + minutes(9))) == 1


def test_two_clocks_that_differ_do_not_change_what_a_round_trip_took(service):  # noqa: F811
    letter, _ = planned(with_watchdog(service))
    listens = listening("email", began=NOW - minutes(10))
    listens.apart = timedelta(seconds=60)  # the service's clock is ahead of ours

    listens.hear("email", letter.words, now=NOW - timedelta(seconds=58))

    assert listens.round_trips(now=NOW - timedelta(seconds=58)) == (("e-mail", 2.0, 0.0),)


# Whoever speaks badly


def test_a_door_survives_whoever_speaks_badly(service):  # noqa: F811
    letter, post = planned(with_watchdog(service))
    said = []
    with hearing.letters(HERE, 0, said.append) as mail, hearing.posts(HERE, 0, said.append) as web:
        for port, words in (
            (mail, b"DATA\r\n" + b"x" * 100_000), (mail, b"BREW\r\nQUIT\r\n"), (mail, b"DATA\r\nx"),
            (web, b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"), (web, b"\x00" * 2000),
            (web, b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"),
        ):  # fmt: skip
            with suppress(OSError), socket.create_connection((HERE, port), WAIT) as line:
                line.sendall(words)
                line.shutdown(socket.SHUT_WR)
                while line.recv(4096):
                    pass
        Email(HERE, mail, "triage@example.test", "none", timeout_seconds=WAIT).send(letter)
        Webhook(f"http://{HERE}:{web}/", timeout_seconds=WAIT).send(post)

    assert len(said) == 2


def test_a_door_takes_small_posts_alone_and_knows_the_dots_of_letters():
    said = []
    with hearing.posts(HERE, 0, said.append) as web:
        line = http.client.HTTPConnection(HERE, web, timeout=WAIT)
        line.request("POST", "/", b"x" * (hearing.MOST_READ + 1))
        status = line.getresponse().status
        line.close()
    letter = EmailMessage()
    letter.set_content(".\n..two\nlast\n")
    with hearing.letters(HERE, 0, said.append) as mail, smtplib.SMTP(HERE, mail) as post:
        post.send_message(letter, "a@b.test", ["w@b.test"])

    assert (status, said) == (413, [".\r\n..two\r\nlast\r\n"])


def test_the_noise_is_a_sound_that_any_player_reads():
    with wave.open(BytesIO(sound())) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, 16_000, 16_000)


def test_a_message_says_nothing_of_the_secret_over_json(service):  # noqa: F811
    _, post = planned(with_watchdog(service))
    from triage.channels.webhook import document

    told = json.loads(document(post))

    assert told["code"] == "WATCHDOG"
    assert SECRET not in json.dumps(told)
    assert isinstance(post, Message)


def told_after(service, every: int) -> int:  # noqa: F811
    """After how many seconds of silence somebody is told, as the command stands by itself."""
    stands = {each.name: each.default for each in watch.params}
    letter, _ = planned(with_watchdog(service))
    listens = listening("email", silence=stands["silence"])
    listens.hear("email", letter.words, now=NOW)
    alarm = Alarm(
        (("mail", lambda message: Sent(Outcome.SENT), ("c@x.test",)),),
        timedelta(seconds=stands["patience"]),
    )
    for second in range(0, 600, every):
        now = NOW + timedelta(seconds=second)
        if alarm.look(listens.problems(now=now), now=now):
            return second
    raise AssertionError("nobody was told")


def test_whoever_is_outside_is_told_within_three_minutes_of_the_last_sign_of_life(service):  # noqa: F811
    """L3 of the notes, with a look every ten seconds and nothing set by hand."""
    assert told_after(service, 10) == 180
