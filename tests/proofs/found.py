"""What the rules of a rulebook find in a symbolic person: a formula for each need and flag."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import z3

from tests.proofs.machine import Amount, Choice, Machine, Words
from tests.proofs.world import Given, given, settled
from triage.domain.findings import Urgency
from triage.domain.needs import NEEDS, ORDER
from triage.domain.program import Program
from triage.domain.rails import number_name
from triage.domain.rulebook import Rulebook

LEVEL = int


@dataclass(frozen=True)
class Found:
    """One symbolic person before a rulebook."""

    rulebook: Rulebook
    program: Program
    words: Words
    person: Given

    @classmethod
    def by(cls, rulebook: Rulebook, words: Words, mark: str = "") -> "Found":
        """Everything that this rulebook could find in anybody."""
        return cls(rulebook, rulebook.program, words, given(rulebook.program, words, mark))

    @classmethod
    def changed(cls, other: "Found", values: Mapping[str, object]) -> "Found":
        """The same person with some symbols replaced."""
        person = Given({**other.person.values, **values}, other.person.possible)
        return cls(other.rulebook, other.program, other.words, person)

    @cached_property
    def settled(self) -> Machine:
        """The person's facts, with branch questions and definitions settled."""
        return settled(self.program, self.words, self.person)

    @cached_property
    def first(self) -> Machine:
        """The first pass over all rules, conflicts and re-screen rules."""
        return Machine(self.words, self.settled.locals).run(self.program.first)

    def may(self, place: int) -> z3.BoolRef:
        """The condition at this place may hold."""
        return self.first.found[place][0]

    def must(self, place: int) -> z3.BoolRef:
        """The condition at this place must hold."""
        when, must = self.first.found[place]
        return z3.And(when, must)

    @cached_property
    def before(self) -> Mapping[str, tuple[z3.ArithRef, z3.ArithRef]]:
        """After the first pass: what is found of each need and flag, and what it may be at most."""
        low: dict[str, list[z3.ArithRef]] = {name: [] for name in ORDER}
        high: dict[str, list[z3.ArithRef]] = {name: [] for name in ORDER}
        for place, rule in enumerate(self.rulebook.rules):
            may, must = self.may(place), self.must(place)
            for name, urgency in rule.raises:
                unsure = min(urgency, rule.if_unknown) if rule.if_unknown else 0
                low[name].append(z3.If(must, int(urgency), z3.If(may, int(unsure), 0)))
                high[name].append(z3.If(may, int(urgency), 0))
        for place, conflict in enumerate(self.rulebook.conflicts, len(self.rulebook.rules)):
            low["record_conflict"].append(z3.If(self.must(place), int(conflict.urgency), 0))
        return {name: (most(low[name]), most(low[name] + high[name])) for name in ORDER}

    @cached_property
    def levels(self) -> Mapping[str, Amount]:
        """The bounds that modifiers and routes read, before the second pass."""
        return bounds(self.program, {n: b[0] for n, b in self.before.items()},
                      {n: b[1] for n, b in self.before.items()})  # fmt: skip

    @cached_property
    def after(self) -> Mapping[str, z3.ArithRef]:
        """The urgency that is shown for each need and flag, with modifiers; 0 is not found."""
        return {name: pair[0] for name, pair in self.second.items()}

    @cached_property
    def second(self) -> Mapping[str, tuple[z3.ArithRef, z3.ArithRef]]:
        """After the second pass: what is found, and what it may be at most."""
        machine = Machine(self.words, {**self.settled.locals, **self.levels})
        machine.run(self.program.modifiers)
        low: dict[str, list[z3.ArithRef]] = {name: [self.before[name][0]] for name in ORDER}
        high: dict[str, list[z3.ArithRef]] = {name: [self.before[name][1]] for name in ORDER}
        for place, modifier in enumerate(self.rulebook.modifiers):
            may, must = machine.found[place]
            for name in modifier.raises:
                start = self.before[name][0]
                raised = lesser(start + modifier.by, int(modifier.cap))
                raised = raised if modifier.adds else z3.If(start > 0, raised, 0)
                low[name].append(z3.If(z3.And(may, must), raised, 0))
                high[name].append(z3.If(may, raised, 0))
        return {name: (most(low[name]), most(low[name] + high[name])) for name in ORDER}

    @cached_property
    def routes(self) -> Machine:
        """The conditions of all routes: three for each, as ``RouteRule.trees`` orders them."""
        levels = bounds(self.program, {n: b[0] for n, b in self.second.items()},
                        {n: b[1] for n, b in self.second.items()})  # fmt: skip
        return Machine(self.words, {**self.settled.locals, **levels}).run(self.program.routes)

    def choice(self, name: str) -> z3.ArithRef:
        """The code of a single answer after settling."""
        symbol = self.settled.locals[f"f_{name}"]
        assert isinstance(symbol, Choice)
        return symbol.code

    def defined(self, name: str, *, may: bool) -> z3.BoolRef:
        """Whether a definition may, or must, hold."""
        held = self.settled.locals[f"{'may' if may else 'must'}_{name}"]
        assert isinstance(held, z3.BoolRef)
        return held


def most(levels: list[z3.ArithRef]) -> z3.ArithRef:
    """The highest of some levels."""
    result = z3.IntVal(0)
    for level in levels:
        result = z3.If(level > result, level, result)
    return result


def lesser(level: z3.ArithRef, cap: int) -> z3.ArithRef:
    return z3.If(level > cap, z3.IntVal(cap), level)


def bounds(
    program: Program, low: Mapping[str, z3.ArithRef], high: Mapping[str, z3.ArithRef]
) -> dict[str, Amount]:
    """The symbols for ``need_of_x``, ``flag_of_x`` and ``any_need_of_u``, low and high."""
    values: dict[str, Amount] = {}
    for number in program.levels:
        for bound, levels in (("l_", low), ("h_", high)):
            if number.of == "any_need":
                at_least = int(Urgency.of(number.name))
                count = z3.Sum(*[z3.If(levels[need] >= at_least, 1, 0) for need in NEEDS])
                amount = z3.ToReal(count)
            else:
                amount = z3.ToReal(levels[number.name])
            values[f"{bound}{number_name(number)}"] = Amount(amount, z3.BoolVal(False))
    return values
