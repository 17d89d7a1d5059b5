"""The shape of a condition once it has been read and checked: what a rule asks of the facts.

A condition is a small tree. Its leaves ask one thing of one fact; ``and``, ``or`` and ``not`` join
them. Every leaf has three answers (yes, no, cannot tell), because every fact may be unknown.
``grammar`` reads the text of a rule into this shape, ``rails`` compiles it, ``walk`` explains it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal["==", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice or yes/no fact has one of these options. Ordered comparisons become this too."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these options is among those chosen of a multi-select fact."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Only:
    """Something was chosen of a multi-select fact, and nothing besides these options."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """An unclosed marker of one of these kinds.

    ``years`` keeps only markers dated within so many years, or undated. ``reported`` keeps only
    what an officer, family, a log, property or health staff reported.
    """

    kinds: tuple[str, ...]
    years: int | None = None
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """There is an answer. Never itself unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Somebody asked and no answer came: refused or unable. Never itself unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Defined:
    """A named idea from definitions.toml holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number that may be known only between bounds.

    ``of`` says how it comes about: a number ``fact``, the ``count`` of chosen options, the
    ``score`` of an instrument, the urgency of a ``need`` or a ``flag`` (0 when not found), or how
    many needs stand at ``any_need`` urgency or above.
    """

    of: Literal["fact", "count", "score", "need", "flag", "any_need"]
    name: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of numbers and a constant. Known and possible points are kept apart."""

    numbers: tuple[Number, ...]
    constant: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    """One amount against another."""

    left: Amount
    operator: Operator
    right: Amount


@dataclass(frozen=True, slots=True)
class Always:
    """Holds for everybody, or for nobody."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Tree"


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple["Tree", ...]


Leaf = OneOf | AnyOf | Only | Marked | Known | Withheld | Defined | Compare | Always
Tree = Leaf | Not | And | Or


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it was written, and its checked tree."""

    text: str
    tree: Tree


def leaves(tree: Tree) -> Iterator[Leaf]:
    """Every leaf of a tree, from left to right; definitions are not opened."""
    waiting: list[Tree] = [tree]
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, Not):
            waiting.append(tree.part)
        elif isinstance(tree, And | Or):
            waiting += reversed(tree.parts)
        else:
            yield tree


def names_in(leaf: Leaf) -> tuple[str, ...]:
    """The facts and definitions, or the needs and instruments, that a leaf names."""
    match leaf:
        case Compare(left, _, right):
            return tuple(number.name for number in left.numbers + right.numbers)
        case Marked() | Always():
            return ()
    return (leaf.name,)
