"""The legs of a wait, measured, and grouped for a report: median, ninetieth, and what is missing.

A leg that is still open, was never recorded or runs backwards is counted as such and never guessed:
a report that leaves out whoever still waits flatters everybody.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from triage.domain import london, statistics
from triage.domain.waits import Reached, Stage, Wait, WaitKind

# Each leg with where it begins and ends. A request that nobody recorded is read as the start.
LEGS: Mapping[str, tuple[Stage, Stage]] = MappingProxyType(
    {
        "amhp_told": (Stage.REQUESTED, Stage.AMHP_TOLD),
        "amhp_arrives": (Stage.AMHP_TOLD, Stage.AMHP_ARRIVED),
        "doctor_arrives": (Stage.DOCTOR_TOLD, Stage.DOCTOR_ARRIVED),
        "assessment_begins": (Stage.BEGAN, Stage.ASSESSMENT_BEGAN),
        "assessment_lasts": (Stage.ASSESSMENT_BEGAN, Stage.ASSESSMENT_FINISHED),
        "bed_found": (Stage.BED_REQUESTED, Stage.BED_FOUND),
        "moved": (Stage.BED_FOUND, Stage.MOVED),
        "whole": (Stage.BEGAN, Stage.ENDED),
    }
)
OFFICER_LEGS = ("whole",)


class LegState(StrEnum):
    """What became of one leg."""

    FINISHED = "finished"
    OPEN = "open"  # still waiting
    NOT_RECORDED = "not_recorded"  # one end of it is not on the record
    ABSENT = "absent"  # neither end: nobody asked for a bed, say
    OUT_OF_ORDER = "out_of_order"  # recorded as ending before it began


@dataclass(frozen=True)
class Leg:
    """One leg of one wait; ``seconds`` only when it is finished."""

    state: LegState
    seconds: int | None = None


@dataclass(frozen=True)
class Measured:
    """One wait, measured, with what a report groups by."""

    record: str  # the custody record, incident or reference number
    stay: str
    kind: WaitKind
    suite: str
    place: str
    began: datetime
    legs: Mapping[str, Leg]
    officers: int | None = None

    @property
    def hour(self) -> int:
        """The hour of the London day in which it began."""
        return london.to_wall(self.began).hour

    @property
    def week(self) -> date:
        """The Monday of the London week in which it began."""
        return week_of(self.began)


@dataclass(frozen=True)
class Summary:
    """One leg over a group of waits; each count with the records behind it."""

    leg: str
    finished: tuple[str, ...]
    open: tuple[str, ...]
    not_recorded: tuple[str, ...]
    out_of_order: tuple[str, ...]
    median: float | None  # seconds
    ninetieth: float | None
    longest: float | None


@dataclass(frozen=True)
class Group:
    """One group of a report: a suite, a place, an hour, a week, or everybody."""

    by: str
    value: str
    records: tuple[str, ...]
    legs: tuple[Summary, ...]


def week_of(at: datetime) -> date:
    """The Monday of the London week of a moment."""
    day = london.day_of(at)
    return day - timedelta(days=day.weekday())


def leg_of(wait: Wait, leg: str) -> Leg:
    """One leg of one wait, in its longest reading where a time is known roughly."""
    first, last = LEGS[leg]
    begins, ends = wait.at(first), wait.at(last)
    if begins is None and first is Stage.REQUESTED and ends is not None:
        return _from_the_start(wait, ends)
    if begins is None and first is Stage.REQUESTED:
        begins = wait.at(Stage.BEGAN)
    if begins is None and ends is None:
        return Leg(LegState.ABSENT)
    if begins is not None and ends is None:
        return Leg(LegState.OPEN if wait.ended is None else LegState.NOT_RECORDED)
    if begins is None or ends is None:
        return Leg(LegState.NOT_RECORDED)
    if ends.not_after < begins.not_before:
        return Leg(LegState.OUT_OF_ORDER)
    return Leg(LegState.FINISHED, int((ends.not_after - begins.not_before).total_seconds()))


def _from_the_start(wait: Wait, ends: Reached) -> Leg:
    """Told before the arrival is told at once: nobody waited."""
    return Leg(LegState.FINISHED, max(0, int((ends.not_after - wait.began).total_seconds())))


def legs_of(wait: Wait) -> Mapping[str, Leg]:
    """All legs of a wait; of officers only the whole."""
    names = OFFICER_LEGS if wait.kind is WaitKind.OFFICERS else tuple(LEGS)
    return MappingProxyType({name: leg_of(wait, name) for name in names})


GROUPINGS: Mapping[str, Callable[[Measured], Hashable]] = MappingProxyType(
    {
        "all": lambda one: "all",
        "suite": lambda one: one.suite,
        "place": lambda one: one.place,
        "hour": lambda one: f"{one.hour:02}",
        "week": lambda one: one.week.isoformat(),
    }
)


def report(measured: Iterable[Measured], kind: WaitKind, by: str) -> tuple[Group, ...]:
    """The waits of one kind, grouped. Two kinds are never in one figure."""
    groups: dict[str, list[Measured]] = {}
    for one in measured:
        if one.kind is kind:
            groups.setdefault(str(GROUPINGS[by](one)), []).append(one)
    names = OFFICER_LEGS if kind is WaitKind.OFFICERS else tuple(LEGS)
    return tuple(
        Group(
            by,
            value,
            tuple(one.record for one in members),
            tuple(_summary(leg, members) for leg in names),
        )
        for value, members in sorted(groups.items())
    )


def _summary(leg: str, members: Sequence[Measured]) -> Summary:
    def records(state: LegState) -> tuple[str, ...]:
        return tuple(one.record for one in members if one.legs[leg].state is state)

    lengths = seconds_of(members, leg)
    return Summary(
        leg=leg,
        finished=records(LegState.FINISHED),
        open=records(LegState.OPEN),
        not_recorded=records(LegState.NOT_RECORDED),
        out_of_order=records(LegState.OUT_OF_ORDER),
        median=statistics.median(lengths) if lengths else None,
        ninetieth=statistics.ninetieth(lengths) if lengths else None,
        longest=max(lengths, default=None),
    )


def seconds_of(members: Iterable[Measured], leg: str) -> tuple[int, ...]:
    """The lengths of one leg that are finished, in the order given."""
    found = (one.legs[leg].seconds for one in members if leg in one.legs)
    return tuple(seconds for seconds in found if seconds is not None)


@dataclass(frozen=True)
class OfficerHours:
    """What waiting to hand over cost: officers x hours, where somebody said how many officers."""

    seconds: int  # officers x seconds
    counted: tuple[str, ...]
    not_counted: tuple[str, ...]  # nobody said how many officers; never guessed


def officer_hours(measured: Iterable[Measured]) -> OfficerHours:
    """Officers x time over finished waits; a wait without a number of officers is left out."""
    total, counted, missing = 0, [], []
    for one in measured:
        if one.kind is not WaitKind.OFFICERS or one.legs["whole"].seconds is None:
            continue
        if one.officers is None:
            missing.append(one.record)
        else:
            counted.append(one.record)
            total += one.officers * one.legs["whole"].seconds
    return OfficerHours(total, tuple(counted), tuple(missing))
