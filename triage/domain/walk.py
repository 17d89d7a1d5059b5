"""Walks one condition over one person's facts, slowly: does it hold, what decided it, what is
missing.

``explaining`` asks this about rules that were not raised, tree by tree. A screening does not need
it: the compiled rails (``rails``) say whether, and ``deciding`` says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from triage.domain.conditions import (
    Always,
    Amount,
    And,
    AnyOf,
    Compare,
    Defined,
    Known,
    Leaf,
    Marked,
    Not,
    OneOf,
    Only,
    Or,
    Tree,
    Withheld,
)
from triage.domain.findings import FactUsed, Missing
from triage.domain.kleene import compared, joined, rails
from triage.domain.levels import NOTHING, Levels
from triage.domain.program import Program, Reading
from triage.domain.rails import MARKER_BITS, markers_name, number_name
from triage.domain.used import Used

_LEVELS = ("need", "flag", "any_need")


@dataclass(frozen=True)
class Walk:
    """One person's facts, as the conditions of one rulebook read them."""

    program: Program
    reading: Reading
    seen: Used
    # Definitions and leaves come back in many rules: each is worked out once for one person.
    _verdicts: dict[int, tuple[Tree, bool | None]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _leaves: dict[tuple[str, bool], tuple[Leaf, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def over(cls, program: Program, reading: Reading, levels: Levels = NOTHING) -> "Walk":
        """A walk over a reading, and over what the rules found where that is known."""
        return cls(program, reading, Used.of(program, reading).with_levels(levels))

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """What was read, by the names of the locals."""
        # Before the second pass there are no levels yet, and so fewer values than names.
        return dict(zip(self.program.places, self.seen.values, strict=False))

    # Does it hold? -----------------------------------------------------------------------------

    def verdict(self, tree: Tree) -> bool | None:
        """Whether the tree holds; None when nobody can tell."""
        known = self._verdicts.get(id(tree))
        if known is None:
            # The tree is kept beside its verdict, so that no other tree can take its identity.
            known = self._verdicts[id(tree)] = (tree, self._verdict(tree))
        return known[1]

    def _verdict(self, tree: Tree) -> bool | None:
        match tree:
            case Not(part):
                verdict = self.verdict(part)
                return None if verdict is None else not verdict
            case And(parts):
                return joined([self.verdict(part) for part in parts], settles=False)
            case Or(parts):
                return joined([self.verdict(part) for part in parts], settles=True)
            case OneOf(name, options):
                value = self.values[f"f_{name}"]
                return None if value is None else value in options
            case AnyOf(name, options):
                return self._any_of(name, self.program.bits[name], options)
            case Marked(kinds):
                return self._any_of(markers_name(tree), MARKER_BITS, kinds)
            case Only(name, options):
                return self._only(name, options)
            case Known(name):
                return self.seen.known(name)
            case Withheld(name):
                return bool(self.values[f"w_{name}"])
            case Defined(name):
                return rails(self.values[f"may_{name}"], self.values[f"must_{name}"])
            case Always(holds):
                return holds
            case Compare(left, symbol, right):
                return compared(self._bounds(left), symbol, self._bounds(right))

    def _any_of(self, name: str, bits: Mapping[str, int], options: Iterable[str]) -> bool | None:
        mask = sum(bits[option] for option in set(options))
        return rails(self.values[f"h_{name}"] & mask, self.values[f"l_{name}"] & mask)

    def _only(self, name: str, options: Iterable[str]) -> bool | None:
        bits = self.program.bits[name]
        inside = sum(bits[option] for option in set(options))
        outside = sum(bits.values()) - inside
        low, high = self.values[f"l_{name}"], self.values[f"h_{name}"]
        return rails(high & inside and not low & outside, low & inside and not high & outside)

    def _bounds(self, amount: Amount) -> tuple[Any, Any]:
        low = high = amount.constant
        for number in amount.numbers:
            name = number_name(number)
            if number.of in _LEVELS and f"l_{name}" not in self.values:
                continue  # before the second pass nothing is found yet
            # Any other number that was never read would pass for none at all: that is an error.
            low += self.values[f"l_{name}"]
            high += self.values[f"h_{name}"]
        return low, high

    # What decided it, what is missing? ---------------------------------------------------------

    def deciding(self, tree: Tree, *, wanted: bool = True) -> tuple[Leaf, ...]:
        """The leaves that make the tree hold (or not hold); where nobody can tell, those too
        that might."""
        return tuple(dict.fromkeys(self._deciding(tree, wanted)))

    def _deciding(self, tree: Tree, wanted: bool) -> Iterator[Leaf]:
        match tree:
            case Not(part):
                yield from self._deciding(part, not wanted)
            case Defined(name):
                if (name, wanted) not in self._leaves:
                    tree = self.program.definitions[name].when.tree
                    self._leaves[name, wanted] = tuple(self._deciding(tree, wanted))
                yield from self._leaves[name, wanted]
            case And(parts) | Or(parts):
                for part in self._decisive(
                    parts, every=isinstance(tree, And) == wanted, wanted=wanted
                ):
                    yield from self._deciding(part, wanted)
            case _:
                yield tree

    def _decisive(self, parts: tuple[Tree, ...], *, every: bool, wanted: bool) -> Iterable[Tree]:
        """All parts where each is needed; else those that settle it; else those that might."""
        if every:
            return parts
        verdicts = [self.verdict(part) for part in parts]
        best = wanted if wanted in verdicts else None
        return [part for part, verdict in zip(parts, verdicts, strict=True) if verdict is best]

    def facts(self, tree: Tree) -> tuple[FactUsed, ...]:
        """The facts that decided a tree, each with its value, status, source and time."""
        found = (fact for leaf in self.deciding(tree) for fact in self.used(leaf))
        return tuple(dict.fromkeys(found))

    def used(self, leaf: Leaf) -> tuple[FactUsed, ...]:
        """The facts that one leaf reads."""
        return self.seen.named(tuple(self.program.deciding.keys(leaf)))

    def unknown(self, leaf: Leaf) -> tuple[Missing, ...]:
        """What one leaf would need to know."""
        keys = self.program.deciding.keys(leaf)
        return tuple(missing for key in keys for missing in self.seen.unknown(key))
