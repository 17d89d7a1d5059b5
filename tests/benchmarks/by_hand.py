"""Writes the rules of a rulebook as one plain Python function, as a careful person would by hand.

The benchmark compares the engine with this text, so it is written in favour of the hand: plain
locals, ``None`` for unknown, tuples for several answers, short-circuited tests, nothing that checks
what was typed. Each rule has two tests, because a hand that writes one reads unknown as no.
``python -m tests.benchmarks.by_hand`` prints the text.
"""

import keyword
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from triage.domain import london
from triage.domain.answers import Answer, Details, Marker, Status
from triage.domain.conditions import (
    Always,
    Amount,
    And,
    AnyOf,
    Compare,
    Defined,
    Known,
    Marked,
    Not,
    Number,
    OneOf,
    Only,
    Or,
    Tree,
    Withheld,
    leaves,
)  # fmt: skip
from triage.domain.facts import FILLED, REPORTED_BY, SILENT_IS_NOTHING, age_on
from triage.domain.findings import Urgency
from triage.domain.needs import NEEDS, ORDER
from triage.domain.program import order
from triage.domain.rulebook import Rule, Rulebook
from triage.domain.specs import FactKind, FactSpec, Question, Spec, options_of

NOT_TAKEN = ("breath_ug", "drug_test", "age_on_document")
Explained = tuple[list[tuple[str, bool, dict[str, Any]]], tuple[int, ...], tuple[int, ...]]


def choice(answer: Answer | None) -> Any:
    """The answer, or None."""
    return answer.value if answer is not None and answer.status is Status.ANSWERED else None


def yes_no(answer: Answer | None) -> str | None:
    """Yes, no or None."""
    if answer is None or answer.status is not Status.ANSWERED:
        return None
    return "yes" if answer.value in (True, "yes") else "no"


def told(value: bool | None) -> str | None:
    """Yes, no or None."""
    return None if value is None else "yes" if value else "no"


def withheld(answer: Answer | None) -> bool:
    """Asked, and no answer came."""
    return answer is not None and answer.status in (Status.REFUSED, Status.UNABLE)


def within(marker: Marker, years: int, day: date) -> bool:
    """Dated within so many years, or undated."""
    on = marker.on
    return on is None or (on.year + years, on.month, on.day) >= (day.year, day.month, day.day)


SPACE = {
    "choice": choice, "yes_no": yes_no, "told": told, "withheld": withheld, "within": within,
    "age_on": age_on, "day_of": london.day_of, "REPORTED_BY": REPORTED_BY, "INF": float("inf"),
}  # fmt: skip


def by_hand(rulebook: Rulebook) -> Callable[[Details], Explained]:
    """The function, ready to be called."""
    space: dict[str, Any] = dict(SPACE, law=rulebook.law)
    exec(compile(text(rulebook), "<by hand>", "exec"), space)
    function: Callable[[Details], Explained] = space["screen_by_hand"]
    return function


def text(rulebook: Rulebook) -> str:
    """The function's text."""
    return "\n".join(_Hand(rulebook).lines()) + "\n"


def inputs(tree: Tree, rulebook: Rulebook) -> tuple[str, ...]:
    """The facts that a rule reads, through its definitions."""
    found: dict[str, None] = {}
    for leaf in leaves(tree):
        match leaf:
            case Defined(name):
                found |= dict.fromkeys(inputs(rulebook.definitions[name].when.tree, rulebook))
            case Marked(_, years, reported):
                found[_window(years, reported)] = None
            case Compare(left, _, right):
                found |= {n.name: None for n in left.numbers + right.numbers if _is_fact(n)}
            case Always():
                pass
            case _:
                found[leaf.name] = None
    return tuple(found)


def _is_fact(number: Number) -> bool:
    return number.of in ("fact", "count")


def _window(years: int | None, reported: bool) -> str:
    return "reported" if reported else "marked" if years is None else f"marked_{years}y"


