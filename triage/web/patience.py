"""The worker that serves: a connection that sends nothing, or dribbles, holds no thread for long.

gunicorn's threads wait five seconds for the first byte of a connection, and for ever for the rest
of a request: eight browsers that open a spare connection, or eight that send a byte a minute,
would leave nobody to answer the desk. Here a silent connection waits without a thread, and what
has not been sent whole in time is read no further.
"""

import contextlib
import socket
import time
from typing import Any

from gunicorn.workers import gthread

READ_SECONDS = 10.0  # a screening is a few kilobytes; the slowest honest line sends it in one


class PatientWorker(gthread.ThreadWorker):  # type: ignore[misc]
    """gunicorn's thread worker, with an end to the patience for each request."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._reading: dict[Any, float] = {}

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to the next free thread; its patience begins now, not there.

        Else each eight of a hundred that dribble would have their own ten seconds.
        """
        self._reading[conn] = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Handle one request, once its first byte is there."""
        try:
            if not (conn.initialized or conn.wait_for_data(0.0)):
                return gthread._DEFER
            return super().handle(conn)
        finally:
            self._reading.pop(conn, None)

    def murder_pending(self) -> None:
        """End the patience where it is over; the loop of the worker asks at least once a second."""
        super().murder_pending()
        over = time.monotonic() - READ_SECONDS
        for conn, began in tuple(self._reading.items()):
            if began < over:
                _read_no_further(conn.sock)


def _read_no_further(sock: socket.socket) -> None:
    """End the reading side only: an answer that is being made can still be sent.

    An encrypted socket must not shut itself down here, or it would answer in the clear.
    """
    with contextlib.suppress(OSError):  # the other side was faster
        socket.socket.shutdown(sock, socket.SHUT_RD)
