"""How a command at the desk reaches the service: the record of this machine, or over HTTPS."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from triage.cli import inputs
from triage.domain.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from triage.casework import Service
    from triage.cli.review_asking import Asking
    from triage.desk.client import Client
    from triage.record import Actor

Command = TypeVar("Command", bound=Callable[..., Any])
_INSIDE = "http://localhost"  # an address that nothing is ever sent to


@dataclass(frozen=True)
class Where:
    """Where the service is; without ``url`` it is the record of this instance."""

    url: str | None = None
    token: str | None = None  # the file with the token of this terminal
    authority: str | None = None

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> "Where":
        """As the options of ``options`` say."""
        return cls(asked["url"], asked["token"], asked["authority"])


def options(command: Command) -> Command:
    """The options that say where the service is."""
    for option in (
        click.option("--authority", metavar="FILE", help="Certificates to trust for the service."),
        click.option("--token", metavar="FILE", help="The file with the token of this terminal."),
        click.option("--url", metavar="URL", help="The service; else the record of this instance."),
    ):
        command = option(command)
    return command


@contextmanager
def client(by: str, where: Where) -> Iterator["Client"]:
    """The service as this person reaches it; their password is asked for first.

    Raises InputError or NotAllowed where it is not theirs, Unreachable where nobody answers.
    """
    from triage.desk.served import Served

    if where.url is None:
        with _in_this_process(by) as here:
            yield here
        return
    served = Served(where.url, _token(where.token), where.authority)
    served.sign_in(by, inputs.password())
    try:
        yield served
    finally:
        served.sign_out()


@contextmanager
def _in_this_process(by: str) -> Iterator["Client"]:
    """The same routes without a network between, on the record of this machine.

    The timers do not run here: that is for ``triage serve``, and every screen says when they did.
    """
    from triage import clock
    from triage.cli.review_asking import Asking

    with Asking(by, None) as ask:
        ask.prove()
        _keep_rules(ask)
        yield inside(ask.service, ask.actor, now=clock.now)


def inside(service: "Service", actor: "Actor", *, now: Callable[[], "datetime"]) -> "Client":
    """The service in this process, for somebody who was proved to be there, by this clock."""
    from triage.desk.served import Served
    from triage.web import create_app
    from triage.web.inside import Inside

    way = Inside(create_app(service=service, now=now), actor)
    return Served(_INSIDE, "", role=actor.role, account=actor.account, way=way)


def _keep_rules(ask: "Asking") -> None:
    """Keep the texts of the rules, as ``triage serve`` does: what is screened can be run again."""
    from triage import casework

    service = ask.service
    if service.rulebook.fingerprint not in service.record.reading().rulebook_fingerprints():
        casework.adopt(service, actor=ask.actor, now=ask.now)


def _token(file: str | None) -> str:
    if file is None:
        raise InputError.at("--token", "A served record is reached with the token of a terminal.")
    try:
        return Path(file).read_text("ascii").strip()
    except (OSError, ValueError):
        raise InputError.at("--token", "There is no token in this file.") from None
