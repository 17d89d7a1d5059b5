"""Accounts, sessions, terminal tokens and one-time links: reading and changing them."""

import json
from datetime import datetime

from triage.record.account_rows import (
    Account,
    Link,
    Session,
    Shown,
    Token,
    account_of,
    link_of,
    session_of,
    shown_of,
    token_of,
)
from triage.record.engine import Connection
from triage.record.events import as_json, moment, stamp, stamp_or_none


class AccountReads:
    """Who may sign in, and who is."""

    _connection: Connection

    def account(self, account: str) -> Account | None:
        """One account by its name."""
        row = self._connection.execute(
            "select * from accounts where account = :account", {"account": account}
        ).fetchone()
        return None if row is None else account_of(row)

    def accounts(self) -> tuple[Account, ...]:
        """Every account, those switched off too."""
        rows = self._connection.execute("select * from accounts order by account")
        return tuple(account_of(row) for row in rows)

    def signed_in(self, role: str, suite: str | None, now: datetime) -> frozenset[str]:
        """Who has this role in this suite and has not signed out of the shift."""
        rows = self._connection.execute(
            "select distinct accounts.account, accounts.suites from accounts join sessions"
            " on sessions.account = accounts.account where role = :role and active"
            " and ended_at is null and ends_at > :now",
            {"role": role, "now": stamp(now)},
        )
        found = ((row["account"], json.loads(row["suites"])) for row in rows)
        return frozenset(account for account, suites in found if not suites or suite in suites)

    def session(self, id_hash: str) -> Session | None:
        """One session, also when it has ended."""
        row = self._connection.execute(
            "select * from sessions where id_hash = :id_hash", {"id_hash": id_hash}
        ).fetchone()
        return None if row is None else session_of(row)

    def shown(self, *, token_hash: str | None = None, id_hash: str | None = None) -> Shown:
        """What a terminal's token and a session stand for, with the account of the session.

        All in one statement: every request asks for it, and begins to read three times otherwise.
        """
        row = self._connection.execute(
            "select token_hash, tokens.terminal, tokens.suites, tokens.made_at, revoked_at,"
            " id_hash, sessions.account, csrf, sessions.terminal, began_at, last_seen_at, ends_at,"
            " ended_at, accounts.account, name, role, accounts.suites, password_hash, active,"
            " accounts.made_at from (select 1) left join tokens on token_hash = :token_hash"
            " left join sessions on id_hash = :id_hash"
            " left join accounts on accounts.account = sessions.account",
            {"token_hash": token_hash, "id_hash": id_hash},
        ).fetchone()
        return shown_of(row)

    def tokens(self) -> tuple[Token, ...]:
        """Every terminal token, by terminal."""
        rows = self._connection.execute("select * from tokens order by terminal, made_at")
        return tuple(token_of(row) for row in rows)

    def link(self, link_hash: str) -> Link | None:
        """One one-time link, also when it was used."""
        row = self._connection.execute(
            "select * from sign_in_links where link_hash = :link_hash", {"link_hash": link_hash}
        ).fetchone()
        return None if row is None else link_of(row)

    def login_failures(self, account: str, since: datetime) -> tuple[datetime, ...]:
        """When signing in under this name failed, oldest first; the name may be nobody's."""
        rows = self._connection.execute(
            "select at from login_failures where account = :account and at >= :since order by at",
            {"account": account, "since": stamp(since)},
        )
        return tuple(moment(row["at"]) for row in rows)


