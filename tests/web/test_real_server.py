"""A real server process: it starts its timers, serves over TLS, and finishes what is in flight."""

import http.client
import json
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.server import WAIT, free_port, pause
from tests.machine import certificate, needs_the_service
from triage import clock

pytestmark = needs_the_service
ROOT = Path(__file__).resolve().parents[2]
SERVE = """
import sys
from pathlib import Path
from triage import casework
from triage.scheduler import start
from triage.settings import Settings
from triage.web import Listen, create_app, serve, serving

# A line of which nobody has heard for two seconds is closed; a busy machine takes longer than that
# to ask by a hundred of them, and they are to stay open.
options = serving._options
serving._options = lambda listen: options(listen) | {"keepalive": 3600}
instance, port, paper = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]

def make():
    service = casework.service(Settings.load(instance), create=True)
    start(service)
    return create_app(service=service)

cert, key = (Path(each) for each in paper) if paper else (None, None)
serve(make, Listen(port=port, certificate=cert, certificate_key=key))
"""


@contextmanager
def server(instance: Path, *paper: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(instance), str(port), *map(str, paper)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    try:
        line = b""
        while b"Booting worker" not in line:
            line = process.stderr.readline() if process.stderr else b""
            assert line or process.poll() is None, "the server ended before it listened"
        yield port, process
    finally:
        process.terminate()
        process.communicate(timeout=WAIT)


def health(port: int, context: ssl.SSLContext | None = None) -> dict[str, object]:
    """What the server says about itself; it may still be making its application."""
    until = clock.running() + WAIT
    while clock.running() < until:
        make = http.client.HTTPConnection if context is None else http.client.HTTPSConnection
        options = {} if context is None else {"context": context}
        connection = make("127.0.0.1", port, timeout=WAIT, **options)
        try:
            connection.request("GET", "/api/v1/health")
            answer = json.loads(connection.getresponse().read())
        except (ConnectionError, http.client.HTTPException):
            pause(0.02)
            continue
        finally:
            connection.close()
        if answer.get("last_pass_at"):
            return dict(answer)
        pause(0.02)
    raise AssertionError("the timers never ran")


def test_a_server_that_was_just_started_watches_the_clocks(tmp_path: Path):
    with server(tmp_path / "instance") as (port, process):
        said = health(port)
        process.send_signal(signal.SIGTERM)
        ended = process.wait(timeout=WAIT)

    assert (said["status"], said["training"], ended) == ("ok", False, 0)


def test_a_server_with_a_certificate_speaks_only_encrypted(tmp_path: Path):
    cert, key = certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(cert))
    trusting.check_hostname = False
    with server(tmp_path / "instance", cert, key) as (port, _):
        said = health(port, trusting)
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
        try:
            plain.request("GET", "/api/v1/health")
            heard = plain.getresponse().status
        except (ConnectionError, http.client.HTTPException):
            heard = None
        finally:
            plain.close()

    assert (said["status"], heard) == ("ok", None)


def ask(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/alive?nonce=0011223344556677")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_a_hundred_open_pages_that_keep_watch_leave_a_thread_for_the_desk(tmp_path: Path):
    with server(tmp_path / "instance") as (port, _):
        health(port)
        pages = [http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT) for _ in range(100)]
        try:
            rounds = [{ask(page) for page in pages} for _ in range(2)]  # none is closed between
            said = health(port)
        finally:
            for page in pages:
                page.close()

    assert rounds == [{200}, {200}]
    assert said["status"] == "ok"
