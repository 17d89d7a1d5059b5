"""The service as a desk reaches it: over HTTPS with the token of this terminal, or in process."""

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from triage import clock
from triage.channels.asking import Answered, Asked, exchange
from triage.desk.client import (
    Begun,
    Done,
    Left,
    OpenThing,
    Person,
    SignedOut,
    State,
    Told,
    left,
    person,
    things,
)
from triage.desk.rebuilt import done, done_about, meant_so_far, rebuilt, refused, rulebook_of
from triage.desk.steps import Document
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.domain.rulebook import Rulebook
from triage.present.desk import AlertSheet, BoardSheet, Sheet
from triage.present.recordable import Recordable

_SAME_ACT = 120.0  # seconds in which an act that is pressed again is meant to be the same
SECONDS = 20.0  # a commit under load takes far less; longer than this nobody waits at a desk
_MOST = 16 * 1024 * 1024  # one long stay with all of its timeline
_PLAIN = "Only https, because everything typed here goes over it; http to this machine alone."


Way = Callable[[Asked], Answered | str]


def over_the_network(asked: Asked) -> Answered | str:
    """What another machine answers, or why there is nothing."""
    return exchange(asked, SECONDS)


@dataclass
class Served:
    """The client of ``triage.desk.client``; over a network ``sign_in`` comes first.

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
    _book: Rulebook | None = field(default=None, init=False, repr=False)
    _speaks: tuple[str, str] = field(default=("", ""), init=False, repr=False)

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

    def state(self) -> State:
        """What time it is for the service, and whether its timers run."""
        told = self._ask("GET", "/health")
        at = datetime.fromisoformat(told["at"])
        return State(at, told["words"], told["status"] != "ok", told["training"])

    def people(self) -> tuple[Person, ...]:
        """Everybody in the suites of whoever acts, the most urgent first."""
        rows = self._ask("GET", "/board")["rows"]
        return tuple(person(row) for row in rows)

    def name(self, stay: str) -> str | None:
        """The name of one person, as far as it is known."""
        named: str | None = self._ask("GET", _stay(stay))["identity"]["name"]
        return named

    def open_things(
        self, stay: str, leaving: Document | None, *, renewing: bool = False
    ) -> tuple[OpenThing, ...]:
        """What is open now; with ``leaving``, what it would leave open."""
        how = "GET" if leaving is None else "POST"
        found = self._ask(how, _stay(stay, "release-check"), leaving, renewing=renewing)
        return things(found["gaps"])

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        """Record that somebody left; the same key sent again is the same release."""
        return left(self._ask("POST", _stay(stay, "release"), leaving, key))

    def rulebook(self) -> Rulebook:
        """The rulebook that the service goes by now; fetched when it is another one."""
        told = self._ask("GET", "/rulebook")
        speaks = (told["fingerprint"], told.get("suites", ""))
        if self._book is None or self._speaks != speaks:
            texts = self._ask("GET", "/rulebook/texts")
            self._book = rulebook_of(texts)
            self._speaks = (self._book.fingerprint, texts.get("suites_stamp", ""))
        return self._book

    def board(self, *, renewing: bool = False) -> BoardSheet:
        """Everybody in the suites of whoever acts, the most urgent first."""
        return rebuilt(BoardSheet, self._ask("GET", "/desk/board", renewing=renewing))

    def alerts(self, *, renewing: bool = False) -> AlertSheet:
        """The open alerts of those suites, the worst first."""
        return rebuilt(AlertSheet, self._ask("GET", "/desk/alerts", renewing=renewing))

    def sheet(self, stay: str, *, renewing: bool = False) -> Sheet:
        """One person, as far as this role may read."""
        return rebuilt(Sheet, self._ask("GET", f"/desk{_stay(stay)}", renewing=renewing))

    def begun(self, stay: str) -> Begun:
        """What is kept of a half-finished screening, by whom, and what is known of the stay."""
        return rebuilt(Begun, self._ask("GET", _stay(stay, "draft")))

    def newer(self, stay: str, version: int) -> Begun | None:
        """What is kept, where it is in another state than this; a look that renews itself."""
        told = self._ask("GET", _stay(stay, "draft"), renewing=True, unless=version)
        return rebuilt(Begun, told) if told else None

    def save_draft(self, stay: str, document: Document, made_on: int | None = None) -> Told:
        """Keep it as typed; an emergency in it is on the record at once."""
        return meant_so_far(self._ask("PUT", _stay(stay, "draft"), document, made_on=made_on))

    def record_screening(
        self, stay: str, document: Document, key: str, made_on: int | None = None
    ) -> Done:
        """Record one version of the screening."""
        path = _stay(stay, "screenings")
        return done(self._ask("POST", path, document, key, made_on=made_on))

    def visit(self, stay: str, document: Document, key: str) -> Done:
        """Record a visit; a rousing check with it is recorded as one."""
        return done(self._ask("POST", _stay(stay, "visits"), document, key))

    def rousing(self, stay: str, document: Document, key: str) -> Done:
        """Record a rousing check."""
        return done(self._ask("POST", _stay(stay, "rousings"), document, key))

    def note(self, stay: str, document: Document, key: str) -> Done:
        """Record a note."""
        return done(self._ask("POST", _stay(stay, "notes"), document, key), stay)

    def recordable(self, stay: str) -> Recordable:
        """What can be recorded of one person now, and which authority given."""
        return rebuilt(Recordable, self._ask("GET", f"/desk{_stay(stay, 'recordable')}"))

    def event(self, stay: str, document: Document, key: str) -> Done:
        """Record what happened; where it was unlawful it is marked so."""
        return done(self._ask("POST", _stay(stay, "events"), document, key), stay)

    def authorise(self, stay: str, document: Document, key: str) -> Done:
        """Give an authority; what the law forbids is refused with the law."""
        return done(self._ask("POST", _stay(stay, "authorisations"), document, key), stay)

    def open_stay(self, document: Document, key: str) -> Done:
        """Open a stay; its id is in what comes back."""
        return done(self._ask("POST", "/stays", document, key))

    def take(self, stay: str) -> Done:
        """Take everything of one person that waits for this role.

        Where it turns out that an earlier try had arrived, what came since is taken as well.
        """
        path = _stay(stay, "take")
        taken = self._act(path, {})
        if taken["repeated"]:
            with suppress(NotAllowed):  # nothing came since
                taken = self._act(path, {})
        return done_about(taken)

    def acknowledge(self, alert: str, kind: str) -> Done:
        """Say that you have one alert."""
        return done_about(self._act(_alert(alert, "acknowledge"), {"kind": kind}))

    def act(self, alert: str, done: str) -> Done:
        """Say what was done about one alert."""
        return done_about(self._act(_alert(alert, "act"), {"done": done}))

    def close(self, alert: str, outcome: str, words: str) -> Done:
        """Say that one alert is over, and how it ended."""
        return done_about(self._act(_alert(alert, "close"), {"outcome": outcome, "words": words}))

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


def _stay(stay: str, rest: str = "") -> str:
    path = f"/stays/{quote(stay, safe='')}"
    return f"{path}/{rest}" if rest else path


def _alert(alert: str, rest: str) -> str:
    return f"/alerts/{quote(alert, safe='')}/{rest}"


def _own(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host).is_loopback
    except ValueError:
        return False
