"""The service on another machine, reached over HTTPS with the token of this terminal."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from triage.channels.asking import Answered, Asked, exchange
from triage.desk.client import Left, OpenThing, Person, State, left, things
from triage.desk.steps import Document
from triage.domain.errors import InputError, NotAllowed, Problem, Unreachable

SECONDS = 20.0  # a commit under load takes far less; longer than this nobody waits at a desk
_MOST = 16 * 1024 * 1024  # one long stay with all of its timeline
_ROW = tuple(Person.__dataclass_fields__)
_PLAIN = "Only https, because everything typed here goes over it; http to this machine alone."


@dataclass
class Served:
    """The client of ``triage.desk.client`` over HTTPS; ``sign_in`` comes first."""

    url: str
    token: str = field(repr=False)
    authority: str | None = None
    session: str = field(default="", repr=False)
    role: str = ""

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme != "https" and not (address.scheme == "http" and _own(address.hostname)):
            raise InputError.at("--url", _PLAIN)

    def sign_in(self, account: str, password: str) -> None:
        """Let somebody act at this terminal; raises NotAllowed when it is not their password."""
        said = {"account": account, "password": password}
        told = self._ask("POST", "/acting", said)
        self.session, self.role = told["session"], told["role"]

    def sign_out(self) -> None:
        """End the session at this terminal; a service that is gone ends it by itself."""
        if self.session:
            self._send("DELETE", "/acting", None, "")
            self.session = ""

    def state(self) -> State:
        """What time it is for the service, and whether its timers run."""
        told = self._ask("GET", "/health")
        at = datetime.fromisoformat(told["at"])
        return State(at, told["words"], told["status"] != "ok", told["training"])

    def people(self) -> tuple[Person, ...]:
        """Everybody in the suites of whoever acts, the most urgent first."""
        rows = self._ask("GET", "/board")["rows"]
        return tuple(Person(**{name: row[name] for name in _ROW}) for row in rows)

    def name(self, stay: str) -> str | None:
        """The name of one person, as far as it is known."""
        named: str | None = self._ask("GET", f"/stays/{quote(stay, safe='')}")["identity"]["name"]
        return named

    def open_things(self, stay: str, leaving: Document | None) -> tuple[OpenThing, ...]:
        """What is open now; with ``leaving``, what it would leave open."""
        path = f"/stays/{quote(stay, safe='')}/release-check"
        found = self._ask("GET", path) if leaving is None else self._ask("POST", path, leaving)
        return things(found["gaps"])

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        """Record that somebody left; the same key sent again is the same release."""
        return left(self._ask("POST", f"/stays/{quote(stay, safe='')}/release", leaving, key))

    def _ask(
        self, method: str, path: str, body: Document | None = None, key: str = ""
    ) -> dict[str, Any]:
        told = self._send(method, path, body, key)
        if isinstance(told, str):
            raise Unreachable(f"The service was asked, and {told}.")
        if told.document is None or told.status >= 500:
            raise Unreachable(f"The service was asked, and it answers with status {told.status}.")
        if told.status >= 400:
            raise refused(told.status, told.document)
        return told.document

    def _send(self, method: str, path: str, body: Document | None, key: str) -> Answered | str:
        headers = {"Authorization": f"Bearer {self.token}", "Acting-Session": self.session}
        if key:
            headers["Idempotency-Key"] = key
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        address = f"{self.url.rstrip('/')}/api/v1{path}"
        asked = Asked(address, method, headers, data, self.authority, _MOST)
        return exchange(asked, SECONDS)


def refused(status: int, told: dict[str, Any]) -> InputError | NotAllowed:
    """What the service refused, as the error that it was there: problem+json (RFC 9457)."""
    listed = tuple(
        Problem(each["field"], each["problem"], tuple(each.get("allowed", ())))
        for each in told.get("errors", ())
    )
    words = str(told.get("detail") or told.get("title") or status)
    if status in (400, 404, 415, 422) and listed:
        return InputError(listed)
    where = listed[0].field if listed else ""
    return NotAllowed(words, law_row=str(told.get("law_row", "")), field=where)


def _own(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host).is_loopback
    except ValueError:
        return False
