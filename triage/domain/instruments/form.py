"""What a scored instrument is: its items, their points, its bands, cut-offs and flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from triage.domain.dated import Confidence

Given = int | float | Decimal | bool | str | None
"""One answer as it comes in: points, yes or no, an option, a measurement, or none (unknown)."""


class ItemKind(StrEnum):
    """How an item is answered."""

    POINTS = "points"  # the points themselves, as printed on the form
    YES_NO = "yes_no"
    CHOICE = "choice"  # one of named options
    MEASURED = "measured"  # a number that a table turns into points


class Colour(StrEnum):
    """Whether the wording may ship. What is neither is not in this repository in any form."""

    GREEN = "green"
    AMBER = "amber"  # scoring ships, the service loads its own licensed wording


@dataclass(frozen=True)
class Option:
    """One way to answer an item, and what it counts."""

    id: str
    words: str
    points: int


@dataclass(frozen=True)
class StepTable:
    """Points by measurement: each step holds up to and including its end, the last without end.

    ``when`` names the other answers under which this table is the right one; empty is always.
    """

    steps: tuple[tuple[Decimal | None, int], ...]
    when: tuple[tuple[str, str], ...] = ()

    def points(self, value: Decimal) -> int:
        """What a measurement counts."""
        return next(points for end, points in self.steps if end is None or value <= end)


@dataclass(frozen=True)
class Item:
    """One question or measurement of an instrument."""

    id: str
    kind: ItemKind
    name: str = ""
    asks: str = ""  # empty where the wording may not ship
    options: tuple[Option, ...] = ()
    tables: tuple[StepTable, ...] = ()
    lowest: Decimal = Decimal(0)  # measurements outside these are typing errors
    highest: Decimal = Decimal(0)
    places: int = 0  # decimal places of a measurement
    unit: str = ""
    counts: bool = True  # whether its points belong to the total
    shaded_from: int | None = None  # the points from which the box on the form is shaded

    @cached_property
    def possible(self) -> tuple[int, int]:
        """The fewest and the most points that any answer gives."""
        return min(self.points), max(self.points)

    @property
    def points(self) -> tuple[int, ...]:
        """The points of every answer that there is; none for an item that cannot be answered."""
        if self.tables:
            return tuple(points for table in self.tables for _, points in table.steps)
        return tuple(option.points for option in self.options)


@dataclass(frozen=True)
class Count:
    """A number of points, or of shaded boxes, over some items."""

    items: tuple[str, ...]
    at_least: int
    shaded: bool = False


@dataclass(frozen=True)
class CutOff:
    """A published line: positive when any of its counts is reached.

    A line for one ``sex`` or one ``setting`` is read only there; where the sex is not known, the
    lines of both are read, because neither can be ruled out.
    """

    id: str
    words: str
    any_of: tuple[Count, ...]
    source: str
    confidence: Confidence
    setting: str | None = None
    sex: str | None = None
    population: str = ""
    sensitivity: float | None = None  # of a hundred people with the condition, how many are found
    specificity: float | None = None  # of a hundred without it, how many are left alone


@dataclass(frozen=True)
class BandSet:
    """Words for ranges of the total, as one source draws them."""

    id: str
    source: str
    bands: tuple[tuple[int, int, str], ...]  # from, to (both included), words

    def words(self, low: int, high: int) -> str | None:
        """The band that holds the whole range, or nothing when the range straddles bands."""
        for first, last, words in self.bands:
            if first <= low and high <= last:
                return words
        return None


@dataclass(frozen=True)
class Flag:
    """Something that must be seen whatever the total is."""

    id: str
    words: str
    items: tuple[str, ...]
    at_least: int  # points on any one of these items
    need: str | None = None


@dataclass(frozen=True)
class Gate:
    """A first answer after which the form stops: what was not asked then counts nothing."""

    item: str
    stops_at: str | int  # the option or the points


@dataclass(frozen=True)
class Instrument:
    """One instrument, with its licence: nothing ships without one."""

    id: str
    name: str
    about: str
    colour: Colour
    licence: str
    source: str
    confidence: Confidence
    checked_on: date
    who: tuple[str, ...]
    items: tuple[Item, ...]
    stem: str = ""
    not_for: str = ""
    private: bool = False
    band_sets: tuple[BandSet, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    flags: tuple[Flag, ...] = ()
    gate: Gate | None = None
    setting: str | None = None  # the one that is read unless a site chose another

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """The items by id, in the order of the form."""
        return {item.id: item for item in self.items}

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that a site can choose between; empty where there is nothing to choose."""
        return tuple(dict.fromkeys(cut.setting for cut in self.cut_offs if cut.setting))

    @property
    def least(self) -> int:
        """The smallest total there is; with ``most``, the bounds before anything is asked."""
        return sum(item.possible[0] for item in self.items if item.counts)

    @property
    def most(self) -> int:
        """The largest total there is."""
        return sum(item.possible[1] for item in self.items if item.counts)
