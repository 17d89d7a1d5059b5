"""Where in a coded row each question, observation and fact stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.domain.facts import MARKER_KINDS
from triage.domain.specs import FactKind, FactSpec, Observation, Question, Spec, options_of

TAG, DAY, ETHNICITY, MARKERS = 0, 4, 6, 7  # what stands at the head of every row
# The states of an answer are 0 unknown, 1 refused, 2 unable, then its options from here on. Those
# of a fact are 0 unknown, 1 certainly not taken, 2 some value that was no option, then the same.
FIRST = 3


@dataclass(frozen=True)
class Shape:
    """What a coding has to know of a question, an observation or a fact."""

    part: str  # question | observation | fact
    id: str
    kind: FactKind
    options: tuple[str, ...]

    @property
    def states(self) -> int:
        """How many states it can have. A multi-select is given, or given with strange options."""
        if self.kind is FactKind.MANY:
            return FIRST + 2
        return FIRST + (1 if self.kind is FactKind.TEXT else len(self.options))

    @property
    def lanes(self) -> int:
        """How many bytes hold its chosen options."""
        return (len(self.options) + 7) // 8 if self.kind is FactKind.MANY else 0


@dataclass(frozen=True)
class Field:
    """Where in a row the state of one fact stands, and the bits of its chosen options."""

    shape: Shape
    byte: int
    shift: int = 0
    mask: int = 0
    lanes: int = 0  # the first of the bytes that hold the options of a multi-select


def shape_of(spec: Spec) -> Shape:
    """The shape of a question, observation or fact."""
    parts = {Question: "question", Observation: "observation", FactSpec: "fact"}
    return Shape(parts[type(spec)], spec.id, spec.kind, options_of(spec))


def places_of(shapes: Sequence[Shape]) -> tuple[tuple[Field, ...], int]:
    """Numbers take two bytes, chosen options a bit each; states share bytes, the widest first."""
    end = MARKERS + len(MARKER_KINDS)
    fields: dict[Shape, Field] = {}
    for shape in shapes:
        if shape.kind is FactKind.NUMBER:
            fields[shape] = Field(shape, end)
            end += 2
    lanes: dict[Shape, int] = {}
    for shape in shapes:
        if shape.kind is FactKind.MANY:
            lanes[shape] = end
            end += shape.lanes
    room: list[int] = []  # bits used in each of the bytes that hold states
    waiting = [shape for shape in shapes if shape not in fields]
    for shape in sorted(waiting, key=lambda each: -each.states):
        bits = (shape.states - 1).bit_length()
        if bits > 8:
            raise ValueError(f"{shape.id} has more options than a coded row can hold")
        place = next((n for n, used in enumerate(room) if used + bits <= 8), len(room))
        if place == len(room):
            room.append(0)
        mask = (1 << bits) - 1
        fields[shape] = Field(shape, end + place, room[place], mask, lanes.get(shape, 0))
        room[place] += bits
    return tuple(fields[shape] for shape in shapes), end + len(room)
