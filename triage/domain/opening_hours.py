"""When a service is open, from the hours that its site wrote down in words.

Hours are times on a London clock. What nobody wrote down stays unknown: hours that were not given,
hours that cannot be read, and a bank holiday of which they say nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from types import MappingProxyType

from triage.domain import london

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_MINUTES = 24 * 60
_AHEAD = 15  # days: past every week and the longest row of holidays
_DAY = rf"(?:{'|'.join(DAYS)})s?"
_RANGE = rf"{_DAY}(?:\s+to\s+{_DAY})?"
_ON = rf"every\s+day|weekdays|weekends|{_RANGE}(?:(?:\s*,\s*|\s+and\s+){_RANGE})*"
_TIME = r"[0-2]?\d:[0-5]\d"
_SPAN = rf"{_TIME}\s+to\s+{_TIME}"
_TIMES = rf"day\s+and\s+night|{_SPAN}(?:\s+and\s+{_SPAN})*"
_OPEN_ON = re.compile(rf"({_ON})\s*,?\s+({_TIMES})")
_HOLIDAYS = re.compile(r"(also|not|closed)\s+on\s+bank\s+holidays")
_BETWEEN = re.compile(r"^[\s,;.]*(?:and\s+)?")
Span = tuple[int, int]  # minutes of the London day; the end may lie in the next day


class Doubt(StrEnum):
    """Why nobody can tell whether a service is open."""

    NO_HOURS = "hours_not_given"
    UNREADABLE = "hours_not_readable"
    BANK_HOLIDAY = "bank_holiday"
    NOT_ON_FILE = "bank_holidays_not_on_file"  # of that year: any day might be one


@dataclass(frozen=True)
class Holidays:
    """The bank holidays of England and Wales that are on file, and up to which day they are."""

    names: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    until: date = date.min
    checked_on: date = date.min
    file: str = ""

    def doubt(self, day: date) -> Doubt | None:
        """Whether a day is, or for all that is on file might be, a bank holiday."""
        if day in self.names:
            return Doubt.BANK_HOLIDAY
        return Doubt.NOT_ON_FILE if day > self.until else None


@dataclass(frozen=True)
class Hours:
    """The hours of a week, Monday first, and what they say of bank holidays."""

    week: tuple[tuple[Span, ...], ...]
    on_holidays: bool | None = None  # None: they do not say

    @cached_property
    def never_end(self) -> bool:
        """Whether it is open day and night, on every day there is."""
        return self.on_holidays is True and all(day == ((0, _DAY_MINUTES),) for day in self.week)

    def doubt(self, day: date, holidays: Holidays) -> Doubt | None:
        """Whether bank holidays leave open what these hours mean for a day."""
        return holidays.doubt(day) if self.on_holidays is None and self._opens(day) else None

    def spans(self, day: date, holidays: Holidays) -> tuple[Span, ...]:
        """The hours of a day, as if it were no bank holiday where they do not say."""
        closed = self.on_holidays is False and day in holidays.names
        return () if closed else self._opens(day)

    def _opens(self, day: date) -> tuple[Span, ...]:
        return self.week[day.weekday()]


@dataclass(frozen=True)
class Opening:
    """Whether a service is open at a moment: True, False, or None with the doubt."""

    is_open: bool | None
    until: datetime | None = None  # while open; None: it never closes
    opens_at: datetime | None = None  # the next opening of which nobody need doubt
    doubt: Doubt | None = None  # of now, or of a day before the next certain opening
    holiday: str = ""  # the bank holiday by which it is in doubt


@lru_cache(maxsize=512)  # what a text says never changes; a site has some dozens of them
def read(text: str) -> Hours | None:
    """The hours that a text says, such as ``Monday to Friday 09:30 to 16:30``; None where it says
    anything that is not understood, for half of somebody's hours are worse than none."""
    rest, week, on_holidays = text.casefold().strip(), [list[Span]() for _ in DAYS], None
    found = False
    while rest:
        if opens := _OPEN_ON.match(rest):
            spans = _spans(opens[2])
            if spans is None:
                return None
            for day in _days(opens[1]):
                week[day] += spans
            # "Every day" is every day: Christmas Day too.
            on_holidays = True if opens[1].startswith("every") else on_holidays
            found, rest = True, rest[opens.end() :]
        elif said := _HOLIDAYS.match(rest):
            on_holidays, rest = said[1] == "also", rest[said.end() :]
        else:
            return None
        rest = _BETWEEN.sub("", rest, count=1)
    return Hours(tuple(tuple(sorted(each)) for each in week), on_holidays) if found else None


