"""A suite with people of several kinds, and both ways by which a desk reaches its service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.casework.conftest import (
    REFUSED,
    answered,
    custody,
    everything_no,
    minutes,
    rulebook,
    section136,
)
from tests.desk.people import OKAFOR, PASSWORD, account_of, opened, reached
from tests.faults.test_server_poisoned import spoil
from triage import casework
from triage.casework.service import Service
from triage.desk.served import Served
from triage.domain.roles import Role
from triage.record import Actor, Token
from triage.web import create_app
from triage.web.doors import new_secret, secret_hash

NOW = datetime(2026, 10, 25, 2, 5, tzinfo=UTC)  # Sunday 02:05 GMT, an hour after the clocks went
DYER = Actor("dyer", "TRAINING Dyer", Role.DETENTION_OFFICER, None, ("castle_street",))
NAIR = Actor("nair", "TRAINING Nair", Role.LIAISON_NURSE, None, ())
MARSH = Actor("marsh", "TRAINING Marsh", Role.DUTY_INSPECTOR, None, ())
ADMIN = Actor("admin", "TRAINING Admin", Role.ADMINISTRATOR, None, ())


@dataclass
class Suite:
    """One service and its clock, with the stays by what is told of each."""

    service: Service
    stays: dict[str, str]
    kept: str
    at: datetime = NOW
    tokens: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def here(self, actor: Actor = OKAFOR) -> Served:
        """On the machine of the record itself."""
        return reached(self.service, actor, self.now, kept=self.kept)

    def served(self, url: str, actor: Actor = OKAFOR) -> Served:
        """At a terminal, over the network, signed in with a password."""
        reached(self.service, actor, self.now, kept=self.kept)
        token = new_secret()
        self.tokens.append(token)
        with self.service.record.writing(now=self.at) as writing:
            name = f"castle-desk-{len(self.tokens)}"
            writing.add_token(Token(secret_hash(token), name, (), self.at))
        served = Served(url, token)
        served.sign_in(actor.account, PASSWORD)
        return served


@dataclass
class Both:
    """The same person at the record's own machine and at a terminal."""

    suite: Suite
    url: str

    def desks(self, actor: Actor = OKAFOR) -> tuple[Served, Served]:
        return self.suite.here(actor), self.suite.served(self.url, actor)


def suite_in(folder: Path, kept: str) -> Suite:
    """An emergency, untaken alerts, a detention in A&E, no screening, a refusal, a spoilt record,
    and somebody who has left."""
    service = opened(folder)
    began = NOW - minutes(50)
    with service.record.writing(now=began) as writing:
        writing.add_account(account_of(OKAFOR, began, kept))
    stays = {
        name: _open(service, custody(number, at=began, identity=_who(name)))
        for number, name in enumerate(("emergency", "untaken", "unscreened", "refused", "spoilt",
                                       "left"), 1)
    }  # fmt: skip
    stays["a_and_e"] = _open(service, section136(7, at=began, identity=_who("a_and_e")))
    questions = rulebook().questions
    said = {
        "emergency": {"swallowed_or_hidden": answered("yes")},
        "untaken": {"cannot_go_on_outside": answered("yes")},
        "refused": dict.fromkeys(questions, REFUSED),
        "spoilt": {"cannot_go_on_outside": answered("yes")},
        "left": {},
    }
    for name, answers in said.items():
        at = NOW - minutes(40)
        details = everything_no(at, answers=answers)
        casework.record_screening(service, stays[name], details, actor=OKAFOR, now=at)
    how = casework.Release(occurred_at=NOW - minutes(5), to="home")
    casework.release(service, stays["left"], how, actor=OKAFOR, now=NOW - minutes(5))
    casework.tick(service, now=NOW - timedelta(seconds=20), send=None)
    path = service.record.path
    service.record.close()
    spoil(path, stays["spoilt"])
    return Suite(opened(folder), stays, kept)


def _open(service: Service, opening: casework.Opening) -> str:
    now = opening.opened_at
    return casework.open_stay(service, opening, actor=OKAFOR, now=now).stay


def _who(name: str) -> casework.Identity:
    return casework.Identity(name=f"Training {name.title()}", age=30)


@contextmanager
def listening(suite: Suite) -> Iterator[str]:
    """The address of a server of this suite, which goes by the suite's own clock."""
    app = create_app(service=suite.service, now=suite.now, wall=suite.now)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass
