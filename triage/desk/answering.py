"""What a typed answer does to a screening: the same line by line and on the full screen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triage.desk.steps import REFUSED, SKIP, UNABLE, Document, Step, held, put, steps
from triage.desk.typed import NoAnswer, value
from triage.domain import london
from triage.domain.rulebook import Rulebook
from triage.present.questions import SEEN_NORMAL
from triage.present.words import answer_words

NOTHING_TYPED = "Nothing was typed. s skips, ? says the question again."
NEEDED = "This has to be known; b goes back, q stops and keeps everything."
LOOKED_FOR = "This is looked for, not asked: u if it cannot be seen."


@dataclass
class Answering:
    """One screening on its way: the document is filled, and ``done`` says what was gone through."""

    rulebook: Rulebook
    document: Document
    now: Callable[[], datetime]
    steps: tuple[Step, ...] = field(init=False)
    done: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = steps(self.rulebook)
        self.done = done_before(self.steps, self.document)

    def take(self, step: Step, typed: str) -> str:
        """Write down what was typed; a sentence on what would be an answer where it is none."""
        if not typed:
            return "" if held(self.document, step) is not None else NOTHING_TYPED
        if typed == SKIP:
            return self._skip(step)
        if typed in (REFUSED, UNABLE) and (step.is_question or step.is_observation):
            return self._without(step, typed)
        found = value(step, typed)
        if isinstance(found, NoAnswer):
            return found.why
        self._put(step, found)
        return ""

    def left_to_look(self) -> list[Step]:
        """What is looked for and was not answered by itself."""
        return [each for each in self.steps if each.is_observation and each.id not in self.done]

    def take_normal(self, looks: Iterable[Step]) -> None:
        """Take these as looked at and normal; each says that it was said with the others."""
        for step in looks:
            nothing = self.rulebook.observations[step.place[1]].nothing
            put(self.document, step, {"value": nothing, "words": SEEN_NORMAL})
            self.done.add(step.id)

    def next(self, applies: Callable[[Step], bool | None]) -> Step | None:
        """What everybody is asked, and branches whose gate holds; then those that still may."""
        perhaps = None
        for step in self.steps:
            if step.id in self.done:
                continue
            asked = applies(step)
            if asked:
                return step
            if asked is None and perhaps is None:
                perhaps = step
        return perhaps

    def said(self, step: Step) -> str:
        """What the document holds for a step, in words; it has to hold something."""
        found = held(self.document, step)
        bare = found["value"] if isinstance(found, dict) and "value" in found else found
        if isinstance(bare, list):
            kinds = tuple(each["kind"] if isinstance(each, dict) else each for each in bare)
            return answer_words(self.rulebook, step.place[-1], kinds)
        return answer_words(self.rulebook, step.place[-1], bare)

    def _skip(self, step: Step) -> str:
        if step.needed:
            return NEEDED
        nothing = {"answers": "not_asked", "observations": "unknown"}.get(step.place[0])
        put(self.document, step, nothing)
        self.done.add(step.id)
        return ""

    def _without(self, step: Step, typed: str) -> str:
        if step.is_observation:
            if typed == REFUSED:
                return LOOKED_FOR
            put(self.document, step, "unknown")
        else:
            self._put(step, "refused" if typed == REFUSED else "unable")
        self.done.add(step.id)
        return ""

    def _put(self, step: Step, found: Any) -> None:
        if step.is_question:
            found = {"value": found, "asked_at": london.iso(self.now())}
        put(self.document, step, found)
        self.done.add(step.id)


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
