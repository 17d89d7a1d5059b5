"""A screening that is begun or gone on with: what is kept of it, by whom, and what is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.casework.acts import allow, stay_for
from triage.casework.drafts import Contested, Eyes, Meanwhile, TypedBy
from triage.casework.looking import identity_of
from triage.casework.looks import Seen, log_look
from triage.casework.opening import Identity
from triage.casework.service import Service
from triage.domain.roles import Verb
from triage.record import Actor, DraftRecorded, Reading, Stay


@dataclass(frozen=True)
class Begun:
    """What is there before anything is asked.

    ``draft`` holds what all have typed, as far as this role may see it; who typed which part of
    it, and when, stands beside it, so that nobody replaces unawares what somebody else typed.
    """

    stay: str
    known: Mapping[str, Any]  # of the stay, as ``screen in`` holds it
    draft: Mapping[str, Any] | None
    saved_at: datetime | None
    by: str | None  # the name of whoever typed last
    mine: bool
    version: int = 0  # the state of the draft
    typed: tuple[TypedBy, ...] = ()
    contested: tuple[Contested, ...] = ()  # different answers that stand until somebody chooses
    before: Meanwhile | None = None  # who recorded the draft before this one, and when


def begun(
    service: Service, stay: str, *, actor: Actor, now: datetime, kept_open: bool = False
) -> Begun:
    """What is kept of a half-finished screening, and what is known about the stay; logged."""
    allow(actor, Verb.SAVE_DRAFT)
    with service.record.reading() as reading:
        here = stay_for(reading, stay, actor)
        found = _begun(Eyes(service.rulebook, reading, actor, now), here)
    _log(service, stay, actor, now, kept_open=kept_open)
    return found


def draft_version(service: Service, stay: str, *, actor: Actor, now: datetime) -> int:
    """The state of the draft, for a screen that renews itself: nothing else of it is worked out."""
    allow(actor, Verb.SAVE_DRAFT)
    with service.record.reading() as reading:
        here = stay_for(reading, stay, actor)
        draft, recorded = reading.draft(here.id), reading.draft_recorded(here.id)
    _log(service, stay, actor, now, kept_open=True)
    return draft.typed.version if draft is not None else _after(recorded)


def _after(recorded: DraftRecorded | None) -> int:
    """The state of a draft into which nobody has typed anything yet."""
    return 0 if recorded is None else recorded.next


def _log(service: Service, stay: str, actor: Actor, now: datetime, *, kept_open: bool) -> None:
    seen = Seen("stay: identity, draft", "draft", stay, "care")
    log_look(service, seen, actor=actor, now=now, kept_open=kept_open)


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
    return {} if here is None else known_at(here)


def draft_for(
    service: Service, reading: Reading, stay: str, actor: Actor, now: datetime
) -> Mapping[str, Any] | None:
    """What is kept of a half-finished screening, as far as this role may see it."""
    draft = reading.draft(stay)
    if draft is None:
        return None
    shown = Eyes(service.rulebook, reading, actor, now).shown(draft.typed)
    return shown.document if shown.document or shown.contested else None


def known_at(stay: Stay) -> dict[str, Any]:
    """What is known about this stay without asking, as ``screen in`` holds it."""
    return known_of(identity_of(stay), nation=stay.nation or "", stage=stay.stage or "")


def _begun(eyes: Eyes, stay: Stay) -> Begun:
    draft, recorded = eyes.reading.draft(stay.id), eyes.reading.draft_recorded(stay.id)
    known = known_at(stay)
    before = None if recorded is None else eyes.meanwhile(recorded, {}, None)
    if draft is None:
        return Begun(stay.id, known, None, None, None, False, _after(recorded), before=before)
    shown = eyes.shown(draft.typed)
    return Begun(
        stay.id,
        known,
        shown.document,
        draft.saved_at,
        eyes.name(draft.account),
        draft.account == eyes.actor.account,
        shown.version,
        shown.typed,
        shown.contested,
        before,
    )
