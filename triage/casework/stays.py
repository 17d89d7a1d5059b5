"""One stay in full, as one role may see it. Police roles never get a clinical part."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from triage.casework.acts import allow, stay_for
from triage.casework.begun import draft_for
from triage.casework.changed import CORRECTIONS, EXPLAINED, WHY, changed_by
from triage.casework.entries import details_of, findings_of, typed_by
from triage.casework.faults import one_record
from triage.casework.filing import filed_of
from triage.casework.gaps import gaps_of, where_unread
from triage.casework.history import History
from triage.casework.lines import DecisionLine, ScreeningLine, StayView, TimelineEntry, last_asked
from triage.casework.looking import Look, identity_of, order, screen_again, timers_of
from triage.casework.looks import Seen, log_look
from triage.casework.past import past_of
from triage.casework.permissions import permissions_of
from triage.casework.planning import detention_clocks
from triage.casework.powers import where_now
from triage.casework.service import Service
from triage.domain.roles import Group, Verb, reads
from triage.domain.whereabouts import Known, Where
from triage.record import Actor, EventKind, Reading, Recorded
from triage.record.alert_fold import ALERT_KINDS
from triage.record.raisings import apart

_LARGE = (
    "details",
    "findings",
    "codes",
    "rouse",
)  # shown as the screening itself, not in the timeline
_NOT_SHOWN = frozenset({EventKind.PERSON_MADE})


def stay_view(
    service: Service,
    stay: str,
    *,
    actor: Actor,
    now: datetime,
    purpose: str = "care",
    kept_open: bool = False,
) -> StayView:
    """Everything about one stay that this role may see."""
    allow(actor, Verb.VIEW_STAY)
    clinical = reads(actor.role, Group.CLINICAL)
    with service.record.reading() as reading:
        found = stay_for(reading, stay, actor)
        whole = History.read(reading, found)
        # Where the record cannot be read its alerts and what is due can be: nobody is left alone.
        view, readable = one_record(
            lambda: _view(service, reading, whole, actor, now),
            lambda: _unread(_view(service, reading, History(found, ()), actor, now)),
        )
    parts = "identity, police, clinical" if clinical else "identity, police"
    looked = Seen(f"stay: {parts}", "stay", stay, purpose)
    log_look(service, looked, actor=actor, now=now, kept_open=kept_open)
    return replace(view, unreadable=view.unreadable or not readable)


def _unread(view: StayView) -> StayView:
    """What is known of somebody without their record: of no clock and no power nobody can tell."""
    return replace(view, clocks=None, gaps=where_unread(view.gaps))


def _view(
    service: Service, reading: Reading, history: History, actor: Actor, now: datetime
) -> StayView:
    clinical, found = reads(actor.role, Group.CLINICAL), history.stay
    look, stay = Look(service, reading, now), history.stay.id
    look.knows(found)
    alerts = reading.alerts_of(stay)
    screenings = _screenings(history, clinical=clinical)
    (where, clocks), evaluated = one_record(
        lambda: (where_now(history, now), detention_clocks(service, history, now=now)),
        lambda: (Where(found.place, Known.THERE), None),
    )
    return StayView(
        at=now,
        stay=stay,
        person=found.person or "",
        kind=found.kind or "",
        suite=found.suite or "",
        nation=found.nation or "",
        reference=found.reference or "",
        opened_at=found.opened_at or now,
        closed_at=found.closed_at,
        stage=found.stage or "",
        place=found.place,
        where=where,
        cell=found.cell,
        training=found.training,
        identity=identity_of(found),
        timers=timers_of(service, reading, now),
        findings=None if (last := last_asked(screenings)) is None else last.findings,
        screenings=screenings,
        draft=draft_for(service, reading, stay, actor, now),
        clocks=clocks,
        alerts=tuple(sorted(look.lines(a for a in alerts if a.is_open), key=order)),
        timeline=_with_changes(service, history, timeline(history, clinical=clinical)),
        decisions=_decisions(history, clinical=clinical),
        gaps=gaps_of(service.rulebook, history, alerts, now=now, leaving=None),
        past_stays=_past(reading, found.person, stay),
        clinical=_clinical(history) if clinical else None,
        past=past_of(service.rulebook, reading, history, clinical=clinical),
        permissions=permissions_of(history, clinical=clinical),
        filed=filed_of(history),
        screen_again=screen_again(alerts),
        unreadable=not evaluated,
    )


def _with_changes(
    service: Service, history: History, entries: tuple[TimelineEntry, ...]
) -> tuple[TimelineEntry, ...]:
    """The same entries; each correction says what it changed."""
    by_seq = {event.seq: event for event in history.events}
    return tuple(
        replace(entry, changes=changed_by(service, history, by_seq[entry.seq]))
        if entry.kind in CORRECTIONS
        else entry
        for entry in entries
    )


def timeline(history: History, *, clinical: bool) -> tuple[TimelineEntry, ...]:
    """The events of a stay as they happened, as far as they may be seen."""
    shown = [event for event in history.events if event.kind not in _NOT_SHOWN]
    shown.sort(key=lambda event: (event.occurred_at, event.seq))
    return tuple(
        _entry(history, each, clinical=clinical) for event in shown for each in apart(event)
    )


def _entry(history: History, event: Recorded, *, clinical: bool) -> TimelineEntry:
    seen = ("police", "clinical") if clinical else ("police",)
    parts: dict[str, Any] = {k: v for k, v in event.header.items() if k not in _HEADER}
    for group in seen:
        body = event.payloads.get(group) or {}
        parts.update({name: value for name, value in body.items() if name not in _LARGE})
    if not clinical and reads(event.actor.role, Group.CLINICAL) and event.kind in EXPLAINED:
        parts.pop(WHY, None)  # older records keep why health staff corrected it with the rest
    gone, said = history.withdrawn.get(event.seq), history.correction(event)
    by = gone or said
    return TimelineEntry(
        seq=event.seq,
        kind=event.kind,
        what=_what(event, parts),
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        late=event.late,
        by=event.actor.name,
        role=event.actor.role,
        parts=parts,
        hidden="clinical" in event.payloads and not clinical,
        erased=any(body is None for body in event.payloads.values()),
        corrects=event.corrects,
        corrected_by=None if by is None else by.seq,
        withdrawn=gone is not None,
        stands_at=None if said is None else history.when(event),
    )


_HEADER = ("chain", "addressees", "suite")  # the frozen shape of an alert is for the machine


def _what(event: Recorded, parts: Mapping[str, Any]) -> str:
    if event.kind in ALERT_KINDS:
        return ":".join(str(event.header.get("key", "")).split(":")[1:3])
    return str(parts.get("kind") or parts.get("route") or parts.get("recipient") or "")


def _screenings(history: History, *, clinical: bool) -> tuple[ScreeningLine, ...]:
    found = []
    saved = [event for event in history.events if event.kind is EventKind.SCREENING_SAVED]
    for version, event in enumerate(saved, 1):
        findings = findings_of(event, clinical=clinical)
        details = details_of(event, clinical=clinical)
        if details is None:
            continue  # erased: the timeline has the event
        when = history.when(event)
        if findings is not None and when != event.occurred_at:
            findings = findings.timed(when - event.occurred_at)
        found.append(
            ScreeningLine(
                seq=event.seq,
                version=version,
                provisional=bool(event.header.get("provisional")),
                occurred_at=when,
                recorded_at=event.recorded_at,
                late=event.late,
                by=typed_by(event)[0],
                role=typed_by(event)[1],
                findings=findings,
                details=details,
                withdrawn=event.seq in history.withdrawn,
            )
        )
    return tuple(found)


def _decisions(history: History, *, clinical: bool) -> tuple[DecisionLine, ...]:
    found = []
    for event in history.standing(EventKind.ROUTE_DECISION, EventKind.CONSENT):
        groups = ("police", "clinical") if clinical else ("police",)
        if event.kind is EventKind.ROUTE_DECISION and not any(g in event.payloads for g in groups):
            continue  # decided on clinical grounds: health staff alone see it
        body = {k: v for g in groups for k, v in (event.payloads.get(g) or {}).items()}
        route = event.kind is EventKind.ROUTE_DECISION
        found.append(
            DecisionLine(
                seq=event.seq,
                kind="route" if route else "consent",
                route=event.header.get("route") or body.get("route"),
                need=body.get("need"),
                outcome=str(event.header["decision" if route else "given"]),
                to=body.get("recipient") or body.get("service"),
                reason=body.get("reason"),
                occurred_at=history.when(event),
                by=typed_by(event)[0],
                role=typed_by(event)[1],
            )
        )
    return tuple(found)


def _clinical(history: History) -> tuple[TimelineEntry, ...]:
    """What only health staff read: notes, decisions on clinical grounds, words on checks."""
    return tuple(
        _entry(history, each, clinical=True)
        for event in history.events
        if event.payloads.get("clinical") and event.kind is not EventKind.SCREENING_SAVED
        for each in apart(event)
        if each.payloads.get("clinical")
    )


def _past(reading: Reading, person: str | None, stay: str) -> tuple[str, ...]:
    if person is None:
        return ()
    return tuple(each.id for each in reading.past_stays(person) if each.id != stay)
