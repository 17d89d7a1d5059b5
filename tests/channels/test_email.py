"""The e-mail channel against a real mail server on this machine."""

import socket
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from aiosmtpd.controller import Controller

from tests.faults.server import WAIT
from triage.channels import within as limits
from triage.channels.email import Email, message_id
from triage.channels.messages import Message, Outcome, Sent

MESSAGE = Message(
    "s-1:screening:emergency:1|0|1|email|custody_hcp",
    ("hcp@example.test",),
    "Custody alert KRTD",
    "Castle Street: 1 EMERGENCY waiting 4 min. Go to the board. Code KRTD.",
)


class Inbox:
    """Keeps every letter, or refuses with the answer it was given."""

    def __init__(self, answer="250 OK", recipient_answers=None):
        self.letters = []
        self.answer = answer
        self.recipient_answers = recipient_answers or {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.recipient_answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(envelope)
        return self.answer


class _Door(Controller):
    """A mail server on a door that is open from the first, and that waits for a busy machine.

    Its own way looks for a free port, lets it go and takes it again; and it gives itself a second
    to answer.
    """

    def __init__(self, inbox, door):
        super().__init__(
            inbox, hostname="127.0.0.1", port=door.getsockname()[1], ready_timeout=WAIT
        )
        self._door = door

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self._door)

    def _trigger_server(self):
        with socket.create_connection((self.hostname, self.port), WAIT) as line:
            line.recv(1024)


@contextmanager
def mail_server(inbox):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        controller = _Door(inbox, door)
        controller.start()
        try:
            here = ("127.0.0.1", controller.port, "triage@example.test", "none")
            yield Email(*here, timeout_seconds=WAIT)
        finally:
            controller.stop()


