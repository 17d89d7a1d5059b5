"""What the engine itself fills from the details: the person, the stay and the record.

``None`` is unknown. ``NOT_TAKEN`` is something else: the record was checked and no such reading
exists, so a condition on it is certainly not satisfied.
"""

from collections.abc import Callable, Mapping
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from triage.domain.answers import Details, Marker, Person, Value

NOT_TAKEN: Final = ""

MARKER_KINDS = (
    "suicidal",
    "self_harm",
    "mental",
    "ailment",
    "diabetes",
    "epilepsy",
    "drugs",
    "alcohol",
    "violent",
    "conceals",
    "learning",
    "autism",
    "victim",
    "exploitation",
    "missing",
    "child_at_risk",
    "other",
)
REPORTED_BY = ("officer", "family", "log", "property", "health")

Filler = Callable[[Details, date], Value | None]


def age_on(person: Person, day: date) -> int | None:
    """Whole years on a London day: from the date of birth, else as given.

    Somebody born on 29 February grows older on 1 March in other years, as the law counts.
    """
    born = person.date_of_birth
    if born is None:
        return person.age
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def closed(marker: Marker, day: date) -> bool:
    """Whether a named person has closed the marker by that day; it stays visible."""
    return marker.closed is not None and marker.closed.on <= day


def within(marker: Marker, years: int | None, day: date) -> bool:
    """Whether a marker is dated within so many years of a day; an undated one always is."""
    if years is None or marker.on is None:
        return True
    on = marker.on
    return (on.year + years, on.month, on.day) >= (day.year, day.month, day.day)


# Where each fact but the age stands in the details; the reader of all facts (``settling``) reads it
# in place, without a call.
STANDS_AT: Mapping[str, str] = MappingProxyType(
    {
        "age_on_document": "person.age_on_document",
        "age_source": "person.age_source",
        "sex": "person.sex",
        "nation": "nation",
        "stage": "stage",
        "offence": "offence",
        "domestic": "domestic",
        "place": "place",
        "interpreter_present": "interpreter_present",
        "appropriate_adult_present": "appropriate_adult_present",
        "admits": "admits",
        "evidence_ready": "evidence_ready",
        "arrests_12m": "arrests_12m",
        "record_checked": "record.checked",
        "property": "record.property",
        "force_used": "record.force_used",
        "hospital_today": "record.hospital_today",
        "breath_ug": "record.breath_ug",
        "drug_test": "record.drug_test",
        "managed_by": "record.managed_by",
        "appropriate_adult_before": "record.appropriate_adult_before",
        "open_flags_before": "record.open_flags_before",
        "instruction_open": "record.instruction_open",
    }
)
# Of these a record that was checked and holds none says that none was taken.
READINGS = frozenset({"age_on_document", "breath_ug", "drug_test"})
# These say by themselves that they are not known.
TOLD: Mapping[str, str] = MappingProxyType({"age_source": "unknown", "sex": "unknown"})


def _filler(fact: str) -> Filler:
    at = attrgetter(STANDS_AT[fact])
    if fact in READINGS:
        return lambda details, _: _taken(at(details), details)
    if fact in TOLD:
        return lambda details, _: _told(at(details), TOLD[fact])
    return lambda details, _: at(details)


def _taken(value: Value | None, details: Details) -> Value | None:
    return NOT_TAKEN if value is None and details.record.checked else value


def _told(value: Value, unknown: str) -> Value | None:
    return None if value == unknown else value


FILLED: Mapping[str, Filler] = MappingProxyType(
    {
        "age": lambda details, day: age_on(details.person, day),
        **{fact: _filler(fact) for fact in STANDS_AT},
    }
)

# A checked record that is silent on these says their ``nothing``; an unchecked one says nothing.
SILENT_IS_NOTHING = frozenset(
    {
        "property",
        "force_used",
        "hospital_today",
        "managed_by",
        "appropriate_adult_before",
        "open_flags_before",
        "instruction_open",
    }
)


def known_fact(details: Details, fact: str, nothing: Value | None, day: date) -> Value | None:
    """The value of one fact of ``FILLED``, or None when nobody knows."""
    value = FILLED[fact](details, day)
    if value is None and details.record.checked and fact in SILENT_IS_NOTHING:
        return nothing
    return value
