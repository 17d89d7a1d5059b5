"""The release as it stands on a glass of some width: lines of text, and nothing else."""

from collections.abc import Sequence

from rich.text import Text

from triage.desk.client import OpenThing
from triage.desk.full import paint
from triage.desk.moments import Twice
from triage.desk.parts import COMMANDS, HOW, PARTS, TIME_AGAIN, Asks, Part, shown, told_once
from triage.desk.releasing import PLACES, REASONS, Releasing
from triage.domain import london
from triage.present import leaving as said
from triage.present import leaving_form as words

Lines = list[Text]
_INDENT = "   "


def open_things(found: Sequence[OpenThing], width: int, *, closing: bool = True) -> Lines:
    """What is open, the worst first, each with how urgent it is and what would close it."""
    lines: Lines = []
    for number, thing in enumerate(told_once(found), 1):
        level = thing.urgency.word
        lines += paint.tagged(
            level.upper(), thing.words, width, level=level, first=f"{number:>2}. ",
            style=paint.STRONG,
        )  # fmt: skip
        if closing and thing.closes:
            lines += paint.para(said.closed_by(thing.closes), width, first="    ")
    return lines


def before(release: Releasing, at: int, width: int, most: int) -> Lines:
    """What was answered just before the question in focus, a line each."""
    lines = []
    for part in PARTS[max(0, at - most) : at]:
        held = release.said.get(part.name)
        told = shown(part, held) if held else said.NOTHING_SAID
        lines.append(_labelled(part.name, paint.cut(told, width - 15), paint.SOFT))
    return lines


def question(part: Part, at: int, width: int) -> Lines:
    """What is asked, and which question it is."""
    far = words.far(at + 1, len(PARTS))
    if len(part.words) + len(far) + 6 <= width:
        return [paint.across(f" > {part.words}", far, width, paint.STRONG)]
    return paint.para(part.words, width, first=" > ", style=paint.STRONG)


def under(release: Releasing, part: Part, width: int, *, fault: str, twice: Twice | None) -> Lines:
    """What stands under the question: its options or lines, what is wrong, and how to answer."""
    held = release.said.get(part.name)
    lines: Lines = []
    if part.asks is Asks.ONE:
        for (key, id), (_, place) in zip(PLACES.items(), said.PLACES, strict=True):
            lines += _option(key, place, width, chosen=id == held)
    elif part.asks is Asks.LINES:
        for each in held or ():
            lines += paint.some(str(each), width, 2, first=f"{_INDENT}- ")
    elif part.asks is Asks.TIME and held:
        lines += paint.para(words.NOW.format(shown(part, held)), width, first=_INDENT)
    if fault:
        lines += paint.para(fault, width, first=_INDENT, style=paint.LOUD)
    if twice is not None:
        lines += paint.para(london.text(twice.first), width, first=f"{_INDENT}1  the first:  ")
        lines += paint.para(london.text(twice.second), width, first=f"{_INDENT}2  the second: ")
        return lines
    return [*lines, *paint.para(_how(part, held), width, first=_INDENT, style=paint.SOFT)]


def _how(part: Part, held: object) -> str:
    if held and part.asks is Asks.TIME:
        return f"{TIME_AGAIN}{COMMANDS}"
    how = words.HOW_HELD if held and part.asks is Asks.TEXT else HOW[part.asks]
    return f"{how}{COMMANDS}"


def why(release: Releasing, width: int) -> Lines:
    """Why anything stays open, one key each."""
    lines = [paint.row(f" > {said.REASON}", paint.STRONG)]
    for key, id in REASONS.items():
        lines += _option(key, said.REASONS[id], width, chosen=id == release.said.get("reason"))
    return lines


def read_over(release: Releasing, left: Sequence[OpenThing], width: int) -> Lines:
    """Every part with what was said of it, then what stays open and why."""
    lines: Lines = []
    for label, told in release.read_over():
        style = paint.SOFT if told == said.NOTHING_SAID else ""
        lines += paint.para(told, width, first=f"{_INDENT}{label:<11} ", style=style)
    if not left:
        return [*lines, paint.row(), *paint.para(said.NO_GAPS, width, first=_INDENT)]
    why = said.why_open(len(left), release.said.get("reason"))
    lines += paint.para(why, width, first=f"{_INDENT}{said.OPEN:<11} ", style=paint.STRONG)
    return [*lines, paint.row(), paint.row(said.STILL_OPEN, paint.STRONG),
            *open_things(left, width, closing=False)]  # fmt: skip


def in_vain(release: Releasing, ended: str, width: int) -> Lines:
    """Who was first, and all that was typed here and is on no record."""
    typed = release.typed()
    lines = paint.para(ended, width, style=paint.LOUD)
    if not typed:
        return [*lines, paint.row(), *paint.para(words.NOTHING_WAS_TYPED, width)]
    reference = said.TYPED_HERE.format("this stay")
    lines += [paint.row(), *paint.para(reference, width, style=paint.STRONG)]
    for label, told in typed:
        lines += paint.para(told, width, first=f"{_INDENT}{label:<11} ")
    return [*lines, paint.row(), *paint.para(words.CAN_NOT_BE_USED, width, style=paint.STRONG)]


def _option(key: str, told: str, width: int, *, chosen: bool) -> Lines:
    first = f"{_INDENT}[{'x' if chosen else ' '}] {key}  "
    return paint.para(told, width, first=first, style=paint.STRONG if chosen else "")


def _labelled(name: str, told: str, style: str) -> Text:
    return paint.row(f"{_INDENT}{said.LABELS[name]:<11} {told}", style)
