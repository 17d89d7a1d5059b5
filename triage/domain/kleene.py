"""Kleene's three answers: yes (True), no (False), and nobody can tell (None)."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def joined(verdicts: list[bool | None], *, settles: bool) -> bool | None:
    """One part settles it; else it is unknown while any part is."""
    if settles in verdicts:
        return settles
    return None if None in verdicts else not settles


def rails(may: Any, must: Any) -> bool | None:
    """One of three answers from two rails."""
    if must:
        return True
    return None if may else False


def compared(left: tuple[Any, Any], symbol: str, right: tuple[Any, Any]) -> bool | None:
    """Two amounts known between bounds; a reading never taken (nan) satisfies nothing."""
    if symbol == "==":
        return rails(
            left[0] <= right[1] and right[0] <= left[1],
            left[1] <= right[0] and right[1] <= left[0],
        )
    holds = _ORDERED[symbol]
    # The left side is at its best for "more" when it is highest, for "less" when lowest.
    best, worst = (1, 0) if symbol.startswith(">") else (0, 1)
    return rails(holds(left[best], right[worst]), holds(left[worst], right[best]))
