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
from triage.present.findings import finding, grouped

if TYPE_CHECKING:
    from triage.casework import AlertLine, Timers
    from triage.casework.drills import DrillResult

ALERTS, DRILLS = "triage.alerts/1", "triage.drills/1"
_DAY_TURN, _NIGHT_TURN = 7, 19  # the hours at which custody turns change in most forces


def alert_rows(lines: "Sequence[AlertLine]", *, role: str, now: datetime) -> list[str]:
    """Each finding in a few lines: how bad, what, and for each addressee who has it, what is next.

    Grouped as on the pages, with the code of every alert, since each is taken by itself.
    """
    if not lines:
        return [f"No alert is open at {london.text(now)}."]
    return [row for same in grouped(lines) for row in _rows(same, role, now)]


def _rows(same: "Sequence[AlertLine]", role: str, now: datetime) -> Iterable[str]:
    if len(same) == 1:
        yield from _alone(same[0], now)
        return
    one = finding(same, role=role, now=now)
    earliest = min(same, key=lambda line: line.due_at)
    codes = " ".join(each.card.code for each in one.told)
    yield f"{codes}  {_head(earliest, now, max(line.count for line in same))}"
    yield f"      {' '.join(part for part in (one.headline, one.more) if part)}"
    for each in one.told:
        yield f"      {each.who} ({each.card.code}): {' '.join(each.standing)}"
    yield from _late(max(line.late_seconds for line in same))


def _alone(line: "AlertLine", now: datetime) -> Iterable[str]:
    yield f"{line.code}  {_head(line, now, line.count)}"
    yield f"      {line.words}"
    yield f"      For: {spans.listed([role_words(r) for r in line.to_roles]) or 'the desk'}."
    has = f"{holders(line.holders, line.state, now=now)}. {next_step(line, now=now)}"
    yield from (f"      {each}" for each in (has.rstrip(), *held(line, now=now)))
    yield from _late(line.late_seconds)


def _head(line: "AlertLine", now: datetime, count: int) -> str:
    times = f", found {count} times" if count > 1 else ""
    suite = spans.named(line.suite) if line.suite else "All suites"
    level = level_words(line.level).upper()
    return f"{level}, {suite}, {spans.since(line.due_at, now=now)}{times}"


def _late(seconds: int) -> list[str]:
    return [f"      LATE BY {spans.span(seconds)}."] if seconds else []


def ahead_rows(lines: "Sequence[AlertLine]", *, now: datetime) -> list[str]:
    """Who is to be screened again although that is no alert yet, by the suite and the moment."""
    return [
        f"{line.code}  {spans.named(line.suite)}: {line.words}"
        f" By {spans.moment(line.due_at, now=now)}."
        for line in lines
    ]


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
