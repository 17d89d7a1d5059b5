"""``triage serve --cert --key`` as a browser meets it: first link, sign-in, cookie, no way round.

The certificate is made here, for this test, and trusted by nobody else.
"""

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.server import ROOT, WAIT, free_port, pause, settings_in
from tests.machine import certificate, needs_the_service
from triage import clock
from triage.record import Record

pytestmark = needs_the_service
PASSWORD = "harbour lantern seven"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Encrypted:
    """One ``triage serve`` with a certificate, and the lines that it printed."""

    port: int
    trusting: ssl.SSLContext
    link: str = ""

    def ask(
        self, path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        line = http.client.HTTPSConnection(
            "localhost", self.port, timeout=WAIT, context=self.trusting
        )
        try:
            if form is None:
                line.request("GET", path, headers=headers or {})
            else:
                line.request("POST", path, urlencode(form), {**FORM, **(headers or {})})
            got = line.getresponse()
            return Answer(got.status, got.headers, got.read().decode())
        finally:
            line.close()

    def is_up(self) -> bool:
        try:
            return self.ask("/api/v1/health").status == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("paper"))


def _command(port: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "triage.cli", "serve", "--port", str(port), *more]


@pytest.fixture(scope="module")
def server(
    paper: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Encrypted]:
    cert, key = paper
    found = Encrypted(free_port(), ssl.create_default_context(cafile=str(cert)))
    instance = tmp_path_factory.mktemp("instance")
    Record.open(instance / "triage.db", create=True).close()
    process = subprocess.Popen(
        _command(found.port, "--cert", str(cert), "--key", str(key)),
        cwd=ROOT, env=settings_in(instance) | {"PYTHONUNBUFFERED": "1"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        for line in process.stdout:
            told = re.search(r"https://\S+(/welcome/[\w-]{43})", line)
            if told:
                found.link = told[1]
                break
        until = clock.running() + WAIT
        while not found.is_up() and clock.running() < until:
            pause(0.05)
        assert found.link, "the server ended before it printed its first link"
        yield found
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=WAIT)


def _cookie(answer: Answer) -> str:
    return answer.headers["Set-Cookie"]


def test_the_first_link_and_signing_in_over_tls_give_a_cookie_that_never_travels_in_the_clear(
    server: Encrypted,
):
    chosen = {"account": "admin.okoro", "name": "A. Okoro", "password": PASSWORD, "again": PASSWORD}
    made = server.ask(server.link, chosen)
    again = server.ask(server.link, chosen)
    signed_in = server.ask("/sign-in", {"account": "admin.okoro", "password": PASSWORD})
    secret = _cookie(signed_in).partition(";")[0]
    page = server.ask("/accounts", headers={"Cookie": secret})

    assert (made.status, again.status, signed_in.status, page.status) == (303, 404, 303, 200)
    assert "A. Okoro" in page.text
    attributes = {each.strip() for each in _cookie(signed_in).split(";")[1:]}
    assert attributes == {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}
    assert secret.startswith("__Host-")
    assert "max-age=" in page.headers["Strict-Transport-Security"]


def test_a_wrong_password_over_tls_gives_no_cookie(server: Encrypted):
    answer = server.ask("/sign-in", {"account": "admin.okoro", "password": "something else here"})

    assert (answer.status, answer.headers["Set-Cookie"]) == (422, None)


def test_plain_http_to_it_is_refused_and_harms_nobody_else(server: Encrypted):
    with socket.create_connection(("127.0.0.1", server.port), WAIT) as line:
        line.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heard = b""
        try:
            while piece := line.recv(4096):
                heard += piece
        except ConnectionResetError:
            pass

    assert b"HTTP/1.1 200" not in heard and b"status" not in heard
    assert server.ask("/api/v1/health").status == 200


def test_a_certificate_of_somebody_else_is_not_believed_by_a_browser(server: Encrypted):
    """The twin: the client of these tests does check whom it speaks to."""
    stranger = Encrypted(server.port, ssl.create_default_context())

    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.ask("/api/v1/health")


def test_it_does_not_listen_beyond_this_machine_in_the_clear(tmp_path: Path):
    port = free_port()
    done = subprocess.run(
        _command(port, "--host", "0.0.0.0"),
        cwd=ROOT, env=settings_in(tmp_path), capture_output=True, text=True, check=False,
        timeout=WAIT,
    )  # fmt: skip

    assert done.returncode == 2
    assert "nothing would be encrypted" in done.stderr
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)
