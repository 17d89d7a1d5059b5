"""Runs a graph over blocks of coded rows with numpy, each node once, in as little memory as it can.

A block of 32k rows keeps what is being worked on inside the processor's cache; whole columns of a
million rows would not (``performance`` notes, section 2).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.rehearsal.coding import Coding
from triage.rehearsal.graph import Graph, Node, taken
from triage.rehearsal.places import DAY
from triage.rehearsal.states import NO_NUMBER, UNKNOWN_NUMBER

BLOCK = 32_768
Array = NDArray[Any]


@dataclass(frozen=True)
class Block:
    """Coded rows of one coding. One byte of all rows is put together when first asked for."""

    seqs: NDArray[np.int64]
    rows: NDArray[np.uint8]  # one line for each screening
    scores: Mapping[tuple[str, int], Array]
    _columns: dict[int, NDArray[np.uint8]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, coding: Coding, seqs: Sequence[int], codes: Sequence[bytes]) -> "Block":
        """Rows that all have this coding's tag."""
        width = coding.width
        joined = b"".join(codes)
        longer = len(joined) != width * len(codes)
        if longer:
            joined = b"".join([each[:width] for each in codes])
        rows = np.frombuffer(joined, dtype=np.uint8).reshape(len(codes), width)
        return cls(np.array(seqs, dtype=np.int64), rows, _scores(coding, codes) if longer else {})

    def __len__(self) -> int:
        return len(self.seqs)

    def column(self, byte: int) -> NDArray[np.uint8]:
        """One byte of every row."""
        if byte not in self._columns:
            self._columns[byte] = np.ascontiguousarray(self.rows[:, byte])
        return self._columns[byte]

    def number(self, byte: int) -> NDArray[np.uint16]:
        """A number of two bytes."""
        number = self.column(byte).astype(np.uint16)
        number <<= 8
        number |= self.column(byte + 1)
        return number

    @property
    def days(self) -> NDArray[np.uint16]:
        """The London day of each screening, in days since the epoch of the coding."""
        return self.number(DAY)


def _scores(coding: Coding, codes: Sequence[bytes]) -> dict[tuple[str, int], Array]:
    """Instruments are rare, so their columns are filled one entry at a time."""
    found: dict[tuple[str, int], Array] = {}
    for place, row in enumerate(codes):
        for instrument, bounds in coding.scores_of(row) if len(row) > coding.width else ():
            for bound, points in enumerate(bounds):
                column = found.get((instrument, bound))
                if column is None:
                    column = np.full(len(codes), np.nan, dtype=np.float32)
                    found[instrument, bound] = column
                column[place] = points
    return found


@dataclass(frozen=True)
class Machine:
    """The nodes that some wanted ones need, in order, and when each is needed for the last time."""

    nodes: tuple[tuple[int, Node], ...]
    done_after: tuple[tuple[int, ...], ...]  # the nodes that nobody needs after each step
    wanted: tuple[int, ...]

    @classmethod
    def of(cls, graph: Graph, wanted: Iterable[int]) -> "Machine":
        """What it takes to work out these nodes."""
        kept = tuple(dict.fromkeys(wanted))
        order = tuple(_order(graph, kept))
        last: dict[int, int] = {}
        for step, number in enumerate(order):
            for used in (number, *taken(graph.nodes[number])):
                last[used] = step
        ends: list[list[int]] = [[] for _ in order]
        for number, step in last.items():
            if number not in kept:
                ends[step].append(number)
        return cls(
            tuple((number, graph.nodes[number]) for number in order),
            tuple(tuple(end) for end in ends),
            kept,
        )

    def run(self, block: Block) -> dict[int, Array]:
        """The wanted nodes for each row of a block."""
        values: dict[int, Array] = {}
        spare: list[Array] = []
        for (number, node), done in zip(self.nodes, self.done_after, strict=True):
            values[number] = _STEPS[node[0]](node, values, block, spare)
            for used in done:
                array = values.pop(used)
                if array.dtype == bool and array.base is None:
                    spare.append(array)
        return values


