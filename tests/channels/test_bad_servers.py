"""Each way out against real servers that misbehave: what came of it, in bounded time."""

import hmac
import json
import threading
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.faults.server import WAIT
from triage.channels import within as limits
from triage.channels.messages import Message, Outcome, Sent, together
from triage.channels.notify import Notify
from triage.channels.push import Push
from triage.channels.webhook import MOST_READ, Webhook
from triage.channels.within import TOO_LATE, TOO_MANY, within

from .servers import (
    dribbles,
    drops,
    floods,
    half_an_answer,
    hangs,
    nobody_there,
    says,
    server,
)

LIMIT = 0.5  # seconds for one try where nobody ever answers; a site's own is at most ten
PATIENT = WAIT  # for a try that is answered, however busy this machine is
KEY = "training-11111111-2222-3333-4444-555555555555-66666666-7777-8888-9999-000000000000"
TEMPLATE = "12345678-1234-1234-1234-123456789012"
MESSAGE = Message(
    "s-1:not_roused:emergency:1:0:0:webhook:custody_hcp",
    ("+447700900123",),
    "Custody alert KRTD",
    "Castle Street: 1 EMERGENCY waiting 4 min. Go to the board. Code KRTD.",
    "webhook",
    {"level": "A1", "code": "KRTD"},
)
SECRETS = ("s-1", "not_roused", "screening")

Way = Callable[..., Callable[[Message], Sent]]  # of an address, and the seconds for one try
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # a hung try still holds its own


def webhook(url: str, limit: float = PATIENT) -> Callable[[Message], Sent]:
    return Webhook(f"{url}/hook", "shared secret", limit).send


def notify(url: str, limit: float = PATIENT) -> Callable[[Message], Sent]:
    pytest.importorskip("notifications_python_client", reason="the extra notify")
    return Notify(KEY, TEMPLATE, True, url, limit).send


def notify_email(url: str, limit: float = PATIENT) -> Callable[[Message], Sent]:
    notify(url)  # skips where the extra is missing
    return Notify(KEY, TEMPLATE, False, url, limit).send


def ntfy(url: str, limit: float = PATIENT) -> Callable[[Message], Sent]:
    """The plug-in that a site would use for ntfy, on a server of its own."""
    return _pushed(url.replace("http://", "ntfy://") + "/custody", limit)


def push(url: str, limit: float = PATIENT) -> Callable[[Message], Sent]:
    return _pushed(url.replace("http://", "json://"), limit)


def _pushed(address: str, limit: float) -> Callable[[Message], Sent]:
    pytest.importorskip("apprise", reason="the extra channels")

    def send(message: Message) -> Sent:
        addressed = Message(message.delivery_key, (address,), message.subject, message.words)
        return Push(limit).send(addressed)

    return send


WAYS: dict[str, Way] = {
    "webhook": webhook, "notify": notify, "notify_email": notify_email, "push": push, "ntfy": ntfy,
}  # fmt: skip
TAKEN = b'{"id": "1", "content": {}, "template": {}, "uri": ""}'
SENT, UNKNOWN, FAILED = Outcome.SENT, Outcome.UNKNOWN, Outcome.FAILED


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    if request.param in ("push", "ntfy"):
        push("http://127.0.0.1:1")(MESSAGE)  # reads its plug-ins, which takes seconds once
    return WAYS[request.param]


@pytest.mark.parametrize("status", [200, 201])
def test_what_is_accepted_is_sent(way: Way, status: int):
    """An ntfy server accepts with 200 alone: another answer is not one of ntfy."""
    with server(says(status, TAKEN)) as there:
        sent = way(there.url)(MESSAGE)

    accepted = status == 200 or way is not ntfy
    assert (sent.outcome, len(there.requests)) == (SENT if accepted else UNKNOWN, 1)


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_in_trouble_is_tried_again(way: Way, status: int):
    with server(says(status)) as there:
        sent = way(there.url)(MESSAGE)

    assert (sent.outcome, len(there.requests)) == (UNKNOWN, 1)


