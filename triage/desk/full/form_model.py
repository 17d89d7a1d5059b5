"""The full-screen screening without any screen: keys and their moments in, a document out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from triage.desk.beside import TakenIn, take_in, to_choose
from triage.desk.client import Contested
from triage.desk.full.form_focus import CREDIBLE_SECONDS, TOGETHER_SECONDS, InFocus, Mode
from triage.desk.steps import STOP, Takes
from triage.present import screening_form as words

__all__ = ["CREDIBLE_SECONDS", "Mode"]  # the screen takes all of the form from here
YES = "y"


class Wish(StrEnum):
    """What whoever holds the form has to do for a key."""

    NOTHING = "nothing"
    STOP = "stop"
    RECORD = "record"
    REPLACE = "replace"
    CLOSE = "close"


@dataclass
class Form(InFocus):
    """One screening in front of somebody: asked, read over, recorded, or left for later."""

    def press(self, key: str, at: float) -> Wish:
        """Do what one key says that was typed ``at``, in seconds of a clock that nobody sets."""
        together = at - self._last < TOGETHER_SECONDS
        self._last = at
        if self._dropping and together:
            self._dropped += 1
            self.note = f"{self._refused} {words.dropped(self._dropped)}"
            return Wish.NOTHING
        self._dropping, self._dropped, self.note = False, 0, ""
        match self.mode:
            case Mode.ASK:
                self._ask(key, at)
            case Mode.LIST:
                return self._in_list(key, at)
            case Mode.STOP:
                return self._stopping(key)
            case Mode.NORMAL:
                self._normal(key, at)
            case Mode.SURE:
                return self._recording(key)
            case Mode.SENDING:
                self._refuse(words.BEING_RECORDED)
            case Mode.END:
                return self._at_end(key)
        return Wish.NOTHING

    def stands(self, now: float) -> None:
        """What the last key brought into focus stands on the glass from now on."""
        if self._shown == self._last:
            self._shown = now

    def paste(self, text: str) -> None:
        """Pasted text is words for a question that takes words, and no answer to any other."""
        if self.mode is not Mode.ASK or self.at is None or self.at.takes is not Takes.TEXT:
            self._refuse(words.PASTED)
            return
        self._write(self.at, " ".join(text.split()))

    def take_in(self, found: TakenIn, contested: Sequence[Contested]) -> None:
        """What others typed stands here too; a question in focus is never moved by it."""
        self.contested = to_choose(self.answering.rulebook, contested)
        under = self.rows[self.row] if self.mode is Mode.LIST and self.rows else None
        take_in(self.answering, found)
        if not found.changed:
            return
        self.so_far = self.read(self.document)
        if under is not None and under in self.rows:
            self.row = self.rows.index(under)
        elif self.mode is Mode.SURE:  # what is recorded is what was read over
            self._list()
            self.note = words.CAME_IN_MEANWHILE
        elif self.mode is Mode.NORMAL:  # the looks that are listed are others now
            self.mode, self.yes, self.note = Mode.ASK, False, words.CAME_IN_MEANWHILE

    def recorded(self, lines: tuple[str, ...]) -> None:
        """It is on the record: what was found stands now."""
        self.mode, self.end, self.top, self.note = Mode.END, lines, 0, ""

    def not_recorded(self, why: str, about: str = "") -> None:
        """It is not, or nobody knows: go back to where it can be done again or mended."""
        self._list()
        for number, step in enumerate(self.rows):
            if about and ".".join(step.place).startswith(about):
                self.row = number
        self.note = why

    def _normal(self, key: str, at: float) -> None:
        """Two keys, so that a stray one says of nobody that they were looked at."""
        moves = {"up": -1, "down": 1}
        if key in moves and not self.yes:
            self.top = max(0, self.top + moves[key])
            return
        if key.lower() == YES and not self.yes:
            self.yes = True
            return
        taken = self.yes and key == "enter"
        self.mode, self.yes = Mode.ASK, False
        if not taken:
            self._refuse(words.NOT_NORMAL)
            return
        known = self._sure_to_be_asked
        self.answering.take_normal(self.answering.left_to_look())
        self.so_far = self.read(self.document)
        self.changed += 1
        assert self.at is not None
        self._go_on(self.at, at, known)

    def _stopping(self, key: str) -> Wish:
        if key.lower() in (STOP, YES):
            return Wish.STOP
        self.mode = Mode.LIST if self.at is None else Mode.ASK
        self._refuse(words.GOING_ON)
        return Wish.NOTHING

    def _in_list(self, key: str, at: float) -> Wish:
        moves = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -10_000, "end": 10_000}
        if key in moves:
            self.row = max(0, min(self.row + moves[key], len(self.rows) - 1))
            return Wish.NOTHING
        match key.lower():
            case "enter":
                self._go_to(self.rows[self.row], at)
            case "r":
                self._begin_to_record(at)
            case "q":
                self.mode = Mode.STOP
            case "k" if self.other:
                return Wish.REPLACE
            case "escape" | "b" | "tab" | "j" if self.at is not None:
                self._go_to(self.at, at)
            case _:
                self._refuse(words.NO_KEY)
        return Wish.NOTHING

    def _begin_to_record(self, at: float) -> None:
        needed = [each for each in self.open if each.needed]
        half = [each for each in self.visible if self.half.get(each.id)]
        if at - self._shown < CREDIBLE_SECONDS:
            self._refuse(words.READ_FIRST)
        elif needed:
            self._go_to(needed[0], at)
            self._refuse(f"NOT RECORDED: {needed[0].words} This has to be known.")
        elif half:  # nobody records what they typed and forgot to take
            self._go_to(half[0], at)
            self._refuse(words.HALF_LEFT)
        else:
            self.mode, self.yes = Mode.SURE, False

    def _recording(self, key: str) -> Wish:
        if key.lower() == YES and not self.yes:
            self.yes = True
            return Wish.NOTHING
        if self.yes and key == "enter":
            self.mode, self.yes = Mode.SENDING, False
            return Wish.RECORD
        self._list()
        self._refuse(words.NOT_RECORDED)
        return Wish.NOTHING

    def _at_end(self, key: str) -> Wish:
        moves = {"up": -1, "down": 1, "pageup": -15, "pagedown": 15, " ": 15, "home": -100_000,
                 "end": 100_000}  # fmt: skip
        if key in moves:
            self.top = max(0, min(self.top + moves[key], len(self.end) - 1))
            return Wish.NOTHING
        return Wish.CLOSE if key.lower() in ("q", "enter", "escape") else Wish.NOTHING
