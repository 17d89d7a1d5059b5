"""The stays that were read last, so that an act reads of a stay only what is new.

Several processes write to one record, so what is remembered is never believed: each read asks the
record for its last event, for the last of the stay and for the last erasure. A hash covers
everything before it, so the same hash means the same history. A transaction asks once how the
record ended before it: what was read behind that same event holds in all of it. What it has
appended itself is remembered only once it is on the disk.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from triage.record.chain import GENESIS
from triage.record.engine import Connection
from triage.record.errors import Unreadable
from triage.record.events import Recorded, moment
from triage.record.read_events import NO_END, EventReads
from triage.record.rows import Stay, forget_alerts, stay_of
from triage.record.stay_fold import CORRECTIONS, folded, shapes

_MOST = 1000  # stays; a force holds fewer people at once


@dataclass(frozen=True)
class Known:
    """One stay as its events tell it, and how the record ended when they were read."""

    events: tuple[Recorded, ...]
    erased: int  # the last erasure anywhere
    row: Mapping[str, Any] | None = None  # what they add up to, as the table of stays holds it
    head: str = ""  # the hash of the last event of the record

    @property
    def last(self) -> tuple[int, str]:
        """The number and hash of its last event."""
        return (self.events[-1].seq, self.events[-1].hash) if self.events else (0, "")

    @cached_property
    def stay(self) -> Stay | None:
        """The stay as its events leave it."""
        return _stay(self.row)


class Memory:
    """What this process remembers, for all of its threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, stay: str) -> Known | None:
        """What is remembered of a stay, to be checked against the record."""
        with self._lock:
            known = self._known.get(stay)
            if known is not None:
                self._known.move_to_end(stay)
            return known

    def keep(self, stay: str, known: Known) -> None:
        """Remember the history of a stay as it is on the disk."""
        with self._lock:
            self._known[stay] = known
            self._known.move_to_end(stay)
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def forget(self) -> None:
        """Forget everything, at once after an erasure."""
        with self._lock:
            self._known.clear()
        forget_alerts()


class Remembering(EventReads):
    """Reading the events of a stay through the memory of the process."""

    _connection: Connection
    _memory: Memory

    def stay_events(self, stay: str) -> tuple[Recorded, ...]:
        """Everything recorded about one stay, in the order in which it was recorded."""
        return self.known(stay).events

    def known(self, stay: str) -> Known:
        """One stay with its history, and behind which event of the record both hold."""
        known = self._known_now(stay)
        self._memory.keep(stay, known)
        return known

    def _known_now(self, stay: str, before: int = NO_END) -> Known:
        """A stay as the record has it now, before one event of the record."""
        last, digest, erased, head = self._end_of(stay, before)
        known = self._memory.of(stay)
        if known is None or known.erased != erased or known.last[0] > last:
            return self._read(stay, erased, head, before)
        if known.last == (last, digest):
            return Known(known.events, erased, known.row, head)
        found = self.stay_events_from(stay, known.last[0], before)
        if known.events and (not found or (found[0].seq, found[0].hash) != known.last):
            return self._read(stay, erased, head, before)
        more = found[1 if known.events else 0 :]
        events, row = known.events + more, known.row
        if any(shapes(event) or event.kind in CORRECTIONS for event in more):
            row = self._added_up(stay, events)
        return Known(events, erased, row, head)

    def _read(self, stay: str, erased: int, head: str, before: int) -> Known:
        events = self.stay_events_from(stay, 0, before)
        return Known(events, erased, self._added_up(stay, events), head)

    def _added_up(self, stay: str, events: tuple[Recorded, ...]) -> Mapping[str, Any] | None:
        """The row that the events of a stay add up to.

        Where a part of one is spoilt on the disk it is the row as it was kept: the events are
        handed out all the same, and whoever needs that part is told.
        """
        try:
            return folded(stay, events)
        except Unreadable:
            return self.stay_row(stay)

    def _end_of(self, stay: str, before: int) -> tuple[int, str, int, str]:
        """Number and hash of the last event of a stay, the last erasure, the hash of the last."""
        row = self._connection.execute(
            "select mine.seq, mine.hash, all_of.hash,"
            " (select seq from events where kind = 'erased' and kind in ('handover_signed',"
            " 'rulebook_adopted', 'clock_stepped', 'imported', 'erased', 'hold_placed',"
            " 'hold_lifted', 'access_granted') order by seq desc limit 1)"
            " from (select hash from events where seq < :before order by seq desc limit 1) all_of"
            " left join (select seq, hash from events where stay = :stay and seq < :before"
            " order by seq desc limit 1) mine",
            {"stay": stay, "before": before},
        ).fetchone()
        if row is None:
            return 0, "", 0, GENESIS.hex()
        last, digest = (0, "") if row[0] is None else (row[0], row[1].hex())
        return last, digest, row[3] or 0, row[2].hex()