def _order(graph: Graph, wanted: Iterable[int]) -> Iterator[int]:
    """Each node after what it takes, as near to its use as can be."""
    seen: set[int] = set()
    waiting = [(number, False) for number in reversed(tuple(wanted))]
    while waiting:
        number, ready = waiting.pop()
        if ready:
            yield number
        elif number not in seen:
            seen.add(number)
            waiting.append((number, True))
            parts = [part for part in taken(graph.nodes[number]) if part not in seen]
            waiting += [(part, False) for part in reversed(parts)]


# The operations --------------------------------------------------------------------------------

Values = dict[int, Array]
Step = Callable[[Node, Values, Block, list[Array]], Array]


def _out(block: Block, spare: list[Array]) -> Array:
    return spare.pop() if spare else np.empty(len(block), dtype=bool)


def _constant(holds: bool) -> Step:
    return lambda node, values, block, spare: np.full(len(block), holds)


def _part(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    _, source, shift, mask = node
    shifted = values[source] >> np.uint8(shift) if shift else values[source]
    part: Array = shifted & np.uint8(mask)
    return part


def _between(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    _, source, first, last, top = node
    state, out = values[source], _out(block, spare)
    if first == last:
        return np.equal(state, np.uint8(first), out=out)
    if first == 0:
        return np.less_equal(state, np.uint8(last), out=out)
    if last == top:
        return np.greater_equal(state, np.uint8(first), out=out)
    # Below the first state, the difference wraps round to a large number.
    return np.less_equal(state - np.uint8(first), np.uint8(last - first), out=out)


def _bits(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    _, source, mask = node
    chosen = values[source] & np.uint8(mask)
    out = _out(block, spare)
    np.not_equal(chosen, 0, out=out)
    return out


def _not(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    return np.logical_not(values[node[1]], out=_out(block, spare))


def _joined(operation: np.ufunc) -> Step:
    def step(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
        out = _out(block, spare)
        operation(values[node[1]], values[node[2]], out=out)
        for part in node[3:]:
            operation(out, values[part], out=out)
        return out

    return step


def _low(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    number = values[node[1]]
    low = number.astype(np.float32)
    low[number == UNKNOWN_NUMBER] = 0
    low[number == NO_NUMBER] = np.nan
    return low


def _high(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    number = values[node[1]]
    high = number.astype(np.float32)
    high[number == UNKNOWN_NUMBER] = np.inf
    high[number == NO_NUMBER] = np.nan
    return high


def _score(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    column = block.scores.get((node[1], node[2]))
    return np.full(len(block), np.nan, dtype=np.float32) if column is None else column


def _count(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    total = np.zeros(len(block), dtype=np.uint8)
    for part in node[1:]:
        total += values[part].view(np.uint8)
    return total.astype(np.float32)


def _sum(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    total = np.full(len(block), node[1], dtype=np.float32)
    for part in node[2:]:
        total += values[part]
    return total


def _if_false(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
    return np.where(values[node[1]], values[node[3]], values[node[2]])


def _compared(operation: np.ufunc) -> Step:
    def step(node: Node, values: Values, block: Block, spare: list[Array]) -> Array:
        out = _out(block, spare)
        operation(values[node[1]], values[node[2]], out=out)
        return out

    return step


_STEPS: Mapping[str, Step] = {
    "never": _constant(False),
    "ever": _constant(True),
    "byte": lambda node, values, block, spare: block.column(node[1]),
    "number": lambda node, values, block, spare: block.number(node[1]),
    "endless": lambda node, values, block, spare: np.full(len(block), np.inf, dtype=np.float32),
    "from_day": lambda node, values, block, spare: block.days >= node[1],
    "part": _part,
    "between": _between,
    "bits": _bits,
    "not": _not,
    "and": _joined(np.bitwise_and),
    "or": _joined(np.bitwise_or),
    "low": _low,
    "high": _high,
    "score": _score,
    "count": _count,
    "sum": _sum,
    "if_false": _if_false,
    "less": _compared(np.less),
    "at_most": _compared(np.less_equal),
}
