"""What two rulebooks find in the same rows, and where that differs.

What both rulebooks share is never evaluated: equal parts are one node of the graph, so only needs
and rules whose nodes differ are looked at. A change to one rule costs little more than reading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triage.domain.findings import Urgency
from triage.domain.needs import ORDER
from triage.domain.rehearsal import Way
from triage.domain.rulebook import Rulebook
from triage.rehearsal.coding import Coding
from triage.rehearsal.graph import FALSE, Graph
from triage.rehearsal.groups import DIMENSIONS, Groups, groups_of
from triage.rehearsal.machine import Array, Block, Machine
from triage.rehearsal.twin import Evaluated, Steps, evaluated

Counts = NDArray[np.int64]


WAYS = tuple(Way)


@dataclass
class Change:
    """How one need or flag would change: who had it before, by group, and who changes which way."""

    before: dict[str, Counts] = field(default_factory=dict)  # by dimension, one count a group
    ways: dict[str, Counts] = field(default_factory=dict)  # by dimension, a line for each way
    emergencies_lost: int = 0  # an emergency before, and less than that after
    seqs: list[Array] = field(default_factory=list)
    levels: list[Array] = field(default_factory=list)  # before and after, beside the seqs

    def add(self, other: "Change") -> None:
        """Takes in the same of other rows."""
        for mine, theirs in ((self.before, other.before), (self.ways, other.ways)):
            for dimension, counts in theirs.items():
                mine[dimension] = mine.get(dimension, 0) + counts
        self.emergencies_lost += other.emergencies_lost
        self.seqs += other.seqs
        self.levels += other.levels


@dataclass
class Tally:
    """What was counted in some rows."""

    rows: int = 0
    first: int | None = None  # the earliest and the latest day, since the epoch of the coding
    last: int | None = None
    groups: dict[str, Counts] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    rules: dict[str, Counts] = field(default_factory=dict)  # gains, loses
    open: dict[str, Counts] = field(default_factory=dict)  # newly not excluded, no longer
    sampled: list[int] = field(default_factory=list)  # places in the block to be checked

    def add(self, other: "Tally") -> None:
        """Takes in what was counted in other rows."""
        self.rows += other.rows
        days = [day for day in (self.first, self.last, other.first, other.last) if day is not None]
        self.first, self.last = min(days, default=None), max(days, default=None)
        pairs = ((self.groups, other.groups), (self.rules, other.rules), (self.open, other.open))
        for mine, theirs in pairs:
            for name, counts in theirs.items():
                mine[name] = mine[name] + counts if name in mine else counts
        for name, change in other.changes.items():
            self.changes.setdefault(name, Change()).add(change)


@dataclass(frozen=True)
class Comparison:
    """Two rulebooks over rows of one coding."""

    coding: Coding
    graph: Graph
    old: Evaluated
    new: Evaluated

    @classmethod
    def of(cls, old: Rulebook, new: Rulebook, coding: Coding) -> "Comparison":
        """Both rulebooks in one graph."""
        graph = Graph()
        both = evaluated(graph, old, coding), evaluated(graph, new, coding)
        return cls(coding, graph, *both)

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The needs and flags that could differ for anybody."""
        return tuple(name for name in ORDER if self.old.found[name] != self.new.found[name])

    @cached_property
    def open_needs(self) -> tuple[str, ...]:
        """The needs and flags of which it could differ whether they are excluded."""
        return tuple(name for name in ORDER if self.old.open[name] != self.new.open[name])

    @cached_property
    def rules(self) -> Mapping[str, tuple[int, int]]:
        """Each rule that could differ for anybody: its nodes under both."""
        both = {**self.old.rules, **self.new.rules}
        nodes = {
            rule: (self.old.rules.get(rule, FALSE), self.new.rules.get(rule, FALSE))
            for rule in both
        }
        return {rule: pair for rule, pair in nodes.items() if pair[0] != pair[1]}

    @cached_property
    def machine(self) -> Machine:
        """What it takes to work out all that could differ."""
        return self._machine(self.needs, self.open_needs)

    @cached_property
    def whole(self) -> Machine:
        """What it takes to work out everything, for the check against the core."""
        return self._machine(ORDER, ORDER)

    def _machine(self, needs: Iterable[str], open_needs: Iterable[str]) -> Machine:
        wanted = [node for pair in self.rules.values() for node in pair]
        for each in (self.old, self.new):
            wanted += [node for name in needs for node in each.found[name]]
            wanted += [node for name in open_needs for node in each.open[name]]
        return Machine.of(self.graph, wanted)

    def tally(self, block: Block, sample: int) -> Tally:
        """Counts the differences in a block, and picks about ``sample`` of each kind to check."""
        values = self.machine.run(block)
        groups = groups_of(self.coding, block)
        changed = np.zeros(len(block), dtype=bool)
        first, last = int(block.days.min()), int(block.days.max())
        tally = Tally(
            len(block), first, last, {name: _counted(name, groups[name]) for name in DIMENSIONS}
        )
        for name in self.needs:
            before, after = (_level(values, each.found[name]) for each in (self.old, self.new))
            tally.changes[name] = _change(before, after, groups, block)
            changed |= before != after
        for name in self.open_needs:
            before, after = (_level(values, each.open[name]) for each in (self.old, self.new))
            tally.open[name] = _crossed(before > 0, after > 0)
        for rule, (old, new) in self.rules.items():
            tally.rules[rule] = _crossed(values[old], values[new])
        tally.sampled = _sampled(changed, sample)
        return tally

    def levels(self, block: Block) -> tuple[Mapping[str, tuple[Array, Array]], ...]:
        """For each rulebook, the level found and the level not excluded, of every need and flag."""
        values = self.whole.run(block)
        return tuple(
            {
                name: (_level(values, each.found[name]), _highest(values, each.open[name]))
                for name in ORDER
            }
            for each in (self.old, self.new)
        )


