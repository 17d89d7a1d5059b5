"""The one door to SQLite: which engine, set up how, and its errors in plain words.

SQLite 3.7.0 to 3.51.2 can skip a committed transaction when two connections meet a checkpoint
at the wrong moment (sqlite.org, "WAL-reset bug"); it was fixed in 3.51.3, with backports
3.44.6 and 3.50.7, and 3.52.0 was withdrawn. Python's own module is usually inside that range,
so the engine of the ``pysqlite3`` wheel is used, and every connection is checked at the gate.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from triage.record.errors import (
    EngineRefused,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreFull,
    StoreReadOnly,
)

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:  # no wheel for this machine: the gate judges Python's own engine
        import sqlite3

Row = sqlite3.Row
EngineError = sqlite3.Error
IntegrityError = sqlite3.IntegrityError
OperationalError = sqlite3.OperationalError
DatabaseError = sqlite3.DatabaseError

BUSY_MILLISECONDS = 5000
PRAGMAS = (
    f"pragma busy_timeout = {BUSY_MILLISECONDS}",
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma recursive_triggers = on",  # a REPLACE must meet the append-only triggers too
    "pragma secure_delete = on",  # what is erased is overwritten, not only unlinked
    "pragma journal_size_limit = 67108864",
    "pragma cache_size = -16384",
)


class Connection(sqlite3.Connection):
    """A connection that can be referred to weakly, so that the store can close them all."""


@dataclass(frozen=True)
class EngineFacts:
    """What one connection says about its engine and its settings."""

    version: tuple[int, int, int]
    journal_mode: str
    synchronous: int
    foreign_keys: int
    busy_timeout: int
    secure_delete: int
    recursive_triggers: int


def engine_version() -> tuple[int, int, int]:
    """The version of the SQLite library that this process uses."""
    major, minor, patch = sqlite3.sqlite_version_info
    return major, minor, patch


def version_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this release of SQLite is outside the WAL-reset range and not withdrawn."""
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    return version >= (3, 51, 3) and version != (3, 52, 0)


def gate(facts: EngineFacts) -> None:
    """Let a safe connection pass; raises EngineRefused that names everything wrong."""
    wrong = []
    if not version_is_safe(facts.version):
        wrong.append(
            f"SQLite {'.'.join(map(str, facts.version))} can lose a saved record; "
            "3.51.3 or later is needed (install pysqlite3 0.6.1 or later)"
        )
    if facts.journal_mode != "wal":
        wrong.append(f"journal_mode is {facts.journal_mode}, not wal")
    if facts.synchronous != 2:
        wrong.append(f"synchronous is {facts.synchronous}, not 2 (full)")
    if facts.foreign_keys != 1:
        wrong.append("foreign_keys is off")
    if facts.busy_timeout < BUSY_MILLISECONDS:
        wrong.append(f"busy_timeout is {facts.busy_timeout} ms, below {BUSY_MILLISECONDS}")
    if facts.secure_delete != 1:
        wrong.append("secure_delete is off")
    if facts.recursive_triggers != 1:
        wrong.append("recursive_triggers is off")
    if wrong:
        raise EngineRefused("The record is not opened: " + "; ".join(wrong) + ".")


def facts_of(connection: Connection) -> EngineFacts:
    """Read what one connection says about itself."""
    return EngineFacts(
        engine_version(),
        connection.execute("pragma journal_mode").fetchone()[0],
        connection.execute("pragma synchronous").fetchone()[0],
        connection.execute("pragma foreign_keys").fetchone()[0],
        connection.execute("pragma busy_timeout").fetchone()[0],
        connection.execute("pragma secure_delete").fetchone()[0],
        connection.execute("pragma recursive_triggers").fetchone()[0],
    )


def connect(path: Path) -> Connection:
    """Open the file, set it up, and pass it through the gate; closes it when refused.

    Transactions are begun by hand. The connection is used by one thread at a time; the check
    for that is off only so that the store can close the connections of all its threads.
    """
    with plain_errors(path):
        connection = sqlite3.connect(
            str(path),
            timeout=BUSY_MILLISECONDS / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            factory=Connection,
        )
        try:
            connection.row_factory = Row
            for pragma in PRAGMAS:
                connection.execute(pragma)
            gate(facts_of(connection))
        except BaseException:
            connection.close()
            raise
    return connection


_SENTENCES: dict[str, tuple[type[StoreError], str]] = {
    "SQLITE_BUSY": (StoreBusy, "The record is in use by another process. Try again."),
    "SQLITE_LOCKED": (StoreBusy, "The record is in use by another process. Try again."),
    "SQLITE_FULL": (StoreFull, "The disk is full: nothing was recorded. Use the paper form."),
    "SQLITE_READONLY": (StoreReadOnly, "The record cannot be written: {path} is read-only."),
    "SQLITE_CANTOPEN": (StoreReadOnly, "The record cannot be opened: check {path} and its folder."),
    "SQLITE_PERM": (StoreReadOnly, "The record cannot be opened: no permission for {path}."),
    "SQLITE_CORRUPT": (StoreDamaged, "The record is damaged: {path}. Restore the last backup."),
    "SQLITE_NOTADB": (StoreDamaged, "{path} is not a record of this service."),
    "SQLITE_IOERR": (
        StoreFailed,
        "The disk answered with an error, or is full: nothing was recorded. Use the paper form.",
    ),
}


def is_undecodable(error: EngineError) -> bool:
    """Whether text in the file is no text any more, as after a flipped bit."""
    return "Could not decode to UTF-8" in str(error)


def read_undecodable(connection: Connection) -> None:
    """Let damaged text through this connection, so that a walk can say where it stands."""
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")


def read_strictly(connection: Connection) -> None:
    """Refuse damaged text again, as every connection does from the start."""
    connection.text_factory = str


def in_plain_words(error: EngineError, path: Path) -> StoreError | None:
    """The sentence for an engine error that a person can act on, or None for a fault of ours."""
    name = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    if is_undecodable(error):
        name = "SQLITE_CORRUPT"
    if name not in _SENTENCES:
        return None
    kind, sentence = _SENTENCES[name]
    return kind(sentence.format(path=path))


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn engine errors inside the block into StoreErrors that a person can act on."""
    try:
        yield
    except EngineError as error:
        plain = in_plain_words(error, path)
        if plain is None:
            raise
        raise plain from error


def copy_online(connection: Connection, to: Path) -> None:
    """Copy a database into a new file while others use it; the copy is one moment of it."""
    target = sqlite3.connect(str(to), isolation_level=None)
    try:
        connection.backup(target, pages=2048, sleep=0.01)
    finally:
        target.close()
