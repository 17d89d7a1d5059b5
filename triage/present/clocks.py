"""The clocks of one detention: as the JSON of the contract, and in words for a tired sergeant."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from triage.domain import london
from triage.domain.clocks import (
    AlertState,
    Clock,
    Clocks,
    ClockState,
    PlannedAlert,
    Power,
    Unlawful,
)
from triage.present import spans

SCHEMA = "triage.clocks/1"
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
_LATE = {
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
    "ceiling": "ceiling",
    "away_at_the_lapse": "the person was away when it lapsed",
    "retaken_after_the_lapse": "retaken after it had lapsed",
    "escaped_on_the_way": "escaped on the way in: starts on arrival",
    "both_reasons_to_stay": "excused under regulation 7",
    "police_asked_to_stay": "police were asked to stay",
}


def as_json(clocks: Clocks) -> dict[str, Any]:
    """``clocks out`` exactly as the contract has it; times end in Z, with London beside."""
    return {
        "schema": SCHEMA,
        "at": london.iso(clocks.at),
        "powers": [_power_json(power) for power in clocks.powers],
        "clocks": [_clock_json(clock) for clock in clocks.clocks],
        "alerts": [_alert_json(alert) for alert in clocks.alerts],
        "unlawful": [_unlawful_json(one) for one in clocks.unlawful],
        "delays": [
            {"partner": one.partner, "reason": one.reason, "minutes": one.minutes}
            for one in clocks.delays
        ],
        "warnings": list(clocks.warnings),
    }


def in_words(clocks: Clocks) -> str:
    """The same in words: the power first, what is unlawful, what is late, what is next, the rest.

    No name and nothing clinical: it can be read out at the desk.
    """
    late = [clock for clock in clocks.clocks if clock.state in _LATE]
    going = [clock for clock in clocks.clocks if clock.state in _GOING]
    rest = [clock for clock in clocks.clocks if clock not in late and clock not in going]
    going.sort(key=lambda clock: clock.due_at or clock.started_at or clocks.at)
    late.sort(key=lambda clock: (clock.ended_at is not None, clock.due_at or clocks.at))
    parts = [
        [f"As of {london.text(clocks.at)}", *_power_lines(clocks)],
        _section("AGAINST THE LAW", [_unlawful_line(one, clocks.at) for one in clocks.unlawful]),
        _section("LATE", [_late_line(clock, clocks.at) for clock in late]),
        _section("NEXT", [_going_line(clock, clocks.at) for clock in going]),
        _section("RAISED ALERTS", list(_alert_lines(clocks))),
        _section("DONE", [_done_line(clock, clocks.at) for clock in rest]),
        _section("WAITS", [_delay_line(one.partner, one.reason, one.minutes)
                           for one in clocks.delays]),
        _section("NOTE", [spans.capital(warning) for warning in clocks.warnings]),
    ]  # fmt: skip
    return "\n".join(line for part in parts for line in part) + "\n"


_GOING = (ClockState.RUNNING, ClockState.PAUSED, ClockState.NOT_STARTED)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else london.iso(moment)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else london.text(moment)


def _power_json(power: Power) -> dict[str, Any]:
    return {
        "power": power.power,
        "since": london.iso(power.since),
        "set_by": power.set_by,
        "lapses_at": _iso(power.lapses_at),
    }


def _clock_json(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.clock,
        "of": clock.of,
        "kind": clock.kind,
        "law_row": clock.law_row,
        "confidence": clock.confidence,
        "start_event": clock.start_event,
        "started_at": _iso(clock.started_at),
        "due_at": _iso(clock.due_at),
        "due_london": _text(clock.due_at),
        "state": clock.state.value,
        "ended_at": _iso(clock.ended_at),
        "over_seconds": clock.over_seconds,
        "left_seconds": clock.left_seconds,
        "provisional": clock.provisional,
        "contested": clock.contested,
        **({"reason": clock.reason} if clock.reason else {}),
    }


def _alert_json(alert: PlannedAlert) -> dict[str, Any]:
    return {
        "key": alert.key,
        "clock": alert.clock,
        "event": alert.event,
        "level": alert.level,
        "due_at": london.iso(alert.due_at),
        "to": list(alert.to),
        "state": alert.state.value,
        "late_seconds": alert.late_seconds,
        "words": alert.words,
    }


def _unlawful_json(one: Unlawful) -> dict[str, Any]:
    return {
        "event": one.event,
        "words": one.words,
        "law_row": one.law_row,
        "from": london.iso(one.began),
        "to": _iso(one.ended),
    }


def _power_lines(clocks: Clocks) -> list[str]:
    if clocks.powers:
        return [_power_line(power, clocks.at) for power in clocks.powers]
    gone = _power_gone(clocks)
    return [f"Power recorded: none since {london.text(gone)}" if gone else "Power recorded: none"]


def _power_line(power: Power, at: datetime) -> str:
    name = _POWERS.get(power.power, spans.capital(power.power))
    by = f"by {power.set_by.replace('_', ' ')}" if power.set_by else "by whom not recorded"
    lapses = f"lapses at {_moment(power.lapses_at)}" if power.lapses_at else "no lapse of its own"
    left = f" ({_left(power.lapses_at, at)} left)" if power.lapses_at else ""
    return f"Power recorded: {name}, {by}, {london.text(power.since)}; {lapses}{left}"


def _power_gone(clocks: Clocks) -> datetime | None:
    """Since when no power has been recorded: the last that ended or lapsed."""
    moments = []
    for clock in clocks.clocks:
        if clock.clock == "permitted_period" and clock.due_at is not None:
            moments.append(min(clock.ended_at or clock.due_at, clock.due_at))
        elif clock.clock == "pace_96h" and clock.ended_at is not None:
            moments.append(clock.ended_at)
        elif clock.clock == "pace_24h" and clock.state is ClockState.OVERDUE and clock.due_at:
            moments.append(clock.due_at)
    return max(moments, default=None)


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def _unlawful_line(one: Unlawful, at: datetime) -> str:
    until = f" until {_moment(one.ended)}" if one.ended and one.ended != one.began else ""
    return f"{one.words} From {_moment(one.began)}{until}. [{one.law_row}]"


def _late_line(clock: Clock, at: datetime) -> str:
    over = _length(clock.over_seconds or 0)
    when = f"ended {_moment(clock.ended_at)}, {over} over" if clock.ended_at else f"{over} over now"
    due = f"was due {_moment(clock.due_at)}" if clock.due_at else "no set time"
    return f"{_LATE[clock.state]}: {_name(clock)} {due}; {when}{_notes(clock)}"


def _going_line(clock: Clock, at: datetime) -> str:
    if clock.state is ClockState.NOT_STARTED:
        return f"{_name(clock)}: not started{_notes(clock)}"
    if clock.due_at is None:
        since = f"since {_moment(clock.started_at)}" if clock.started_at else ""
        return f"{spans.capital(_name(clock))}: must be arranged now, {since}{_notes(clock)}"
    stopped = ", paused" if clock.state is ClockState.PAUSED else ""
    left = _left(clock.due_at, at)
    return f"{_moment(clock.due_at)}  {_name(clock)}: {left} left{stopped}{_notes(clock)}"


def _done_line(clock: Clock, at: datetime) -> str:
    return f"{_name(clock)}: met, ended {_moment(clock.ended_at)}{_notes(clock)}"


def _alert_lines(clocks: Clocks) -> Iterator[str]:
    """The raised alerts; of the steps towards one due time only the last one reached."""
    raised = [alert for alert in clocks.alerts if alert.state is AlertState.RAISED]
    last = {(alert.clock, alert.key.split(":")[-1]): alert for alert in raised}
    for alert in raised:
        if alert.clock is None or last[alert.clock, alert.key.split(":")[-1]] is alert:
            late = f" LATE BY {_length(alert.late_seconds)}." if alert.late_seconds >= 60 else ""
            to = ", ".join(who.replace("_", " ") for who in alert.to)
            yield f"{alert.level} {_moment(alert.due_at)}  {alert.words}{late} To: {to}."


def _delay_line(partner: str, reason: str, minutes: int) -> str:
    return f"{partner.replace('_', ' ')}, {reason.replace('_', ' ')}: {_length(minutes * 60)}"


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


def _moment(moment: datetime | None) -> str:
    return london.text(moment) if moment else "a time not known"


def _left(due: datetime | None, at: datetime) -> str:
    return _length((due - at).total_seconds()) if due else "no time"


def _length(seconds: float) -> str:
    """A length as people say it; under a minute in seconds, because a breach has no grace."""
    return f"{int(seconds)} s" if seconds < 60 else spans.span(seconds)
