"""Who covers a suite at a moment, and who steps in: practice that a site signs, never law.

Hours are London wall times; ``to`` earlier than ``from`` runs over midnight. A role without any
hours of its own in a suite counts as there: nobody has said otherwise.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from triage.domain.london import LONDON, day_of, to_wall

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = 8  # days in which every day of the week begins once after any moment


@dataclass(frozen=True)
class Cover:
    """Who is told of something, and who stands in for whom."""

    roles: tuple[str, ...]
    instead: Mapping[str, str]  # the role that is off duty -> the role that is told
    nobody: tuple[str, ...]  # roles for whom nobody steps in


def on_duty(suites: Mapping[str, Any], suite: str | None, role: str, at: datetime) -> bool:
    """Whether this role covers this suite now, by its signed hours."""
    hours = _hours(suites, suite, role)
    return not hours or any(_within(each, at) for each in hours)


def next_on_duty(
    suites: Mapping[str, Any], suite: str | None, role: str, at: datetime
) -> datetime | None:
    """When this role next covers this suite, the moment itself counted; None when it never does.

    Hours that begin in the hour that the clocks skip begin when they have gone on, and the hour
    that they repeat is looked at twice.
    """
    if on_duty(suites, suite, role, at):
        return at
    hours = _hours(suites, suite, role)
    for ahead in range(_WEEK + 1):
        turns = _turns(day_of(at) + timedelta(days=ahead), hours)
        begins = [e for e in turns if e > at and any(_within(each, e) for each in hours)]
        if begins:
            return min(begins)
    return None


def who(
    suites: Mapping[str, Any],
    suite: str | None,
    roles: Sequence[str],
    at: datetime,
    *,
    away: Collection[str] = (),
) -> Cover:
    """The roles that are told now: each of these, or whoever steps in for it.

    ``away`` are roles that cannot come now although their hours say so.
    """
    told: list[str] = []
    instead: dict[str, str] = {}
    nobody: list[str] = []
    for role in roles:
        found = _stands_in(suites, suite, role, at, away)
        if found is None:
            nobody.append(role)
            continue
        told.append(found)
        if found != role:
            instead[role] = found
    return Cover(tuple(dict.fromkeys(told)), instead, tuple(nobody))


def _stands_in(
    suites: Mapping[str, Any], suite: str | None, role: str, at: datetime, away: Collection[str]
) -> str | None:
    """The first role on duty along the line of those who step in; None when the line ends."""
    asked: set[str] = set()
    while role not in asked:
        if role not in away and on_duty(suites, suite, role, at):
            return role
        asked.add(role)
        others = [each.get("otherwise") for each in _hours(suites, suite, role)]
        following = next((each for each in others if each), None)
        if following is None:
            return None
        role = following
    return None


def _hours(suites: Mapping[str, Any], suite: str | None, role: str) -> list[Mapping[str, Any]]:
    return [
        cover
        for each in suites.get("suite", ())
        if each.get("id") == suite
        for cover in each.get("cover", ())
        if cover.get("role") == role
    ]


def _within(cover: Mapping[str, Any], at: datetime) -> bool:
    wall = to_wall(at)
    minute = wall.hour * 60 + wall.minute
    begins, ends = _minutes(cover["from"]), _minutes(cover["to"])
    today, yesterday = _DAYS[wall.weekday()], _DAYS[(wall - timedelta(days=1)).weekday()]
    if begins < ends:
        return today in cover["days"] and begins <= minute < ends
    late = today in cover["days"] and minute >= begins
    return late or (yesterday in cover["days"] and minute < ends)


def _turns(day: date, hours: Sequence[Mapping[str, Any]]) -> Iterator[datetime]:
    """Each moment of a London day at which cover may begin."""
    yield datetime.combine(day, time(1), UTC)  # when the clocks change, if they do
    for each in hours:
        wall = datetime.combine(day, time()) + timedelta(minutes=_minutes(each["from"]))
        for fold in (0, 1):
            yield wall.replace(tzinfo=LONDON, fold=fold).astimezone(UTC)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
