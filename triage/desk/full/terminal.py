"""How a terminal's bytes become keys: Escape and the key behind it are two keys here."""

from dataclasses import dataclass
from typing import Any, cast

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

_ESCAPE = "\x1b"
_BEGIN_SEQUENCES = "[OP]_^XN"  # what a terminal sends by itself begins with Escape and one of these
_NAMED = {"\r": "enter", "\t": "tab", "\x7f": "backspace"}


@dataclass(frozen=True)
class _Key:
    """One key in the table that bytes are looked up in."""

    value: str


def part_escape() -> None:
    """Let Escape stand for itself, whatever follows it at once.

    Over a slow line Escape and the key typed after it arrive together. Textual takes Escape and b
    for a word to the left, Escape and 3 for a pound sign, and waits for an end that never comes
    behind most others; here both keys were meant.
    """
    table = cast("dict[str, Any]", ANSI_SEQUENCES_KEYS)
    letters = (chr(code) for code in range(ord(" "), 0x7F))
    keys = {letter: letter for letter in letters if letter not in _BEGIN_SEQUENCES} | _NAMED
    for byte, key in keys.items():
        table[_ESCAPE + byte] = (_Key("escape"), _Key(key))


def pressed(event: events.Key) -> str:
    """A key by its name, a letter as itself."""
    letter = event.character
    return letter if letter is not None and letter.isprintable() else event.key
