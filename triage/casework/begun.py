"""A screening that is begun or gone on with: what is kept of it, by whom, and what is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.casework.acts import allow, stay_for
from triage.casework.looking import identity_of
from triage.casework.opening import Identity
from triage.casework.service import Service
from triage.domain.roles import Group, Verb, reads
from triage.record import Actor, Reading, Stay


@dataclass(frozen=True)
class Begun:
    """What is there before anything is asked.

    ``draft`` is only for whoever may see all of it; when it was kept, and by whom, is for all who
    may screen here, so that nobody replaces unawares what somebody else has typed.
    """

    stay: str
    known: Mapping[str, Any]  # of the stay, as ``screen in`` holds it
    draft: Mapping[str, Any] | None
    saved_at: datetime | None
    by: str | None  # the name of whoever typed last
    mine: bool


def begun(service: Service, stay: str, *, actor: Actor, now: datetime) -> Begun:
    """What is kept of a half-finished screening, and what is known about the stay; logged."""
    allow(actor, Verb.SAVE_DRAFT)
    with service.record.reading() as reading:
        here = stay_for(reading, stay, actor)
        found = _begun(reading, here, actor)
    service.record.log_access(actor, "stay: identity, draft", stay, "care", now)
    return found


def known_of(who: Identity, *, nation: str, stage: str) -> dict[str, Any]:
    """What is known about a stay without asking, as ``screen in`` holds it."""
    person: dict[str, Any] = {"age_source": who.age_source, "sex": who.sex}
    if who.date_of_birth:
        person["date_of_birth"] = who.date_of_birth.isoformat()
    elif who.age is not None:
        person["age"] = who.age
    known = {"nation": nation, "stage": stage}
    return {name: said for name, said in known.items() if said} | {"person": person}


def known_here(service: Service, stay: str) -> dict[str, Any]:
    """What is known about the stay with this id; nothing where there is none. Only to evaluate."""
    with service.record.reading() as reading:
        here = reading.stay(stay)
    return {} if here is None else _known(here)


def draft_for(reading: Reading, stay: str, actor: Actor) -> Mapping[str, Any] | None:
    """A draft goes back to whoever may see all of it: the one who typed it."""
    draft = reading.draft(stay)
    mine = draft is not None and (
        draft.account == actor.account or reads(actor.role, Group.CLINICAL)
    )
    return draft.body if draft is not None and mine else None


def _begun(reading: Reading, stay: Stay, actor: Actor) -> Begun:
    draft = reading.draft(stay.id)
    known = _known(stay)
    if draft is None:
        return Begun(stay.id, known, None, None, None, mine=False)
    account = reading.account(draft.account)
    return Begun(
        stay.id,
        known,
        draft_for(reading, stay.id, actor),
        draft.saved_at,
        draft.account if account is None else account.name,
        mine=draft.account == actor.account,
    )


def _known(stay: Stay) -> dict[str, Any]:
    return known_of(identity_of(stay), nation=stay.nation or "", stage=stay.stage or "")
