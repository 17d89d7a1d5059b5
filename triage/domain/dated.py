"""Law and practice as dated data: a row, the day from which it holds, and who last checked it.

A row without a date is law that was passed but is not in force: it is off and it warns. Which
event's day picks the row is part of the row (``picked_by``), because Acts differ: the 24 hours of
2017 go by the start of the removal (SI 2017/1017 reg 4), not by the arrival.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a row rests on; only LAW and PACE are limits set by Parliament."""

    LAW = "law"
    PACE = "pace"
    GUIDANCE = "guidance"
    PRACTICE = "practice"


class Confidence(StrEnum):
    """How sure we are of a row's text; only READ is called law on screen."""

    READ = "read"
    INFERRED = "inferred"
    UNVERIFIED = "unverified"


_UNITS = {"minutes": 60, "hours": 3600, "seconds": 1}


@dataclass(frozen=True)
class Row:
    """One rule of law or practice, its value, its dates and its source."""

    id: str
    quantity: str
    value: int | float | str | bool | None
    unit: str
    kind: Kind
    in_force_from: date | None
    in_force_to: date | None  # the first day on which it no longer holds
    picked_by: str
    who: str
    starts: str
    stops: str
    source: str
    confidence: Confidence
    checked_on: date
    owner: str = ""
    file: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on a London day."""
        if self.in_force_from is None or day < self.in_force_from:
            return False
        return self.in_force_to is None or day < self.in_force_to

    def length(self) -> timedelta:
        """The row's value as a length of time."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise TypeError(f"{self.id} is not a length of time")
        return timedelta(seconds=self.value * _UNITS[self.unit])


@dataclass(frozen=True)
class Law:
    """All rows by id, as one rulebook carries them."""

    rows: Mapping[str, Row] = field(default_factory=dict)

    def row(self, row_id: str) -> Row:
        """The row with this id, whether it is in force or not."""
        return self.rows[row_id]

    def holds(self, row_id: str, day: date) -> bool:
        """Whether this row exists and is in force on a London day."""
        return row_id in self.rows and self.rows[row_id].holds_on(day)

    def pending(self) -> tuple[Row, ...]:
        """Rows passed but without a date: off, and shown as a change to expect."""
        return tuple(row for row in self.rows.values() if row.in_force_from is None)

    def assume(self, dates: Iterable[tuple[str, date]]) -> "Law":
        """The same law with some rows as if in force from a day, for rehearsal."""
        changed = dict(self.rows)
        for row_id, day in dates:
            changed[row_id] = replace(changed[row_id], in_force_from=day)
        return Law(changed)