@pytest.mark.parametrize("reply", [hangs, dribbles])
def test_a_server_that_hangs_or_dribbles_is_given_up_when_time_is_up(way: Way, reply):
    with server(reply) as there:
        sent = way(there.url, LIMIT)(MESSAGE)

    assert sent.outcome is UNKNOWN  # and we are here, although the server waits for ever


def test_a_server_that_takes_it_and_hangs_up_may_have_it_or_not(way: Way):
    with server(drops) as there:
        sent = way(there.url)(MESSAGE)

    assert sent.outcome is UNKNOWN
    assert there.requests  # it did arrive: that is why nobody can say


def test_a_server_that_is_not_there_is_tried_again(way: Way):
    with nobody_there() as url:
        sent = way(url)(MESSAGE)

    assert sent.outcome is UNKNOWN


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(way: Way, status: int):
    with server(says(200, TAKEN)) as elsewhere:
        away = says(status, Location=f"{elsewhere.url}/elsewhere")
        with server(away) as there:
            sent = way(there.url)(MESSAGE)

    assert elsewhere.requests == []
    assert sent.outcome is not SENT


@pytest.mark.parametrize("reply", [floods, half_an_answer])
def test_an_answer_without_an_end_costs_neither_time_nor_memory(way: Way, reply):
    with server(reply) as there:
        sent = way(there.url, LIMIT)(MESSAGE)

    assert sent.outcome in (SENT, UNKNOWN)


def test_nothing_that_arrives_says_who_or_what(way: Way):
    with server(says(201, TAKEN)) as there:
        way(there.url)(MESSAGE)

    [request] = there.requests
    arrived = f"{request.line} {request.headers} {request.body!r}"
    assert "KRTD" in arrived
    assert [each for each in SECRETS if each in arrived] == []


# Webhook -------------------------------------------------------------------------------------


def test_a_webhook_carries_one_key_the_words_and_a_signature_that_can_be_checked():
    with server(says(204, b"")) as there:
        for _ in range(2):
            webhook(there.url)(MESSAGE)

    first, second = there.requests
    expected = hmac.new(b"shared secret", first.body, sha256).hexdigest()
    assert first.line == "POST /hook HTTP/1.1"
    assert first.headers["x-triage-signature"] == f"sha256={expected}"
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.json == {
        "schema": "triage.message/1", "key": MESSAGE.reference, "subject": "Custody alert KRTD",
        "words": MESSAGE.words, "level": "A1", "code": "KRTD",
    }  # fmt: skip


def test_another_delivery_has_another_key():
    other = Message("s-1:not_roused:emergency:1:1:0:webhook:custody_hcp", (), "s", "w")

    assert other.reference != MESSAGE.reference


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_a_webhook_refuses_for_good_is_not_tried_again(status: int):
    with server(says(status)) as there:
        assert webhook(there.url)(MESSAGE) == Sent(FAILED, str(status))


def test_a_thread_that_hung_on_a_webhook_ends_with_it():
    with server(hangs) as there:
        before = set(threading.enumerate())
        assert webhook(there.url, LIMIT)(MESSAGE) == Sent(UNKNOWN, TOO_LATE)
        left = [each for each in set(threading.enumerate()) - before if each.name == "trying"]
        for thread in left:
            thread.join(WAIT)

        assert [thread.is_alive() for thread in left] == [False] * len(left)


def test_a_server_without_a_certificate_we_trust_gets_nothing():
    with server(says(200)) as there:
        sent = Webhook(there.url.replace("http:", "https:"), "", LIMIT).send(MESSAGE)

    assert sent.outcome is UNKNOWN
    assert there.requests == []


def test_more_than_the_limit_of_an_answer_is_never_read():
    with server(says(200, b"x" * (MOST_READ * 4))) as there:
        assert webhook(there.url)(MESSAGE) == Sent(SENT)


# Notify --------------------------------------------------------------------------------------


