"""Writers take turns: a queue inside the process, and one across processes.

SQLite's own busy timeout polls with growing pauses, so the one that waits longest loses most
often: four writers at full speed measured a longest wait of two seconds. A lock that queues in
the kernel brings that to milliseconds. SQLite's own lock stays underneath as the safety net.
"""

import importlib
import os
import threading
from pathlib import Path
from typing import Any

from triage.record.errors import StoreBusy, StoreReadOnly

try:
    fcntl: Any = importlib.import_module("fcntl")
except ImportError:  # not POSIX: one process only, with SQLite's own lock underneath
    fcntl = None

WAIT_SECONDS = 10.0
_BUSY = "Another process holds the record. Nothing was written; try again."


class Turns:
    """The queue of everybody who wants to write to one record."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._threads = threading.Lock()
        self._descriptor: int | None = None
        self._opened_by = 0
        self._waiter: _Waiter | None = None

    def line_up(self, *, seconds: float | None = None) -> None:
        """Wait to be first of this process; raises StoreBusy after ``seconds``, holding nothing."""
        if not self._threads.acquire(timeout=WAIT_SECONDS if seconds is None else seconds):
            raise StoreBusy(_BUSY)

    def leave(self) -> None:
        """Let the next of this process be first."""
        self._threads.release()

    def take(self, *, seconds: float | None = None, first: bool = False) -> None:
        """Wait for the turn; raises StoreBusy after ``seconds``, holding nothing.

        Who is ``first`` of this process already waits for other processes only.
        """
        if not first:
            self.line_up(seconds=seconds)
        try:
            self._take_from_processes(WAIT_SECONDS if seconds is None else seconds)
        except BaseException:
            if not first:
                self.leave()
            raise

    def give_back(self, *, first: bool = False) -> None:
        """End the turn, so that the next in the queue can write; who was ``first`` stays so."""
        try:
            if fcntl is not None and self._descriptor is not None:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        finally:
            if not first:
                self.leave()

    def close(self) -> None:
        """Let go of the lock file."""
        if self._descriptor is not None and self._waiter is None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take_from_processes(self, seconds: float) -> None:
        if fcntl is None:
            return
        descriptor = self._open()
        if self._waiter is None or not self._waiter.adopt():
            self._waiter = None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                self._waiter = _Waiter(descriptor)
        if not self._waiter.wait(seconds):
            raise StoreBusy(_BUSY)
        self._waiter = None

    def _open(self) -> int:
        """The lock file's descriptor; a forked child needs its own, or it shares the lock."""
        if self._descriptor is None or self._opened_by != os.getpid():
            self._waiter = None
            try:
                self._descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o640)
            except OSError as error:
                raise StoreReadOnly(
                    f"The record cannot be written: {self._lock_file} cannot be opened."
                ) from error
            self._opened_by = os.getpid()
        return self._descriptor


class _Waiter(threading.Thread):
    """One place in the kernel's queue, waited for in a thread because flock knows no timeout.

    A writer that gives up leaves its place to the next writer of this process, so that threads
    do not pile up; a turn that comes when nobody wants it any more is given back at once.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__(name="turn", daemon=True)
        self._descriptor = descriptor
        self._state = threading.Condition()
        self._wanted = True
        self._granted = False
        self._over = False
        self.start()

    def run(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._state:
            if self._wanted:
                self._granted = True
            else:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
                self._over = True
            self._state.notify_all()

    def adopt(self) -> bool:
        """Take over the place of a writer that gave up; False when the turn has gone by."""
        with self._state:
            self._wanted = not self._over
            return self._wanted

    def wait(self, seconds: float) -> bool:
        """Wait for the turn; False, and the place is given up, when it did not come."""
        with self._state:
            self._wanted = self._state.wait_for(lambda: self._granted, timeout=seconds)
            return self._granted
