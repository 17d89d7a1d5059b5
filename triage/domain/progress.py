"""How far a screening got, when it is due again, and which answers it could not use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import compress
from operator import is_not
from typing import Any

from triage.domain.answers import NOT_ASKED, Answer, Details, Status, Value
from triage.domain.facts import MARKER_KINDS
from triage.domain.findings import Rescreen, ScreenStatus
from triage.domain.program import Reading
from triage.domain.rulebook import Rulebook


@dataclass(frozen=True)
class Progress:
    """How far the screening of one person got."""

    rulebook: Rulebook
    reading: Reading

    @cached_property
    def core(self) -> list[Status]:
        """What became of each core question."""
        said = self.reading.details.answers
        return [said.get(name, NOT_ASKED).status for name in self.rulebook.core_ids]

    def core_answered(self) -> tuple[int, int]:
        """How many core questions have an answer, and how many there are."""
        return self.core.count(Status.ANSWERED), len(self.core)

    def status(self) -> ScreenStatus:
        """Refused, impossible now, provisional or complete. Only a complete one can find
        nothing."""
        core = self.core
        half = len(core) / 2
        cannot = self._certain("cannot_screen")
        if core and core.count(Status.REFUSED) >= half:
            return ScreenStatus.REFUSED
        if cannot and len(core) - core.count(Status.ANSWERED) >= half:
            return ScreenStatus.CANNOT_SCREEN
        unfinished = (
            Status.NOT_ASKED in core
            or Status.UNABLE in core
            or not self.reading.details.record.checked
            or self._certain("no_interpreter")
            or cannot
            or self._not_asked()
        )
        return ScreenStatus.PROVISIONAL if unfinished else ScreenStatus.COMPLETE

    def _certain(self, definition: str) -> bool:
        place = self.rulebook.program.places.get(f"must_{definition}")
        return place is not None and bool(self.reading.values[place])

    def _not_asked(self) -> bool:
        """Whether an observation, or a branch question that may apply, was never asked."""
        said, seen = self.reading.details.answers, self.reading.details.observations
        for name in self.rulebook.observations:
            if seen.get(name, NOT_ASKED).status is _NOT_ASKED:
                return True
        for question in self.rulebook.branches:
            asked = said.get(question.id, NOT_ASKED).status is not _NOT_ASKED
            if not asked and not self._settled(question.id):
                return True
        return False

    def _settled(self, question: str) -> bool:
        """A branch question that nobody asked was settled where its gate is certainly false."""
        places, values = self.rulebook.program.places, self.reading.values
        if f"f_{question}" in places:
            return values[places[f"f_{question}"]] is not None
        return bool(values[places[f"l_{question}"]] == values[places[f"h_{question}"]])

    def rescreen_due(self, holding: Mapping[int, object], status: ScreenStatus) -> Rescreen | None:
        """When the whole screening is due again: the earliest time, and every reason for one."""
        plan = self.rulebook.rescreen
        first = len(self.rulebook.rules) + len(self.rulebook.conflicts)
        due = [
            (rule.after_minutes, rule.why)
            for place, rule in enumerate(plan.rules, start=first)
            if place in holding and (holding[place] or rule.if_unknown)
        ]
        if status in plan.by_status:
            why = f"The screening is {status.replace('_', ' ')}."
            due.append((plan.by_status[status], why))
        if not due:
            return None
        after = timedelta(minutes=min(minutes for minutes, _ in due))
        whys = tuple(dict.fromkeys(why for _, why in due))
        return Rescreen(self.reading.details.at + after, whys)


_ANSWERED, _NOT_ASKED = Status.ANSWERED, Status.NOT_ASKED
_KINDS = frozenset(MARKER_KINDS)
_CREDIBLE = timedelta(seconds=1)
Answers = Mapping[str, Answer]


def strange(rulebook: Rulebook, details: Details) -> tuple[str, ...]:
    """Warnings about what was given and cannot be used; it reads as unknown, never as no."""
    return tuple(_strange(rulebook, details))


def _strange(rulebook: Rulebook, details: Details) -> Iterator[str]:
    program = rulebook.program
    given = (
        (details.answers, rulebook.questions, program.untroubled),
        (details.observations, rulebook.observations, program.unremarkable),
    )
    for answers, specs, harmless in given:
        for name in _besides(harmless, answers):
            if name not in specs:
                yield f"{name} is not in this rulebook, so it was not read."
            elif answers[name].status is _ANSWERED and not _usable(
                program.codes[name], answers[name].value
            ):
                yield f"{name}: the answer is no option of this rulebook and reads as unknown."
    for name in not_credibly_asked(rulebook, details):
        yield (
            f"{name}: answered within a second of the question before it, so not credibly asked. "
            "Ask again."
        )
    for kind in sorted({marker.kind for marker in details.record.markers} - _KINDS):
        yield f"A marker of the kind {kind} is not known here and reads as other."


def _besides(harmless: Answers, answers: Answers) -> Iterable[str]:
    """What was answered otherwise than by the rulebook's own harmless answer, of which nothing
    more is asked: nearly every answer is that very one."""
    return compress(answers, map(is_not, map(harmless.get, answers), answers.values()))


def not_credibly_asked(rulebook: Rulebook, details: Details) -> tuple[str, ...]:
    """The questions about self-harm that were answered before anybody could have asked them.

    An answer under a second after the one before it was typed, not asked for (principle 5). It
    stands all the same: what was said can raise a flag and lowers none. Where all answers carry
    one time, it is the time of the form and says nothing about any of them.
    """
    answers = (*details.answers.items(), *details.observations.items())
    times = {name: answer.asked_at for name, answer in answers if answer.asked_at is not None}
    if len(set(times.values())) < 2:
        return ()
    return tuple(
        question.id
        for question in rulebook.questions.values()
        if question.credible
        and question.id in times
        and details.answers.get(question.id, NOT_ASKED).status is _ANSWERED
        and _too_soon(question.id, times)
    )


def _too_soon(question: str, times: Mapping[str, datetime]) -> bool:
    at = times[question]
    return any(
        timedelta(0) <= at - before < _CREDIBLE
        for name, before in times.items()
        if name != question
    )


def _usable(codes: Mapping[Any, Any] | None, value: Value | None) -> bool:
    """Whether a value is an option; free text always is, and an answer without one says nothing."""
    if isinstance(value, tuple):
        return codes is None or all([option in codes for option in value])
    return codes is None or value is None or value in codes
