"""The promises that a rulebook keeps for every possible set of facts.

Each function gives the counter-examples that it found, in words; an empty list is a proof. The
solver may choose any answers, any record, any law: nothing is sampled.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import z3

from tests.proofs.found import Found, bounds, lesser, most
from tests.proofs.machine import Amount, Bits, Choice, Machine, Symbol, Words
from tests.proofs.world import (
    MARKERS,
    answered,
    possible,
    symbols_of,
    unknown,
    withheld_in,
)
from triage.domain.conditions import Tree, leaves, names_in
from triage.domain.facts import NOT_TAKEN
from triage.domain.findings import Urgency
from triage.domain.needs import NEEDS, ORDER
from triage.domain.rails import Emitter, bits_of, markers_name
from triage.domain.rulebook import Rulebook
from triage.domain.specs import FactKind, FactSpec, Observation, Question, Spec, options_of

Levels = Mapping[tuple[str, int], Mapping[str, z3.ArithRef]]
# A conflict needs two sides: when nobody answered, the record stands alone and raises by itself.
NOT_ABOUT_THE_PERSON = ("record_conflict",)


class Proof:
    """One rulebook before the solver."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.words = Words()
        self.found = Found.by(rulebook, self.words)

    @cached_property
    def any_levels(self) -> tuple[Levels, Mapping[str, z3.ArithRef]]:
        """Two sets of levels, low and high, about which nothing is known, and what modifiers make
        of the first in this person: the same for whatever fact is changed afterwards."""
        levels = {
            (side, world): {n: z3.Int(f"{side}{world}_{n}") for n in ORDER}
            for side in "lh"
            for world in (1, 2)
        }
        return levels, _after(self.found, levels["l", 1], levels["h", 1])

    def solver(self, *more: z3.BoolRef) -> z3.Solver:
        """A solver for one possible person."""
        solver = z3.Solver()
        solver.add(*self.found.person.possible, *more)
        return solver

    def changed(self, spec: Spec) -> tuple[Found, Mapping[str, Symbol]]:
        """The same person with one fact free to be anything else."""
        fresh = dict(symbols_of(spec, "'"))
        if spec.id in withheld_in(self.found.program):
            fresh[f"w_{spec.id}"] = z3.Bool(f"w_{spec.id}'")
        return Found.changed(self.found, fresh), fresh

    def told(self, model: z3.ModelRef, name: str) -> str:
        """A counter-example in words: the facts that the rules of this need or flag read."""
        rules = [rule for rule in self.rulebook.rules if name in dict(rule.raises)]
        read = set().union(*(self._reads(rule.when.tree) for rule in rules))
        said = []
        for spec in self.found.program.facts.values():
            value = value_in(model, spec, self.found.person.values, self.words)
            if spec.id in read and value != "harmless":
                said.append(f"{spec.id}: {value}")
        return "; ".join(said) or "nothing remarkable"

    def _reads(self, tree: Tree) -> set[str]:
        """The facts that a condition reads, through definitions too."""
        names = read_by(tree)
        ideas = self.rulebook.definitions
        return names.union(*(self._reads(ideas[name].when.tree) for name in names & set(ideas)))


def value_in(model: z3.ModelRef, spec: Spec, values: Mapping[str, Symbol], words: Words) -> str:
    """What a fact is in a model: its value, ``unknown`` or ``harmless``."""
    nothing = spec.nothing
    if spec.kind is FactKind.MANY:
        low, high = values[f"l_{spec.id}"], values[f"h_{spec.id}"]
        assert isinstance(low, Bits) and isinstance(high, Bits)
        some, all_ = (model.eval(s.vector, model_completion=True).as_long() for s in (low, high))
        if some != all_:
            return "unknown"
        return ", ".join(o for o, bit in bits_of(spec).items() if some & bit) or "harmless"
    if spec.kind is FactKind.NUMBER:
        high = values[f"h_{spec.id}"]
        assert isinstance(high, Amount)
        number = model.eval(high.number, model_completion=True)
        return "unknown" if number.as_fraction() >= 10**9 else str(number)
    choice = values[f"f_{spec.id}"]
    assert isinstance(choice, Choice)
    word = words.word(model.eval(choice.code, model_completion=True).as_long())
    return "unknown" if word is None else "harmless" if word == nothing else word


