"""The hot path: one event into the chain, its parts beside it, and the fold, in one transaction."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from triage.domain.errors import InputError
from triage.domain.london import iso
from triage.record.bodies import Bodies
from triage.record.chain import More, Part, link, part_of
from triage.record.engine import Connection
from triage.record.errors import ReferenceInUse, UnknownEvent
from triage.record.events import (
    AHEAD_AT_MOST,
    Actor,
    Body,
    EventKind,
    Group,
    NewEvent,
    Recorded,
    as_json,
    made,
    stamp,
)
from triage.record.folding import fold_rows, refold_stay, shape_stay
from triage.record.remembering import Remembered
from triage.record.stay_fold import CORRECTIONS, shapes

_KINDS = frozenset(EventKind)
_GROUPS = frozenset(Group)


class Appending(Remembered):
    """Appending events inside one transaction."""

    _connection: Connection

    def append(self, event: NewEvent) -> Recorded:
        """Record what happened, and let the projections follow in the same transaction.

        ``recorded_at`` is the server's clock, and never earlier than the event before. Raises
        InputError for a time over two minutes ahead, UnknownEvent for a kind, a part or a
        corrected event that does not exist, ReferenceInUse when an open stay has the number.
        """
        kind = _kind(event)
        event = self._addressed(kind, event)
        seq, previous, recorded_at = self._place()
        _check_time(event.occurred_at, recorded_at)
        self._check_reference(kind, event)
        parts = tuple(
            part_of(group, as_json(body)) for group, body in sorted(event.payloads.items())
        )
        row = _row(seq, kind, event, recorded_at, parts)
        this = link(previous, *row.values())
        self._keep(row, previous, this, parts)
        self._last = (seq, this, recorded_at)
        self.erased_any = self.erased_any or kind is EventKind.ERASED
        recorded = _as_read(row, parts, event, recorded_at, this)
        self._fold(_opened(recorded, event))
        self._own.append(recorded)
        return recorded

    def head_moved_past(self, step: int) -> bool:
        """Whether this transaction took the record over a multiple of ``step``."""
        if self._last is None:
            return False
        return self._last[0] // step > (self._last[0] - len(self._own)) // step

    def _place(self) -> tuple[int, bytes, datetime]:
        """The next number, the hash to build on, and a time that never runs backwards."""
        seq, previous, high_water = self._began if self._last is None else self._last
        return seq + 1, previous, max(self.now.astimezone(UTC), high_water)

    def _fold(self, event: Recorded) -> None:
        """Let one event change every projection that it speaks about."""
        fold_rows(self._connection, event)
        stay = event.stay
        if stay is None:
            return
        if event.kind in CORRECTIONS:
            self._rows[stay] = refold_stay(self._connection, stay)
        elif shapes(event):
            self._rows[stay] = shape_stay(self._connection, stay, self._row_of(stay), event)

    def _addressed(self, kind: EventKind, event: NewEvent) -> NewEvent:
        """A correction speaks about the stay and the person of the event that it corrects."""
        if kind in CORRECTIONS or event.corrects is not None:
            row = self._connection.execute(
                "select stay, person from events where seq = :seq", {"seq": event.corrects}
            ).fetchone()
            if row is None:
                raise UnknownEvent("There is no event with that number to correct.")
            return replace(
                event, stay=event.stay or row["stay"], person=event.person or row["person"]
            )
        return event

    def _check_reference(self, kind: EventKind, event: NewEvent) -> None:
        reference = (event.payloads.get(Group.IDENTITY) or {}).get("reference")
        if reference is None or kind is not EventKind.STAY_OPENED:
            return
        other = self.open_stay_by_reference(reference)
        if other is not None and other.id != event.stay:
            raise ReferenceInUse(other.id)

    def _keep(
        self,
        row: Mapping[str, str | int | None],
        previous: bytes,
        this: bytes,
        parts: tuple[Part, ...],
    ) -> None:
        self._connection.execute(
            "insert into events (seq, kind, stay, person, occurred_at, recorded_at, account,"
            " actor, role, terminal, corrects, header, digests, prev, hash, more)"
            " values (:seq, :kind, :stay, :person, :occurred_at, :recorded_at, :account,"
            " :actor, :role, :terminal, :corrects, '', '', :prev, :hash, :more)",
            {
                **row,
                "prev": previous,
                "hash": this,
                "more": More(str(row["header"]), str(row["digests"])).packed,
            },
        )
        self._connection.executemany(
            'insert into payloads (seq, "group", salt, body) values (?, ?, ?, ?)',
            [(row["seq"], part.group, part.salt, part.body) for part in parts],
        )


def _kind(event: NewEvent) -> EventKind:
    unknown = event.payloads.keys() - _GROUPS
    if event.kind not in _KINDS or unknown:
        raise UnknownEvent(f"The record knows no such kind or part: {event.kind} {unknown or ''}")
    return EventKind(event.kind)


def _check_time(occurred_at: datetime, recorded_at: datetime) -> None:
    if occurred_at - recorded_at > AHEAD_AT_MOST:
        raise InputError.at(
            "occurred_at",
            f"{iso(occurred_at)} has not happened yet; it is {iso(recorded_at)} now.",
        )


def _row(
    seq: int, kind: EventKind, event: NewEvent, recorded_at: datetime, parts: tuple[Part, ...]
) -> dict[str, str | int | None]:
    """The fields in the order in which the hash covers them, as they are before packing."""
    return {
        "seq": seq,
        "kind": str(kind),
        "stay": event.stay,
        "person": event.person,
        "occurred_at": stamp(event.occurred_at),
        "recorded_at": stamp(recorded_at),
        "account": event.actor.account,
        "actor": event.actor.name,
        "role": event.actor.role,
        "terminal": event.actor.terminal,
        "corrects": event.corrects,
        "header": as_json(event.header),
        "digests": as_json({part.group: part.digest for part in parts}),
    }


def _as_read(
    row: Mapping[str, Any],
    parts: tuple[Part, ...],
    event: NewEvent,
    recorded_at: datetime,
    this: bytes,
) -> Recorded:
    """The event as whoever reads it later will see it, made from what was written."""
    who = event.actor
    return made(
        row["seq"], EventKind(row["kind"]), event.stay, event.person,
        event.occurred_at.astimezone(UTC), recorded_at,
        Actor(who.account, who.name, who.role, who.terminal), json.loads(row["header"]),
        Bodies({part.group: part.body for part in parts}), event.corrects, this.hex(),
    )  # fmt: skip


def _opened(recorded: Recorded, event: NewEvent) -> Recorded:
    """The event for the fold, its long parts as they came: to unpack them again takes as long
    as all the rest."""
    if "clinical" not in event.payloads and "police" not in event.payloads:
        return recorded
    parts = {str(group): _as_stored(part) for group, part in event.payloads.items()}
    return replace(recorded, payloads=parts)


def _as_stored(body: Body) -> dict[str, Any]:
    """What the fold puts into columns must be what a rebuild will read: times as text."""
    return {
        name: stamp(value) if isinstance(value, datetime) else value for name, value in body.items()
    }