def _level(values: Mapping[int, Array], steps: Steps) -> Array:
    """A level from the steps that it reaches; each step stands within the one below."""
    level = values[steps[0]].astype(np.uint8)
    for step in steps[1:]:
        level += values[step].view(np.uint8)
    return level


def _highest(values: Mapping[int, Array], steps: Steps) -> Array:
    """The highest step that is reached; the ones below it need not be."""
    level = np.zeros(len(values[steps[0]]), dtype=np.uint8)
    for urgency, step in enumerate(steps, start=1):
        level[values[step]] = urgency
    return level


def _counted(dimension: str, groups: Array) -> Counts:
    return np.bincount(groups, minlength=len(DIMENSIONS[dimension]))


def _crossed(before: Array, after: Array) -> Counts:
    """How many rows came to hold, and how many ceased to."""
    return np.array([np.count_nonzero(after & ~before), np.count_nonzero(before & ~after)])


def _change(before: Array, after: Array, groups: Groups, block: Block) -> Change:
    change = Change()
    had = before > 0
    places = np.flatnonzero(before != after)
    old, new = before[places], after[places]
    change.emergencies_lost = int(np.count_nonzero(old == Urgency.EMERGENCY))
    # In the order of WAYS: gains, more urgent, less urgent, loses.
    way = np.where(new > old, np.where(old == 0, 0, 1), np.where(new == 0, 3, 2))
    for dimension, names in DIMENSIONS.items():
        size = len(names)
        change.before[dimension] = _counted(dimension, groups[dimension][had])
        lines = np.bincount(way * size + groups[dimension][places], minlength=size * len(WAYS))
        change.ways[dimension] = lines.reshape(len(WAYS), size)
    if len(places):
        change.seqs.append(block.seqs[places])
        change.levels.append(np.stack([old, new]))
    return change


def _sampled(changed: Array, sample: int) -> list[int]:
    """Places spread over all rows, and places spread over those that change."""
    found: dict[int, None] = {}
    for places in (np.arange(len(changed)), np.flatnonzero(changed)):
        size = min(sample, len(places))
        spread = np.linspace(0, len(places) - 1, size).astype(np.int64)
        found |= dict.fromkeys(places[spread].tolist())
    return list(found)
