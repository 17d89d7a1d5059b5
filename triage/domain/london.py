"""London time, on the way in and on the way out. Inside, every moment is aware and in UTC.

The clock of England and Wales skips an hour on the last Sunday of March and repeats one on the
last Sunday of October, both at 01:00 UTC. A wall time that never existed is refused; one that
happened twice is never guessed: both readings are named.
"""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_WALL_TIME = re.compile(r"([01]?\d|2[0-3])[:. ]?([0-5]\d)")
_FOLDS = {"first": 0, "second": 1}
# In English whatever the machine speaks, and faster than asking it.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# London has been at UTC or an hour ahead since 1948, so before 23:00 UTC both have the same day.
_SURELY_SAME_DAY, _SINCE = 23, 1948


class SkippedTime(ValueError):
    """A London wall time in the hour that the clocks skipped."""


class RepeatedTime(ValueError):
    """A London wall time that happened twice; carries both readings in UTC."""

    def __init__(self, wall: datetime, first: datetime, second: datetime) -> None:
        self.first, self.second = first, second
        super().__init__(
            f"{wall:%H:%M} on {wall:%-d %B %Y} happened twice, because the clocks went back: "
            f'fold "first" is {iso(first)} ({wall:%H:%M} BST), '
            f'fold "second" is {iso(second)} ({wall:%H:%M} GMT)'
        )


def from_wall(wall: datetime, fold: str | None = None) -> datetime:
    """The UTC moment of a naive London wall time.

    ``fold`` ("first" or "second") is needed in the repeated hour only, and ignored outside it.
    Raises SkippedTime for an hour that never existed, RepeatedTime when ``fold`` is missing.
    """
    first, second = (wall.replace(tzinfo=LONDON, fold=number).astimezone(UTC) for number in (0, 1))
    if first.astimezone(LONDON).replace(tzinfo=None) != wall:
        raise SkippedTime(
            f"{wall:%H:%M} on {wall:%-d %B %Y} never existed in London: "
            "the clocks went forward from 01:00 to 02:00"
        )
    if first == second:
        return first
    if fold not in _FOLDS:
        raise RepeatedTime(wall, first, second)
    return (first, second)[_FOLDS[fold]]


def wall_time(typed: str) -> time | None:
    """A time of day as people type it: 01:32, 1.32 or 0132; None for what is none."""
    found = _WALL_TIME.fullmatch(typed)
    return time(int(found[1]), int(found[2])) if found else None


def to_wall(at: datetime) -> datetime:
    """The aware London time of a moment, right in the repeated hour too."""
    return LONDON.fromutc(at.astimezone(UTC).replace(tzinfo=LONDON))


def day_of(at: datetime) -> date:
    """The London calendar day of a moment."""
    if at.tzinfo is UTC and at.hour < _SURELY_SAME_DAY and at.year >= _SINCE:
        return at.date()
    return to_wall(at).date()


def midnight(day: date) -> datetime:
    """The moment that a London calendar day begins, in UTC."""
    return from_wall(datetime.combine(day, time()))


def iso(at: datetime) -> str:
    """A moment as ISO 8601 in UTC, ending in Z."""
    moment = at if at.tzinfo is UTC else at.astimezone(UTC)
    return moment.isoformat()[: -len("+00:00")] + "Z"


def text(at: datetime) -> str:
    """A moment as people say it, with GMT or BST: ``Sun 25 Oct 2026 01:32 GMT``."""
    wall = to_wall(at)
    day, month = _DAYS[wall.weekday()], _MONTHS[wall.month - 1]
    return f"{day} {wall.day} {month} {wall.year} {_clock(wall)}"


def short(at: datetime) -> str:
    """The time of day alone, with GMT or BST: ``01:32 GMT``."""
    return _clock(to_wall(at))


def _clock(wall: datetime) -> str:
    return f"{wall.hour:02d}:{wall.minute:02d} {wall.tzname()}"
