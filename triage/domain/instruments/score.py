"""Adds up an instrument. An unanswered item leaves bounds; it is never counted as nothing.

A line is passed for certain only when it is passed in every world that the answers leave open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from triage.domain.errors import InputError, Problem
from triage.domain.instruments.form import Count, CutOff, Flag, Given, Instrument
from triage.domain.instruments.held import held
from triage.domain.instruments.worlds import World, unanswered, worlds

_SEXES = ("female", "male", "other", "unknown")


class Holds(StrEnum):
    """Whether a line is passed, or cannot be excluded because something is unanswered."""

    YES = "yes"
    NO = "no"
    CANNOT_EXCLUDE = "cannot_exclude"


@dataclass(frozen=True)
class Reading:
    """One cut-off, read against the answers."""

    cut_off: str
    words: str
    positive: Holds


@dataclass(frozen=True)
class BandReading:
    """The words for the total in one published set; none while the bounds straddle two bands."""

    band_set: str
    words: str | None


@dataclass(frozen=True)
class FlagReading:
    """Something that must be seen whatever the total is: raised, not raised, or not excluded."""

    flag: str
    words: str
    need: str | None
    raised: Holds


@dataclass(frozen=True)
class Score:
    """One instrument added up. There is a total only when nothing is unanswered."""

    instrument: str
    low: int
    high: int
    total: int | None
    bands: tuple[BandReading, ...]
    readings: tuple[Reading, ...]
    flags: tuple[FlagReading, ...]
    unanswered: tuple[str, ...]

    def positive(self, cut_off: str) -> Holds:
        """Whether one cut-off is passed. Raises KeyError for a line that was not read."""
        return {each.cut_off: each.positive for each in self.readings}[cut_off]

    def raised(self, flag: str) -> Holds:
        """Whether one flag is raised. Raises KeyError for a flag that the form does not have."""
        return {each.flag: each.raised for each in self.flags}[flag]


def score(
    instrument: Instrument,
    items: Mapping[str, Given],
    *,
    sex: str | None = None,
    setting: str | None = None,
) -> Score:
    """Add up the answers, read every line that applies, and say what could not be excluded.

    An item that is absent or None is unanswered. Raises InputError, listing every item that is not
    one of the form, not of its kind or outside its range.
    """
    lines = _applying(instrument, sex, setting)
    answers = held(instrument, items)
    open_worlds = tuple(worlds(instrument, answers))
    low, high = _total(instrument, open_worlds)
    missing = unanswered(instrument, answers)
    return Score(
        instrument=instrument.id,
        low=low,
        high=high,
        total=None if missing else low,
        bands=tuple(BandReading(each.id, each.words(low, high)) for each in instrument.band_sets),
        readings=tuple(
            Reading(cut.id, cut.words, _passed(instrument, cut.any_of, open_worlds))
            for cut in lines
        ),
        flags=tuple(
            FlagReading(flag.id, flag.words, flag.need, _raised(instrument, flag, open_worlds))
            for flag in instrument.flags
        ),
        unanswered=missing,
    )


def bounds(score: Score) -> tuple[int, int]:
    """The least and the most that the total can be, for conditions such as score(phq9) >= 10."""
    return score.low, score.high


def in_order(instrument: Instrument, values: Sequence[Given]) -> dict[str, Given]:
    """Answers in the order of the form, by item. Raises InputError for a wrong number of them."""
    if len(values) != len(instrument.items):
        raise InputError.at(
            "items", f"{instrument.name} has {len(instrument.items)} items, {len(values)} came."
        )
    return {item.id: value for item, value in zip(instrument.items, values, strict=True)}


def worded(instrument: Instrument, asks: Mapping[str, str]) -> Instrument:
    """The instrument with wording that a service holds a licence for, one text for each item.

    Raises InputError for an item without a text, or a text without an item.
    """
    wrong = set(asks) ^ set(instrument.by_id)
    if wrong:
        raise InputError(
            Problem(f"asks.{name}", "One text for each item of the form, and no others.")
            for name in sorted(wrong)
        )
    items = tuple(replace(item, asks=asks[item.id]) for item in instrument.items)
    return replace(instrument, items=items)


def _total(instrument: Instrument, open_worlds: Iterable[World]) -> tuple[int, int]:
    counting = [item.id for item in instrument.items if item.counts]
    sums = [
        (sum(world[name][0] for name in counting), sum(world[name][1] for name in counting))
        for world in open_worlds
    ]
    return min(low for low, _ in sums), max(high for _, high in sums)


def _applying(instrument: Instrument, sex: str | None, setting: str | None) -> tuple[CutOff, ...]:
    if sex is not None and sex not in _SEXES:
        raise InputError.at("sex", f"{sex} is not known here.", _SEXES)
    if setting is not None and setting not in instrument.settings:
        raise InputError.at(
            "setting",
            f"{instrument.name} has no setting {setting}; a total of another version of the form "
            "cannot be read with these lines.",
            instrument.settings,
        )
    chosen = setting or instrument.setting
    either = sex not in ("female", "male")
    return tuple(
        cut
        for cut in instrument.cut_offs
        if cut.setting in (None, chosen) and (cut.sex is None or either or cut.sex == sex)
    )


def _passed(instrument: Instrument, counts: Sequence[Count], open_worlds: Sequence[World]) -> Holds:
    if all(any(_count(instrument, each, world)[0] for each in counts) for world in open_worlds):
        return Holds.YES
    if any(any(_count(instrument, each, world)[1] for each in counts) for world in open_worlds):
        return Holds.CANNOT_EXCLUDE
    return Holds.NO


def _count(instrument: Instrument, count: Count, world: World) -> tuple[bool, bool]:
    """Whether the count is reached for certain, and whether it can be."""
    if count.shaded:
        starts = [(instrument.by_id[name].shaded_from, world[name]) for name in count.items]
        low = sum(start is not None and least >= start for start, (least, _) in starts)
        high = sum(start is not None and most >= start for start, (_, most) in starts)
    else:
        low = sum(world[name][0] for name in count.items)
        high = sum(world[name][1] for name in count.items)
    return low >= count.at_least, high >= count.at_least


def _raised(instrument: Instrument, flag: Flag, open_worlds: Sequence[World]) -> Holds:
    """A flag is a line on any one of its items."""
    return _passed(instrument, [Count((name,), flag.at_least) for name in flag.items], open_worlds)
