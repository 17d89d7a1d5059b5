"""Screenings: drafts that are evaluated as they grow, and versions that are kept for ever."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from triage.casework.acts import AsSent, Ids, allow, once, stay_for, time_notices
from triage.casework.after import settle
from triage.casework.earlier import with_what_can_be_read
from triage.casework.entries import findings_of, remember_found
from triage.casework.faults import one_record
from triage.casework.history import History
from triage.casework.in_force import require_rules
from triage.casework.kept_alerts import CANNOT
from triage.casework.planning import cannot
from triage.casework.service import Service
from triage.casework.worked_out import (
    WorkedOut,
    ahead_of,
    as_it_stands,
    evaluated,
    worked_out,
    written,
)
from triage.domain.answers import Details
from triage.domain.disclosure import for_police
from triage.domain.findings import Findings, Reason, Urgency
from triage.domain.roles import Group, Verb, reads
from triage.record import Actor, EventKind, NewEvent, Recorded, Writing

_log = logging.getLogger(__name__)
UNREAD = (
    "What was recorded of this person before cannot be read and is not in this. Ask on paper and "
    "by telephone what was known."
)


@dataclass(frozen=True)
class DraftSaved:
    """What a half-finished screening says so far."""

    stay: str
    findings: Findings | None  # None when the draft is too thin to be evaluated
    recorded: int | None  # the seq of the provisional version that an emergency made at once
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScreeningSaved:
    """One version of a screening, with what it found and which alerts stand because of it."""

    seq: int
    stay: str
    version: int
    findings: Findings | None  # None: it could not be evaluated, and an emergency stands
    alerts: tuple[str, ...]  # keys of the alerts that are planned or raised by it
    late: bool = False
    notices: tuple[str, ...] = ()
    repeated: bool = False


def save_draft(
    service: Service,
    stay: str,
    part: Mapping[str, Any],
    *,
    details: Details | None = None,
    actor: Actor,
    now: datetime,
) -> DraftSaved:
    """Keep a half-finished form as it was typed, and evaluate ``details``, its meaning so far.

    An emergency in it is recorded at once as a provisional version: nobody waits for question 29.
    """
    allow(actor, Verb.SAVE_DRAFT)
    require_rules(service.trouble)
    with service.record.writing(now=now) as writing:
        here = stay_for(writing, stay, actor)
        writing.save_draft(stay, part, actor.account)
        if details is None:
            return DraftSaved(stay, None, None)
        notices = time_notices(details.at, now)
        history = History.read(writing, here)
        known, readable = with_what_can_be_read(service.rulebook, writing, history, details)
        notices += () if readable else (UNREAD,)
        findings = evaluated(service, stay, known)
        if findings is None and _said_already(writing, stay):
            return DraftSaved(stay, None, None, notices)
        if findings is not None and _emergencies(findings) <= _known_emergencies(history):
            return DraftSaved(stay, _seen(service, findings, actor), None, notices)
        found = written(service, stay, known, findings)
        recorded = _record(writing, stay, found, actor, provisional=True)
        if findings is None:
            cannot(writing, stay, now=now)
        settle(service, writing, stay, actor=actor, now=now, because=recorded)
        shown = None if findings is None else _seen(service, findings, actor)
        return DraftSaved(stay, shown, recorded.seq, notices)


def record_screening(
    service: Service,
    stay: str,
    details: Details,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
    sent: Mapping[str, Any] | None = None,
) -> ScreeningSaved:
    """Record one version: past stays are added as dated record facts, then it is evaluated.

    ``sent`` is what the key stands for, as it came: in ``details`` the moment of arrival may have
    been filled in, and a request that is sent again arrives later.
    """
    allow(actor, Verb.RECORD_SCREENING)
    require_rules(service.trouble)
    notices = time_notices(details.at, now)

    def do(writing: Writing) -> ScreeningSaved:
        found = as_it_stands(service, writing, stay, details, actor, ahead)
        recorded = _record(writing, stay, found, actor, provisional=False)
        writing.drop_draft(stay)
        if found.findings is None:
            cannot(writing, stay, now=now)
        told = notices if found.readable else (*notices, UNREAD)
        return _saved(service, writing, recorded, found.findings, actor, now, told)

    def again(writing: Writing, ids: Ids) -> ScreeningSaved:
        recorded = writing.event(ids["seq"])
        assert recorded is not None  # remembered ids are ids of the record
        findings = findings_of(recorded)
        return replace(_saved(service, writing, recorded, findings, actor, now, ()), repeated=True)

    body: Any = {"stay": stay, "details": details}
    if sent is not None:
        body = AsSent({"stay": stay, "details": sent})
    with service.record.in_line() as reading:
        ahead = ahead_of(service, reading, stay, details, actor)
        return once(service, Verb.RECORD_SCREENING, body, do, again, actor=actor, now=now, key=key)


def record_again(
    service: Service, writing: Writing, stay: str, details: Details, *, actor: Actor
) -> Recorded:
    """Record details that had been entered on somebody else, evaluated for this person."""
    history = History.read(writing, stay_for(writing, stay, actor))
    known, _ = with_what_can_be_read(service.rulebook, writing, history, details)
    return _record(writing, stay, worked_out(service, stay, known), actor, provisional=False)


def _record(
    writing: Writing, stay: str, found: WorkedOut, actor: Actor, *, provisional: bool
) -> Recorded:
    recorded = writing.append(
        NewEvent(
            EventKind.SCREENING_SAVED,
            actor,
            found.details.at,
            stay=stay,
            header={**found.header, "provisional": provisional},
            payloads=found.payloads,
        )
    )
    if found.findings is not None:
        remember_found(recorded, found.findings, found.details)
    return recorded


def _saved(
    service: Service,
    writing: Writing,
    recorded: Recorded,
    findings: Findings | None,
    actor: Actor,
    now: datetime,
    notices: tuple[str, ...],
) -> ScreeningSaved:
    stay = recorded.stay or ""
    settled = settle(service, writing, stay, actor=actor, now=now, because=recorded)
    saved = [e.seq for e in writing.stay_events(stay) if e.kind is EventKind.SCREENING_SAVED]
    mine = tuple(key for key in settled.alerts if key.endswith(f":{recorded.seq}"))
    return ScreeningSaved(
        recorded.seq,
        stay,
        saved.index(recorded.seq) + 1,
        None if findings is None else _seen(service, findings, actor),
        mine,
        recorded.late,
        notices,
    )


def _seen(service: Service, findings: Findings, actor: Actor) -> Findings:
    """The findings as this role may see them."""
    if reads(actor.role, Group.CLINICAL):
        return findings
    return for_police(findings, service.rulebook)


def _said_already(writing: Writing, stay: str) -> bool:
    """Whether an emergency stands that says that this record cannot be evaluated."""
    return any(alert.is_open and alert.source == CANNOT for alert in writing.alerts_of(stay))


def _emergencies(findings: Findings) -> set[str]:
    reasons: list[Reason] = [r for need in findings.needs for r in need.reasons]
    reasons += [r for flag in findings.flags for r in flag.reasons]
    return {each.rule for each in reasons if each.urgency is Urgency.EMERGENCY}


def _known_emergencies(history: History) -> set[str]:
    """The rules that made an emergency of a version before, as far as any can be read."""
    found: set[str] = set()
    for event in history.standing(EventKind.SCREENING_SAVED):
        said, _ = one_record(partial(findings_of, event), lambda: None)
        found |= _emergencies(said) if said is not None else set()
    return found
