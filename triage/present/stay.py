"""One person's stay in words: who, where, what happened, what was decided, what is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain import london
from triage.domain.answers import Person
from triage.domain.clocks import Power
from triage.domain.facts import age_on
from triage.domain.roles import Verb, role_words
from triage.present import spans
from triage.present.board import name, place, power_name
from triage.present.events import KIND_WORDS
from triage.present.words import said

if TYPE_CHECKING:
    from triage.casework import DecisionLine, Gap, ScreeningLine, StayView, TimelineEntry

_KINDS = {
    "custody": "Custody record",
    "section136": "Section 136 detention",
    "voluntary": "Voluntary attendance",
}
_EVENTS = {
    "stay_opened": "Stay opened",
    "stay_moved": "Moved",
    "identity_recorded": "Identity recorded",
    "screening_saved": "Screening recorded",
    "observation_noted": "Observation noted",
    "detention_event": "Event",
    "authorisation": "Authority given",
    "route_decision": "Route decided",
    "consent": "Consent",
    "visit": "Visit",
    "rousing": "Rousing check",
    "release_checked": "Release checked",
    "released": "Released",
    "note": "Note",
    "filed": "Summary filed elsewhere",
    "corrected": "Correction",
    "withdrawn": "Withdrawn",
    "wrong_person": "Moved to the right person",
    "alert_raised": "Alert raised",
    "alert_counted": "Found again; it stays one alert",
    "alert_climbed": "Alert passed on",
    "alert_acknowledged": "Alert taken",
    "alert_acted": "Alert acted on",
    "alert_reopened": "Alert open again",
    "alert_closed": "Alert closed",
    "alert_cancelled": "Alert cancelled",
    "alert_withdrawn": "Alert withdrawn",
    "access_granted": "Access given",
    "erased": "Erased",
}
_SHOWN_PARTS = ("words", "reason", "outcome", "done", "seen", "place", "plan", "handed_to")
NO_SCREENING = "There is no screening yet. Nothing is known about this person's needs."
NO_CLOCKS = "No clock runs: no detention event is recorded."
NOT_CLINICAL = "Health staff keep clinical notes here. Your role does not read them."


@dataclass(frozen=True)
class Doing:
    """Something that can be done for this person: where, in words, and by which verb."""

    endpoint: str
    words: str
    verb: Verb


DOINGS = (
    Doing("pages.screening", "Screen", Verb.RECORD_SCREENING),
    Doing("pages.event", "Record what happened", Verb.RECORD_EVENT),
    Doing("pages.authorise", "Give an authority", Verb.AUTHORISE),
    Doing("pages.visit", "Record a visit", Verb.RECORD_VISIT),
    Doing("pages.decide_route", "Decide a route", Verb.DECIDE_ROUTE),
    Doing("pages.consent", "Consent", Verb.CONSENT),
    Doing("pages.note", "Write a note", Verb.NOTE_POLICE),
    Doing("pages.move", "Move", Verb.MOVE_STAY),
    Doing("pages.identity", "Who they are", Verb.MOVE_STAY),
    Doing("pages.release", "Release", Verb.RELEASE),
)
_MENDED = (
    "screening_saved", "detention_event", "authorisation", "route_decision", "consent", "visit",
    "rousing", "note", "filed", "stay_opened", "stay_moved", "released", "identity_recorded",
)  # fmt: skip
_NOT_MOVED = ("stay_opened", "stay_moved", "released", "identity_recorded", "filed")


def kind_words(kind: str) -> str:
    """What kind of stay it is."""
    return _KINDS.get(kind, spans.capital(spans.plain(kind)))


def title(view: "StayView") -> str:
    """The heading and the title of the tab: initials and cell, never a name."""
    where = f"cell {view.cell}" if view.cell else place(view.place)
    return ", ".join(part for part in (name(view.identity.initials), where) if part)


def bar(view: "StayView", *, now: datetime) -> tuple[tuple[str, str], ...]:
    """What stands under the heading, label by label."""
    identity = view.identity
    items = [
        (kind_words(view.kind), view.reference),
        ("Name", identity.name or "Not known yet"),
        ("Age", _age(view, now)),
        ("Sex", spans.capital(spans.plain(identity.sex))),
        ("Suite", spans.named(view.suite)),
        ("Stage", spans.capital(said(view.stage))),
        ("Opened", spans.moment(view.opened_at, now=now)),
    ]
    if view.closed_at:
        items.append(("Closed", spans.moment(view.closed_at, now=now)))
    return tuple(items)


def _age(view: "StayView", now: datetime) -> str:
    identity = view.identity
    person = Person(age=identity.age, date_of_birth=identity.date_of_birth)
    years = age_on(person, london.day_of(now))
    source = f" ({spans.plain(identity.age_source)})" if identity.age_source != "unknown" else ""
    return "Not known" if years is None else f"{years}{source}"


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    seq: int
    when: str
    what: str
    details: tuple[str, ...]
    by: str
    marks: tuple[str, ...]
    struck: bool
    may_mend: bool = False
    may_move: bool = False


def entry(one: "TimelineEntry", *, now: datetime) -> Entry:
    """One event, with both of its times when they differ."""
    return Entry(
        seq=one.seq,
        when=spans.moment(one.occurred_at, now=now),
        what=_what(one),
        details=tuple(_details(one)),
        by=_by(one),
        marks=tuple(_marks(one, now)),
        struck=one.corrected_by is not None,
        may_mend=can_be_mended(one),
        may_move=can_be_mended(one) and one.kind not in _NOT_MOVED,
    )


def can_be_mended(one: "TimelineEntry") -> bool:
    """Whether an entry can be corrected: what was entered by a person, and is not struck out."""
    return one.kind in _MENDED and one.corrected_by is None and not one.erased


def _what(one: "TimelineEntry") -> str:
    """What happened: the event itself where it has words, an alert by its own words beside it."""
    kind = _EVENTS.get(one.kind, spans.capital(spans.plain(one.kind)))
    if one.kind == "detention_event" and one.what in KIND_WORDS:
        return KIND_WORDS[one.what]
    if one.kind == "authorisation" and one.what in KIND_WORDS:
        return f"{kind}: {KIND_WORDS[one.what]}"
    if not one.what or one.what == one.kind or one.kind.startswith("alert_"):
        return kind
    return f"{kind}: {said(one.what)}"


def _by(one: "TimelineEntry") -> str:
    """Who, in which role; the service itself has no role beside its name."""
    role = role_words(one.role)
    return one.by if one.by.casefold() == role.casefold() else f"{one.by}, {role}"


def _details(one: "TimelineEntry") -> list[str]:
    found = [str(one.parts[name]) for name in _SHOWN_PARTS if one.parts.get(name)]
    if one.kind == "consent":
        found.insert(0, _agreed(one))
    return [
        spans.plain(words) if words.islower() and " " not in words else words for words in found
    ]


def _agreed(one: "TimelineEntry") -> str:
    given, basis = one.parts.get("given") == "yes", str(one.parts.get("basis") or "consent")
    if basis == "consent":
        return "agrees" if given else "does not agree, or took it back"
    return f"{spans.plain(basis)} {'applies' if given else 'does not apply any more'}"


def _marks(one: "TimelineEntry", now: datetime) -> list[str]:
    marks = []
    if one.late:
        marks.append(f"Typed late, at {spans.moment(one.recorded_at, now=now)}")
    if one.corrects is not None:
        marks.append(f"Corrects entry {one.corrects}")
    if one.corrected_by is not None:
        marks.append(f"Corrected by entry {one.corrected_by}")
    if one.hidden:
        marks.append("Has a clinical part that your role does not read")
    if one.erased:
        marks.append("A part has been erased")
    return marks


@dataclass(frozen=True)
class Decision:
    """One decision in words."""

    when: str
    words: str
    by: str


def decision(one: "DecisionLine", *, now: datetime) -> Decision:
    """What was decided about a route or a need, or what the person consented to."""
    subject = said(one.route or one.need or one.to or "")
    outcome = spans.plain(one.outcome)
    reason = f" Reason: {spans.plain(one.reason)}." if one.reason else ""
    where = f" to {one.to}" if one.to and one.kind == "consent" else ""
    line = f"Consent{where}: {outcome}" if one.kind == "consent" else f"{subject}: {outcome}"
    return Decision(
        when=spans.moment(one.occurred_at, now=now),
        words=f"{spans.capital(line)}.{reason}",
        by=f"{one.by}, {role_words(one.role)}",
    )


def version(one: "ScreeningLine", *, now: datetime) -> str:
    """One version of the screening, in a line."""
    withdrawn = " Withdrawn." if one.withdrawn else ""
    late = " Typed late." if one.late else ""
    by = f"by {one.by} ({role_words(one.role)})"
    when = spans.moment(one.occurred_at, now=now)
    return f"Version {one.version}, {when}: {_result(one)}, {by}.{late}{withdrawn}"


def _result(one: "ScreeningLine") -> str:
    if one.findings is None:
        return "could not be evaluated"
    answered, core = one.findings.answered
    state = "provisional" if one.provisional else spans.plain(one.findings.status.value)
    return f"{state}, {answered} of {core} answers"


def gap(one: "Gap") -> str:
    """One open thing, with how urgent it is."""
    return f"{spans.capital(one.urgency.word)}: {one.words}"


def powers(view: "StayView", *, now: datetime) -> tuple[str, ...]:
    """The power recorded, by whom, since when, and when it lapses; or that none is recorded."""
    if view.clocks is None:
        return ()
    if not view.clocks.powers:
        return ("Power recorded: none.",)
    return tuple(_power(each, now) for each in view.clocks.powers)


def _power(one: Power, now: datetime) -> str:
    by = f", by {one.set_by}" if one.set_by else ""
    line = f"Power recorded: {power_name(one.power)}{by}, {spans.since(one.since, now=now)}"
    if one.lapses_at is None:
        return f"{line}."
    verb = "lapses" if one.lapses_at > now else "lapsed"
    return f"{line}; {verb} at {spans.due(one.lapses_at, now=now)}."
