"""Checked conditions as columns, on two rails: where a condition may hold, and where it must.

The same trees that ``domain.rails`` compiles for one person are compiled here for many. The two
are written apart on purpose: each run holds one against the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

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
)
from triage.domain.facts import SILENT_IS_NOTHING
from triage.domain.rulebook import Rulebook
from triage.domain.specs import FactKind, FactSpec, Question, Spec
from triage.rehearsal.coding import EPOCH, LAST_DAY, Coding
from triage.rehearsal.columns import Choice, Many, column, marked
from triage.rehearsal.graph import FALSE, TRUE, Graph

Rails = tuple[int, int]  # where it may hold, where it must
_CHECKED = "record_checked"


class Levels(Protocol):
    """What the first pass found: where a need or flag reaches an urgency."""

    def reaches(self, number: Number, least: int) -> Rails: ...
    def amount(self, number: Number) -> tuple[int, int]: ...


@dataclass
class Conditions:
    """The conditions of one rulebook over rows of one coding."""

    graph: Graph
    rulebook: Rulebook
    coding: Coding
    _columns: dict[str, Choice | Many] = field(default_factory=dict)
    _settled: dict[str, int] = field(default_factory=dict)
    _definitions: dict[str, Rails] = field(default_factory=dict)

    def rails(self, tree: Tree, levels: Levels | None = None) -> Rails:
        """Where a tree may hold, and where it must."""
        match tree:
            case Not(part):
                may, must = self.rails(part, levels)
                return self.graph.not_(must), self.graph.not_(may)
            case And(parts):
                return self._all([self.rails(part, levels) for part in parts])
            case Or(parts):
                return self._any([self.rails(part, levels) for part in parts])
            case Defined(name):
                return self._defined(name)
            case Always(holds):
                return (TRUE, TRUE) if holds else (FALSE, FALSE)
            case Compare():
                return self._compare(tree, levels)
            case Marked(kinds, years, reported):
                must = marked(self.graph, kinds, years, reported=reported)
                return self.graph.or_(must, self.graph.not_(self._checked)), must
            case OneOf(name, options):
                return self._one_of(name, options)
            case AnyOf(name, options):
                return self._some(name, options)
            case Only(name, options):
                return self._only(name, options)
            case Known(name):
                known = self._known(name)
                return known, known
            case Withheld(name):
                withheld = self.column(name).withheld
                return withheld, withheld

    def _all(self, parts: Iterable[Rails]) -> Rails:
        may, must = zip(*parts, strict=True)
        return self.graph.and_(*may), self.graph.and_(*must)

    def _any(self, parts: Iterable[Rails]) -> Rails:
        may, must = zip(*parts, strict=True)
        return self.graph.or_(*may), self.graph.or_(*must)

    def _defined(self, name: str) -> Rails:
        if name not in self._definitions:
            tree = self.rulebook.definitions[name].when.tree
            self._definitions[name] = self.rails(tree)
        return self._definitions[name]

    # One fact ----------------------------------------------------------------------------------

    def spec(self, name: str) -> Spec:
        """The question, observation or fact of this id."""
        book = self.rulebook
        parts: tuple[Mapping[str, Spec], ...] = (book.facts, book.observations, book.questions)
        return next(part[name] for part in parts if name in part)

    def column(self, name: str) -> Choice | Many:
        """The column of one fact, before its branch is settled."""
        if name not in self._columns:
            self._columns[name] = column(self.graph, self.coding, self.spec(name))
        return self._columns[name]

    @property
    def _checked(self) -> int:
        if _CHECKED not in self.rulebook.facts:
            return FALSE
        return self._one_of(_CHECKED, ("yes",))[1]

    def settled(self, name: str) -> int:
        """Where a fact that nobody gave reads as its ``nothing``.

        A branch question whose gate is certainly false; a checked record that is silent on a fact.
        """
        if name not in self._settled:
            self._settled[name] = self._settle(self.spec(name))
        return self._settled[name]

    def _settle(self, spec: Spec) -> int:
        facts = self.column(spec.id)
        if isinstance(spec, Question) and spec.branch is not None:
            gate, _ = self.rails(spec.branch.tree)
            asked = self.graph.not_(facts.withheld)
            return self.graph.and_(facts.no_answer, asked, self.graph.not_(gate))
        silent = isinstance(spec, FactSpec) and spec.id in SILENT_IS_NOTHING
        if silent and spec.nothing is not None:
            return self.graph.and_(facts.states((0,)), self._checked)
        return FALSE

    def _one_of(self, name: str, options: tuple[str, ...]) -> Rails:
        facts, settled = self.column(name), self.settled(name)
        assert isinstance(facts, Choice)
        must = facts.among(options)
        if self._nothing(facts) in options:
            must = self.graph.or_(must, settled)
        open_ = self.graph.and_(facts.no_answer, self.graph.not_(settled))
        return self.graph.or_(must, open_), must

    @staticmethod
    def _nothing(facts: Choice) -> str:
        nothing = facts.spec.nothing
        if isinstance(nothing, bool):
            return "yes" if nothing else "no"
        return str(nothing) if nothing in facts.options else ""

    def _known(self, name: str) -> int:
        facts = self.column(name) if self.spec(name).kind is not FactKind.NUMBER else None
        if facts is None:
            low, high = self._number_fact(name)
            return self.graph.and_(
                self.graph.node("at_most", low, high), self.graph.node("at_most", high, low)
            )
        settled = self.settled(name)
        if isinstance(facts, Many):
            return self.graph.or_(self.graph.not_(facts.no_answer), settled)
        return self.graph.or_(facts.known, settled if self._nothing(facts) else FALSE)

    # Several options ---------------------------------------------------------------------------

    def _some(self, name: str, options: Iterable[str]) -> Rails:
        """Where one of these options is possibly chosen, and where certainly."""
        facts, settled, wanted = self.column(name), self.settled(name), set(options)
        assert isinstance(facts, Many)
        if not wanted:
            return FALSE, FALSE
        given = self.graph.and_(facts.chosen(wanted), self.graph.not_(settled))
        nothing = facts.spec.nothing if isinstance(facts.spec, FactSpec) else ()
        if isinstance(nothing, tuple) and wanted & set(nothing):
            given = self.graph.or_(given, settled)
        open_ = self.graph.and_(facts.no_answer, self.graph.not_(settled))
        return self.graph.or_(given, open_), given

    def _only(self, name: str, options: tuple[str, ...]) -> Rails:
        """May be only these if one of these is possible and no other is certain."""
        others = set(self.column(name).options) - set(options)
        inside, outside = self._some(name, options), self._some(name, others)
        return (
            self.graph.and_(inside[0], self.graph.not_(outside[1])),
            self.graph.and_(inside[1], self.graph.not_(outside[0])),
        )

    # Numbers -----------------------------------------------------------------------------------

    def _compare(self, tree: Compare, levels: Levels | None) -> Rails:
        fast = _one_level(tree)
        if fast is not None and levels is not None:
            number, operator, constant = fast
            return self._level(levels, number, operator, constant)
        left, right = self._bounds(tree.left, levels), self._bounds(tree.right, levels)
        return self._ordered(left, tree.operator, right)

    def _ordered(self, left: tuple[int, int], operator: str, right: tuple[int, int]) -> Rails:
        (low, high), (right_low, right_high) = left, right
        node = self.graph.node
        match operator:
            case "<":
                return node("less", low, right_high), node("less", high, right_low)
            case "<=":
                return node("at_most", low, right_high), node("at_most", high, right_low)
            case ">":
                return node("less", right_low, high), node("less", right_high, low)
            case ">=":
                return node("at_most", right_low, high), node("at_most", right_high, low)
        may = node("at_most", low, right_high), node("at_most", right_low, high)
        must = node("at_most", high, right_low), node("at_most", right_high, low)
        return self.graph.and_(*may), self.graph.and_(*must)

    def _level(self, levels: Levels, number: Number, operator: str, constant: int) -> Rails:
        """A need against an urgency: no arithmetic is needed."""
        at, above = levels.reaches(number, constant), levels.reaches(number, constant + 1)
        not_ = self.graph.not_
        match operator:
            case ">=":
                return at
            case ">":
                return above
            case "<":
                return not_(at[1]), not_(at[0])
            case "<=":
                return not_(above[1]), not_(above[0])
        may = self.graph.and_(at[0], not_(above[1]))
        return may, self.graph.and_(at[1], not_(above[0]))

    def _bounds(self, amount: Amount, levels: Levels | None) -> tuple[int, int]:
        bounds = [self._number(number, levels) for number in amount.numbers]
        lows, highs = [low for low, _ in bounds], [high for _, high in bounds]
        node, constant = self.graph.node, amount.constant
        return node("sum", constant, *sorted(lows)), node("sum", constant, *sorted(highs))

    def _number(self, number: Number, levels: Levels | None) -> tuple[int, int]:
        match number.of:
            case "fact":
                return self._number_fact(number.name)
            case "count":
                return self._count(number.name)
            case "score":
                node = self.graph.node
                return node("score", number.name, 0), node("score", number.name, 1)
        zero = self.graph.node("sum", 0)
        return (zero, zero) if levels is None else levels.amount(number)

    def _number_fact(self, name: str) -> tuple[int, int]:
        place = self.coding.fields.get(("fact", name))
        if place is None or place.shape.kind is not FactKind.NUMBER:
            return self.graph.node("sum", 0), self.graph.node("endless")
        value = self.graph.node("number", place.byte)
        return self.graph.node("low", value), self.graph.node("high", value)

    def _count(self, name: str) -> tuple[int, int]:
        facts, settled = self.column(name), self.settled(name)
        assert isinstance(facts, Many)
        chosen = [self._some(name, (option,))[1] for option in facts.options]
        low = self.graph.node("count", *sorted(chosen))
        most = self.graph.node("sum", len(facts.options))
        whole = self.graph.or_(self.graph.not_(facts.no_answer), settled)
        return low, self.graph.node("if_false", whole, most, low) if whole != TRUE else low

    # Law ---------------------------------------------------------------------------------------

    def in_force(self, row_id: str) -> int:
        """Where a row of law was in force on the London day of the screening."""
        row = self.rulebook.law.rows.get(row_id)
        if row is None or row.in_force_from is None:
            return FALSE
        begun = self._from_day((row.in_force_from - EPOCH).days)
        if row.in_force_to is None:
            return begun
        return self.graph.and_(
            begun, self.graph.not_(self._from_day((row.in_force_to - EPOCH).days))
        )

    def _from_day(self, days: int) -> int:
        if days <= 0:
            return TRUE
        return self.graph.node("from_day", days) if days <= LAST_DAY else FALSE


def _one_level(tree: Compare) -> tuple[Number, str, int] | None:
    """A comparison of just one need or flag with a fixed urgency, if it is one."""
    left, right = tree.left, tree.right
    plain = len(left.numbers) == 1 and not right.numbers and not left.constant
    if not plain or left.numbers[0].of not in ("need", "flag"):
        return None
    return left.numbers[0], tree.operator, right.constant
