"""Where typed answers come from: single keys from a terminal, lines from anything else."""

import sys
from dataclasses import dataclass, field
from typing import Protocol

import click


class Keyboard(Protocol):
    """Where answers come from."""

    def key(self) -> str | None:
        """One key; None when nothing more will come."""

    def line(self) -> str | None:
        """One line; None when nothing more will come."""

    @property
    def by_hand(self) -> bool:
        """Whether a person is typing, so that the time an answer took means something."""


@dataclass
class Typed:
    """Standard input: single keys from a terminal, lines from a pipe or a dumb terminal."""

    raw: bool
    _waiting: list[str] = field(default_factory=list)

    @property
    def by_hand(self) -> bool:
        """Whether standard input is a terminal that gives single keys."""
        return self.raw

    def key(self) -> str | None:
        """One key at once from a terminal; from anything else the line that it stands on."""
        if not self.raw:
            return self.line()
        if not self._waiting:
            pressed = click.getchar()
            # A burst of keys arrives as one text; an arrow or function key begins with escape.
            self._waiting = [pressed] if pressed.startswith("\x1b") else list(pressed)
        key = self._waiting.pop(0)
        click.echo(key if key.isprintable() else "", err=True)
        return None if key == "\x04" else key

    def line(self) -> str | None:
        """One line without its end."""
        if self._waiting:
            typed, self._waiting = "".join(self._waiting), []
            head, end, rest = typed.replace("\r", "\n").partition("\n")
            self._waiting = list(rest)
            return head if end else head + sys.stdin.readline().strip()
        text = sys.stdin.readline()
        return text.strip() if text else None
