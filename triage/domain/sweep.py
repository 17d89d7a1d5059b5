"""Sweeps one person's facts through all rules in one generated function, modifiers included.

It says which rules hold or may hold, on which facts each rests, and how far every need and flag
reaches: no sentences, no routes. ``screening.screen`` says everything and is what people see; this
is for whoever asks about very many people, and it gives the same levels.

The facts of a rule are either all that it reads, or (slower) only those that decided it, by the
steps that ``deciding`` takes for the desk too. A multi-select is given as the bits of
``Program.bits``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from triage.domain.london import day_of
from triage.domain.needs import NEEDS, ORDER
from triage.domain.rails import (
    Emitter,
    Test,
    define,
    locals_of,
    markers_name,
    names_read,
    number_name,
)
from triage.domain.rulebook import Modifier, Rulebook
from triage.domain.settling import GIVEN

# (rule, does it certainly hold, its facts), then the level found and the level not excluded of
# every need and flag, in the order of ``ORDER``. What is not excluded counts only above what is
# found.
Swept = tuple[list[tuple[str, bool, dict[str, Any]]], tuple[int, ...], tuple[int, ...]]
Sweep = Callable[[Details], Swept]


def sweeping(rulebook: Rulebook, *, deciding: bool = False) -> Sweep:
    """The sweep of a rulebook, compiled now. With ``deciding``, the facts that decided each rule.

    Raises nothing that ``rulebook.program`` does not raise.
    """
    law, writer = rulebook.law, _Writer(rulebook, deciding=deciding)
    sweep = define(f"sweep({GIVEN})", writer.from_details(), writer.space)

    def swept(details: Details) -> Swept:
        found: Swept = sweep(details, day_of(details.at), law.holds)
        return found

    return swept


def sweeping_values(
    rulebook: Rulebook, *, deciding: bool = False
) -> Callable[[Sequence[Any]], Swept]:
    """The same sweep, of facts that ``rulebook.program.read`` read already."""
    writer = _Writer(rulebook, deciding=deciding)
    return define("sweep(values)", writer.from_values(), writer.space)


# The locals of all levels; with l_ what is certain, with h_ what is possible.
_LOCALS = {name: number_name(Number("need" if name in NEEDS else "flag", name)) for name in ORDER}
_BOUNDS = ("l_", "h_")
# Python is quicker with the first 256 names of a function: the levels come first, and what nobody
# reads goes to one name.
_NOTHING_FOUND = " = ".join(each + name for name in _LOCALS.values() for each in _BOUNDS) + " = 0"


class _Writer:
    """Writes the generated function, line by line. Ids of rules stay outside its text, as data."""

    def __init__(self, rulebook: Rulebook, *, deciding: bool) -> None:
        self.book, self.program = rulebook, rulebook.program
        self.emit = Emitter(self.program.facts)
        self.only_deciding = deciding
        self.space: dict[str, Any] = {"TUPLE": tuple}
        self.functions: dict[str, list[str]] = {}
        self.reached: dict[str, int] = {}  # of each level, the highest that is set so far

    def from_details(self) -> Iterator[str]:
        """The whole body, for the details of a person: what no rule reads is not even read."""
        lines = self.lines()
        settling = self.program.settling
        self.space |= settling.space()
        yield _NOTHING_FOUND
        yield from settling.lines_for(names_read(lines))
        yield from lines

    def from_values(self) -> Iterator[str]:
        """The whole body, for facts that were read already."""
        lines = self.lines()
        words = names_read(lines)
        read = (name if name in words else "_" for name in self.program.variables)
        yield _NOTHING_FOUND
        yield f"({', '.join(read)},) = values"
        yield from lines

    def lines(self) -> list[str]:
        """What is done once the facts are read."""
        passes = [*self.first(), *self.between(), *self.second()]
        functions = [
            line
            for name, body in self.functions.items()
            for line in (f"def {name}(given):", *_indented(body or ["pass"]))
        ]
        return [*functions, "found = []", *passes, "return found, TUPLE(low), TUPLE(high)"]

    # The first pass ----------------------------------------------------------------------------

    def first(self) -> Iterator[str]:
        """Rules, from the least urgent on: a level that is set later is hardly ever the lower."""
        for place, rule in sorted(enumerate(self.book.rules), key=lambda each: each[1].urgency):
            self.space[f"rule_{place}"] = rule.id
            sure = self.raised((name, int(urgency), True) for name, urgency in rule.raises)
            low = rule.if_unknown
            unsure = self.raised(
                (name, int(urgency if low is None else min(urgency, low)), low is not None)
                for name, urgency in rule.raises
            )
            test = rule.test(self.program.law_rows)
            yield from self.tested(f"rule_{place}", test, sure, unsure)
        for place, conflict in enumerate(self.book.conflicts):
            self.space[f"conflict_{place}"] = f"conflict-{conflict.id}"
            _, must = self.emit.rails(conflict.when.tree)
            sure = self.raised([("record_conflict", int(conflict.urgency), True)])
            yield f"if {must}:"
            yield "    sure = True"
            yield from _indented([*self.append(f"conflict_{place}", conflict.when.tree), *sure])

    def raised(self, levels: Iterable[tuple[str, int, bool]]) -> list[str]:
        """The lines that raise needs and flags to a level, certainly or possibly."""
        lines = []
        for name, level, sure in levels:
            bounds = [bound + _LOCALS[name] for bound in (_BOUNDS if sure else _BOUNDS[1:])]
            for local in bounds:
                set_it = f"{local} = {level}"
                lower = level < self.reached.get(local, 0)
                lines.append(f"if {local} < {level}: {set_it}" if lower else set_it)
                self.reached[local] = max(level, self.reached.get(local, 0))
        return lines

    def tested(
        self, name: str, test: Test, sure: Sequence[str], unsure: Sequence[str]
    ) -> Iterator[str]:
        """A quiet rule costs one expression and nothing else."""
        may, must = self.emit.tested(test)
        yield f"if {may}:"
        yield f"    sure = True if {must} else False"
        yield from _indented(self.append(name, test.when))
        both = [line for line in sure if line in unsure]
        yield from _indented(both)
        yield from _indented(
            _either([line for line in each if line not in both] for each in (sure, unsure))
        )

    def append(self, name: str, tree: Tree) -> Iterator[str]:
        """Keeps one rule with its facts."""
        if self.only_deciding:
            yield "given = {}"
            yield from _either(self.decided(tree, each) for each in (Behind.HOLDS, Behind.MIGHT))
            given = "given"
        else:
            given = ", ".join(f"{n!r}: {local}" for n, local in self.read(tree).items())
            given = f"{{{given}}}"
        yield f"found.append(({name}, sure, {given}))"

    # The second pass ---------------------------------------------------------------------------

    def between(self) -> Iterator[str]:
        """What the first pass found, as modifiers read it, and where they raise it."""
        for start, bound in (("low", "l_"), ("high", "h_")):
            yield f"{start} = [{', '.join(bound + local for local in _LOCALS.values())}]"
        counted = [n for n in self.program.levels if n.of == "any_need"]
        if counted:
            asked = {Urgency.of(number.name): number_name(number) for number in counted}
            for bound in _BOUNDS:
                yield from _reaching(bound, asked)

    def second(self) -> Iterator[str]:
        for place, modifier in enumerate(self.book.modifiers):
            name = f"modifier_{place}"
            self.space[name], self.space[f"raised_{place}"] = modifier.id, _steps(modifier)
            sure, unsure = (
                [_stepped(f"raised_{place}", to, need) for need in modifier.raises]
                for to in ("low", "high")
            )
            yield from self.tested(name, Test(modifier.when.tree), sure, unsure)

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


def _reaching(bound: str, asked: Mapping[Urgency, str]) -> Iterator[str]:
    """How many needs reach each level that is asked about: so many fewer than the one below it,
    as stand at that one. Not found is 0."""
    yield f"needs = ({', '.join(bound + _LOCALS[name] for name in NEEDS)})"
    yield f"reach = {len(NEEDS)}"
    for urgency in Urgency:
        if urgency <= max(asked):
            yield f"reach -= needs.count({urgency - 1})"
        if urgency in asked:
            yield f"{bound}{asked[urgency]} = reach"


def _stepped(steps: str, to: str, need: str) -> str:
    """The line that raises a need, from where the first pass left it."""
    place = f"{to}[{ORDER[need]}]"
    return f"if {place} < (step := {steps}[l_{_LOCALS[need]}]): {place} = step"


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


def _either(ways: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of one way where a rule is sure to hold, else those of the other."""
    for test, way in zip(("if sure:", "if not sure:"), ways, strict=True):
        inside = [*_indented(way)]
        if inside:
            yield test
            yield from inside