class AccountWrites:
    """Changing who may sign in."""

    _connection: Connection

    def add_account(self, account: Account) -> None:
        """Keep a new account; an existing one is an IntegrityError."""
        self._connection.execute(
            "insert into accounts (account, name, role, suites, password_hash, active, made_at)"
            " values (:account, :name, :role, :suites, :password_hash, :active, :made_at)",
            {
                "account": account.account,
                "name": account.name,
                "role": account.role,
                "suites": as_json(account.suites),
                "password_hash": account.password_hash,
                "active": int(account.active),
                "made_at": stamp(account.made_at),
            },
        )

    def set_password(self, account: str, password_hash: str) -> None:
        """Keep the hash of a new password."""
        self._connection.execute(
            "update accounts set password_hash = :password_hash where account = :account",
            {"account": account, "password_hash": password_hash},
        )

    def set_active(self, account: str, active: bool) -> None:
        """Switch an account on or off."""
        self._connection.execute(
            "update accounts set active = :active where account = :account",
            {"account": account, "active": int(active)},
        )

    def set_role(self, account: str, role: str, suites: tuple[str, ...]) -> None:
        """Change what an account may do, and where."""
        self._connection.execute(
            "update accounts set role = :role, suites = :suites where account = :account",
            {"account": account, "role": role, "suites": as_json(suites)},
        )

    def begin_session(self, session: Session) -> None:
        """Keep a new session, and forget those that ended over a day ago."""
        self._connection.execute(
            "delete from sessions where ends_at < :began_at and began_at < :began_at"
            " and julianday(:began_at) - julianday(ends_at) > 1",
            {"began_at": stamp(session.began_at)},
        )
        self._connection.execute(
            "insert into sessions (id_hash, account, csrf, terminal, began_at, last_seen_at,"
            " ends_at, ended_at) values (:id_hash, :account, :csrf, :terminal, :began_at,"
            " :last_seen_at, :ends_at, :ended_at)",
            {
                "id_hash": session.id_hash,
                "account": session.account,
                "csrf": session.csrf,
                "terminal": session.terminal,
                "began_at": stamp(session.began_at),
                "last_seen_at": stamp(session.last_seen_at),
                "ends_at": stamp(session.ends_at),
                "ended_at": stamp_or_none(session.ended_at),
            },
        )

    def touch_session(self, id_hash: str, at: datetime) -> None:
        """Note that a session was used."""
        self._connection.execute(
            "update sessions set last_seen_at = :at where id_hash = :id_hash",
            {"id_hash": id_hash, "at": stamp(at)},
        )

    def end_session(self, id_hash: str, at: datetime) -> None:
        """End one session."""
        self._connection.execute(
            "update sessions set ended_at = :at where id_hash = :id_hash and ended_at is null",
            {"id_hash": id_hash, "at": stamp(at)},
        )

    def end_sessions(self, account: str, at: datetime) -> None:
        """End every session of one account."""
        self._connection.execute(
            "update sessions set ended_at = :at where account = :account and ended_at is null",
            {"account": account, "at": stamp(at)},
        )

    def add_token(self, token: Token) -> None:
        """Keep the hash of a terminal's new token."""
        self._connection.execute(
            "insert into tokens (token_hash, terminal, suites, made_at, revoked_at)"
            " values (:token_hash, :terminal, :suites, :made_at, :revoked_at)",
            {
                "token_hash": token.token_hash,
                "terminal": token.terminal,
                "suites": as_json(token.suites),
                "made_at": stamp(token.made_at),
                "revoked_at": stamp_or_none(token.revoked_at),
            },
        )

    def revoke_token(self, token_hash: str, at: datetime) -> None:
        """Take a terminal's right away."""
        self._connection.execute(
            "update tokens set revoked_at = :at"
            " where token_hash = :token_hash and revoked_at is null",
            {"token_hash": token_hash, "at": stamp(at)},
        )

    def add_link(self, link: Link) -> None:
        """Keep the hash of a link that works once."""
        self._connection.execute(
            "insert into sign_in_links (link_hash, purpose, account, ends_at, used_at)"
            " values (:link_hash, :purpose, :account, :ends_at, :used_at)",
            {
                "link_hash": link.link_hash,
                "purpose": link.purpose,
                "account": link.account,
                "ends_at": stamp(link.ends_at),
                "used_at": stamp_or_none(link.used_at),
            },
        )

    def use_link(self, link_hash: str, at: datetime) -> bool:
        """Use a link up; False when it was used before, is over, or never was."""
        done = self._connection.execute(
            "update sign_in_links set used_at = :at where link_hash = :link_hash"
            " and used_at is null and ends_at > :at",
            {"link_hash": link_hash, "at": stamp(at)},
        )
        return done.rowcount == 1

    def add_login_failure(self, account: str, at: datetime) -> None:
        """Count one failed sign-in; the name may be nobody's. A week is remembered."""
        self._connection.execute(
            "delete from login_failures where julianday(:at) - julianday(at) > 7",
            {"at": stamp(at)},
        )
        self._connection.execute(
            "insert into login_failures (account, at) values (:account, :at)",
            {"account": account, "at": stamp(at)},
        )

    def clear_login_failures(self, account: str) -> None:
        """Forget the failures of one name after it signed in."""
        self._connection.execute(
            "delete from login_failures where account = :account", {"account": account}
        )
