"""How far each need and flag reaches: what was found of it, and what it may be at most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from triage.domain.conditions import Number
from triage.domain.findings import Urgency
from triage.domain.needs import NEEDS, ORDER


@dataclass(frozen=True)
class Levels:
    """The levels of all needs and flags in the order of ``ORDER``; 0 is not found."""

    low: tuple[int, ...]  # certain
    high: tuple[int, ...]  # possible, never below what is certain

    @classmethod
    def of(cls, found: Mapping[str, int], could: Mapping[str, int]) -> "Levels":
        """What was found is certain; what was not excluded above it is possible."""
        low = [found.get(name, 0) for name in ORDER]
        high = low.copy()
        for name, level in could.items():
            place = ORDER[name]
            if level > high[place]:
                high[place] = level
        return cls(tuple(low), tuple(high))

    def bounds(self, of: "Bounds") -> tuple[Any, ...]:
        """The least and the most of the numbers that ``of`` picks."""
        return of((*self.low, *self.high, *_at_least(self.low), *_at_least(self.high)))


Bounds = Callable[[tuple[int, ...]], tuple[int, ...]]
NOTHING = Levels((0,) * len(ORDER), (0,) * len(ORDER))


def bounds_of(numbers: Sequence[Number]) -> Bounds:
    """What picks the least and the most of each of these numbers for ``Levels.bounds``."""
    places = list[int]()
    for number in numbers:
        if number.of == "any_need":
            low = 2 * len(ORDER) + Urgency.of(number.name) - 1
            places += [low, low + len(Urgency)]
        else:
            low = ORDER[number.name]
            places += [low, low + len(ORDER)]
    return itemgetter(*places) if places else lambda _: ()


def _at_least(levels: tuple[int, ...]) -> tuple[int, int, int, int]:
    """How many needs stand at each urgency or above, from the lowest urgency on."""
    needs = levels[: len(NEEDS)]
    emergency = needs.count(Urgency.EMERGENCY)
    urgent = emergency + needs.count(Urgency.URGENT)
    soon = urgent + needs.count(Urgency.SOON)
    return soon + needs.count(Urgency.ROUTINE), soon, urgent, emergency
