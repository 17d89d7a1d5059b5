"""Who signs in, as values: accounts, sessions, terminal tokens, one-time links.

Only hashes of secrets come here.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from triage.record.engine import Row
from triage.record.events import moment, moment_or_none

_SUITES_KEPT = 1024  # different lists of suites; there are a few, and every request reads one
_AT_SESSION, _AT_ACCOUNT = 5, 13  # where their columns begin behind those of a token
Columns = Iterable[Any]


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


def account_of(row: Columns) -> Account:
    """The columns of ``accounts``, in the order of its fields, as a value."""
    account, name, role, suites, password_hash, active, made_at = row
    return Account(
        account, name, role, _suites(suites), password_hash, bool(active), moment(made_at)
    )


def session_of(row: Columns) -> Session:
    """The columns of ``sessions``, in the order of its fields, as a value."""
    id_hash, account, csrf, terminal, began_at, last_seen_at, ends_at, ended_at = row
    return Session(
        id_hash, account, csrf, terminal, moment(began_at), moment(last_seen_at),
        moment(ends_at), moment_or_none(ended_at),
    )  # fmt: skip


def token_of(row: Columns) -> Token:
    """The columns of ``tokens``, in the order of its fields, as a value."""
    token_hash, terminal, suites, made_at, revoked_at = row
    return Token(token_hash, terminal, _suites(suites), moment(made_at), moment_or_none(revoked_at))


def link_of(row: Row) -> Link:
    """One row of ``sign_in_links`` as a value."""
    return Link(
        row["link_hash"],
        row["purpose"],
        row["account"],
        moment(row["ends_at"]),
        moment_or_none(row["used_at"]),
    )


def shown_of(row: Row) -> Shown:
    """The columns of a token, of a session and of an account side by side; where there is none,
    all of them are null."""
    token, session, account = row[:_AT_SESSION], row[_AT_SESSION:_AT_ACCOUNT], row[_AT_ACCOUNT:]
    return Shown(
        None if token[0] is None else token_of(token),
        None if session[0] is None else session_of(session),
        None if account[0] is None else account_of(account),
    )
