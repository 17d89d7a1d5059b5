"""Who comes through a suite on quiet days: a case mix for counting pages, not for testing rules.

Shares are rounded from what the domain notes cite for English custody (Northumbria 2025 and HELP-PC
for illness, the RAND evaluation for needs) and are otherwise a guess: nobody's figure says how many
arrive drunk, how many rousing checks fail or what a second screening finds. The figure that the
test prints is therefore a figure of this mix, to be replaced by a site's own.
"""

import random
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.casework.conftest import answered, everything_no
from triage.domain.answers import Answer, Person
from triage.domain.screening import Details

_SHARES = (
    ("self_harm_now", "plan_or_intent", 0.005), ("self_harm_now", "thoughts", 0.04),
    ("self_harm_ever", "over_1y", 0.15), ("self_harm_ever", "within_1y", 0.06),
    ("self_harm_ever", "within_1m", 0.02), ("low_or_hopeless", "at_times", 0.20),
    ("low_or_hopeless", "yes", 0.06), ("voices_or_watched", "yes", 0.03),
    ("mental_health_help", "past_brief", 0.20), ("mental_health_help", "now", 0.15),
    ("mind_medicine", "taking", 0.15), ("mind_medicine", "stopped", 0.04),
    ("swallowed_or_hidden", "yes", 0.003), ("head_knock", "knock_only", 0.04),
    ("head_knock", "knock_red", 0.005), ("conditions", ("asthma",), 0.12),
    ("conditions", ("diabetes",), 0.03), ("conditions", ("fits",), 0.03),
    ("medicine", "not_due_12h", 0.15), ("medicine", "due", 0.08),
    ("last_drink", "some", 0.25), ("last_drink", "a_lot", 0.10),
    ("drinks_daily", "daily_under15u", 0.10), ("drinks_daily", "daily_15u_plus", 0.05),
    ("drugs_month", ("cannabis",), 0.25), ("drugs_month", ("cocaine",), 0.15),
    ("drugs_month", ("opioid",), 0.06), ("drug_treatment", "due", 0.03),
    ("reading_hard", "yes_learning", 0.10), ("neurodivergent", "adhd_dx", 0.08),
    ("neurodivergent", "autism_dx", 0.03), ("brain_injury", "yes", 0.05),
    ("home_tonight", "hostel_temp", 0.06), ("home_tonight", "street", 0.04),
    ("hurt_by_someone", "past", 0.12), ("hurt_by_someone", "now", 0.03),
    ("money_worry", ("debt",), 0.15), ("armed_forces", "yes", 0.03),
    ("language_help", "interpreter", 0.06), ("wants_nurse", "later", 0.10),
    ("wants_nurse", "yes", 0.05), ("first_time_in_cell", "yes", 0.20),
)  # fmt: skip
_SEEN = (
    ("smells_of_drink", "yes", 0.25), ("intoxication", "mild", 0.18),
    ("intoxication", "marked", 0.09),
)  # fmt: skip
_NEW = 0.1  # of second screenings, how many find something more


def somebody(dice: random.Random, at: datetime) -> Details:
    """One person of the mix, every question asked and answered."""
    said = _drawn(dice, _SHARES)
    seen = _drawn(dice, _SEEN)
    sex = "female" if dice.random() < 0.15 else "male"
    person = Person(age=dice.randint(18, 65), age_source="document", sex=sex)
    return replace(everything_no(at, answers=said, observations=seen), person=person)


def later(dice: random.Random, details: Details) -> Details:
    """The same person some hours on: sober, and now and then with something to add."""
    sober = {**details.observations, "intoxication": answered("none")}
    said = dict(details.answers)
    if dice.random() < _NEW:
        question, option, _ = dice.choice(_SHARES)
        said[question] = answered(option)
    return replace(details, answers=said, observations=sober)


def _drawn(dice: random.Random, shares: tuple[tuple[str, Any, float], ...]) -> dict[str, Answer]:
    return {name: answered(value) for name, value, share in shares if dice.random() < share}
