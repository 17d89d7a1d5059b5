"""Opening a stay, in ten seconds where ten seconds are all there is, and moving it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from triage.casework.acts import Ids, allow, allow_suite, once, stay_for, stay_of, time_notices
from triage.casework.after import settle
from triage.casework.happenings import append_event
from triage.casework.service import Service, suites_of
from triage.casework.stored import pack
from triage.domain.clocks import Clocks
from triage.domain.errors import InputError
from triage.domain.roles import Verb
from triage.domain.timeline import Event
from triage.record import Actor, EventKind, NewEvent, Writing


class StayKind(StrEnum):
    """Why somebody is with us: under arrest, under Section 136 anywhere, or of their own will."""

    CUSTODY = "custody"
    SECTION136 = "section136"
    VOLUNTARY = "voluntary"


@dataclass(frozen=True)
class Identity:
    """Who the person is. Personal data: kept apart, erasable by itself, never in an alert."""

    name: str | None = None
    date_of_birth: date | None = None
    age: int | None = None
    age_source: str = "unknown"
    sex: str = "unknown"

    @property
    def initials(self) -> str:
        """The initials for the board; a dash for somebody whose name is not known yet."""
        return "".join(part[0] for part in (self.name or "").split()).upper() or "–"


@dataclass(frozen=True)
class Opening:
    """What is known when a stay begins; only kind, suite, reference and the time are needed."""

    kind: StayKind
    suite: str
    reference: str  # custody record, incident number or attendance reference; unique while open
    opened_at: datetime  # when it happened, not when it was typed
    nation: str = "england"
    identity: Identity = Identity()
    person: str | None = None  # the id of somebody already known
    stage: str = "arrest"
    offence: str | None = None
    indictable: bool | None = None
    place: str | None = None
    cell: str | None = None
    training: bool = False
    events: tuple[Event, ...] = ()  # what has already happened: the removal, the arrival


@dataclass(frozen=True)
class Opened:
    """A stay that now exists."""

    stay: str
    person: str
    seq: int
    clocks: Clocks | None
    notices: tuple[str, ...] = ()
    repeated: bool = False  # the same request had been recorded before; nothing was written


@dataclass(frozen=True)
class Move:
    """Where the person is now: another cell, place, suite or stage of the stay."""

    occurred_at: datetime
    suite: str | None = None
    cell: str | None = None
    place: str | None = None
    stage: str | None = None


def open_stay(
    service: Service, opening: Opening, *, actor: Actor, now: datetime, key: str | None = None
) -> Opened:
    """Open a stay with what is known; past stays of the same person are found, never blocking.

    Raises ReferenceInUse when an open stay has that number already.
    """
    at_hospital = opening.kind is StayKind.SECTION136
    allow(actor, Verb.OPEN_DETENTION if at_hospital else Verb.OPEN_STAY)
    allow_suite(actor, opening.suite)
    notices = _opening_notices(opening, now)

    def do(writing: Writing) -> Opened:
        person = opening.person or made_person(writing, opening.identity, actor, opening.opened_at)
        if opening.person is not None and writing.person(person) is None:
            raise InputError.at("person", "There is no person with this id.")
        stay = _new_id(writing)
        recorded = writing.append(_opened_event(opening, stay, person, actor))
        for event in opening.events:
            append_event(writing, stay, event, actor=actor)
        clocks = settle(service, writing, stay, actor=actor, now=now).clocks
        return Opened(stay, person, recorded.seq, clocks, notices)

    def again(writing: Writing, ids: Ids) -> Opened:
        return _as_opened(service, writing, ids["stay"], ids["seq"], actor, now)

    return once(service, Verb.OPEN_STAY, opening, do, again, actor=actor, now=now, key=key)


def move_stay(
    service: Service,
    stay: str,
    move: Move,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Opened:
    """Record where the person is now; the clocks of a detention do not restart."""
    allow(actor, Verb.MOVE_STAY)
    stay_for(service.record.reading(), stay, actor)
    notices = time_notices(move.occurred_at, now)
    if move.suite is not None:
        check_suite(service, move.suite)
    shape = {
        name: value
        for name in ("suite", "cell", "place", "stage")
        if (value := getattr(move, name)) is not None
    }
    if not shape:
        raise InputError.at("move", "Says nothing new: give a suite, cell, place or stage.")
    event = NewEvent(
        EventKind.STAY_MOVED, actor, move.occurred_at, stay=stay, header={"stay": shape}
    )
    return shaped(service, Verb.MOVE_STAY, stay, lambda _: event, notices, move, actor, now, key)


def record_identity(
    service: Service,
    stay: str,
    identity: Identity,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Opened:
    """Record who the person is, or turns out to be; earlier versions stay in the record."""
    allow(actor, Verb.MOVE_STAY)
    found = stay_for(service.record.reading(), stay, actor)
    event = NewEvent(
        EventKind.IDENTITY_RECORDED,
        actor,
        now,
        stay=stay,
        person=found.person,
        payloads={"identity": pack(identity)},
    )
    return shaped(service, Verb.MOVE_STAY, stay, lambda _: event, (), identity, actor, now, key)


def shaped(
    service: Service,
    verb: Verb,
    stay: str,
    event: Callable[[Writing], NewEvent],
    notices: tuple[str, ...],
    body: object,
    actor: Actor,
    now: datetime,
    key: str | None,
) -> Opened:
    """Record an event that changes the row of a stay, and plan the stay anew."""

    def do(writing: Writing) -> Opened:
        recorded = writing.append(event(writing))
        clocks = settle(service, writing, stay, actor=actor, now=now).clocks
        found = stay_of(writing, stay)
        return Opened(stay, found.person or "", recorded.seq, clocks, notices)

    def again(writing: Writing, ids: Ids) -> Opened:
        return _as_opened(service, writing, stay, ids["seq"], actor, now)

    return once(service, verb, {"stay": stay, "of": body}, do, again, actor=actor, now=now, key=key)


def _as_opened(
    service: Service, writing: Writing, stay: str, seq: int, actor: Actor, now: datetime
) -> Opened:
    clocks = settle(service, writing, stay, actor=actor, now=now).clocks
    found = stay_of(writing, stay)
    return Opened(stay, found.person or "", seq, clocks, repeated=True)


def check_suite(service: Service, suite: str) -> None:
    """Refuse a suite that is not set up here: the person would stand on nobody's board."""
    known = tuple(id for id, _ in suites_of(service))
    if known and suite not in known:
        raise InputError.at("suite", "No suite of this id is set up here.", known)


