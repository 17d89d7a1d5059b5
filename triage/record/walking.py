"""One walk along each chain, row by row, naming the row where something is wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from triage.record.chain import digest, link, more_of
from triage.record.engine import Connection, Row
from triage.record.errors import Unreadable
from triage.record.packing import unpack


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong, where, and in words."""

    where: str  # events | payloads | access_log | anchors | triggers | packings | file
    seq: int | None
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Walk:
    """How far a walk came and what it found."""

    rows: int
    head: int
    head_hash: bytes
    erased: int
    flaws: tuple[Flaw, ...]


_EVENT = (
    "seq", "kind", "stay", "person", "occurred_at", "recorded_at", "account", "actor", "role",
    "terminal", "corrects",
)  # fmt: skip
_ACCESS = (
    "seq", "at", "account", "actor", "role", "terminal", "operation", "what", "stay", "purpose",
    "recipients",
)  # fmt: skip


def walk_events(connection: Connection, since: int, start: bytes) -> Walk:
    """Walk the events after ``since``, whose hash is ``start``, with their payloads."""
    flaws: list[Flaw] = []
    rows = connection.execute(
        "select * from events where seq > :since order by seq", {"since": since}
    )
    parts = _Parts(connection, since)
    head, previous, count, time = since, start, 0, ""
    for row in rows:
        flaws += _linked("events", row, head, previous, _EVENT)
        if row["recorded_at"] < time:
            words = f"Event {row['seq']} was recorded before the one before it."
            flaws.append(Flaw("events", row["seq"], words))
        flaws += parts.flaws_of(row)
        head, previous, time = row["seq"], row["hash"], row["recorded_at"]
        count += 1
    flaws += parts.left_over()
    return Walk(count, head, previous, len(parts.erased), tuple(flaws))


def walk_accesses(connection: Connection, since: int, start: bytes) -> Walk:
    """Walk the access log after ``since``, whose hash is ``start``."""
    flaws: list[Flaw] = []
    rows = connection.execute(
        "select * from access_log where seq > :since order by seq", {"since": since}
    )
    head, previous, count = since, start, 0
    for row in rows:
        flaws += _linked("access_log", row, head, previous, _ACCESS)
        head, previous = row["seq"], row["hash"]
        count += 1
    return Walk(count, head, previous, 0, tuple(flaws))


def _linked(
    where: str, row: Row, head: int, previous: bytes, fields: tuple[str, ...]
) -> Iterator[Flaw]:
    """Whether one row is whole, and follows the one before it."""
    seq, name = row["seq"], "Event" if where == "events" else "Look"
    if seq != head + 1:
        yield Flaw(where, seq, f"{name} {head + 1} to {seq - 1}: deleted.")
    elif row["prev"] != previous:
        words = f"{name} {seq} does not follow {head}: one of them was put in or hashed anew."
        yield Flaw(where, seq, words)
    if link(row["prev"], *(row[field] for field in fields), *_more(where, row)) != row["hash"]:
        yield Flaw(where, seq, f"{name} {seq} was edited.")


def _more(where: str, row: Row) -> tuple[str, ...]:
    """What an event says beside its columns; none where it cannot be told, which is an edit."""
    if where != "events":
        return ()
    try:
        more = more_of(row)
    except ValueError:
        return ()
    return more.header, more.digests


def _flaw(seq: int, words: str) -> Flaw:
    return Flaw("payloads", seq, words)


class _Parts:
    """The payload parts, read beside the events in the same order."""

    def __init__(self, connection: Connection, since: int) -> None:
        self._rows = connection.execute(
            'select seq, "group", salt, body from payloads where seq > :since order by seq',
            {"since": since},
        )
        self._next: Row | None = self._rows.fetchone()
        self._strays: list[Flaw] = []
        self.erased = {
            (row["seq"], row["group"]): row["by_seq"]
            for row in connection.execute('select seq, "group", by_seq from erasures')
        }
        self._allowed = _erasures_by_event(connection)

    def flaws_of(self, event: Row) -> Iterator[Flaw]:
        """What is wrong with the parts of one event."""
        seq = event["seq"]
        try:
            expected = more_of(event).parts
        except ValueError:
            expected = {}  # the row itself was edited, which the link tells
        for part in self._of(seq):
            yield from _part_flaws(seq, part, expected.pop(part["group"], None))
        for group in expected:
            by = self.erased.get((seq, group))
            if by is None:
                yield _flaw(seq, f"Part {group} of event {seq} is gone without an erasure.")
            elif (seq, group) not in self._allowed.get(by, ()):
                yield _flaw(seq, f"Part {group} of event {seq} was erased by no event naming it.")

    def left_over(self) -> Iterator[Flaw]:
        """Parts of events that are not there."""
        yield from self._strays
        while self._next is not None:
            yield _flaw(self._next["seq"], f"A part stands without its event {self._next['seq']}.")
            self._next = self._rows.fetchone()

    def _of(self, seq: int) -> Iterator[Row]:
        while self._next is not None and self._next["seq"] <= seq:
            if self._next["seq"] == seq:
                yield self._next
            else:
                words = f"A part stands without its event {self._next['seq']}."
                self._strays.append(_flaw(self._next["seq"], words))
            self._next = self._rows.fetchone()


def _part_flaws(seq: int, part: Row, expected: str | None) -> Iterator[Flaw]:
    group = part["group"]
    if expected is None:
        yield _flaw(seq, f"Part {group} was put into event {seq}.")
        return
    try:
        whole = digest(group, part["salt"], unpack(part["body"])) == expected
    except Unreadable:
        whole = False
    if not whole:
        yield _flaw(seq, f"Part {group} of event {seq} was edited.")


def _erasures_by_event(connection: Connection) -> dict[int, set[tuple[int, str]]]:
    """What each erased event names."""
    rows = connection.execute("select seq, header, digests, more from events where kind = 'erased'")
    named: dict[int, set[tuple[int, str]]] = {}
    for row in rows:
        try:
            named[row["seq"]] = {
                (seq, group) for seq, group in json.loads(more_of(row).header)["parts"]
            }
        except (ValueError, KeyError, TypeError):
            named[row["seq"]] = set()  # the row itself was edited, which the link tells
    return named
