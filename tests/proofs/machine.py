"""Runs the generated source of a rulebook on symbols instead of values, for a solver.

``rails`` writes plain Python: assignments, ``if``, ``and``, ``or``, ``not``, comparisons, masks and
sums. This reads that very source, not the rules it came from, and gives for every test its *may*
and *must* as formulas. What is proved is therefore what runs.
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from triage.domain.settling import ALL_READ

NONE = 0  # the code of an answer that nobody knows


class Words:
    """Each different string as a small whole number; None is 0."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def code(self, word: str | None) -> int:
        """The number of a word, the same each time."""
        if word is None:
            return NONE
        return self.codes.setdefault(word, len(self.codes) + 1)

    def word(self, code: int) -> str | None:
        """The word of a number."""
        return next((word for word, known in self.codes.items() if known == code), None)


@dataclass(frozen=True)
class Choice:
    """One option, as its code."""

    code: z3.ArithRef


@dataclass(frozen=True)
class Bits:
    """A set of options."""

    vector: z3.BitVecRef


@dataclass(frozen=True)
class Amount:
    """A number, or no number at all (every comparison with it is false)."""

    number: z3.ArithRef
    nothing: z3.BoolRef


Symbol = Choice | Bits | Amount | z3.BoolRef


class Machine:
    """One run of generated source over symbolic locals."""

    def __init__(self, words: Words, values: Mapping[str, Symbol]) -> None:
        self.words = words
        self.locals: dict[str, Symbol] = dict(values)
        # What the source does not ask, because it can never be, is never found.
        never = z3.BoolVal(False)
        self.found: dict[int, tuple[z3.BoolRef, z3.BoolRef]] = defaultdict(lambda: (never, never))

    def run(self, function: Callable[..., Any]) -> "Machine":
        """Runs a function that ``rails.define`` made; its source is kept as its docstring."""
        body = ast.parse(function.__doc__ or "").body[0]
        assert isinstance(body, ast.FunctionDef)
        for statement in body.body[_read_until(body.body) :]:
            self.statement(statement, z3.BoolVal(True))
        return self

    def statement(self, node: ast.stmt, when: z3.BoolRef) -> None:
        match node:
            case ast.Return():
                return  # what is returned is the locals
            case ast.Assign(targets=targets, value=ast.List(elts=[])):
                assert [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.Assign(value=ast.Attribute(value=ast.Name("found"), attr="append")):
                return  # how what is found is kept
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    assert isinstance(target, ast.Name)
                    self.assign(target.id, value, when)
            case ast.If(test=test, body=body, orelse=[]):
                for inner in body:
                    self.statement(inner, z3.And(when, self.truth(test)))
            case ast.Expr(value=ast.Call(args=[ast.Tuple(elts=[place, must])])):
                assert isinstance(place, ast.Constant)
                self.found[int(place.value)] = (when, self.truth(must))
            case _:
                raise AssertionError(f"The machine does not know {ast.dump(node)}")

    def assign(self, name: str, value: ast.expr, when: z3.BoolRef) -> None:
        before = self.locals.get(name)
        new = self.value(value, like=before)
        if z3.is_true(when) or before is None:
            self.locals[name] = new
            return
        self.locals[name] = either(when, new, before)

    def value(self, node: ast.expr, like: Symbol | None = None) -> Symbol:
        match node:
            case ast.Name(id=name):
                return self.locals[name]
            case ast.Constant(value=bool(truth)):
                return z3.BoolVal(truth)
            case ast.Constant(value=None):
                return Choice(z3.IntVal(NONE))
            case ast.Constant(value=str(word)):
                return Choice(z3.IntVal(self.words.code(word)))
            case ast.Constant(value=int(number)):
                if isinstance(like, Bits):
                    return Bits(z3.BitVecVal(number, like.vector.size()))
                return Amount(z3.RealVal(number), z3.BoolVal(False))
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                one, other = self.amount(left), self.amount(right)
                return Amount(one.number + other.number, z3.Or(one.nothing, other.nothing))
            case ast.BinOp(op=ast.BitAnd(), left=left, right=ast.Constant(value=int(mask))):
                bits = self.value(left)
                assert isinstance(bits, Bits)
                return Bits(bits.vector & z3.BitVecVal(mask, bits.vector.size()))
            case ast.Call(func=ast.Attribute(value=inner, attr="bit_count")):
                return counted(self.value(inner))
            case ast.BoolOp() | ast.UnaryOp() | ast.Compare():
                return self.truth(node)
            case _:
                raise AssertionError(f"The machine does not know {ast.dump(node)}")

    def amount(self, node: ast.expr) -> Amount:
        value = self.value(node)
        assert isinstance(value, Amount), ast.dump(node)
        return value

    def truth(self, node: ast.expr) -> z3.BoolRef:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return z3.And(*[self.truth(part) for part in parts])
            case ast.BoolOp(op=ast.Or(), values=parts):
                return z3.Or(*[self.truth(part) for part in parts])
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return z3.Not(self.truth(part))
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self.compared(left, operator, right)
            case _:
                return self.truthy(self.value(node))

    def truthy(self, symbol: Symbol) -> z3.BoolRef:
        match symbol:
            case Choice(code):
                return z3.And(code != NONE, code != self.words.code(""))
            case Bits(vector):
                return vector != 0
            case Amount():
                raise AssertionError("a number is never a condition by itself")
            case _:
                return symbol

    def compared(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> z3.BoolRef:
        one = self.value(left)
        match operator, right:
            case (ast.In(), ast.Set(elts=options)):
                return z3.Or(*[equal(one, self.value(option, one)) for option in options])
            case (ast.Is(), ast.Constant(value=None)):
                return equal(one, Choice(z3.IntVal(NONE)))
            case (ast.Eq(), _):
                return equal(one, self.value(right, one))
            case (ast.NotEq(), _):
                return z3.Not(equal(one, self.value(right, one)))
        other = self.value(right, one)
        assert isinstance(one, Amount) and isinstance(other, Amount), ast.dump(right)
        numbers = z3.And(z3.Not(one.nothing), z3.Not(other.nothing))
        match operator:
            case ast.Lt():
                return z3.And(numbers, one.number < other.number)
            case ast.LtE():
                return z3.And(numbers, one.number <= other.number)
            case ast.Gt():
                return z3.And(numbers, one.number > other.number)
            case ast.GtE():
                return z3.And(numbers, one.number >= other.number)
        raise AssertionError(f"The machine does not know {ast.dump(operator)}")


def _read_until(body: list[ast.stmt]) -> int:
    """How many statements only read a person's facts, which the solver is free to choose.

    Reading ends where the source says so, or where the values that were read before are unpacked.
    """
    ends = [place for place, node in enumerate(body) if _ends_reading(node)]
    return ends[-1] + 1 if ends else 0


def _ends_reading(node: ast.stmt) -> bool:
    """The sentence that says so; all the values at once; or one of them by its place."""
    match node:
        case ast.Expr(value=ast.Constant(value=sentence)):
            return bool(sentence == ALL_READ)
        case ast.Assign(value=ast.Name(id="values")):
            return True
        case ast.Assign(value=ast.Subscript(value=ast.Name(id="values"))):
            return True
    return False


def equal(one: Symbol, other: Symbol) -> z3.BoolRef:
    match one, other:
        case Choice(left), Choice(right):
            return left == right
        case Bits(left), Bits(right):
            return left == right
        case Amount(left, nothing), Amount(right, none):
            return z3.And(z3.Not(nothing), z3.Not(none), left == right)
    raise AssertionError(f"{one} and {other} cannot be compared")


def either(when: z3.BoolRef, yes: Symbol, no: Symbol) -> Symbol:
    match yes, no:
        case Choice(one), Choice(other):
            return Choice(z3.If(when, one, other))
        case Bits(one), Bits(other):
            return Bits(z3.If(when, one, other))
        case Amount(one, nothing), Amount(other, none):
            return Amount(z3.If(when, one, other), z3.If(when, nothing, none))
    return z3.If(when, yes, no)


def counted(symbol: Symbol) -> Amount:
    assert isinstance(symbol, Bits)
    size = symbol.vector.size()
    ones = [z3.If(z3.Extract(n, n, symbol.vector) == 1, 1, 0) for n in range(size)]
    return Amount(z3.ToReal(z3.Sum(*ones)), z3.BoolVal(False))
