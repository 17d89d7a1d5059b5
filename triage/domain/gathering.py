"""Gathers what rules, conflicts and modifiers raise, and what they could not exclude."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from triage.domain.answers import Status
from triage.domain.findings import Conflict, Missing, Reason, Urgency
from triage.domain.needs import ORDER
from triage.domain.program import Levels
from triage.domain.routes import levels_of
from triage.domain.rulebook import ConflictRule, Modifier, Rule, Rulebook
from triage.domain.walk import Behind, Walk


@dataclass(frozen=True)
class Possible:
    """Something that could not be excluded: which rule, how urgent it would be, what is missing."""

    name: str
    urgency: Urgency
    rule: str
    missing: tuple[Missing, ...]


@dataclass
class Gathered:
    """What the rules raised so far, and what they could not exclude."""

    raised: dict[str, list[Reason]] = field(default_factory=dict)
    possible: list[Possible] = field(default_factory=list)

    def level(self, name: str) -> int:
        """The urgency found for a need or flag; 0 when it was not found."""
        return max((reason.urgency for reason in self.raised.get(name, ())), default=0)

    def raise_(self, name: str, reason: Reason) -> None:
        """Keeps one more reason for a need or flag."""
        self.raised.setdefault(name, []).append(reason)

    def levels(self) -> Levels:
        """For modifiers and routes: what was found is certain, what was not excluded possible."""
        could: dict[str, int] = {}
        for each in self.possible:
            could[each.name] = max(could.get(each.name, 0), each.urgency)
        return levels_of({name: self.level(name) for name in self.raised}, could)

    def behind(self) -> Behind:
        """The answers that are missing behind each need or flag that was not excluded."""
        behind: dict[str, tuple[Missing, ...]] = {}
        for each in self.possible:
            behind[each.name] = behind.get(each.name, ()) + each.missing
        return behind


def apply_rule(rule: Rule, walk: Walk, gathered: Gathered, *, certain: bool) -> None:
    """Raises what a rule raises; lists what it could not exclude.

    A rule that only may hold is raised at ``if_unknown``, never above its own urgency: else
    learning the answer could lower what was raised.
    """
    if certain or rule.if_unknown is not None:
        facts = walk.facts(rule.when.tree)
        for name, urgency in rule.raises:
            reached = urgency if certain else min(urgency, rule.if_unknown or urgency)
            gathered.raise_(
                name,
                Reason(
                    rule=rule.id,
                    urgency=reached,
                    because=rule.because,
                    do=rule.do,
                    tell=rule.tell,
                    source=rule.source,
                    confidence=rule.confidence,
                    lesson=rule.lesson,
                    facts=facts,
                    tell_police=rule.tell_police,
                ),
            )
        return
    missing = walk.missing(rule.when.tree)
    for name, urgency in rule.raises:
        gathered.possible.append(Possible(name, urgency, rule.id, missing))


def find_conflicts(
    rulebook: Rulebook, walk: Walk, holding: Mapping[int, object], gathered: Gathered
) -> Iterable[Conflict]:
    """What was said against what the record holds. Each raises the flag record_conflict."""
    for place, conflict in enumerate(rulebook.conflicts, start=len(rulebook.rules)):
        if holding.get(place):
            gathered.raise_("record_conflict", _conflict_reason(conflict, walk))
            yield Conflict(conflict.id, said(rulebook, walk, conflict.id), conflict.record)


def _conflict_reason(conflict: ConflictRule, walk: Walk) -> Reason:
    return Reason(
        rule=f"conflict-{conflict.id}",
        urgency=conflict.urgency,
        because=conflict.because or f"The answer and the record differ: {conflict.record}",
        do=conflict.do,
        tell=conflict.tell,
        source=conflict.source,
        confidence=conflict.confidence,
        lesson=None,
        facts=walk.facts(conflict.when.tree),
    )


def said(rulebook: Rulebook, walk: Walk, question: str) -> str:
    """The answer to a question in the words of its options, or why there is none."""
    spec = walk.program.facts[question]
    fact = walk.fact(spec)
    if fact.status not in (Status.ANSWERED, Status.NOT_APPLICABLE):
        return fact.status
    words = dict(spec.options)
    chosen = fact.value if isinstance(fact.value, tuple) else (fact.value,)
    return ", ".join(words.get(str(option), str(option)) for option in chosen)


# The second pass: modifiers raise what was found -----------------------------------------------


def apply_modifiers(rulebook: Rulebook, walk: Walk, gathered: Gathered) -> None:
    """One pass over the first results: each modifier starts from what the rules found."""
    levels, behind = gathered.levels(), gathered.behind()
    before = {name: gathered.level(name) for name in ORDER}
    walk = Walk.over(walk.program, walk.reading, levels)
    holding = walk.program.modifiers(walk.program.with_levels(walk.reading, levels))
    for place, certain in holding:
        modifier = rulebook.modifiers[place]
        for name in modifier.raises:
            raised = _raised(modifier, before[name])
            if raised is None:
                continue
            if certain:
                gathered.raise_(name, _modifier_reason(modifier, raised, walk))
                continue
            missing = walk.missing(modifier.when.tree, behind=behind)
            gathered.possible.append(Possible(name, raised, modifier.id, missing))


def _raised(modifier: Modifier, found: int) -> Urgency | None:
    """The urgency that a modifier raises a need to, or None where it does not raise it."""
    if found == 0 and not modifier.adds:
        return None
    raised = min(found + modifier.by, modifier.cap)
    return Urgency(raised) if raised > found else None


def _modifier_reason(modifier: Modifier, urgency: Urgency, walk: Walk) -> Reason:
    return Reason(
        rule=modifier.id,
        urgency=urgency,
        because=modifier.because,
        do=modifier.do,
        tell=modifier.tell,
        source=modifier.source,
        confidence=modifier.confidence,
        lesson=modifier.lesson,
        facts=walk.facts(modifier.when.tree),
    )