class Remembered(Remembering):
    """What one transaction reads and appends; it becomes memory when the disk has it."""

    now: datetime
    _last: tuple[int, bytes, datetime] | None = None

    def __init__(self) -> None:
        self._before: dict[str, Known] = {}  # the stays read here, as they were before it
        self._own: list[Recorded] = []
        self._rows: dict[str, Mapping[str, Any] | None] = {}  # as its own events leave them
        self._stays: dict[str, tuple[Mapping[str, Any] | None, Stay | None]] = {}
        self.erased_any = False

    @cached_property
    def began_behind(self) -> str:
        """The hash of the last event of the record before this transaction."""
        return self._began[1].hex()

    @cached_property
    def _began(self) -> tuple[int, bytes, datetime]:
        """Number, hash and time of that event; asked for before anything is appended."""
        row = self._connection.execute(
            "select seq, hash, recorded_at from events order by seq desc limit 1"
        ).fetchone()
        if row is None:
            return 0, GENESIS, self.now
        return row["seq"], row["hash"], moment(row["recorded_at"])

    def stay(self, stay: str) -> Stay | None:
        """One stay as its events leave it, with what this transaction has appended."""
        row, found = self._row_of(stay), self._stays.get(stay)
        if found is None or found[0] is not row:
            found = self._stays[stay] = row, _stay(row)
        return found[1]

    def stay_events(self, stay: str) -> tuple[Recorded, ...]:
        """Everything recorded about one stay, with what this transaction has appended."""
        if self.erased_any:
            return self.stay_events_from(stay, 0)
        if stay not in self._before:
            known, own = self._still_known(stay), self._own[0].seq if self._own else NO_END
            self._before[stay] = self._known_now(stay, own) if known is None else known
        return self._before[stay].events + self._own_of(stay)

    def remember(self) -> None:
        """Keep in memory what this transaction knows; only after it was committed."""
        if self.erased_any:
            self._memory.forget()
            return
        head = self.began_behind if self._last is None else self._last[1].hex()
        for stay, known in self._before.items():
            events, row = known.events + self._own_of(stay), self._rows.get(stay, known.row)
            self._memory.keep(stay, Known(events, known.erased, row, head))

    def _row_of(self, stay: str) -> Mapping[str, Any] | None:
        """The row of a stay now; each event that shapes it is laid over it as it is appended."""
        if self.erased_any:
            return self.stay_row(stay)
        if stay not in self._rows:
            known = self._before.get(stay) or self._still_known(stay)
            self._rows[stay] = self.stay_row(stay) if known is None else known.row
        return self._rows[stay]

    def _still_known(self, stay: str) -> Known | None:
        """What is remembered of a stay, if nothing at all was recorded since it was read."""
        known = self._memory.of(stay)
        return known if known is not None and known.head == self.began_behind else None

    def _own_of(self, stay: str) -> tuple[Recorded, ...]:
        return tuple([event for event in self._own if event.stay == stay])


def _stay(row: Mapping[str, Any] | None) -> Stay | None:
    return None if row is None or row["opened_at"] is None else stay_of(row)