def _local(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or name in ("property", "day", "law") else name


class _Hand:
    """Writes the function, line by line."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.book = rulebook
        self.specs: dict[str, Spec] = {
            **rulebook.questions, **rulebook.observations, **rulebook.facts,
        }  # fmt: skip
        self.trees = [rule.when.tree for rule in rulebook.rules]
        self.trees += [each.when.tree for each in (*rulebook.conflicts, *rulebook.modifiers)]
        self.trees += [each.when.tree for each in rulebook.definitions.values()]
        self.trees += [q.branch.tree for q in rulebook.questions.values() if q.branch]
        self.read = {name for tree in self.trees for name in self.names(tree)}

    def names(self, tree: Tree) -> Iterator[str]:
        for leaf in leaves(tree):
            if isinstance(leaf, Compare):
                numbers = leaf.left.numbers + leaf.right.numbers
                yield from (n.name for n in numbers if _is_fact(n))
            elif not isinstance(leaf, Marked | Always | Defined):
                yield leaf.name

    def lines(self) -> Iterator[str]:
        yield "def screen_by_hand(details):"
        for line in self.body():
            yield f"    {line}" if line else ""

    def body(self) -> Iterator[str]:
        yield "answers, seen = details.answers, details.observations"
        yield "person, record = details.person, details.record"
        yield "checked, day = record.checked, day_of(details.at)"
        for spec in self.specs.values():
            if spec.id in self.read or spec.id == "record_checked":
                yield from self.fact(spec)
        yield from self.markers()
        for name, is_branch in order(self.specs, self.book.definitions):
            yield from self.branch(name) if is_branch else self.definition(name)
        yield "found = []"
        for name in ORDER:
            yield f"need_{name} = open_{name} = 0"
        for rule in self.book.rules:
            yield from self.rule(rule)
        for conflict in self.book.conflicts:
            yield f"if {self.may(conflict.when.tree)} and {self.must(conflict.when.tree)}:"
            given = self.given(conflict.when.tree)
            yield f"    found.append(('conflict-{conflict.id}', True, {given}))"
            level = int(conflict.urgency)
            yield f"    need_record_conflict = max(need_record_conflict, {level})"
        yield from self.modifiers()
        levels = ", ".join(f"need_{name}" for name in ORDER)
        open_ = ", ".join(f"open_{name}" for name in ORDER)
        yield f"return found, ({levels}), ({open_})"

    # Facts ---------------------------------------------------------------------------------

    def fact(self, spec: Spec) -> Iterator[str]:
        name = spec.id
        local = _local(name)
        if isinstance(spec, FactSpec):
            yield f"{local} = {self.known_fact(spec)}"
            if name in SILENT_IS_NOTHING and spec.nothing is not None:
                yield f"if {local} is None and checked:"
                yield f"    {local} = {spec.nothing!r}"
            return
        where = "answers" if isinstance(spec, Question) else "seen"
        two = set(options_of(spec)) == {"yes", "no"} and spec.kind is not FactKind.MANY
        yield f"{local} = {'yes_no' if two else 'choice'}({where}.get({name!r}))"
        used = any(leaf == Withheld(name) for tree in self.trees for leaf in leaves(tree))
        if used or (isinstance(spec, Question) and spec.branch):
            yield f"{local}_withheld = withheld({where}.get({name!r}))"

    @staticmethod
    def known_fact(spec: FactSpec) -> str:
        name = spec.id
        if name == "age":
            return "age_on(person, day)"
        if name in ("sex", "age_source"):
            return f"None if person.{name} == 'unknown' else person.{name}"
        if name == "age_on_document":
            return "person.age_on_document"
        if name == "record_checked":
            return "told(checked)"
        stay = ("nation", "stage", "offence", "domestic", "place", "admits", "evidence_ready",
                "arrests_12m", "interpreter_present", "appropriate_adult_present")  # fmt: skip
        assert name in FILLED
        value = f"details.{name}" if name in stay else f"record.{name}"
        return f"told({value})" if spec.kind is FactKind.YES_NO else value

    def markers(self) -> Iterator[str]:
        windows = {
            _window(leaf.years, leaf.reported): leaf.years
            for tree in self.trees
            for leaf in leaves(tree)
            if isinstance(leaf, Marked)
        }
        for name in windows:
            yield f"{name} = set()"
        yield "for marker in record.markers:"
        yield "    if marker.closed is not None and marker.closed.on <= day:"
        yield "        continue"
        for name, years in windows.items():
            if name == "reported":
                yield "    if marker.origin in REPORTED_BY:"
                yield "        reported.add(marker.kind)"
            elif years is None:
                yield f"    {name}.add(marker.kind)"
            else:
                yield f"    if within(marker, {years}, day):"
                yield f"        {name}.add(marker.kind)"

    def branch(self, name: str) -> Iterator[str]:
        question = self.specs[name]
        if name not in self.read or not isinstance(question, Question) or question.branch is None:
            return
        nothing = () if question.kind is FactKind.MANY else question.nothing
        local = _local(name)
        gate = self.may(question.branch.tree)
        yield f"if {local} is None and not {local}_withheld and not ({gate}):"
        yield f"    {local} = {nothing!r}"

    def definition(self, name: str) -> Iterator[str]:
        tree = self.book.definitions[name].when.tree
        yield f"may_be_{name} = {self.may(tree)}"
        yield f"is_{name} = {self.must(tree)}"

    # Rules ---------------------------------------------------------------------------------

    def given(self, tree: Tree) -> str:
        pairs = (f"{name!r}: {_local(name)}" for name in inputs(tree, self.book))
        return "{" + ", ".join(pairs) + "}"

    def rule(self, rule: Rule) -> Iterator[str]:
        may = self.may(rule.when.tree)
        if rule.closed_by is not None:
            may = f"({may}) and not ({self.must(rule.closed_by.tree)})"
        if rule.law is not None:
            may = f"({may}) and law.holds({rule.law!r}, day)"
        if rule.until_law is not None:
            may = f"({may}) and not law.holds({rule.until_law!r}, day)"
        yield f"if {may}:"
        yield f"    certain = {self.must(rule.when.tree)}"
        yield f"    found.append(({rule.id!r}, certain, {self.given(rule.when.tree)}))"
        yield "    if certain:"
        for name, urgency in rule.raises:
            yield f"        if need_{name} < {int(urgency)}: need_{name} = {int(urgency)}"
        yield "    else:"
        for name, urgency in rule.raises:
            to, level = f"need_{name}", int(urgency)
            if rule.if_unknown is None:
                to = f"open_{name}"
            else:
                level = min(level, int(rule.if_unknown))
            yield f"        if {to} < {level}: {to} = {level}"

    def modifiers(self) -> Iterator[str]:
        for name in ORDER:
            yield f"first_{name}, could_{name} = need_{name}, max(need_{name}, open_{name})"
        for modifier in self.book.modifiers:
            yield f"if {self.may(modifier.when.tree)}:"
            yield f"    certain = {self.must(modifier.when.tree)}"
            yield f"    found.append(({modifier.id!r}, certain, {self.given(modifier.when.tree)}))"
            for name in modifier.raises:
                raised = f"min(first_{name} + {modifier.by}, {int(modifier.cap)})"
                found = "" if modifier.adds else f"first_{name} and "
                yield f"    if {found}{raised} > first_{name}:"
                yield "        if certain:"
                yield f"            need_{name} = max(need_{name}, {raised})"
                yield "        else:"
                yield f"            open_{name} = max(open_{name}, {raised})"

    # Conditions ----------------------------------------------------------------------------

    def may(self, tree: Tree) -> str:
        return self.test(tree, may=True)

    def must(self, tree: Tree) -> str:
        return self.test(tree, may=False)

    def test(self, tree: Tree, *, may: bool) -> str:
        match tree:
            case Not(part):
                return f"not ({self.test(part, may=not may)})"
            case And(parts):
                return " and ".join(f"({self.test(part, may=may)})" for part in parts)
            case Or(parts):
                return " or ".join(f"({self.test(part, may=may)})" for part in parts)
            case Defined(name):
                return f"may_be_{name}" if may else f"is_{name}"
            case Always(holds):
                return str(holds)
            case Known(name):
                return f"{_local(name)} is not None"
            case Withheld(name):
                return f"{_local(name)}_withheld"
            case Marked(kinds, years, reported):
                window = _window(years, reported)
                tests = [f"{kind!r} in {window}" for kind in kinds]
                return " or ".join((["not checked"] if may else []) + tests)
            case OneOf(name, options):
                return self.one_of(name, options, may=may)
            case AnyOf(name, options):
                tests = " or ".join(f"{option!r} in {_local(name)}" for option in options)
                none = f"{_local(name)} is None or {tests}"
                return none if may else f"{_local(name)} is not None and ({tests})"
            case Only(name, options):
                local = _local(name)
                test = f"{local} and set({local}) <= set({options!r})"
                return f"{local} is None or ({test})" if may else f"bool({test})"
            case Compare():
                return self.compared(tree, may=may)

    def one_of(self, name: str, options: tuple[str, ...], *, may: bool) -> str:
        local = _local(name)
        if not may:
            return f"{local} == {options[0]!r}" if len(options) == 1 else f"{local} in {options!r}"
        if name in NOT_TAKEN:
            return f"{local} in {options!r} or ({local} is None and not checked)"
        return f"{local} in {(*options, None)!r}"

    def compared(self, tree: Compare, *, may: bool) -> str:
        left, symbol, right = tree.left, tree.operator, tree.right
        one = left.numbers[0] if len(left.numbers) == 1 and not right.numbers else None
        if one is not None and one.of == "fact" and not left.constant:
            local, limit = _local(one.name), right.constant
            if not may:
                return f"{local} is not None and {local} {symbol} {limit}"
            unknown = "not checked" if one.name in NOT_TAKEN else "True"
            return f"{local} {symbol} {limit} if {local} is not None else {unknown}"
        low, high = self.bound(left, "low"), self.bound(left, "high")
        right_low, right_high = self.bound(right, "low"), self.bound(right, "high")
        if symbol == "==":
            pairs = (
                (low, right_high, right_low, high) if may else (high, right_low, right_high, low)
            )
            return f"{pairs[0]} <= {pairs[1]} and {pairs[2]} <= {pairs[3]}"
        more = symbol in (">", ">=")
        best = (high, right_low) if more == may else (low, right_high)
        return f"{best[0]} {symbol} {best[1]}"

    def bound(self, amount: Amount, end: str) -> str:
        parts = [self.number(number, end) for number in amount.numbers]
        if amount.constant or not parts:
            parts.append(str(int(amount.constant)))
        return " + ".join(parts)

    def number(self, number: Number, end: str) -> str:
        local = _local(number.name)
        match number.of:
            case "count":
                most = len(options_of(self.specs[number.name]))
                return f"(len({local}) if {local} is not None else {0 if end == 'low' else most})"
            case "need" | "flag":
                return f"first_{number.name}" if end == "low" else f"could_{number.name}"
            case "any_need":
                least = int(Urgency.of(number.name))
                start = "first" if end == "low" else "could"
                return "(" + " + ".join(f"({start}_{need} >= {least})" for need in NEEDS) + ")"
            case "fact":
                return f"({local} if {local} is not None else {'0' if end == 'low' else 'INF'})"
        # No rule of the desk reads one. To guess here would make the comparison a lie.
        raise ValueError(f"The rules read a {number.of}: write it by hand here, then measure.")


if __name__ == "__main__":
    from triage import rules_files

    print(text(rules_files.load(rules_files.rules_dir(), draft=True)))
