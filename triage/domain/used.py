"""One person's facts as reasons and questions show them: each is made once, however many rules
read it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from triage.domain.answers import Answer, Group, Status, Value
from triage.domain.conditions import Marked, Number, Tree
from triage.domain.deciding import Through
from triage.domain.facts import NOT_TAKEN, SILENT_IS_NOTHING, closed, known_fact
from triage.domain.findings import FactUsed, Missing, Urgency
from triage.domain.levels import Levels
from triage.domain.program import Program, Reading
from triage.domain.rails import number_name
from triage.domain.reading import counts_for
from triage.domain.specs import FactKind, FactSpec, Question, Spec

RECORD = "record_checked"
Behind = Callable[[Number], Iterable[Missing]]
_FROM_RECORD = SILENT_IS_NOTHING | {"breath_ug", "drug_test"}


# A rulebook has few questions and an answer is missing for one of four reasons.
@lru_cache(maxsize=4096)
def _missing(name: str, why: Status) -> Missing:
    return Missing(name, why)


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

    def named(self, keys: Iterable[str]) -> tuple[FactUsed, ...]:
        """The facts that these keys of ``deciding`` name, each once."""
        known, others = self._facts, self.program.deciding.others
        found: list[FactUsed] = []
        several = False
        for key in keys:
            facts = known.get(key)
            if facts is None:
                facts = known[key] = tuple(self._used(key))
            found += facts
            several |= key in others
        # Only what stands for several facts, as markers do, can bring one in twice.
        return tuple(dict.fromkeys(found)) if several else tuple(found)

    def missing(self, tree: Tree, behind: Behind | None = None) -> tuple[Missing, ...]:
        """What is unknown behind a tree of which nobody can tell, and why each is unknown.

        ``behind`` gives what is missing behind a need or flag that was not excluded.
        """
        found: dict[Missing, None] = {}
        for key in self.program.deciding.missing(tree)(self.values):
            found |= dict.fromkeys(self._missing_of(key))
            other = self.program.deciding.others.get(key)
            if behind is not None and isinstance(other, Number):
                found |= dict.fromkeys(behind(other))
        return tuple(found)

    def _missing_of(self, key: str) -> tuple[Missing, ...]:
        known = self._unknown.get(key)
        if known is None:
            known = self._unknown[key] = tuple(dict.fromkeys(self.unknown(key)))
        return known

    # One key -----------------------------------------------------------------------------------

    def _used(self, key: str) -> Iterator[FactUsed]:
        match self.program.deciding.others.get(key):
            case None:
                yield self.fact(self.program.facts[key])
            case Through(naming):
                yield from self.named(naming(self.values))
            case Marked() as leaf:
                yield from self._markers(leaf)
            case number:
                yield self._number(number)

    def unknown(self, key: str) -> Iterator[Missing]:
        """What is missing for one key, if anything is."""
        checked = self.reading.details.record.checked
        match self.program.deciding.others.get(key):
            case Through(naming):
                for inner in naming(self.values):
                    yield from self._missing_of(inner)
            case Marked():
                if not checked:
                    yield _missing(RECORD, Status.NOT_ASKED)
            case Number(of="score", name=name):
                asked = name in self.reading.details.scores
                yield _missing(name, Status.UNABLE if asked else Status.NOT_ASKED)
            case None if not checked and key in _FROM_RECORD:
                yield _missing(RECORD, Status.NOT_ASKED)
            case None if not self.known(key):
                _, status, _ = self._read(self.program.facts[key])
                # An answer that is no option of its question says no more than being unable.
                yield _missing(key, Status.UNABLE if status is Status.ANSWERED else status)

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
        return self._answer(spec, given.get(spec.id))

    def _answer(
        self, spec: Spec, answer: Answer | None
    ) -> tuple[Value | None, Status, datetime | None]:
        asked_at = None if answer is None else answer.asked_at
        if answer is not None and answer.status is not Status.NOT_ASKED:
            return answer.value, answer.status, asked_at
        if spec.kind is not FactKind.TEXT and self.known(spec.id):
            return spec.nothing, Status.NOT_APPLICABLE, asked_at
        return None, Status.NOT_ASKED, asked_at

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
