"""The ways of evaluating one person that are compared: ours, the hand's, and peers from PyPI.

Every way gives the rules that hold or may hold, each with the facts that it reads, and the level
of every need and flag after the modifiers. Peers know no unknown, so they get each rule twice, as
the hand does; and they get the facts read and settled for nothing, which is in their favour.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from math import isnan
from typing import Any

from tests.benchmarks.by_hand import Explained, inputs
from triage.domain.answers import Details
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
)  # fmt: skip
from triage.domain.facts import MARKER_KINDS
from triage.domain.gathering import Gathered, apply_modifiers, find_conflicts, gather
from triage.domain.needs import NEEDS, ORDER
from triage.domain.program import Reading
from triage.domain.rails import markers_name, number_name
from triage.domain.rulebook import Modifier, Rulebook
from triage.domain.specs import FactKind, options_of
from triage.domain.used import Used

Engine = Callable[[Details], Explained]
MOST = 10**9


def raise_(
    modifier: Modifier,
    certain: bool,
    first: Mapping[str, int],
    levels: dict[str, int],
    open_: dict[str, int],
) -> None:
    """What a modifier does to the levels."""
    to = levels if certain else open_
    for need in modifier.raises:
        raised = min(first[need] + modifier.by, int(modifier.cap))
        if (first[need] or modifier.adds) and raised > first[need]:
            to[need] = max(to[need], raised)


def _tests(rulebook: Rulebook) -> list[tuple[str, Tree, list[tuple[str, int, int | None]]]]:
    found = []
    for rule in rulebook.rules:
        low = rule.if_unknown
        raises = [
            (n, int(u), None if low is None else min(int(u), int(low))) for n, u in rule.raises
        ]
        found.append((rule.id, rule.when.tree, raises))
    for each in rulebook.conflicts:
        raises = [("record_conflict", int(each.urgency), None)]
        found.append((f"conflict-{each.id}", each.when.tree, raises))
    return found


def as_the_desk_does(rulebook: Rulebook) -> Callable[[Details], Any]:
    """The two passes of a screening at the desk: every reason with the facts that decided it."""

    def engine(details: Details) -> Gathered:
        reading = rulebook.program.read(details, rulebook.law)
        used = Used.of(rulebook.program, reading)
        holding = dict(rulebook.program.first(reading.values))
        gathered = gather(rulebook, used, holding)
        tuple(find_conflicts(rulebook, used, holding, gathered))
        apply_modifiers(rulebook, used.with_levels(gathered.levels()), gathered)
        for name, possible in gathered.possible.items():
            reached = gathered.found.get(name, 0)
            gathered.lacking(open_ for urgency, open_ in possible if urgency > reached)
        return gathered

    return engine


# Peers -----------------------------------------------------------------------------------------


class Peer:
    """Expressions that zen-engine and rule-engine both read."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.book, self.program = rulebook, rulebook.program

    def tests(self) -> list[str]:
        """May and must of every rule and conflict, one after the other."""
        found = []
        for rule in self.book.rules:
            may = self.text(rule.when.tree, may=True)
            if rule.closed_by is not None:
                may = f"({may}) and not ({self.text(rule.closed_by.tree, may=False)})"
            if rule.law is not None:
                may = f"({may}) and {self.law(rule.law)}"
            if rule.until_law is not None:
                may = f"({may}) and not ({self.law(rule.until_law)})"
            found += [may, self.text(rule.when.tree, may=False)]
        for each in self.book.conflicts:
            found += [self.text(each.when.tree, may=may) for may in (True, False)]
        return found

    def modifiers(self) -> list[str]:
        """May and must of every modifier."""
        trees = (each.when.tree for each in self.book.modifiers)
        return [self.text(tree, may=may) for tree in trees for may in (True, False)]

    def law(self, row: str) -> str:
        return f"law_{self.program.law_rows.index(row)}"

    def text(self, tree: Tree, *, may: bool) -> str:
        match tree:
            case Not(part):
                return f"not ({self.text(part, may=not may)})"
            case And(parts):
                return " and ".join(f"({self.text(part, may=may)})" for part in parts)
            case Or(parts):
                return " or ".join(f"({self.text(part, may=may)})" for part in parts)
            case Defined(name):
                return f"{'may' if may else 'must'}_{name}"
            case Always(holds):
                return str(holds).lower()
            case Known(name):
                return f"k_{name}"
            case Withheld(name):
                return f"w_{name}"
            case OneOf(name, options):
                test = f"f_{name} in {_list(options)}"
                return f"(f_{name} == null or {test})" if may else f"(f_{name} != null and {test})"
            case AnyOf(name, options):
                return self.any_of(name, options, may=may)
            case Marked(kinds):
                return self.any_of(markers_name(tree), kinds, may=may)
            case Only(name, options):
                others = tuple(o for o in options_of(self.program.facts[name]) if o not in options)
                inside = self.any_of(name, options, may=may)
                outside = self.any_of(name, others, may=not may) if others else "false"
                return f"({inside}) and not ({outside})"
            case Compare():
                return self.compared(tree, may=may)

    @staticmethod
    def any_of(name: str, options: Iterable[str], *, may: bool) -> str:
        return " or ".join(f"'{option}' in {'h' if may else 'l'}_{name}" for option in options)

    def compared(self, tree: Compare, *, may: bool) -> str:
        low, high = self.sum(tree.left, "l"), self.sum(tree.left, "h")
        right_low, right_high = self.sum(tree.right, "l"), self.sum(tree.right, "h")
        symbol = tree.operator
        if symbol == "==":
            pairs = (
                (low, right_high, right_low, high) if may else (high, right_low, right_high, low)
            )
            test = f"{pairs[0]} <= {pairs[1]} and {pairs[2]} <= {pairs[3]}"
        else:
            best = (high, right_low) if (symbol in (">", ">=")) == may else (low, right_high)
            test = f"{best[0]} {symbol} {best[1]}"
        taken = [f"t_{n.name}" for n in tree.left.numbers + tree.right.numbers if n.of == "fact"]
        return " and ".join([*taken, f"({test})"])

    @staticmethod
    def sum(amount: Amount, bound: str) -> str:
        parts = [f"{bound}_{number_name(number)}" for number in amount.numbers]
        return " + ".join(
            [*parts, str(int(amount.constant))] if amount.constant or not parts else parts
        )

    # What a peer is handed for one person ------------------------------------------------------

    def context(self, reading: Reading) -> dict[str, Any]:
        """The facts of one person, read and settled."""
        values = dict(zip(self.program.variables, reading.values, strict=True))
        found: dict[str, Any] = {}
        for name, spec in self.program.facts.items():
            if spec.kind is FactKind.MANY:
                options = options_of(spec)
                found[f"l_{name}"] = _chosen(values[f"l_{name}"], options)
                found[f"h_{name}"] = _chosen(values[f"h_{name}"], options)
                found[f"k_{name}"] = values[f"l_{name}"] == values[f"h_{name}"]
            elif spec.kind is FactKind.NUMBER:
                low, high = values[f"l_{name}"], values[f"h_{name}"]
                found[f"t_{name}"] = not isnan(low)
                found[f"l_{name}"] = 0 if isnan(low) else low
                found[f"h_{name}"] = 0 if isnan(high) else min(high, MOST)
                found[f"k_{name}"] = low == high
            else:
                found[f"f_{name}"] = values[f"f_{name}"]
                found[f"k_{name}"] = bool(values[f"f_{name}"])
        for window in self.program.windows:
            name = markers_name(window)
            for bound in "lh":
                found[f"{bound}_{name}"] = _chosen(values[f"{bound}_{name}"], MARKER_KINDS)
        for name, value in values.items():
            if name.startswith(("may_", "must_", "w_", "law_")):
                found[name] = bool(value)
            elif "count_of_" in name:
                found[name] = value
        return found

    def levels(self, first: Mapping[str, int], could: Mapping[str, int]) -> dict[str, int]:
        """What the first pass found, for the modifiers."""
        found = {}
        for number in self.program.levels:
            for bound, levels in (("l", first), ("h", could)):
                found[f"{bound}_{number_name(number)}"] = _level(number, levels)
        return found

    def engine(
        self,
        first: Callable[[dict[str, Any]], list[bool]],
        second: Callable[[dict[str, Any]], list[bool]],
    ) -> Callable[[dict[str, Any]], Explained]:
        """A whole evaluation by a peer, from the facts it is handed."""
        tests = _tests(self.book)
        names = [inputs(tree, self.book) for _, tree, _ in tests]
        seconds = [inputs(each.when.tree, self.book) for each in self.book.modifiers]

        def evaluate(context: dict[str, Any]) -> Explained:
            verdicts = first(context)
            found = []
            levels, open_ = dict.fromkeys(ORDER, 0), dict.fromkeys(ORDER, 0)
            for place, (name, _, raises) in enumerate(tests):
                if not verdicts[2 * place]:
                    continue
                certain = bool(verdicts[2 * place + 1])
                if name.startswith("conflict-") and not certain:
                    continue
                found.append((name, certain, _given(context, names[place])))
                for need, urgency, if_unknown in raises:
                    to, level = (levels, urgency) if certain else (open_, urgency)
                    if not certain and if_unknown is not None:
                        to, level = levels, if_unknown
                    to[need] = max(to[need], level)
            before, could = dict(levels), {n: max(levels[n], open_[n]) for n in ORDER}
            verdicts = second({**context, **self.levels(before, could)})
            for place, modifier in enumerate(self.book.modifiers):
                if verdicts[2 * place]:
                    certain = bool(verdicts[2 * place + 1])
                    found.append((modifier.id, certain, _given(context, seconds[place])))
                    raise_(modifier, certain, before, levels, open_)
            return found, tuple(levels.values()), tuple(open_.values())

        return evaluate


