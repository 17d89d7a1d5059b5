"""One person's stay in words: who, where, what happened, what was decided, what is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from triage.domain import london
from triage.domain.answers import Marker, Person
from triage.domain.clocks import Power
from triage.domain.facts import age_on
from triage.domain.findings import Urgency
from triage.domain.roles import Verb, role_words
from triage.present import spans
from triage.present.board import UNREADABLE, name, power_name, whereabouts
from triage.present.words import said

if TYPE_CHECKING:
    from triage.casework import DecisionLine, ScreeningLine, StayView

__all__ = ["UNREADABLE"]  # the sentence of the lists, on the person's own page as well
_KINDS = {
    "custody": "Custody record",
    "section136": "Section 136 detention",
    "voluntary": "Voluntary attendance",
}
NO_SCREENING = "There is no screening yet. Nothing is known about this person's needs."
UNREADABLE_MORE = (
    "What stands here is not all. What you record now is kept. Tell whoever runs this service."
)
NOT_KNOWN = "Power recorded: cannot be read. Nobody can tell from here which power holds them."
CLOCKS_NOT_READ = "Which clocks run cannot be read: keep its times by hand."
SCREENING_ERASED = (
    "What was screened in this stay has been erased: nobody can tell any more what it found. That "
    "is not the same as nothing found."
)
SCREENING_NOT_READ = "Whether there is a screening, and what it found, cannot be read."
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


def can_be(verb: Verb, *, over: bool) -> bool:
    """Whether it can be done as the stay stands; what happened is recorded also after its end."""
    return not over or verb is Verb.RECORD_EVENT


def kind_words(kind: str) -> str:
    """What kind of stay it is."""
    return _KINDS.get(kind, spans.capital(spans.plain(kind)))


def title(view: "StayView") -> str:
    """The heading and the title of the tab: initials and cell, never a name.

    Who has left is in no cell: somebody else may be in theirs.
    """
    cell = f"cell {view.cell}" if view.cell else whereabouts(view.where)
    where = "left custody" if view.closed_at else cell
    return ", ".join(part for part in (name(view.identity.initials), where) if part)


def no_screening(view: "StayView") -> str:
    """Why nothing of a screening is shown: nobody asked, or what was asked is gone, or damaged."""
    if view.unreadable and not view.screenings:
        return SCREENING_NOT_READ
    asked = (each for each in view.timeline if each.kind == "screening_saved")
    gone = any(each.erased and not each.withdrawn for each in asked)
    return SCREENING_ERASED if gone else NO_SCREENING


def markers(view: "StayView") -> tuple[Marker, ...]:
    """The warnings that the last screening rested on, with their days."""
    told = (each for each in view.screenings if each.findings is not None and not each.withdrawn)
    last = max(told, key=lambda each: (each.occurred_at, each.seq), default=None)
    return () if last is None else last.details.record.markers


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


class Open(Protocol):
    """One open thing, wherever it comes from."""

    @property
    def urgency(self) -> Urgency:
        """How soon a person must act."""

    @property
    def words(self) -> str:
        """What is open."""


def gap(one: Open) -> str:
    """One open thing, with how urgent it is."""
    return f"{spans.capital(one.urgency.word)}: {one.words}"


def powers(view: "StayView", *, now: datetime) -> tuple[str, ...]:
    """The power recorded, by whom, since when, and when it lapses; or that none is recorded."""
    if view.clocks is None:
        return (NOT_KNOWN,)
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
