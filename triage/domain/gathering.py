"""Gathers what rules, conflicts and modifiers raise, and what they could not exclude."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from triage.domain.answers import Status
from triage.domain.conditions import Number
from triage.domain.findings import Conflict, Missing, Reason, Urgency, like
from triage.domain.levels import Levels
from triage.domain.rulebook import ConflictRule, Modifier, Rule, Rulebook
from triage.domain.used import Behind, Lacking, Used


class Open(NamedTuple):
    """A rule or modifier of which nobody can tell whether it holds, and what it was tried on."""

    by: Rule | Modifier
    used: Used
    behind: Behind | None = None


@dataclass
class Gathered:
    """What the rules raised so far, and what they could not exclude."""

    raised: dict[str, list[Reason]] = field(default_factory=dict)
    found: dict[str, Urgency] = field(default_factory=dict)  # the highest of each
    possible: dict[str, list[tuple[Urgency, Open]]] = field(default_factory=dict)
    could: dict[str, Urgency] = field(default_factory=dict)  # the highest left open of each
    _lacking: dict[str, Lacking] = field(default_factory=dict)  # of each rule or modifier

    def raise_(self, name: str, reason: Reason) -> None:
        """Keeps one more reason for a need or flag."""
        self.raised.setdefault(name, []).append(reason)
        if reason.urgency > self.found.get(name, 0):
            self.found[name] = reason.urgency

    def leave_open(self, name: str, urgency: Urgency, open_: Open) -> None:
        """Keeps that a need or flag could not be excluded, and how urgent it would be."""
        self.possible.setdefault(name, []).append((urgency, open_))
        if urgency > self.could.get(name, 0):
            self.could[name] = urgency

    def lacking(self, open_: Iterable[Open]) -> Lacking:
        """The answers that would tell whether these hold.

        They are worked out when somebody asks: what is found anyway, by another rule and as
        urgently, asks for nothing.
        """
        every: dict[str, Missing] = {}
        for by, used, behind in open_:
            known = self._lacking.get(by.id)
            if known is None:
                known = self._lacking[by.id] = used.lacking(by.when.tree, behind)
            every.update(known)
        return every

    def levels(self) -> Levels:
        """For modifiers and routes: what was found is certain, what was not excluded possible."""
        return Levels.of(self.found, self.could)

    def behind(self) -> Behind:
        """What is missing, as things stand now, behind each need or flag that was not excluded."""
        now = {name: tuple(every) for name, every in self.possible.items()}
        known: dict[str, Lacking] = {}

        def behind(number: Number) -> Lacking:
            name = "" if number.of == "any_need" else number.name
            if name not in known:
                every = (
                    now.get(name, ()) if name else (each for all_ in now.values() for each in all_)
                )
                known[name] = self.lacking(open_ for _, open_ in every)
            return known[name]

        return behind


def gather(rulebook: Rulebook, used: Used, holding: Mapping[int, object]) -> Gathered:
    """What the first pass found, every rule on its own and in the order of the folder."""
    gathered, rules = Gathered(), rulebook.rules
    for place, certain in holding.items():
        if place >= len(rules):
            break
        apply_rule(rules[place], used, gathered, certain=bool(certain))
    return gathered


def apply_rule(rule: Rule, used: Used, gathered: Gathered, *, certain: bool) -> None:
    """Raises what a rule raises; lists what it could not exclude.

    A rule that only may hold is raised at ``if_unknown``, never above its own urgency: else
    learning the answer could lower what was raised.
    """
    if certain:
        facts = used.decided(rule.when.tree)
        for name, urgency in rule.raises:
            gathered.raise_(name, like(rule.reason, urgency=urgency, facts=facts))
    elif rule.if_unknown is not None:
        facts = used.might(rule.when.tree)
        for name, urgency in rule.raises:
            reached = min(urgency, rule.if_unknown)
            gathered.raise_(name, like(rule.reason, urgency=reached, facts=facts))
    else:
        open_ = Open(rule, used)
        for name, urgency in rule.raises:
            gathered.leave_open(name, urgency, open_)


# What was said against what the record holds ---------------------------------------------------


def find_conflicts(
    rulebook: Rulebook, used: Used, holding: Mapping[int, object], gathered: Gathered
) -> Iterable[Conflict]:
    """What was said against what the record holds. Each raises the flag record_conflict."""
    for place, conflict in enumerate(rulebook.conflicts, start=len(rulebook.rules)):
        if holding.get(place):
            gathered.raise_("record_conflict", _conflict_reason(conflict, used))
            yield Conflict(conflict.id, said(used, conflict.id), conflict.record)


def _conflict_reason(conflict: ConflictRule, used: Used) -> Reason:
    return Reason(
        rule=f"conflict-{conflict.id}",
        urgency=conflict.urgency,
        because=conflict.because or f"The answer and the record differ: {conflict.record}",
        do=conflict.do,
        tell=conflict.tell,
        source=conflict.source,
        confidence=conflict.confidence,
        lesson=None,
        facts=used.decided(conflict.when.tree),
    )


def said(used: Used, question: str) -> str:
    """The answer to a question in the words of its options, or why there is none."""
    spec = used.program.facts[question]
    fact = used.fact(spec)
    if fact.status not in (Status.ANSWERED, Status.NOT_APPLICABLE):
        return fact.status
    words = dict(spec.options)
    chosen = fact.value if isinstance(fact.value, tuple) else (fact.value,)
    return ", ".join(words.get(str(option), str(option)) for option in chosen)


# The second pass: modifiers raise what was found -----------------------------------------------


def apply_modifiers(rulebook: Rulebook, used: Used, gathered: Gathered) -> None:
    """One pass over the first results: each modifier starts from what the rules found.

    ``used`` are the facts with the levels of what was gathered so far.
    """
    behind, before = gathered.behind(), dict(gathered.found)
    for place, certain in used.program.modifiers(used.values):
        modifier = rulebook.modifiers[place]
        raised = [(name, _raised(modifier, before.get(name, 0))) for name in modifier.raises]
        reached = [(name, urgency) for name, urgency in raised if urgency is not None]
        if reached and certain:
            facts = used.decided(modifier.when.tree)
            for name, urgency in reached:
                gathered.raise_(name, like(modifier.reason, urgency=urgency, facts=facts))
        else:
            open_ = Open(modifier, used, behind)
            for name, urgency in reached:
                gathered.leave_open(name, urgency, open_)


def _raised(modifier: Modifier, found: int) -> Urgency | None:
    """The urgency that a modifier raises a need to, or None where it does not raise it."""
    if found == 0 and not modifier.adds:
        return None
    raised = min(found + modifier.by, modifier.cap)
    return Urgency(raised) if raised > found else None
