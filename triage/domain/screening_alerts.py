"""Which alerts the screenings of one stay call for: a pure function of all its saved versions.

Emergencies stand one by one, each under the need that comes first. Urgent and soon are bundled:
one alert per person and per addressee, because a rule told to custody healthcare must never page
the liaison nurse. Routine is one line on the board.

A rule that is found again is not a new alert: the alert counts how often it was found. A rule
that is new in a later version is a new alert, and so is an emergency that is still found in a
version typed after somebody had closed it. The episode in a key is the number of the version that
called for it, never the moment of looking: the same history always gives the same keys, and
withdrawing one version leaves the keys of the others alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.disclosure import SAID, rests_on_clinical
from triage.domain.findings import Findings, Reason, Urgency
from triage.domain.ladder import reached
from triage.domain.london import iso
from triage.domain.needs import ORDER
from triage.domain.roles import Role

SOURCE = "screening"
LEVELS: Mapping[Urgency, str] = {
    Urgency.EMERGENCY: "A1",
    Urgency.URGENT: "A2",
    Urgency.SOON: "A3",
    Urgency.ROUTINE: "A4",
}
_DESK = (Role.CUSTODY_SERGEANT, Role.CUSTODY_HCP)
_LONGEST = 400


@dataclass(frozen=True)
class Version:
    """One saved version of a screening that still stands."""

    seq: int
    at: datetime  # when the answers were given
    recorded_at: datetime
    findings: Findings
    provisional: bool = False  # an emergency in a draft: the version that follows is the same talk

    @cached_property
    def steps(self) -> Mapping[str, Sequence["_Found"]]:
        """The rules found, by the step of the ladder at which each stands."""
        here: dict[str, list[_Found]] = {}
        for found in _rules_found(self.findings):
            for step in _steps_of(found):
                here.setdefault(step, []).append(found)
        return here


@dataclass(frozen=True)
class Plan:
    """One alert, with the needs that it stands for and how often they have been found."""

    alert: PlannedAlert
    needs: tuple[str, ...]
    found: int = 1


@dataclass(frozen=True)
class _Found:
    """One rule as found in one version, with everything that it raised."""

    rule: str
    urgency: Urgency
    needs: tuple[str, ...]
    reason: Reason


def plan(versions: Sequence[Version], closed: Mapping[str, int] | None = None) -> tuple[Plan, ...]:
    """The alerts that these versions call for, in order of urgency and time.

    ``closed`` says by which event a named person closed or cancelled which alert, by its key: a
    wall clock that is set back must not hide what came after.
    """
    ended = closed or {}
    planned: list[Plan] = []
    for step, found in _by_step(versions).items():
        planned += _episodes(step, found, ended)
    planned += _asking_again(versions)
    return tuple(sorted(planned, key=lambda each: (each.alert.level, each.alert.due_at)))


def addressees(tell: Iterable[str], urgency: Urgency) -> tuple[Role, ...]:
    """The roles that a rule reaches; an emergency always reaches the desk and healthcare too."""
    roles = reached(tell)
    return reached([*roles, *_DESK]) if urgency is Urgency.EMERGENCY else roles


def _by_step(
    versions: Sequence[Version],
) -> dict[str, list[tuple[Version, Sequence[_Found]]]]:
    """What each version says about each step of the ladder; a step may be silent in a version."""
    steps: dict[str, list[tuple[Version, Sequence[_Found]]]] = {}
    for version in sorted(versions, key=lambda each: (each.recorded_at, each.seq)):
        for step, rules in version.steps.items():
            steps.setdefault(step, []).append((version, rules))
    return steps


def _rules_found(findings: Findings) -> list[_Found]:
    """Each rule once, at the highest urgency that it raised, with what it raised there."""
    raised: dict[str, list[tuple[str, Reason]]] = {}
    for need in findings.needs:
        for reason in need.reasons:
            raised.setdefault(reason.rule, []).append((need.need, reason))
    for flag in findings.flags:
        for reason in flag.reasons:
            raised.setdefault(reason.rule, []).append((flag.flag, reason))
    return [_highest(rule, named) for rule, named in raised.items()]


def _highest(rule: str, named: list[tuple[str, Reason]]) -> _Found:
    urgency = max(reason.urgency for _, reason in named)
    top = [(need, reason) for need, reason in named if reason.urgency == urgency]
    needs = sorted({need for need, _ in top}, key=lambda need: ORDER.get(need, len(ORDER)))
    return _Found(rule, urgency, tuple(needs), top[0][1])


def _steps_of(found: _Found) -> list[str]:
    if found.urgency is Urgency.EMERGENCY:
        return [f"emergency.{found.needs[0]}"]
    if found.urgency is Urgency.ROUTINE:
        return ["routine"]
    return [f"{found.urgency.word}.{role}" for role in addressees(found.reason.tell, found.urgency)]


def _episodes(
    step: str,
    history: list[tuple[Version, Sequence[_Found]]],
    closed: Mapping[str, int],
) -> list[Plan]:
    """One alert for each version that brings a rule to this step that no open alert stands for."""
    planned: dict[str, Plan] = {}
    seen: dict[str, str] = {}  # rule -> key of the alert that stands for it
    found_in: dict[str, list[Version]] = {}
    for version, rules in history:
        fresh = [each for each in rules if not _covered(each, seen, closed, version)]
        if fresh:
            new = _alert(step, version, fresh)
            planned[new.alert.key] = new
            seen.update({each.rule: new.alert.key for each in fresh})
        for key in {seen[each.rule] for each in rules}:
            if not _is_over(key, closed, version):
                found_in.setdefault(key, []).append(version)
    return [replace(each, found=_times(found_in.get(key, ()))) for key, each in planned.items()]


def _times(found_in: Sequence[Version]) -> int:
    """How many screenings found it; a draft and the version that it became are one."""
    return max(1, sum(not version.provisional for version in found_in))


def _is_over(key: str, closed: Mapping[str, int], version: Version) -> bool:
    return key in closed and version.seq > closed[key]


def _covered(
    found: _Found, seen: Mapping[str, str], closed: Mapping[str, int], version: Version
) -> bool:
    """An emergency found again after it was closed has come back; anything else was dealt with."""
    if found.rule not in seen:
        return False
    returned = _is_over(seen[found.rule], closed, version)
    return not (returned and found.urgency is Urgency.EMERGENCY)


def _alert(step: str, version: Version, found: list[_Found]) -> Plan:
    urgency = found[0].urgency
    needs = sorted(
        {need for each in found for need in each.needs},
        key=lambda need: ORDER.get(need, len(ORDER)),
    )
    return Plan(
        PlannedAlert(
            key=f"{SOURCE}:{step}:{version.seq}",
            clock=None,
            event=str(version.seq),
            level=LEVELS[urgency],
            due_at=min(version.at, version.recorded_at),  # a terminal's clock may run ahead
            to=_to(step, urgency, found),
            state=AlertState.PLANNED,
            late_seconds=0,
            words=_words(version.findings, urgency, found),
        ),
        tuple(needs),
    )


def _to(step: str, urgency: Urgency, found: list[_Found]) -> tuple[str, ...]:
    bundled_for = step.partition(".")[2]
    if urgency in (Urgency.URGENT, Urgency.SOON):
        return (bundled_for,)
    told = {role for each in found for role in addressees(each.reason.tell, urgency)}
    return tuple(role for role in Role if role in told)


def _words(findings: Findings, urgency: Urgency, found: list[_Found]) -> str:
    """What to do first, then why; a clinical reason is told in its rule's words for police."""
    rules = {each.rule for each in found}
    first = [each.words for each in findings.do_now if rules & set(each.rules)]
    acts = first[:1] if urgency is Urgency.EMERGENCY else []
    sentences = dict.fromkeys([*acts, *(_because(each.reason) for each in found)])
    text = " ".join(sentences)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _because(reason: Reason) -> str:
    return (reason.tell_police or SAID) if rests_on_clinical(reason) else reason.because


