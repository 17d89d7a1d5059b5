"""What the service needs to run: drafts, replayed requests, heartbeat, leases, rota, cover."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from triage.domain import drafting
from triage.record.engine import Connection, Row
from triage.record.errors import IdempotencyConflict
from triage.record.events import NOTHING, Body, as_json, moment, stamp

REPLIES_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Draft:
    """The answers typed so far for one stay, by whoever typed last; each with its typist."""

    stay: str
    body: Body
    saved_at: datetime
    account: str
    typed: drafting.Draft = field(default_factory=drafting.Draft)


@dataclass(frozen=True)
class DraftRecorded:
    """The last draft of a stay that became a version: which state it had, and who typed in it."""

    stay: str
    version: int
    seq: int
    accounts: tuple[str, ...]

    @property
    def next(self) -> int:
        """The state of the draft that comes after it, before anything is typed into that one."""
        return self.version + 1


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

    def draft(self, stay: str) -> Draft | None:
        """What was typed for one stay and not yet saved as a screening."""
        row = self._connection.execute(
            "select * from drafts where stay = :stay", {"stay": stay}
        ).fetchone()
        if row is None:
            return None
        at, body = moment(row["saved_at"]), json.loads(row["body"])
        return Draft(row["stay"], body, at, row["account"], self._typed(row, body, at))

    def _typed(self, row: Row, body: Body, at: datetime) -> drafting.Draft:
        """Who typed what; of a draft of an older release all of it by whoever kept it last."""
        before = self.draft_recorded(row["stay"])
        after = 0 if before is None else before.next
        if row["typed"] is None:
            empty = drafting.Draft(after=after)
            return empty.typed(body, account=row["account"], at=at, made_on=after)
        entries = (
            drafting.Entry(place, value, account, moment(typed_at), version, beside)
            for place, value, account, typed_at, version, beside in json.loads(row["typed"])
        )
        return drafting.Draft(tuple(entries), after)

    def draft_recorded(self, stay: str) -> DraftRecorded | None:
        """The last draft of this stay that was recorded."""
        row = self._connection.execute(
            "select * from drafts_recorded where stay = :stay", {"stay": stay}
        ).fetchone()
        if row is None:
            return None
        accounts = tuple(json.loads(row["accounts"]))
        return DraftRecorded(row["stay"], row["version"], row["seq"], accounts)

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

    def save_draft(self, stay: str, draft: drafting.Draft, account: str) -> None:
        """Keep what was typed so far, and by whom each of it."""
        typed = [
            (each.place, each.value, each.account, stamp(each.at), each.version, each.beside)
            for each in draft.entries
        ]
        self._connection.execute(
            "insert into drafts (stay, body, saved_at, account, typed)"
            " values (:stay, :body, :saved_at, :account, :typed) on conflict (stay) do update set"
            " body = excluded.body, saved_at = excluded.saved_at, account = excluded.account,"
            " typed = excluded.typed",
            {
                "stay": stay,
                "body": as_json(draft.document()),
                "saved_at": stamp(self.now),
                "account": account,
                "typed": json.dumps(typed),
            },
        )

    def draft_was_recorded(self, recorded: DraftRecorded) -> None:
        """Note which draft became a version: whoever goes on with it hears of that."""
        self._connection.execute(
            "insert into drafts_recorded (stay, version, seq, accounts)"
            " values (:stay, :version, :seq, :accounts) on conflict (stay) do update set"
            " version = excluded.version, seq = excluded.seq, accounts = excluded.accounts",
            {
                "stay": recorded.stay,
                "version": recorded.version,
                "seq": recorded.seq,
                "accounts": json.dumps(recorded.accounts),
            },
        )

    def drop_draft(self, stay: str) -> None:
        """Forget what was typed: it was saved, or the stay ended."""
        self._connection.execute("delete from drafts where stay = :stay", {"stay": stay})

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
