"""Writes the functions that name what is behind a verdict: what decided it, or what is missing.

One small function for each condition, written when the condition is first asked about and then
kept: most conditions are never raised for most people. It is given the same values as the compiled
rails and gives keys, each once and in the order in which the condition reads them: the id of a
fact, or one of ``Deciding.others``. ``sweep`` writes the same steps into its one function.
``walk.Walk.deciding`` is the slow twin, held against both.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
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


class Behind(Enum):
    """What is asked about a condition; each is for the verdict that it says."""

    HOLDS = "holds"  # what makes it hold
    FAILS = "fails"  # what keeps it from holding
    MIGHT = "might"  # nobody can tell: what decided so far, and what might make it hold
    MIGHT_NOT = "might_not"  # the same, of what might keep it from holding
    OPEN = "open"  # nobody can tell: what nobody knows


@dataclass(frozen=True)
class If:
    """Keys that are named only where a test holds; else the others."""

    test: str
    steps: tuple["Step", ...]
    others: tuple["Step", ...] = ()


@dataclass(frozen=True)
class Through:
    """A key that stands for all that is behind a definition: named anew for one person once."""

    definition: str
    behind: Behind


Step = str | If
_Kept = dict[int, tuple[Tree, Naming]]


@dataclass(frozen=True)
class Deciding:
    """What is behind the conditions of one program."""

    emitter: Emitter
    definitions: Mapping[str, Definition]
    places: Mapping[str, int]  # where each local stands among the values
    # What a key stands for where it is no fact: a definition, the markers of a leaf, or a number.
    others: dict[str, Through | Marked | Number] = field(default_factory=dict)
    # By the identity of the tree, which is kept beside it, so that no other can take its place.
    _decided: _Kept = field(default_factory=dict)
    _might: _Kept = field(default_factory=dict)
    _missing: _Kept = field(default_factory=dict)
    _through: dict[Through, Naming] = field(default_factory=dict)

    def decided(self, tree: Tree) -> Naming:
        """Names what makes a tree hold, for values with which it certainly holds."""
        kept = self._decided.get(id(tree)) or self._new(self._decided, tree, Behind.HOLDS)
        return kept[1]

    def might(self, tree: Tree) -> Naming:
        """Names what a tree rests on, for values with which nobody can tell whether it holds."""
        kept = self._might.get(id(tree)) or self._new(self._might, tree, Behind.MIGHT)
        return kept[1]

    def missing(self, tree: Tree) -> Naming:
        """Names what nobody knows, for values with which nobody can tell whether a tree holds."""
        kept = self._missing.get(id(tree)) or self._new(self._missing, tree, Behind.OPEN)
        return kept[1]

    def through(self, key: Through) -> Naming:
        """Names what is behind a definition."""
        naming = self._through.get(key)
        if naming is None:
            steps = self.steps(self.definitions[key.definition].when.tree, key.behind)
            naming = self._through[key] = self._written(steps)
        return naming

    def _new(self, kept: _Kept, tree: Tree, behind: Behind) -> tuple[Tree, Naming]:
        kept[id(tree)] = (tree, self._written(self.steps(tree, behind)))
        return kept[id(tree)]

    def _written(self, steps: tuple[Step, ...]) -> Naming:
        fixed = dict.fromkeys(step for step in steps if isinstance(step, str))
        if len(fixed) == len(steps):
            return lambda values: fixed  # no answer changes it, so there is nothing to compile
        body = [*lines(steps, lambda key: f"named[{key!r}] = None")]
        words = dict.fromkeys(word for line in body for word in _WORD.findall(line))
        read = [f"{word} = values[{self.places[word]}]" for word in words if word in self.places]
        return define("named(values)", [*read, "named = {}", *body, "return named"])

    def steps(self, tree: Tree, behind: Behind) -> tuple[Step, ...]:
        """What a function does that names what is behind a tree."""
        match behind:
            case Behind.HOLDS | Behind.FAILS:
                return tuple(self._settled(tree, behind is Behind.HOLDS))
            case Behind.MIGHT | Behind.MIGHT_NOT:
                return tuple(self._possible(tree, behind is Behind.MIGHT))
        return tuple(self._open(tree))

    # What makes it hold, or not hold -----------------------------------------------------------

    def _settled(self, tree: Tree, wanted: bool) -> Iterator[Step]:
        """All parts where each is needed; else those that settle it."""
        match tree:
            case Not(part):
                yield from self._settled(part, not wanted)
            case Defined(name):
                yield self._key(name, Behind.HOLDS if wanted else Behind.FAILS)
            case And(parts) | Or(parts):
                for part in parts:
                    if isinstance(tree, And) == wanted:
                        yield from self._settled(part, wanted)
                    else:
                        steps = self._settled(part, wanted)
                        yield from _where(self._rail(part, wanted, may=False), steps)
            case _:
                yield from self.keys(tree)

    def _possible(self, tree: Tree, wanted: bool) -> Iterator[Step]:
        """All parts where each is needed, settled or not; else those that might settle it."""
        match tree:
            case Not(part):
                yield from self._possible(part, not wanted)
            case Defined(name):
                yield self._key(name, Behind.MIGHT if wanted else Behind.MIGHT_NOT)
            case And(parts) | Or(parts):
                for part in parts:
                    possible = tuple(self._possible(part, wanted))
                    if isinstance(tree, And) != wanted:
                        yield from _where(self._rail(part, wanted, may=True), possible)
                        continue
                    settled = tuple(self._settled(part, wanted))
                    if settled == possible:
                        yield from settled
                    else:
                        yield If(self._rail(part, wanted, may=False), settled, possible)
            case _:
                yield from self.keys(tree)

    def _rail(self, part: Tree, wanted: bool, *, may: bool) -> str:
        """The test whether a part may be, or must be, as it is wanted."""
        test = self.emitter.rail(part, may=may == wanted)
        return test if wanted else f"not {test}"

    # What nobody knows -------------------------------------------------------------------------

    def _open(self, tree: Tree) -> Iterator[Step]:
        """Nobody can tell of a whole only because of parts of which nobody can tell. A part that
        is settled either way changes nothing, however little is known inside it."""
        match tree:
            case Not(part):
                yield from self._open(part)
            case Defined(name):
                yield self._key(name, Behind.OPEN)
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

    def _key(self, definition: str, behind: Behind) -> str:
        key = f"{behind.value}({definition})"
        self.others[key] = Through(definition, behind)
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


def _where(test: str, steps: Iterable[Step]) -> Iterator[Step]:
    inside = tuple(steps)
    if inside:
        yield If(test, inside)


def lines(steps: Iterable[Step], put: Callable[[str], str]) -> Iterator[str]:
    """The steps as the lines of a function; ``put`` says how one key is named."""
    for step in steps:
        if isinstance(step, str):
            yield put(step)
            continue
        yield f"if {step.test}:"
        yield from (f"    {line}" for line in lines(step.steps, put))
        if step.others:
            yield "else:"
            yield from (f"    {line}" for line in lines(step.others, put))
