"""The batch twin of ``domain.screening``: the level of every need and flag, for rows at once.

It follows the core step by step: every rule, what could not be excluded, the second pass of the
modifiers from what the first one found. It keeps no reasons and makes no routes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from triage.domain.conditions import Number
from triage.domain.findings import Urgency
from triage.domain.needs import NEEDS, ORDER
from triage.domain.rulebook import Modifier, Rule, Rulebook
from triage.rehearsal.coding import Coding
from triage.rehearsal.conditions import Conditions, Rails
from triage.rehearsal.graph import FALSE, TRUE, Graph

URGENCIES = tuple(int(urgency) for urgency in Urgency)
Steps = tuple[int, ...]  # where a level reaches 1, 2, 3 and 4


@dataclass(frozen=True)
class Evaluated:
    """Nodes of one rulebook: what is found, what is not excluded, and which rules hold."""

    found: Mapping[str, Steps]
    open: Mapping[str, Steps]  # reached by what is not excluded above what is found
    rules: Mapping[str, int]


@dataclass
class Reached:
    """Where each need and flag reaches each urgency: certainly, and possibly."""

    graph: Graph
    found: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    could: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def raise_(self, name: str, urgency: int, where: int) -> None:
        """Raises a need or flag to an urgency in some rows."""
        self.found.setdefault((name, urgency), []).append(where)

    def leave_open(self, name: str, urgency: int, where: int) -> None:
        """Lists in some rows that an urgency of a need or flag is not excluded."""
        self.could.setdefault((name, urgency), []).append(where)

    def steps(self, name: str) -> Steps:
        """Where a need or flag was found at each urgency or above."""
        return self._from_the_top(name, self.found)

    def possible(self, name: str) -> Steps:
        """Where it was found at each urgency or above, or could not be excluded."""
        return self._from_the_top(name, self.found, self.could)

    def _from_the_top(self, name: str, *kept: Mapping[tuple[str, int], list[int]]) -> Steps:
        reached, steps = FALSE, []
        for urgency in reversed(URGENCIES):
            here = [where for each in kept for where in each.get((name, urgency), ())]
            reached = self.graph.or_(reached, *here)
            steps.append(reached)
        return tuple(reversed(steps))


@dataclass(frozen=True)
class FirstPass:
    """What the rules found, as modifiers read it. Made once the first pass is over."""

    graph: Graph
    found: Mapping[str, Steps]
    could: Mapping[str, Steps]

    @classmethod
    def of(cls, reached: Reached) -> "FirstPass":
        """What was reached so far."""
        found = {name: reached.steps(name) for name in ORDER}
        return cls(reached.graph, found, {name: reached.possible(name) for name in ORDER})

    def reaches(self, number: Number, least: int) -> Rails:
        """Where a need or flag may reach an urgency, and where it must."""
        if least <= 0:
            return TRUE, TRUE
        if least > max(URGENCIES):
            return FALSE, FALSE
        return self.could[number.name][least - 1], self.found[number.name][least - 1]

    def amount(self, number: Number) -> tuple[int, int]:
        """The least and the most that a level, or a number of needs, can be."""
        if number.of == "any_need":
            step = int(Urgency.of(number.name)) - 1
            return self._count(self.found[need][step] for need in NEEDS), self._count(
                self.could[need][step] for need in NEEDS
            )
        return self._count(self.found[number.name]), self._count(self.could[number.name])

    def _count(self, parts: Iterable[int]) -> int:
        return self.graph.node("count", *sorted(part for part in parts if part != FALSE))


def evaluated(graph: Graph, rulebook: Rulebook, coding: Coding) -> Evaluated:
    """The nodes of everything that a rulebook finds in rows of a coding."""
    conditions = Conditions(graph, rulebook, coding)
    reached = Reached(graph)
    rules = {rule.id: _apply_rule(rule, conditions, reached) for rule in rulebook.rules}
    for conflict in rulebook.conflicts:
        may, must = conditions.rails(conflict.when.tree)
        rules[f"conflict-{conflict.id}"] = where = graph.and_(may, must)
        reached.raise_("record_conflict", conflict.urgency, where)
    first = FirstPass.of(reached)
    for modifier in rulebook.modifiers:
        rules[modifier.id] = _apply_modifier(modifier, conditions, first, reached)
    found = {name: reached.steps(name) for name in ORDER}
    possible = {name: reached.possible(name) for name in ORDER}
    open_ = {
        name: tuple(
            graph.and_(could, graph.not_(is_))
            for could, is_ in zip(possible[name], found[name], strict=True)
        )
        for name in ORDER
    }
    return Evaluated(found, open_, rules)


def _apply_rule(rule: Rule, conditions: Conditions, reached: Reached) -> int:
    """Raises what a rule raises; gives where it did."""
    graph = conditions.graph
    may, must = conditions.rails(rule.when.tree)
    limits = []
    if rule.closed_by is not None:
        # An unknown closing closes nothing.
        limits.append(graph.not_(conditions.rails(rule.closed_by.tree)[1]))
    if rule.law is not None:
        limits.append(conditions.in_force(rule.law))
    if rule.until_law is not None:
        limits.append(graph.not_(conditions.in_force(rule.until_law)))
    may = graph.and_(may, *limits)
    must = graph.and_(may, must)
    for name, urgency in rule.raises:
        reached.raise_(name, urgency, must)
        if rule.if_unknown is None:
            reached.leave_open(name, urgency, may)
        else:
            reached.raise_(name, min(urgency, rule.if_unknown), may)
    return must if rule.if_unknown is None else may


def _apply_modifier(
    modifier: Modifier, conditions: Conditions, first: FirstPass, reached: Reached
) -> int:
    """Raises what a modifier raises above what the first pass found; gives where it did."""
    graph = conditions.graph
    may, must = conditions.rails(modifier.when.tree, first)
    must = graph.and_(may, must)
    raised = []
    for name in modifier.raises:
        for step in URGENCIES:
            least = _least_before(modifier, step)
            if least is None:
                continue
            before = first.reaches(Number("need", name), least)[1]
            below = graph.not_(first.found[name][step - 1])
            where = graph.and_(must, before, below)
            reached.raise_(name, step, where)
            reached.leave_open(name, step, graph.and_(may, before))
            raised.append(where)
    return graph.or_(*raised)


def _least_before(modifier: Modifier, step: int) -> int | None:
    """The least level from which a modifier raises to a step, or None where it never does."""
    levels = (0, *URGENCIES) if modifier.adds else URGENCIES
    reaching = (level for level in levels if min(level + modifier.by, modifier.cap) >= step)
    return next(reaching, None)
