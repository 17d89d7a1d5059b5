"""Checks that need the whole rulebook: what a rule reads, and whether it may."""

from collections.abc import Iterator, Set

from triage.domain.answers import Group
from triage.domain.conditions import Condition, Leaf, Marked, leaves, names_in
from triage.domain.rulebook import Rule, Rulebook


def misfits(rulebook: Rulebook) -> Iterator[tuple[Rule, str]]:
    """What is wrong with a rule among the others: a sentence each.

    Only facts declared to close may close a rule. A rule on clinical facts says what police see,
    because police never see the fact.
    """
    clinical = _clinical(rulebook)
    for rule in rulebook.rules:
        if rule.closed_by is not None:
            for name in sorted(facts_read(rule.closed_by, rulebook)):
                fact = rulebook.facts.get(name)
                if fact is None or not fact.closes:
                    yield rule, f"closed_by: {name} is not declared to close anything."
        if rule.tell_police is None and _names_any(rule.when, clinical):
            yield rule, "It reads a clinical fact: tell_police says what police see instead."


def facts_read(condition: Condition, rulebook: Rulebook) -> set[str]:
    """Every fact that a condition reads, through its definitions too."""
    found, defined = set[str](), rulebook.definitions
    waiting, opened = [condition.tree], set[str]()
    while waiting:
        for leaf in leaves(waiting.pop()):
            for name in _names(leaf):
                if name not in defined:
                    found.add(name)
                elif name not in opened:
                    opened.add(name)
                    waiting.append(defined[name].when.tree)
    return found


def _clinical(rulebook: Rulebook) -> frozenset[str]:
    """What is clinical: facts, instruments, and the definitions that read any of them."""
    kinds = (rulebook.questions, rulebook.observations, rulebook.facts)
    theirs = {
        name for specs in kinds for name, spec in specs.items() if spec.group is Group.CLINICAL
    }
    facts = frozenset(theirs | rulebook.instruments.keys())
    ideas = rulebook.definitions.items()
    return facts | {name for name, idea in ideas if facts & facts_read(idea.when, rulebook)}


def _names_any(condition: Condition, names: Set[str]) -> bool:
    return any([name in names for leaf in leaves(condition.tree) for name in _names(leaf)])


def _names(leaf: Leaf) -> tuple[str, ...]:
    return ("markers",) if isinstance(leaf, Marked) else names_in(leaf)
