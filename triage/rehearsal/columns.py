"""The facts of coded rows as nodes of a graph: which rows have which option, and which may.

A rulebook reads rows of any coding by ids and options. A question that was not coded is unknown.
An option that the rulebook no longer has says no more than that there was an answer: unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from triage.domain.facts import MARKER_KINDS
from triage.domain.specs import FactKind, Spec, options_of
from triage.rehearsal.coding import NO_MARKER, REPORTED, Coding
from triage.rehearsal.graph import FALSE, TRUE, Graph
from triage.rehearsal.places import FIRST, MARKERS, Field, shape_of


@dataclass(frozen=True)
class Column:
    """One fact of one rulebook in rows of one coding, before its branch is settled."""

    graph: Graph
    spec: Spec
    field: Field | None  # None: rows of this coding do not hold it

    @cached_property
    def options(self) -> tuple[str, ...]:
        """The options that the rulebook knows."""
        return options_of(self.spec)

    def states(self, wanted: Iterable[int]) -> int:
        """Where the state is one of these."""
        if self.field is None:
            return TRUE if 0 in set(wanted) else FALSE
        return self.graph.or_(*(self._between(*run) for run in _runs(wanted)))

    def _between(self, first: int, last: int) -> int:
        assert self.field is not None
        top = self.field.shape.states - 1
        if (first, last) == (0, top):
            return TRUE
        byte = self.graph.node("byte", self.field.byte)
        state = self.graph.node("part", byte, self.field.shift, self.field.mask)
        return self.graph.node("between", state, first, last, top)

    def lanes(self, wanted: Mapping[int, int]) -> int:
        """Where any of these bits of these bytes is set."""
        parts = [
            self.graph.node("bits", self.graph.node("byte", byte), mask)
            for byte, mask in wanted.items()
            if mask
        ]
        return self.graph.or_(*parts)

    @property
    def withheld(self) -> int:
        """Where somebody asked and no answer came."""
        is_fact = self.field is None or self.field.shape.part == "fact"
        return FALSE if is_fact else self.states((1, 2))

    @property
    def same_kind(self) -> bool:
        """Whether the coded answers can mean anything to the rulebook."""
        if self.field is None:
            return False
        many = self.field.shape.kind is FactKind.MANY
        return many == (self.spec.kind is FactKind.MANY)


class Choice(Column):
    """A fact with one answer, or free text."""

    @cached_property
    def state_of(self) -> Mapping[str, int]:
        """The state of each option that both the coding and the rulebook know."""
        if not self.same_kind or self.field is None:
            return {}
        shape = self.field.shape
        known = [option for option in self.options if option in shape.options]
        return {option: FIRST + shape.options.index(option) for option in known}

    @property
    def _all_states(self) -> range:
        return range(1 if self.field is None else self.field.shape.states)

    @cached_property
    def answered(self) -> frozenset[int]:
        """The states that are an answer of this rulebook."""
        if self.spec.kind is FactKind.TEXT and self.field is not None:
            return frozenset(range(FIRST, self.field.shape.states))
        return frozenset(self.state_of.values())

    @cached_property
    def not_taken(self) -> frozenset[int]:
        """The state of a reading that certainly nobody took."""
        fact = self.field is not None and self.field.shape.part == "fact"
        return frozenset({1}) if fact else frozenset()

    @cached_property
    def no_answer(self) -> int:
        """Where there is none, for whatever reason."""
        return self.states(set(self._all_states) - self.answered - self.not_taken)

    def among(self, options: Iterable[str]) -> int:
        """Where the answer is one of these options."""
        return self.states({self.state_of[o] for o in options if o in self.state_of})

    @cached_property
    def known(self) -> int:
        """Where there is an answer."""
        return self.states(self.answered)


class Many(Column):
    """A fact of which several options can be chosen."""

    @cached_property
    def place_of(self) -> Mapping[str, tuple[int, int]]:
        """The byte and the bit of each option that both the coding and the rulebook know."""
        if not self.same_kind or self.field is None:
            return {}
        places = {
            option: (self.field.lanes + n // 8, 1 << n % 8)
            for n, option in enumerate(self.field.shape.options)
        }
        return {option: places[option] for option in self.options if option in places}

    def chosen(self, options: Iterable[str]) -> int:
        """Where one of these options is certainly chosen."""
        return self.lanes(_masks(self.place_of[o] for o in set(options) if o in self.place_of))

    @cached_property
    def no_answer(self) -> int:
        """Where any option could be chosen besides those that are."""
        if not self.same_kind or self.field is None:
            return TRUE
        shape = self.field.shape
        dropped = [
            (self.field.lanes + n // 8, 1 << n % 8)
            for n, option in enumerate(shape.options)
            if option not in self.place_of
        ]
        missing = self.graph.not_(self.states({FIRST}))
        open_ = self.graph.or_(missing, self.lanes(_masks(dropped)))
        every = [self.chosen((option,)) for option in self.options]
        return self.graph.and_(open_, self.graph.not_(self.graph.and_(*every)))

    @cached_property
    def bits(self) -> Mapping[int, int]:
        """The bits of each byte that are options of the rulebook."""
        return _masks(self.place_of.values())


def column(graph: Graph, coding: Coding, spec: Spec) -> Choice | Many:
    """The column of one fact of a rulebook in rows of a coding."""
    shape = shape_of(spec)
    field = coding.fields.get((shape.part, shape.id))
    kind = Many if spec.kind is FactKind.MANY else Choice
    return kind(graph, spec, field)


def marked(graph: Graph, kinds: Iterable[str], years: int | None, *, reported: bool) -> int:
    """Where a marker of one of these kinds certainly stands."""
    parts = []
    for kind in dict.fromkeys(kinds):
        byte = graph.node("byte", MARKERS + MARKER_KINDS.index(kind))
        if reported:
            parts.append(graph.node("bits", byte, REPORTED))
        else:
            age = graph.node("part", byte, 0, NO_MARKER)
            parts.append(graph.node("between", age, 0, _last_year(years), NO_MARKER))
    return graph.or_(*parts)


def _last_year(years: int | None) -> int:
    return NO_MARKER - 1 if years is None else years


def _runs(wanted: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Neighbouring states as (first, last)."""
    runs: list[tuple[int, int]] = []
    for state in sorted(set(wanted)):
        if runs and runs[-1][1] == state - 1:
            runs[-1] = (runs[-1][0], state)
        else:
            runs.append((state, state))
    return runs


def _masks(places: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    masks: dict[int, int] = {}
    for byte, bit in places:
        masks[byte] = masks.get(byte, 0) | bit
    return masks
