"""How far a screening got, when it is due again, and which answers it could not use."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from triage.domain.answers import NOT_ASKED, Details, Status, Value
from triage.domain.facts import MARKER_KINDS
from triage.domain.findings import Rescreen, ScreenStatus
from triage.domain.reading import answered
from triage.domain.rulebook import Rulebook
from triage.domain.walk import Walk


def core_answered(rulebook: Rulebook, details: Details) -> tuple[int, int]:
    """How many core questions have an answer, and how many there are."""
    statuses = _core_statuses(rulebook, details)
    return statuses.count(Status.ANSWERED), len(statuses)


def _core_statuses(rulebook: Rulebook, details: Details) -> list[Status]:
    answers = (details.answers.get(question.id) for question in rulebook.core)
    return [Status.NOT_ASKED if answer is None else answer.status for answer in answers]


def status_of(rulebook: Rulebook, walk: Walk) -> ScreenStatus:
    """Refused, impossible now, provisional or complete. Only a complete one can find nothing."""
    details = walk.reading.details
    core = _core_statuses(rulebook, details)
    half = len(core) / 2
    cannot = walk.values.get("must_cannot_screen", False)
    if core and core.count(Status.REFUSED) >= half:
        return ScreenStatus.REFUSED
    if cannot and len(core) - core.count(Status.ANSWERED) >= half:
        return ScreenStatus.CANNOT_SCREEN
    unfinished = (
        Status.NOT_ASKED in core
        or Status.UNABLE in core
        or not details.record.checked
        or walk.values.get("must_no_interpreter", False)
        or cannot
        or _not_asked(rulebook, walk)
    )
    return ScreenStatus.PROVISIONAL if unfinished else ScreenStatus.COMPLETE


def _not_asked(rulebook: Rulebook, walk: Walk) -> bool:
    """Whether an observation, or a branch question that may apply, was never asked."""
    details = walk.reading.details
    for name in rulebook.observations:
        if details.observations.get(name, NOT_ASKED).status is Status.NOT_ASKED:
            return True
    for question in rulebook.questions.values():
        asked = details.answers.get(question.id, NOT_ASKED).status is not Status.NOT_ASKED
        gate = question.branch
        if gate is not None and not asked and walk.verdict(gate.tree) is not False:
            return True
    return False


def rescreen_due(
    rulebook: Rulebook, walk: Walk, holding: Mapping[int, object], status: ScreenStatus
) -> Rescreen | None:
    """When the whole screening is due again: the earliest time, and every reason for one."""
    plan = rulebook.rescreen
    first = len(rulebook.rules) + len(rulebook.conflicts)
    due = [
        (rule.after_minutes, rule.why)
        for place, rule in enumerate(plan.rules, start=first)
        if place in holding and (holding[place] or rule.if_unknown)
    ]
    if status in plan.by_status:
        due.append((plan.by_status[status], f"The screening is {status.replace('_', ' ')}."))
    if not due:
        return None
    after = timedelta(minutes=min(minutes for minutes, _ in due))
    return Rescreen(walk.reading.details.at + after, tuple(dict.fromkeys(why for _, why in due)))


def strange(rulebook: Rulebook, details: Details) -> tuple[str, ...]:
    """Warnings about what was given and cannot be used; it reads as unknown, never as no."""
    return tuple(_strange(rulebook, details))


def _strange(rulebook: Rulebook, details: Details) -> Iterator[str]:
    given = ((details.answers, rulebook.questions), (details.observations, rulebook.observations))
    for answers, specs in given:
        for name, answer in answers.items():
            value = answered(answer)
            if name not in specs:
                yield f"{name} is not in this rulebook, so it was not read."
            elif value is not None and not _usable(rulebook.program.codes[name], value):
                yield f"{name}: the answer is no option of this rulebook and reads as unknown."
    for kind in sorted({marker.kind for marker in details.record.markers} - set(MARKER_KINDS)):
        yield f"A marker of the kind {kind} is not known here and reads as other."


def _usable(codes: Mapping[Any, Any] | None, value: Value) -> bool:
    """Whether a value is an option; free text always is."""
    if codes is None:
        return True
    if isinstance(value, tuple):
        return all(option in codes for option in value)
    return value in codes
