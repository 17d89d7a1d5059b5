"""A graph of operations on whole columns: each is worked out once, however many rules need it.

Building a node that exists already gives that node. So equal parts of rules are shared, also
between two rulebooks, and what two rulebooks do not share is exactly what differs between them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

FALSE, TRUE = 0, 1
Node = tuple[Any, ...]  # an operation, then its constants and the numbers of the nodes it takes

# The places in a node that are numbers of other nodes; every other place is a constant.
_TAKES_ALL_FROM = {"and": 1, "or": 1, "count": 1, "sum": 2}
_TAKES = {
    "part": (1,),
    "between": (1,),
    "bits": (1,),
    "not": (1,),
    "low": (1,),
    "high": (1,),
    "if_false": (1, 2, 3),
    "less": (1, 2),
    "at_most": (1, 2),
}


class Graph:
    """Nodes by number, in an order in which each stands after what it takes."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}
        self.node("never"), self.node("ever")

    def node(self, *node: Any) -> int:
        """The number of this node, which is made if nobody made it before."""
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return number

    def not_(self, part: int) -> int:
        """Where the part does not hold."""
        if part in (FALSE, TRUE):
            return TRUE - part
        operation, *taken = self.nodes[part]
        return int(taken[0]) if operation == "not" else self.node("not", part)

    def and_(self, *parts: int) -> int:
        """Where every part holds."""
        return self._joined("and", parts, neutral=TRUE)

    def or_(self, *parts: int) -> int:
        """Where at least one part holds."""
        return self._joined("or", parts, neutral=FALSE)

    def _joined(self, operation: str, parts: Iterable[int], *, neutral: int) -> int:
        kept = sorted({part for part in parts if part != neutral})
        if TRUE - neutral in kept or any(self.not_(part) in kept for part in kept):
            return TRUE - neutral
        if len(kept) < 2:
            return kept[0] if kept else neutral
        return self.node(operation, *kept)


def taken(node: Node) -> Iterator[int]:
    """The numbers of the nodes that a node takes."""
    operation = node[0]
    if operation in _TAKES_ALL_FROM:
        yield from node[_TAKES_ALL_FROM[operation] :]
    for place in _TAKES.get(operation, ()):
        yield node[place]
