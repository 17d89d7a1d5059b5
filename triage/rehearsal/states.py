"""One fact of a screening to its state in a coded row."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from triage.domain.answers import Answer, Details, Status, Value
from triage.domain.facts import FILLED, NOT_TAKEN
from triage.domain.reading import codes_of
from triage.domain.specs import FactKind, FactSpec
from triage.rehearsal.places import FIRST, Field, Shape

ANSWERS = ("question", "observation")
NOT_CHOSEN = (FactKind.NUMBER, FactKind.MANY, FactKind.TEXT)
UNKNOWN_NUMBER, NO_NUMBER = 65_535, 65_534  # nobody knows; certainly no such reading
States = dict[Value, tuple[int, int]]
_MOST_STATES = 256
_STATUS = {Status.REFUSED: 1, Status.UNABLE: 2}
_ANSWERED = Status.ANSWERED


class Choice:
    """One answer of which one option is chosen, with the bits of the values so far."""

    __slots__ = ("bits", "byte", "field", "id")

    def __init__(self, field: Field) -> None:
        self.field, self.id, self.byte = field, field.shape.id, field.byte
        self.bits: dict[Value, int] = {}

    def bits_of(self, value: Value) -> int:
        """The bits of a value that was not met before."""
        found = _state(self.field.shape, value)[0] << self.field.shift
        if len(self.bits) < _MOST_STATES:
            self.bits[value] = found
        return found


def choose(row: bytearray, choices: Iterable[Choice], answers: Mapping[str, Answer]) -> None:
    """The same as ``write`` for each of them; every screening goes through this loop."""
    for each in choices:
        answer = answers.get(each.id)
        if answer is None:
            continue
        if answer.status is _ANSWERED and answer.value is not None:
            bits = each.bits.get(answer.value)
            row[each.byte] |= each.bits_of(answer.value) if bits is None else bits
        else:
            row[each.byte] |= _STATUS.get(answer.status, 0) << each.field.shift


def write(row: bytearray, field: Field, states: States, details: Details, day: date) -> None:
    """Write the state of one fact into the row: of an answer, or of what the record says."""
    shape = field.shape
    value, state = _given(shape, details, day)
    if shape.kind is FactKind.NUMBER:
        row[field.byte : field.byte + 2] = _number(value).to_bytes(2, "big")
        return
    if value is not None:
        found = states.get(value)
        if found is None:
            found = _state(shape, value)
            if len(states) < _MOST_STATES:
                states[value] = found
        state, bits = found
        if shape.kind is FactKind.MANY:
            lanes = shape.lanes
            row[field.lanes : field.lanes + lanes] = bits.to_bytes(lanes, "little")
    row[field.byte] |= state << field.shift


def _given(shape: Shape, details: Details, day: date) -> tuple[Value | None, int]:
    """The value that was given, or None and the state that says why there is none."""
    if shape.part == "fact":
        return FILLED[shape.id](details, day), 0
    answers = details.answers if shape.part == "question" else details.observations
    answer = answers.get(shape.id)
    if answer is None:
        return None, 0
    value = answer.value if answer.status is Status.ANSWERED else None
    # An answer without a value was given all the same to a question in free words.
    said = answer.status is Status.ANSWERED and shape.kind is FactKind.TEXT
    return "said" if said else value, _STATUS.get(answer.status, 0)


def _number(value: Value | None) -> int:
    if value is None:
        return UNKNOWN_NUMBER
    if value == NOT_TAKEN and isinstance(value, str):
        return NO_NUMBER
    return max(0, min(int(value), NO_NUMBER - 1)) if isinstance(value, int) else UNKNOWN_NUMBER


def _state(shape: Shape, value: Value) -> tuple[int, int]:
    """The state of a value, and the bits of the options chosen. No option of it: unknown."""
    if shape.kind is FactKind.TEXT:
        return FIRST, 0
    if shape.part == "fact" and value == NOT_TAKEN and isinstance(value, str):
        return 1, 0
    if shape.kind is FactKind.MANY:
        return _chosen(shape, value)
    codes = _codes(shape)
    option = codes.get(value) if not isinstance(value, tuple) else None
    if option is None:
        return (2 if shape.part == "fact" else 0), 0
    return FIRST + shape.options.index(option), 0


@lru_cache(maxsize=512)
def _codes(shape: Shape) -> dict[object, str]:
    named = tuple((option, "") for option in shape.options)
    codes = codes_of(FactSpec(shape.id, shape.kind, "", "", named))
    return dict(codes or {})


def _chosen(shape: Shape, value: Value) -> tuple[int, int]:
    if not isinstance(value, tuple):
        return (2 if shape.part == "fact" else 0), 0
    known = [option for option in value if option in shape.options]
    bits = sum(1 << shape.options.index(option) for option in set(known))
    whole = len(known) == len(value) or len(set(known)) == len(shape.options)
    return FIRST + (not whole), bits
