"""The question in focus of a full-screen screening: one key at a time, each an answer or refused.

Each key is an answer of the question that stands in focus at that moment, or is refused in words;
what was typed ahead behind a key that was not taken is not taken either, because nobody can tell
any more for which question it was meant.
"""

import copy
from dataclasses import dataclass
from enum import StrEnum

from triage.desk.full.form_standing import Standing
from triage.desk.steps import AGAIN, BACK, REFUSED, SKIP, STOP, UNABLE, Step, Takes
from triage.domain.errors import InputError
from triage.present import screening_form as words

CREDIBLE_SECONDS = 1.0
TOGETHER_SECONDS = 0.2  # nobody reads a question and answers it in less
_FAR = 5
_LONGEST = 500
_NONE = "n"


class Mode(StrEnum):
    """What stands in the middle of the glass."""

    ASK = "ask"
    NORMAL = "normal"  # the rest of the first look is about to be taken as normal
    STOP = "stop"
    LIST = "list"  # everything, what is unanswered first
    SURE = "sure"  # it is about to be recorded
    SENDING = "sending"
    END = "end"


@dataclass
class InFocus(Standing):
    """What of one screening stands in focus, and what a key does to it."""

    mode: Mode = Mode.ASK
    at: Step | None = None
    note: str = ""
    yes: bool = False  # the first of the two deliberate keys was pressed
    row: int = 0  # of the list
    top: int = 0  # of what is read at the end
    changed: int = 0  # grows with everything that has to be kept
    other: str = ""  # who keeps another one at the service
    end: tuple[str, ...] = ()
    _shown: float = 0.0  # when what is in focus came to stand there
    _last: float = float("-inf")
    _fresh: bool = False  # nobody could know that this question would come
    _dropping: bool = False
    _dropped: int = 0
    _refused: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.at = self.answering.next(self.so_far.applies)
        if self.at is None:
            self._list()

    def _ask(self, key: str, at: float) -> None:
        step = self.at
        assert step is not None  # a form without a question in focus shows its list
        match key:
            case "tab":
                self._list()
            case "escape":
                self.mode = Mode.STOP
            case "up":
                self._move(-1, at)
            case "down":
                self._move(1, at)
            case "pageup":
                self._move(-_FAR, at)
            case "pagedown":
                self._move(_FAR, at)
            case "home":
                self._go_to(self.visible[0], at)
            case "end":
                self._go_on(step, at)
            case "enter":
                self._enter(step, at)
            case "backspace":
                self._erase(step)
            case _ if len(key) == 1 and key.isprintable():
                self._type(step, key, at)
            case _:
                self._refuse(words.NO_KEY)

    def _type(self, step: Step, key: str, at: float) -> None:
        if step.takes is Takes.TEXT:
            if not self._early(step, at):
                self._write(step, key)
            return
        key = key.lower()
        if key in [option.key for option in step.options]:
            self._choose(step, key, at)
        elif step.takes is Takes.NUMBER and key.isascii() and key.isdecimal():
            if not self._early(step, at):
                self._write(step, key)
        else:
            self._command(step, key, at)

    def _choose(self, step: Step, key: str, at: float) -> None:
        if step.credible and at - self._shown < CREDIBLE_SECONDS:
            self._refuse(words.TOO_QUICK)
        elif self._early(step, at):
            return
        elif step.takes is Takes.KEY:
            self._answer(step, key, at)
        else:
            marked = self.marked(step)
            now = marked.replace(key, "") if key in marked else marked + key
            self.half[step.id] = now
            self.changed += 1

    def _command(self, step: Step, key: str, at: float) -> None:
        match key:
            case "b":
                self._move(-1, at)
            case "q":
                self.mode = Mode.STOP
            case "j":
                self._list()
            case "?":
                self.note = words.HELP
            case "a" if step.is_observation:
                self._all_normal()
            case _ if key in (SKIP, REFUSED, UNABLE) or (key, step.takes) == (_NONE, Takes.KEYS):
                self._without(step, key, at)
            case _:
                self._refuse(words.NO_KEY)

    def _without(self, step: Step, key: str, at: float) -> None:
        if self.half.get(step.id):
            self._refuse(words.MARKED)
        elif not self._early(step, at):
            self._answer(step, key, at)

    def _enter(self, step: Step, at: float) -> None:
        if self._early(step, at):
            return
        typed = self.half.get(step.id, "").strip()
        if step.takes is Takes.TEXT:
            self._words(step, typed if len(typed) > 1 else typed.lower(), at)
        elif typed or step.id not in self.half or step.takes is not Takes.KEYS:
            self._answer(step, typed, at)
        else:
            self._refuse(words.NONE_MARKED)

    def _words(self, step: Step, typed: str, at: float) -> None:
        """Words, or one letter that is a command as it is line by line."""
        if typed in (BACK, STOP, AGAIN):
            self.half.pop(step.id, None)
            self._command(step, typed, at)
        else:
            self._answer(step, typed, at)

    def _write(self, step: Step, more: str) -> None:
        typed = self.half.get(step.id, "")
        longest = _LONGEST if step.takes is Takes.TEXT else 8
        if len(typed) + len(more) > longest:
            self._refuse(f"NOT TAKEN: at most {longest} characters.")
            return
        self.half[step.id] = typed + more
        self.changed += 1

    def _erase(self, step: Step) -> None:
        if step.takes is Takes.KEY or step.id not in self.half:
            return
        self.half[step.id] = self.half[step.id][:-1]
        if not self.half[step.id] and step.takes is not Takes.KEYS:
            del self.half[step.id]
        self.changed += 1

    def _early(self, step: Step, at: float) -> bool:
        """Whether a key was typed before anybody could see that this would be asked."""
        early = self._fresh and at - self._shown < TOGETHER_SECONDS
        if early:
            self._refuse(words.NOT_HERE_YET)
        return early

    def _answer(self, step: Step, typed: str, at: float) -> None:
        before = copy.deepcopy(self.document), set(self.answering.done)
        known = self._sure_to_be_asked
        why = self.answering.take(step, typed)
        if not why:
            try:
                self.so_far = self.read(self.document)
            except InputError as error:
                self.answering.document, self.answering.done = before
                why = " ".join(each.problem for each in error.problems)
        if why:
            self._refuse(f"NOT TAKEN: {why}")
            return
        self.half.pop(step.id, None)
        self.changed += 1
        self._go_on(step, at, known)

    def _go_on(self, step: Step, at: float, known: set[str] | None = None) -> None:
        """To the next thing that nobody was asked; what came up unforeseen is marked so."""
        found = self._next(step)
        if found is None:
            self._list()
            self._shown = at
            self.note = words.NOTHING_LEFT
        else:
            self._go_to(found, at)
            self._fresh = known is not None and found.id not in known

    @property
    def _sure_to_be_asked(self) -> set[str]:
        return {step.id for step in self.answering.steps if self.so_far.applies(step)}

    def _next(self, step: Step) -> Step | None:
        order = self.answering.steps
        later = order[order.index(step) + 1 :]
        left = [s for s in later if s.id not in self.answering.done and self.so_far.applies(s)]
        return left[0] if left else self.answering.next(self.so_far.applies)

    def _go_to(self, step: Step, at: float) -> None:
        self.at, self.mode, self._shown, self._fresh = step, Mode.ASK, at, False

    def _move(self, by: int, at: float) -> None:
        order = self.visible
        here = order.index(self.at) if self.at in order else 0
        there = max(0, min(here + by, len(order) - 1))
        if there == here:
            self._refuse(words.FIRST_OF_ALL if by < 0 else words.LAST_OF_ALL)
        else:
            self._go_to(order[there], at)

    def _all_normal(self) -> None:
        if self.answering.left_to_look():
            self.mode, self.yes, self.top = Mode.NORMAL, False, 0
        else:
            self._refuse(words.NONE_LEFT)

    def _list(self) -> None:
        self.mode, self.row, self.yes = Mode.LIST, 0, False

    def _refuse(self, why: str) -> None:
        self.note = self._refused = why
        self._dropping = True