def _level(number: Number, levels: Mapping[str, int]) -> int:
    if number.of == "any_need":
        least = {"routine": 1, "soon": 2, "urgent": 3, "emergency": 4}[number.name]
        return sum(levels[need] >= least for need in NEEDS)
    return levels[number.name]


def _given(context: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    found = {}
    for name in names:
        local = f"f_{name}"
        found[name] = context[local] if local in context else context.get(f"l_{name}")
    return found


def _list(options: Iterable[str]) -> str:
    return "[" + ", ".join(f"'{option}'" for option in options) + "]"


def _chosen(bits: int, options: Iterable[str]) -> list[str]:
    return [option for place, option in enumerate(options) if bits >> place & 1]


def zen_array(peer: Peer) -> Callable[[dict[str, Any]], Explained]:
    """zen-engine's best trick: all tests as one array expression, compiled once."""
    import zen

    one, two = (zen.compile_expression(_array(t)) for t in (peer.tests(), peer.modifiers()))
    return peer.engine(one.evaluate, two.evaluate)


def zen_graph(peer: Peer) -> Callable[[dict[str, Any]], Explained]:
    """zen-engine as documented: a decision with an expression node."""
    import zen

    one, two = (
        zen.ZenEngine().create_decision(_decision(t)) for t in (peer.tests(), peer.modifiers())
    )

    def run(decision: Any) -> Callable[[dict[str, Any]], list[bool]]:
        def evaluate(context: dict[str, Any]) -> list[bool]:
            result = decision.evaluate(context)["result"]
            return [result[f"t{place}"] for place in range(len(result))]

        return evaluate

    return peer.engine(run(one), run(two))


def rule_engine(peer: Peer) -> Callable[[dict[str, Any]], Explained]:
    """rule-engine as documented: a rule object for each test, matched against a mapping."""
    import rule_engine as library

    one, two = ([library.Rule(t) for t in tests] for tests in (peer.tests(), peer.modifiers()))
    return peer.engine(
        lambda context: [rule.matches(context) for rule in one],
        lambda context: [rule.matches(context) for rule in two],
    )


def _array(tests: Iterable[str]) -> str:
    return "[" + ", ".join(f"({test})" for test in tests) + "]"


def _decision(tests: list[str]) -> str:
    expressions = [
        {"id": f"e{place}", "key": f"t{place}", "value": test} for place, test in enumerate(tests)
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "all", "type": "expressionNode", "name": "all",
         "content": {"expressions": expressions, "passThrough": False}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]  # fmt: skip
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "all"},
        {"id": "b", "sourceId": "all", "targetId": "out"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})
