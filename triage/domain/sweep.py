"""Sweeps one person's facts through all rules in one generated function, modifiers included.

It says which rules hold or may hold, on which facts each rests, and how far every need and flag
reaches: no sentences, no routes. ``screening.screen`` says everything and is what people see; this
is for whoever asks about very many people, and it gives the same levels.

The facts of a rule are either all that it reads, or (slower) only those that decided it, by the
steps that ``deciding`` takes for the desk too. A multi-select is given as the bits of
``Program.bits``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from triage.domain.answers import Details
from triage.domain.conditions import (
    Always,
    Compare,
    Defined,
    Leaf,
    Marked,
    Number,
    Tree,
    leaves,
)
from triage.domain.deciding import Behind, Through, lines
from triage.domain.findings import Urgency
from triage.domain.needs import NEEDS, ORDER
from triage.domain.rails import Emitter, Test, define, locals_of, markers_name, number_name
from triage.domain.rulebook import Modifier, Rulebook

# (rule, does it certainly hold, its facts), then the level found and the level not excluded of
# every need and flag, in the order of ``ORDER``. What is not excluded counts only above what is
# found.
Swept = tuple[list[tuple[str, bool, dict[str, Any]]], tuple[int, ...], tuple[int, ...]]
Sweep = Callable[[Details], Swept]


def sweeping(rulebook: Rulebook, *, deciding: bool = False) -> Sweep:
    """The sweep of a rulebook, compiled now. With ``deciding``, the facts that decided each rule.

    Raises nothing that ``rulebook.program`` does not raise.
    """
    program, law = rulebook.program, rulebook.law
    sweep = sweeping_values(rulebook, deciding=deciding)

    def swept(details: Details) -> Swept:
        return sweep(program.read(details, law).values)

    return swept


def sweeping_values(
    rulebook: Rulebook, *, deciding: bool = False
) -> Callable[[Sequence[Any]], Swept]:
    """The same sweep, of facts that ``rulebook.program.read`` read already."""
    writer = _Writer(rulebook, deciding=deciding)
    return define("sweep(values)", writer.body(), writer.space)


class _Writer:
    """Writes the generated function, line by line. Ids of rules stay outside its text, as data."""

    def __init__(self, rulebook: Rulebook, *, deciding: bool) -> None:
        self.book, self.program = rulebook, rulebook.program
        self.emit = Emitter(self.program.facts)
        self.only_deciding = deciding
        self.space: dict[str, Any] = {}
        self.functions: dict[str, list[str]] = {}

    def body(self) -> Iterator[str]:
        """The whole body."""
        lines = [*self.first(), *self.between(), *self.second()]
        yield f"({', '.join(self.program.variables)},) = values"
        for name, body in self.functions.items():
            yield f"def {name}(given):"
            yield from _indented(body or ["pass"])
        yield "found = []"
        yield " = ".join(f"need_{name} = open_{name}" for name in ORDER) + " = 0"
        yield from lines
        needs, opens = (
            f"({', '.join(f'{start}_{name}' for name in ORDER)})" for start in ("need", "open")
        )
        yield f"return found, {needs}, {opens}"

    # The first pass ----------------------------------------------------------------------------

    def first(self) -> Iterator[str]:
        for place, rule in enumerate(self.book.rules):
            self.space[f"rule_{place}"] = rule.id
            open_ = [(f"open_{name}", int(urgency)) for name, urgency in rule.raises]
            if rule.if_unknown is not None:
                low = int(rule.if_unknown)
                open_ = [(f"need_{name}", min(int(urgency), low)) for name, urgency in rule.raises]
            sure = [(f"need_{name}", int(urgency)) for name, urgency in rule.raises]
            test = rule.test(self.program.law_rows)
            yield from self.tested(f"rule_{place}", test, _raised(sure), _raised(open_))
        for place, conflict in enumerate(self.book.conflicts):
            self.space[f"conflict_{place}"] = f"conflict-{conflict.id}"
            may, must = (self.emit.rail(conflict.when.tree, may=may) for may in (True, False))
            yield f"if {may} and {must}:"
            yield from _indented(self.append(f"conflict_{place}", conflict.when.tree, sure=True))
            level = ("need_record_conflict", int(conflict.urgency))
            yield from _indented(_raised([level]))

    def tested(
        self, name: str, test: Test, sure: Sequence[str], unsure: Sequence[str]
    ) -> Iterator[str]:
        """A quiet rule costs one expression and nothing else."""
        may, must = self.emit.tested(test)
        yield f"if {may}:"
        yield f"    if {must}:"
        yield from _indented([*self.append(name, test.when, sure=True), *sure], 2)
        yield "    else:"
        yield from _indented([*self.append(name, test.when, sure=False), *unsure], 2)

    def append(self, name: str, tree: Tree, *, sure: bool) -> Iterator[str]:
        """Keeps one rule with its facts."""
        if not self.only_deciding:
            given = ", ".join(f"{n!r}: {local}" for n, local in self.read(tree).items())
            yield f"found.append(({name}, {sure}, {{{given}}}))"
            return
        yield "given = {}"
        yield from self.decided(tree, Behind.HOLDS if sure else Behind.MIGHT)
        yield f"found.append(({name}, {sure}, given))"

    # The second pass ---------------------------------------------------------------------------

    def between(self) -> Iterator[str]:
        """What the first pass found, as modifiers read it."""
        raised = {name for each in self.book.modifiers for name in each.raises}
        for name in ORDER:
            if name in raised:
                yield f"first_{name} = need_{name}"
        levels = self.program.levels
        for number in levels:
            if number.of != "any_need":
                yield from _level(number)
        yield from _any_need([number for number in levels if number.of == "any_need"])

    def second(self) -> Iterator[str]:
        for place, modifier in enumerate(self.book.modifiers):
            name = f"modifier_{place}"
            self.space[name], self.space[f"raised_{place}"] = modifier.id, _steps(modifier)
            raised = {
                start: [
                    line
                    for need in modifier.raises
                    for line in (
                        f"step = raised_{place}[first_{need}]",
                        f"if step > {start}_{need}: {start}_{need} = step",
                    )
                ]
                for start in ("need", "open")
            }
            test = Test(modifier.when.tree)
            yield from self.tested(name, test, raised["need"], raised["open"])

    # The facts of a rule -----------------------------------------------------------------------

    def read(self, tree: Tree) -> dict[str, str]:
        """All facts that a tree reads, through its definitions, and the locals that hold them."""
        found: dict[str, str] = {}
        for leaf in leaves(tree):
            if isinstance(leaf, Defined):
                found |= self.read(self.program.definitions[leaf.name].when.tree)
            else:
                found |= self.of_leaf(leaf)
        return found

    def of_leaf(self, leaf: Leaf) -> dict[str, str]:
        """The facts that one leaf reads, and the locals that hold them."""
        match leaf:
            case Always():
                return {}
            case Marked():
                return {markers_name(leaf): f"l_{markers_name(leaf)}"}
            case Compare(left, _, right):
                return dict(map(self.of_number, left.numbers + right.numbers))
        return {leaf.name: self.local(leaf.name)}

    def of_number(self, number: Number) -> tuple[str, str]:
        """A number and the local that holds the least of it; a count is what was chosen."""
        if number.of in ("fact", "count"):
            return number.name, self.local(number.name)
        return number_name(number), f"l_{number_name(number)}"

    def local(self, fact: str) -> str:
        """The local that holds a fact, or the least of it."""
        return locals_of(fact, self.program.facts[fact].kind)[0]

    def decided(self, tree: Tree, behind: Behind) -> Iterator[str]:
        """Lines that put into ``given`` what is behind a tree."""
        steps = self.program.deciding.steps(tree, behind)
        # The steps are whole before the first key of them is put: what it stands for is known.
        return lines(steps, self.put)

    def put(self, key: str) -> str:
        """The line that puts into ``given`` what one key stands for."""
        other = self.program.deciding.others.get(key)
        match other:
            case None:
                return f"given[{key!r}] = {self.local(key)}"
            case Through():
                return f"{self.function(other)}(given)"
            case Marked():
                name = markers_name(other)
            case Number():
                name = number_name(other)
        return f"given[{name!r}] = l_{name}"

    def function(self, through: Through) -> str:
        """The generated function that puts what is behind a definition into ``given``."""
        name = f"{through.behind.value}_{through.definition}"
        if name not in self.functions:
            tree = self.program.definitions[through.definition].when.tree
            self.functions[name] = [*self.decided(tree, through.behind)]
        return name


def _raised(levels: Iterable[tuple[str, int]]) -> list[str]:
    return [f"if {name} < {level}: {name} = {level}" for name, level in levels]


def _level(number: Number) -> Iterator[str]:
    name, local = number.name, number_name(number)
    yield f"l_{local} = need_{name}"
    yield f"h_{local} = need_{name} if need_{name} > open_{name} else open_{name}"


def _any_need(numbers: Sequence[Number]) -> Iterator[str]:
    """How many needs reach a level: found, and found or not excluded."""
    if not numbers:
        return
    most = (f"need_{name} if need_{name} > open_{name} else open_{name}" for name in NEEDS)
    yield f"low = ({', '.join(f'need_{name}' for name in NEEDS)})"
    yield f"high = ({', '.join(most)})"
    for number in numbers:
        least, local = int(Urgency.of(number.name)), number_name(number)
        for bound, levels in (("l", "low"), ("h", "high")):
            counts = (f"{levels}.count({int(each)})" for each in Urgency if each >= least)
            yield f"{bound}_{local} = {' + '.join(counts)}"


def _steps(modifier: Modifier) -> tuple[int, ...]:
    """For each level before, the level that a modifier raises it to; 0 where it does not."""
    steps = []
    for before in (0, *(int(urgency) for urgency in Urgency)):
        after = min(before + modifier.by, int(modifier.cap))
        raises = after > before and (before or modifier.adds)
        steps.append(after if raises else 0)
    return tuple(steps)


def _indented(lines: Iterable[str], by: int = 1) -> Iterator[str]:
    return ("    " * by + line for line in lines)
