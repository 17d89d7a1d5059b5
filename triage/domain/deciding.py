"""Writes the functions that name what is behind a verdict: what decided it, or what is missing.

One small function for each condition, written when the condition is first asked about and then
kept: most conditions are never raised for most people. It is given the same values as the compiled
rails and gives keys, each once and in the order in which the condition reads them: the id of a
fact, or one of ``Deciding.others``. ``walk.Walk.deciding`` is the slow twin, held against it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from triage.domain.conditions import (
    Always,
    And,
    Compare,
    Defined,
    Known,
    Leaf,
    Marked,
    Not,
    Number,
    OneOf,
    Or,
    Tree,
    Withheld,
)
from triage.domain.rails import Emitter, define, markers_name
from triage.domain.specs import Definition

Naming = Callable[[Sequence[Any]], Mapping[str, None]]
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class _If:
    """Keys that are named only where a test holds."""

    test: str
    steps: tuple["_Step", ...]


@dataclass(frozen=True)
class Through:
    """A key that stands for all that is behind a definition: named anew for one person once."""

    naming: Naming


_Step = str | _If


@dataclass(frozen=True)
class Deciding:
    """What is behind the conditions of one program."""

    emitter: Emitter
    definitions: Mapping[str, Definition]
    places: Mapping[str, int]  # where each local stands among the values
    # What a key stands for where it is no fact: a definition, the markers of a leaf, or a number.
    others: dict[str, Through | Marked | Number] = field(default_factory=dict)
    # By the identity of the tree, which is kept beside it, so that no other can take its place.
    _holds: dict[int, tuple[Tree, Naming]] = field(default_factory=dict)
    _fails: dict[int, tuple[Tree, Naming]] = field(default_factory=dict)
    _unknown: dict[int, tuple[Tree, Naming]] = field(default_factory=dict)

    def decided(self, tree: Tree) -> Naming:
        """Names what makes a tree hold, for values with which it certainly holds."""
        kept = self._holds.get(id(tree))
        if kept is None:
            kept = self._holds[id(tree)] = (tree, self._written(self._settled(tree, True)))
        return kept[1]

    def failed(self, tree: Tree) -> Naming:
        """Names what keeps a tree from holding, for values with which it certainly does not."""
        kept = self._fails.get(id(tree))
        if kept is None:
            kept = self._fails[id(tree)] = (tree, self._written(self._settled(tree, False)))
        return kept[1]

    def missing(self, tree: Tree) -> Naming:
        """Names what nobody knows, for values with which nobody can tell whether a tree holds."""
        kept = self._unknown.get(id(tree))
        if kept is None:
            kept = self._unknown[id(tree)] = (tree, self._written(self._open(tree)))
        return kept[1]

    def _written(self, found: Iterable[_Step]) -> Naming:
        steps = tuple(found)
        fixed = dict.fromkeys(step for step in steps if isinstance(step, str))
        if len(fixed) == len(steps):
            return lambda values: fixed  # no answer changes it, so there is nothing to compile
        body = [*_lines(steps)]
        words = dict.fromkeys(word for line in body for word in _WORD.findall(line))
        read = [f"{word} = values[{self.places[word]}]" for word in words if word in self.places]
        return define("named(values)", [*read, "named = {}", *body, "return named"])

    # What makes it hold, or not hold -----------------------------------------------------------

    def _settled(self, tree: Tree, wanted: bool) -> Iterator[_Step]:
        """All parts where each is needed; else those that settle it."""
        match tree:
            case Not(part):
                yield from self._settled(part, not wanted)
            case Defined(name):
                yield self._through(name, self.decided if wanted else self.failed)
            case And(parts) | Or(parts):
                for part in parts:
                    if isinstance(tree, And) == wanted:
                        yield from self._settled(part, wanted)
                        continue
                    test = self.emitter.rail(part, may=not wanted)
                    test = test if wanted else f"not {test}"
                    yield from _where(test, self._settled(part, wanted))
            case _:
                yield from self.keys(tree)

    # What nobody knows -------------------------------------------------------------------------

    def _open(self, tree: Tree) -> Iterator[_Step]:
        """Nobody can tell of a whole only because of parts of which nobody can tell. A part that
        is settled either way changes nothing, however little is known inside it."""
        match tree:
            case Not(part):
                yield from self._open(part)
            case Defined(name):
                yield self._through(name, self.missing)
            case And(parts) | Or(parts):
                for part in parts:
                    yield from _where(self._cannot_tell(part), self._open(part))
            case Known() | Withheld():
                return  # whether there is an answer is never unknown
            case _:
                yield from self.keys(tree)

    def _cannot_tell(self, part: Tree) -> str:
        match part:
            case Not(inner):
                return self._cannot_tell(inner)
            case OneOf(name):
                return f"f_{name} is None"
        may, must = (self.emitter.rail(part, may=may) for may in (True, False))
        return f"{may} and not {must}"

    def _through(self, definition: str, what: Callable[[Tree], Naming]) -> str:
        key = f"{what.__name__}({definition})"
        if key not in self.others:
            self.others[key] = Through(what(self.definitions[definition].when.tree))
        return key

    # One leaf ----------------------------------------------------------------------------------

    def keys(self, leaf: Leaf) -> Iterator[str]:
        """What one leaf reads."""
        match leaf:
            case Always():
                return
            case Marked(kinds):
                key = f"{markers_name(leaf)}({', '.join(kinds)})"
                self.others[key] = leaf
                yield key
            case Compare(left, _, right):
                yield from map(self._number, left.numbers + right.numbers)
            case _:
                yield leaf.name

    def _number(self, number: Number) -> str:
        if number.of in ("fact", "count"):
            return number.name
        # No id has brackets, so this can be no fact's.
        key = f"{number.of}({number.name})"
        self.others[key] = number
        return key


def _where(test: str, steps: Iterable[_Step]) -> Iterator[_Step]:
    inside = tuple(steps)
    if inside:
        yield _If(test, inside)


def _lines(steps: Iterable[_Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, str):
            yield f"named[{step!r}] = None"
        else:
            yield f"if {step.test}:"
            yield from (f"    {line}" for line in _lines(step.steps))
