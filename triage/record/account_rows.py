"""Who signs in, as values: accounts, sessions, terminal tokens, one-time links.

Only hashes of secrets come here.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from triage.record.engine import Row
from triage.record.events import moment, moment_or_none


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in; without a password hash, only by a one-time link."""

    account: str
    name: str
    role: str
    suites: tuple[str, ...]
    password_hash: str | None
    active: bool
    made_at: datetime


@dataclass(frozen=True)
class Session:
    """One signed-in browser."""

    id_hash: str
    account: str
    csrf: str
    terminal: str | None
    began_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Token:
    """The right of one terminal to speak to the API."""

    token_hash: str
    terminal: str
    suites: tuple[str, ...]
    made_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Link:
    """A link that works once."""

    link_hash: str
    purpose: str
    account: str | None
    ends_at: datetime
    used_at: datetime | None = None


def account_of(row: Row) -> Account:
    """One row of ``accounts`` as a value."""
    return Account(
        row["account"],
        row["name"],
        row["role"],
        tuple(json.loads(row["suites"])),
        row["password_hash"],
        bool(row["active"]),
        moment(row["made_at"]),
    )


def session_of(row: Row) -> Session:
    """One row of ``sessions`` as a value."""
    return Session(
        row["id_hash"],
        row["account"],
        row["csrf"],
        row["terminal"],
        moment(row["began_at"]),
        moment(row["last_seen_at"]),
        moment(row["ends_at"]),
        moment_or_none(row["ended_at"]),
    )


def token_of(row: Row) -> Token:
    """One row of ``tokens`` as a value."""
    return Token(
        row["token_hash"],
        row["terminal"],
        tuple(json.loads(row["suites"])),
        moment(row["made_at"]),
        moment_or_none(row["revoked_at"]),
    )


def link_of(row: Row) -> Link:
    """One row of ``sign_in_links`` as a value."""
    return Link(
        row["link_hash"],
        row["purpose"],
        row["account"],
        moment(row["ends_at"]),
        moment_or_none(row["used_at"]),
    )
