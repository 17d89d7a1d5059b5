"""Walking the chains: whether anything was edited, deleted, put in, cut off or hashed anew.

The walk is also our detector of damaged disks: of random flipped bits, SQLite's own integrity
check noticed one in twenty, the chain nine in ten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from triage.record.anchors import AnchorLog, read_anchors, store_id
from triage.record.chain import GENESIS
from triage.record.engine import (
    Connection,
    DatabaseError,
    OperationalError,
    connect,
    is_undecodable,
    plain_errors,
    read_undecodable,
)
from triage.record.errors import NoStore
from triage.record.events import EventKind, Recorded, stamp
from triage.record.read_events import EventReads
from triage.record.schema import check_schema, packings_changed, triggers_missing
from triage.record.walking import Flaw, Walk, walk_accesses, walk_events

_EVERY = 1_000_000  # more acts of administrators than any record will hold
Recompute = Callable[[Recorded], str | None]


@dataclass(frozen=True)
class Difference:
    """One event whose outcome comes out differently today, and why, in words."""

    seq: int
    words: str


@dataclass(frozen=True)
class Verification:
    """What the walk found. ``since`` is the event after which it began."""

    since: int
    head: int
    head_hash: str
    access_head: int
    access_head_hash: str
    events: int
    accesses: int
    anchors: int
    erased_parts: int
    flaws: tuple[Flaw, ...]
    recomputed: int = 0
    differences: tuple[Difference, ...] = ()
    access_acts: int = 0  # since the record began: who was let in, shut out, given a token
    last_access_act: Recorded | None = None

    @property
    def ok(self) -> bool:
        """Whether the record is whole; differences in recomputing are no flaw of the record."""
        return not self.flaws


def verify(
    path: Path,
    *,
    full: bool = False,
    recompute: Recompute | None = None,
    remember_at: datetime | None = None,
    anchors: AnchorLog | None = None,
) -> Verification:
    """Walk the record since the last verification that was remembered, or all of it.

    ``remember_at`` remembers a clean walk. ``anchors`` stands in for the log beside the record.
    ``recompute`` is asked about each event and answers with a difference in words, or None.
    Raises NoStore, OlderSchema or NewerSchema; a damaged file is a flaw, not an error.
    """
    path = Path(path).absolute()
    if not path.exists():
        raise NoStore(f"There is no record at {path}.")
    connection = connect(path)
    try:
        with plain_errors(path):
            check_schema(connection)
        connection.execute("begin")
        try:
            found = _verified(connection, path, full, recompute, anchors)
        except OperationalError as error:
            if not is_undecodable(error):
                raise
            read_undecodable(connection)  # slower, but it says where
            found = _verified(connection, path, full, recompute, anchors)
        connection.execute("rollback")
        if found.ok and remember_at is not None:
            _remember(connection, found, remember_at)
        return found
    finally:
        connection.close()


def _verified(
    connection: Connection,
    path: Path,
    full: bool,
    recompute: Recompute | None,
    anchors: AnchorLog | None,
) -> Verification:
    flaws: list[Flaw] = []
    since, start = (0, GENESIS), (0, GENESIS)
    if not full:
        since, start = _remembered(connection, flaws)
    try:
        missing = triggers_missing(connection)
        flaws += [Flaw("triggers", None, f"The trigger {name} is gone.") for name in missing]
        changed = packings_changed(connection)
        flaws += [Flaw("packings", None, f"The words of packing {n} changed.") for n in changed]
        walk = walk_events(connection, *since)
        looks = walk_accesses(connection, *start)
        flaws += [*walk.flaws, *looks.flaws]
        log = anchors or read_anchors(path, store_id(connection))
        flaws += _against(connection, log, walk, looks, since[0], start[0])
        if full:
            flaws += _integrity(connection)
        differences = tuple(_differences(connection, since[0], recompute))
        acts, last_act = (0, None) if flaws else _access_acts(connection)
    except DatabaseError as error:
        if is_undecodable(error):
            raise
        flaws.append(Flaw("file", None, f"The file is damaged: {error}."))
        return Verification(since[0], 0, "", 0, "", 0, 0, 0, 0, tuple(flaws))
    return Verification(
        since[0], walk.head, walk.head_hash.hex(), looks.head, looks.head_hash.hex(),
        walk.rows, looks.rows, len(log.anchors), walk.erased, tuple(flaws),
        walk.rows if recompute else 0, differences, acts, last_act,
    )  # fmt: skip


def _remembered(
    connection: Connection, flaws: list[Flaw]
) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
    """Where the last clean walk ended; if that event is another now, the walk begins anew."""
    row = connection.execute("select * from verified").fetchone()
    nowhere = (0, GENESIS)
    if row is None:
        return nowhere, nowhere
    event = connection.execute(
        "select hash from events where seq = :seq", {"seq": row["seq"]}
    ).fetchone()
    look = connection.execute(
        "select hash from access_log where seq = :seq", {"seq": row["access_seq"]}
    ).fetchone()
    if (event and event["hash"]) != (row["hash"] if row["seq"] else None):
        words = f"Event {row['seq']} is not the one that was verified last."
        flaws.append(Flaw("events", row["seq"], words))
        return nowhere, nowhere
    if (look and look["hash"]) != (row["access_hash"] if row["access_seq"] else None):
        words = f"Look {row['access_seq']} is not the one that was verified last."
        flaws.append(Flaw("access_log", row["access_seq"], words))
        return nowhere, nowhere
    return (row["seq"], row["hash"]), (row["access_seq"], row["access_hash"])


def _remember(connection: Connection, found: Verification, at: datetime) -> None:
    connection.execute(
        "insert into verified (one, seq, hash, access_seq, access_hash, at)"
        " values (1, :seq, :hash, :access_seq, :access_hash, :at)"
        " on conflict (one) do update set seq = excluded.seq, hash = excluded.hash,"
        " access_seq = excluded.access_seq, access_hash = excluded.access_hash, at = excluded.at",
        {
            "seq": found.head,
            "hash": bytes.fromhex(found.head_hash),
            "access_seq": found.access_head,
            "access_hash": bytes.fromhex(found.access_head_hash),
            "at": stamp(at),
        },
    )


def _against(
    connection: Connection, log: AnchorLog, walk: Walk, looks: Walk, since: int, start: int
) -> Iterator[Flaw]:
    """The chains against the anchors that were noted outside the file."""
    for number in log.unreadable:
        yield Flaw("anchors", None, f"Line {number} of anchors.log cannot be read.")
    for anchor in log.anchors:
        noted = f"at the anchor of {stamp(anchor.at)}"
        if anchor.seq > walk.head:
            words = f"The tail was cut: event {anchor.seq} stood {noted}, the last is {walk.head}."
            yield Flaw("events", walk.head, words)
        elif anchor.seq > since and _event_hash(connection, anchor.seq) != anchor.hash:
            words = (
                f"Event {anchor.seq} is not the one that stood {noted}: the chain was hashed anew."
            )
            yield Flaw("events", anchor.seq, words)
        if anchor.access_seq > looks.head:
            words = f"The tail was cut: look {anchor.access_seq} stood {noted}."
            yield Flaw("access_log", looks.head, words)
        elif (
            anchor.access_seq > start
            and _look_hash(connection, anchor.access_seq) != anchor.access_hash
        ):
            words = f"Look {anchor.access_seq} is not the one that stood {noted}: hashed anew."
            yield Flaw("access_log", anchor.access_seq, words)


def _event_hash(connection: Connection, seq: int) -> str | None:
    row = connection.execute("select hash from events where seq = :seq", {"seq": seq}).fetchone()
    return None if row is None else row["hash"].hex()


def _look_hash(connection: Connection, seq: int) -> str | None:
    row = connection.execute(
        "select hash from access_log where seq = :seq", {"seq": seq}
    ).fetchone()
    return None if row is None else row["hash"].hex()


def _integrity(connection: Connection) -> Iterator[Flaw]:
    for row in connection.execute("pragma integrity_check"):
        if row[0] != "ok":
            yield Flaw("file", None, f"SQLite says: {row[0]}.")
    for row in connection.execute("pragma foreign_key_check"):
        yield Flaw("file", None, f"A row of {row[0]} points at nothing.")


class _Events(EventReads):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection


def _access_acts(connection: Connection) -> tuple[int, Recorded | None]:
    """How often who may come in was changed, and the last time; of a record that is whole."""
    found = _Events(connection).rare_events(EventKind.ACCESS_GRANTED, _EVERY)
    return len(found), found[0] if found else None


def _differences(
    connection: Connection, since: int, recompute: Recompute | None
) -> Iterator[Difference]:
    if recompute is None:
        return
    for event in _Events(connection).all_events(since):
        words = recompute(event)
        if words is not None:
            yield Difference(event.seq, words)
