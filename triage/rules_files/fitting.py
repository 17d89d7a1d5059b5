"""Checks that need the whole rulebook: what a rule reads, and whether it may."""

from collections.abc import Iterator, Mapping

from triage.domain.answers import Group
from triage.domain.conditions import Condition, Marked, leaves, names_in
from triage.domain.rulebook import Rule, Rulebook
from triage.domain.specs import Spec


def misfits(rule: Rule, rulebook: Rulebook) -> Iterator[str]:
    """What is wrong with a rule among the others: a sentence each.

    Only facts declared to close may close a rule. A rule on clinical facts says what police see,
    because police never see the fact.
    """
    if rule.closed_by is not None:
        for name in sorted(facts_read(rule.closed_by, rulebook)):
            fact = rulebook.facts.get(name)
            if fact is None or not fact.closes:
                yield f"closed_by: {name} is not declared to close anything."
    if rule.tell_police is None and _clinical(rule.when, rulebook):
        yield "It reads a clinical fact: tell_police says what police see instead."


def facts_read(condition: Condition, rulebook: Rulebook) -> set[str]:
    """Every fact that a condition reads, through its definitions too."""
    found, defined = set[str](), rulebook.definitions
    waiting, opened = [condition.tree], set[str]()
    while waiting:
        for leaf in leaves(waiting.pop()):
            names = ("markers",) if isinstance(leaf, Marked) else names_in(leaf)
            for name in names:
                if name not in defined:
                    found.add(name)
                elif name not in opened:
                    opened.add(name)
                    waiting.append(defined[name].when.tree)
    return found


def _clinical(condition: Condition, rulebook: Rulebook) -> bool:
    kinds: tuple[Mapping[str, Spec], ...] = (
        rulebook.questions,
        rulebook.observations,
        rulebook.facts,
    )
    return any(
        name in rulebook.instruments
        or any(name in specs and specs[name].group is Group.CLINICAL for specs in kinds)
        for name in facts_read(condition, rulebook)
    )
