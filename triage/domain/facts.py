"""What the engine itself fills from the details: the person, the stay and the record.

``None`` is unknown. ``NOT_TAKEN`` is something else: the record was checked and no such reading
exists, so a condition on it is certainly not satisfied.
"""

from collections.abc import Callable, Mapping
from datetime import date
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


def _reading(value: Value | None, details: Details) -> Value | None:
    return NOT_TAKEN if value is None and details.record.checked else value


def _told(value: str) -> str | None:
    return None if value == "unknown" else value


FILLED: Mapping[str, Filler] = MappingProxyType(
    {
        "age": lambda details, day: age_on(details.person, day),
        "age_on_document": lambda details, _: _reading(details.person.age_on_document, details),
        "age_source": lambda details, _: _told(details.person.age_source),
        "sex": lambda details, _: _told(details.person.sex),
        "nation": lambda details, _: details.nation,
        "stage": lambda details, _: details.stage,
        "offence": lambda details, _: details.offence,
        "domestic": lambda details, _: details.domestic,
        "place": lambda details, _: details.place,
        "interpreter_present": lambda details, _: details.interpreter_present,
        "appropriate_adult_present": lambda details, _: details.appropriate_adult_present,
        "admits": lambda details, _: details.admits,
        "evidence_ready": lambda details, _: details.evidence_ready,
        "arrests_12m": lambda details, _: details.arrests_12m,
        "record_checked": lambda details, _: details.record.checked,
        "property": lambda details, _: details.record.property,
        "force_used": lambda details, _: details.record.force_used,
        "hospital_today": lambda details, _: details.record.hospital_today,
        "breath_ug": lambda details, _: _reading(details.record.breath_ug, details),
        "drug_test": lambda details, _: _reading(details.record.drug_test, details),
        "managed_by": lambda details, _: details.record.managed_by,
        "appropriate_adult_before": lambda details, _: details.record.appropriate_adult_before,
        "open_flags_before": lambda details, _: details.record.open_flags_before,
        "instruction_open": lambda details, _: details.record.instruction_open,
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
