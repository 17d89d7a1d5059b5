"""The parts of a release: what is asked of each, how it is typed, and how it reads."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triage.domain import london
from triage.present import leaving as words

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