# Every rule earns its place ---------------------------------------------------------------------


def rules_that_never_fire(proof: Proof) -> Iterator[str]:
    """Rules and modifiers that no person at all could meet."""
    for place, rule in enumerate(proof.rulebook.rules):
        if proof.solver(proof.found.must(place)).check() == z3.unsat:
            yield f"{rule.id} can never hold."


def rules_swallowed(proof: Proof) -> Iterator[str]:
    """Rules that add nothing: another always holds with them, asks for as much and as urgently."""
    rules = proof.rulebook.rules
    for small, rule in enumerate(rules):
        for large, other in enumerate(rules):
            if small == large or not _within(rule.raises, other.raises):
                continue
            if not set(rule.do) <= set(other.do) or not set(rule.tell) <= set(other.tell):
                continue
            alone = z3.And(proof.found.must(small), z3.Not(proof.found.must(large)))
            if proof.solver(alone).check() == z3.unsat:
                yield f"{rule.id} is swallowed: whenever it holds, {other.id} says all of it."


def _within(small: Iterable[tuple[str, Urgency]], large: Iterable[tuple[str, Urgency]]) -> bool:
    held = dict(large)
    return all(name in held and held[name] >= urgency for name, urgency in small)


# Unknown is never no, and a worse fact never lowers --------------------------------------------


def lowered_by_not_knowing(proof: Proof) -> Iterator[str]:
    """Answers that, when refused, unable or not asked instead of harmless, lower something."""
    for spec in proof.found.program.facts.values():
        if isinstance(spec, FactSpec) or spec.nothing is None:
            continue
        other, fresh = proof.changed(spec)
        change = (
            answered(spec, proof.found.person.values, spec.nothing, proof.words),
            possible(spec, fresh, proof.words),
            unknown(spec, fresh),
        )
        for name, model in _lowered(proof, other, change, NOT_ABOUT_THE_PERSON):
            yield (
                f"{name} is lowered when {spec.id} is not known instead of harmless, "
                f"with {proof.told(model, name)}"
            )


def lowered_by_worse(proof: Proof) -> Iterator[str]:
    """Observations and record facts that lower something when they become worse."""
    for spec in proof.found.program.facts.values():
        if not _may_worsen(spec):
            continue
        other, fresh = proof.changed(spec)
        change = (possible(spec, fresh, proof.words), *_worse(proof, spec, fresh))
        if f"w_{spec.id}" in fresh:
            change += (z3.Not(fresh[f"w_{spec.id}"]),)
        for name, model in _lowered(proof, other, change, ()):
            became = value_in(model, spec, fresh, proof.words)
            yield (
                f"{name} is lowered when {spec.id} becomes {became}, with {proof.told(model, name)}"
            )


def lowered_by_marker(proof: Proof) -> Iterator[str]:
    """Warnings that lower something when they are added."""
    windows = proof.found.program.windows
    fresh: dict[str, Symbol] = {}
    change: list[z3.BoolRef] = []
    checked = z3.Bool("checked")
    lows = {}
    for window in windows:
        name = markers_name(window)
        before = proof.found.person.values[f"l_{name}"]
        assert isinstance(before, Bits)
        low = z3.BitVec(f"l_{name}'", MARKERS)
        lows[window] = low
        everything = z3.BitVecVal((1 << MARKERS) - 1, MARKERS)
        fresh[f"l_{name}"] = Bits(low)
        fresh[f"h_{name}"] = Bits(z3.If(checked, low, everything))
        change.append(before.vector & ~low == 0)
    for one, low in lows.items():
        for other, wide in lows.items():
            years = other.years is None or (one.years is not None and one.years <= other.years)
            if one is not other and years and (one.reported or not other.reported):
                change.append(low & ~wide == 0)
    other = Found.changed(proof.found, fresh)
    for name, model in _lowered(proof, other, tuple(change), ()):
        yield f"{name} is lowered by a warning, with {proof.told(model, name)}"


