"""Drafts: what was typed for a stay and is no screening yet, with who typed each of it.

A draft is operational: it is written over, and dropped when it was recorded or the stay ended.
Which draft became a version is kept, for whoever goes on with it.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from triage.domain import drafting
from triage.record.engine import Connection, Row
from triage.record.events import Body, as_json, moment, stamp


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


class DraftReads:
    """Reading drafts."""

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


class DraftWrites:
    """Writing drafts, inside the transaction of the act."""

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
