"""A summary to paste into another system: the fields of its form in their order, one length.

It is fitted, not cut: what can wait is shortened first, then left out and said so, and what is an
emergency is left whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

LONGEST = 1_500  # characters: what one field of a trust's system takes
_MORE = "(More in Custody Triage.)"


class Keep(IntEnum):
    """How dear a line is when there is not room for all of them."""

    CONTEXT = 1
    ROUTINE = 2
    SOON = 3
    DONE = 4
    URGENT = 5
    ALWAYS = 6


class Field(IntEnum):
    """The fields of the form, in the order in which clinical systems ask for them."""

    CONTACT = 1
    REASON = 2
    RISK = 3
    NEEDS = 4
    NOT_EXCLUDED = 5
    BEFORE = 6
    CONSENT = 7
    DONE = 8
    PLAN = 9


_TITLES = {
    Field.CONTACT: "Contact",
    Field.REASON: "Reason for contact",
    Field.RISK: "Risk",
    Field.NEEDS: "Needs",
    Field.NOT_EXCLUDED: "Not excluded",
    Field.BEFORE: "History",
    Field.CONSENT: "Consent and capacity",
    Field.DONE: "Actions and outcomes",
    Field.PLAN: "Plan",
}


@dataclass(frozen=True)
class Line:
    """One line of one field, in full and in brief."""

    field: Field
    full: str
    brief: str
    keep: Keep


def line(field: Field, full: str, keep: Keep, brief: str = "") -> Line:
    """One line; without a brief form it is said whole or not at all."""
    return Line(field, " ".join(full.split()), " ".join((brief or full).split()), keep)


def block(lines: Sequence[Line], *, longest: int = LONGEST) -> str:
    """The text to paste, never longer than ``longest`` characters."""
    said = [each.full for each in lines]
    order = sorted(range(len(lines)), key=lambda at: (lines[at].keep, -at))
    text = _joined(lines, said)
    for shorten in (_brief, _left_out):
        for at in order:
            if len(text) <= longest:
                return text
            said[at] = shorten(lines[at])
            text = _joined(lines, said)
    if len(text) <= longest:
        return text
    return text[: longest - len(_MORE) - 1].rstrip() + f" {_MORE}"


def _brief(one: Line) -> str:
    return one.brief


def _left_out(one: Line) -> str:
    return one.brief if one.keep is Keep.ALWAYS else ""


def _joined(lines: Sequence[Line], said: Sequence[str]) -> str:
    fields: dict[Field, list[str]] = {}
    for each, words in sorted(zip(lines, said, strict=True), key=lambda pair: pair[0].field):
        if words:
            fields.setdefault(each.field, []).append(words)
    whole = [f"{_TITLES[field].upper()}: {_in_a_row(words)}" for field, words in fields.items()]
    shortened = any(words != each.full for each, words in zip(lines, said, strict=True))
    return "\n".join([*whole, _MORE] if shortened else whole)


def _in_a_row(words: Iterable[str]) -> str:
    return " ".join(each if each.endswith((".", "!", "?")) else f"{each}." for each in words)
