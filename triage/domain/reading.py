"""Reads one fact into the small values that ``rails`` tests. What is not known stays unknown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from triage.domain.answers import Answer, Marker, Status, Value
from triage.domain.conditions import Marked
from triage.domain.facts import REPORTED_BY, within
from triage.domain.rails import bits_of
from triage.domain.specs import FactKind, Spec


def codes_of(spec: Spec) -> Mapping[Any, Any] | None:
    """What each permitted value of a fact reads as; None for free text, which is only said."""
    if spec.kind is FactKind.TEXT:
        return None
    bits = bits_of(spec)
    if spec.kind is FactKind.MANY:
        return bits
    codes: dict[Any, str] = {option: option for option in bits}
    if set(bits) == {"yes", "no"}:
        codes |= {True: "yes", False: "no"}
    return codes


def answered(answer: Answer | None) -> Value | None:
    """The value of an answer, or None when there is none."""
    return answer.value if answer is not None and answer.status is Status.ANSWERED else None


def many(value: Value | None, bits: Mapping[str, int]) -> tuple[int, int]:
    """A multi-select as the bits certainly chosen and those possibly chosen."""
    everything = (1 << len(bits)) - 1
    if not isinstance(value, tuple):
        return 0, everything
    chosen = 0
    for option in value:
        chosen |= bits.get(option, 0)
    # An option that the rulebook does not know could stand for any of them.
    return chosen, chosen if all(option in bits for option in value) else everything


class Chosen(dict[Any, tuple[int, int]]):
    """``many`` of each answer to one multi-select, worked out once: people say the same things.

    Asked for tuples alone, and for None in place of anything else, which is no answer to it.
    """

    MOST = 1_000  # an answer of free words, were there one, must not fill the memory

    def __init__(self, bits: Mapping[str, int]) -> None:
        super().__init__({(): (0, 0)})
        self.bits = bits

    def __missing__(self, value: Value | None) -> tuple[int, int]:
        found = many(value, self.bits)
        if len(self) < self.MOST:
            self[value] = found
        return found


def counts_for(marker: Marker, window: Marked, day: date) -> bool:
    """Whether a marker is among those that a leaf may read, whatever its kind."""
    if window.reported and marker.origin not in REPORTED_BY:
        return False
    return within(marker, window.years, day)