def _may_worsen(spec: Spec) -> bool:
    if isinstance(spec, FactSpec):
        outside = spec.source not in ("record", "property", "officer")
        return not (outside or spec.closes or spec.id in ("record_checked", "drug_test"))
    return isinstance(spec, Observation)


def _worse(proof: Proof, spec: Spec, fresh: Mapping[str, Symbol]) -> tuple[z3.BoolRef, ...]:
    """The fact was harmless, unknown or milder before, and is known to be worse now."""
    old, words = proof.found.person.values, proof.words
    context = getattr(spec, "context", ())
    known = z3.Not(unknown(spec, fresh))
    if spec.kind is FactKind.MANY:
        before, now = old[f"l_{spec.id}"], fresh[f"l_{spec.id}"]
        assert isinstance(before, Bits) and isinstance(now, Bits)
        harmless = sum(bits_of(spec)[option] for option in context)
        return known, before.vector & ~now.vector == 0, now.vector & ~harmless != 0
    if spec.kind is FactKind.NUMBER:
        before, now = old[f"h_{spec.id}"], fresh[f"l_{spec.id}"]
        assert isinstance(before, Amount) and isinstance(now, Amount)
        less = z3.Or(before.nothing, unknown(spec, old), before.number < now.number)
        return known, z3.Not(now.nothing), less
    before, now = old[f"f_{spec.id}"], fresh[f"f_{spec.id}"]
    assert isinstance(before, Choice) and isinstance(now, Choice)
    worse = [o for o in options_of(spec) if o != spec.nothing and o not in context]
    steps = []
    for place, option in enumerate(worse):
        mild = [None, spec.nothing, NOT_TAKEN, *(worse[:place] if spec.ordered else ())]
        milder = z3.Or(*[before.code == words.code(m if m is None else str(m)) for m in mild])
        steps.append(z3.And(now.code == words.code(option), milder))
    return (z3.Or(*steps),)


def _lowered(
    proof: Proof, other: Found, change: tuple[z3.BoolRef, ...], but: tuple[str, ...]
) -> Iterator[tuple[str, z3.ModelRef]]:
    """The needs and flags that a change can lower: first by rules, then by modifiers alone."""
    one = proof.found
    solver = proof.solver(*change)
    for name in ORDER:
        before, after = one.before[name][0], other.before[name][0]
        if name in but or before.eq(after):
            continue
        if solver.check(before > after) == z3.sat:
            yield name, solver.model()
    yield from _lowered_by_modifiers(proof, other, change)


def _lowered_by_modifiers(
    proof: Proof, other: Found, change: tuple[z3.BoolRef, ...]
) -> Iterator[tuple[str, z3.ModelRef]]:
    """Modifiers read levels that never fell (just proved), and facts of which one changed."""
    levels, first = proof.any_levels
    same = _after(other, levels["l", 1], levels["h", 1])
    if all(first[name].eq(same[name]) for name in ORDER):
        return  # no modifier reads this fact
    second = _after(other, levels["l", 2], levels["h", 2])
    rules = [
        z3.And(
            levels["l", 1][n] >= 0, levels["l", 1][n] <= levels["l", 2][n],
            levels["l", 1][n] <= levels["h", 1][n], levels["l", 2][n] <= levels["h", 2][n],
            levels["h", 1][n] <= 4, levels["h", 2][n] <= 4,
        )
        for n in ORDER
    ]  # fmt: skip
    solver = proof.solver(*change, *rules)
    for name in ORDER:
        if solver.check(first[name] > second[name]) == z3.sat:
            yield name, solver.model()


