"""``triage serve``: one process with eight threads, and never in the clear beyond this machine."""

import gc
import importlib
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from flask import Flask

from triage.domain.errors import TriageError

THREADS = 8
# Whoever writes hands the interpreter over at each statement and waits for it again this long,
# while all others wait for the writer: Python's own five milliseconds are thirty statements late.
_TURN = 0.0005
LOOPBACK = ("localhost",)


class ServeRefused(TriageError):
    """The service does not start to listen; the sentence says what would be right."""


@dataclass(frozen=True)
class Listen:
    """Where to listen, and what makes it safe to listen there."""

    host: str = "127.0.0.1"
    port: int = 8000
    certificate: Path | None = None
    certificate_key: Path | None = None
    trusted_proxy: bool = False

    def check(self) -> None:
        """Raise ServeRefused unless this is this machine only, or encrypted, or behind a proxy."""
        if (self.certificate is None) != (self.certificate_key is None):
            raise ServeRefused("A certificate and its key belong together: give --cert and --key.")
        for path in (self.certificate, self.certificate_key):
            if path is not None and not path.is_file():
                raise ServeRefused(f"There is no file {path.name} where the settings say.")
        if self.is_this_machine or self.certificate or self.trusted_proxy:
            return
        raise ServeRefused(
            f"{self.host} can be reached from other machines, and nothing would be encrypted. "
            "Give --cert and --key, or --trusted-proxy if a proxy in front of it encrypts, or "
            "listen on 127.0.0.1."
        )

    def refuse_if_taken(self) -> None:
        """Say in one sentence what the server itself would only try again five times.

        Raises ServeRefused where something else listens there, or nobody may.
        """
        host = self.host.strip("[]")
        try:
            [(family, kind, *_, address), *_] = socket.getaddrinfo(
                host, self.port, type=socket.SOCK_STREAM
            )
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            raise ServeRefused(
                f"{host} port {self.port} cannot be listened on: {error.strerror or error}. Stop "
                "what listens there, or give another with --port."
            ) from None

    @property
    def is_this_machine(self) -> bool:
        """Whether only programs of this machine can reach it."""
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host in LOOPBACK

    @property
    def address(self) -> str:
        """What a person types into a browser."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{self.host}:{self.port}"


def serve(make: Callable[[], Flask], listen: Listen) -> None:
    """Serve until told to stop; requests in flight are finished.

    ``make`` runs in the serving process: it makes the application and starts the timers. Raises
    ServeRefused when it must not or cannot listen.
    """
    listen.check()
    sys.setswitchinterval(_TURN)
    server = _server()
    options = _options(listen)

    class Service(server):  # type: ignore[misc, valid-type]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return settled(make)

    Service().run()


def settled(make: Callable[[], Flask]) -> Flask:
    """The application, with what it rests on left out of every later look for garbage.

    A full look stopped all threads for 70 ms, nearly all of it over rules, routes and modules
    that live as long as the process; without them it takes 2 ms.
    """
    made = make()
    gc.collect()
    gc.freeze()
    return made


def _server() -> Any:
    try:
        return importlib.import_module("gunicorn.app.base").BaseApplication
    except ImportError as error:
        raise ServeRefused(
            "The service runs on Linux, and on macOS for a trial; this system has no POSIX file "
            "locks. `triage screen` and `triage clocks` run here."
        ) from error


def _options(listen: Listen) -> dict[str, Any]:
    """One process: the record has one writer, and the timers run once."""
    options: dict[str, Any] = {
        "bind": f"{listen.host}:{listen.port}",
        "workers": 1,
        "threads": THREADS,
        "worker_class": "triage.web.patience.PatientWorker",
        "preload_app": False,
        "control_socket_disable": True,  # it would lie in the home folder, one for all servers
        "accesslog": None,  # addresses hold nothing personal, and still need not be kept
        "graceful_timeout": 30,
        "limit_request_line": 2048,
        "limit_request_fields": 60,
        "proc_name": "triage",
        # Only a proxy that the settings name may say that the browser's side is encrypted.
        "forwarded_allow_ips": "*" if listen.trusted_proxy else "",
    }
    if listen.certificate:
        options["certfile"] = str(listen.certificate)
        options["keyfile"] = str(listen.certificate_key)
    return options
