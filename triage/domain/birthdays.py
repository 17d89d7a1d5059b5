"""When a person is an adult, as far as the law on police stations needs it.

Eighteen begins at midnight in London on the birthday (Family Law Reform Act 1969 s9(1)); somebody
born on 29 February turns 18 on 1 March of a common year, the safer reading.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from triage.domain import london
from triage.domain.answers import Person
from triage.domain.errors import InputError

ADULT = 18
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def adult_since(person: Person) -> datetime | None:
    """Since when the person counts as an adult; None while they count as a child.

    The youngest credible age counts: a document that says under 18, or somebody who appears so
    (Code C 1.5). An age that nobody knows gives LONG_AGO: ``age_is_unknown`` warns of it.
    """
    if person.age_on_document is not None and person.age_on_document < ADULT:
        return None
    if person.date_of_birth is not None:
        return london.midnight(_birthday(person.date_of_birth, ADULT))
    if person.age is not None and person.age < ADULT:
        return None
    return LONG_AGO


def age_is_unknown(person: Person) -> bool:
    """Whether nobody has given an age in any form."""
    return person.age is None and person.date_of_birth is None and person.age_on_document is None


def refuse_two_ages(person: Person, first: datetime, last: datetime) -> None:
    """Raises InputError if an age and a date of birth cannot both be right from first to last."""
    if person.age is None or person.date_of_birth is None:
        return
    youngest = _age_on(person.date_of_birth, london.day_of(first))
    oldest = _age_on(person.date_of_birth, london.day_of(last))
    if not youngest <= person.age <= oldest:
        raise InputError.at("person.age", "disagrees with person.date_of_birth; give one of them")


def one_age(person: Person, day: date) -> Person:
    """The person with one of two ages that disagree: the one that makes them younger.

    An age and a date of birth that came at different times may disagree. Until somebody has
    cleared that up, whoever may be under 18 is treated as under 18 (Code C 1.5).
    """
    if person.age is None or person.date_of_birth is None:
        return person
    by_birth = _age_on(person.date_of_birth, day)
    if person.age < by_birth:
        return replace(person, date_of_birth=None)
    return replace(person, age=None)


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February in a common year
        return date(born.year + years, 3, 1)


def _age_on(born: date, day: date) -> int:
    years = day.year - born.year
    return years - (day < _birthday(born, years))
