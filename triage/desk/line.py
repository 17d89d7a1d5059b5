"""The screening line by line: for a bad link, a braille line, a pipe, a very simple terminal.

Nothing is drawn. Every answer is handed to ``save`` before the next question is shown, so that
nothing is lost whatever happens to the terminal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.desk.answering import Answering
from triage.desk.glass import WIDTH, prompt, say, tell
from triage.desk.keyboard import Keyboard
from triage.desk.steps import (
    AGAIN,
    ALL_NORMAL,
    BACK,
    STOP,
    Document,
    Step,
    Takes,
    held,
)
from triage.desk.typed import other_keys
from triage.domain.rulebook import Rulebook
from triage.present.lines import wrapped
from triage.present.words import answer_words

LOOK = (
    "FIRST LOOK. Go to the person, speak, touch the shoulder. "
    "If they cannot be woken, call 999 now."
)
KEYS = "The key stands before each answer; q stops and keeps everything, ? says it again."
PRIVATE = (
    "IN PRIVATE: ask this where nobody else can hear, with no partner, employer, co-accused or "
    "other companion there; by a woman or a man, as the person likes."
)
NORMAL = "You are about to say that you looked at each of these yourself, and saw:"
TAKES_THEM = "y and Enter takes these {0}. Anything else takes none of them."
TAKEN = "Taken: {0}, each as looked at and normal."
NOT_TAKEN = "Nothing was taken."
NONE_LEFT = "Each was answered by itself already. Nothing was taken."
TOO_QUICK = "That was under a second. Was it really asked? Answer again; s says not asked."
AT_ONCE = "nrusbq?"  # beside digits these can only be meant by themselves
CREDIBLE_SECONDS = 1.0
YES = "y"


@dataclass(frozen=True)
class Hooks:
    """What a screening needs from outside while it is being asked."""

    save: Callable[[Document], None]
    applies: Callable[[Document, Step], bool | None]  # whether a branch has to be asked, or may
    alarm: Callable[[Document], list[str]]  # a headline, and what must be done before all else
    now: Callable[[], datetime]
    running: Callable[[], float]
    beside: Callable[[Step], str] = lambda step: ""  # what others answered otherwise
    begins: Callable[[Answering], None] = lambda answering: None


def ask(rulebook: Rulebook, document: Document, keyboard: Keyboard, hooks: Hooks) -> bool:
    """Ask whatever the document does not hold yet; whether all of it was asked.

    The document is filled as we go. False means that somebody stopped, or that input ended.
    """
    return _Asking(rulebook, document, keyboard, hooks).run()


def normal_lines(rulebook: Rulebook, left: Sequence[Step]) -> list[str]:
    """What is about to be taken as seen, and the deliberate key for it: one glass."""
    return [*normal_looks(rulebook, left, WIDTH), *wrapped(TAKES_THEM.format(len(left)), WIDTH)]


def normal_looks(rulebook: Rulebook, left: Sequence[Step], width: int) -> list[str]:
    """What is about to be taken as seen, by finding."""
    looks: dict[str, list[str]] = {}
    for step in left:
        normal = rulebook.observations[step.place[1]].nothing
        looks.setdefault(answer_words(rulebook, step.place[1], normal), []).append(step.words)
    single = [f"{found.upper()}: {words[0]}" for found, words in looks.items() if not words[1:]]
    several = [f"{found.upper()}: {' '.join(words)}" for found, words in looks.items() if words[1:]]
    blocks = [NORMAL, " ".join(single), *several]
    return [line for block in blocks for line in wrapped(block, width, rest="  ")]


class _Stopped(Exception):
    """Somebody stopped, or nothing more can be read."""


class _Asking:
    """One screening on its way."""

    def __init__(
        self, rulebook: Rulebook, document: Document, keyboard: Keyboard, hooks: Hooks
    ) -> None:
        self.rulebook, self.document = rulebook, document
        self.keyboard, self.hooks = keyboard, hooks
        self.answering = Answering(rulebook, document, hooks.now)
        hooks.begins(self.answering)
        self.trail: list[Step] = []
        self.alarmed: set[str] = set()
        self.missed: Step | None = None

    def run(self) -> bool:
        """Ask until nothing is left or somebody stops."""
        self._begin()
        step = self._next()
        try:
            while step is not None:
                step = self._one(step)
        except _Stopped:
            return False
        return True

    def _begin(self) -> None:
        looks = [step for step in self.answering.steps if step.is_observation]
        if len(self.answering.left_to_look()) == len(looks):
            tell(" ".join(step.words for step in looks), "  ")
            say("")
            tell(LOOK)
        tell(KEYS)

    def _next(self) -> Step | None:
        return self.answering.next(lambda step: self.hooks.applies(self.document, step))

    def _one(self, step: Step) -> Step | None:
        """Ask one step; the step to go to next."""
        if step is not self.missed:
            self._show(step)
        self.missed = None
        typed = self._typed(step)
        if typed == BACK:
            return self.trail.pop() if self.trail else step
        if typed == ALL_NORMAL and step.is_observation:
            if not self._all_normal():
                return step
        elif typed == AGAIN:
            return step
        elif not self._take(step, typed):
            self.missed = step  # the question still stands above; only the hint is new
            return step
        self.trail.append(step)
        self.hooks.save(self.document)
        self._alarm()
        return self._next()

    def _show(self, step: Step) -> None:
        say("")
        if step.private:
            tell(PRIVATE)
        tell(f"{step.number} {step.words}".strip())
        if differs := self.hooks.beside(step):
            tell(differs, " ! ")
        if held(self.document, step) is not None:
            tell(f"(now: {self.answering.said(step)}; Enter keeps it)", "   ")
        for option in step.options:
            tell(option.words, f"   {option.key}  ")
        tell(other_keys(step), "   ")

    def _typed(self, step: Step) -> str:
        began = self.hooks.running()
        typed = self._read(step)
        quick = self.hooks.running() - began < CREDIBLE_SECONDS
        if step.credible and self.keyboard.by_hand and quick and _answers(step, typed):
            tell(TOO_QUICK)
            typed = self._read(step)
        if typed == STOP:
            raise _Stopped
        return typed

    def _read(self, step: Step) -> str:
        prompt()
        try:
            typed = self._from_keyboard(step)
        except EOFError:
            typed = None
        if typed is None:
            raise _Stopped
        typed = typed.strip()
        return typed if step.takes is Takes.TEXT and len(typed) > 1 else typed.lower()

    def _from_keyboard(self, step: Step) -> str | None:
        match step.takes:
            case Takes.KEY:
                return self.keyboard.key()
            case Takes.TEXT:
                return self.keyboard.line()
        return self.keyboard.several(AT_ONCE)

    def _take(self, step: Step, typed: str) -> bool:
        """Write down what was typed; whether it was an answer."""
        why = self.answering.take(step, typed)
        if why:
            tell(why)
        return not why

    def _all_normal(self) -> bool:
        """Ask before what nobody answered yet is taken as normal; whether it was taken.

        One key must not say of somebody whom nobody looked at that they can be woken.
        """
        left = self.answering.left_to_look()
        if not left:
            tell(NONE_LEFT)
            return False
        say("")
        for row in normal_lines(self.rulebook, left):
            say(row)
        # With Enter, because what was meant for another question may hold a y.
        if self._line() != YES:
            tell(NOT_TAKEN)
            return False
        self.answering.take_normal(left)
        tell(TAKEN.format(len(left)))
        return True

    def _line(self) -> str:
        prompt()
        typed = self.keyboard.line()
        if typed is None or typed.strip().lower() == STOP:
            raise _Stopped
        return typed.strip().lower()

    def _alarm(self) -> None:
        headline, *acts = self.hooks.alarm(self.document) or [""]
        fresh = [words for words in acts if words not in self.alarmed]
        self.alarmed.update(fresh)
        if fresh:
            say("")
            say("!" * 40)
            for words in (headline, *fresh):
                tell(words)
            say("!" * 40)


def _answers(step: Step, typed: str) -> bool:
    return typed in [option.key for option in step.options]
