"""Section 136 in words: which power is recorded, when it lapses, what has passed, who delays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.clocks import Clock, Delay
from triage.domain.whereabouts import Where
from triage.present import spans
from triage.present.board import UNREADABLE, name, power_name, whereabouts
from triage.present.unlawful import unlawful_words
from triage.present.words import role

if TYPE_CHECKING:
    from triage.casework import Section136Line, Section136List

NOBODY_NAMED = "unattributed"  # the partner of a stretch in which nothing was recorded
NO_ENTRY = "No entry says what was waited for"
EMPTY = "Nobody is detained under Section 136 or 135 in these suites."
_STATES = {
    "not_started": "Not started",
    "running": "Running",
    "paused": "Paused",
    "met": "Met",
    "breach": "Breach",
    "overdue": "Overdue",
    "target_missed": "Target missed",
}
_CLOCKS = {
    "permitted_period": "Permitted period of detention",
    "retake": "Period to retake",
    "handover": "Handover to health",
    "assessment_begins": "Assessment begins",
    "health_check": "Health check at the station",
    "behaviour_review": "Review of behaviour at the station",
    "move_from_station": "Move from the station",
    "advisory_lapse": "Earliest lapse on another reading",
    "pace_review_1": "First PACE review",
    "pace_review_2": "Second PACE review",
    "pace_review_n": "Next PACE review",
    "pace_24h": "PACE 24 hours",
    "pace_36h": "PACE 36 hours",
    "pace_96h": "PACE 96 hours",
    "pace_warrant": "Warrant of further detention",
    "visit": "Visit",
    "rouse": "Rousing check",
}
# What happens at the limit of a clock, said while it is still ahead.
_LIMITS = {
    "permitted_period": "Section 136 or 135 lapses.",
    "retake": "The power to retake lapses.",
    "assessment_begins": "Assessment due to begin.",
    "advisory_lapse": "Section 136 or 135 lapses, on another reading.",
    "pace_24h": "24 hours of detention without charge end.",
    "pace_36h": "36 hours of detention without charge end.",
    "pace_96h": "96 hours of detention without charge end.",
    "pace_warrant": "The warrant of further detention ends.",
}


@dataclass(frozen=True)
class ClockWords:
    """One clock of the strip."""

    name: str
    state: str  # for the style sheet
    state_words: str
    when: str
    note: str


def clock_name(id: str) -> str:
    """The name of a clock, the same on every page."""
    return _CLOCKS.get(id, spans.capital(spans.plain(id)))


def limit_words(id: str) -> str:
    """What falls due at the limit of a clock: ``Visit due.``"""
    return _LIMITS.get(id, f"{clock_name(id)} due.")


def clock(one: Clock, *, now: datetime) -> ClockWords:
    """One clock in words; a provisional or contested one says so."""
    notes = []
    if one.provisional:
        notes.append("The start is uncertain; it is counted from the earliest moment.")
    if one.contested:
        notes.append("Another reading of the law would give another time.")
    if one.reason:
        notes.append(spans.capital(spans.plain(one.reason)) + ".")
    return ClockWords(
        name=clock_name(one.clock),
        state=one.state.value,
        state_words=_STATES[one.state.value],
        when=_when(one, now),
        note=" ".join(notes),
    )


def strip(
    clocks: Iterable[Clock], *, now: datetime
) -> tuple[tuple[ClockWords, ...], tuple[ClockWords, ...]]:
    """The clocks that began, those that were met behind the others."""
    shown = [clock(each, now=now) for each in clocks if each.state != "not_started"]
    running = tuple(each for each in shown if each.state != "met")
    return running, tuple(each for each in shown if each.state == "met")


def _when(one: Clock, now: datetime) -> str:
    if one.ended_at is not None:
        over = f", {spans.span(one.over_seconds)} over" if one.over_seconds else ""
        return f"Ended {spans.moment(one.ended_at, now=now)}{over}"
    if one.due_at is None:
        return "No time set"
    return f"Due {spans.due(one.due_at, now=now)}"


@dataclass(frozen=True)
class Detention:
    """One line of the list."""

    stay: str
    who: str
    where: str
    level: str
    power: str
    lapses: str
    lapse_passed: bool
    running: tuple[ClockWords, ...]
    passed: tuple[ClockWords, ...]
    unlawful: tuple[str, ...]
    delays: tuple[str, ...]
    open_alerts: str


def detention(line: "Section136Line", *, now: datetime) -> Detention:
    """One detention; the power recorded is a statement of the record, not a finding of law."""
    where = f"cell {line.cell}" if line.cell else whereabouts(Where(line.place, line.where))
    passed = line.lapses_at is not None and line.lapses_at <= now
    urgent = passed or line.power is None or line.unlawful
    return Detention(
        stay=line.stay,
        who=name(line.initials),
        where=", ".join(part for part in (where, spans.named(line.suite), line.reference) if part),
        level="emergency" if urgent else "urgent" if line.passed else "none",
        power=power_recorded(line, now),
        lapses=_lapses(line, now),
        lapse_passed=passed,
        running=tuple(clock(each, now=now) for each in line.running),
        passed=tuple(clock(each, now=now) for each in line.passed),
        unlawful=tuple(unlawful_words(each) for each in line.unlawful),
        delays=tuple(_delay(each) for each in line.delays),
        open_alerts=spans.count(
            len({each.finding for each in line.alerts}), "open alert", "open alerts"
        ),
    )


def power_recorded(line: "Section136Line", now: datetime) -> str:
    """The line about detention: the power, by whom and when; or none recorded since when."""
    if line.unreadable:
        return UNREADABLE
    if line.power is None:
        if line.none_since is None:
            return "Power recorded: none"
        return f"Power recorded: none {spans.since(line.none_since, now=now)}"
    by = f", by {line.power.set_by}" if line.power.set_by else ""
    since = spans.since(line.power.since, now=now)
    return f"Power recorded: {power_name(line.power.power)}{by}, {since}"


def _lapses(line: "Section136Line", now: datetime) -> str:
    if line.power is None:
        return ""  # the line about the power says since when none is recorded
    if line.lapses_at is None:
        return "No time of lapse"
    verb = "Lapses" if line.lapses_at > now else "Lapsed"
    return f"{verb} at {spans.due(line.lapses_at, now=now)}"


def _delay(one: Delay) -> str:
    waited = spans.span(one.minutes * 60)
    arrested = "while arrested, " if one.wait == "arrested" else ""
    if one.partner == NOBODY_NAMED:
        return f"{NO_ENTRY}: {arrested}{waited}"
    return f"{spans.capital(role(one.partner))}: {arrested}{waited}, {spans.plain(one.reason)}"


def heading(found: "Section136List") -> str:
    """How many, and when this was read; the first to lapse stands first."""
    if not found.lines:
        return EMPTY
    people = spans.count(len(found.lines), "detention", "detentions")
    return f"{people} as of {spans.moment(found.at, now=found.at)}. The first to lapse is first."
