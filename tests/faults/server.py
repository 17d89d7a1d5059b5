"""A real ``triage serve`` in processes of its own, with terminals that may speak to it."""

import http.client
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.record.people import NIGHT
from triage import clock
from triage.record import Account, Record, Session, Token
from triage.web.doors import new_secret, secret_hash

ROOT = Path(__file__).resolve().parents[2]
PLAIN = "triage.cli"
WAIT = 60.0  # seconds for a start on a busy machine; never a promise that is measured
_given: set[int] = set()


@dataclass(frozen=True)
class Desk:
    """A terminal with its token, and the session of whoever signed in there."""

    name: str
    role: str
    token: str
    session: str

    def headers(self, key: str | None = None) -> dict[str, str]:
        sent = {
            "Authorization": f"Bearer {self.token}",
            "Acting-Session": self.session,
            "Content-Type": "application/json",
        }
        return sent if key is None else {**sent, "Idempotency-Key": key}


def settings_in(instance: Path) -> dict[str, str]:
    """The environment of an instance in which unsigned rules may speak, as in training."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    return clean | {
        "PYTHONPATH": str(ROOT),
        "TRIAGE_INSTANCE": str(instance),
        "TRIAGE_TRAINING": "true",
        "TRIAGE_DRAFT_RULES": "true",
        "TRIAGE_PASS_EVERY_SECONDS": "1",
    }


def desks_in(record: Record, *roles: str) -> list[Desk]:
    """A signed-in terminal for each role, written into the record as signing in would."""
    now = clock.now()
    made = []
    for number, role in enumerate(roles, start=1):
        name, token, session = f"{role.replace('_', '.')}.{number}", new_secret(), new_secret()
        with record.writing(now=now) as writing:
            writing.add_account(Account(name, name, role, (), None, active=True, made_at=NIGHT))
            writing.add_token(Token(secret_hash(token), f"desk-{number}", (), now))
            writing.begin_session(
                Session(
                    secret_hash(session), name, new_secret(), f"desk-{number}", now, now,
                    now + timedelta(hours=12),
                )
            )  # fmt: skip
        made.append(Desk(name, role, token, session))
    return made


def free_port() -> int:
    """A port that nobody gets by chance while the server that is to have it is down.

    The kernel lends those above 32767 to everybody who calls out. Each process of a test run has a
    thousand of the others to itself, and gives none of them twice.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = 10_000 + 1_000 * (worker % 20) + secrets.randbelow(1_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


@dataclass
class Server:
    """One ``triage serve`` on a port of its own, killed and started again at will."""

    instance: Path
    module: str = PLAIN
    passes: int = 1  # seconds between two passes of the timers
    port: int = field(default_factory=free_port)
    more: Mapping[str, str] = field(default_factory=dict)  # settings besides the usual ones
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.instance / f"server-{self.port}.log"

    @property
    def process(self) -> int:
        """The number of its first process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.begin()
        self.wait()

    def begin(self) -> None:
        """Start it and do not wait."""
        environment = settings_in(self.instance) | {"TRIAGE_PASS_EVERY_SECONDS": str(self.passes)}
        environment |= self.more
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.module, "serve", "--port", str(self.port)],
                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it answers; fails with what it said when it ended instead."""
        until = clock.running() + WAIT
        while clock.running() < until:
            assert self._process is None or self._process.poll() is None, self.log.read_text()
            try:
                if self.get("/api/v1/health")[0] == 200:
                    return
            except OSError:
                pause(0.02)
        raise AssertionError(f"no answer: {self.log.read_text()}")

    def kill(self) -> None:
        """SIGKILL to all of its processes at once, as a power cut would end them."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def kill_worker(self) -> None:
        """SIGKILL to the process that serves; its parent starts another."""
        assert self._process is not None
        parent = self._process.pid
        for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as whoever runs the machine ends it; the exit code."""
        assert self._process is not None
        self._process.terminate()
        code = self._process.wait(timeout=WAIT)
        self._process = None
        return code

    def end(self) -> None:
        """Kill what still runs; what ended by itself has said why, and is not asked again."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self.kill()

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        return self._ask("GET", path, None, headers or {})

    def post(
        self,
        path: str,
        body: Any,
        desk: Desk,
        *,
        key: str | None = None,
        made_on: int | None = None,
    ) -> tuple[int, Any]:
        """One act of a terminal; raises OSError or HTTPException when no answer came."""
        headers = desk.headers(key or secrets.token_hex(8)) | _state(made_on)
        return self._sent("POST", path, body, headers)

    def put(self, path: str, body: Any, desk: Desk, made_on: int | None) -> tuple[int, Any]:
        """What is typed and no act yet, with the state that it was made on; raises as ``post``."""
        return self._sent("PUT", path, body, desk.headers() | _state(made_on))

    def _sent(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        status, answer = self._ask(method, f"/api/v1{path}", json.dumps(body).encode(), headers)
        return status, json.loads(answer)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()


def _state(made_on: int | None) -> dict[str, str]:
    """The header that says on which state of a draft something was made."""
    return {} if made_on is None else {"Draft-Version": str(made_on)}


def pause(seconds: float) -> None:
    """Let others run; never to wait for something that is then asserted."""
    select.select([], [], [], seconds)
