"""Moving one entry to the person whom it is about: withdrawn where it stood, recorded here.

It goes as it stands: at its last corrected time, each word in the part of the record that it was
written in, and with the name of whoever typed it first. What the service had added to it from the
record of the other person stays behind.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from triage.casework.acts import Ids, allow, once, stay_for
from triage.casework.after import settle
from triage.casework.corrections import (
    Corrected,
    Correction,
    correcting,
    mended,
    settled_after,
)
from triage.casework.earlier import without_past
from triage.casework.entries import FIRST_BY, FIRST_ROLE, details_of, event_of, typed_by
from triage.casework.happenings import append_event
from triage.casework.history import DETENTION, History
from triage.casework.screenings import record_again
from triage.casework.service import Service
from triage.domain.answers import Details, Person
from triage.domain.errors import InputError, NotAllowed
from triage.domain.roles import Verb
from triage.record import Actor, EventKind, NewEvent, Recorded, Stay, Writing

MOVED_FROM = "moved_from"
# What is about one person and can be about another. Whatever shapes the stay itself stays with it.
_CAN_MOVE = (
    *DETENTION, EventKind.SCREENING_SAVED, EventKind.ROUTE_DECISION, EventKind.CONSENT,
    EventKind.NOTE,
)  # fmt: skip


def move_to_right_person(
    service: Service,
    seq: int,
    to_stay: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Corrected:
    """Move what was entered on the wrong person: withdrawn there with its alerts, recorded here."""
    allow(actor, Verb.CORRECT)

    def do(writing: Writing) -> Corrected:
        about, stay = mended(writing, seq, actor)
        right = stay_for(writing, to_stay, actor)
        if right.id == stay.id:
            raise InputError.at("to_stay", "It stands with this person already.")
        _check(about)
        why = Correction(reason=reason or "entered on the wrong person", withdrawn=True)
        recorded = writing.append(correcting(about, why, actor))
        _, gone = settled_after(service, writing, recorded, actor, now)
        # Read only now: a screening says who the person is, and has said so of the wrong one.
        wrong = History.read(writing, stay_for(writing, stay.id, actor))
        moved = _copied(service, writing, about, wrong, right, actor)
        said = settle(service, writing, right.id, actor=actor, now=now, because=moved).clocks
        return Corrected(moved.seq, seq, right.id, said, gone)

    def again(writing: Writing, ids: Ids) -> Corrected:
        return Corrected(ids["seq"], seq, ids["stay"], None, repeated=True)

    body = {"seq": seq, "to": to_stay}
    return once(service, Verb.CORRECT, body, do, again, actor=actor, now=now, key=key)


def _check(about: Recorded) -> None:
    """Raise NotAllowed for an entry that belongs to the stay, or of which nothing is left."""
    if about.kind not in _CAN_MOVE or about.header.get("kind") == "corrected":
        raise NotAllowed(
            "This entry belongs to the stay itself and cannot stand with another person. If it is "
            "wrong here, withdraw it, and record it there; if the whole stay is about somebody "
            "else, say that this is another person."
        )
    if any(part is None for part in about.payloads.values()):
        raise NotAllowed("A part of this entry was erased, so it cannot be moved; withdraw it.")


def _copied(
    service: Service, writing: Writing, about: Recorded, wrong: History, here: Stay, actor: Actor
) -> Recorded:
    """The same thing on the right person, at its own time, evaluated for that person."""
    header = _header(about)
    details = details_of(about) if about.kind is EventKind.SCREENING_SAVED else None
    if details is not None:
        right = History.read(writing, here)
        meant = _of_the_right_person(
            replace(without_past(writing, wrong, details), at=wrong.when(about)), wrong, right
        )
        return record_again(service, writing, right, meant, actor=actor, header=header)
    event = event_of(about) if about.kind in DETENTION else None
    if event is not None:
        return append_event(
            writing,
            here.id,
            replace(event, occurred_at=wrong.moment(about) or event.occurred_at, corrects=None),
            actor=actor,
            kind=about.kind,
            clinical="clinical" in about.payloads,
            header=header,
        )
    return writing.append(
        NewEvent(
            about.kind,
            actor,
            wrong.when(about),
            stay=here.id,
            person=here.person,
            header={**about.header, **header},
            payloads={group: part for group, part in about.payloads.items() if part is not None},
        )
    )


def _header(about: Recorded) -> Mapping[str, Any]:
    name, role = typed_by(about)
    return {MOVED_FROM: about.seq, FIRST_BY: name, FIRST_ROLE: role}


def _of_the_right_person(details: Details, wrong: History, right: History) -> Details:
    """Who the person is, and where their stay stands, as the right stay has it.

    A form fills both in from the stay that it was opened on: an adult's screening that is moved to
    a child would ask for no appropriate adult.
    """
    here, there = right.stay, wrong.stay
    filled_in = details.stage == there.stage
    return replace(
        details,
        person=_who(details.person, there=wrong.person, here=right.person),
        nation=here.nation or details.nation,
        stage=here.stage if filled_in and here.stage else details.stage,
        record_number=here.reference if details.record_number else None,
    )


def _who(told: Person, *, there: Person, here: Person) -> Person:
    """What the right stay knows counts; what the wrong one filled in is unknown, never theirs."""
    filled_in = (told.age, told.date_of_birth) == (there.age, there.date_of_birth)
    if filled_in or here.age is not None or here.date_of_birth is not None:
        told = replace(
            told,
            age=here.age,
            date_of_birth=here.date_of_birth,
            age_source=here.age_source,
            age_on_document=here.age_on_document,
        )
    if here.sex != "unknown" or told.sex == there.sex:
        told = replace(told, sex=here.sex)
    return told
