"""What police may see of findings and details that rest on clinical facts.

A need raised by a clinical fact reaches police as the need, its urgency and the sentence that the
rule has for them (``tell_police``), without the fact and without the reason. What staff have to do
stays, because it is theirs to do.
"""

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import TypeVar

from triage.domain.answers import Answer, Details, Group
from triage.domain.findings import (
    DoNow,
    Findings,
    Flag,
    Missing,
    Need,
    NotExcluded,
    Reason,
    Route,
    like,
)
from triage.domain.rulebook import Rulebook

_Raised = TypeVar("_Raised", Need, Flag)
HELD_BACK = "clinical"  # stands where the id of a rule would tell the condition
SAID = "Health staff have found a need. Ask them what you have to do."
HEALTH = "health"  # the origin of markers that come from a health record


def is_clinical(rulebook: Rulebook, fact: str) -> bool:
    """Whether a fact belongs to health staff."""
    return fact in rulebook.clinical_ids


def rests_on_clinical(reason: Reason) -> bool:
    """Whether any fact behind a reason is clinical."""
    return any(fact.group == Group.CLINICAL for fact in reason.facts)


def has_clinical(findings: Findings) -> bool:
    """Whether any finding rests on a clinical fact."""
    return any(rests_on_clinical(reason) for reason in _reasons(findings))


def for_police(findings: Findings, rulebook: Rulebook) -> Findings:
    """The same findings as police may see them: nothing is lowered, no clinical fact is told."""
    hidden = {reason.rule for reason in _reasons(findings) if rests_on_clinical(reason)}
    return replace(
        findings,
        needs=tuple(_told_of(need) for need in findings.needs),
        flags=tuple(_told_of(flag) for flag in findings.flags),
        not_excluded=tuple(_less_told(each, rulebook) for each in findings.not_excluded),
        conflicts=tuple(each for each in findings.conflicts if not is_clinical(rulebook, each.id)),
        do_now=tuple(_held_back(each, hidden) for each in findings.do_now),
        routes=tuple(_less_missing(route, rulebook) for route in findings.routes),
    )


def split(details: Details, rulebook: Rulebook) -> tuple[Details, Details | None]:
    """The police part of details, and the clinical part where there is one."""
    answers = _divided(details.answers, rulebook)
    seen = _divided(details.observations, rulebook)
    markers = details.record.markers
    health = tuple(marker for marker in markers if marker.origin == HEALTH)
    if not (answers[1] or seen[1] or health):
        return details, None
    others = tuple(marker for marker in markers if marker.origin != HEALTH)
    return (
        replace(
            details,
            answers=answers[0],
            observations=seen[0],
            record=replace(details.record, markers=others),
        ),
        replace(
            details,
            answers=answers[1],
            observations=seen[1],
            record=replace(details.record, markers=health),
        ),
    )


def joined(police: Details, clinical: Details | None) -> Details:
    """The details that ``split`` divided."""
    if clinical is None:
        return police
    markers = police.record.markers + clinical.record.markers
    return replace(
        police,
        answers={**police.answers, **clinical.answers},
        observations={**police.observations, **clinical.observations},
        record=replace(police.record, markers=markers),
    )


def _reasons(findings: Findings) -> tuple[Reason, ...]:
    needs = tuple(reason for need in findings.needs for reason in need.reasons)
    return needs + tuple(reason for flag in findings.flags for reason in flag.reasons)


def _told_of(found: _Raised) -> _Raised:
    if any(rests_on_clinical(reason) for reason in found.reasons):
        return like(found, reasons=_told(found))
    return found


def _held_back(act: DoNow, hidden: Set[str]) -> DoNow:
    if not any(rule in hidden for rule in act.rules):
        return act
    return like(act, rules=tuple(HELD_BACK if rule in hidden else rule for rule in act.rules))


def _less_missing(route: Route, rulebook: Rulebook) -> Route:
    missing = _open(route.missing, rulebook)
    return route if len(missing) == len(route.missing) else like(route, missing=missing)


def _told(found: Need | Flag) -> tuple[Reason, ...]:
    return tuple(
        like(
            reason,
            rule=HELD_BACK,
            because=reason.tell_police or SAID,
            source="",
            lesson=None,
            facts=(),
        )
        if rests_on_clinical(reason)
        else reason
        for reason in found.reasons
    )


def _less_told(each: NotExcluded, rulebook: Rulebook) -> NotExcluded:
    missing = _open(each.missing, rulebook)
    return each if len(missing) == len(each.missing) else like(each, missing=missing, rules=())


def _open(missing: tuple[Missing, ...], rulebook: Rulebook) -> tuple[Missing, ...]:
    return tuple(each for each in missing if not is_clinical(rulebook, each.id))


def _divided(
    answers: Mapping[str, Answer], rulebook: Rulebook
) -> tuple[Mapping[str, Answer], Mapping[str, Answer]]:
    if rulebook.clinical_ids.isdisjoint(answers):
        return answers, {}
    police = {id: each for id, each in answers.items() if not is_clinical(rulebook, id)}
    return police, {id: each for id, each in answers.items() if id not in police}
