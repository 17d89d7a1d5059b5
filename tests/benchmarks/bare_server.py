"""What a durable POST costs at least: a bare WSGI application and a bare commit of four rows.

Served by the same server with the same threads, its writers taking turns like ours; no check, no
rule, no chain, nobody signed in. ``python -m tests.benchmarks.bare_server FILE PORT`` serves it.
"""

import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.benchmarks.test_record_speed import bare_file, bare_save
from triage.record.engine import Connection, connect
from triage.web.serving import Listen, serve

ANSWER = b'{"saved":true}'


class Bare:
    """One application with one lock; each thread has a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.turn = threading.Lock()
        self.mine = threading.local()
        bare_file(path).close()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.save(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start_response(
            "201 CREATED",
            [("Content-Type", "application/json"), ("Content-Length", str(len(ANSWER)))],
        )
        return [ANSWER]

    def save(self, body: bytes) -> None:
        """Keep one body, in turn with the other threads."""
        with self.turn:
            bare_save(self._connection(), 0, body.decode())

    def _connection(self) -> Connection:
        if not hasattr(self.mine, "connection"):
            self.mine.connection = connect(self.path)
        found: Connection = self.mine.connection
        return found


if __name__ == "__main__":
    made = Path(sys.argv[1])
    serve(lambda: Bare(made), Listen(port=int(sys.argv[2])))  # type: ignore[arg-type, return-value]
