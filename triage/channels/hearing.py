"""Two small doors at which a message is heard: a POST, and a letter that a mail server brings.

They take what is said and hand it on as text; whose word it is, is judged by whoever listens.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseServer, StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

MOST_READ = 64 * 1024
PATIENCE = 10.0  # seconds for each wait for whoever speaks
Heard = Callable[[str], object]


class _Door(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 16

    def __init__(self, address: tuple[str, int], handler: Any, heard: Heard) -> None:
        self.heard = heard
        self.paper: ssl.SSLContext | None = None
        super().__init__(address, handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speak with one caller, on a thread of their own; a slow one holds nobody else up."""
        request.settimeout(PATIENCE)
        if self.paper is not None:
            request = self.paper.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever speaks badly is not heard, and nothing else comes of it."""


class _Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Take one small body, and say so."""
        said = self.headers.get("Content-Length", "")
        if not said.isdecimal() or int(said) > MOST_READ:
            self.send_error(413)
            return
        body = self.rfile.read(int(said))
        if len(body) == int(said):
            _heard(self.server)(body.decode("utf-8", "replace"))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing of callers."""


class _Letters(StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a mail server needs to hand over a letter."""

    def handle(self) -> None:
        """Take letters until the other side leaves."""
        self._say("220 watchdog")
        while line := self.rfile.readline(1024):
            verb = line[:4].strip().upper()
            if verb == b"DATA":
                self._say("354 go on")
                said = self._letter()
                if said is None:
                    return
                _heard(self.server)(said)
                self._say("250 heard")
            elif verb == b"QUIT":
                self._say("221 goodbye")
                return
            else:
                known = verb in (b"HELO", b"EHLO", b"MAIL", b"RCPT", b"RSET", b"NOOP")
                self._say("250 watchdog" if known else "502 not here")

    def _letter(self) -> str | None:
        """The text of one letter; None where it is too long or breaks off."""
        lines: list[bytes] = []
        read = 0
        while (line := self.rfile.readline(1024)) not in (b".\r\n", b".\n"):
            read += len(line)
            if not line or read > MOST_READ:
                return None
            lines.append(line[1:] if line.startswith(b"..") else line)
        letter = message_from_bytes(b"".join(lines), _class=EmailMessage, policy=policy.default)
        body = letter.get_body(("plain",))
        return "" if body is None else str(body.get_content())

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def _heard(server: BaseServer) -> Heard:
    assert isinstance(server, _Door), "both doors are ours"
    return server.heard


@contextmanager
def posts(
    host: str, port: int, heard: Heard, *, certificate: Path | None = None, key: Path | None = None
) -> Iterator[int]:
    """A door for POSTs, encrypted where there is a certificate; its port."""
    with _open(_Door((host, port), _Post, heard)) as door:
        if certificate is not None:
            door.paper = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            door.paper.load_cert_chain(certificate, key)
        yield door.server_address[1]


@contextmanager
def letters(host: str, port: int, heard: Heard) -> Iterator[int]:
    """A door for letters, in the clear: nothing but a time is in them; its port."""
    with _open(_Door((host, port), _Letters, heard)) as door:
        yield door.server_address[1]


@contextmanager
def _open(door: _Door) -> Iterator[_Door]:
    thread = Thread(target=door.serve_forever, name="hearing", daemon=True)
    thread.start()
    try:
        yield door
    finally:
        with suppress(OSError):
            door.shutdown()
        door.server_close()
        thread.join()