def test_notify_gets_the_template_the_words_and_our_key_as_its_reference():
    with server(says(201, TAKEN)) as there:
        notify(there.url)(MESSAGE)
        notify_email(there.url)(MESSAGE)

    sms, email = there.requests
    assert sms.line == "POST /v2/notifications/sms HTTP/1.1"
    assert sms.json == {
        "phone_number": "+447700900123", "template_id": TEMPLATE, "reference": MESSAGE.reference,
        "personalisation": {"message": MESSAGE.words},
    }  # fmt: skip
    assert email.line == "POST /v2/notifications/email HTTP/1.1"
    assert email.json["personalisation"] == {"subject": MESSAGE.subject, "message": MESSAGE.words}
    assert sms.headers["authorization"].startswith("Bearer ")


@pytest.mark.parametrize("status", [400, 403])
def test_what_notify_refuses_for_good_is_not_tried_again(status: int):
    errors = json.dumps({"errors": [{"error": "BadRequestError", "message": "no"}]}).encode()
    with server(says(status, errors)) as there:
        assert notify(there.url)(MESSAGE) == Sent(FAILED, str(status))


def test_one_bad_number_does_not_keep_it_from_the_others():
    both = Message(MESSAGE.delivery_key, ("+440", "+447700900123"), "s", "w")

    def first_is_bad(connection, stopped):
        says(400 if len(there.requests) == 1 else 201, TAKEN)(connection, stopped)

    with server(first_is_bad) as there:
        sent = notify(there.url)(both)

    assert sent == Sent(SENT, "1 of 2 refused")
    assert [each.json["phone_number"] for each in there.requests] == list(both.to)


# All -----------------------------------------------------------------------------------------


def test_what_is_not_configured_is_off_and_touches_nothing():
    nobody = Message("k", (), "s", "w")

    assert [each.outcome for each in (
        Webhook().send(MESSAGE), Notify().send(MESSAGE), Push().send(nobody),
    )] == [Outcome.OFF] * 3  # fmt: skip


def test_an_extra_that_is_not_installed_is_off_and_says_so(monkeypatch):
    def missing(name):
        raise ImportError(name)

    ways = Notify(KEY, TEMPLATE).send, Push(LIMIT).send
    with monkeypatch.context() as planted:
        planted.setattr("triage.channels.notify.importlib.import_module", missing)
        reasons = [send(MESSAGE).reason for send in ways]

    assert reasons == [f"the extra {name} is not installed" for name in ("notify", "channels")]


@pytest.mark.parametrize(
    ("tries", "all_of_it"),
    [
        ((SENT, SENT), SENT),
        ((SENT, UNKNOWN), UNKNOWN),
        ((SENT, FAILED), SENT),
        ((FAILED, FAILED), FAILED),
        ((FAILED, UNKNOWN), UNKNOWN),
    ],
)
def test_a_doubled_page_is_better_than_a_lost_one(tries, all_of_it):
    assert together([Sent(each) for each in tries]).outcome is all_of_it


def test_when_too_much_hangs_nothing_more_is_begun(monkeypatch):
    monkeypatch.setattr(limits, "MOST_LEFT_BEHIND", 0)

    assert within(LIMIT, lambda: Sent(SENT)) == Sent(UNKNOWN, TOO_MANY)


def test_a_way_without_an_end_would_be_caught():
    """The twin: with a library's own limit alone, a server that dribbles holds us past it."""
    import urllib.request

    a_hundred_bytes = 2.0  # seconds; so long no busy machine keeps one of them back
    with server(dribbles) as there:
        request = urllib.request.Request(there.url, b"{}", method="POST")
        ended: list[Sent] = []

        def patient() -> Sent:
            urllib.request.urlopen(request, timeout=a_hundred_bytes)
            ended.append(Sent(SENT))
            return ended[0]

        sent = within(a_hundred_bytes + LIMIT, patient)

    assert (sent, ended) == (Sent(UNKNOWN, TOO_LATE), [])
