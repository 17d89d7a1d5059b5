"""What every door needs: the casework service, the time, and who is acting."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import cast

from flask import current_app, g

from triage.casework import Service
from triage.record import Account, Actor, Session

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Doors:
    """The service behind this application and its two clocks.

    ``now`` is the time of the record and may be a training night's; ``wall`` is the time of
    sign-ins, which must run out for a real person even while a training night stands still.
    """

    service: Service
    now: Now
    wall: Now


@dataclass(frozen=True)
class Acting:
    """Who is at this door: a person with a session, a terminal with a token, or both."""

    account: Account | None
    session: Session | None
    terminal: str | None
    by_cookie: bool
    inside: bool = False  # of this process: no session, no token, and nobody else can say so

    @property
    def actor(self) -> Actor:
        """The person as the record names them; only for routes that ask for a person."""
        account = cast(Account, self.account)
        terminal = self.terminal or (self.session.terminal if self.session else None)
        return Actor(account.account, account.name, account.role, terminal, account.suites)


NOBODY = Acting(None, None, None, by_cookie=False)


def doors() -> Doors:
    """The doors of the application that answers now; one rulebook for the whole request."""
    known: Doors | None = g.get("doors")
    if known is None:
        here = cast(Doors, current_app.extensions["triage"])
        service = here.service.fresh(here.now())
        known = g.doors = here if service is here.service else replace(here, service=service)
    return known


def acting() -> Acting:
    """Who is at the door in this request."""
    return cast(Acting, g.get("acting", NOBODY))


def actor() -> Actor:
    """The person who acts in this request."""
    return acting().actor


def new_secret() -> str:
    """A secret of 256 bits for a cookie, a token or a link."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What the record keeps of a secret. A random secret needs no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