def _after(
    found: Found, low: Mapping[str, z3.ArithRef], high: Mapping[str, z3.ArithRef]
) -> Mapping[str, z3.ArithRef]:
    """What modifiers make of any levels at all."""
    machine = Machine(found.words, {**found.settled.locals, **bounds(found.program, low, high)})
    machine.run(found.program.modifiers)
    shown = {name: [low[name]] for name in ORDER}
    for place, modifier in enumerate(found.rulebook.modifiers):
        may, must = machine.found[place]
        for name in modifier.raises:
            raised = lesser(low[name] + modifier.by, int(modifier.cap))
            raised = raised if modifier.adds else z3.If(low[name] > 0, raised, 0)
            shown[name].append(z3.If(z3.And(may, must), raised, 0))
    return {name: most(levels) for name, levels in shown.items()}


def modifiers_that_forget(proof: Proof) -> Iterator[str]:
    """Modifiers that lower something when a level that they read rises."""
    yield from (
        f"{name} is lowered when something else is raised, with {proof.told(model, name)}"
        for name, model in _levels_alone(proof)
    )


def _levels_alone(proof: Proof) -> Iterator[tuple[str, z3.ModelRef]]:
    low = {world: {n: z3.Int(f"l{world}_{n}") for n in ORDER} for world in (1, 2)}
    high = {world: {n: z3.Int(f"h{world}_{n}") for n in ORDER} for world in (1, 2)}
    first, second = (_after(proof.found, low[w], high[w]) for w in (1, 2))
    rules = [
        z3.And(low[1][n] >= 0, low[1][n] <= low[2][n], low[1][n] <= high[1][n],
               low[2][n] <= high[2][n], high[1][n] <= 4, high[2][n] <= 4)
        for n in ORDER
    ]  # fmt: skip
    solver = proof.solver(*rules)
    for name in ORDER:
        if solver.check(first[name] > second[name]) == z3.sat:
            yield name, solver.model()


# What must always be found ---------------------------------------------------------------------


def not_always(proof: Proof, given: z3.BoolRef, name: str, at_least: Urgency) -> Iterator[str]:
    """People for whom a condition holds, and a need is not found at this urgency."""
    solver = proof.solver(given)
    if solver.check(proof.found.before[name][0] < int(at_least)) == z3.sat:
        yield f"{name} stays below {at_least.word} with {proof.told(solver.model(), name)}"


def needs_without_a_way(proof: Proof) -> Iterator[str]:
    """Needs of soon or above for which no route is put forward, and that say so nowhere."""
    rulebook = proof.rulebook
    for need in NEEDS:
        if need in rulebook.no_route:
            continue
        closed = []
        for place, route in enumerate(rulebook.routes):
            if need in route.serves:
                when, possible_, exclude = (_verdict(proof, 3 * place + part) for part in range(3))
                closed.append(z3.Or(z3.Not(z3.Or(when[0], possible_[0])), exclude[1]))
        solver = proof.solver(proof.found.before[need][0] >= int(Urgency.SOON), *closed)
        if solver.check() == z3.sat:
            yield f"{need} has no route with {proof.told(solver.model(), need)}"


def adult_routes_that_children_meet(proof: Proof) -> Iterator[str]:
    """Routes for adults only that somebody who certainly is a child, or may be one, could meet.

    Whoever is certainly a child must be left out for certain; where it is only possible, the route
    may wait for an answer, but nothing may say that the person certainly stays in.
    """
    for place, route in enumerate(proof.rulebook.routes):
        if not route.adult_only:
            continue
        may, must = _verdict(proof, 3 * place + 2)
        for child, left_out in ((False, must), (True, may)):
            solver = proof.solver(proof.found.defined("child", may=child), z3.Not(left_out))
            if solver.check() == z3.sat:
                age = value_in(solver.model(), proof.found.program.facts["age"],
                               proof.found.person.values, proof.words)  # fmt: skip
                yield f"{route.id} is open to a child, with age: {age}"
                break


