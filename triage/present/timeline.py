"""What happened to one person, line by line, and beside it the life of each alert."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from triage.domain.differences import What
from triage.domain.legal_owner import DECIDED
from triage.domain.roles import DECIDES_THE_LAW, role_words
from triage.present import leaving, spans
from triage.present.authorities import AUTHORITIES
from triage.present.board import place
from triage.present.changes import change_words, moved_words, never_true_words
from triage.present.events import HAPPENED, KIND_WORDS, Asked, kind
from triage.present.words import said

if TYPE_CHECKING:
    from triage.casework import TimelineEntry

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
    "access_granted": "Access given",
    "erased": "Erased",
}
_STEPS = {
    "alert_raised": "raised",
    "alert_counted": "found again; it stays one alert",
    "alert_climbed": "passed on",
    "alert_acknowledged": "taken",
    "alert_acted": "acted on",
    "alert_reopened": "open again",
    "alert_retimed": "next step brought forward: the clock had been wrong",
    "alert_closed": "closed",
    "alert_cancelled": "cancelled",
    "alert_withdrawn": "withdrawn",
}
_SHOWN_PARTS = (
    "words", "why", "reason", "outcome", "done", "did", "seen", "place", "plan", "handed_to",
)  # fmt: skip
_MENDED = (
    "screening_saved", "detention_event", "authorisation", "route_decision", "consent", "visit",
    "rousing", "note", "filed", "stay_opened", "stay_moved", "released", "identity_recorded",
)  # fmt: skip
_NOT_MOVED = ("stay_opened", "stay_moved", "released", "identity_recorded", "filed")
_ROUTINE = ("visit", "rousing")
_ANSWERED = {"True": "yes", "False": "no"}


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
    routine: bool = False  # a visit or a passed rousing check of which there is nothing to say


@dataclass(frozen=True)
class AlertStory:
    """One alert from its raising to its end."""

    words: str
    steps: tuple[str, ...]


def entry(one: "TimelineEntry", *, now: datetime) -> Entry:
    """One event, with both of its times when they differ."""
    details, marks = tuple(_details(one, now)), tuple(_marks(one, now))
    bare = not details and not marks and one.corrected_by is None and one.corrects is None
    return Entry(
        seq=one.seq,
        when=spans.moment(one.occurred_at, now=now),
        what=_what(one),
        details=details,
        by=_by(one),
        marks=marks,
        struck=one.withdrawn,
        may_mend=can_be_mended(one),
        may_move=can_be_mended(one) and one.kind not in _NOT_MOVED,
        routine=one.kind in _ROUTINE and bare and _told(one).get("passed") is not False,
    )


def stories(entries: Iterable["TimelineEntry"], *, now: datetime) -> tuple[AlertStory, ...]:
    """Each alert of the stay with all that was done about it, the last one raised first."""
    lives: dict[str, list[TimelineEntry]] = {}
    for each in entries:
        if is_about_alert(each):
            for key in each.parts.get("counts", (each.parts.get("key"),)):
                lives.setdefault(str(key), []).append(each)
    return tuple(_story(life, now) for life in reversed(lives.values()))


def _story(life: "list[TimelineEntry]", now: datetime) -> AlertStory:
    words = next((each.parts["words"] for each in life if each.parts.get("words")), "")
    hidden = "Its words are clinical: your role does not read them."
    return AlertStory(str(words) or hidden, tuple(_step(each, now) for each in life))


def _step(one: "TimelineEntry", now: datetime) -> str:
    roles = [role_words(role) for role in one.parts.get("to", ())]
    to = f" to {spans.listed(roles)}" if roles and one.kind in ("alert_raised", _CLIMBED) else ""
    parts = [f"{spans.moment(one.occurred_at, now=now)}: {_STEPS[one.kind]}{to}, {_by(one)}"]
    if one.parts.get("reason") == What.MOVED and "due_now" in one.parts:
        parts.append(_moved(one.parts, now))
    elif one.parts.get("reason") == What.MENDED and "was_due" in one.parts:
        parts.append(_never_true(one.parts, now))
    else:
        parts += [words for words in _shown(one) if words != one.parts.get("words")]
    parts += _marks(one, now)
    return f"{'. '.join(part.rstrip('.') for part in parts)}. ({one.seq})"


def _moved(told: Mapping[str, Any], now: datetime) -> str:
    due, since = (datetime.fromisoformat(told[name]) for name in ("due_now", "counts_since"))
    return moved_words(str(told["clock"]), due, str(told["counts_from"]), since, now=now)


def _never_true(told: Mapping[str, Any], now: datetime) -> str:
    happened, typed, due = (
        datetime.fromisoformat(told[name]) for name in ("happened_at", "typed_at", "was_due")
    )
    return never_true_words(int(told["by_event"]), str(told["did"]), happened, typed, due, now=now)


_CLIMBED = "alert_climbed"


def is_about_alert(one: "TimelineEntry") -> bool:
    """Whether an event belongs to the life of an alert rather than to that of the person."""
    return one.kind in _STEPS


def can_be_mended(one: "TimelineEntry") -> bool:
    """Whether an entry can be corrected, also once more: a person entered it, and it stands."""
    return one.kind in _MENDED and not one.withdrawn and not one.erased


def _what(one: "TimelineEntry") -> str:
    """What happened: the event itself where it has words, an alert by its own words beside it."""
    if one.kind in _STEPS:
        return f"Alert {_STEPS[one.kind]}"
    if one.parts.get("refused"):
        asked = KIND_WORDS.get(str(one.parts["refused"]), spans.plain(str(one.parts["refused"])))
        return f"Asked for and refused: {asked}"
    name = _EVENTS.get(one.kind, spans.capital(spans.plain(one.kind)))
    if one.kind == "detention_event" and one.what in KIND_WORDS:
        return KIND_WORDS[one.what]
    if one.kind == "authorisation" and one.what == DECIDED:
        return KIND_WORDS[DECIDED]  # whoever put it on the record gave no authority
    if one.kind == "authorisation" and one.what in KIND_WORDS:
        return f"{name}: {KIND_WORDS[one.what]}"
    if not one.what or one.what == one.kind or one.kind == "rousing":
        return name
    return f"{name}: {said(one.what)}"


def _by(one: "TimelineEntry") -> str:
    """Who, in which role; the service itself has no role beside its name.

    A decision of the legal owner is theirs, and whoever brought it is named beside them.
    """
    entered = _named(one.by, one.role)
    if one.parts.get("first_by"):
        first = _named(str(one.parts["first_by"]), str(one.parts.get("first_role")))
        entered = f"{first}; moved here from another person by {entered}"
    theirs = _legal_owner(one)
    return f"decided by {theirs}; put on the record by {entered}" if theirs else entered


def _named(name: str, role: str) -> str:
    said = role_words(role)
    return name if name.casefold() == said.casefold() else f"{name}, {said}"


def _legal_owner(one: "TimelineEntry") -> str:
    """The legal owner who decided, by name; empty for everything else."""
    told = _told(one)
    if one.what != DECIDED or told.get("role") != DECIDES_THE_LAW or not told.get("by"):
        return ""
    return f"{told['by']}, {role_words(DECIDES_THE_LAW)}"


def _details(one: "TimelineEntry", now: datetime) -> Iterator[str]:
    if one.kind == "consent":
        yield _agreed(one)
    if one.kind == "route_decision":
        need = one.parts.get("need")
        yield spans.plain(str(one.parts.get("decision") or ""))
        if need and not one.what:
            yield f"for {said(str(need))}"
    if one.parts.get("refused"):
        rows = [str(row) for row in one.parts.get("law_rows", ())]
        yield f"the law: {spans.listed(rows)}"
    yield from _event_details(one, now)
    yield from leaving.details(one.parts) if one.kind == "released" else _shown(one)
    yield from (change_words(each, now=now) for each in one.changes)


def _told(one: "TimelineEntry") -> Mapping[str, object]:
    """What a detention event, a visit or a rousing check holds, its own fields among the rest."""
    told = one.parts.get("event")
    if not isinstance(told, Mapping):
        return {}
    extra = told.get("extra")
    return {**told, **(extra if isinstance(extra, Mapping) else {})}


def _event_details(one: "TimelineEntry", now: datetime) -> Iterator[str]:
    told = _told(one)
    if told.get("place"):
        yield place(str(told["place"]))
    asks = kind(HAPPENED, one.what) or kind(AUTHORITIES, one.what)
    for asked in asks.asks if asks else ():
        value = told.get(asked.name)
        if value is not None and asked.name not in ("place", "by") and _worth_saying(asked, value):
            yield _answer(asked, value)
    by = told.get("by")
    if by and by not in (one.by, one.parts.get("first_by")) and not _legal_owner(one):
        yield f"by {by}"
    if told.get("words"):
        yield str(told["words"])
    yield from _uncertain(told.get("occurred_at"), now)


def _worth_saying(asked: Asked, value: object) -> bool:
    """That a rousing check was passed is what everybody expects; that it was not is said."""
    return not (asked.name == "passed" and value is True)


def _answer(asked: Asked, value: object) -> str:
    answer = _ANSWERED.get(str(value), str(value))
    words = dict(asked.options).get(answer, spans.plain(answer))
    return f"{asked.label.rstrip('?').lower()}: {words[:1].lower()}{words[1:]}"


def _uncertain(span: object, now: datetime) -> Iterator[str]:
    if not isinstance(span, Mapping):
        return
    first, last = (str(span.get(name)) for name in ("not_before", "not_after"))
    if first != last:
        begin, end = (datetime.fromisoformat(each) for each in (first, last))
        yield f"between {spans.moment(begin, now=now)} and {spans.moment(end, now=now)}"


def _shown(one: "TimelineEntry") -> list[str]:
    found = [str(one.parts[name]) for name in _SHOWN_PARTS if one.parts.get(name)]
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
    if one.withdrawn:
        marks.append(f"Withdrawn by entry {one.corrected_by}")
    elif one.stands_at is not None:
        right = spans.moment(one.stands_at, now=now)
        marks.append(f"Corrected by entry {one.corrected_by}: it was at {right}")
    if one.hidden:
        marks.append("Has a clinical part that your role does not read")
    if one.erased:
        marks.append("A part has been erased")
    return marks