def opening(text: str | None, holidays: Holidays, *, at: datetime) -> Opening:
    """Whether a service with these hours is open at a moment, until when, or when it opens."""
    if not text:
        return Opening(None, doubt=Doubt.NO_HOURS)
    hours = read(text)
    if hours is None:
        return Opening(None, doubt=Doubt.UNREADABLE)
    if hours.never_end:
        return Opening(True)
    now = at.astimezone(UTC)
    doubts: list[tuple[Doubt, str]] = []
    for day, opens, closes in _ahead(hours, holidays, now):
        if opens > now:
            break
        doubt = hours.doubt(day, holidays)
        if doubt is None:
            return Opening(True, until=_closing(hours, holidays, closes))
        doubts.append((doubt, holidays.names.get(day, "")))
    if doubts:
        return Opening(None, None, None, *doubts[0])
    return _closed(hours, holidays, now)


def _closed(hours: Hours, holidays: Holidays, now: datetime) -> Opening:
    """Closed now: when it opens next for certain, and what is in doubt before that."""
    passed: tuple[Doubt, str] | None = None
    for day, opens, _ in _ahead(hours, holidays, now):
        doubt = hours.doubt(day, holidays)
        if doubt is None:
            return Opening(False, None, opens, *(passed or (None, "")))
        passed = passed or (doubt, holidays.names.get(day, ""))
    return Opening(False, None, None, *(passed or (None, "")))


def _closing(hours: Hours, holidays: Holidays, closes: datetime) -> datetime | None:
    """When it really closes: hours that meet at midnight are one stretch; none never ends."""
    end = closes
    for day, opens, until in _ahead(hours, holidays, closes - timedelta(minutes=1)):
        if opens > end or hours.doubt(day, holidays) is not None:
            return end
        end = max(end, until)
    return None if end - closes > timedelta(days=_AHEAD - 2) else end


def _ahead(
    hours: Hours, holidays: Holidays, now: datetime
) -> Iterator[tuple[date, datetime, datetime]]:
    """Every stretch of opening that ends after a moment, by its day, in order, two weeks ahead.

    It begins with yesterday's, for hours that run past midnight.
    """
    today = london.day_of(now)
    for ahead in range(-1, _AHEAD):
        day = today + timedelta(days=ahead)
        for first, last in hours.spans(day, holidays):
            opens, closes = _moment(day, first), _moment(day, last)
            if closes > now:
                yield day, opens, closes


@lru_cache(maxsize=4096)  # nor does the moment of a time; all services of a suite ask for the same
def _moment(day: date, minutes: int) -> datetime:
    """The moment at which the clock on a wall shows this. Of an hour that happens twice the first;
    an hour that the clocks skip is the moment at which they do."""
    days, rest = divmod(minutes, _DAY_MINUTES)
    wall = datetime(day.year, day.month, day.day) + timedelta(days=days, minutes=rest)  # noqa: DTZ001 (a wall clock; London makes it a moment)
    try:
        return london.from_wall(wall, "first")
    except london.SkippedTime:
        return london.from_wall(wall.replace(hour=2, minute=0))


def _days(text: str) -> list[int]:
    if text.startswith("every"):
        return [*range(7)]
    if text in ("weekdays", "weekends"):
        return [*range(5)] if text == "weekdays" else [5, 6]
    found: list[int] = []
    for part in re.findall(_RANGE, text):
        first, *last = (DAYS.index(each.rstrip("s")) for each in re.split(r"\s+to\s+", part))
        length = (last[0] - first) % 7 if last else 0
        found += [(first + step) % 7 for step in range(length + 1)]
    return list(dict.fromkeys(found))


def _spans(text: str) -> list[Span] | None:
    """Times of one day; an end that is not later than its beginning lies in the next day."""
    if text.startswith("day"):
        return [(0, _DAY_MINUTES)]
    found = []
    for opens, closes in re.findall(rf"({_TIME})\s+to\s+({_TIME})", text):
        first, last = _minutes(opens), _minutes(closes)
        if first >= _DAY_MINUTES or last > _DAY_MINUTES or first == last:
            return None
        found.append((first, last if last > first else last + _DAY_MINUTES))
    return found


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
