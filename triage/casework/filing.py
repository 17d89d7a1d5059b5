"""The summary for another system, and the mark that somebody has filed it there already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from triage.casework.acts import Ids, allow, once, stay_for
from triage.casework.entries import findings_of, typed_by
from triage.casework.filed import Filed
from triage.casework.history import History
from triage.casework.past import Past, past_of
from triage.casework.permissions import permissions_of
from triage.casework.service import Service
from triage.domain.ending_alerts import Outcome
from triage.domain.errors import InputError
from triage.domain.findings import Findings, Need, Urgency
from triage.domain.london import text
from triage.domain.roles import Group, Verb, reads
from triage.present import summary as fields
from triage.present.spans import capital, listed, named, plain
from triage.present.summary import Field, Keep, Line, line
from triage.present.words import said
from triage.record import Actor, EventKind, NewEvent, Recorded, Writing
from triage.record.access import Operation

LONGEST_PASTE = fields.LONGEST
SYSTEMS = ("systmone", "rio", "other")
# What a summary rests on; anything newer of these kinds is not in what was filed.
_TOLD = (
    EventKind.SCREENING_SAVED, EventKind.ROUTE_DECISION, EventKind.CONSENT, EventKind.RELEASED,
    EventKind.ALERT_ACTED, EventKind.ALERT_CLOSED, EventKind.CORRECTED, EventKind.WITHDRAWN,
)  # fmt: skip
_KEEP = {
    Urgency.EMERGENCY: Keep.ALWAYS,
    Urgency.URGENT: Keep.URGENT,
    Urgency.SOON: Keep.SOON,
    Urgency.ROUTINE: Keep.ROUTINE,
}


@dataclass(frozen=True)
class Summary:
    """A text to paste, what it reaches up to, and whether that was filed already."""

    stay: str
    text: str
    up_to_seq: int
    filed: Filed | None


@dataclass(frozen=True)
class FiledSaved:
    """The mark that a summary was filed; ``repeated`` when it had been filed before."""

    seq: int
    stay: str
    filed: Filed
    notices: tuple[str, ...] = ()
    repeated: bool = False


def paste_block(service: Service, stay: str, *, actor: Actor, now: datetime) -> str:
    """A summary to paste into another system, as this role may see it; at most 1,500 characters.

    It names the person by number only, and goes on the log as a disclosure.
    """
    return summary(service, stay, actor=actor, now=now).text


def summary(service: Service, stay: str, *, actor: Actor, now: datetime) -> Summary:
    """The paste block of one person, and whether somebody has filed it; logged as a disclosure."""
    allow(actor, Verb.VIEW_STAY)
    clinical = reads(actor.role, Group.CLINICAL)
    with service.record.reading() as reading:
        history = History.read(reading, stay_for(reading, stay, actor))
        past = past_of(service.rulebook, reading, history, clinical=clinical, said=False)
    service.record.log_access(
        actor,
        "paste block",
        stay,
        "filed elsewhere",
        now,
        operation=Operation.DISCLOSURE,
        recipients=["the clipboard of this terminal"],
    )
    told = fields.block(_lines(history, past, now=now, clinical=clinical))
    return Summary(stay, told, _reaches(history), filed_of(history))


def file_summary(
    service: Service,
    stay: str,
    *,
    system: str,
    up_to_seq: int,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> FiledSaved:
    """Mark that the summary up to an entry stands in another system.

    Whoever marks the same again gets the first mark back: two nurses never file it twice.
    """
    allow(actor, Verb.NOTE_CLINICAL)
    if system not in SYSTEMS:
        raise InputError.at("system", "In which system was it filed?", SYSTEMS)

    def do(writing: Writing) -> FiledSaved:
        here = stay_for(writing, stay, actor)
        history = History.read(writing, here)
        reaches = min(up_to_seq, _reaches(history))
        before = filed_of(history, system=system)
        if before is not None and _up_to(history, before.seq) >= reaches:
            return FiledSaved(before.seq, stay, before, repeated=True)
        header = {"system": system, "up_to": reaches}
        recorded = writing.append(NewEvent(EventKind.FILED, actor, now, stay=stay, header=header))
        return FiledSaved(recorded.seq, stay, _filed(History.read(writing, here), recorded))

    def again(writing: Writing, ids: Ids) -> FiledSaved:
        history = History.read(writing, stay_for(writing, stay, actor))
        mark = next(event for event in history.events if event.seq == ids["seq"])
        return FiledSaved(ids["seq"], stay, _filed(history, mark), repeated=True)

    body = {"stay": stay, "system": system, "up_to": up_to_seq}
    return once(service, Verb.NOTE_CLINICAL, body, do, again, actor=actor, now=now, key=key)


def filed_of(history: History, *, system: str | None = None) -> Filed | None:
    """The last mark that a summary of this stay was filed, in any system or in one."""
    marks = [
        event
        for event in history.standing(EventKind.FILED)
        if system is None or event.header["system"] == system
    ]
    return _filed(history, marks[-1]) if marks else None


def _filed(history: History, mark: Recorded) -> Filed:
    up_to = int(mark.header["up_to"])
    newer = sum(event.kind in _TOLD and event.seq > up_to for event in history.events)
    system, who = str(mark.header["system"]), mark.actor
    return Filed(mark.seq, system, mark.occurred_at, who.name, who.role, newer)


def _up_to(history: History, seq: int) -> int:
    return next(int(event.header["up_to"]) for event in history.events if event.seq == seq)


def _reaches(history: History) -> int:
    return max((event.seq for event in history.events if event.kind in _TOLD), default=0)


def _lines(history: History, past: Past, *, now: datetime, clinical: bool) -> list[Line]:
    saved = history.screenings
    findings = findings_of(saved[-1], clinical=clinical) if saved else None
    lines = [_contact(history, now)]
    if findings is None:
        none = "What was screened has been erased." if saved else "No screening has been saved."
        lines.append(line(Field.REASON, none, Keep.ALWAYS))
    else:
        lines += _found(history.when(saved[-1]), findings)
    lines += _before(past)
    lines += _agreed(history, clinical=clinical)
    lines += _decided(history, clinical=clinical)
    lines += _done(history, clinical=clinical)
    return [*lines, *_left(history)]


def _contact(history: History, now: datetime) -> Line:
    stay = history.stay
    number = stay.reference or stay.id
    return line(Field.CONTACT, f"{number}, {named(stay.suite or '')}, {text(now)}", Keep.ALWAYS)


def _found(at: datetime, findings: Findings) -> Iterable[Line]:
    have, of = findings.answered
    status = plain(findings.status)
    words = f"Custody screening {status}, {text(at)}, {have} of {of} answered."
    yield line(Field.REASON, words, Keep.ALWAYS)
    if findings.nothing_found:
        words = f"No flags raised from {have} of {of} answers."
        yield line(Field.RISK, words, Keep.ALWAYS)
    for need in findings.needs:
        yield _need(need)
    for flag in findings.flags:
        words = f"{flag.urgency.word.upper()}: {said(flag.flag)}"
        yield line(Field.NEEDS, words, _KEEP[flag.urgency])
    if findings.not_excluded:
        names = dict.fromkeys(said(each.need) for each in findings.not_excluded)
        words = f"Ask again about {listed(list(names))}."
        yield line(Field.NOT_EXCLUDED, words, Keep.URGENT)


def _need(need: Need) -> Line:
    because = " ".join(dict.fromkeys(reason.because for reason in need.reasons))
    field = Field.RISK if need.urgency >= Urgency.URGENT else Field.NEEDS
    name = f"{need.urgency.word.upper()}: {said(need.need)}"
    return line(field, f"{name}. {because}", _KEEP[need.urgency], brief=name)


def _before(past: Past) -> Iterable[Line]:
    if past.stays:
        times = len(past.stays)
        lost = " Some of it is erased." if any(each.erased for each in past.stays) else ""
        lost += " Some of it cannot be read." if any(e.unreadable for e in past.stays) else ""
        words = f"{times} earlier {'stay' if times == 1 else 'stays'}.{lost}"
        yield line(Field.BEFORE, words, Keep.SOON)
    for each in past.needs:
        if each.before is not None:
            now = f"now {each.now}" if each.now else "not found now"
            then = f"{each.before.urgency} on {text(each.before.at)}"
            words = f"{capital(said(each.need))}: {then}, {now}"
            yield line(Field.BEFORE, words, Keep.CONTEXT)


def _agreed(history: History, *, clinical: bool) -> Iterable[Line]:
    """Who outside may hear of the person; whoever pastes this must see when nobody may."""
    known = permissions_of(history, clinical=clinical)
    if not any(each.given for each in known):
        words = "Nobody outside the suite may be told: no consent or other basis stands."
        yield line(Field.CONSENT, words, Keep.ALWAYS)
    for each in known:
        basis = "consent" if each.basis == "consent" else plain(each.basis)
        state = "yes" if each.given else "withdrawn" if each.withdrawn else "no"
        capacity = _CAPACITY.get(each.capacity or "", "")
        words = f"{capital(each.to)}: {basis} {state}, {text(each.since)}, {each.by}{capacity}"
        yield line(Field.CONSENT, words, Keep.DONE, brief=f"{capital(each.to)}: {state}")


_CAPACITY = {"has": ", has capacity for this", "lacks": ", lacks capacity for this now"}


def _decided(history: History, *, clinical: bool) -> Iterable[Line]:
    """The last word on each route; what health staff decided on clinical grounds is theirs."""
    last: dict[str, Line] = {}
    for event in history.standing(EventKind.ROUTE_DECISION):
        groups = ("police", "clinical") if clinical else ("police",)
        body = {k: v for each in groups for k, v in (event.payloads.get(each) or {}).items()}
        about = event.header.get("route") or body.get("route") or body.get("need")
        if about is None:
            continue
        outcome = plain(str(event.header["decision"]))
        brief = f"{capital(said(str(about)))}: {outcome}"
        reason = f" ({body['reason']})" if body.get("reason") else ""
        words = f"{brief}{reason}, {typed_by(event)[0]}, {text(history.when(event))}"
        last[str(about)] = line(Field.DONE, words, Keep.DONE, brief=brief)
    return last.values()


def _done(history: History, *, clinical: bool) -> Iterable[Line]:
    for event in history.events:
        if event.kind not in (EventKind.ALERT_ACTED, EventKind.ALERT_CLOSED):
            continue
        part = event.payloads.get("clinical" if clinical else "police") or {}
        words = part.get("did") or part.get("reason")
        if words:
            full = f"{words}, {event.actor.name}, {text(event.occurred_at)}"
            yield line(Field.DONE, full, Keep.DONE, brief=str(words))


def _left(history: History) -> Iterable[Line]:
    for event in history.standing(EventKind.RELEASED)[-1:]:
        told = event.payloads.get("police") or {}
        to = plain(str(event.header.get("to") or "not recorded"))
        yield line(Field.PLAN, f"Left {text(history.when(event))}, to: {to}", Keep.DONE)
        for name, words in (("handed_to", "With: "), ("plan", "")):
            if told.get(name):
                yield line(Field.PLAN, f"{words}{told[name]}", Keep.DONE)
    outcomes = {event.header.get("outcome") for event in history.standing(EventKind.ALERT_CLOSED)}
    if Outcome.RELEASED_BEFORE_SEEN in outcomes:
        yield line(Field.PLAN, "Left before they were seen.", Keep.ALWAYS)
