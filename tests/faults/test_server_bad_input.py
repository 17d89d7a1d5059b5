"""Requests that no desk would send, over real sockets: refused in words, or cut off; never stored.

What a machine makes up within the description of the API is tried elsewhere; here it is what
breaks parsers, buffers and patience.
"""

import hashlib
import json
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import chain

import pytest

from tests.faults.server import Desk, Server, desks_in
from triage import clock
from triage.domain.london import iso
from triage.record import Record
from triage.record.engine import connect

BUSINESS = (
    "events", "payloads", "people", "stays", "screenings", "screening_codes", "detention_events",
    "decisions", "consents", "visits", "releases", "alerts", "drafts", "idempotency", "access_log",
)  # fmt: skip
MEGABYTE = 1 << 20
SCREEN = {"nation": "england", "person": {"age": 38}, "stage": "arrest", "offence": "theft"}


@dataclass
class Scene:
    """A server with one open stay and a desk that is signed in."""

    server: Server
    desk: Desk
    stay: str

    def digest(self) -> str:
        """Everything that the business tables hold."""
        connection = connect(self.server.instance / "triage.db")
        taken = hashlib.sha256()
        try:
            for table in BUSINESS:
                for row in connection.execute(f"select * from {table} order by 1, 2"):  # noqa: S608
                    taken.update(repr(tuple(row)).encode())
        finally:
            connection.close()
        return taken.hexdigest()

    def send(self, pieces: Iterable[bytes]) -> bytes:
        """Send pieces as they are, and read the answer to its end; empty when it was cut off."""
        with socket.create_connection(("127.0.0.1", self.server.port), 30) as line:
            with suppress(OSError):  # refused before all was sent: the answer may be there
                for piece in pieces:
                    line.sendall(piece)
            return _read(line)

    def request(
        self, body: bytes, *, path: str | None = None, length: int | None = None, **headers: str
    ) -> bytes:
        """A request of the desk with this body, word for word."""
        return self.head(path or self.path, length or len(body), **headers) + body

    def head(self, path: str, length: int | None, **changed: str) -> bytes:
        named = {**self.desk.headers(secrets.token_hex(8)), "Host": "127.0.0.1"}
        if length is not None:
            named["Content-Length"] = str(length)
        named |= {name.replace("_", "-"): value for name, value in changed.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        return f"POST {path} HTTP/1.1\r\nConnection: close\r\n{lines}\r\n".encode()

    @property
    def path(self) -> str:
        return f"/api/v1/stays/{self.stay}/screenings"


def _read(line: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionError):
        while piece := line.recv(65536):
            found += piece
    return found


def _status(answer: bytes) -> int | None:
    """The status, or None where the line was cut without an answer."""
    return int(answer.split(b" ", 2)[1]) if answer else None


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    instance = tmp_path_factory.mktemp("bad-input")
    record = Record.open(instance / "triage.db", create=True)
    [desk] = desks_in(record, "custody_sergeant")
    record.close()
    server = Server(
        instance, "tests.faults.server_impatient", passes=600
    )  # so that only requests could change anything
    server.start()
    status, opened = server.post(
        "/stays",
        {"kind": "custody", "suite": "castle_street", "reference": "TRAINING/B/1",
         "opened_at": iso(clock.now())},
        desk,
    )  # fmt: skip
    assert status == 201, opened
    yield Scene(server, desk, opened["stay"])
    server.end()


def nested(depth: int) -> bytes:
    return b'{"nation": ' + b"[" * depth + b"]" * depth + b"}"


def chunked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"


FORM = "application/x-www-form-urlencoded"
BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "a field of ten megabytes": (b'{"nation": "' + b"e" * 10 * MEGABYTE + b'"}', {}),
    "a million nested brackets": (nested(1_000_000), {}),
    "brackets within the size": (nested(60_000), {}),
    "a million brackets never closed": (b"[" * 1_000_000, {}),
    "a number of a hundred thousand digits": (b'{"nation": ' + b"9" * 100_000 + b"}", {}),
    "a number beyond all numbers": (b'{"nation": 1e999999}', {}),
    "not a number": (b'{"nation": NaN}', {}),
    "a key twice": (b'{"nation": "england", "nation": "wales"}', {}),
    "half a letter": (b'{"nation": "\xc3"}', {}),
    "half a pair": (rb'{"nation": "\ud800"}', {}),
    "a null character": (b'{"nation": "\x00"}', {}),
    "another alphabet's bytes": ('{"nation": "england"}'.encode("utf-16"), {}),
    "nothing": (b"", {}),
    "a list": (b"[]", {}),
    "twenty thousand keys": (
        json.dumps({f"key-{number}": number for number in range(20_000)}).encode(), {},
    ),
    "a hundred thousand form keys": (
        "&".join(f"k{number}=1" for number in range(100_000)).encode(), {"Content_Type": FORM},
    ),
    "a form": (b"nation=england", {"Content_Type": FORM}),
    "a form in parts": (
        b'--b\r\nContent-Disposition: form-data; name="nation"\r\n\r\nengland\r\n--b--\r\n',
        {"Content_Type": "multipart/form-data; boundary=b"},
    ),
    "XML": (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", {"Content_Type": "application/xml"}),
    "pickled": (b"\x80\x04N.", {"Content_Type": "application/octet-stream"}),
    "packed": (b"\x1f\x8b\x08" + bytes(40), {"Content_Encoding": "gzip"}),
    "no kind at all": (json.dumps(SCREEN).encode(), {"Content_Type": ""}),
    "a charset nobody has": (
        b'{"nation": 1}', {"Content_Type": "application/json; charset=klingon"},
    ),
    "a key that is none": (json.dumps(SCREEN).encode(), {"Idempotency_Key": "short"}),
    "a key of ten kilobytes": (json.dumps(SCREEN).encode(), {"Idempotency_Key": "k" * 10_000}),
    "a cookie of eight kilobytes": (b"{}", {"Cookie": "session=" + "s" * 8_192}),
    "a session that was made up": (json.dumps(SCREEN).encode(), {"Acting_Session": "x" * 500}),
    "a token in Greek": (json.dumps(SCREEN).encode(), {"Authorization": "Bearer \u03b1"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_be_is_refused_and_nothing_is_stored(scene: Scene, name: str):
    body, headers = BODIES[name]
    before = scene.digest()

    answer = scene.send([scene.request(body, **headers)])

    status = _status(answer)
    assert status is None or 400 <= status < 500, answer[:500]
    assert scene.digest() == before


def test_what_is_right_is_stored_and_the_digest_sees_it(scene: Scene):
    """The twin: the same door and the same digest, with a body that is right."""
    before = scene.digest()

    answer = scene.send([scene.request(json.dumps(SCREEN).encode())])

    assert _status(answer) == 201, answer
    assert scene.digest() != before


def test_a_gigabyte_in_chunks_is_cut_off_after_a_few(scene: Scene):
    before, sent = scene.digest(), 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1024):
            sent += MEGABYTE
            yield b"e" * MEGABYTE

    head = scene.head(scene.path, None, Transfer_Encoding="chunked")
    answer = scene.send(chain([head], chunked(endless())))

    status = _status(answer)
    assert status is None or 400 <= status < 500
    assert sent < 64 * MEGABYTE
    assert scene.digest() == before


RAW: dict[str, bytes] = {
    "no HTTP at all": b"\x16\x03\x01\x00\xa5hello\r\n\r\n",
    "a verb nobody knows": b"FROB /api/v1/stays HTTP/1.1\r\nHost: a\r\n\r\n",
    "an address of ten kilobytes": b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a thousand headers": b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n",
    "an address that climbs": b"GET /static/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
    "an address with a null": b"GET /stays/%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "bytes that are no letters": b"GET /stays/%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a length below nothing": b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "two lengths": (
        b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
    ),
    "a length and chunks": (
        b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "a chunk that lies": (
        b"POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RAW)
def test_what_is_hardly_http_is_refused_or_cut_off(scene: Scene, name: str):
    before = scene.digest()

    answer = scene.send([RAW[name]])

    status = _status(answer)
    assert status is None or status < 500, answer[:300]
    assert b"Traceback" not in answer
    assert scene.digest() == before


def test_a_replayed_key_with_another_body_is_a_conflict_and_changes_nothing(scene: Scene):
    body = {"occurred_at": iso(clock.now())}
    first, _ = scene.server.post(f"/stays/{scene.stay}/visits", body, scene.desk, key="visit-0001")
    before = scene.digest()
    path = f"/stays/{scene.stay}/visits"

    again, _ = scene.server.post(path, body, scene.desk, key="visit-0001")
    other, said = scene.server.post(path, {**body, "rouse": False}, scene.desk, key="visit-0001")

    assert (first, again, other) == (201, 200, 409)
    assert said["type"] == "urn:triage:problem:key-used"
    assert scene.digest() == before


@pytest.mark.parametrize("kind", ["application/json", FORM])
def test_a_body_that_never_comes_whole_is_not_read_as_if_it_were(scene: Scene, kind: str):
    """What did arrive could be used by itself: an answer that was cut off would be silence."""
    before = scene.digest()
    here = kind == FORM
    whole = b"account=okafor&password=wrong" if here else json.dumps(SCREEN).encode()
    path = "/sign-in" if here else scene.path

    with socket.create_connection(("127.0.0.1", scene.server.port), 30) as line:
        line.sendall(scene.request(whole, path=path, length=len(whole) + 1, Content_Type=kind))
        line.shutdown(socket.SHUT_WR)
        answer = _read(line)

    assert _status(answer) == 400
    assert b"only a part of it arrived" in answer
    assert scene.digest() == before


def test_silent_and_dribbling_lines_leave_the_desk_its_answer(scene: Scene):
    """Many times as many as there are threads, of both kinds, all before the desk asks."""
    before = scene.digest()
    with ExitStack() as lines:
        here = ("127.0.0.1", scene.server.port)
        many = [lines.enter_context(socket.create_connection(here, 30)) for _ in range(80)]
        silent, dribbling = many[:40], many[40:]
        for line in dribbling:
            line.sendall(scene.request(b"{", length=100))

        status, _ = scene.server.get("/api/v1/health")
        answers = [_read(line) for line in dribbling]
        asked_late = _asked(silent[0])

    assert status == 200
    assert {_status(answer) for answer in answers} <= {None, 400}
    assert asked_late in (None, 200)  # a silent line may be closed, and is not answered wrongly
    assert scene.digest() == before


def _asked(line: socket.socket) -> int | None:
    with suppress(OSError):
        line.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    return _status(_read(line))


def test_after_all_that_the_server_is_the_same_and_said_nothing_of_a_fault(scene: Scene):
    log = scene.server.log.read_text()

    assert scene.server.get("/api/v1/health")[0] == 200
    assert "Traceback" not in log
    assert "unexpected" not in log
