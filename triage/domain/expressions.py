"""Reads the text of a condition as one Python expression, or refuses it in a sentence.

Python's own ``ast`` reads the text; nothing is ever evaluated. Characters, numbers, length and
nesting are checked before the parser sees anything, so that no text can hang it or exhaust it.
What the expression may say is decided by ``grammar``.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MAX_LENGTH = 2_000
MAX_NESTING = 16

_STRANGE = re.compile(r"[^A-Za-z0-9_ \t\r\n()<>=!,+]")
_BRACKET = re.compile(r"[()]")
_DIGIT = re.compile(r"[0-9]")
_BAD_NUMBER = re.compile(r"\b(?!(?:0|[1-9][0-9]{0,5})\b)[0-9]\w*")
# "not" is also an option of one question; where no condition can follow it, it is that option.
_OPTION_NOT = re.compile(r"\bnot\b(?=\s*(?:[,)]|\Z|and\b|or\b))")


@dataclass(frozen=True)
class Wrong:
    """One thing wrong with a condition, and the nearest name that would be right."""

    problem: str
    nearest: str = ""

    def __str__(self) -> str:
        return f"{self.problem} Did you mean {self.nearest}?" if self.nearest else self.problem


class ConditionRefused(ValueError):
    """The text is not a condition of this rulebook; every fault found in it is listed."""

    def __init__(self, faults: Iterable[Wrong]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(str(fault) for fault in self.faults))


def expression(text: str) -> ast.expr:
    """The expression that a text is. Raises ConditionRefused if it is none, whatever it holds."""
    _refuse_unreadable(text)
    marked_up = (_OPTION_NOT.sub("not_", text) if "not" in text else text).strip()
    try:
        return ast.parse(marked_up.replace("\n", " ").replace("\r", " "), mode="eval").body
    except SyntaxError as error:
        near = marked_up[max(0, (error.offset or 1) - 12) : (error.offset or 1) + 12]
        raise _refused(f"The condition cannot be read near {near!r}.") from None
    except (ValueError, MemoryError, RecursionError):
        raise _refused("The condition is too deep or too long to read.") from None


def _refuse_unreadable(text: str) -> None:
    if not text.strip():
        raise _refused("The condition is empty.")
    if len(text) > MAX_LENGTH:
        raise _refused(
            f"The condition has {len(text)} characters; at most {MAX_LENGTH} are read. "
            "Name a part of it in definitions.toml."
        )
    if strange := _STRANGE.search(text):
        raise _refused(
            f"The character {strange.group()!a} is not part of the language. Write options "
            "bare, whole numbers, and only letters, digits, _ ( ) , < > = ! and +."
        )
    if _DIGIT.search(text) and (number := _BAD_NUMBER.search(text)):
        raise _refused(f"{number.group()[:20]} is not a whole number from 0 to 999999.")
    if text.count("(") > MAX_NESTING and _depth(text) > MAX_NESTING:
        raise _refused(f"Brackets stand more than {MAX_NESTING} deep.")


def _depth(text: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket == "(" else -1
        deepest = max(deepest, depth)
    return deepest


def nearest(name: str, names: Iterable[str]) -> str:
    """The name most like this one, or nothing."""
    close = get_close_matches(name[:80], list(names), n=1, cutoff=0.6)
    return close[0] if close else ""


def _refused(problem: str) -> ConditionRefused:
    return ConditionRefused((Wrong(problem),))
