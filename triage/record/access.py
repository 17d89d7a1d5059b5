"""The access log: who looked at what, and what was told to whom, on a chain of its own.

Data Protection Act 2018 s62 asks for the date, the time and, so far as possible, the person of
each consultation and disclosure, and the recipients of a disclosure (as amended from
20 August 2025 without a justification). We keep a purpose as well: it deters browsing.
s62(4): the log serves lawfulness, discipline, integrity and criminal proceedings, nothing else.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triage.record.chain import GENESIS, link
from triage.record.engine import Connection, Row
from triage.record.events import Actor, as_json, moment, stamp


class Operation(StrEnum):
    """The two operations that no event tells."""

    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class Access:
    """One look or one disclosure."""

    seq: int
    at: datetime
    actor: Actor
    operation: Operation
    what: str
    stay: str | None
    purpose: str | None
    recipients: tuple[str, ...]


class AccessReads:
    """Reading the access log."""

    _connection: Connection

    def accesses(self, stay: str) -> tuple[Access, ...]:
        """Everybody who looked at one stay or was told of it, oldest first."""
        rows = self._connection.execute(
            "select * from access_log where stay = :stay order by seq", {"stay": stay}
        )
        return tuple(_access(row) for row in rows)

    def accesses_between(self, start: datetime, end: datetime) -> tuple[Access, ...]:
        """Every look and disclosure in a span of time, for whoever may ask for the log."""
        rows = self._connection.execute(
            "select * from access_log where at >= :start and at < :end order by seq",
            {"start": stamp(start), "end": stamp(end)},
        )
        return tuple(_access(row) for row in rows)


class AccessWrites:
    """Writing the access log."""

    now: datetime
    _connection: Connection

    def log_access(
        self,
        actor: Actor,
        what: str,
        stay: str | None,
        purpose: str | None = None,
        *,
        operation: Operation = Operation.CONSULTATION,
        recipients: Sequence[str] = (),
    ) -> int:
        """Log one look or one disclosure in this transaction; returns its number.

        ``what`` names groups and views, never values.
        """
        last = self._connection.execute(
            "select seq, at, hash from access_log order by seq desc limit 1"
        ).fetchone()
        seq: int = 1 if last is None else last["seq"] + 1
        row = {
            "seq": seq,
            "at": stamp(self.now) if last is None else max(stamp(self.now), last["at"]),
            "account": actor.account,
            "actor": actor.name,
            "role": actor.role,
            "terminal": actor.terminal,
            "operation": str(operation),
            "what": what,
            "stay": stay,
            "purpose": purpose,
            "recipients": as_json(list(recipients)),
        }
        previous = GENESIS if last is None else last["hash"]
        self._connection.execute(
            "insert into access_log (seq, at, account, actor, role, terminal, operation, what,"
            " stay, purpose, recipients, prev, hash) values (:seq, :at, :account, :actor, :role,"
            " :terminal, :operation, :what, :stay, :purpose, :recipients, :prev, :hash)",
            {**row, "prev": previous, "hash": link(previous, *row.values())},
        )
        return seq


def _access(row: Row) -> Access:
    return Access(
        row["seq"],
        moment(row["at"]),
        Actor(row["account"], row["actor"], row["role"], row["terminal"]),
        Operation(row["operation"]),
        row["what"],
        row["stay"],
        row["purpose"],
        tuple(json.loads(row["recipients"])),
    )
