"""A webhook: one small JSON document about one alert, posted to a system that the site names.

The request carries the key of its delivery, so that a receiver can tell a repeat. No redirect is
followed: where an alert goes is what the site set, and nothing that an answer says.
"""

import hmac
import json
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR
from urllib.parse import SplitResult, urlsplit

from triage.channels.messages import Message, Outcome, Sent
from triage.channels.within import TOO_LATE, within

SCHEMA = "triage.message/1"
MOST_READ = 64 * 1024  # of an answer; what it says is not used
_ACCEPTED = range(200, 300)
_LATER = (408, 425, 429)


@dataclass(frozen=True)
class Webhook:
    """One address that hears of alerts; without one it is off. It is never taken from a message."""

    url: str = ""
    secret: str = field(default="", repr=False)
    timeout_seconds: float = 5.0

    def send(self, message: Message) -> Sent:
        """Post it once, over in ``timeout_seconds``; never raises for what the other side does."""
        if not self.url:
            return Sent(Outcome.OFF, "no webhook is configured")
        address = urlsplit(self.url)
        connection = _connection(address, self.timeout_seconds)
        return within(
            self.timeout_seconds,
            lambda: self._post(connection, address, message),
            lambda: _hang_up(connection),
        )

    def _post(self, connection: HTTPConnection, address: SplitResult, message: Message) -> Sent:
        body = document(message)
        target = address._replace(scheme="", netloc="", fragment="").geturl() or "/"
        try:
            connection.request("POST", target, body, self._headers(body, message))
            answer = connection.getresponse()
            status = answer.status
            _read_some(answer)
        except TimeoutError:  # the socket's own limit may come a moment before ours
            return Sent(Outcome.UNKNOWN, TOO_LATE)
        except (OSError, HTTPException) as error:
            return Sent(Outcome.UNKNOWN, type(error).__name__)
        finally:
            connection.close()
        return _judged(status)

    def _headers(self, body: bytes, message: Message) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.reference,
            "User-Agent": "custody-triage",
            "Connection": "close",
        }
        if self.secret:
            signature = hmac.new(self.secret.encode(), body, sha256).hexdigest()
            headers["X-Triage-Signature"] = f"sha256={signature}"
        return headers


def document(message: Message) -> bytes:
    """What is posted: the words of the message, and the same for a program."""
    told = {"schema": SCHEMA, "key": message.reference, "subject": message.subject}
    return json.dumps({**told, "words": message.words, **message.about}).encode()


def _connection(address: SplitResult, seconds: float) -> HTTPConnection:
    host = address.hostname or ""
    if address.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(host, address.port, timeout=seconds, context=context)
    return HTTPConnection(host, address.port, timeout=seconds)


def _read_some(answer: HTTPResponse) -> None:
    """Let the other side finish a short answer; a long one is not waited for, nor is a slow one."""
    with suppress(OSError, HTTPException):
        answer.read(MOST_READ)


def _hang_up(connection: HTTPConnection) -> None:
    """End a socket under the thread that waits on it, so that the thread ends too."""
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(SHUT_RDWR)


def _judged(status: int) -> Sent:
    if status in _ACCEPTED:
        return Sent(Outcome.SENT)
    later = status in _LATER or status >= 500
    return Sent(Outcome.UNKNOWN if later else Outcome.FAILED, str(status))
