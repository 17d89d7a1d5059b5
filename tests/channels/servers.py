"""Machines that behave badly, for real: they refuse, hang, dribble, redirect, fail, drop, flood."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

Reply = Callable[[socket.socket, threading.Event], None]


@dataclass
class Request:
    """What arrived: the first line, the headers in small letters, the body."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """One door on this machine and everything that came through it."""

    port: int
    requests: list[Request] = field(default_factory=list)
    by: dict[socket.socket, Request] = field(default_factory=dict)  # what each connection asked
    _answering: list[threading.Thread] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settle(self) -> None:
        """Wait until everything that has come to the door has been answered or let go.

        Who comes last is let in last: when nobody's question has been let go, all before it are in.
        """
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.shutdown(socket.SHUT_WR)
            last.recv(1)
        self.finish()

    def finish(self) -> None:
        """Wait for whoever is still being answered."""
        for each in tuple(self._answering):
            each.join()


@contextmanager
def server(reply: Reply) -> Iterator[Server]:
    """A server that reads each request whole and then does what ``reply`` does."""
    stopped = threading.Event()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        here = Server(door.getsockname()[1])
        held: list[socket.socket] = []

        def serve() -> None:
            while not stopped.is_set():
                try:
                    connection, _ = door.accept()
                except OSError:
                    return
                held.append(connection)
                answering = threading.Thread(
                    target=_answer, args=(connection, here, reply, stopped), daemon=True
                )
                here._answering.append(answering)
                answering.start()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield here
        finally:
            stopped.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", here.port), 1).close()
            thread.join()
            for connection in held:
                with suppress(OSError):  # whoever still reads from it is woken
                    connection.shutdown(socket.SHUT_RDWR)
            here.finish()
            for connection in held:
                connection.close()


def _answer(connection: socket.socket, here: Server, reply: Reply, stopped: Any) -> None:
    with suppress(OSError), connection:
        request = _read(connection)
        if request is not None:
            here.by[connection] = request
            here.requests.append(request)
            reply(connection, stopped)


def _read(connection: socket.socket) -> Request | None:
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(65536)
        if not more:
            return None
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in rest)}
    while len(body) < int(headers.get("content-length", 0)):
        more = connection.recv(65536)
        if not more:
            return None  # it hung up, or was killed, in the middle of what it had to say
        body += more
    return Request(first, headers, body)


def says(status: int, body: bytes = b"{}", **headers: str) -> Reply:
    """An ordinary answer."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    text = "\r\n".join([*lines, "Content-Type: application/json", "Connection: close"])
    return lambda connection, stopped: connection.sendall(text.encode() + b"\r\n\r\n" + body)


def hangs(connection: socket.socket, stopped: threading.Event) -> None:
    """Takes everything and never answers."""
    stopped.wait()


def dribbles(connection: socket.socket, stopped: threading.Event) -> None:
    """A byte now and then, for ever: no single wait is long."""
    with suppress(OSError):
        while not stopped.wait(0.02):
            connection.sendall(b"H")


def drops(connection: socket.socket, stopped: threading.Event) -> None:
    """Takes the whole request and hangs up."""


def floods(connection: socket.socket, stopped: threading.Event) -> None:
    """Accepts it, and then says more than anybody wants to hear."""
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while not stopped.is_set():
            connection.sendall(b" " * 65536)


def half_an_answer(connection: socket.socket, stopped: threading.Event) -> None:
    """Accepts it, and hangs in the middle of saying so."""
    connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{")
    stopped.wait()


@contextmanager
def nobody_there() -> Iterator[str]:
    """An address at which nothing listens, and nobody else begins to meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
