"""The stays that were read last, so that an act reads of a stay only what is new.

Several processes write to one record, so what is remembered is never believed: each read asks the
record for the last event of the stay and its hash, and for the last erasure. The hash covers
everything before it, so the same hash means the same history. What an open transaction has
appended itself is remembered only once it is on the disk.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from triage.record.engine import Connection
from triage.record.events import Recorded
from triage.record.read_events import NO_END, EventReads
from triage.record.rows import Stay

_MOST = 1000  # stays; a force holds fewer people at once


@dataclass(frozen=True)
class Known:
    """The history of one stay, and after which erasure it was read."""

    events: tuple[Recorded, ...]
    erased: int

    @property
    def last(self) -> tuple[int, str]:
        """The number and hash of its last event."""
        return (self.events[-1].seq, self.events[-1].hash) if self.events else (0, "")


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


class Remembering(EventReads):
    """Reading the events of a stay through the memory of the process."""

    _connection: Connection
    _memory: Memory

    def stay_events(self, stay: str) -> tuple[Recorded, ...]:
        """Everything recorded about one stay, in the order in which it was recorded."""
        known = self._known_now(stay)
        self._memory.keep(stay, known)
        return known.events

    def _known_now(self, stay: str, before: int = NO_END) -> Known:
        """The history of a stay as the record has it now, before one event of the record."""
        last, digest, erased = self._end_of(stay, before)
        known = self._memory.of(stay)
        if known is None or known.erased != erased or known.last[0] > last:
            return Known(self.stay_events_from(stay, 0, before), erased)
        if known.last == (last, digest):
            return known
        found = self.stay_events_from(stay, known.last[0], before)
        if known.events and (not found or (found[0].seq, found[0].hash) != known.last):
            return Known(self.stay_events_from(stay, 0, before), erased)
        return Known(known.events + found[1 if known.events else 0 :], erased)

    def _end_of(self, stay: str, before: int) -> tuple[int, str, int]:
        """The number and hash of the last event of a stay, and of the last erasure anywhere."""
        row = self._connection.execute(
            "select seq, hash from events where stay = :stay and seq < :before"
            " order by seq desc limit 1",
            {"stay": stay, "before": before},
        ).fetchone()
        erased = self._connection.execute(
            "select seq from events where kind = 'erased' and kind in ('handover_signed',"
            " 'rulebook_adopted', 'clock_stepped', 'imported', 'erased', 'hold_placed',"
            " 'hold_lifted', 'access_granted') order by seq desc limit 1"
        ).fetchone()
        last, digest = (0, "") if row is None else (row[0], row[1].hex())
        return last, digest, 0 if erased is None else erased[0]


class Remembered(Remembering):
    """What one transaction reads and appends; it becomes memory when the disk has it."""

    def __init__(self) -> None:
        self._before: dict[str, Known] = {}  # the stays read here, as they were before it
        self._own: list[Recorded] = []
        self._stays: dict[str, tuple[int, Stay | None]] = {}  # each with what was appended by then
        self.erased_any = False

    def stay(self, stay: str) -> Stay | None:
        """One stay as its events leave it, read again only after something was appended."""
        appended, known = self._stays.get(stay, (-1, None))
        if appended != len(self._own):
            known = super().stay(stay)
            self._stays[stay] = len(self._own), known
        return known

    def stay_events(self, stay: str) -> tuple[Recorded, ...]:
        """Everything recorded about one stay, with what this transaction has appended."""
        if self.erased_any:
            return self.stay_events_from(stay, 0)
        if stay not in self._before:
            self._before[stay] = self._known_now(stay, self._own[0].seq if self._own else NO_END)
        return self._before[stay].events + self._own_of(stay)

    def remember(self) -> None:
        """Keep in memory what this transaction knows; only after it was committed."""
        if self.erased_any:
            self._memory.forget()
            return
        for stay, known in self._before.items():
            now = known.events + self._own_of(stay)
            self._memory.keep(stay, Known(now, known.erased))

    def _own_of(self, stay: str) -> tuple[Recorded, ...]:
        return tuple([event for event in self._own if event.stay == stay])
