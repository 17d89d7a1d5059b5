"""The connections to one store file: one for each thread that reads, one for whoever writes.

What SQLite has read of the file holds until another connection writes to it. The writers' goes
from thread to thread with the turn, so that whoever writes next finds the pages as the last one
left them.
"""

import os
import threading
import weakref
from pathlib import Path

from triage.record.engine import Connection, EngineError, connect, plain_errors
from triage.record.errors import StoreError
from triage.record.schema import check_schema


class Connections:
    """Opened when first asked for, checked as they are opened; a forked child opens its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = threading.local()
        self._writing = _Held()
        self._all: weakref.WeakSet[Connection] = weakref.WeakSet()

    def of_this_thread(self) -> Connection:
        """For reading. Raises what opening a record raises."""
        if not hasattr(self._reading, "held"):
            self._reading.held = _Held()
        return self._opened(self._reading.held)

    def of_writers(self) -> Connection:
        """For whoever has the turn, or is next; nobody else may use it. Raises as opening does."""
        return self._opened(self._writing)

    def forget(self, connection: Connection) -> None:
        """After a disk error a writer's is suspect: the next use opens and checks anew."""
        self._writing = _Held()
        self._all.discard(connection)
        connection.close()

    def close(self) -> None:
        """Close those of all threads."""
        for connection in tuple(self._all):
            connection.close()
        self._all.clear()
        self._reading, self._writing = threading.local(), _Held()

    def _opened(self, held: "_Held") -> Connection:
        if held.connection is not None and held.process == os.getpid():
            return held.connection
        connection = connect(self._path)
        try:
            with plain_errors(self._path):
                check_schema(connection)
        except (StoreError, EngineError):
            connection.close()
            raise
        held.connection, held.process = connection, os.getpid()
        self._all.add(connection)
        return connection


class _Held:
    """A connection, and the process that opened it."""

    connection: Connection | None = None
    process = 0
