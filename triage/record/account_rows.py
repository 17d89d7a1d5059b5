"""Who signs in, as values: accounts, sessions, terminal tokens, one-time links.

Only hashes of secrets come here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from triage.record.engine import Row
from triage.record.events import moment, moment_or_none

_SUITES_KEPT = 1024  # different lists of suites; there are a few, and every request reads one
Values = Row | Mapping[str, Any]


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
class Shown:
    """What the secrets that somebody shows stand for, each where it stands for anything.

    Nothing is judged here: a token may be revoked, a session over, an account shut out.
    """

    token: Token | None
    session: Session | None
    account: Account | None  # of the session


@dataclass(frozen=True)
class Link:
    """A link that works once."""

    link_hash: str
    purpose: str
    account: str | None
    ends_at: datetime
    used_at: datetime | None = None


@lru_cache(maxsize=_SUITES_KEPT)
def _suites(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def account_of(row: Values) -> Account:
    """One row of ``accounts`` as a value."""
    return Account(
        row["account"],
        row["name"],
        row["role"],
        _suites(row["suites"]),
        row["password_hash"],
        bool(row["active"]),
        moment(row["made_at"]),
    )


def session_of(row: Values) -> Session:
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


def token_of(row: Values) -> Token:
    """One row of ``tokens`` as a value."""
    return Token(
        row["token_hash"],
        row["terminal"],
        _suites(row["suites"]),
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


_TOKEN, _SESSION, _ACCOUNT = (
    tuple(each.name for each in fields(kind)) for kind in (Token, Session, Account)
)
_AT_SESSION, _AT_ACCOUNT = len(_TOKEN), len(_TOKEN) + len(_SESSION)


def shown_of(row: Row) -> Shown:
    """The columns of a token, of a session and of an account side by side, each in the order of
    its fields; where there is none, all of them are null."""
    token, session, account = row[:_AT_SESSION], row[_AT_SESSION:_AT_ACCOUNT], row[_AT_ACCOUNT:]
    return Shown(
        None if token[0] is None else token_of(dict(zip(_TOKEN, token, strict=True))),
        None if session[0] is None else session_of(dict(zip(_SESSION, session, strict=True))),
        None if account[0] is None else account_of(dict(zip(_ACCOUNT, account, strict=True))),
    )