def silent_emergencies(rulebook: Rulebook) -> Iterator[str]:
    """Emergencies that do not say what to do, or whom to tell."""
    for rule in rulebook.rules:
        if rule.urgency is Urgency.EMERGENCY and not (rule.do and rule.tell):
            yield f"{rule.id} is an emergency without an action or an addressee."


def rules_about_birth_belief_or_love(rulebook: Rulebook) -> Iterator[str]:
    """Facts that no rulebook may hold, because a rule could then read them."""
    never = ("ethnic", "race", "religio", "national", "orientation", "belief", "gender_identity")
    facts = (rulebook.questions, rulebook.observations, rulebook.facts, rulebook.definitions)
    for name in (name for part in facts for name in part):
        if any(word in name for word in never):
            yield f"{name} is something that no rule may read."


def _verdict(proof: Proof, test: int) -> tuple[z3.BoolRef, z3.BoolRef]:
    # What never holds is not in the generated source at all.
    may, must = proof.found.routes.found.get(test, (z3.BoolVal(False), z3.BoolVal(False)))
    return may, z3.And(may, must)


def questions_out_of_reach(proof: Proof) -> Iterator[str]:
    """Rules that no answer which their branch could bring about would ever make hold."""
    for place, rule in enumerate(proof.rulebook.rules):
        for spec in proof.found.program.facts.values():
            if not isinstance(spec, Question) or spec.branch is None:
                continue
            if spec.id not in read_by(rule.when.tree):
                continue
            other, fresh = proof.changed(spec)
            # With the branch open, this answer decides for at least one person.
            solver = proof.solver(possible(spec, fresh, proof.words), _open(proof, spec))
            moved = z3.Or(proof.found.may(place) != other.may(place),
                          proof.found.must(place) != other.must(place))  # fmt: skip
            if solver.check(moved) == z3.unsat:
                yield f"{rule.id} reads {spec.id}, which its branch can never ask."


def read_by(tree: Tree) -> set[str]:
    return {name for leaf in leaves(tree) for name in names_in(leaf)}


def _open(proof: Proof, question: Question) -> z3.BoolRef:
    """The branch of a question may be asked."""
    assert question.branch is not None
    gate = Emitter(proof.found.program.facts).rail(question.branch.tree, may=True)
    machine = Machine(proof.words, proof.found.settled.locals)
    return machine.truth(ast.parse(gate, mode="eval").body)


def holds(proof: Proof, tree: Tree) -> z3.BoolRef:
    """A condition must hold for the symbolic person."""
    must = Emitter(proof.found.program.facts).rail(tree, may=False)
    machine = Machine(proof.words, proof.found.settled.locals)
    return machine.truth(ast.parse(must, mode="eval").body)


def options_that_nothing_reads(rulebook: Rulebook, spec: Spec) -> Iterator[str]:
    """Options that no condition distinguishes and that are not declared as context."""
    if spec.kind is FactKind.TEXT:
        return
    trees = [rule.when.tree for rule in rulebook.rules]
    trees += [idea.when.tree for idea in rulebook.definitions.values()]
    trees += [modifier.when.tree for modifier in rulebook.modifiers]
    trees += [conflict.when.tree for conflict in rulebook.conflicts]
    trees += [rescreen.when.tree for rescreen in rulebook.rescreen.rules]
    trees += [tree for route in rulebook.routes for tree in route.trees]
    trees += [q.branch.tree for q in rulebook.questions.values() if q.branch is not None]
    asked = [
        set(getattr(leaf, "options", options_of(spec)))  # a count tells every option apart
        for tree in trees
        for leaf in leaves(tree)
        if spec.id in names_in(leaf)
    ]
    context = getattr(spec, "context", ())
    for option in options_of(spec):
        if option == spec.nothing or option in context:
            continue
        # An option is read where it makes a difference against the harmless one.
        if not any((option in options) != (spec.nothing in options) for options in asked):
            yield option
