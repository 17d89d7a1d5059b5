"""One screening's facts in some eighty bytes, and back.

A row holds what was *given*, not what it meant, so that any rulebook can read it: each answer's
option or why there is none, each fact of the person, stay and record, and for each kind of marker
how old the newest is. It holds no name, no word of anybody, no date of birth. It begins with a tag
that names its coding (ids and options in order): a row is never read by another coding.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2s

from triage.domain import london
from triage.domain.answers import Answer, Details, Marker, Status
from triage.domain.facts import MARKER_KINDS, REPORTED_BY, closed
from triage.domain.rulebook import Rulebook
from triage.domain.specs import FactKind, Spec
from triage.rehearsal.ethnicity import ethnicity_of
from triage.rehearsal.places import (
    DAY,
    ETHNICITY,
    FIRST,
    MARKERS,
    TAG,
    Field,
    Shape,
    places_of,
    shape_of,
)
from triage.rehearsal.states import (
    ANSWERS,
    NO_NUMBER,
    NOT_CHOSEN,
    Choice,
    States,
    choose,
    write,
)

VERSION = 1
EPOCH = date(2000, 1, 1)
LAST_DAY = 65_535
NO_MARKER, REPORTED = 0x7F, 0x80  # in the byte of one kind: its age in whole years, and who said
STRANGE = "?"  # no option of any rulebook
_SCORE = 5  # bytes of one instrument: its number, least and most points
_MOST_YEARS = 101
_REASONS = {0: Status.NOT_ASKED, 1: Status.REFUSED, 2: Status.UNABLE}


class CodingUnknown(ValueError):
    """A coded row begins with the tag of a coding that nobody handed in."""


def code(rulebook: Rulebook, details: Details) -> bytes:
    """One screening as a row of bytes, to be kept beside it for rehearsal."""
    return coding_of(rulebook).code(details)


_last: "tuple[Rulebook, Coding] | None" = None  # a service codes by one rulebook for weeks


def coding_of(rulebook: Rulebook) -> "Coding":
    """How rows are coded under this rulebook."""
    global _last
    last = _last
    if last is None or last[0] is not rulebook:
        last = _last = (rulebook, _coding_of(rulebook))
    return last[1]


def _coding_of(rulebook: Rulebook) -> "Coding":
    specs: list[Spec] = [*rulebook.questions.values(), *rulebook.observations.values()]
    specs += rulebook.facts.values()
    return _coding(tuple(map(shape_of, specs)), tuple(rulebook.instruments))


@lru_cache(maxsize=32)
def _coding(shapes: tuple[Shape, ...], instruments: tuple[str, ...]) -> "Coding":
    return Coding(shapes, instruments)


def day_of(row: bytes) -> date:
    """The London day of the screening that a row stands for."""
    return EPOCH + timedelta(days=int.from_bytes(row[DAY:ETHNICITY], "big"))


@dataclass(frozen=True)
class Coding:
    """Which facts a row holds, in which order, with which options."""

    shapes: tuple[Shape, ...]
    instruments: tuple[str, ...] = ()

    @cached_property
    def tag(self) -> bytes:
        """Four bytes that name this coding."""
        said = [VERSION, MARKER_KINDS, self.instruments]
        shapes = [(each.part, each.id, each.kind.value, each.options) for each in self.shapes]
        return blake2s(repr((said, shapes)).encode(), digest_size=4).digest()

    @cached_property
    def fields(self) -> dict[tuple[str, str], Field]:
        """Where each fact stands, by part and id."""
        return {(field.shape.part, field.shape.id): field for field in self._placed[0]}

    @cached_property
    def width(self) -> int:
        """How long a row is without the scores that may follow it."""
        return self._placed[1]

    @cached_property
    def _placed(self) -> tuple[tuple[Field, ...], int]:
        return places_of(self.shapes)

    @cached_property
    def _states(self) -> tuple[tuple[Field, States], ...]:
        """Each fact with the states of its values so far: they are few, and come again."""
        chosen = {each.field for part in ANSWERS for each in self._chosen[part]}
        return tuple((field, {}) for field in self.fields.values() if field not in chosen)

    @cached_property
    def _chosen(self) -> dict[str, tuple["Choice", ...]]:
        """The questions and the observations of which one option is chosen: nearly all."""
        return {
            part: tuple(
                Choice(field)
                for field in self.fields.values()
                if field.shape.part == part and field.shape.kind not in NOT_CHOSEN
            )
            for part in ANSWERS
        }

    # One screening to a row --------------------------------------------------------------------

    def code(self, details: Details) -> bytes:
        """One screening as a row of bytes."""
        row = bytearray(self.width)
        day = london.day_of(details.at)
        row[TAG:DAY] = self.tag
        row[DAY:ETHNICITY] = days_of(day).to_bytes(2, "big")
        person = details.person
        said, seen = ethnicity_of(person.ethnicity_self), ethnicity_of(person.ethnicity_officer)
        row[ETHNICITY] = said << 4 | seen
        row[MARKERS : MARKERS + len(MARKER_KINDS)] = _markers(details.record.markers, day)
        choose(row, self._chosen["question"], details.answers)
        choose(row, self._chosen["observation"], details.observations)
        for field, states in self._states:
            write(row, field, states, details, day)
        return bytes(row) + b"".join(self._scores(details))

    def _scores(self, details: Details) -> Iterator[bytes]:
        """The instruments that were done: their number, least and most points."""
        for place, instrument in enumerate(self.instruments):
            if instrument in details.scores:
                low, high = details.scores[instrument]
                yield bytes([place]) + low.to_bytes(2, "big") + high.to_bytes(2, "big")

    # A row back to what it meant ---------------------------------------------------------------

    def read_back(self, row: bytes) -> Details:
        """Details that any rulebook reads like those that were coded. Words and names are gone.

        Raises CodingUnknown for a row of another coding.
        """
        if row[TAG:DAY] != self.tag or not self.is_whole(len(row)):
            raise CodingUnknown("This row was coded in another way.")
        from triage.rehearsal.reading_back import details_of

        day = day_of(row)
        found = {key: _value(row, field) for key, field in self.fields.items()}
        return details_of(found, self._markers_of(row, day), dict(self.scores_of(row)), day)

    def is_whole(self, size: int) -> bool:
        """Whether a row of this size was neither cut nor grown."""
        return size >= self.width and (size - self.width) % _SCORE == 0

    def _markers_of(self, row: bytes, day: date) -> tuple[Marker, ...]:
        kinds = zip(MARKER_KINDS, row[MARKERS : MARKERS + len(MARKER_KINDS)], strict=True)
        return tuple(
            Marker(kind, "officer" if byte & REPORTED else "pnc", _years_before(day, byte & 0x7F))
            for kind, byte in kinds
            if byte & 0x7F != NO_MARKER
        )

    def scores_of(self, row: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        """The instruments that were done, each with its least and most points."""
        for at in range(self.width, len(row), _SCORE):
            low, high = row[at + 1 : at + 3], row[at + 3 : at + 5]
            bounds = int.from_bytes(low, "big"), int.from_bytes(high, "big")
            yield self.instruments[row[at]], bounds


# The head of a row ------------------------------------------------------------------------------


def days_of(day: date) -> int:
    """A day as it stands in a row: days since the epoch of the coding."""
    return max(0, min((day - EPOCH).days, LAST_DAY))


def _markers(markers: Iterable[Marker], day: date) -> bytes:
    """For each kind, within how many years the newest open marker lies, and who reported one."""
    row = bytearray([NO_MARKER] * len(MARKER_KINDS))
    for marker in markers:
        if closed(marker, day):
            continue
        kind = marker.kind if marker.kind in MARKER_KINDS else "other"
        place = MARKER_KINDS.index(kind)
        reported = row[place] & REPORTED or (REPORTED if marker.origin in REPORTED_BY else 0)
        row[place] = min(row[place] & 0x7F, _years(marker.on, day)) | reported
    return bytes(row)


def _years(on: date | None, day: date) -> int:
    """The least number of years within which a marker lies; undated lies within any."""
    if on is None or on >= day:
        return 0
    years = day.year - on.year + ((on.month, on.day) < (day.month, day.day))
    return min(years, _MOST_YEARS)


def _years_before(day: date, years: int) -> date | None:
    """A day that lies within just so many years."""
    if years == 0:
        return None
    leap = (day.month, day.day) == (2, 29)
    return date(day.year - years, 3, 1) if leap else day.replace(year=day.year - years)


# A state back to its value ---------------------------------------------------------------------


def _value(row: bytes, field: Field) -> Answer:
    """What stands in one field, as an answer; facts that nobody knows are not asked."""
    shape = field.shape
    if shape.kind is FactKind.NUMBER:
        number = int.from_bytes(row[field.byte : field.byte + 2], "big")
        known = number < NO_NUMBER
        return Answer(Status.ANSWERED, number) if known else Answer(Status.NOT_ASKED)
    state = row[field.byte] >> field.shift & field.mask
    if shape.part == "fact" and state == 2:
        return Answer(Status.ANSWERED, STRANGE)
    if state < FIRST:
        return Answer(Status.NOT_ASKED if shape.part == "fact" else _REASONS[state])
    if shape.kind is FactKind.TEXT:
        return Answer(Status.ANSWERED, "said")
    if shape.kind is not FactKind.MANY:
        return Answer(Status.ANSWERED, shape.options[state - FIRST])
    lanes = row[field.lanes : field.lanes + shape.lanes]
    bits = int.from_bytes(lanes, "little")
    chosen = tuple(option for n, option in enumerate(shape.options) if bits >> n & 1)
    strange = (STRANGE,) if state > FIRST else ()
    return Answer(Status.ANSWERED, chosen + strange)
