"""The road of a desk to the service: who acts there, one request at a time, each act once."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from triage import clock
from triage.channels.asking import Answered, Asked, exchange
from triage.desk.client import SignedOut
from triage.desk.rebuilt import refused
from triage.desk.steps import Document
from triage.domain.errors import InputError, NotAllowed, Unreachable

_SAME_ACT = 120.0  # seconds in which an act that is pressed again is meant to be the same
SECONDS = 20.0  # a commit under load takes far less; longer than this nobody waits at a desk
_MOST = 16 * 1024 * 1024  # one long stay with all of its timeline
_PLAIN = "Only https, because everything typed here goes over it; http to this machine alone."


Way = Callable[[Asked], Answered | str]


def over_the_network(asked: Asked) -> Answered | str:
    """What another machine answers, or why there is nothing."""
    return exchange(asked, SECONDS)


@dataclass
class Reaching:
    """Whoever acts at one terminal, and the road to the service; over a network they sign in first.

    ``way`` carries what is asked. One that stays in this process names who acts by itself, and
    then ``account`` and ``role`` are theirs.
    """

    url: str
    token: str = field(repr=False)
    authority: str | None = None
    session: str = field(default="", repr=False)
    role: str = ""
    account: str = ""
    way: Way = over_the_network
    running: Callable[[], float] = clock.running
    _keys: dict[str, tuple[str, float]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme != "https" and not (address.scheme == "http" and _own(address.hostname)):
            raise InputError.at("--url", _PLAIN)

    def sign_in(self, account: str, password: str) -> None:
        """Let somebody act at this terminal; raises NotAllowed when it is not their password."""
        said = {"account": account, "password": password}
        told = self._ask("POST", "/acting", said)
        self.session, self.role, self.account = told["session"], told["role"], account

    def prove(self, password: str) -> None:
        """Prove again that the same person is here; the session before it is over then."""
        before = self.session
        self.sign_in(self.account, password)
        if before:
            self._send(_Sent("DELETE", "/acting", session=before))

    def sign_out(self) -> None:
        """End the session at this terminal; a service that is gone ends it by itself."""
        if self.session:
            self._send(_Sent("DELETE", "/acting"))
            self.session = ""

    def _act(self, path: str, body: Document) -> dict[str, Any]:
        """One act; pressed again soon after no answer came, it goes with the same key.

        Later it is another act: an alert may have opened again since.
        """
        same, now = json.dumps([path, body]), self.running()
        key, first = self._keys.get(same, ("", 0.0))
        if not key or now - first > _SAME_ACT:
            key, first = secrets.token_urlsafe(16), now
        self._keys[same] = key, first
        try:
            told = self._ask("POST", path, body, key)
        except SignedOut:
            raise  # nothing was asked yet: it goes with the same key once somebody is there again
        except (InputError, NotAllowed):
            del self._keys[same]
            raise
        del self._keys[same]
        return told

    def _ask(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        key: str = "",
        *,
        renewing: bool = False,
        made_on: int | None = None,
        unless: int | None = None,
    ) -> dict[str, Any]:
        sent = _Sent(method, path, body, key, renewing, made_on=made_on, unless=unless)
        session = self.session
        told = self._send(sent)
        if isinstance(told, Answered) and told.status == 401 and self.session != session:
            told = self._send(sent)  # somebody proved who they are while this was on its way
        if isinstance(told, str):
            raise Unreachable(f"The service was asked, and {told}.")
        if told.status == 304 and unless is not None:
            return {}
        if told.status == 503 and told.document is not None:
            raise Unreachable(f"The service is busy. {told.document.get('detail', '')}".strip())
        if told.document is None or told.status >= 500:
            raise Unreachable(f"The service was asked, and it answers with status {told.status}.")
        if told.status >= 400:
            raise refused(told.status, told.document)
        return told.document

    def _send(self, sent: "_Sent") -> Answered | str:
        session = self.session if sent.session is None else sent.session
        headers = {"Authorization": f"Bearer {self.token}", "Acting-Session": session}
        if sent.key:
            headers["Idempotency-Key"] = sent.key
        if sent.renewing:
            headers["Renewing"] = "1"
        if sent.made_on is not None:
            headers["Draft-Version"] = str(sent.made_on)
        if sent.unless is not None:
            headers["If-None-Match"] = f'"{sent.unless}"'
        data = None
        if sent.body is not None:
            data, headers["Content-Type"] = json.dumps(sent.body).encode(), "application/json"
        address = f"{self.url.rstrip('/')}/api/v1{sent.path}"
        return self.way(Asked(address, sent.method, headers, data, self.authority, _MOST))


@dataclass(frozen=True)
class _Sent:
    """One request, before anybody is named in it."""

    method: str
    path: str
    body: Document | None = None
    key: str = ""
    renewing: bool = False
    session: str | None = None  # another one than that of whoever acts
    made_on: int | None = None  # the state of a draft
    unless: int | None = None  # the state of a draft that is known already


def _own(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host).is_loopback
    except ValueError:
        return False
