"""Words of a shift: handing it over by difference, and what one person holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.present import alerts, spans, timeline
from triage.present.board import UNREADABLE, name

if TYPE_CHECKING:
    from triage.casework import AlertLine, Change, Handover, TimelineEntry

_KINDS = {
    "arrived": "New",
    "changed": "Changed",
    "unchanged": "Nothing new",
    "left": "Has left",
}
# Who took an alert, or that it climbed, is told by the open alert itself.
_NOT_TOLD = (
    "alert_raised",
    "alert_climbed",
    "alert_counted",
    "alert_retimed",
    "alert_acknowledged",
    "release_checked",
)
_PRESSING = ("emergency", "urgent")
SIGN_LEAD = "Read what has changed, ask what you need to ask, and then take over with your name."
CUSTODY_LEAD = (
    "Whoever has something urgent, or a screening that is not complete, is then due to be screened "
    "again. For everybody else your name says that you went through them."
)
BUSY_LEAD = (
    "While you are with somebody in a place without a phone, urgent alerts go to whoever covers. "
    "Emergencies still come to you."
)
REASONS = (
    ("in a cell", "In a cell"),
    ("in an assessment", "In an assessment"),
    ("travelling between suites", "Travelling between suites"),
    ("on a break", "On a break"),
)
NOTHING_HELD = "You have taken nothing that is still open."


@dataclass(frozen=True)
class Difference:
    """One person in a handover."""

    stay: str
    who: str
    where: str
    kind: str
    level: str
    urgency: str
    rest: str  # what is less urgent, and what falls due next
    open_alerts: tuple[str, ...]
    entries: tuple[timeline.Entry, ...]
    quiet: bool  # nothing has changed and nothing urgent is open


def difference(one: "Change", *, now: datetime) -> Difference:
    """What is different about one person."""
    cell = f"cell {one.cell}" if one.cell else ""
    entries = [each for each in one.entries if _is_news(each)]
    return Difference(
        stay=one.stay,
        who=name(one.initials),
        where=", ".join(part for part in (cell, one.reference) if part),
        kind=_KINDS[one.kind],
        level=one.urgency or "none",
        urgency=alerts.urgency_words(one.urgency) if one.urgency else "",
        rest=_rest(one, now),
        open_alerts=_alerts(one, now),
        entries=tuple(timeline.entry(each, now=now) for each in entries),
        quiet=one.kind in ("unchanged", "left") and not one.open_alerts,
    )


def _is_news(entry: "TimelineEntry") -> bool:
    """Whether an entry tells something that no other line does.

    The alert that a visit closed by itself says nothing beside the visit.
    """
    closed_by_itself = entry.kind == "alert_closed" and "did" in entry.parts
    return entry.kind not in _NOT_TOLD and not closed_by_itself


def _rest(one: "Change", now: datetime) -> str:
    words = {each.words for each in one.open_alerts if each.urgency not in _PRESSING}
    many = spans.count(len(words), "less urgent alert", "less urgent alerts")
    due = one.next_due
    told = [f"{UNREADABLE}."] if one.unreadable else []
    told += [f"{many}."] if words else []
    told += [f"Next: {spans.due(due.at, now=now)}. {due.words}"] if due else []
    return " ".join(told)


def _alerts(one: "Change", now: datetime) -> tuple[str, ...]:
    """What cannot wait, each sentence once."""
    pressing = [each for each in one.open_alerts if each.urgency in _PRESSING]
    return tuple(dict.fromkeys(_alert(each, now) for each in pressing))


def _alert(line: "AlertLine", now: datetime) -> str:
    held = alerts.holders(line.holders, line.state, now=now)
    first = alerts.sentences(line.words)[0]
    words = line.words if line.urgency == "emergency" else first
    return f"{alerts.urgency_words(line.urgency)}: {words} {held}."


def heading(found: "Handover") -> str:
    """How many have changed since when."""
    suites = spans.listed([spans.named(suite) for suite in found.suites]) or "All suites"
    told = sum(each.kind in ("arrived", "changed", "left") for each in found.changes)
    of = spans.count(len(found.changes), "person", "people")
    if found.since is None:
        return f"{suites}: nobody in your role has signed before, so all {of} are new to you."
    since = spans.moment(found.since, now=found.at)
    return f"{suites}: {told} of {of} have changed since {since}, when your role last signed."
