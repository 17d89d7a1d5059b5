"""Walks one condition over one person's facts: does it hold, what decided it, what is missing.

The compiled rails answer only *whether*; this slower walk says *why*, and is done only for rules
that were raised or could not be excluded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from triage.domain.answers import Answer, Group, Status, Value
from triage.domain.conditions import (
    Always,
    Amount,
    And,
    AnyOf,
    Compare,
    Defined,
    Known,
    Leaf,
    Marked,
    Not,
    Number,
    OneOf,
    Only,
    Or,
    Tree,
    Withheld,
)
from triage.domain.facts import NOT_TAKEN, SILENT_IS_NOTHING, closed, known_fact
from triage.domain.findings import FactUsed, Missing, Urgency
from triage.domain.kleene import compared, joined, rails
from triage.domain.program import Program, Reading
from triage.domain.rails import MARKER_BITS, markers_name, number_name
from triage.domain.reading import counts_for
from triage.domain.specs import FactKind, FactSpec, Question, Spec

RECORD = "record_checked"
Behind = Mapping[str, tuple[Missing, ...]]
_FROM_RECORD = SILENT_IS_NOTHING | {"breath_ug", "drug_test"}


@dataclass(frozen=True)
class Walk:
    """One person's facts, as the conditions of one rulebook read them."""

    program: Program
    reading: Reading
    values: Mapping[str, Any]
    # Definitions and leaves come back in many rules: each is worked out once for one person.
    _verdicts: dict[int, tuple[Tree, bool | None]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _leaves: dict[tuple[str, bool], tuple[Leaf, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _used: dict[Leaf, tuple[FactUsed, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def over(
        cls, program: Program, reading: Reading, levels: Mapping[str, tuple[int, int]] | None = None
    ) -> "Walk":
        """A walk over a reading, and over what the rules found where that is known."""
        values = dict(zip(program.variables, reading.values, strict=True))
        for name, (low, high) in (levels or {}).items():
            values[f"l_{name}"], values[f"h_{name}"] = low, high
        return cls(program, reading, values)

    # Does it hold? -----------------------------------------------------------------------------

    def verdict(self, tree: Tree) -> bool | None:
        """Whether the tree holds; None when nobody can tell."""
        known = self._verdicts.get(id(tree))
        if known is None:
            # The tree is kept beside its verdict, so that no other tree can take its identity.
            known = self._verdicts[id(tree)] = (tree, self._verdict(tree))
        return known[1]

    def _verdict(self, tree: Tree) -> bool | None:
        match tree:
            case Not(part):
                verdict = self.verdict(part)
                return None if verdict is None else not verdict
            case And(parts):
                return joined([self.verdict(part) for part in parts], settles=False)
            case Or(parts):
                return joined([self.verdict(part) for part in parts], settles=True)
            case OneOf(name, options):
                value = self.values[f"f_{name}"]
                return None if value is None else value in options
            case AnyOf(name, options):
                return self._any_of(name, self.program.bits[name], options)
            case Marked(kinds):
                return self._any_of(markers_name(tree), MARKER_BITS, kinds)
            case Only(name, options):
                return self._only(name, options)
            case Known(name):
                return self.known(name)
            case Withheld(name):
                return bool(self.values[f"w_{name}"])
            case Defined(name):
                return rails(self.values[f"may_{name}"], self.values[f"must_{name}"])
            case Always(holds):
                return holds
            case Compare(left, symbol, right):
                return compared(self._bounds(left), symbol, self._bounds(right))

    def known(self, name: str) -> bool:
        """Whether there is an answer."""
        if f"f_{name}" in self.values:
            return bool(self.values[f"f_{name}"])
        return bool(self.values[f"l_{name}"] == self.values[f"h_{name}"])

    def _any_of(self, name: str, bits: Mapping[str, int], options: Iterable[str]) -> bool | None:
        mask = sum(bits[option] for option in set(options))
        return rails(self.values[f"h_{name}"] & mask, self.values[f"l_{name}"] & mask)

    def _only(self, name: str, options: Iterable[str]) -> bool | None:
        bits = self.program.bits[name]
        inside = sum(bits[option] for option in set(options))
        outside = sum(bits.values()) - inside
        low, high = self.values[f"l_{name}"], self.values[f"h_{name}"]
        return rails(high & inside and not low & outside, low & inside and not high & outside)

    def _bounds(self, amount: Amount) -> tuple[Any, Any]:
        low = high = amount.constant
        for number in amount.numbers:
            name = number_name(number)
            low += self.values.get(f"l_{name}", 0)
            high += self.values.get(f"h_{name}", 0)
        return low, high

    # What decided it, what is missing? ---------------------------------------------------------

    def deciding(self, tree: Tree, *, wanted: bool = True) -> tuple[Leaf, ...]:
        """The leaves that make the tree hold (or not hold); where nobody can tell, those too
        that might."""
        return tuple(dict.fromkeys(self._deciding(tree, wanted)))

    def _deciding(self, tree: Tree, wanted: bool) -> Iterator[Leaf]:
        match tree:
            case Not(part):
                yield from self._deciding(part, not wanted)
            case Defined(name):
                if (name, wanted) not in self._leaves:
                    tree = self.program.definitions[name].when.tree
                    self._leaves[name, wanted] = tuple(self._deciding(tree, wanted))
                yield from self._leaves[name, wanted]
            case And(parts) | Or(parts):
                for part in self._decisive(
                    parts, every=isinstance(tree, And) == wanted, wanted=wanted
                ):
                    yield from self._deciding(part, wanted)
            case _:
                yield tree

    def _decisive(self, parts: tuple[Tree, ...], *, every: bool, wanted: bool) -> Iterable[Tree]:
        """All parts where each is needed; else those that settle it; else those that might."""
        if every:
            return parts
        verdicts = [self.verdict(part) for part in parts]
        best = wanted if wanted in verdicts else None
        return [part for part, verdict in zip(parts, verdicts, strict=True) if verdict is best]

    def facts(self, tree: Tree, *, wanted: bool = True) -> tuple[FactUsed, ...]:
        """The facts that decided a tree, each with its value, status, source and time."""
        found = (fact for leaf in self.deciding(tree, wanted=wanted) for fact in self.used(leaf))
        return tuple(dict.fromkeys(found))

    def missing(
        self, tree: Tree, *, wanted: bool = True, behind: Behind | None = None
    ) -> tuple[Missing, ...]:
        """The unknown facts that could make a tree hold (or not hold), and why each is unknown.

        ``behind`` gives those behind each need that could not be excluded.
        """
        unknown = (
            missing
            for leaf in self.deciding(tree, wanted=wanted)
            if self.verdict(leaf) is None
            for missing in (*self.unknown(leaf), *_behind(leaf, behind or {}))
        )
        return tuple(dict.fromkeys(unknown))

    # One leaf ----------------------------------------------------------------------------------

    def used(self, leaf: Leaf) -> tuple[FactUsed, ...]:
        """The facts that one leaf reads."""
        if leaf not in self._used:
            self._used[leaf] = tuple(self._reads(leaf))
        return self._used[leaf]

    def _reads(self, leaf: Leaf) -> Iterator[FactUsed]:
        match leaf:
            case Marked():
                yield from self._markers(leaf)
            case Compare(left, _, right):
                for number in left.numbers + right.numbers:
                    yield self._number(number)
            case Always():
                return
            case _:
                yield self.fact(self.program.facts[leaf.name])

    def unknown(self, leaf: Leaf) -> Iterator[Missing]:
        """What one leaf would need to know."""
        details = self.reading.details
        for fact in self.used(leaf):
            if fact.source == "rule":
                continue
            if not details.record.checked and (fact.id in _FROM_RECORD or isinstance(leaf, Marked)):
                yield Missing(RECORD, Status.NOT_ASKED)
            elif fact.source == "instrument" or not self.known(fact.id):
                # An answer that is no option of its question says no more than being unable.
                answered = fact.status == Status.ANSWERED
                yield Missing(fact.id, Status.UNABLE if answered else fact.status)

    def fact(self, spec: Spec) -> FactUsed:
        """One fact with its value, status, source and time."""
        details = self.reading.details
        if isinstance(spec, FactSpec):
            value = known_fact(details, spec.id, spec.nothing, self.reading.day)
            if value == NOT_TAKEN and isinstance(value, str):
                return FactUsed(spec.id, None, Status.NOT_APPLICABLE, spec.source, None, spec.group)
            status = Status.NOT_ASKED if value is None else Status.ANSWERED
            return FactUsed(spec.id, value, status, spec.source, None, spec.group)
        is_question = isinstance(spec, Question)
        answer = (details.answers if is_question else details.observations).get(spec.id)
        source = "said" if is_question else "observed"
        value, status = self._answer(spec, answer)
        asked_at = None if answer is None else answer.asked_at
        return FactUsed(spec.id, value, status, source, asked_at, spec.group)

    def _answer(self, spec: Spec, answer: Answer | None) -> tuple[Value | None, Status]:
        if answer is not None and answer.status is not Status.NOT_ASKED:
            return answer.value, answer.status
        needless = spec.kind is not FactKind.TEXT and self.known(spec.id)
        return (spec.nothing, Status.NOT_APPLICABLE) if needless else (None, Status.NOT_ASKED)

    def _markers(self, leaf: Marked) -> Iterator[FactUsed]:
        day, record = self.reading.day, self.reading.details.record
        found = [
            marker
            for marker in record.markers
            if marker.kind in leaf.kinds
            and not closed(marker, day)
            and counts_for(marker, leaf, day)
        ]
        for marker in found:
            group = Group.CLINICAL if marker.origin == "health" else Group.POLICE
            yield FactUsed("marker", marker.kind, Status.ANSWERED, marker.origin, None, group)
        if not found:
            status = Status.ANSWERED if record.checked else Status.NOT_ASKED
            yield FactUsed(RECORD, record.checked, status, "record")

    def _number(self, number: Number) -> FactUsed:
        low = self.values.get(f"l_{number_name(number)}", 0)
        match number.of:
            case "fact" | "count":
                return self.fact(self.program.facts[number.name])
            case "score":
                points = self.reading.details.scores.get(number.name)
                status = Status.NOT_ASKED if points is None else Status.ANSWERED
                value = None if points is None else points[0]
                return FactUsed(number.name, value, status, "instrument", None, Group.CLINICAL)
            case "any_need":
                return FactUsed(number_name(number), int(low), Status.ANSWERED, "rule")
        word = Urgency(low).word if low else "not_found"
        return FactUsed(number.name, word, Status.ANSWERED, "rule")


def _behind(leaf: Leaf, behind: Behind) -> Iterator[Missing]:
    if isinstance(leaf, Compare):
        for number in leaf.left.numbers + leaf.right.numbers:
            for name in tuple(behind) if number.of == "any_need" else (number.name,):
                yield from behind.get(name, ())
