"""How a screening stands: what is asked, what was answered, what nobody was asked yet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from triage.desk.answering import Answering
from triage.desk.beside import about
from triage.desk.sofar import SoFar
from triage.desk.steps import Document, Step, held
from triage.present import screening_form as words


class State(StrEnum):
    """How one step stands."""

    OPEN = "open"
    SKIPPED = "skipped"
    WITHOUT = "without"  # refused or unable: asked, and there is no answer
    ANSWERED = "answered"


@dataclass
class Standing:
    """One screening; ``read`` is what a document means so far."""

    answering: Answering
    read: Callable[[Document], SoFar]
    half: dict[str, str] = field(default_factory=dict)  # typed and not yet taken, by step
    service: tuple[str, ...] = ()  # what the service says cannot wait, earlier stays included
    contested: dict[str, str] = field(default_factory=dict)  # by place: who answered what

    def __post_init__(self) -> None:
        self.so_far = self.read(self.document)

    @property
    def document(self) -> Document:
        """What was answered so far, as ``screen in`` holds it."""
        return self.answering.document

    @property
    def visible(self) -> tuple[Step, ...]:
        """Every step that is asked or may have to be, and whatever was answered already."""
        return tuple(
            step
            for step in self.answering.steps
            if self.so_far.applies(step) is not False or held(self.document, step) is not None
        )

    @property
    def rows(self) -> tuple[Step, ...]:
        """All of it: what nobody was asked first, then what has no answer, then the answers."""
        order = {State.OPEN: 0, State.SKIPPED: 1, State.WITHOUT: 2, State.ANSWERED: 2}
        return tuple(
            sorted(
                self.visible,
                key=lambda step: (order[self.state(step)], not self.so_far.applies(step)),
            )
        )

    def state(self, step: Step) -> State:
        """How a step stands: silence is never an answer."""
        found = held(self.document, step)
        if found is None:
            return State.SKIPPED if step.id in self.answering.done else State.OPEN
        bare = found["value"] if isinstance(found, dict) and "value" in found else found
        if step.is_question and bare in ("refused", "unable"):
            return State.WITHOUT
        if (step.is_question and bare == "not_asked") or bare == "unknown":
            return State.SKIPPED
        return State.ANSWERED

    def said(self, step: Step) -> str:
        """What was answered, in words; else why there is nothing."""
        told = self._said(step)
        return f"{told} ({words.HALF})" if self.half.get(step.id) else told

    def _said(self, step: Step) -> str:
        match self.state(step):
            case State.OPEN if about(step, self.contested):
                return words.TWO_ANSWERS
            case State.OPEN:
                asked = self.so_far.applies(step)
                return words.NOT_ASKED_YET if asked else words.IF_CALLED_FOR
            case State.SKIPPED:
                if step.is_question:
                    return words.NOT_ASKED
                says_none = any(option.value is None for option in step.options)
                return words.NONE_OR_UNKNOWN if says_none else words.NOT_KNOWN
        told = self.answering.said(step)
        gone = self.so_far.applies(step) is False
        return f"{told} ({words.NO_MORE})" if gone else told

    @property
    def alarm(self) -> list[str]:
        """A headline and what must be done now: as found here, and what the service adds."""
        here = self.so_far.alarm
        more = [act for act in self.service[1:] if act not in here]
        return [*(here or self.service[:1]), *more]

    @property
    def open(self) -> list[Step]:
        """What nobody was asked yet."""
        return [step for step in self.visible if self.state(step) is State.OPEN]

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        states = self._core
        looks = [step for step in self.answering.steps if step.is_observation]
        seen = sum(self.state(step) is State.ANSWERED for step in looks)
        return words.progress(
            *self.asked, states.count(State.SKIPPED), states.count(State.WITHOUT),
            states.count(State.OPEN), words.looked(seen, len(looks)),
        )  # fmt: skip

    @property
    def asked(self) -> tuple[int, int]:
        """How many questions of everybody's were asked, and how many there are."""
        states = self._core
        return states.count(State.ANSWERED) + states.count(State.WITHOUT), len(states)

    @property
    def _core(self) -> list[State]:
        core = {each.id for each in self.answering.rulebook.core}
        return [
            self.state(step)
            for step in self.answering.steps
            if step.is_question and step.place[1] in core
        ]

    def marked(self, step: Step) -> str:
        """The keys that are marked for a step of which several may apply."""
        if step.id in self.half:
            return self.half[step.id]
        found = held(self.document, step)
        bare = found["value"] if isinstance(found, dict) and "value" in found else found
        if not isinstance(bare, list):
            return "".join(o.key for o in step.options if bare is not None and o.value == bare)
        return "".join(option.key for option in step.options if option.value in bare)
