"""Handing over a shift by difference: what has changed since somebody last took over."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from triage.casework.acts import allow, allow_suite
from triage.casework.after import settle
from triage.casework.faults import one_record
from triage.casework.happenings import append_event
from triage.casework.history import History
from triage.casework.lines import Change, Handover, TimelineEntry
from triage.casework.looking import SEVERITY, Look, identity_of, next_due, order
from triage.casework.service import Service
from triage.casework.stays import timeline
from triage.casework.views import looking
from triage.domain.roles import Group, Role, Verb, reads
from triage.domain.timeline import Event, Moment
from triage.record import Actor, EventKind, NewEvent, Reading, Recorded, Stay, Writing

TAKEN_OVER = "custody_officer_changed"
_SIGNED_BEFORE = 500  # sign-offs looked back through; a suite has a few a day


def handover(service: Service, suites: Sequence[str], *, actor: Actor, now: datetime) -> Handover:
    """What has changed for this role in these suites since its last sign-off.

    It tells what was written about people, so the log names each of them, as for their own page.
    """
    looked = looking(service, Verb.VIEW_BOARD, "handover", suites, actor=actor, now=now)
    with service.record.reading() as reading:
        last = _last_signed(reading, looked, actor.role)
        since = 0 if last is None else int(last.header["up_to_seq"])
        look = Look(service, reading, now)
        stays = _stays(reading, looked, since, first=last is None)
        changes = [_change(look, stay, since, actor, now) for stay in stays]
        changes.sort(key=_order)
        found = Handover(
            at=now,
            suites=looked,
            since=None if last is None else last.occurred_at,
            since_seq=since,
            up_to_seq=reading.head(),
            changes=tuple(changes),
        )
    _log(service, [each.stay for each in changes if each.entries], actor, now)
    return found


def _log(service: Service, stays: Sequence[str], actor: Actor, now: datetime) -> None:
    parts = "police, clinical" if reads(actor.role, Group.CLINICAL) else "police"
    if stays:
        with service.record.writing(now=now) as writing:
            for stay in stays:
                writing.log_access(actor, f"handover: {parts}", stay, "handover")


def sign_handover(
    service: Service,
    suites: Sequence[str],
    *,
    taken_from: str,
    actor: Actor,
    now: datetime,
    up_to_seq: int,
) -> int:
    """Record that ``actor`` has taken over what stood at ``up_to_seq``; returns the event's seq."""
    allow(actor, Verb.SIGN_HANDOVER)
    for suite in suites:
        allow_suite(actor, suite)
    with service.record.writing(now=now) as writing:
        header = {"suites": sorted(suites), "up_to_seq": min(up_to_seq, writing.head())}
        event = NewEvent(
            EventKind.HANDOVER_SIGNED,
            actor,
            now,
            header=header,
            payloads={"police": {"taken_from": taken_from}},
        )
        last = _last_signed(writing, suites, actor.role)
        signed = writing.append(event)
        changed = last is None or last.actor.account != actor.account
        if changed and actor.role == Role.CUSTODY_SERGEANT:
            _change_custody_officer(service, writing, suites, actor=actor, now=now)
        return signed.seq


def _change_custody_officer(
    service: Service, writing: Writing, suites: Sequence[str], *, actor: Actor, now: datetime
) -> None:
    """Who is responsible for each person here changes, which their own record says (PACE s36, s39).

    It is one of the moments after which somebody is screened again (principle 6).
    """
    changed = Event(id="", kind=TAKEN_OVER, occurred_at=Moment.at(now))
    for stay in writing.open_stays():
        if stay.kind == "custody" and (not suites or stay.suite in suites):
            recorded = append_event(writing, stay.id, changed, actor=actor)
            settle(service, writing, stay.id, actor=actor, now=now, because=recorded)


def _last_signed(reading: Reading | Writing, suites: Sequence[str], role: str) -> Recorded | None:
    """The last sign-off of somebody in this role for at least these suites."""
    for event in reading.rare_events(EventKind.HANDOVER_SIGNED, _SIGNED_BEFORE):
        covered = event.header["suites"]
        if event.actor.role == role and (not covered or set(suites) <= set(covered)):
            return event
    return None


def _stays(reading: Reading, suites: Sequence[str], since: int, *, first: bool) -> tuple[Stay, ...]:
    """Who is here, and who has left since; at a first sign-off only who is here."""
    here = {stay.id: stay for stay in reading.open_stays()}
    for event in () if first else _events_since(reading, since):
        if event.kind is EventKind.RELEASED and event.stay and event.stay not in here:
            gone = reading.stay(event.stay)
            if gone is not None:
                here[gone.id] = gone
    return tuple(stay for stay in here.values() if not suites or stay.suite in suites)


def _events_since(reading: Reading, since: int) -> Iterable[Recorded]:
    while batch := reading.events_after(since):
        yield from batch
        since = batch[-1].seq


def _change(look: Look, stay: Stay, since: int, actor: Actor, now: datetime) -> Change:
    look.knows(stay)
    history = History(stay, look.events(stay.id))
    clinical = reads(actor.role, Group.CLINICAL)
    told, readable = one_record(lambda: timeline(history, clinical=clinical), lambda: ())
    # That somebody took over is on each person's record, and is no news of the person.
    taken_over = {each.seq for each in history.events if each.header.get("kind") == TAKEN_OVER}
    entries = tuple(each for each in told if each.seq > since and each.seq not in taken_over)
    alerts = look.reading.alerts_of(stay.id)
    lines = tuple(sorted(look.lines(a for a in alerts if a.is_open), key=order))
    return Change(
        stay=stay.id,
        reference=stay.reference or "",
        initials=identity_of(stay).initials,
        cell=stay.cell,
        kind=_kind(stay, entries) if readable or not stay.is_open else "changed",
        urgency=lines[0].urgency if lines else stay.screening_urgency,
        entries=entries,
        open_alerts=lines,
        next_due=next_due(alerts, now),
        unreadable=not readable,
    )


def _kind(stay: Stay, entries: tuple[TimelineEntry, ...]) -> str:
    if not stay.is_open:
        return "left"
    if any(entry.kind == EventKind.STAY_OPENED for entry in entries):
        return "arrived"
    return "changed" if entries else "unchanged"


_KINDS = ("arrived", "changed", "unchanged", "left")


def _order(change: Change) -> tuple[int, int, str]:
    """The most urgent first; those who are unchanged or have left at the end."""
    urgency = SEVERITY[change.urgency] if change.urgency else 0
    late = change.kind in ("unchanged", "left")
    return (int(late), -urgency, f"{_KINDS.index(change.kind)}{change.reference}")
