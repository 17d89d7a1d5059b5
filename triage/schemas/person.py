"""Who the person is, as every door hands it in: for a screening and for the clocks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from triage.domain import london
from triage.domain.answers import Person
from triage.domain.errors import InputError
from triage.domain.facts import age_on
from triage.schemas.fields import Choice, DateField, SafeText, StrictInt, StrictSchema

OLDEST = 129


class PersonIn(StrictSchema):
    """The person of a screening or a detention; each part that is absent is unknown."""

    age = StrictInt(least=0, most=OLDEST)
    date_of_birth = DateField()
    age_source = Choice(("stated", "document", "appears", "unknown"))
    age_on_document = StrictInt(least=0, most=OLDEST)
    sex = Choice(("female", "male", "other", "unknown"))
    ethnicity_self = SafeText(shortest=1, longest=60)
    ethnicity_officer = SafeText(shortest=1, longest=60)
    postcode_district = SafeText(shortest=2, longest=4, like="[A-Za-z0-9]+")


def person_of(loaded: Mapping[str, Any], *, at: datetime) -> Person:
    """The person, after a look at the age: raises InputError where age and birth disagree."""
    person = Person(**loaded)
    if person.date_of_birth is not None:
        _check_birth(person, person.date_of_birth, london.day_of(at))
    return person


def _check_birth(person: Person, born: date, day: date) -> None:
    reckoned = age_on(person, day)
    if reckoned is None or not 0 <= reckoned <= OLDEST:
        raise InputError.at("person.date_of_birth", f"{born} is not a birth by {day}")
    if person.age is not None and person.age != reckoned:
        raise InputError.at(
            "person.age",
            f"age {person.age} and date_of_birth {born} disagree: born then, the person is "
            f"{reckoned} on {day}; give the one that is known, or correct one",
        )