@contextmanager
def listening(then, seconds=WAIT):
    """A machine that takes a connection and does not behave like a mail server."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(1)

        def answer():
            with suppress(OSError):
                connection, _ = door.accept()
                taken.append(connection)
                then(connection)

        taken = []
        thread = Thread(target=answer)
        thread.start()
        yield Email("127.0.0.1", door.getsockname()[1], "a@b.test", "none", timeout_seconds=seconds)
        for connection in taken:
            with suppress(OSError):  # whoever still waits at it is woken
                connection.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in taken:
            connection.close()


@dataclass
class Time:
    """The time of one try, which is up when something has happened there, and not before."""

    up: Event = field(default_factory=Event)
    given: list[float] = field(default_factory=list)  # seconds


@pytest.fixture
def time(monkeypatch):
    """Real seconds would be up too soon on a busy machine, before a letter has arrived."""
    found = Time()

    class Try(Future):
        def result(self, timeout=None):
            found.given.append(timeout)
            self.add_done_callback(lambda _: found.up.set())
            assert found.up.wait(WAIT)
            return super().result(timeout=0)

    monkeypatch.setattr(limits, "Future", Try)
    return found


def test_a_letter_arrives_with_the_key_of_its_delivery_and_nothing_about_anybody():
    inbox = Inbox()

    with mail_server(inbox) as email:
        sent = email.send(MESSAGE)

    assert sent == Sent(Outcome.SENT)
    [letter] = inbox.letters
    text = letter.content.decode()
    assert letter.rcpt_tos == ["hcp@example.test"]
    assert message_id(MESSAGE.delivery_key, "triage@example.test") in text
    assert "s-1" not in text


def test_every_try_of_one_delivery_carries_one_message_id_and_another_delivery_another():
    first = message_id("a|0|1|email|custody_hcp", "triage@example.test")

    assert first == message_id("a|0|1|email|custody_hcp", "triage@example.test")
    assert first != message_id("a|0|2|email|custody_hcp", "triage@example.test")
    assert first.endswith("@example.test>")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("554 no", Outcome.FAILED), ("451 later", Outcome.UNKNOWN)],
)
def test_a_refusal_for_good_is_failed_and_a_refusal_for_now_is_tried_again(answer, outcome):
    with mail_server(Inbox(answer)) as email:
        sent = email.send(MESSAGE)

    assert sent.outcome is outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 unknown", Outcome.FAILED),
        ("551 not here, try <other@example.test>", Outcome.FAILED),
        ("450 busy", Outcome.UNKNOWN),
    ],
)
def test_when_every_recipient_is_refused_the_outcome_follows_the_refusals(answer, outcome):
    inbox = Inbox(recipient_answers={"hcp@example.test": answer})

    with mail_server(inbox) as email:
        sent = email.send(MESSAGE)

    assert sent == Sent(outcome, f"refused: {answer[:3]}")
    assert inbox.letters == []  # nor did anybody else get it: no address of an answer is used


def test_one_bad_address_does_not_make_the_others_hear_twice():
    both = Message(MESSAGE.delivery_key, ("gone@example.test", "hcp@example.test"), "s", "w")
    inbox = Inbox(recipient_answers={"gone@example.test": "550 unknown"})

    with mail_server(inbox) as email:
        sent = email.send(both)

    assert sent == Sent(Outcome.SENT, "1 of 2 refused")
    assert len(inbox.letters) == 1


def test_a_server_that_is_down_is_unknown_and_raises_nothing():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert Email("127.0.0.1", port, "a@example.test", "none").send(MESSAGE) == Sent(
        Outcome.UNKNOWN, "ConnectionRefusedError"
    )


def test_a_server_that_never_answers_is_given_up_when_time_is_up():
    with listening(lambda connection: None, seconds=0.3) as email:
        assert email.send(MESSAGE).outcome is Outcome.UNKNOWN


def test_a_server_that_dribbles_a_byte_at_a_time_is_given_up_when_time_is_up(time):
    def dribble(connection):
        with suppress(OSError):
            while not stopped.wait(0.05):
                connection.sendall(b"2")
                came.append(1)
                if len(came) == 5:
                    time.up.set()

    came, stopped = [], Event()
    with listening(dribble, seconds=7.0) as email:
        sent = email.send(MESSAGE)
        stopped.set()

    assert sent == Sent(Outcome.UNKNOWN, "no answer in time")
    assert time.given == [7.0]


SILENT = b""


def conversing(letters, *, at_the_end, at_goodbye=b"221 bye", hangs=lambda: None):
    """A mail server that takes a letter whole; None for an answer is to hang up, SILENT to hang."""

    def talk(connection):
        with connection, connection.makefile("rb") as said:
            answer(connection, b"220 here")
            for line in said:
                verb = line[:4].upper()
                if verb == b"DATA":
                    answer(connection, b"354 go on")
                    letters.append(b"".join(iter(said.readline, b".\r\n")))
                    said_so = answer(connection, at_the_end)
                    if at_the_end == SILENT:
                        hangs()
                elif verb == b"QUIT":
                    said_so = answer(connection, at_goodbye)
                else:
                    said_so = answer(connection, b"250 yes")
                if not said_so:
                    return

    return talk


def answer(connection, words):
    if words:
        connection.sendall(words + b"\r\n")
    return words is not None


@pytest.mark.parametrize("at_the_end", [None, SILENT, b"421 closing down", b"451 later", b"what"])
def test_a_server_that_takes_a_letter_and_does_not_say_so_may_have_it_or_not(at_the_end, time):
    letters = []

    talk = conversing(letters, at_the_end=at_the_end, hangs=time.up.set)
    with listening(talk) as email:
        sent = email.send(MESSAGE)

    assert sent.outcome is Outcome.UNKNOWN
    [letter] = letters  # it did arrive: that is why it is sent again under the same key
    assert message_id(MESSAGE.delivery_key, "a@b.test").encode() in letter


@pytest.mark.parametrize("at_goodbye", [None, SILENT, b"421 closing down", b"500 what?"])
def test_what_a_server_says_to_goodbye_does_not_undo_that_it_took_the_letter(at_goodbye):
    """An emergency of unknown fate is sent every thirty seconds: this one would never stop."""
    letters = []

    with listening(conversing(letters, at_the_end=b"250 OK", at_goodbye=at_goodbye)) as email:
        sent = email.send(MESSAGE)

    assert (sent, len(letters)) == (Sent(Outcome.SENT), 1)


def test_a_server_without_encryption_is_refused_when_encryption_was_asked_for():
    inbox = Inbox()

    with mail_server(inbox) as plain:
        sent = Email(plain.host, plain.port, plain.sender, "starttls").send(MESSAGE)

    assert sent.outcome is Outcome.UNKNOWN
    assert inbox.letters == []


def test_mail_is_off_until_it_is_configured():
    assert Email().send(MESSAGE).outcome is Outcome.OFF


def test_the_password_never_shows_in_a_log_of_the_channel():
    assert "hunter2" not in repr(Email("h", 25, "a@b", password="hunter2"))