def _opening_notices(opening: Opening, now: datetime) -> tuple[str, ...]:
    if not opening.reference.strip():
        raise InputError.at("reference", "A stay needs its custody record or incident number.")
    if not opening.suite.strip():
        raise InputError.at("suite", "A stay needs the suite that answers for it.")
    notices = time_notices(opening.opened_at, now)
    for event in opening.events:
        notices += time_notices(event.occurred_at.not_after, now)
    return tuple(dict.fromkeys(notices))


def made_person(writing: Writing, identity: Identity, actor: Actor, at: datetime) -> str:
    """The id of a person who was not known before, in this transaction."""
    person = f"p-{secrets.token_hex(5)}"
    writing.append(
        NewEvent(
            EventKind.PERSON_MADE,
            actor,
            at,
            person=person,
            payloads={"identity": pack(identity)},
        )
    )
    return person


def _opened_event(opening: Opening, stay: str, person: str, actor: Actor) -> NewEvent:
    shape = {
        "kind": opening.kind,
        "suite": opening.suite,
        "nation": opening.nation,
        "stage": opening.stage,
        "place": opening.place,
        "cell": opening.cell,
        "training": opening.training,
    }
    identity = pack(opening.identity) | {
        "reference": opening.reference.strip(),
        "reference_kind": _REFERENCE[opening.kind],
    }
    return NewEvent(
        EventKind.STAY_OPENED,
        actor,
        opening.opened_at,
        stay=stay,
        person=person,
        header={"stay": shape},
        payloads={
            "identity": identity,
            "police": {"offence": opening.offence, "indictable": opening.indictable},
        },
    )


_REFERENCE = {
    StayKind.CUSTODY: "custody_record",
    StayKind.SECTION136: "incident_number",
    StayKind.VOLUNTARY: "reference",
}


def _new_id(writing: Writing) -> str:
    """A short id without any meaning, easy to read out: no vowels, no look-alikes."""
    letters = "23456789bcdfghjkmnpqrstvwxz"
    while True:
        made = "s-" + "".join(secrets.choice(letters) for _ in range(7))
        if writing.stay(made) is None:
            return made
