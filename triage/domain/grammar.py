"""Reads the text of a condition into a checked tree, or says in sentences why it cannot.

Only the few shapes below are let through, and every name, option and type is checked against the
questions, observations, facts and definitions of the rulebook. Nothing else can be reached.
"""

import ast
from collections.abc import Mapping

from triage.domain.conditions import (
    Always,
    Amount,
    And,
    AnyOf,
    Compare,
    Condition,
    Defined,
    Known,
    Marked,
    Not,
    Number,
    OneOf,
    Only,
    Operator,
    Or,
    Tree,
    Withheld,
)
from triage.domain.expressions import (
    MAX_NESTING,
    ConditionRefused,
    expression,
    nearest,
)
from triage.domain.facts import MARKER_KINDS
from triage.domain.findings import Urgency
from triage.domain.names import NOTHING, Names, Vocabulary, shown
from triage.domain.needs import FLAGS, NEEDS
from triage.domain.specs import FactKind, FactSpec, Spec, options_of

_SYMBOLS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPERATORS: Mapping[str, Operator] = {"==": "==", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TESTS = ("known", "unknown", "withheld", "marked", "reported", "any_of", "only", "any_need")
_NUMBERS = ("count", "score", "need", "flag", "any_need")
_URGENCIES = tuple(urgency.word for urgency in Urgency)


def read(text: str, vocabulary: Vocabulary) -> Condition:
    """The condition that a text says. Raises ConditionRefused with every fault found."""
    if text not in vocabulary.read:
        reader = _Reader(vocabulary)
        tree = reader.truth(expression(text), 1)
        if reader.faults:
            raise ConditionRefused(reader.faults)
        vocabulary.read[text] = Condition(text, tree)
    return vocabulary.read[text]


class _Reader(Names):
    """Turns Python's tree into ours; what it does not know, it refuses."""

    # What holds or does not hold -----------------------------------------------------------

    def truth(self, node: ast.expr, depth: int) -> Tree:
        if depth > MAX_NESTING:
            return self.wrong(f"The condition is nested more than {MAX_NESTING} deep.")
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return And(tuple([self.truth(value, depth + 1) for value in values]))
            case ast.BoolOp(op=ast.Or(), values=values):
                return Or(tuple([self.truth(value, depth + 1) for value in values]))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.truth(operand, depth + 1))
            case ast.Compare():
                return self.comparison(node, depth)
            case ast.Call():
                return self.test(node)
            case ast.Name(id=name):
                return self.bare(name)
        return self.wrong(
            "Only and, or, not, comparisons, in, and the listed functions can be used here; "
            f"{shown(node)} is none of them."
        )

    def bare(self, name: str) -> Tree:
        if name in ("always", "never"):
            return Always(name == "always")
        if name in self.vocabulary.definitions:
            return Defined(name)
        spec = self.fact(name)
        if spec is None:
            return NOTHING
        if _is_yes_no(spec):
            return OneOf(name, ("yes",))
        return self.wrong(f"{name} is not a yes or no fact: say what it is compared with.")

    def comparison(self, node: ast.Compare, depth: int) -> Tree:
        symbol = _SYMBOLS.get(type(node.ops[0]), "is")
        if len(node.ops) != 1:
            return self.wrong("One comparison at a time: join two with and.")
        if symbol == "is":
            return self.wrong("Compare with == or !=, not with is.")
        left, right = node.left, node.comparators[0]
        if isinstance(left, ast.Name):
            if left.id in self.vocabulary.definitions:
                return self.wrong(f"{left.id} is a definition: write {left.id} or not {left.id}.")
            spec = self.fact(left.id)
            if spec is None:
                return NOTHING  # what it is compared with cannot be judged
            if spec.kind is not FactKind.NUMBER:
                return self.chosen(spec, symbol, right)
        return self.compared(left, symbol, right, depth)

    def chosen(self, spec: Spec, symbol: str, right: ast.expr) -> Tree:
        if spec.kind is FactKind.TEXT:
            return self.wrong(f"{spec.id} is free text, which no rule reads.")
        options = self.options(spec, right.elts if isinstance(right, ast.Tuple) else [right])
        match symbol:
            case "in" | "not in":
                leaf: Tree = (
                    AnyOf(spec.id, options)
                    if spec.kind is FactKind.MANY
                    else OneOf(spec.id, options)
                )
                return Not(leaf) if symbol == "not in" else leaf
            case _ if spec.kind is FactKind.MANY:
                return self.wrong(f"{spec.id} can have several answers: use in, any_of or only.")
            case _ if len(options) != 1 or isinstance(right, ast.Tuple):
                return self.wrong(f"{spec.id} {symbol} needs one option; use in for several.")
            case "==":
                return OneOf(spec.id, options)
            case "!=":
                return Not(OneOf(spec.id, options))
        return self.ordered(spec, symbol, options[0])

    def ordered(self, spec: Spec, symbol: str, option: str) -> Tree:
        if not spec.ordered:
            return self.wrong(f"The options of {spec.id} have no order, so {symbol} has no sense.")
        ids = options_of(spec)
        place = ids.index(option) if option in ids else 0
        kept = {
            "<": ids[:place],
            "<=": ids[: place + 1],
            ">": ids[place + 1 :],
            ">=": ids[place:],
        }[symbol]
        if not kept:
            return self.wrong(f"No option of {spec.id} is {symbol} {option}.")
        return OneOf(spec.id, tuple(kept))

    def compared(self, left: ast.expr, symbol: str, right: ast.expr, depth: int) -> Tree:
        if symbol in ("in", "not in"):
            return self.wrong(f"{shown(left)} is not a fact with options.")
        amounts = self.amount(left, depth), self.amount(right, depth)
        if symbol == "!=":
            return Not(Compare(amounts[0], "==", amounts[1]))
        if not amounts[0].numbers and not amounts[1].numbers and not self.faults:
            return self.wrong("Two fixed numbers are compared: a fact is missing.")
        return Compare(amounts[0], _OPERATORS[symbol], amounts[1])

    # Numbers -----------------------------------------------------------------------------------

    def amount(self, node: ast.expr, depth: int) -> Amount:
        if depth > MAX_NESTING:
            self.wrong(f"The condition is nested more than {MAX_NESTING} deep.")
            return Amount(())
        match node:
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                return Amount((), value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                one, two = self.amount(left, depth + 1), self.amount(right, depth + 1)
                return Amount(one.numbers + two.numbers, one.constant + two.constant)
            case ast.Name(id=name) if name in _URGENCIES and self.vocabulary.levels:
                return Amount((), Urgency.of(name))
            case ast.Name(id=name):
                return self.number_fact(name)
            case ast.Call(func=ast.Name(id=name)) if name in _NUMBERS:
                return self.number(name, self.names(node))
        self.wrong(f"{shown(node)} is not a number.")
        return Amount(())

    def number_fact(self, name: str) -> Amount:
        spec = self.fact(name)
        if spec is not None and spec.kind is not FactKind.NUMBER:
            self.wrong(f"{name} is not a number.")
        return Amount((Number("fact", name),))

    def number(self, function: str, names: tuple[str, ...]) -> Amount:
        if len(names) != 1:
            self.wrong(f"{function}( ) takes one name.")
            return Amount(())
        name = names[0]
        match function:
            case "count":
                self.many(name)
                return Amount((Number("count", name),))
            case "score":
                self.among(name, self.vocabulary.instruments, "an instrument")
                return Amount((Number("score", name),))
        if not self.vocabulary.levels:
            self.wrong(f"{function}( ) can be read by modifiers and routes only.")
        match function:
            case "need":
                self.among(name, NEEDS, "a need")
                return Amount((Number("need", name),))
            case "flag":
                self.among(name, FLAGS, "a flag")
                return Amount((Number("flag", name),))
        self.among(name, _URGENCIES, "an urgency")
        return Amount((Number("any_need", name),))

    # Functions that hold or do not hold ----------------------------------------------------

    def test(self, node: ast.Call) -> Tree:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _NUMBERS and name != "any_need":
            return self.wrong(f"{name}( ) is a number: say what it is compared with.")
        if name not in _TESTS:
            problem = f"{shown(node.func)} is not a function of the language."
            return self.wrong(problem, nearest(name, _TESTS + _NUMBERS))
        if node.keywords and name != "marked":
            return self.wrong(f"{name}( ) takes names only.")
        match name:
            case "known":
                return self.known(node)
            case "unknown":
                return Not(self.known(node))
            case "marked":
                return Marked(self.kinds(node), self.years(node))
            case "reported":
                return Marked(self.kinds(node), reported=True)
            case "any_of":
                return AnyOf(*self.several(node))
            case "only":
                return Only(*self.several(node))
            case "withheld":
                return Withheld(self.asked(node))
        return Compare(self.number("any_need", self.names(node)), ">=", Amount((), 1))

    def asked(self, node: ast.Call) -> str:
        name = self.known(node).name
        if isinstance(self.vocabulary.facts.get(name), FactSpec):
            self.wrong(f"{name} is not asked of anybody, so it cannot be withheld.")
        return name

    def known(self, node: ast.Call) -> Known:
        names = self.names(node)
        if len(names) != 1:
            self.wrong("known( ), unknown( ) and withheld( ) take one name.")
            return NOTHING
        if names[0] in self.vocabulary.definitions:
            self.wrong(f"{names[0]} is a definition; known( ) asks about one fact.")
        elif self.fact(names[0]) is None:
            return NOTHING
        return Known(names[0])

    def kinds(self, node: ast.Call) -> tuple[str, ...]:
        kinds = self.names(node)
        if not kinds:
            self.wrong("marked( ) and reported( ) need a kind of marker.")
        for kind in kinds:
            self.among(kind, MARKER_KINDS, "a kind of marker")
        return kinds

    def years(self, node: ast.Call) -> int | None:
        if not node.keywords:
            return None
        keyword = node.keywords[0]
        match keyword.value:
            case ast.Constant(value=int() as years) if (
                keyword.arg == "years" and len(node.keywords) == 1 and 1 <= years <= 100
            ):
                return years
        self.wrong("marked( ) takes kinds, and years= a whole number from 1 to 100.")
        return None

    def several(self, node: ast.Call) -> tuple[str, tuple[str, ...]]:
        if len(node.args) < 2:
            self.wrong("any_of( ) and only( ) take a question and at least one option.")
            return "", ()
        first = node.args[0]
        name = first.id if isinstance(first, ast.Name) else ""
        spec = self.many(name)
        if spec is None:
            return name, ()
        return name, self.options(spec, node.args[1:])


def _is_yes_no(spec: Spec) -> bool:
    return spec.kind is not FactKind.MANY and {*options_of(spec)} == {"yes", "no"}
