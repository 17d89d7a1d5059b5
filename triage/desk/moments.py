"""When something happened, as a sergeant types it: a time, and a day only where it needs one."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from triage.desk.typed import NoAnswer
from triage.domain import london
from triage.present import forms as words

NOT_YET = "That has not come yet. If it was yesterday, type yesterday behind the time."
_AHEAD = timedelta(minutes=2)  # a wrist watch may be so far ahead of the service
_TODAY = timedelta(hours=12)  # a time further ahead than this is meant of the day before
_TYPED = re.compile(r"(?P<time>[\d:. ]*\d)(?:\s+(?P<day>yesterday|today|\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True)
class Twice:
    """A time that the wall clock showed twice, both of them past: nobody guesses which."""

    first: datetime
    second: datetime


def moment(typed: str, *, now: datetime) -> datetime | Twice | NoAnswer:
    """The moment that was typed; nothing typed is now, and so is the word.

    Without a day it is the last time that the clock on the wall showed it: at 00:10, 23:50 is of
    yesterday. What is a few hours ahead is asked for again.
    """
    if typed.strip().lower() in ("", "now"):
        return now
    found = _TYPED.fullmatch(typed.strip().lower())
    at = london.wall_time(found["time"]) if found else None
    if found is None or at is None:
        return NoAnswer(words.NOT_A_TIME)
    try:
        day = _day(found["day"], now)
        if day is None:
            day = _last_day(at, now)
        readings = _readings(day, at)
    except (ValueError, OverflowError) as error:
        skipped = isinstance(error, london.SkippedTime)
        return NoAnswer(words.NEVER_EXISTED if skipped else words.NOT_A_DAY)
    past = [each for each in readings if each <= now + _AHEAD]
    if len(past) == 2:
        return Twice(*past)
    return past[0] if past else NoAnswer(NOT_YET)


def exact(kept: str) -> datetime | None:
    """The moment that was kept with its offset; None for what was only typed."""
    try:
        found = datetime.fromisoformat(kept)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def retyped(at: datetime) -> str:
    """A moment as somebody could have typed it, with its day: it may be read on another one."""
    return f"{london.to_wall(at):%H:%M %Y-%m-%d}"


def _day(typed: str | None, now: datetime) -> date | None:
    today = london.day_of(now)
    match typed:
        case None:
            return None
        case "today":
            return today
        case "yesterday":
            return today - timedelta(days=1)
    return date.fromisoformat(typed)


def _last_day(at: time, now: datetime) -> date:
    """Today, or yesterday for a time that today will only show in half a day."""
    today = london.day_of(now)
    wall = london.to_wall(now).replace(tzinfo=None)
    ahead = datetime.combine(today, at) - wall > _TODAY
    return today - timedelta(days=1) if ahead else today


def _readings(day: date, at: time) -> list[datetime]:
    """Every moment at which the wall clock of London showed this; raises SkippedTime for none."""
    try:
        return [london.from_wall(datetime.combine(day, at))]
    except london.RepeatedTime as both:
        return [both.first, both.second]
