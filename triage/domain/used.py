"""One person's facts as reasons and questions show them: each is made once, however many rules
read it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from triage.domain.answers import NOT_ASKED, Group, Marker, Status, Value
from triage.domain.conditions import Marked, Number, Tree
from triage.domain.deciding import Through
from triage.domain.facts import NOT_TAKEN, SILENT_IS_NOTHING, closed, known_fact
from triage.domain.findings import FactUsed, Missing, Urgency, like
from triage.domain.levels import Levels
from triage.domain.program import Program, Reading
from triage.domain.rails import number_name
from triage.domain.reading import counts_for
from triage.domain.specs import FactKind, FactSpec, Question, Spec

RECORD = "record_checked"
# What is missing, by its id: an id has one reason at a time, so nothing is asked for twice.
Lacking = Mapping[str, Missing]
Behind = Callable[[Number], Lacking]
_FROM_RECORD = SILENT_IS_NOTHING | {"breath_ug", "drug_test"}
_NOTHING: Lacking = MappingProxyType({})
_NO_RECORD: Lacking = MappingProxyType({RECORD: Missing(RECORD, Status.NOT_ASKED)})


@dataclass(frozen=True)
class Used:
    """What the verdicts about one person rest on."""

    program: Program
    reading: Reading
    values: tuple[Any, ...]
    _facts: dict[str, tuple[FactUsed, ...]] = field(default_factory=dict, compare=False, repr=False)
    _shared: dict[FactUsed, FactUsed] = field(default_factory=dict, compare=False, repr=False)
    _lacking: dict[str, Lacking] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, program: Program, reading: Reading) -> "Used":
        """What the verdicts of the first pass rest on."""
        return cls(program, reading, reading.values)

    def with_levels(self, levels: Levels) -> "Used":
        """What verdicts rest on that read needs and flags too."""
        values = self.program.with_levels(self.reading, levels)
        known = self._facts.copy(), self._shared, self._lacking
        return Used(self.program, self.reading, values, *known)

    def decided(self, tree: Tree) -> tuple[FactUsed, ...]:
        """The facts that make a tree hold, which certainly does."""
        return self.named(self.program.deciding.decided(tree)(self.values))

    def might(self, tree: Tree) -> tuple[FactUsed, ...]:
        """The facts that decided so far, and those that still might, where nobody can tell."""
        return self.named(self.program.deciding.might(tree)(self.values))

    def named(self, keys: Collection[str]) -> tuple[FactUsed, ...]:
        """The facts that these keys of ``deciding`` name, each once."""
        known = self._facts
        found: list[FactUsed] = []
        for key in keys:
            facts = known.get(key)
            if facts is None:
                facts = known[key] = self._used(key)
            found += facts
        if len(keys) > 1 and not self.program.deciding.others.keys().isdisjoint(keys):
            # Only what stands for several facts, as markers do, can bring one in twice. Each is
            # made once for one person, so what it is tells it from others, whatever it says.
            return tuple({id(fact): fact for fact in found}.values())
        return tuple(found)

    def missing(self, tree: Tree, behind: Behind | None = None) -> tuple[Missing, ...]:
        """What is unknown behind a tree of which nobody can tell, and why each is unknown.

        ``behind`` gives what is missing behind a need or flag that was not excluded.
        """
        return tuple(self.lacking(tree, behind).values())

    def lacking(self, tree: Tree, behind: Behind | None = None) -> Lacking:
        """The same, by the id of each answer. It belongs to whoever asked first: leave it alone."""
        deciding = self.program.deciding
        keys = deciding.missing(tree)(self.values)
        if behind is None and len(keys) == 1:
            return self._lacks(*keys)
        lacking, found = self._lacking, dict[str, Missing]()
        for key in keys:
            known = lacking.get(key)
            found.update(self._lacks(key) if known is None else known)
            if behind is not None and isinstance(number := deciding.others.get(key), Number):
                found.update(behind(number))
        return found

    def _lacks(self, key: str) -> Lacking:
        known = self._lacking.get(key)
        if known is None:
            known = self._lacking[key] = self._unknown(key)
        return known

    def unknown(self, key: str) -> Iterable[Missing]:
        """What is missing for one key, if anything is."""
        return self._lacks(key).values()

    # One key -----------------------------------------------------------------------------------

    def _used(self, key: str) -> tuple[FactUsed, ...]:
        other = self.program.deciding.others.get(key)
        match other:
            case None:
                return (self.fact(self.program.facts[key]),)
            case Through():
                return self.named(self.program.deciding.through(other)(self.values))
            case Marked():
                return tuple(dict.fromkeys(self._markers(other)))
            case Number():
                return (self._number(other),)

    def _unknown(self, key: str) -> Lacking:
        if key in self.program.facts:
            return self._unknown_fact(key)
        other = self.program.deciding.others[key]
        match other:
            case Through():
                found: dict[str, Missing] = {}
                for each in self.program.deciding.through(other)(self.values):
                    found.update(self._lacks(each))
                return found
            case Marked():
                return _NOTHING if self.reading.details.record.checked else _NO_RECORD
            case Number(of="score", name=name):
                asked = name in self.reading.details.scores
                return {name: Missing(name, Status.UNABLE if asked else Status.NOT_ASKED)}
        return _NOTHING  # what is missing behind a need is missing behind its rules

    def _unknown_fact(self, name: str) -> Lacking:
        if name in _FROM_RECORD and not self.reading.details.record.checked:
            return _NO_RECORD
        if self.known(name):
            return _NOTHING
        details = self.reading.details
        answer = details.answers.get(name) or details.observations.get(name)
        # What the record would hold is asked of nobody, and nothing else shares its name.
        status = Status.NOT_ASKED if answer is None else answer.status
        return self.program.wanting(name, status)

    def known(self, name: str) -> bool:
        """Whether there is an answer."""
        place = self.program.places.get(f"f_{name}")
        if place is not None:
            return bool(self.values[place])
        low, high = (self.values[self.program.places[bound + name]] for bound in ("l_", "h_"))
        return bool(low == high)

    def fact(self, spec: Spec) -> FactUsed:
        """One fact with its value, status, source and time."""
        value, status, asked_at = self._read(spec)
        return like(self.program.shown[spec.id], value=value, status=status, asked_at=asked_at)

    def _read(self, spec: Spec) -> tuple[Value | None, Status, datetime | None]:
        details = self.reading.details
        if isinstance(spec, FactSpec):
            value = known_fact(details, spec.id, spec.nothing, self.reading.day)
            if value is None:
                return None, Status.NOT_ASKED, None
            if value == NOT_TAKEN and isinstance(value, str):
                return None, Status.NOT_APPLICABLE, None
            return value, Status.ANSWERED, None
        given = details.answers if isinstance(spec, Question) else details.observations
        answer = given.get(spec.id, NOT_ASKED)
        if answer.status is not Status.NOT_ASKED:
            return answer.value, answer.status, answer.asked_at
        if spec.kind is not FactKind.TEXT and self.known(spec.id):
            return spec.nothing, Status.NOT_APPLICABLE, answer.asked_at
        return None, Status.NOT_ASKED, answer.asked_at

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
            yield self._same(_marker(marker))
        if not found:
            status = Status.ANSWERED if record.checked else Status.NOT_ASKED
            if RECORD in self.program.facts:
                self._same(*self.named((RECORD,)))
            yield self._same(FactUsed(RECORD, record.checked, status, "record"))

    def _same(self, fact: FactUsed) -> FactUsed:
        """The one that says the same, where several conditions name it each in its own way."""
        return self._shared.setdefault(fact, fact)

    def _number(self, number: Number) -> FactUsed:
        if number.of == "score":
            points = self.reading.details.scores.get(number.name)
            status = Status.NOT_ASKED if points is None else Status.ANSWERED
            value = None if points is None else points[0]
            return FactUsed(number.name, value, status, "instrument", None, Group.CLINICAL)
        place = self.program.places.get(f"l_{number_name(number)}")
        low = self.values[place] if place is not None and place < len(self.values) else 0
        if number.of == "any_need":
            return FactUsed(number_name(number), int(low), Status.ANSWERED, "rule")
        word = Urgency(low).word if low else "not_found"
        return FactUsed(number.name, word, Status.ANSWERED, "rule")


def _marker(marker: Marker) -> FactUsed:
    group = Group.CLINICAL if marker.origin == "health" else Group.POLICE
    return FactUsed("marker", marker.kind, Status.ANSWERED, marker.origin, None, group)
