"""Making the projections anew from the events, and saying whether they had been right.

The events are folded through the same door as when they were recorded, and nothing is computed
again; the rows of stays and people come from the plain sorted fold instead of step by step.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from triage.record.engine import (
    Connection,
    connect,
    plain_errors,
    read_strictly,
    read_undecodable,
)
from triage.record.errors import NoStore
from triage.record.folding import fold_rows, refold_person, refold_stay
from triage.record.packing import unpack_words
from triage.record.read_events import EventReads
from triage.record.schema import check_schema
from triage.record.turns import Turns

# Each projection: what it holds in a fixed order, and how it is emptied.
TABLES = MappingProxyType(
    {
        "people": ("select * from people order by id", "delete from people"),
        "links": ("select * from links order by person, other", "delete from links"),
        "stays": ("select * from stays order by id", "delete from stays"),
        "screenings": ("select * from screenings order by seq", "delete from screenings"),
        "screening_codes": (
            "select * from screening_codes order by seq",
            "delete from screening_codes",
        ),
        "detention_events": (
            "select * from detention_events order by seq",
            "delete from detention_events",
        ),
        "decisions": ("select * from decisions order by seq", "delete from decisions"),
        "consents": ("select * from consents order by seq", "delete from consents"),
        "visits": ("select * from visits order by seq", "delete from visits"),
        "releases": ("select * from releases order by seq", "delete from releases"),
        "holds": ("select * from holds order by seq", "delete from holds"),
        # What is only planned is no projection: the next pass derives it.
        "alerts": (
            "select * from alerts where state <> 'planned' order by key",
            "delete from alerts where state <> 'planned'",
        ),
    }
)
_SHOWN = 20


@dataclass(frozen=True)
class TableRebuilt:
    """One projection: its rows now, and the first keys whose rows had been different."""

    table: str
    rows: int
    different: tuple[str, ...]


@dataclass(frozen=True)
class Rebuilt:
    """Every projection made anew."""

    events: int
    tables: tuple[TableRebuilt, ...]
    kept: bool

    @property
    def same(self) -> bool:
        """Whether every row had been right."""
        return not any(table.different for table in self.tables)


def rebuild(path: Path, *, keep: bool = True) -> Rebuilt:
    """Make every projection anew; ``keep=False`` only compares and puts everything back.

    Alone among the writers while it runs. Raises NoStore, OlderSchema, NewerSchema, StoreBusy.
    """
    path = Path(path).absolute()
    if not path.exists():
        raise NoStore(f"There is no record at {path}.")
    turns = Turns(path.with_name(path.name + ".lock"))
    turns.take()
    try:
        connection = connect(path)
        try:
            with plain_errors(path):
                check_schema(connection)
                return _rebuilt(connection, keep)
        finally:
            connection.close()
    finally:
        turns.give_back()
        turns.close()


def _rebuilt(connection: Connection, keep: bool) -> Rebuilt:
    connection.execute("begin immediate")
    read_undecodable(connection)
    before = _rows(connection)
    read_strictly(connection)
    for _, emptied in TABLES.values():
        connection.execute(emptied)
    events = _fold_all(connection)
    after = _rows(connection)
    connection.execute("commit" if keep else "rollback")
    tables = tuple(_compared(name, before[name], after[name]) for name in TABLES)
    return Rebuilt(events, tables, keep)


def _fold_all(connection: Connection) -> int:
    count, stays, people = 0, set(), set()
    for event in _Events(connection).all_events():
        fold_rows(connection, event)
        count += 1
        stays.add(event.stay)
        people.add(event.person)
    for stay in sorted(stay for stay in stays if stay is not None):
        refold_stay(connection, stay)
    for person in sorted(person for person in people if person is not None):
        refold_person(connection, person)
    return count


class _Events(EventReads):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection


def _rows(connection: Connection) -> dict[str, dict[str, bytes]]:
    """A digest of each row by the row's key, so that a large record fits into memory."""
    return {
        name: {_key(name, row): _digest(name, row) for row in connection.execute(listed)}
        for name, (listed, _) in TABLES.items()
    }


def _key(name: str, row: tuple[object, ...]) -> str:
    return f"{row[0]}:{row[1]}" if name == "links" else str(row[0])


def _digest(name: str, row: tuple[object, ...]) -> bytes:
    """Of what a row says: another release of the packer may pack the same words otherwise."""
    if name == "alerts":
        row = tuple(unpack_words(each) if isinstance(each, bytes) else each for each in row)
    return hashlib.sha256(repr(tuple(row)).encode()).digest()[:16]


def _compared(name: str, before: dict[str, bytes], after: dict[str, bytes]) -> TableRebuilt:
    keys = before.keys() | after.keys()
    different = sorted(key for key in keys if before.get(key) != after.get(key))
    return TableRebuilt(name, len(after), tuple(different[:_SHOWN]))
