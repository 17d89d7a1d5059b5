"""The record: one file, one writer at a time, any number of readers."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from triage.record.access import AccessReads, AccessWrites, Operation
from triage.record.accounts import AccountReads, AccountWrites
from triage.record.anchors import Anchor, anchor_file, ends, note, note_erasures
from triage.record.claims import ClaimWrites
from triage.record.connections import Connections
from triage.record.deliveries import DeliveryReads, DeliveryWrites
from triage.record.drafts import DraftReads, DraftWrites
from triage.record.engine import Connection, EngineError, in_plain_words, plain_errors
from triage.record.erasing import Erasing
from triage.record.errors import NoStore, StoreBusy, StoreFailed
from triage.record.events import Actor
from triage.record.held import HeldReads, HeldWrites
from triage.record.migrating import migrate
from triage.record.operations import OperationReads, OperationWrites
from triage.record.outbox import Outbox
from triage.record.read_alerts import AlertReads
from triage.record.remembering import Memory, Remembering
from triage.record.rulebooks import RulebookReads, RulebookWrites
from triage.record.turns import Turns

ANCHOR_EVERY = 256
_NESTED = "This thread is writing already; one act is one transaction."
_LOG = logging.getLogger(__name__)


class Reading(
    Remembering,
    AlertReads,
    DeliveryReads,
    HeldReads,
    AccountReads,
    DraftReads,
    OperationReads,
    RulebookReads,
    AccessReads,
):
    """Plain reads. Each read stands alone; ``with record.reading() as seen:`` sees one moment."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    def __enter__(self) -> Self:
        self._connection.execute("begin")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.execute("rollback")


class Writing(
    Outbox,
    DeliveryReads,
    DeliveryWrites,
    ClaimWrites,
    HeldReads,
    HeldWrites,
    AccountReads,
    AccountWrites,
    DraftReads,
    DraftWrites,
    OperationReads,
    OperationWrites,
    RulebookReads,
    RulebookWrites,
    AccessReads,
    AccessWrites,
    Erasing,
):
    """One transaction: reads, appends and operational writes, all or none of them."""

    def __init__(self, connection: Connection, memory: Memory, *, now: datetime) -> None:
        super().__init__()
        self._connection = connection
        self._memory = memory
        self.now = now


class Record:
    """One store file, with a connection for each thread that reads and one for whoever writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turns = Turns(path.with_name(path.name + ".lock"))
        self._memory = Memory()
        self._mine = threading.local()
        self._connections = Connections(path)
        self._noted = (-1, -1)

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> "Record":
        """Open the record at ``path``; ``create`` makes or migrates it first.

        Raises NoStore, OlderSchema, NewerSchema, EngineRefused, StoreReadOnly or StoreDamaged.
        """
        path = Path(path).absolute()
        if create:
            migrate(path)
        elif not path.exists():
            raise NoStore(f"There is no record at {path}. Run `triage migrate` to make one.")
        record = cls(path)
        record._connection()
        return record

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()
        self._turns.close()

    def reading(self) -> Reading:
        """A handle for reading in this thread."""
        return Reading(self._connection(), self._memory)

    @contextmanager
    def in_line(self) -> Iterator[Reading]:
        """First of the threads of this process to write: for an act that is worked out ahead.

        The threads of a process share one interpreter. Who works beside a writer takes it from
        them at each of their statements, and all wait longer; in line each act is done in one go,
        while other processes write. It reads with the handle that it gets, and only while it is
        first. Raises StoreBusy as ``writing`` does. Nested use is refused.
        """
        if self._is_writing or self._is_first:
            raise RuntimeError(_NESTED)
        self._turns.line_up()
        self._mine.first = True
        try:
            yield Reading(self._connections.of_writers(), self._memory)
        finally:
            self._mine.first = False
            self._turns.leave()

    @contextmanager
    def writing(self, *, now: datetime) -> Iterator[Writing]:
        """One transaction, in turn with every other writer; all of it is kept, or none.

        Returning from the block means that the disk has it. Raises StoreBusy, StoreFull,
        StoreReadOnly or StoreFailed, and then nothing was recorded. Nested use is refused.
        """
        if self._is_writing:
            raise RuntimeError(_NESTED)
        first = self._is_first
        self._turns.take(first=first)
        self._mine.writing = True
        try:
            with plain_errors(self.path), self._transaction() as connection:
                writing = Writing(connection, self._memory, now=now)
                yield writing
            writing.remember()
            self._note_ends(writing)
        finally:
            self._mine.writing = False
            self._turns.give_back(first=first)

    @property
    def _is_writing(self) -> bool:
        return getattr(self._mine, "writing", False)

    @property
    def _is_first(self) -> bool:
        return getattr(self._mine, "first", False)

    def anchor(self, now: datetime) -> Anchor:
        """Note how the chains end, outside the file, unless that was noted already.

        For each tick, and for whatever is printed. Raises OSError when it cannot be noted.
        """
        connection = self._connection()
        with plain_errors(self.path):
            found = ends(connection, now)
            note_erasures(connection, self.path)
        noted = (found.seq, found.access_seq)
        if noted != self._noted:
            note(anchor_file(self.path), found.line)
            self._noted = noted
        return found

    def _note_ends(self, writing: Writing) -> None:
        """The act is on the disk already, so a log that cannot be written must not undo it."""
        if not (writing.erased_any or writing.head_moved_past(ANCHOR_EVERY)):
            return
        try:
            self.anchor(writing.now)
        except OSError:
            _LOG.error("anchors.log cannot be written")

    def log_access(
        self,
        actor: Actor,
        what: str,
        stay: str | None,
        purpose: str | None,
        now: datetime,
        *,
        operation: Operation = Operation.CONSULTATION,
        recipients: Sequence[str] = (),
    ) -> int:
        """Log one look or one disclosure as an act of its own; returns its number."""
        with self.writing(now=now) as writing:
            return writing.log_access(
                actor, what, stay, purpose, operation=operation, recipients=recipients
            )

    def scrub(self) -> None:
        """Take what was erased out of the file to the last byte: vacuum, and empty the WAL.

        Slow on a large record, and alone: to be run after erasures, not beside a busy desk.
        """
        self._turns.take()
        try:
            with plain_errors(self.path):
                connection = self._connection()
                connection.execute("vacuum")
                busy = connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
            if busy:
                raise StoreBusy("Somebody is reading: the last bytes go with the next scrub.")
        finally:
            self._turns.give_back()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        connection = self._connection()
        _begin(connection)
        try:
            yield connection
            _commit(connection)
        except BaseException as error:
            self._roll_back(connection)
            if isinstance(error, EngineError) and isinstance(
                in_plain_words(error, self.path), StoreFailed
            ):
                self._connections.forget(connection)
            raise

    def _roll_back(self, connection: Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("rollback")
        except EngineError:
            self._connections.forget(connection)

    def _connection(self) -> Connection:
        """This thread's connection: the writers' as long as it is the one that writes."""
        if self._is_writing:
            return self._connections.of_writers()
        return self._connections.of_this_thread()


def _begin(connection: Connection) -> None:
    connection.execute("begin immediate")


def _commit(connection: Connection) -> None:
    """Returning from here means that the disk has it."""
    connection.execute("commit")
