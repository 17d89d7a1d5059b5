"""Saving a half-finished screening: merged with what others type, and evaluated as it grows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.casework.acts import allow, stay_for, time_notices
from triage.casework.after import settle
from triage.casework.begun import known_at
from triage.casework.drafts import Contested, Eyes, Meanwhile, Shown, TypedBy, meanings
from triage.casework.earlier import with_what_can_be_read
from triage.casework.history import History
from triage.casework.in_force import require_rules
from triage.casework.planning import cannot
from triage.casework.screenings import (
    UNREAD,
    emergencies,
    known_emergencies,
    record_version,
    said_already,
    seen_by,
)
from triage.casework.service import Service
from triage.casework.worked_out import evaluated, severity, written
from triage.domain import drafting
from triage.domain.answers import Details
from triage.domain.draft_places import places_of
from triage.domain.errors import InputError, StateChanged
from triage.domain.findings import Findings
from triage.domain.roles import Verb
from triage.present import drafts as words
from triage.record import Actor, DraftRecorded, Recorded, Stay, Writing
from triage.schemas.screen import details_of, so_far


@dataclass(frozen=True)
class DraftSaved:
    """What a half-finished screening says so far."""

    stay: str
    findings: Findings | None  # None when the draft is too thin to be evaluated
    recorded: int | None  # the seq of the provisional version that an emergency made at once
    notices: tuple[str, ...] = ()
    version: int = 0  # the state of the draft that this is
    draft: Mapping[str, Any] | None = None  # what all have typed, as far as this role may see it
    typed: tuple[TypedBy, ...] = ()
    contested: tuple[Contested, ...] = ()  # different answers that stand until somebody chooses
    meanwhile: Meanwhile | None = None  # who recorded what this was made on


def save_draft(
    service: Service,
    stay: str,
    part: Mapping[str, Any],
    *,
    details: Details | None = None,
    actor: Actor,
    now: datetime,
    made_on: int | None = None,
    strict: bool = False,
) -> DraftSaved:
    """Keep a half-finished form as it was typed, and evaluate ``details``, its meaning so far.

    It is merged, question by question, with what others have typed since the state ``made_on``;
    ``strict`` raises StateChanged instead, and keeps nothing. An emergency in it is recorded at
    once as a provisional version: nobody waits for question 29.
    """
    allow(actor, Verb.SAVE_DRAFT)
    require_rules(service.trouble)
    with service.record.writing(now=now) as writing:
        here = stay_for(writing, stay, actor)
        eyes = Eyes(service.rulebook, writing, actor, now)
        merged = _merged(eyes, writing, here, part, details, made_on=made_on, strict=strict)
        if details is None:
            return merged.told(None, None, ())
        notices = time_notices(details.at, now)
        history = History.read(writing, here)
        said = _Said.of(service, writing, history, merged.meant)
        recorded = said.record(service, writing, stay, actor)
        if recorded is not None:
            settle(service, writing, stay, actor=actor, now=now, because=recorded)
        shown = None if said.worst is None else seen_by(service, said.worst, actor)
        notices += () if said.readable else (UNREAD,)
        return merged.told(shown, None if recorded is None else recorded.seq, notices)


@dataclass(frozen=True)
class _Said:
    """What a draft says, in each way in which it may be meant."""

    each: tuple[tuple[Details, Findings | None], ...]
    known: frozenset[str]  # the emergencies that are on record already
    readable: bool

    @classmethod
    def of(
        cls, service: Service, writing: Writing, history: History, meant: tuple[Details, ...]
    ) -> "_Said":
        each, all_readable = [], True
        for one in meant:
            known, readable = with_what_can_be_read(service.rulebook, writing, history, one)
            each.append((known, evaluated(service, history.stay.id, known)))
            all_readable = all_readable and readable
        return cls(tuple(each), frozenset(known_emergencies(history)), all_readable)

    @property
    def worst(self) -> Findings | None:
        """The findings by which the most urgent is found; None where any cannot be worked out."""
        found = [findings for _, findings in self.each if findings is not None]
        if len(found) < len(self.each):
            return None
        return max(found, key=severity, default=None)

    def record(
        self, service: Service, writing: Writing, stay: str, actor: Actor
    ) -> Recorded | None:
        """Record each way to read it that says a new emergency; the last event of them."""
        known, recorded = set(self.known), None
        for details, findings in self.each:
            if findings is None:
                if said_already(writing, stay):
                    continue
                cannot_be = written(service, stay, details, None)
                recorded = record_version(writing, stay, cannot_be, actor, provisional=True)
                cannot(writing, stay, now=writing.now)
            elif not emergencies(findings) <= known:
                known |= emergencies(findings)
                found = written(service, stay, details, findings)
                recorded = record_version(writing, stay, found, actor, provisional=True)
        return recorded


@dataclass(frozen=True)
class _Merged:
    """A draft that was kept, and what it may mean."""

    stay: str
    shown: Shown
    meant: tuple[Details, ...]
    meanwhile: Meanwhile | None
    notices: tuple[str, ...]

    def told(
        self, findings: Findings | None, recorded: int | None, notices: tuple[str, ...]
    ) -> DraftSaved:
        return DraftSaved(
            self.stay,
            findings,
            recorded,
            (*self.notices, *notices),
            self.shown.version,
            self.shown.document,
            self.shown.typed,
            self.shown.contested,
            self.meanwhile,
        )


def _merged(
    eyes: Eyes,
    writing: Writing,
    here: Stay,
    part: Mapping[str, Any],
    details: Details | None,
    *,
    made_on: int | None,
    strict: bool,
) -> _Merged:
    """Keep what this person typed beside what others did, in the transaction of the act."""
    stay, me = here.id, eyes.actor.account
    kept, before = writing.draft(stay), writing.draft_recorded(stay)
    draft = (
        drafting.Draft(after=0 if before is None else before.next) if kept is None else kept.typed
    )
    if strict and made_on != draft.version:
        raise StateChanged(words.CHANGED)
    if made_on is not None and made_on > draft.version:
        made_on = None  # of a record that was restored since: nobody knows what they have seen
    meanwhile = None
    if before is not None and _goes_on(before, draft, me, made_on):
        meanwhile = eyes.meanwhile(before, part, details)
    told = () if meanwhile is None else (_told(eyes, meanwhile),)
    if meanwhile is not None and not meanwhile.not_in_it and kept is None:
        alone = () if details is None else (details,)
        return _Merged(stay, eyes.shown(draft), alone, meanwhile, told)
    typed = draft.typed(part, account=me, at=eyes.now, made_on=made_on, hidden=eyes.hidden)
    if typed is not draft or kept is None:
        writing.save_draft(stay, typed, me)
    meant = () if details is None else _meant(eyes, here, typed, part, details)
    return _Merged(stay, eyes.shown(typed), meant, meanwhile, told)


def _goes_on(
    before: DraftRecorded, draft: drafting.Draft, account: str, made_on: int | None
) -> bool:
    """Whether somebody goes on with a draft that has been recorded; who never says which state
    they have does, where they typed in it and have typed nothing since."""
    if made_on is None:
        return account in before.accounts and not draft.last_of(account)
    return 0 < made_on <= before.version


def _told(eyes: Eyes, meanwhile: Meanwhile) -> str:
    return words.recorded_meanwhile(eyes.rulebook, meanwhile.by, meanwhile.at, meanwhile.not_in_it)


def _meant(
    eyes: Eyes, here: Stay, draft: drafting.Draft, part: Mapping[str, Any], details: Details
) -> tuple[Details, ...]:
    """What the draft of all may mean; a part of somebody else's that cannot be read yet keeps
    nobody waiting for what this person typed."""
    if not draft.contested() and draft.places() == places_of(part):
        return (details,)
    known = known_at(here)
    try:
        return tuple(
            details_of(so_far(document, known), eyes.rulebook, now=eyes.now, at=details.at)
            for document in meanings(eyes, draft)
        )
    except InputError:
        return (details,)
