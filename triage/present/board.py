"""The board in words: initials and cell, how urgent, what is due next, who has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.whereabouts import Known, Where
from triage.present import alerts, spans
from triage.present.events import PLACE_WORDS

if TYPE_CHECKING:
    from triage.casework import Board, BoardRow, ScreenAgain

_STATUS = {
    "complete": "Screening complete",
    "provisional": "Screening not finished",
    "refused": "Screening refused",
    "cannot_screen": "Cannot be screened now",
}
UNREADABLE = "This record cannot be read: keep its checks and times by hand"
EMPTY = "Nobody is on the board of these suites."
NO_NAME = "No name yet"
NOBODY_WAITS = "Nobody waits for a clinician in these suites."


@dataclass(frozen=True)
class Row:
    """One person on the board."""

    stay: str
    who: str
    where: str
    level: str
    urgency: str
    urgency_note: str
    next_due: str
    next_words: str
    next_passed: bool
    has_it: str
    screening: str
    power: str
    screen_again: str
    no_power: bool  # in custody, and no power is recorded or can be read: said loudly


def row(line: "BoardRow", *, now: datetime) -> Row:
    """One row, with everything it says in words."""
    return Row(
        stay=line.stay,
        who=name(line.initials),
        where=_where(line),
        level=line.urgency or "none",
        urgency=urgency(line.urgency, line.screening),
        urgency_note=_note(line, now),
        next_due=spans.due(line.next_due.at, now=now) if line.next_due else "Nothing due",
        next_words=line.next_due.words if line.next_due else "",
        next_passed=bool(line.next_due and line.next_due.over_seconds),
        has_it=_who_has_it(line, now),
        screening=_screening(line),
        power=_power(line, now),
        screen_again=screen_again(line.screen_again, now=now),
        no_power=line.unreadable or (line.power is None and line.kind != "voluntary"),
    )


def screen_again(asked: "ScreenAgain | None", *, now: datetime) -> str:
    """After what somebody is to be screened again, and by when; empty while nothing asks for it."""
    return f"{asked.words} By {spans.moment(asked.due_at, now=now)}." if asked else ""


def name(initials: str) -> str:
    """The initials, or words where nobody knows the name yet."""
    return initials if any(each.isalpha() for each in initials) else NO_NAME


def urgency(highest: str | None, screening: str | None) -> str:
    """How urgent somebody is; without any, whether everything was asked that could raise one."""
    if highest:
        return alerts.URGENCY_WORDS[highest]
    return "No flags raised" if screening == "complete" else "Not known yet"


def place(where: str | None) -> str:
    """A kind of place as people say it."""
    return PLACE_WORDS.get(where or "", spans.plain(where or "place not recorded"))


def whereabouts(where: Where) -> str:
    """Where somebody is, in words; a place that is only expected is said to be only that."""
    if where.place is None and where.known is Known.ON_THE_WAY:
        return "On the way, nobody has said where to"
    if where.known is Known.ON_THE_WAY:
        return f"On the way to: {place(where.place)}"
    if where.known is Known.LEFT:
        return f"Left: {place(where.place)}, no other place recorded"
    return PLACE_WORDS.get(where.place or "", "Place not recorded")


def _where(line: "BoardRow") -> str:
    where = f"cell {line.cell}" if line.cell else whereabouts(Where(line.place, line.where))
    return ", ".join(part for part in (where, spans.named(line.suite), line.reference) if part)


def _note(line: "BoardRow", now: datetime) -> str:
    if not line.open_alerts:
        return ""
    said = spans.count(line.open_findings, "open alert", "open alerts")
    taken = f"{line.untaken_findings} not taken" if line.untaken_findings else "all taken"
    held = alerts.held(line.top, now=now) if line.top else []
    return " ".join([f"{said}, {taken}{'.' if held else ''}", *held])


def _who_has_it(line: "BoardRow", now: datetime) -> str:
    if line.holders:
        return alerts.holders(line.holders, "acknowledged", now=now)
    return "Nobody has it" if line.open_alerts else ""


def _screening(line: "BoardRow") -> str:
    if line.unreadable:
        return UNREADABLE
    if line.screening is None:
        return "Not screened yet"
    said = _STATUS.get(line.screening, spans.plain(line.screening))
    return f"{said}: {line.answered[0]} of {line.answered[1]} answers" if line.answered else said


def _power(line: "BoardRow", now: datetime) -> str:
    if line.unreadable:
        return "Cannot be read"
    if line.power is None:
        return "Voluntary" if line.kind == "voluntary" else "None recorded"
    said = power_name(line.power.power)
    if line.power.lapses_at is None:
        return f"{said}, {spans.since(line.power.since, now=now)}"
    verb = "lapses" if line.power.lapses_at > now else "lapsed"
    return f"{said}, {verb} {spans.due(line.power.lapses_at, now=now)}"


def power_name(power: str) -> str:
    """A power as people say it."""
    names = {"section136": "Section 136", "s136": "Section 136", "section135": "Section 135"}
    return {**names, "s135": "Section 135", "pace": "PACE"}.get(power, spans.plain(power))


def heading(found: "Board") -> str:
    """How many people, where, and when this was read."""
    suites = spans.listed([spans.named(suite) for suite in found.suites]) or "all suites"
    people = spans.count(len(found.rows), "person", "people")
    return f"{people} in {suites}, as of {spans.moment(found.at, now=found.at)}."
