"""What the service needs to run: replayed requests, heartbeat, leases, rota, cover."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.record.engine import Connection, Row
from triage.record.errors import IdempotencyConflict
from triage.record.events import NOTHING, Body, as_json, moment, stamp

REPLIES_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Remembered:
    """What a request with this key did the first time, as ids."""

    key: str
    account: str
    body_hash: str
    status: int
    ids: Body
    at: datetime


@dataclass(frozen=True)
class Heartbeat:
    """When a complete pass of the timers last ended."""

    name: str
    at: datetime
    detail: Body


@dataclass(frozen=True)
class Duty:
    """Somebody on the rota: who answers for a role in a suite, from when to when."""

    id: str
    suite: str
    role: str
    account: str | None
    name: str
    contact: str | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Cover:
    """Somebody who is with a person until a time, and who covers for them."""

    account: str
    cover_account: str | None
    reason: str
    until: datetime


class OperationReads:
    """Reading the operational tables."""

    _connection: Connection

    def remembered(self, key: str, account: str, body_hash: str | None = None) -> Remembered | None:
        """What this key did before; raises IdempotencyConflict when the body was another."""
        row = self._connection.execute(
            "select * from idempotency where key = :key and account = :account",
            {"key": key, "account": account},
        ).fetchone()
        if row is None:
            return None
        if body_hash is not None and body_hash != row["body_hash"]:
            raise IdempotencyConflict("This key was used before, with another request.")
        return Remembered(
            row["key"],
            row["account"],
            row["body_hash"],
            row["status"],
            json.loads(row["ids"]),
            moment(row["at"]),
        )

    def last_heartbeat(self, name: str = "timers") -> Heartbeat | None:
        """When the timers last completed a pass."""
        row = self._connection.execute(
            "select * from heartbeats where name = :name", {"name": name}
        ).fetchone()
        return (
            None
            if row is None
            else Heartbeat(row["name"], moment(row["at"]), json.loads(row["detail"]))
        )

    def rota(self, at: datetime, suite: str | None = None) -> tuple[Duty, ...]:
        """Who is on duty at a moment, in one suite or in all."""
        rows = self._connection.execute(
            "select * from rota where starts_at <= :at and ends_at > :at"
            " and (:suite is null or suite = :suite) order by suite, role, starts_at, id",
            {"at": stamp(at), "suite": suite},
        )
        return tuple(_duty(row) for row in rows)

    def rota_from(self, at: datetime) -> tuple[Duty, ...]:
        """Everybody who is on duty at a moment or will be after it."""
        rows = self._connection.execute(
            "select * from rota where ends_at > :at order by starts_at, suite, role, id",
            {"at": stamp(at)},
        )
        return tuple(_duty(row) for row in rows)

    def duty(self, duty: str) -> Duty | None:
        """One entry of the rota."""
        row = self._connection.execute("select * from rota where id = :id", {"id": duty}).fetchone()
        return None if row is None else _duty(row)

    def away(self, now: datetime) -> frozenset[str]:
        """The accounts of those who are with somebody now."""
        rows = self._connection.execute(
            "select account from cover where until > :now", {"now": stamp(now)}
        )
        return frozenset(row["account"] for row in rows)

    def cover(self, account: str, now: datetime) -> Cover | None:
        """Who covers for somebody now, if they said that they are with a person."""
        row = self._connection.execute(
            "select * from cover where account = :account and until > :now",
            {"account": account, "now": stamp(now)},
        ).fetchone()
        if row is None:
            return None
        return Cover(row["account"], row["cover_account"], row["reason"], moment(row["until"]))


class OperationWrites:
    """Writing the operational tables, inside the transaction of the act."""

    now: datetime
    _connection: Connection

    def remember_idempotency(
        self, key: str, account: str, body_hash: str, status: int, ids: Body
    ) -> None:
        """Keep what this request did; only what succeeded is kept, as ids."""
        self._connection.execute(
            "insert into idempotency (key, account, body_hash, status, ids, at)"
            " values (:key, :account, :body_hash, :status, :ids, :at)",
            {
                "key": key,
                "account": account,
                "body_hash": body_hash,
                "status": status,
                "ids": as_json(ids),
                "at": stamp(self.now),
            },
        )

    def forget_replies(self) -> None:
        """Let go of what requests did more than thirty days ago; a part of each pass."""
        self._connection.execute(
            "delete from idempotency where at < :before",
            {"before": stamp(self.now - REPLIES_KEPT)},
        )

    def heartbeat(self, name: str = "timers", detail: Body = NOTHING) -> None:
        """Say that a complete pass has ended; written last, so a half-dead loop does not beat."""
        self._connection.execute(
            "insert into heartbeats (name, at, detail) values (:name, :at, :detail)"
            " on conflict (name) do update set at = excluded.at, detail = excluded.detail",
            {"name": name, "at": stamp(self.now), "detail": as_json(detail)},
        )

    def take_lease(self, name: str, holder: str, seconds: float) -> bool:
        """Take or renew a lease; False while somebody else holds it."""
        done = self._connection.execute(
            "insert into leases (name, holder, until) values (:name, :holder, :until)"
            " on conflict (name) do update set holder = excluded.holder, until = excluded.until"
            " where leases.holder = excluded.holder or leases.until <= :now",
            {
                "name": name,
                "holder": holder,
                "until": stamp(self.now + timedelta(seconds=seconds)),
                "now": stamp(self.now),
            },
        )
        return done.rowcount == 1

    def put_duty(self, duty: Duty) -> None:
        """Put somebody on the rota, or change their entry."""
        self._connection.execute(
            "insert into rota (id, suite, role, account, name, contact, starts_at, ends_at)"
            " values (:id, :suite, :role, :account, :name, :contact, :starts_at, :ends_at)"
            " on conflict (id) do update set suite = excluded.suite, role = excluded.role,"
            " account = excluded.account, name = excluded.name, contact = excluded.contact,"
            " starts_at = excluded.starts_at, ends_at = excluded.ends_at",
            {
                "id": duty.id,
                "suite": duty.suite,
                "role": duty.role,
                "account": duty.account,
                "name": duty.name,
                "contact": duty.contact,
                "starts_at": stamp(duty.starts_at),
                "ends_at": stamp(duty.ends_at),
            },
        )

    def drop_duty(self, duty: str) -> None:
        """Take an entry off the rota."""
        self._connection.execute("delete from rota where id = :id", {"id": duty})

    def put_cover(self, cover: Cover) -> None:
        """Note that somebody is with a person until a time, and who covers."""
        self._connection.execute(
            "insert into cover (account, cover_account, reason, until)"
            " values (:account, :cover_account, :reason, :until) on conflict (account) do update"
            " set cover_account = excluded.cover_account, reason = excluded.reason,"
            " until = excluded.until",
            {
                "account": cover.account,
                "cover_account": cover.cover_account,
                "reason": cover.reason,
                "until": stamp(cover.until),
            },
        )

    def drop_cover(self, account: str) -> None:
        """Note that somebody is free again."""
        self._connection.execute("delete from cover where account = :account", {"account": account})


def _duty(row: Row) -> Duty:
    return Duty(
        row["id"],
        row["suite"],
        row["role"],
        row["account"],
        row["name"],
        row["contact"],
        moment(row["starts_at"]),
        moment(row["ends_at"]),
    )
