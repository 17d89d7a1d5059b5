"""A whole stay that was kept for the wrong person: the number is right, the person was not."""

from datetime import datetime

from triage.casework.acts import allow, own_words, stay_for
from triage.casework.changed import WHY
from triage.casework.opening import Identity, Opened, made_person, shaped
from triage.casework.service import Service
from triage.casework.stored import pack
from triage.domain.errors import InputError
from triage.domain.roles import Verb
from triage.record import Actor, EventKind, NewEvent, Stay, Writing


def wrong_person(
    service: Service,
    stay: str,
    identity: Identity,
    *,
    reason: str,
    person: str | None = None,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Opened:
    """Say that this stay is about somebody else: ``person`` if known, else somebody new.

    The past of the wrong person leaves the stay at once, and its clocks are worked out anew with
    the right age. Who was thought to be here stays in the record. A screening that was made before
    must be made again, because it rested on another person's record: that is an urgent alert.
    """
    allow(actor, Verb.CORRECT)
    if not reason.strip():
        raise InputError.at("reason", "How was it found out that this is somebody else?")

    def event(writing: Writing) -> NewEvent:
        here = stay_for(writing, stay, actor)
        _check(writing, here, person)
        right = person or made_person(writing, identity, actor, now)
        return NewEvent(
            EventKind.WRONG_PERSON,
            actor,
            now,
            stay=stay,
            person=right,
            payloads={"identity": pack(identity), own_words(actor): {WHY: reason.strip()}},
        )

    body = {"identity": identity, "person": person, "reason": reason}
    return shaped(service, Verb.CORRECT, stay, event, (), body, actor, now, key)


def _check(writing: Writing, here: Stay, person: str | None) -> None:
    if person is None:
        return
    if writing.person(person) is None:
        raise InputError.at("person", "There is no person with this id.")
    if person == here.person:
        raise InputError.at("person", "This stay is kept for that person already.")
