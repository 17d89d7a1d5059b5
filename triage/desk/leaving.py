"""Releasing somebody at the desk: what is open, how they leave, and the release on the record.

Line by line, by keyboard alone. Every answer is handed to ``save`` before the next is asked, so
nothing typed is lost when somebody calls; and nothing is recorded before it was read over.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from triage.desk import steps
from triage.desk.client import Client, Left, Person
from triage.desk.glass import WIDTH, paged, prompt, say, tell
from triage.desk.keyboard import Keyboard
from triage.desk.moments import Twice
from triage.desk.parts import (
    COMMANDS,
    HOW,
    PARTS,
    TIME_AGAIN,
    Asks,
    Part,
    head_of,
    shown,
    told_of,
    who,
)
from triage.desk.releases import Overtaken, overtaken
from triage.desk.releasing import PLACES, REASONS, Releasing
from triage.desk.steps import AGAIN, Document
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import leaving as words
from triage.present.lines import wrapped

YES = "y"
_QUESTION = 4  # lines of what is asked below what is open


class _Stopped(Exception):
    """Somebody stopped, or nothing more can be read."""


class _Back(Exception):
    """Somebody goes back to what was asked before."""


@dataclass
class Leaving:
    """One release on its way.

    ``draft`` holds what was typed so far, as ``Releasing`` has it; ``save`` keeps it after each
    answer.
    """

    client: Client
    keyboard: Keyboard
    person: Person
    draft: Document
    save: Callable[[Document], None]
    rows: int = 0  # how many lines the glass has; 0 where nothing runs off it
    refused: bool = False  # the service said no: somebody else was first, or nobody is signed in
    overtaken: Overtaken | None = None  # somebody else was first, and what was typed was shown
    whose: str = ""  # who else typed in the draft before
    _name: str = ""
    _release: Releasing = field(init=False)

    def __post_init__(self) -> None:
        self._release = Releasing(self.draft, lambda: self.client.state().at)

    def run(self) -> Left | None:
        """Show what is open, ask how they leave, record it; None when somebody stopped."""
        at, left = self._release.next(), None
        try:
            self._begin()
            while left is None:
                try:
                    if at < len(PARTS):
                        self._ask(PARTS[at])
                        at = self._release.next()
                    else:
                        left = self._finish()
                except _Back:
                    at = max(0, at - 1)
                except InputError as error:
                    at = self._go_to(error)
        except _Stopped:
            return None
        return left

    def _begin(self) -> None:
        state = self.client.state()
        self._name = self.client.name(self.person.stay) or words.NO_NAME
        head = head_of(self.person, self._name, state)
        for line in head:
            say(line)
        found = self.client.open_things(self.person.stay, None)
        lead = words.GAPS if found else words.NO_GAPS
        self._show_paged(told_of(found, lead), above=len(head), below=_QUESTION)
        if self._release.asked:
            say("")
            tell(f"{words.WENT_ON} {self.whose}".strip())

    def _show_paged(self, things: Sequence[Sequence[str]], *, above: int, below: int) -> None:
        paged(things, rows=self.rows, above=above, below=below, pause=self._pause)

    def _pause(self) -> None:
        tell(words.GOES_ON, "   ")
        with suppress(_Back):  # there is nothing to go back to in the middle of a list
            self._typed(Asks.TEXT)

    def _ask(self, part: Part) -> None:
        self._show(part)
        while True:
            typed = self._typed(part.asks)
            if typed == AGAIN:
                self._show(part)
                continue
            took = self._release.take(part, typed)
            if took.twice:
                took = self._release.take_moment(self._which(took.twice))
            if took.words:
                tell(took.words)
            if took.answered or part.asks is Asks.LINES:
                self.save(self.draft)
            if took.answered:
                return
            if part.asks is not Asks.LINES:
                self._show(part)

    def _show(self, part: Part) -> None:
        say("")
        tell(part.words)
        held, half = self._release.said.get(part.name), self._release.half.get(part.name)
        if held:
            tell(f"(now: {shown(part, held)}; Enter keeps it)", "   ")
        if half:
            tell(words.HALF_TYPED.format(half), "   ")
        for key, (_, place) in zip(PLACES, words.PLACES if part.asks is Asks.ONE else (),
                                   strict=False):  # fmt: skip
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

    def _finish(self) -> Left:
        """Ask why anything stays open, read it over, record it."""
        found = self.client.open_things(self.person.stay, self._release.said)
        told = told_of(found, words.STILL_OPEN if found else words.NO_GAPS, closing=False)
        self._show_paged(told, above=0, below=len(words.REASONS) + _QUESTION if found else 0)
        if found:
            self._ask_why()
        elif self._release.said.pop("reason", None) is not None:
            self.save(self.draft)
        self._read_over(len(found))
        return self._record()

    def _read_over(self, still_open: int) -> None:
        say("")
        tell(f"READ IT OVER: {who(self.person)}")
        tell(self._name)
        for label, said in self._release.read_over():
            tell(said, f"   {label:<11}")
        if still_open:
            why = words.why_open(still_open, self._release.said.get("reason"))
            tell(why, f"   {words.OPEN:<11}")

    def _ask_why(self) -> None:
        while True:
            say("")
            tell(words.REASON)
            for key, id in REASONS.items():
                tell(words.REASONS[id], f"   {key}  ")
            tell(COMMANDS, "   ")
            if self._release.take_reason(self._key()):
                self.save(self.draft)
                return

    def _record(self) -> Left:
        while True:
            say("")
            tell(f"{words.CONFIRM}, {COMMANDS}")
            # With Enter, because what was meant for another prompt may hold a y.
            if self._typed(Asks.TEXT).lower() != YES:
                continue
            document, key = self._release.sending()
            self.save(self.draft)
            try:
                return self.client.release(self.person.stay, document, key)
            except Unreachable as error:
                tell(f"{error} {words.NOT_KNOWN_WHETHER}")
            except InputError:
                self._release.answered_for()
                raise
            except NotAllowed as error:
                self._refused(error)
                raise _Stopped from None

    def _refused(self, error: NotAllowed) -> None:
        """Say why; where somebody else was first, show once more what was typed in vain."""
        tell(f"NOT RECORDED. {error}")
        self.refused = True
        self._release.answered_for()
        self.save(self.draft)
        self.overtaken = overtaken(self.client, self.person.stay)
        if self.overtaken:
            blocks = typed_in_vain(self._release, self.overtaken.reference)
            self._show_paged(blocks, above=_QUESTION, below=_QUESTION)

    def _go_to(self, error: InputError) -> int:
        """Say what is wrong, and go to the part that it is about; raises what is about no part."""
        at, told = self._release.mend(error)
        for each in told:
            tell(each)
        return at

    def _key(self) -> str:
        return self._typed(Asks.ONE)


def typed_in_vain(release: Releasing, reference: str) -> list[list[str]]:
    """What was typed for somebody whom somebody else has released: shown before it goes."""
    said = [wrapped(each, WIDTH, first=f"   {label:<11} ") for label, each in release.typed()]
    lead = wrapped(words.TYPED_HERE.format(reference), WIDTH)
    return [["", *lead], *said, wrapped(words.TAKEN_AWAY, WIDTH)] if said else []
