"""Where typed answers come from: single keys from a terminal, lines from anything else.

The terminal stays in single-key mode for the whole screening, so that no key typed ahead is lost:
switching for each key would throw away what was typed in between.
"""

import codecs
import os
import re
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import click

_ONE_KEY = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1bO.|.", re.DOTALL)
_ENTER = ("\r", "\n")
_ERASE = ("\x7f", "\b")
_END = "\x04"
_SECOND = 1.0


class Keyboard(Protocol):
    """Where answers come from; None always means that nothing more will come."""

    def key(self) -> str | None:
        """One key."""

    def several(self, at_once: str) -> str | None:
        """Some keys and Enter; one of ``at_once``, pressed first, needs no Enter."""

    def line(self) -> str | None:
        """One line without its end."""

    def secret(self) -> str | None:
        """One line that is not shown while it is typed."""

    @property
    def by_hand(self) -> bool:
        """Whether a person is typing, so that the time an answer took means something."""

    @property
    def typing(self) -> str:
        """What was typed of a line that is not yet ended."""


class Lines:
    """Standard input by lines: a pipe, or a terminal that knows no single keys."""

    by_hand = False
    typing = ""

    def key(self) -> str | None:
        """The line that the key stands on."""
        return self.line()

    def several(self, at_once: str) -> str | None:
        """The line that the keys stand on."""
        return self.line()

    def line(self) -> str | None:
        """One line without its end."""
        text = sys.stdin.readline()
        return text.strip() if text else None

    def secret(self) -> str | None:
        """One line; a terminal, however simple, does not show it."""
        if not sys.stdin.isatty():
            return self.line()
        from getpass import getpass

        try:
            return getpass("")
        except EOFError:
            return None


@dataclass
class Keys:
    """Single keys from a terminal; ``read`` waits for the next and gives all that are there."""

    read: Callable[[], str]
    by_hand: bool = True
    typing: str = ""
    _waiting: list[str] = field(default_factory=list)

    def key(self) -> str | None:
        """One key, shown as it is taken."""
        key = self._pressed()
        click.echo(key if key and key.isprintable() else "", err=True)
        return key

    def several(self, at_once: str) -> str | None:
        """Some keys and Enter; one of ``at_once``, pressed first, needs no Enter."""
        self.typing = ""
        while (key := self._pressed()) not in _ENTER:
            if key is None:
                return None
            self.typing = self._edited(self.typing, key)
            if self.typing and self.typing in tuple(at_once):
                break
        click.echo("", err=True)
        typed, self.typing = self.typing, ""
        return typed

    def line(self) -> str | None:
        """One line without its end."""
        return self.several("")

    def secret(self) -> str | None:
        """One line that is not shown; what was half typed before it stays."""
        typed = ""
        while (key := self._pressed()) not in _ENTER:
            if key is None:
                return None
            typed = typed[:-1] if key in _ERASE else typed + key * key.isprintable()
        click.echo("", err=True)
        return typed

    def _edited(self, typed: str, key: str) -> str:
        if key in _ERASE:
            click.echo("\b \b" * bool(typed), err=True, nl=False)
            return typed[:-1]
        if not key.isprintable():
            return typed
        click.echo(key, err=True, nl=False)
        return typed + key

    def _pressed(self) -> str | None:
        if not self._waiting:
            self._waiting = _ONE_KEY.findall(self.read())
        key = self._waiting.pop(0) if self._waiting else _END
        return None if key == _END else key


@contextmanager
def keyboard(waiting: Callable[[], None] | None = None) -> Iterator[Keyboard]:
    """Standard input: key by key from a terminal that can, else by lines.

    ``waiting`` is called once a second while no key comes, where keys come one by one.
    """
    if not sys.stdin.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        yield Lines()
        return
    try:
        import termios
        import tty
    except ImportError:  # Windows gives single keys in its own way
        yield Keys(click.getchar)
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)
        yield Keys(lambda: _decoded(terminal, decoder, waiting))
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _decoded(
    terminal: int, decoder: codecs.IncrementalDecoder, waiting: Callable[[], None] | None
) -> str:
    """What was typed, whole characters only; nothing at the end of input."""
    while data := _read(terminal, waiting):
        if text := decoder.decode(data):
            return text
    return ""


def _read(terminal: int, waiting: Callable[[], None] | None) -> bytes:
    while waiting is not None and not select.select([terminal], [], [], _SECOND)[0]:
        waiting()
    return os.read(terminal, 256)
