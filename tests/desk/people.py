"""A record with two people in it, and a sergeant whose keys are handed in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.casework.conftest import answered, everything_no, rulebook
from tests.fresh import fresh_record
from tests.web.compiled import keep_compiled
from triage import casework
from triage.casework.service import Service
from triage.desk.served import Served
from triage.domain.roles import Role
from triage.record import Account, Actor
from triage.settings import Settings
from triage.web import create_app
from triage.web.inside import Inside

keep_compiled()

PASSWORD = "three plain wooden stools"
FIRST, SECOND = "TRAINING/CS/0001/26", "TRAINING/CS/0002/26"
OKAFOR = Actor("okafor", "TRAINING Okafor", Role.CUSTODY_SERGEANT, None, ("castle_street",))
LOWE = Actor("lowe", "TRAINING Lowe", Role.CUSTODY_SERGEANT, None, ("castle_street",))


@dataclass
class Typed:
    """What somebody types, one line or key after the other; ``before`` happens before each."""

    lines: list[str]
    by_hand: bool = False
    before: dict[int, object] = field(default_factory=dict)
    read: int = 0
    typing: str = ""

    def key(self) -> str | None:
        return self.line()

    def several(self, at_once: str) -> str | None:
        return self.line()

    def secret(self) -> str | None:
        return self.line()

    def line(self) -> str | None:
        happens = self.before.pop(self.read, None)
        if callable(happens):
            happens()
        self.read += 1
        return self.lines.pop(0) if self.lines else None


def opened(folder: Path) -> Service:
    """The record of one instance, made where there is none."""
    record = fresh_record(folder / "triage.db")
    settings = replace(Settings(folder, folder / "triage.db"), training=True)
    return Service(record, rulebook(), settings)


def people_in(service: Service, now: datetime, kept: str | None = None) -> dict[str, str]:
    """Two people in Castle Street: one has said that they cannot go on; stays by number."""
    began = now - timedelta(minutes=20)
    found = {}
    with service.record.writing(now=began) as writing:
        for actor in (OKAFOR, LOWE):
            writing.add_account(account_of(actor, began, kept))
    for number, (reference, name) in enumerate(
        ((FIRST, "Ursula Underhill"), (SECOND, "Victor Vane")), 1
    ):
        opening = casework.Opening(
            kind=casework.StayKind.CUSTODY, suite="castle_street", reference=reference,
            opened_at=began, training=True, cell=f"M{number}",
            identity=casework.Identity(name=name, age=30),
        )  # fmt: skip
        found[reference] = casework.open_stay(service, opening, actor=OKAFOR, now=began).stay
    said = {FIRST: {"cannot_go_on_outside": answered("yes")}, SECOND: {}}
    for reference, answers in said.items():
        details = everything_no(now - timedelta(minutes=10), answers=answers)
        casework.record_screening(
            service, found[reference], details, actor=OKAFOR, now=now - timedelta(minutes=10)
        )
    return found


def account_of(actor: Actor, now: datetime, kept: str | None = None) -> Account:
    """The account with which somebody acts."""
    return Account(
        actor.account, actor.name, actor.role, actor.suites, kept, active=True, made_at=now
    )


def reached(
    service: Service, actor: Actor, now: Callable[[], datetime], *, kept: str | None = None
) -> Served:
    """The service as somebody at this machine reaches it, their password proved."""
    if service.record.reading().account(actor.account) is None:
        with service.record.writing(now=now()) as writing:
            writing.add_account(account_of(actor, now(), kept))
    way = Inside(create_app(service=service, now=now, wall=now), actor)
    return Served("http://localhost", "", role=actor.role, account=actor.account, way=way)
