"""Open alerts and drills for a terminal and for a program: codes and staff, nobody detained."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from triage.domain import london
from triage.domain.london import iso
from triage.domain.roles import role_words
from triage.present import spans
from triage.present.alerts import held, holders, level_words, next_step

if TYPE_CHECKING:
    from triage.casework import AlertLine, Timers
    from triage.casework.drills import DrillResult

ALERTS, DRILLS = "triage.alerts/1", "triage.drills/1"
_DAY_TURN, _NIGHT_TURN = 7, 19  # the hours at which custody turns change in most forces


def alert_rows(lines: "Sequence[AlertLine]", *, now: datetime) -> list[str]:
    """Each open alert in a few lines: how bad, what, who has it, what happens next.

    What several addressees were told of one person in the same words, and stands the same with each
    of them, is told once: with every code, since each is taken by itself, and for whom each is.
    """
    if not lines:
        return [f"No alert is open at {london.text(now)}."]
    told: dict[tuple[str, ...], list[AlertLine]] = {}
    for line in lines:
        told.setdefault((line.stay or line.key, *_alert(line, now)), []).append(line)
    return [row for (_, *rows), same in told.items() for row in _rows(same, rows)]


def _rows(same: "Sequence[AlertLine]", rows: Sequence[str]) -> Iterable[str]:
    head, words, *rest = rows
    yield f"{' '.join(line.code for line in same)}  {head}"
    yield f"      {words}"
    for line in same:
        code = f" ({line.code})" if len(same) > 1 else ""
        roles = spans.listed([role_words(role) for role in line.to_roles]) or "the desk"
        yield f"      For: {roles}{code}."
    yield from (f"      {each}" for each in rest)


def ahead_rows(lines: "Sequence[AlertLine]", *, now: datetime) -> list[str]:
    """Who is to be screened again although that is no alert yet, by the suite and the moment."""
    return [
        f"{line.code}  {spans.named(line.suite)}: {line.words}"
        f" By {spans.moment(line.due_at, now=now)}."
        for line in lines
    ]


def _alert(line: "AlertLine", now: datetime) -> Iterable[str]:
    """What is told of one alert besides its code and for whom it is."""
    times = f", found {line.count} times" if line.count > 1 else ""
    suite = spans.named(line.suite) if line.suite else "All suites"
    level = level_words(line.level).upper()
    yield f"{level}, {suite}, {spans.since(line.due_at, now=now)}{times}"
    yield line.words
    yield f"{holders(line.holders, line.state, now=now)}. {next_step(line, now=now)}".rstrip()
    yield from held(line, now=now)
    if line.late_seconds:
        yield f"LATE BY {spans.span(line.late_seconds)}."


def alert_document(
    lines: "Sequence[AlertLine]",
    timers: "Timers",
    *,
    now: datetime,
    ahead: "Sequence[AlertLine]" = (),
) -> dict[str, Any]:
    """The same for a program: open alerts, and ``ahead`` who is to be screened again before that is
    one. Who is detained, and in which cell, is not in it."""
    return {
        "schema": ALERTS,
        "at": iso(now),
        "timers_stale": timers.stale,
        "last_pass_at": iso(timers.last_pass_at) if timers.last_pass_at else None,
        "alerts": [
            {
                "key": line.key,
                "code": line.code,
                "finding": line.finding,
                "level": line.level,
                "suite": line.suite,
                "words": line.words,
                "to": list(line.to_roles),
                "state": line.state,
                "due_at": iso(line.due_at),
                "raised_at": iso(line.raised_at) if line.raised_at else None,
                "late_seconds": line.late_seconds,
                "waiting_seconds": line.age_seconds,
                "count": line.count,
                "round": line.round,
                "step": line.chain_step,
                "next_step_at": iso(line.climbs_at) if line.climbs_at else None,
                "held_by": [
                    {
                        "name": e.name,
                        "role": e.role,
                        "kind": e.kind,
                        "since": iso(e.since),
                        "first": e.first,
                    }
                    for e in line.holders
                ],
                "held_for": [
                    {"role": each.role, "until": iso(each.until)} for each in line.held_for
                ],
            }
            for line in lines
        ],
        "screen_again": [
            {
                "key": line.key,
                "code": line.code,
                "suite": line.suite,
                "words": line.words,
                "due_at": iso(line.due_at),
            }
            for line in ahead
        ],
    }


def taken_words(code: str, *, kind: str, state: str) -> str:
    """What an acknowledgement by command has done."""
    who = "a clinician" if kind == "clinical" else "police"
    over = " It is in hand." if state == "in_hand" else " Say what was done, or it opens again."
    return f"{code} is taken by {who}.{over}"


def drill_rows(found: "Sequence[DrillResult]", *, now: datetime) -> list[str]:
    """Each drill and, by shift, how many were taken in time and how fast."""
    if not found:
        return ["There was no drill in this stretch."]
    rows = []
    for shift, drills in _by_shift(found).items():
        rows.append(f"{shift}: {_sum(drills)}")
        rows += [f"  {_drill(each, now)}" for each in drills]
    return rows


def _drill(each: "DrillResult", now: datetime) -> str:
    if each.seconds is not None:
        ended = f"taken after {each.seconds} s"
    else:
        ended = "NOT taken in time" if each.over else "still running"
    at = spans.moment(each.raised_at, now=now)
    return f"{at}  {spans.named(each.suite)}, {role_words(each.role)} {each.who}: {ended}"


def _sum(drills: "Sequence[DrillResult]") -> str:
    over = [each for each in drills if each.over]
    seconds = [each.seconds for each in over if each.seconds is not None]
    middle = f", half within {round(median(seconds))} s" if seconds else ""
    return f"{len(seconds)} of {len(over)} taken in time{middle}"


def drill_document(
    found: "Sequence[DrillResult]", *, since: datetime, now: datetime
) -> dict[str, Any]:
    """The same for a program."""
    return {
        "schema": DRILLS,
        "at": iso(now),
        "since": iso(since),
        "drills": [
            {
                "key": each.key,
                "suite": each.suite,
                "who": each.who,
                "role": each.role,
                "shift": shift_of(each.raised_at),
                "raised_at": iso(each.raised_at),
                "state": _state(each),
                "seconds": each.seconds,
            }
            for each in found
        ],
    }


def _state(each: "DrillResult") -> str:
    if each.passed:
        return "taken"
    return "missed" if each.over else "running"


def shift_of(at: datetime) -> str:
    """The shift that a moment fell into, by the day on which the shift began."""
    wall = london.to_wall(at)
    if _DAY_TURN <= wall.hour < _NIGHT_TURN:
        return f"{wall:%a %-d %b %Y} day"
    began = wall if wall.hour >= _NIGHT_TURN else wall - timedelta(days=1)
    return f"{began:%a %-d %b %Y} night"


def _by_shift(found: "Sequence[DrillResult]") -> dict[str, list["DrillResult"]]:
    shifts: dict[str, list[DrillResult]] = {}
    for each in found:
        shifts.setdefault(shift_of(each.raised_at), []).append(each)
    return shifts
