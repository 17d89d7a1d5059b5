"""Where somebody is, as far as the record knows: there, last there, or only on the way."""

import pytest

from tests.told import ADULT, event, numbered, wall
from triage.domain.timeline import Detention, as_known
from triage.domain.whereabouts import Known, Where, where

DECIDED = event("s136_decided", "2026-06-01 09:00", limb="remove", consulted="nurse")
CAME = event("arrived", "2026-06-01 09:40", place="a_and_e")
LEFT = event("left_place", "2026-06-01 11:00")
ASKED = event(
    "place_asked", "2026-06-01 10:00", place="health_based_place_of_safety", answer="full"
)


def found(*events) -> Where:
    detention = Detention(wall("2026-06-01 12:00"), "england", ADULT, tuple(numbered([*events])))
    return where(as_known(detention), "a_and_e")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((DECIDED,), Where("a_and_e", Known.ON_THE_WAY)),
        ((DECIDED, CAME), Where("a_and_e", Known.THERE)),
        ((DECIDED, CAME, LEFT), Where("a_and_e", Known.LEFT)),
        ((), Where("a_and_e", Known.THERE)),
    ],
)
def test_a_place_that_is_only_expected_is_not_the_place_they_are_in(events, expected):
    assert found(*events) == expected


def test_a_place_that_was_asked_and_is_full_is_not_where_they_are():
    assert found(DECIDED, CAME, ASKED) == Where("a_and_e", Known.THERE)
    assert found(DECIDED, ASKED) == Where("a_and_e", Known.ON_THE_WAY)
