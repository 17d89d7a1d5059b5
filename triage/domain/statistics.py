"""Plain statistics of waits: median, ninetieth percentile, counts in bins, and an XmR chart.

Everything is small enough to check by hand, which is what partners do who doubt a figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_MOVING = 2.66  # 3 / 1.128: the natural limits of an individuals chart (Wheeler)
_RUN = 8  # so many points in a row on one side of the mean are a signal


def median(values: Sequence[float]) -> float:
    """The middle value, or half way between the two in the middle; raises ValueError for none."""
    ranked = _ranked(values)
    middle = len(ranked) // 2
    return ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2


def ninetieth(values: Sequence[float]) -> float:
    """The nearest-rank 90th percentile: a wait that really happened, never one in between.

    The smallest value that at least nine in ten do not exceed. Raises ValueError for none.
    """
    ranked = _ranked(values)
    return ranked[-(-9 * len(ranked) // 10) - 1]


def _ranked(values: Sequence[float]) -> list[float]:
    if not values:
        raise ValueError("no values: there is nothing in the middle of nothing")
    return sorted(values)


def bins(values: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    """How many values lie from each edge up to, not with, the next; the last bin is open."""
    counts = [0] * len(edges)
    for value in values:
        place = max((i for i, edge in enumerate(edges) if value >= edge), default=None)
        if place is not None:
            counts[place] += 1
    return tuple(counts)


@dataclass(frozen=True)
class Xmr:
    """A run of values with its natural limits; ``signals`` are the places that are no noise."""

    values: tuple[float, ...]
    mean: float
    moving_range: float  # the mean of the ranges between neighbours
    upper: float
    lower: float  # never below 0: nobody waits less than no time
    signals: tuple[int, ...]


def xmr(values: Sequence[float]) -> Xmr | None:
    """The individuals chart of a run: mean plus and minus 2.66 mean moving ranges.

    None for fewer than two values, which have no range. A signal is a point beyond a limit, or one
    of eight or more in a row on the same side of the mean.
    """
    if len(values) < 2:
        return None
    mean = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    moving = sum(ranges) / len(ranges)
    upper, lower = mean + _MOVING * moving, max(0.0, mean - _MOVING * moving)
    beyond = {i for i, value in enumerate(values) if value > upper or value < lower}
    signals = tuple(sorted(beyond | _long_runs(values, mean)))
    return Xmr(tuple(values), mean, moving, upper, lower, signals)


def _long_runs(values: Sequence[float], mean: float) -> set[int]:
    found: set[int] = set()
    run: list[int] = []
    side = 0
    for place, value in enumerate(values):
        here = (value > mean) - (value < mean)
        run = [*run, place] if here == side and here else [place]
        side = here
        if here and len(run) >= _RUN:
            found |= set(run)
    return found