def _asking_again(versions: Sequence[Version]) -> list[Plan]:
    """What the last version leaves to be asked again: the screening, or what is not excluded."""
    if not versions:
        return []
    last = max(versions, key=lambda each: (each.recorded_at, each.seq))
    due: list[tuple[datetime, str, tuple[str, ...], tuple[str, ...]]] = []
    if last.findings.rescreen is not None:
        why = last.findings.rescreen.why
        due.append((last.findings.rescreen.due_at, "rescreen", ("rescreen_due",), why))
    pressing = [e for e in last.findings.not_excluded if e.urgency >= Urgency.URGENT]
    if pressing:
        soonest = min(each.ask_again_at for each in pressing)
        needs = tuple(dict.fromkeys(each.need for each in pressing))
        due.append((soonest, "ask_again", needs, ("Could not be excluded: ask again.",)))
    return [_again(last, *each) for each in due]


def _again(
    version: Version, due_at: datetime, source: str, needs: tuple[str, ...], why: tuple[str, ...]
) -> Plan:
    lead = "Screening is due again." if source == "rescreen" else ""
    return Plan(
        PlannedAlert(
            key=f"{source}:due-{iso(due_at).replace(':', '')}:1",
            clock=None,
            event=str(version.seq),
            level="A3",
            due_at=due_at,
            to=(Role.CUSTODY_SERGEANT,),
            state=AlertState.PLANNED,
            late_seconds=0,
            words=" ".join(part for part in (lead, *why) if part)[:_LONGEST],
        ),
        needs,
    )
