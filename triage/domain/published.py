"""What leaves the force covers each day of a suite once, so that nothing can be subtracted.

A table in which small numbers are left out is safe by itself. Two tables of overlapping days are
not: thirteen weeks less twelve is the one week whose small numbers were left out. So figures leave
for whole periods that are over, once, and stand from then on as they were known; another period
leaves only if it has no day of a suite in common with any that left. Whether something may leave
depends on what was asked before and never on the numbers: a refusal tells nothing either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from triage.domain.errors import InputError

MOST_WEEKS = 13


class Kind(StrEnum):
    """Which figures leave; both count the same detentions, so one stands in the other's way."""

    PACK = "pack"
    RETURN = "return"


@dataclass(frozen=True)
class Period:
    """The days and suites that figures cover; ``after`` is the first day that is not covered."""

    kind: Kind
    first: date
    after: date
    suites: tuple[str, ...] = ()  # in order, each once; none means every suite

    @property
    def last(self) -> date:
        """The last day that is covered."""
        return self.after - timedelta(days=1)

    @property
    def weeks(self) -> int:
        """How many whole weeks are covered."""
        return (self.after - self.first).days // 7

    def meets(self, other: "Period") -> bool:
        """Whether some day of some suite is in both."""
        days = self.first < other.after and other.first < self.after
        every = not self.suites or not other.suites
        return days and (every or not set(self.suites).isdisjoint(other.suites))


def pack_period(first: date, after: date, suites: Iterable[str], *, today: date) -> Period:
    """The period of a pack; raises InputError unless it is whole weeks, Monday to Sunday, over."""
    monday = today - timedelta(days=today.weekday())
    whole = first.weekday() == 0 and after.weekday() == 0
    if not whole or not first < after <= monday or (after - first).days > 7 * MOST_WEEKS:
        last = min(after - timedelta(days=after.weekday()), monday)
        since = max(first - timedelta(days=first.weekday()), last - timedelta(weeks=MOST_WEEKS))
        nearest = days(min(since, last - timedelta(weeks=1)), last)
        raise InputError.at(
            "to",
            "What leaves covers whole weeks, Monday to Sunday, that are over, and at most "
            f"{MOST_WEEKS} of them. Ask for {nearest}, or for exact figures inside the force.",
        )
    return Period(Kind.PACK, first, after, tuple(sorted(set(suites))))


def return_period(first: date, after: date, suites: Iterable[str], *, today: date) -> Period:
    """The period of an annual return; raises InputError while the year is not over."""
    if after > today:
        raise InputError.at(
            "year",
            f"The year ends on {day(after - timedelta(days=1))}. Its return leaves when it is "
            "over; until then ask for exact figures inside the force.",
        )
    return Period(Kind.RETURN, first, after, tuple(sorted(set(suites))))


def in_the_way(asked: Period, left: Iterable[Period]) -> Period | None:
    """What left and has a day of a suite in common with what is asked, unless it is the same."""
    return next((each for each in left if each != asked and each.meets(asked)), None)


def days(first: date, after: date) -> str:
    """From which day to which, both included."""
    return f"{day(first)} to {day(after - timedelta(days=1))}"


def day(at: date) -> str:
    """A day in words."""
    return f"{at.day} {at:%B %Y}"
