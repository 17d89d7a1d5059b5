"""Screenings: versions that are kept for ever."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from triage.casework.acts import AsSent, Ids, allow, once, time_notices
from triage.casework.after import settle
from triage.casework.draft_recording import leave_behind, taken_apart
from triage.casework.drafts import Eyes
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
    rules_that_hold,
    worked_out,
)
from triage.domain.answers import Details
from triage.domain.disclosure import for_police
from triage.domain.findings import Findings, Urgency
from triage.domain.roles import Group, Verb, reads
from triage.record import Actor, EventKind, NewEvent, Recorded, Writing

_log = logging.getLogger(__name__)
UNREAD = (
    "What was recorded of this person before cannot be read and is not in this. Ask on paper and "
    "by telephone what was known."
)


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
    left_behind: bool = False  # somebody else typed answers that are not in it


def record_screening(
    service: Service,
    stay: str,
    details: Details,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
    sent: Mapping[str, Any] | None = None,
    made_on: int | None = None,
) -> ScreeningSaved:
    """Record one version: past stays are added as dated record facts, then it is evaluated.

    ``sent`` is what the key stands for, as it came: in ``details`` the moment of arrival may have
    been filled in, and a request that is sent again arrives later. What others have typed since
    the state ``made_on`` of the draft is not recorded unseen, nor thrown away: it stays behind.
    """
    allow(actor, Verb.RECORD_SCREENING)
    require_rules(service.trouble)
    notices = time_notices(details.at, now)

    def do(writing: Writing) -> ScreeningSaved:
        def evaluate(meant: Details) -> Findings | None:
            return as_it_stands(service, writing, stay, meant, actor, None).findings

        eyes = Eyes(service.rulebook, writing, actor, now)
        mine = taken_apart(eyes, stay, sent, details, made_on=made_on, evaluate=evaluate)
        whole, first = mine.details, ahead if mine.details is details else None
        found = as_it_stands(service, writing, stay, whole, actor, first)
        recorded = record_version(writing, stay, found, actor, provisional=False)
        leave_behind(eyes, mine, recorded)
        if found.findings is None:
            cannot(writing, stay, now=now)
        told = (*notices, *mine.notices) if found.readable else (*notices, *mine.notices, UNREAD)
        saved = _saved(service, writing, recorded, found.findings, actor, now, told)
        return replace(saved, left_behind=bool(mine.notices))

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
    service: Service,
    writing: Writing,
    history: History,
    details: Details,
    *,
    actor: Actor,
    header: Mapping[str, Any],
) -> Recorded:
    """Record details that had been entered on somebody else, evaluated for this person."""
    known, _ = with_what_can_be_read(service.rulebook, writing, history, details)
    found = worked_out(service, history.stay.id, known)
    said = replace(found, header={**found.header, **header})
    recorded = record_version(writing, history.stay.id, said, actor, provisional=False)
    if found.findings is None:
        cannot(writing, history.stay.id, now=recorded.recorded_at)
    return recorded


def record_version(
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
        None if findings is None else seen_by(service, findings, actor),
        mine,
        recorded.late,
        notices,
    )


def seen_by(service: Service, findings: Findings, actor: Actor) -> Findings:
    """The findings as this role may see them."""
    if reads(actor.role, Group.CLINICAL):
        return findings
    return for_police(findings, service.rulebook)


def said_already(writing: Writing, stay: str) -> bool:
    """Whether an emergency stands that says that this record cannot be evaluated."""
    return any(alert.is_open and alert.source == CANNOT for alert in writing.alerts_of(stay))


def emergencies(findings: Findings) -> set[str]:
    return {rule for rule, urgency in rules_that_hold(findings) if urgency is Urgency.EMERGENCY}


def known_emergencies(history: History) -> set[str]:
    """The rules that made an emergency of a version before, as far as any can be read."""
    found: set[str] = set()
    for event in history.standing(EventKind.SCREENING_SAVED):
        said, _ = one_record(partial(findings_of, event), lambda: None)
        found |= emergencies(said) if said is not None else set()
    return found
