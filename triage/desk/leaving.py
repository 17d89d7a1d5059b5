"""Releasing somebody at the desk: what is open, how they leave, and the release on the record.

Line by line, by keyboard alone. Every answer is handed to ``save`` before the next is asked, so
nothing typed is lost when somebody calls; and nothing is recorded before it was read over.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from triage.desk import steps
from triage.desk.client import Client, Left, Person
from triage.desk.glass import paged, prompt, say, tell
from triage.desk.keyboard import Keyboard
from triage.desk.moments import Twice, moment
from triage.desk.parts import (
    COMMANDS,
    HOW,
    PARTS,
    TIME_AGAIN,
    Asks,
    Part,
    about,
    head_of,
    shown,
    told_of,
    who,
)
from triage.desk.steps import AGAIN, SKIP, Document
from triage.desk.typed import NoAnswer
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import leaving as words

CLEAR = "d"
YES = "y"
_QUESTION = 4  # lines of what is asked below what is open


class _Stopped(Exception):
    """Somebody stopped, or nothing more can be read."""


class _Back(Exception):
    """Somebody goes back to what was asked before."""


@dataclass
class Leaving:
    """One release on its way.

    ``draft`` holds what was typed so far, ``leaving`` in it as the API takes it, and the key under
    which it is sent; ``save`` keeps it after each answer.
    """

    client: Client
    keyboard: Keyboard
    person: Person
    draft: Document
    save: Callable[[Document], None]
    rows: int = 0  # how many lines the glass has; 0 where nothing runs off it
    refused: bool = False  # the service said no: somebody else was first, or nobody is signed in
    _name: str = ""

    def run(self) -> Left | None:
        """Show what is open, ask how they leave, record it; None when somebody stopped."""
        at, left = self._next(), None
        try:
            self._begin()
            while left is None:
                try:
                    if at < len(PARTS):
                        self._ask(PARTS[at])
                        at = self._next()
                    else:
                        left = self._finish()
                except _Back:
                    at = max(0, at - 1)
                except InputError as error:
                    at = self._go_to(error)
        except _Stopped:
            return None
        return left

    def _next(self) -> int:
        """The first part that nobody was asked about yet; behind the last one all were."""
        return next((n for n, part in enumerate(PARTS) if part.name not in self._asked), len(PARTS))

    @property
    def _said(self) -> Document:
        said: Document = self.draft.setdefault("leaving", {})
        return said

    @property
    def _asked(self) -> list[str]:
        asked: list[str] = self.draft.setdefault("asked", [])
        return asked

    def _begin(self) -> None:
        state = self.client.state()
        self._name = self.client.name(self.person.stay) or words.NO_NAME
        head = head_of(self.person, self._name, state)
        for line in head:
            say(line)
        found = self.client.open_things(self.person.stay, None)
        lead = words.GAPS if found else words.NO_GAPS
        self._show_paged(told_of(found, lead), above=len(head), below=_QUESTION)
        if self._asked:
            say("")
            tell(words.WENT_ON)

    def _show_paged(self, things: Sequence[Sequence[str]], *, above: int, below: int) -> None:
        paged(things, rows=self.rows, above=above, below=below, pause=self._pause)

    def _pause(self) -> None:
        tell(words.GOES_ON, "   ")
        with suppress(_Back):  # there is nothing to go back to in the middle of a list
            self._typed(Asks.TEXT)

    def _ask(self, part: Part) -> None:
        while True:
            self._show(part)
            if self._take(part, self._typed(part.asks)):
                if part.name not in self._asked:
                    self._asked.append(part.name)
                self.save(self.draft)
                return

    def _show(self, part: Part) -> None:
        say("")
        tell(part.words)
        held = self._said.get(part.name)
        if held:
            tell(f"(now: {shown(part, held)}; Enter keeps it)", "   ")
        for key, (_, place) in enumerate(words.PLACES if part.asks is Asks.ONE else (), 1):
            tell(place, f"   {key}  ")
        how = HOW[part.asks] if not (held and part.asks is Asks.TIME) else TIME_AGAIN
        tell(f"{how}{COMMANDS}", "   ")

    def _typed(self, asks: Asks) -> str:
        prompt()
        try:
            typed = self.keyboard.key() if asks is Asks.ONE else self.keyboard.line()
        except EOFError:
            typed = None
        if typed is None:
            raise _Stopped
        typed = typed.strip()
        match typed.lower():
            case steps.STOP:
                raise _Stopped
            case steps.BACK:
                raise _Back
        return typed

    def _take(self, part: Part, typed: str) -> bool:
        """Write down what was typed; whether this part is answered by it."""
        if typed == AGAIN:
            return False
        match part.asks:
            case Asks.TIME:
                return self._take_time(typed)
            case Asks.ONE:
                return self._take_place(typed)
            case Asks.LINES:
                return self._take_lines(part.name, typed)
        return self._take_text(part.name, typed)

    def _take_time(self, typed: str) -> bool:
        if not typed and "occurred_at" in self._said:
            return True
        found = moment(typed, now=self.client.state().at)
        if isinstance(found, Twice):
            found = self._which(found)
        if isinstance(found, NoAnswer):
            tell(found.why)
            return False
        self._said["occurred_at"] = london.iso(found)
        tell(f"Left: {london.text(found)}.")
        return True

    def _which(self, twice: Twice) -> datetime:
        while True:
            tell(words.TWICE)
            tell(london.text(twice.first), "   1  the first:  ")
            tell(london.text(twice.second), "   2  the second: ")
            match self._key():
                case "1":
                    return twice.first
                case "2":
                    return twice.second

    def _take_place(self, typed: str) -> bool:
        places = {str(key): id for key, (id, _) in enumerate(words.PLACES, 1)}
        if typed in places:
            self._said["to"] = places[typed]
            return True
        if not typed and "to" in self._said:
            return True
        tell(f"Press one of: {' '.join(places)}.")
        return False

    def _take_text(self, name: str, typed: str) -> bool:
        if not typed and name not in self._said:
            tell(words.NOTHING_TYPED)
            return False
        if typed.lower() == SKIP:
            self._said.pop(name, None)
        elif typed:
            self._said[name] = typed
        return True

    def _take_lines(self, name: str, typed: str) -> bool:
        """Some lines, one after the other; each is kept at once."""
        while typed and typed.lower() != SKIP:
            if typed == AGAIN:
                return False
            if typed.lower() == CLEAR:
                self._said.pop(name, None)
                tell("Taken out. Enter alone when that is all.")
            else:
                self._said.setdefault(name, []).append(typed)
            self.save(self.draft)
            typed = self._typed(Asks.LINES)
        return True

    def _finish(self) -> Left:
        """Ask why anything stays open, read it over, record it."""
        found = self.client.open_things(self.person.stay, self._said)
        told = told_of(found, words.STILL_OPEN if found else words.NO_GAPS, closing=False)
        self._show_paged(told, above=0, below=len(words.REASONS) + _QUESTION if found else 0)
        if found:
            self._ask_why()
        elif self._said.pop("reason", None) is not None:
            self.save(self.draft)
        self._read_over(len(found))
        return self._record()

    def _read_over(self, still_open: int) -> None:
        say("")
        tell(f"READ IT OVER: {who(self.person)}")
        tell(self._name)
        for part in PARTS:
            held = self._said.get(part.name)
            said = shown(part, held) if held else words.NOTHING_SAID
            tell(said, f"   {words.LABELS[part.name]:<11}")
        if still_open:
            tell(words.why_open(still_open, self._said.get("reason")), f"   {words.OPEN:<11}")

    def _ask_why(self) -> None:
        reasons = {str(key): id for key, id in enumerate(words.REASONS, 1)}
        while True:
            say("")
            tell(words.REASON)
            for key, id in reasons.items():
                tell(words.REASONS[id], f"   {key}  ")
            tell(COMMANDS, "   ")
            typed = self._key()
            if typed in reasons:
                self._said["reason"] = reasons[typed]
                self.save(self.draft)
                return

    def _record(self) -> Left:
        while True:
            say("")
            tell(f"{words.CONFIRM}, {COMMANDS}")
            # With Enter, because what was meant for another prompt may hold a y.
            if self._typed(Asks.TEXT).lower() != YES:
                continue
            try:
                return self.client.release(self.person.stay, self._said, self.draft["key"])
            except Unreachable as error:
                tell(f"{error} {words.NOT_KNOWN_WHETHER}")
            except NotAllowed as error:
                tell(f"NOT RECORDED. {error}")
                self.refused = True
                raise _Stopped from None

    def _go_to(self, error: InputError) -> int:
        """Say what is wrong, and go to the part that it is about; raises what is about no part."""
        names = [part.name for part in PARTS]
        faulty = [about(each.field) for each in error.problems]
        parts = [names.index(name) for name in faulty if name in names]
        if not parts and "reason" not in faulty:
            raise error
        for each, name in zip(error.problems, faulty, strict=True):
            if name != "gaps":
                label = f"{words.LABELS[name]}: " if name in words.LABELS else ""
                tell(f"NOT RECORDED YET. {label}{each.problem}")
        for at in parts:
            self.draft["asked"] = [name for name in self._asked if name != names[at]]
        return min(parts, default=len(PARTS))

    def _key(self) -> str:
        return self._typed(Asks.ONE)
