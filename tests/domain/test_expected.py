"""Which events a detention can have now: a guide for whoever records one, and never a gate."""

from dataclasses import replace

import pytest

from triage.domain.expected import Been, expected, may_give
from triage.domain.roles import Role
from triage.domain.timeline import KINDS

NOTHING = Been((), frozenset(), custody=False, section136=False, place=None, legal_owner=False)
ARRESTED = replace(
    NOTHING, kinds=("arrested", "arrived_station", "detention_authorised"), custody=True,
    powers=frozenset({"pace"}), place="police_station",
)  # fmt: skip
IN_A_AND_E = replace(
    NOTHING, kinds=("s136_decided", "arrived"), section136=True, place="a_and_e",
    powers=frozenset({"section136"}),
)  # fmt: skip
AT_THE_STATION = replace(IN_A_AND_E, place="police_station")
PACE_ACTS = {"pace_review_done", "pace_review_postponed", "pace_extended", "warrant_granted"}
STATION_ACTS = {"health_check", "behaviour_review", "stay_at_station_reasons", "fell_asleep"}
HEALTH_ACTS = {"extension_authorised", "handover_accepted", "transferred", "police_left"}


def test_where_nobody_can_read_the_record_everything_is_expected():
    assert expected(None) == frozenset(KINDS)


def test_of_somebody_arrested_the_reviews_the_extension_and_the_warrant_are_expected():
    found = expected(ARRESTED)

    assert found >= PACE_ACTS | {"charged", "left_for_hospital", "mha_assessment_requested"}
    assert found.isdisjoint(STATION_ACTS | HEALTH_ACTS)


def test_of_somebody_under_section_136_in_a_hospital_nothing_of_pace_or_a_station_is_expected():
    found = expected(IN_A_AND_E)

    assert found >= HEALTH_ACTS | {"station_authorised", "amhp_told", "absconded", "ended"}
    assert found.isdisjoint(STATION_ACTS | PACE_ACTS | {"s136_decided", "arrived"})


@pytest.mark.parametrize("place", ["police_station", None], ids=["there", "not known where"])
def test_at_a_station_or_where_nobody_knows_the_checks_of_a_station_are_expected(place):
    assert expected(replace(AT_THE_STATION, place=place)) >= STATION_ACTS | HEALTH_ACTS


def test_somebody_under_arrest_and_section_136_has_the_acts_of_both():
    both = replace(
        AT_THE_STATION, custody=True, kinds=(*ARRESTED.kinds, *AT_THE_STATION.kinds),
        powers=frozenset({"pace", "section136"}),
    )  # fmt: skip

    assert expected(both) >= PACE_ACTS | STATION_ACTS | HEALTH_ACTS


@pytest.mark.parametrize(
    ("begins", "ends", "been"),
    [
        ("fell_asleep", "woke", AT_THE_STATION),
        ("absconded", "retaken", AT_THE_STATION),
        ("left_for_hospital", "back_from_hospital", ARRESTED),
    ],
)
def test_what_ends_something_is_expected_once_it_has_begun(begins, ends, been):
    begun = replace(been, kinds=(*been.kinds, begins))
    over = replace(been, kinds=(*been.kinds, begins, ends))

    assert [begins in expected(each) for each in (been, begun, over)] == [True, False, True]
    assert [ends in expected(each) for each in (been, begun, over)] == [False, True, False]


def test_after_a_charge_nobody_is_detained_longer_to_be_charged():
    found = expected(replace(ARRESTED, kinds=(*ARRESTED.kinds, "charged")))

    assert found.isdisjoint({"pace_extended", "warrant_granted"})
    assert found >= {"pace_review_done", "bail_refused"}


def test_what_waits_for_the_legal_owner_is_expected_where_something_does():
    assert "legal_owner_decided" not in expected(AT_THE_STATION)
    assert "legal_owner_decided" in expected(replace(AT_THE_STATION, legal_owner=True))


@pytest.mark.parametrize(
    ("role", "gives"),
    [
        (Role.CUSTODY_SERGEANT, {"extension_authorised", "pace_extended"}),
        (Role.DUTY_INSPECTOR, {"extension_authorised", "pace_extended", "legal_owner_decided"}),
        (Role.CUSTODY_HCP, {"extension_authorised"}),
    ],
)
def test_each_role_is_offered_the_authorities_that_are_its_own_or_the_polices(role, gives):
    asked = ("extension_authorised", "pace_extended", "legal_owner_decided")

    assert {kind for kind in asked if may_give(role, kind)} == gives
