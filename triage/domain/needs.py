"""The closed lists of needs and flags, in the order in which they are always shown."""

from collections.abc import Mapping
from types import MappingProxyType

NEEDS = (
    "mental_health",
    "suicide_self_harm",
    "alcohol",
    "drugs",
    "housing",
    "learning_disability",
    "autism",
    "neurodiversity",
    "brain_injury",
    "head_injury",
    "physical_health",
    "pregnancy",
    "domestic_abuse",
    "exploitation",
    "employment_debt",
    "youth",
    "women",
    "veteran",
    "communication",
    "dependants",
)

FLAGS = (
    "appropriate_adult",
    "repeat_contact",
    "record_conflict",
    "rescreen_due",
    "section136",
    "information_missing",
    "not_acted_on",
    "release_gap",
)

ORDER: Mapping[str, int] = MappingProxyType({name: n for n, name in enumerate(NEEDS + FLAGS)})
