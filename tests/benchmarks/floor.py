"""What a durable POST costs before any of our own work: each layer added to the one before.

    python -m tests.benchmarks.floor [ROUNDS]

In one process and thread time, in turns, so that others' work weighs on all layers alike; what
gunicorn and the sockets work comes on top of each (``test_post_speed.py`` has both servers).
"""

import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from tests.benchmarks.bare_server import Bare
from tests.benchmarks.test_post_parts import desk_in
from tests.benchmarks.test_post_speed import PEOPLE, open_stays, screening_of
from triage.settings import Settings
from triage.web.app import create_app

Answer = Callable[[str, dict[str, str], bytes], None]
_STAYS = 40


def _asked(app: Any) -> Answer:
    """Ask an application as a server does, and fail unless it recorded what was sent."""

    def ask(path: str, headers: dict[str, str], body: bytes) -> None:
        named = {name.upper().replace("-", "_"): value for name, value in headers.items()}
        kind = named.pop("CONTENT_TYPE", "application/json")
        environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False,
            "wsgi.run_once": False, **{f"HTTP_{name}": value for name, value in named.items()},
        }  # fmt: skip
        status: list[str] = []
        answer: Iterable[bytes] = app(environ, lambda said, *rest: status.append(said))
        b"".join(answer)
        assert status[0][:3] in ("200", "201"), status

    return ask


def _flask(bare: Bare) -> Flask:
    """Flask with one route that only does what the bare application does."""
    app = Flask("floor")

    @app.post("/")
    def save() -> Response:
        bare.save(request.get_data())
        return Response(b'{"saved":true}', 201, mimetype="application/json")

    return app


def layers(folder: Path, person: str) -> dict[str, Callable[[int], None]]:
    """Each layer as something that is done for the time with this number."""
    desk, body = desk_in(folder), screening_of(PEOPLE[person])
    stays = open_stays(folder, _STAYS)
    settings = Settings(folder, folder / "triage.db", draft_rules=True, training=True)
    ours = _asked(create_app(settings))
    bare = Bare(folder / "bare.db")
    plain, flask = _asked(bare), _asked(_flask(bare))

    def post(number: int) -> None:
        headers = desk.headers(f"floor-{number:06d}")
        ours(f"/api/v1/stays/{stays[number % _STAYS]}/screenings", headers, body)

    def evaluate(number: int) -> None:
        ours("/api/v1/evaluate/screening", desk.headers(f"look-{number:06d}"), body)

    return {
        "a bare commit of four rows": lambda number: bare.save(body),
        "with a bare WSGI application": lambda number: plain("/", {}, body),
        "with Flask around it": lambda number: flask("/", {}, body),
        "ours, evaluated and answered only": evaluate,
        "ours, whole": post,
    }


def main(rounds: int) -> None:
    for person in PEOPLE:
        with tempfile.TemporaryDirectory() as folder:
            found = layers(Path(folder), person)
            took: dict[str, list[float]] = {name: [] for name in found}
            for number in range(rounds):
                for name, do in found.items():
                    start = time.thread_time()
                    do(number)
                    took[name].append(time.thread_time() - start)
        print(f"\n{person}, microseconds of work:")
        for name, each in took.items():
            print(f"  {name:<36}{statistics.median(each) * 1e6:>7.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
