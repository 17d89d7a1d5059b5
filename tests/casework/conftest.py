"""A small invented world: two suites, a real record file, the rules that ship, time handed in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType

import pytest

from tests.faults.server import WAIT
from tests.fresh import fresh_record
from triage import casework
from triage.domain.answers import Answer, Details, Person, RecordFacts, Status
from triage.domain.timeline import Event, Moment
from triage.record import Actor
from triage.rules_files import load, rules_dir
from triage.settings import Settings

NOW = datetime(2026, 10, 24, 19, 50, tzinfo=UTC)  # a Saturday, 20:50 in London

OKAFOR = Actor("okafor", "PS Okafor", "custody_sergeant", "desk-1")
OFFICER = Actor("dyer", "DO Dyer", "detention_officer", "desk-2")
NAIR = Actor("nair", "Nurse Nair", "liaison_nurse")
LEAD = Actor("lead", "Nurse Obi", "lead_nurse")
HCP = Actor("hcp", "HCP Lund", "custody_hcp")
MARSH = Actor("marsh", "Insp Marsh", "duty_inspector")
CONTROL = Actor("control", "Control Room", "control_room")
ADMIN = Actor("admin", "A. Admin", "administrator")
EVERYBODY = (OKAFOR, OFFICER, NAIR, LEAD, HCP, MARSH, CONTROL, ADMIN)


@cache
def rulebook():
    return load(rules_dir(), draft=True)


@pytest.fixture
def service(tmp_path):
    record = fresh_record(tmp_path / "triage.db")
    settings = Settings(tmp_path, tmp_path / "triage.db", training=True)
    yield casework.Service(record, rulebook(), settings)
    record.close()


@pytest.fixture
def outbox():
    return []


@pytest.fixture
def send(outbox):
    from triage.channels.messages import Outcome, Sent

    def post(message):
        outbox.append(message)
        return Sent(Outcome.SENT)

    return post


def minutes(number):
    return timedelta(minutes=number)


def custody(number=1, *, at=NOW, suite="castle_street", **said):
    return casework.Opening(
        kind=casework.StayKind.CUSTODY,
        suite=suite,
        reference=f"TRAINING/CS/{number:04}/26",
        opened_at=at,
        training=True,
        cell=str(number),
        **said,
    )


def section136(number=1, *, at=NOW, arrived=True, **said):
    events = [happened("s136_decided", at - minutes(30), limb="remove", consulted="paramedic")]
    if arrived:
        events.append(happened("arrived", at, place=said.pop("place", "a_and_e")))
    return casework.Opening(
        kind=casework.StayKind.SECTION136,
        suite=said.pop("suite", "castle_street"),
        reference=f"TRAINING/INC/{number:04}",
        opened_at=at,
        stage="section136",
        training=True,
        events=tuple(events),
        **said,
    )


def happened(kind, at, *, place=None, rank=None, by=None, role=None, corrects=None, **extra):
    return Event(
        id="",
        kind=kind,
        occurred_at=Moment.at(at),
        place=place,
        rank=rank,
        by=by,
        role=role,
        corrects=corrects,
        extra=MappingProxyType(extra),
    )


def answered(value, **said):
    return Answer(Status.ANSWERED, value, **said)


REFUSED = Answer(Status.REFUSED)


def everything_no(at=NOW, *, offence="theft", answers=None, observations=None, **said):
    """Every question asked and answered harmlessly, but for what is given."""
    book = rulebook()
    plain = {q.id: answered(q.nothing) for q in book.questions.values()}
    seen = {o.id: answered(o.nothing) for o in book.observations.values()}
    return Details(
        at=at,
        nation="england",
        person=said.pop("person", Person(age=38, age_source="document", sex="male")),
        stage=said.pop("stage", "arrest"),
        offence=offence,
        arrests_12m=0,
        answers={**plain, **(answers or {})},
        observations={**seen, **(observations or {})},
        record=said.pop("record", RecordFacts(checked=True)),
        **said,
    )


def opened(service, opening=None, *, actor=OKAFOR, now=None):
    opening = opening or custody()
    now = now or opening.opened_at
    return casework.open_stay(service, opening, actor=actor, now=now).stay


def with_mail(service, *, port=1, to=None):
    from triage.settings import Mail

    everybody = {a.role: (f"{a.account}@example.test",) for a in EVERYBODY}
    mail = Mail(
        "127.0.0.1", port, "triage@example.test", "none", timeout_seconds=WAIT, to=to or everybody
    )
    return replace(service, settings=replace(service.settings, mail=mail))


def keys(service, stay, state=None):
    found = service.record.reading().alerts_of(stay)
    return {alert.key: alert for alert in found if state in (None, alert.state)}
