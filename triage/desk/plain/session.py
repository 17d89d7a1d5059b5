"""One person at a desk that works by lines: what is told, what is typed, who is reached, the lock.

A new emergency is told before the next prompt, or while nothing of a line is typed; never in the
middle of what somebody types.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from triage import clock
from triage.desk.client import Client, SignedOut
from triage.desk.full.alarms import Alarms
from triage.desk.glass import WIDTH, paged, prompt, say, tell
from triage.desk.half import HalfForms
from triage.desk.keyboard import Keyboard, keyboard
from triage.desk.plain.watch import Watch
from triage.desk.steps import Document
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present.desk import AlertSheet, Frame

LEAVES = ("q", "quit")
_IDLE = 15  # minutes, until the service has said its own
_AGAIN = 10.0  # seconds before a service that was not reached is asked again unasked
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"  # what stood above, and what can be scrolled back to

Found = TypeVar("Found")


class Ended(Exception):
    """Nothing more can be read: the terminal is gone, or the pipe is empty."""


@dataclass
class Half:
    """Something that is half typed, or sent without anybody knowing whether it arrived."""

    what: str
    key: str
    document: Document = field(default_factory=dict)
    sent: Document | None = None


@dataclass
class Session:
    """The client, the keyboard, and what is known of both."""

    client: Client
    keyboard: Keyboard
    rows: int = 0  # how many lines the glass has; 0 where nothing runs off it
    running: Callable[[], float] = clock.running
    watch: Watch | None = None  # None: the service is asked before each prompt
    alarms: Alarms = field(default_factory=Alarms)
    frame: Frame | None = None
    lost: bool = False
    kept: dict[tuple[str, str], Half] = field(default_factory=dict)
    half: HalfForms | None = None  # those of them that outlive this program
    not_written: bool = False  # it was said that they do not
    _heard: float = 0.0
    _tried: float = 0.0
    _touched: float = 0.0
    _typing: str = ""
    _unended: Callable[[str], None] | None = None
    _hint: str = ""
    _locked: bool = False

    def __post_init__(self) -> None:
        self._touched = self.running()

    # --- the service

    def ask(self, call: Callable[[], Found]) -> Found:
        """Call the service; say that it is not reached, or is again."""
        try:
            found = call()
        except Unreachable as error:
            self._missed(error)
            raise
        except SignedOut:
            self.lock(said.SIGNED_OUT)
            found = call()
        self._reached(found)
        return found

    def at(self) -> datetime:
        """The time of the service, as far as it is known here."""
        if self.frame is None:
            return clock.now()
        return self.frame.at + timedelta(seconds=max(0.0, self.running() - self._heard))

    def typed_here(self, kind: str, stay: str) -> bool:
        """Whether this form of this person is half typed, in this program or before it."""
        return (kind, stay) in self.kept or bool(self.half and self.half.of(kind, stay))

    def _missed(self, error: Unreachable) -> None:
        self.lost, self._tried = True, self.running()
        tell(str(error))
        if self.frame is not None:
            tell(said.not_reached(london.short(self.frame.at)))

    def _reached(self, found: Any) -> None:
        if self.lost:
            tell(words.REACHED_AGAIN)
        self.lost = False
        if isinstance(found, Frame):
            self.frame, self._heard = found, self.running()

    # --- what is typed

    def menu(self, keys: str) -> str:
        """A letter, a number or a few words behind a line that says what there is."""
        typed = self.line(keys)
        if typed.lower() == "l":
            self.lock()
            return ""
        return typed

    def line(self, hint: str, unended: Callable[[str], None] | None = None) -> str:
        """One line; news comes before the prompt. Raises Ended when nothing more comes.

        ``unended`` is handed what stands there without an Enter, whenever no key comes.
        """
        self.news()
        self._hint, self._unended = hint, unended
        self._prompt()
        typed = self._read(self.keyboard.line)
        self._unended = None
        if self._idle() and self.keyboard.by_hand is False and sys.stdin.isatty():
            self.lock(words.IDLE)  # a very simple terminal cannot be locked while it waits
            tell(words.UNUSED)
            return self.line(hint, unended)
        self._touched = self.running()
        return typed

    def _read(self, read: Callable[[], str | None]) -> str:
        try:
            typed = read()
        except EOFError:
            typed = None
        if typed is None:
            raise Ended
        return typed.strip()

    def _prompt(self) -> None:
        if self._hint:
            tell(self._hint, "   ")
        prompt()

    # --- emergencies

    def begin(self) -> None:
        """Learn which emergencies there are before the board tells them: what comes is new."""
        try:
            self.alarms.hear(self.ask(self.client.alerts))
        except (Unreachable, NotAllowed, InputError):
            return  # whatever the board cannot tell either

    def news(self) -> None:
        """Tell of an emergency that nobody has and nobody here has looked at."""
        sheet = self._look()
        if sheet is not None and self.alarms.hear(sheet):
            self.ring()

    def ring(self) -> None:
        """Say that there is a new emergency, whose, and what."""
        bell = "\a" if sys.stderr.isatty() else ""
        say(f"{bell}{'!' * 40}")
        tell(self.alarms.line(locked=self._locked), "! ")
        say("!" * 40)

    def _look(self) -> AlertSheet | None:
        if self.watch is not None:
            return self.watch.take()
        if self.lost and self.running() - self._tried < _AGAIN:
            return None
        try:
            return self.ask(lambda: self.client.alerts(renewing=True))
        except (Unreachable, NotAllowed, InputError):
            return None  # it was said, and it is tried again

    def waiting(self) -> None:
        """Called again and again while no key comes: tell news, lock what nobody looks at."""
        if self.keyboard.typing != self._typing:
            self._typing, self._touched = self.keyboard.typing, self.running()
            if self._unended is not None:
                self._unended(self._typing)
        sheet = None if self.keyboard.typing else self._look_aside()
        if sheet is not None and self.alarms.hear(sheet):
            say("")
            self.ring()
            self._prompt_again()
        if not self._locked and self._idle():
            say("")
            self.lock(words.IDLE)
            self._prompt_again()

    def _look_aside(self) -> AlertSheet | None:
        return self.watch.take() if self.watch is not None else None

    def _prompt_again(self) -> None:
        if self._locked:
            tell(words.PASSWORD)
        else:
            self._prompt()
            sys.stderr.write(self.keyboard.typing)
            sys.stderr.flush()

    def _idle(self) -> bool:
        minutes = self.frame.idle_minutes if self.frame else _IDLE
        return self.running() - self._touched >= 60.0 * minutes

    # --- the lock

    def lock(self, why: str = "") -> None:
        """Clear what stands above, where the terminal can, until the password is typed."""
        self._locked = True
        clear()
        if why:
            tell(why)
        tell(words.LOCKED.format(london.short(self.at())))
        try:
            while not self._opens():
                pass
        finally:
            self._locked = False
            self._touched = self.running()
        tell(words.OPEN_AGAIN)

    def _opens(self) -> bool:
        tell(words.PASSWORD)
        typed = self._read(self.keyboard.secret)
        try:
            self.client.prove(typed)
        except Unreachable as error:
            tell(str(error))
            return False
        except (InputError, NotAllowed):
            tell(said.WRONG_PASSWORD)
            return False
        return True

    # --- what is told

    def tell_blocks(self, blocks: list[list[str]]) -> None:
        """Blocks of lines, a glass at a time."""
        try:
            paged(blocks, rows=self.rows, above=0, below=3, pause=self._pause)
        except _Enough:
            return

    def _pause(self) -> None:
        if self.line(words.READ_ON).lower() == "b":
            raise _Enough

    @property
    def width(self) -> int:
        """How wide a line is."""
        return WIDTH


class _Enough(Exception):
    """Somebody does not want to read on."""


def clear() -> None:
    """Take away what stands on the glass; one that cannot wipe it has it pushed out of sight.

    A terminal that calls itself dumb shows what it was given until so many lines follow.
    """
    if sys.stderr.isatty():
        dumb = os.environ.get("TERM", "dumb") == "dumb"
        sys.stderr.write("\n" * shutil.get_terminal_size((80, 24)).lines if dumb else _CLEAR)
        sys.stderr.flush()


@contextmanager
def at_the_keyboard(client: Client) -> Iterator[Session]:
    """One person at this terminal; where keys come one by one, news comes between them too."""
    told: list[Session] = []
    with keyboard(lambda: told[0].waiting()) as keys:
        rows = shutil.get_terminal_size((80, 24)).lines if keys.by_hand else 0
        watch = Watch(client) if keys.by_hand else None
        told.append(Session(client, keys, rows, watch=watch))
        if watch is not None:
            watch.begin()
        try:
            yield told[0]
        finally:
            if watch is not None:
                watch.end()
