"""A whole service behind its doors: a real record, the real rulebook, a clock that can be set."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.casework.conftest import rulebook as shipped
from tests.fresh import fresh_record
from triage.casework import Service
from triage.domain.roles import Role
from triage.domain.rulebook import Rulebook
from triage.record import Account, Record, Session, Token
from triage.settings import Settings
from triage.web import create_app, passwords
from triage.web.doors import new_secret, secret_hash

from .compiled import keep_compiled
from .reading import Page

keep_compiled()

PASSWORD = "three plain wooden stools"
NIGHT = datetime(2026, 10, 24, 19, 40, tzinfo=UTC)  # Saturday 20:40 BST, before the clocks go back
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Clock:
    """The time of this test; nothing else is read."""

    at: datetime = NIGHT

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Browser:
    """Somebody at a browser: their cookie, their form token, and pages that ask for themselves."""

    client: FlaskClient
    csrf: str = ""

    def get(self, path: str, **rest: Any) -> TestResponse:
        return self.client.get(path, **rest)

    def post(self, path: str, form: dict[str, Any] | None = None, **rest: Any) -> TestResponse:
        headers = {**FROM_HERE, **rest.pop("headers", {})}
        data = {"csrf": self.csrf, **(form or {})}
        return self.client.post(path, data=data, headers=headers, **rest)


@dataclass
class Terminal:
    """A terminal with its token and whoever has signed in there."""

    client: FlaskClient
    token: str
    session: str = ""
    keys: int = 0

    def headers(self, *, key: str | None = None) -> dict[str, str]:
        self.keys += 1
        return {
            "Authorization": f"Bearer {self.token}",
            "Acting-Session": self.session,
            "Idempotency-Key": key or f"key-{self.keys:08d}",
        }

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers())

    def post(self, path: str, body: object, *, key: str | None = None) -> TestResponse:
        return self.client.post(f"/api/v1{path}", json=body, headers=self.headers(key=key))

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(f"/api/v1{path}", headers=self.headers())

    def put(
        self, path: str, body: object, *, headers: dict[str, str] | None = None
    ) -> TestResponse:
        sent = self.headers() | (headers or {})
        return self.client.put(f"/api/v1{path}", json=body, headers=sent)


@dataclass
class House:
    """One installation with its doors."""

    service: Service
    app: Flask
    clock: Clock
    kept: str
    made: dict[str, Account] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        return self.service.record

    @property
    def password(self) -> str:
        return PASSWORD

    def record_screening(
        self, browser: Browser, stay: str, typed: dict[str, Any], *, do: str = "record"
    ) -> TestResponse:
        """Fill in the screening form as it stands, with what is typed, and send it."""
        form = Page(browser.get(f"{stay}/screening").text).form()
        details = {"nation": "england", "stage": "arrest", "offence": "theft", "sex": "female",
                   "age_source": "document"}  # fmt: skip
        return browser.post(f"{stay}/screening", {**form, **details, **typed, "do": do})

    def account(self, role: str, *suites: str, name: str | None = None) -> Account:
        """Somebody with this role; made once."""
        id = name or role.replace("_", ".")
        if id not in self.made:
            shown = id.replace(".", " ").title()
            account = Account(id, shown, role, suites, self.kept, active=True, made_at=NIGHT)
            with self.record.writing(now=self.clock.at) as writing:
                writing.add_account(account)
            self.made[id] = account
        return self.made[id]

    def browser(self, role: str | None = None, *suites: str, name: str | None = None) -> Browser:
        """A browser in which somebody with this role has signed in, or nobody."""
        client = self.app.test_client()
        if role is None:
            return Browser(client)
        secret, session = self.session(self.account(role, *suites, name=name), None)
        client.set_cookie("session", secret)
        return Browser(client, session.csrf)

    def terminal(self, role: str | None = None, name: str = "castle-desk-1") -> Terminal:
        """A terminal with a token, at which somebody with this role has signed in, or nobody."""
        token = new_secret()
        with self.record.writing(now=self.clock.at) as writing:
            writing.add_token(Token(secret_hash(token), name, (), self.clock.at))
        session = self.session(self.account(role), name)[0] if role else ""
        return Terminal(self.app.test_client(), token, session)

    def session(self, account: Account, terminal: str | None) -> tuple[str, Session]:
        secret, now = new_secret(), self.clock.at
        session = Session(
            secret_hash(secret), account.account, new_secret(), terminal, now, now,
            now + timedelta(hours=12),
        )  # fmt: skip
        with self.record.writing(now=now) as writing:
            writing.begin_session(session)
        return secret, session


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return shipped()


@pytest.fixture(scope="session")
def kept_password() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def house(tmp_path: Path, rulebook: Rulebook, kept_password: str) -> Iterator[House]:
    settings = replace(Settings(tmp_path, tmp_path / "triage.db"), training=True)
    service, clock = Service(fresh_record(settings.database), rulebook, settings), Clock()
    app = create_app(service=service, now=clock, wall=clock)
    yield House(service, app, clock, kept_password)
    service.record.close()


@pytest.fixture(params=sorted(Role))
def role(request: pytest.FixtureRequest) -> Role:
    return Role(request.param)
