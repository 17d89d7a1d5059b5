"""The worklist in words: who first, why, who has it, what was before, what is filed."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain import london
from triage.domain.roles import role_words
from triage.present import alerts, spans
from triage.present.board import name
from triage.present.words import said

if TYPE_CHECKING:
    from triage.casework import AgreedCall, AlertLine, Filed, WorkLine, Worklist

TAKE = "I am taking this"
_BEFORE_NEXT = {
    "more_urgent": "more urgent than the next",
    "nobody_has_it": "no clinician has it, the next is taken",
    "longer": "as urgent as the next, and waits longer",
    "same": "as urgent as the next, and came at the same time",
}
_MOST_BEFORE = 4
NOT_LEGIBLE = "Provisional: what is recorded of them cannot be read. Ask on paper what was known."
_GONE = ("who left custody is", "who left custody are")
SYSTEM_WORDS = {"systmone": "SystmOne", "rio": "RiO", "other": "another system"}


@dataclass(frozen=True)
class Row:
    """One person on a clinician's list."""

    stay: str
    place: str
    who: str
    where: str
    level: str
    urgency: str
    headline: str
    more: str
    first: str
    others: tuple[str, ...]
    waits: str
    has_it: str
    waits_for_me: bool  # something of it has no clinician yet
    left: str
    again: str
    held: str
    not_read: str
    before: str
    differs: str
    filed: str
    why: str
    codes: str


def row(line: "WorkLine", *, of: int, now: datetime) -> Row:
    """One line of the list; the first sentence of its first alert stands for the person."""
    top, rest = line.alerts[0], line.alerts[1:]
    headline, more = alerts.sentences(top.words)
    cell = f"cell {line.cell}" if line.cell and not line.left_at else ""
    return Row(
        stay=line.stay,
        place=str(line.place),
        who=name(line.initials),
        where=", ".join(part for part in (cell, spans.named(line.suite), line.reference) if part),
        level=line.urgency,
        urgency=alerts.urgency_words(line.urgency),
        headline=headline,
        more=more,
        first=alerts.first_999(top),
        others=tuple(other(each) for each in rest),
        waits=f"Waiting {spans.since(top.due_at, now=now)}",
        has_it=_has_it(line, now),
        waits_for_me=bool(line.untaken),
        left=f"Left custody {spans.moment(line.left_at, now=now)}" if line.left_at else "",
        again=alerts.found_again(top, now) if top.count > 1 else "",
        held=" ".join(alerts.held(top, now=now)),
        not_read=_not_read(line, now),
        before=_before(line, now),
        differs=_differs(line.differs),
        filed=filed(line.filed, now=now) if line.filed else "",
        why=_why(line, of),
        codes=top.code,
    )


def other(line: "AlertLine") -> str:
    """One alert of several of one person."""
    return f"{alerts.urgency_words(line.urgency)}: {alerts.sentences(line.words)[0]}"


def of_alert(line: "AlertLine") -> str:
    """The person of an alert, in a line over a form."""
    cell = f"cell {line.cell}" if line.cell else ""
    parts = (name(line.initials), line.reference, cell, spans.named(line.suite))
    return ", ".join(part for part in parts if part)


def _has_it(line: "WorkLine", now: datetime) -> str:
    """Who has it. An officer at the cell is named, and is no clinician."""
    if not line.holders:
        return "Nobody has it"
    held = alerts.holders(line.holders, "acknowledged", now=now)
    if not line.taken:
        return f"{held}; no clinician yet"
    return f"{held}; {line.untaken} more no clinician has yet" if line.untaken else held


def _why(line: "WorkLine", of: int) -> str:
    place = f"{line.place} of {of}"
    reason = _BEFORE_NEXT.get(line.before_next)
    if reason:
        return f"{place}: {reason}."
    return f"{place}: the others are more urgent or wait longer." if of > 1 else f"{place}."


def _not_read(line: "WorkLine", now: datetime) -> str:
    """What the last screening could not rest on, and since when it has not."""
    if line.unreadable:
        return NOT_LEGIBLE
    if line.not_read is None:
        return ""
    told = []
    if line.not_read.record:
        read = line.not_read.record_read_at
        when = f"last read {spans.moment(read, now=now)}" if read else "never in this stay"
        told.append(f"the record was not read ({when})")
    if line.not_read.unfinished:
        told.append("the screening is not complete")
    return f"Provisional: {spans.listed(told)}."


def _before(line: "WorkLine", now: datetime) -> str:
    """Needs of earlier screenings, those that are not found now first."""
    found = sorted(line.before, key=lambda each: each.now is not None)
    words = [
        f"{said(each.need)} ({each.before.urgency}, {day(each.before.at, now=now)}"
        f"{', not found now' if each.now is None else ''})"
        for each in found
        if each.before
    ]
    if not words:
        return ""
    rest = len(words) - _MOST_BEFORE
    shown = "; ".join(words[:_MOST_BEFORE]) + (f"; and {rest} more" if rest > 0 else "")
    return f"Found before: {shown}."


def _differs(number: int) -> str:
    if not number:
        return ""
    told = spans.count(number, "old yes stands", "old answers stand")
    return f"{told} against what is said now."


def day(at: datetime, *, now: datetime) -> str:
    """The day of something past; the time of day where it was today."""
    if london.day_of(at) == london.day_of(now):
        return london.short(at)
    wall = london.to_wall(at)
    return f"{wall.day} {wall:%b %Y}"


def filed(mark: "Filed", *, now: datetime) -> str:
    """Where a summary stands already, since when and by whom, and what is not in it."""
    where = SYSTEM_WORDS.get(mark.system, spans.plain(mark.system))
    line = f"Already filed {spans.moment(mark.at, now=now)} in {where} by {mark.by}"
    if mark.role:
        line += f" ({role_words(mark.role)})"
    if not mark.newer:
        return f"{line}."
    newer = spans.count(mark.newer, "newer entry is", "newer entries are")
    return f"{line}; {newer} not in it."


def call(one: "AgreedCall", *, now: datetime) -> str:
    """One call that was agreed."""
    who = ", ".join(part for part in (name(one.initials), one.reference) if part)
    return f"{spans.due(one.at, now=now)}: {who}"


def heading(found: "Worklist") -> str:
    """How many wait, of how many, where, and when this was read.

    Whoever left before a clinician saw them stays on the list, and is none of the people here.
    """
    people = spans.count(found.people, "person", "people")
    suites = spans.listed([spans.named(suite) for suite in found.suites]) or "all suites"
    at = spans.moment(found.at, now=found.at)
    left = sum(line.left_at is not None for line in found.lines)
    here = f"{len(found.lines) - left} of {people} in {suites} wait for a clinician, as of {at}."
    return f"{here} {spans.count(left, *_GONE)} still on the list." if left else here


def failing(found: "Worklist") -> tuple[str, ...]:
    """What of the service itself does not work now, since when: nobody finds out by silence."""
    return tuple(
        f"{alerts.level_words(each.level)}, {spans.since(each.due_at, now=found.at)}: {each.words}"
        for each in found.failing
    )


def busy(found: "Worklist") -> str:
    """That urgent alerts go to cover now, because whoever looks is with somebody."""
    until = found.with_somebody_until
    if until is None:
        return ""
    at = spans.moment(until, now=found.at)
    return f"You are with somebody until {at}: urgent alerts go to cover, emergencies still come."
