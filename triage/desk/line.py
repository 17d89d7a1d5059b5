"""The screening line by line: for a bad link, a braille line, a pipe, a very simple terminal.

Nothing is drawn. Every answer is handed to ``save`` before the next question is shown, so that
nothing is lost whatever happens to the terminal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.desk.glass import WIDTH, prompt, say, tell
from triage.desk.keyboard import Keyboard
from triage.desk.steps import (
    AGAIN,
    ALL_NORMAL,
    BACK,
    REFUSED,
    SKIP,
    STOP,
    UNABLE,
    Document,
    Step,
    Takes,
    held,
    put,
    steps,
)
from triage.desk.typed import NoAnswer, other_keys
from triage.desk.typed import value as typed_value
from triage.domain import london
from triage.domain.rulebook import Rulebook
from triage.present.lines import wrapped
from triage.present.questions import SEEN_NORMAL
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


def ask(rulebook: Rulebook, document: Document, keyboard: Keyboard, hooks: Hooks) -> bool:
    """Ask whatever the document does not hold yet; whether all of it was asked.

    The document is filled as we go. False means that somebody stopped, or that input ended.
    """
    return _Asking(rulebook, document, keyboard, hooks).run()


def done_before(all_steps: Sequence[Step], document: Document) -> set[str]:
    """The steps that somebody has been through, when a screening is taken up again.

    A fact of the stay may have been passed without a word to keep (no warning, not known); between
    two that have one it is not asked again.
    """
    kept = [held(document, step) is not None for step in all_steps]
    done = {step.id for step, is_kept in zip(all_steps, kept, strict=True) if is_kept}
    for before, step, after in zip(kept, all_steps[1:], kept[2:], strict=False):
        fact = not (step.is_question or step.is_observation or step.needed)
        if fact and before and after:
            done.add(step.id)
    return done


def normal_lines(rulebook: Rulebook, left: Sequence[Step]) -> list[str]:
    """What is about to be taken as seen, by finding, and the deliberate key for it: one glass."""
    looks: dict[str, list[str]] = {}
    for step in left:
        normal = rulebook.observations[step.place[1]].nothing
        looks.setdefault(answer_words(rulebook, step.place[1], normal), []).append(step.words)
    single = [f"{found.upper()}: {words[0]}" for found, words in looks.items() if not words[1:]]
    several = [f"{found.upper()}: {' '.join(words)}" for found, words in looks.items() if words[1:]]
    blocks = [NORMAL, " ".join(single), *several, TAKES_THEM.format(len(left))]
    return [line for block in blocks for line in wrapped(block, WIDTH, rest="  ")]


class _Stopped(Exception):
    """Somebody stopped, or nothing more can be read."""


class _Asking:
    """One screening on its way."""

    def __init__(
        self, rulebook: Rulebook, document: Document, keyboard: Keyboard, hooks: Hooks
    ) -> None:
        self.rulebook, self.document = rulebook, document
        self.keyboard, self.hooks = keyboard, hooks
        self.steps = steps(rulebook)
        self.done = done_before(self.steps, document)
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
        if not any(step.is_observation and step.id in self.done for step in self.steps):
            tell(" ".join(step.words for step in self.steps if step.is_observation), "  ")
            say("")
            tell(LOOK)
        tell(KEYS)

    def _next(self) -> Step | None:
        """What everybody is asked, and branches whose gate holds; then those that still may."""
        perhaps = None
        for step in self.steps:
            if step.id in self.done:
                continue
            applies = self.hooks.applies(self.document, step)
            if applies:
                return step
            if applies is None and perhaps is None:
                perhaps = step
        return perhaps

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
        now = held(self.document, step)
        if now is not None:
            tell(f"(now: {self._said(step, now)}; Enter keeps it)", "   ")
        for option in step.options:
            tell(option.words, f"   {option.key}  ")
        tell(other_keys(step), "   ")

    def _said(self, step: Step, value: Any) -> str:
        bare = value["value"] if isinstance(value, dict) and "value" in value else value
        if isinstance(bare, list):
            kinds = tuple(each["kind"] if isinstance(each, dict) else each for each in bare)
            return answer_words(self.rulebook, step.place[-1], kinds)
        return answer_words(self.rulebook, step.place[-1], bare)

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
        if not typed:
            if held(self.document, step) is None:
                tell("Nothing was typed. s skips, ? says the question again.")
                return False
            return True
        if typed == SKIP:
            return self._skip(step)
        if typed in (REFUSED, UNABLE) and (step.is_question or step.is_observation):
            return self._without(step, typed)
        value = typed_value(step, typed)
        if isinstance(value, NoAnswer):
            tell(value.why)
            return False
        self._put(step, value)
        return True

    def _skip(self, step: Step) -> bool:
        if step.needed:
            tell("This has to be known; b goes back, q stops and keeps everything.")
            return False
        nothing = {"answers": "not_asked", "observations": "unknown"}.get(step.place[0])
        put(self.document, step, nothing)
        self.done.add(step.id)
        return True

    def _without(self, step: Step, typed: str) -> bool:
        if step.is_observation:
            if typed == REFUSED:
                tell("This is looked for, not asked: u if it cannot be seen.")
                return False
            put(self.document, step, "unknown")
        else:
            self._put(step, "refused" if typed == REFUSED else "unable")
        self.done.add(step.id)
        return True

    def _put(self, step: Step, value: Any) -> None:
        if step.is_question:
            value = {"value": value, "asked_at": london.iso(self.hooks.now())}
        put(self.document, step, value)
        self.done.add(step.id)

    def _all_normal(self) -> bool:
        """Ask before what nobody answered yet is taken as normal; whether it was taken.

        One key must not say of somebody whom nobody looked at that they can be woken.
        """
        left = [each for each in self.steps if each.is_observation and each.id not in self.done]
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
        for step in left:
            value = self.rulebook.observations[step.place[1]].nothing
            put(self.document, step, {"value": value, "words": SEEN_NORMAL})
            self.done.add(step.id)
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
