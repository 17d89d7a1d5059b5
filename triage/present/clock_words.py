"""The clocks of one detention in words, for somebody tired: what matters first, no line twice.

No name and nothing clinical: it can be read out at the desk.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from triage.domain import london
from triage.domain.clocks import (
    AlertState,
    Clock,
    Clocks,
    ClockState,
    Delay,
    PlannedAlert,
    Power,
    Unlawful,
)
from triage.present import spans
from triage.present.section136 import NO_ENTRY, NOBODY_NAMED
from triage.present.unlawful import unlawful_words
from triage.present.words import role

_NAMES = {
    "permitted_period": "permitted period",
    "retake": "power to retake",
    "handover": "handover to health",
    "assessment_begins": "assessment begins",
    "health_check": "health check (regulation 4)",
    "behaviour_review": "behaviour review (regulation 5)",
    "move_from_station": "move from the police station",
    "advisory_lapse": "lapse on the other reading",
    "pace_review_1": "first PACE review",
    "pace_review_2": "second PACE review",
    "pace_review_n": "next PACE review",
    "pace_24h": "PACE 24 hours",
    "pace_36h": "PACE 36 hours",
    "pace_96h": "PACE 96 hours",
    "pace_warrant": "warrant of further detention",
    "visit": "visit",
    "rouse": "rousing check",
}
_POWERS = {"section136": "Section 136", "section135": "Section 135", "pace": "PACE"}
_LATE = {  # the worst first
    ClockState.BREACH: "BREACH",
    ClockState.OVERDUE: "OVERDUE",
    ClockState.TARGET_MISSED: "TARGET MISSED",
}
_REASONS = {
    "arrival_not_recorded": "no arrival recorded: runs from the decision",
    "limb_not_recorded": "removed or kept? Not recorded: runs from the decision",
    "decision_not_recorded": "no decision recorded: runs from the arrival",
    "entry_not_recorded": "no entry recorded: runs from the warrant",
    "used_in_custody": "used in custody: the earlier reading runs",
    "used_in_a_and_e": "used in A&E: on the other reading it ran from the decision",
    "arrived_on_site": "runs from arrival on site, not from entry to the building",
    "extended": "extended",
    "not_extended": "not extended: 24 hours still rule",
    "extended_for_less": "extended for less than the 12 hours that the Act allows",
    "ceiling": "ceiling",
    "away_at_the_lapse": "the person was away when it lapsed",
    "retaken_after_the_lapse": "retaken after it had lapsed",
    "escaped_on_the_way": "escaped on the way in: starts on arrival",
    "both_reasons_to_stay": "excused under regulation 7",
    "police_asked_to_stay": "police were asked to stay",
    "arrived_in_our_area": "runs from arrival in our area",
    "24_hours_after_the_other_area": "runs from 24 hours after the other area",
    "questioned_in_the_other_area": "questioned in the other area: the usual rule",
}


def in_words(clocks: Clocks) -> str:
    """The power first, what is against the law, what is late now, what is next, then the rest."""
    at = clocks.at
    late = sorted((one for one in clocks.clocks if one.state in _LATE), key=_worst_first)
    going = sorted((one for one in clocks.clocks if one.state in _GOING), key=_soonest_first)
    rest = [one for one in clocks.clocks if one.state is ClockState.MET]
    unlawful = sorted(clocks.unlawful, key=lambda one: one.ended is not None)
    parts = [
        [f"As of {london.text(at)}", *_power_lines(clocks)],
        _section("AGAINST THE LAW", [_unlawful_line(one, at) for one in unlawful]),
        _section("LATE", [_late_line(one, at) for one in late if one.ended_at is None]),
        _section("NEXT", [_going_line(one, at) for one in going]),
        _section("WAS LATE, AND IS OVER", [_late_line(one, at) for one in late if one.ended_at]),
        _section("RAISED ALERTS", list(_alert_lines(clocks))),
        _section("DONE", [_done_line(one, at) for one in rest]),
        _section("WAITS", [_delay_line(one) for one in clocks.delays]),
        _section("NOTE", [spans.capital(warning) for warning in clocks.warnings]),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


_GOING = (ClockState.RUNNING, ClockState.PAUSED, ClockState.NOT_STARTED)


def _worst_first(clock: Clock) -> tuple[int, str]:
    return tuple(_LATE).index(clock.state), "" if clock.due_at is None else london.iso(clock.due_at)


def _soonest_first(clock: Clock) -> str:
    moment = clock.due_at or clock.started_at
    return "" if moment is None else london.iso(moment)


def _power_lines(clocks: Clocks) -> list[str]:
    if clocks.powers:
        return [_power_line(power, clocks.at) for power in clocks.powers]
    gone = clocks.no_power_since
    return [f"Power recorded: none since {london.text(gone)}" if gone else "Power recorded: none"]


def _power_line(power: Power, at: datetime) -> str:
    name = _POWERS.get(power.power, spans.capital(power.power))
    by = f"by {role(power.set_by)}" if power.set_by else "by whom not recorded"
    if power.lapses_at is None:
        return f"Power recorded: {name}, {by}, {london.text(power.since)}; no lapse of its own"
    left = _length((power.lapses_at - at).total_seconds())
    lapses = f"lapses at {london.text(power.lapses_at)} ({left} left)"
    return f"Power recorded: {name}, {by}, {london.text(power.since)}; {lapses}"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def _unlawful_line(one: Unlawful, at: datetime) -> str:
    when = f"At {_moment(one.began, at)}"
    if one.ended is None:
        when = f"Since {_moment(one.began, at)}"
    elif one.ended != one.began:
        when = f"From {_moment(one.began, at)} until {_moment(one.ended, at)}"
    return f"{unlawful_words(one)} {when}. [{one.law_row}]"


def _late_line(clock: Clock, at: datetime) -> str:
    over = _length(clock.over_seconds or 0)
    when = f"{over} over now"
    if clock.ended_at is not None:
        when = f"{over} over, ended {_moment(clock.ended_at, at)}"
    due = _moment(clock.due_at, at)
    return f"{_LATE[clock.state]}: {_name(clock)}, due {due}: {when}{_notes(clock)}"


def _going_line(clock: Clock, at: datetime) -> str:
    if clock.state is ClockState.NOT_STARTED:
        return f"{_name(clock)}: not started{_notes(clock)}"
    if clock.due_at is None:
        since = f", since {_moment(clock.started_at, at)}" if clock.started_at else ""
        return f"NOW  {_name(clock)}: must be arranged{since}{_notes(clock)}"
    stopped = ", paused" if clock.state is ClockState.PAUSED else ""
    left = _length((clock.due_at - at).total_seconds())
    return f"{_moment(clock.due_at, at)}  {_name(clock)}: {left} left{stopped}{_notes(clock)}"


def _done_line(clock: Clock, at: datetime) -> str:
    return f"{_name(clock)}: met, ended {_moment(clock.ended_at, at)}{_notes(clock)}"


def _alert_lines(clocks: Clocks) -> Iterator[str]:
    """The raised alerts, newest first; of the steps towards one due time only the last reached."""
    raised = [alert for alert in clocks.alerts if alert.state is AlertState.RAISED]
    last = {(alert.clock, alert.key.split(":")[-1]): alert for alert in raised}
    for alert in reversed(raised):
        if alert.clock is None or last[alert.clock, alert.key.split(":")[-1]] is alert:
            yield _alert_line(alert, clocks.at)


def _alert_line(alert: PlannedAlert, at: datetime) -> str:
    late = f" LATE BY {_length(alert.late_seconds)}." if alert.late_seconds >= 60 else ""
    to = ", ".join(role(who) for who in alert.to)
    return f"{_moment(alert.due_at, at)}  {alert.level}  {alert.words}{late} To: {to}."


def _delay_line(one: Delay) -> str:
    arrested = " (while arrested)" if one.wait == "arrested" else ""
    if one.partner == NOBODY_NAMED:
        return f"{NO_ENTRY}{arrested}: {_length(one.minutes * 60)}"
    reason = one.reason.replace("_", " ")
    return f"{role(one.partner)}, {reason}{arrested}: {_length(one.minutes * 60)}"


def _notes(clock: Clock) -> str:
    notes = [_REASONS.get(clock.reason, f"reason: {clock.reason}")] if clock.reason else []
    notes += ["provisional"] * clock.provisional + ["contested"] * clock.contested
    notes += [_confidence(clock)] * bool(_confidence(clock))
    return f" ({'; '.join(notes)})" if notes else ""


def _confidence(clock: Clock) -> str:
    """Only what was read in the law is called law."""
    if clock.kind in ("guidance", "practice"):
        return f"{clock.kind}, not law"
    return "" if clock.confidence == "read" else f"{clock.confidence}, to be checked"


def _name(clock: Clock) -> str:
    return _NAMES.get(clock.clock, clock.clock.replace("_", " "))


def _moment(moment: datetime | None, at: datetime) -> str:
    """A moment as short as it can be without a doubt: the day where it is another, and the year."""
    if moment is None:
        return "no set time"
    if london.to_wall(moment).year != london.to_wall(at).year:
        return london.text(moment)
    return spans.moment(moment, now=at)


def _length(seconds: float) -> str:
    """A length as people say it; under a minute in seconds, because a breach has no grace."""
    return f"{int(seconds)} s" if seconds < 60 else spans.span(seconds)
