"""One person's facts as reasons and questions show them: each is made once, however many rules
read it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from triage.domain.answers import NOT_ASKED, Group, Status, Value
from triage.domain.conditions import Marked, Number, Tree
from triage.domain.deciding import Through
from triage.domain.facts import NOT_TAKEN, SILENT_IS_NOTHING, closed, known_fact
from triage.domain.findings import FactUsed, Missing, Urgency
from triage.domain.levels import Levels
from triage.domain.program import Program, Reading
from triage.domain.rails import number_name
from triage.domain.reading import counts_for
from triage.domain.specs import FactKind, FactSpec, Question, Spec

_T = TypeVar("_T")
RECORD = "record_checked"
Behind = Callable[[Number], Iterable[Missing]]
_FROM_RECORD = SILENT_IS_NOTHING | {"breath_ug", "drug_test"}


_NO_RECORD = (Missing(RECORD, Status.NOT_ASKED),)


@dataclass(frozen=True)
class Used:
    """What the verdicts about one person rest on."""

    program: Program
    reading: Reading
    values: tuple[Any, ...]
    _facts: dict[str, tuple[FactUsed, ...]] = field(default_factory=dict, compare=False, repr=False)
    _unknown: dict[str, tuple[Missing, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, program: Program, reading: Reading) -> "Used":
        """What the verdicts of the first pass rest on."""
        return cls(program, reading, reading.values)

    def with_levels(self, levels: Levels) -> "Used":
        """What verdicts rest on that read needs and flags too."""
        values = self.program.with_levels(self.reading, levels)
        return Used(self.program, self.reading, values, dict(self._facts), self._unknown)

    def decided(self, tree: Tree) -> tuple[FactUsed, ...]:
        """The facts that make a tree hold, which certainly does."""
        return self.named(self.program.deciding.decided(tree)(self.values))

    def named(self, keys: Collection[str]) -> tuple[FactUsed, ...]:
        """The facts that these keys of ``deciding`` name, each once."""
        found = [self._facts_of(key) for key in keys]
        if len(found) == 1:
            return found[0]
        facts = tuple([fact for each in found for fact in each])
        # Only what stands for several facts, as markers do, can bring one in twice.
        return facts if self.program.deciding.others.keys().isdisjoint(keys) else _once(facts)

    def _facts_of(self, key: str) -> tuple[FactUsed, ...]:
        known = self._facts.get(key)
        if known is None:
            known = self._facts[key] = self._used(key)
        return known

    def missing(self, tree: Tree, behind: Behind | None = None) -> tuple[Missing, ...]:
        """What is unknown behind a tree of which nobody can tell, and why each is unknown.

        ``behind`` gives what is missing behind a need or flag that was not excluded.
        """
        deciding = self.program.deciding
        keys = deciding.missing(tree)(self.values)
        if behind is None and len(keys) == 1:
            return self._missing_of(*keys)
        found: list[Missing] = []
        for key in keys:
            found += self._missing_of(key)
            if behind is not None and isinstance(number := deciding.others.get(key), Number):
                found += behind(number)
        return _once(found)

    def _missing_of(self, key: str) -> tuple[Missing, ...]:
        known = self._unknown.get(key)
        if known is None:
            known = self._unknown[key] = self.unknown(key)
        return known

    # One key -----------------------------------------------------------------------------------

    def _used(self, key: str) -> tuple[FactUsed, ...]:
        other = self.program.deciding.others.get(key)
        if other is None:
            return (self.fact(self.program.facts[key]),)
        match other:
            case Through(naming):
                return self.named(naming(self.values))
            case Marked():
                return _once(self._markers(other))
            case Number():
                return (self._number(other),)

    def unknown(self, key: str) -> tuple[Missing, ...]:
        """What is missing for one key, if anything is."""
        other = self.program.deciding.others.get(key)
        if other is None:
            return self._unknown_fact(key)
        match other:
            case Through(naming):
                inner = [self._missing_of(each) for each in naming(self.values)]
                return _once(missing for each in inner for missing in each)
            case Marked():
                return () if self.reading.details.record.checked else _NO_RECORD
            case Number(of="score", name=name):
                asked = name in self.reading.details.scores
                return (Missing(name, Status.UNABLE if asked else Status.NOT_ASKED),)
        return ()  # what is missing behind a need is missing behind its rules

    def _unknown_fact(self, name: str) -> tuple[Missing, ...]:
        if name in _FROM_RECORD and not self.reading.details.record.checked:
            return _NO_RECORD
        if self.known(name):
            return ()
        _, status, _ = self._read(self.program.facts[name])
        # An answer that is no option of its question says no more than being unable.
        return (Missing(name, Status.UNABLE if status is Status.ANSWERED else status),)

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
        if isinstance(spec, FactSpec):
            return FactUsed(spec.id, value, status, spec.source, None, spec.group)
        source = "said" if isinstance(spec, Question) else "observed"
        return FactUsed(spec.id, value, status, source, asked_at, spec.group)

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
            group = Group.CLINICAL if marker.origin == "health" else Group.POLICE
            yield FactUsed("marker", marker.kind, Status.ANSWERED, marker.origin, None, group)
        if not found:
            status = Status.ANSWERED if record.checked else Status.NOT_ASKED
            yield FactUsed(RECORD, record.checked, status, "record")

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


def _once(found: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(found))
