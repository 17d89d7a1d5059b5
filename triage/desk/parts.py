"""The parts of a release: what is asked of each, how it is typed, and how it reads."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from triage.desk.client import OpenThing, Person, State
from triage.desk.glass import WIDTH
from triage.domain import london
from triage.present import board, spans
from triage.present import leaving as words
from triage.present import stay as stay_words
from triage.present.lines import wrapped

_LONGEST = 400  # characters read back; more would push the rest off the glass
COMMANDS = "b back, q stop (all is kept)"


class Asks(StrEnum):
    """How one part of a release is typed."""

    TIME = "time"
    ONE = "one"  # one key
    TEXT = "text"
    LINES = "lines"


@dataclass(frozen=True)
class Part:
    """One part of how somebody leaves: where it stands in the document, and what is asked."""

    name: str
    words: str
    asks: Asks


PARTS = (
    Part("occurred_at", words.LEFT, Asks.TIME),
    Part("to", words.TO, Asks.ONE),
    Part("handed_to", words.HANDED_TO, Asks.TEXT),
    Part("transport", words.TRANSPORT, Asks.TEXT),
    Part("told", words.TOLD, Asks.LINES),
    Part("plan", words.PLAN, Asks.TEXT),
    Part("medicine", words.MEDICINE, Asks.TEXT),
    Part("papers", words.PAPERS, Asks.LINES),
)
HOW = {
    Asks.TIME: "Enter is now; else 22:45, or 22:45 yesterday. ",
    Asks.ONE: "",
    Asks.TEXT: "In words, then Enter. s nothing to say, ",
    Asks.LINES: "One a line, Enter alone ends; d takes all out, ",
}
TIME_AGAIN = "Else 22:45, or 22:45 yesterday. "


def about(field: str) -> str:
    """The part of a release that a fault is about: ``told[0]`` is about ``told``."""
    return re.split(r"[.\[]", field, maxsplit=1)[0]


def shown(part: Part, held: object) -> str:
    """What was typed for a part, in words."""
    match part.asks:
        case Asks.TIME:
            return london.text(datetime.fromisoformat(str(held)))
        case Asks.ONE:
            return words.place(str(held))
    said = "; ".join(map(str, held)) if isinstance(held, list) else str(held)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]} ..."


def head_of(person: Person, name: str, state: State) -> list[str]:
    """Who it is, by name, so that the right one is released; when it is; whether timers run."""
    training = "TRAINING. " if state.training else ""
    first = f"{training}RELEASE CHECK: {who(person)}"
    lines = (first, f"{name}. As of {london.text(state.at)}.", state.timers)
    return ["", *(row for line in lines for row in wrapped(line, WIDTH))]


def told_of(found: Sequence[OpenThing], lead: str, *, closing: bool = True) -> list[list[str]]:
    """What is open, the worst first, each in its lines; ``closing`` says what would close it."""
    told = [["", *wrapped(lead, WIDTH)]]
    for number, thing in enumerate(told_once(found), 1):
        lines = wrapped(stay_words.gap(thing), WIDTH, first=f"{number:>2}. ")
        if closing and thing.closes:
            lines += wrapped(words.closed_by(thing.closes), WIDTH, first="    ")
        told.append(lines)
    return told


def told_once(found: Iterable[OpenThing]) -> Iterator[OpenThing]:
    """The same things, each without what one above it has said already."""
    before = set[str]()
    for thing in found:
        yield replace(thing, words=words.told_once(thing.words, before))


def who(person: Person) -> str:
    """Initials, cell, suite and number, as on the board."""
    where = f"cell {person.cell}" if person.cell else board.place(person.place)
    parts = (board.name(person.initials), where, spans.named(person.suite), person.reference)
    return ", ".join(part for part in parts if part)
