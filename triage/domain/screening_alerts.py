"""Which alerts the screenings of one stay call for: a pure function of all its saved versions.

Emergencies stand one by one, each under the need that comes first. Urgent and soon are bundled:
one alert per person and per addressee, because a rule told to custody healthcare must never page
the liaison nurse. Routine is one line on the board.

A rule that is found again is not a new alert: the alert counts how often it was found, and tells
the newest reason. Nor is a new rule about a need that an open alert stands for. A need that is new
in a later version is a new alert, and so is a rise in urgency, and an emergency that is still
found in a version typed after somebody had closed it. The episode in a key is the number of the
version that called for it, never the moment of looking: the same history always gives the same
keys, and withdrawing one version leaves the keys of the others alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.disclosure import SAID, rests_on_clinical
from triage.domain.findings import Findings, Reason, Urgency
from triage.domain.ladder import reached
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
LONGEST = 400
SENTENCES = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Version:
    """One saved version of a screening that still stands."""

    seq: int
    at: datetime  # when the answers were given
    recorded_at: datetime
    findings: Findings
    provisional: bool = False  # an emergency in a draft: the version that follows is the same talk

    def timed(self, at: datetime) -> "Version":
        """The same version of answers that were given at another moment."""
        return replace(self, at=at, findings=self.findings.timed(at - self.at))

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
    newest: str = ""  # the words of the last version that found it again; empty: of the first
    joined: int = 0  # the last version in which a rule joined it that had not held before


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
    standing = _Standing(closed or {})
    for version in sorted(versions, key=lambda each: (each.recorded_at, each.seq)):
        standing.read(version)
    planned = standing.all()
    return tuple(sorted(planned, key=lambda each: (each.alert.level, each.alert.due_at)))


def addressees(tell: Iterable[str], urgency: Urgency) -> tuple[Role, ...]:
    """The roles that a rule reaches; an emergency always reaches the desk and healthcare too."""
    roles = reached(tell)
    return reached([*roles, *_DESK]) if urgency is Urgency.EMERGENCY else roles


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


@dataclass
class _Standing:
    """The alerts that the versions so far call for, and what each of them stands for."""

    closed: Mapping[str, int]
    planned: dict[str, Plan] = field(default_factory=dict)
    rules: dict[tuple[str, str], str] = field(default_factory=dict)  # step, rule -> key
    needs: dict[tuple[str, str], str] = field(default_factory=dict)  # step, need -> key
    found_in: dict[str, list[Version]] = field(default_factory=dict)
    newest: dict[str, tuple[Version, list[_Found]]] = field(default_factory=dict)

    def read(self, version: Version) -> None:
        """Let each rule of one more version join the alert that stands for it, or call for one."""
        joined: dict[str, list[_Found]] = {}
        fresh: dict[str, list[_Found]] = {}
        for step, rules in version.steps.items():
            for found in rules:
                key = self._stands(step, found, version)
                if key is None:
                    fresh.setdefault(step, []).append(found)
                    continue
                if (step, found.rule) not in self.rules:
                    self.planned[key] = replace(self.planned[key], joined=version.seq)
                self.rules[step, found.rule] = key
                joined.setdefault(key, []).append(found)
        for key, rules in joined.items():
            if not self._is_over(key, version):
                self.found_in.setdefault(key, []).append(version)
                self.newest[key] = (version, rules)
        for step, rules in fresh.items():
            self._call(step, version, rules)

    def all(self) -> list[Plan]:
        """Each with how often it was found, and the words of the version that found it last."""
        return [
            replace(each, found=_times(self.found_in[key]), newest=self._newest(key))
            for key, each in self.planned.items()
        ]

    def _newest(self, key: str) -> str:
        if key not in self.newest:
            return ""
        version, rules = self.newest[key]
        return _words(version.findings, rules[0].urgency, rules)

    def _stands(self, step: str, found: _Found, version: Version) -> str | None:
        """The alert that stands for this already, by its rule or by each of its needs.

        An emergency found again after it was closed has come back; anything else was dealt with.
        A new rule about needs that an open alert of the same people stands for is no new alert:
        one person and one need are one line. It joins the more urgent one, never a lesser one.
        An emergency takes nothing in: the desk may say that it is over, and what a clinician was
        told of the same need must not be over with it.
        """
        key = self.rules.get((step, found.rule))
        if key is not None:
            returned = self._is_over(key, version) and found.urgency is Urgency.EMERGENCY
            return None if returned else key
        standing = [self._of_need(step, need, version) for need in found.needs]
        return standing[0] if all(standing) else None

    def _of_need(self, step: str, need: str, version: Version) -> str | None:
        word, _, role = step.partition(".")
        steps = (step, f"{Urgency.URGENT.word}.{role}") if word == Urgency.SOON.word else (step,)
        keys = (self.needs.get((each, need)) for each in steps)
        return next((key for key in keys if key and not self._is_over(key, version)), None)

    def _call(self, step: str, version: Version, rules: list[_Found]) -> None:
        new = _alert(step, version, rules)
        key = new.alert.key
        self.planned[key], self.found_in[key] = new, [version]
        self.rules.update({(step, each.rule): key for each in rules})
        self.needs.update({(step, need): key for need in new.needs})

    def _is_over(self, key: str, version: Version) -> bool:
        return key in self.closed and version.seq > self.closed[key]


def _times(found_in: Sequence[Version]) -> int:
    """How many screenings found it; a draft and the version that it became are one."""
    return max(1, sum(not version.provisional for version in found_in))


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
    return shortened(text, LONGEST)


def shortened(text: str, longest: int) -> str:
    """At most so many characters: whole sentences, and how many more there are.

    Half a sentence can be misread as another. One that is too long by itself is cut between words.
    """
    if len(text) <= longest:
        return text
    sentences = SENTENCES.split(text)
    for kept in range(len(sentences) - 1, 0, -1):
        told = " ".join([*sentences[:kept], f"And {len(sentences) - kept} more."])
        if len(told) <= longest:
            return told
    return text[: longest - 1].rpartition(" ")[0].rstrip(" ,;:.") + " …"


def _because(reason: Reason) -> str:
    return (reason.tell_police or SAID) if rests_on_clinical(reason) else reason.because
