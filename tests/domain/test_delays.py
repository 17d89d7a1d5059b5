"""Minutes by partner and reason: each wait in full, and what nobody accounts for."""

from tests.told import event, told
from triage.domain.clocks import Delay

DECIDED = event("s136_decided", "2026-06-01 09:00", limb="keep", consulted="nurse")


def test_each_partner_counts_in_full_and_the_gap_is_what_no_wait_covers():
    amhp = event("amhp_told", "2026-06-01 10:00"), event("amhp_arrived", "2026-06-01 12:00")
    doctor = event("doctor_told", "2026-06-01 11:00"), event("doctor_arrived", "2026-06-01 12:30")

    said = told(DECIDED, *amhp, *doctor, at="2026-06-01 13:00")

    assert said.delays == (
        Delay("amhp", "waiting_to_arrive", 120),
        Delay("doctor", "waiting_to_arrive", 90),
        Delay("unattributed", "gap", 90),
    )


def test_a_wait_that_nothing_ended_runs_until_the_release():
    asked = event("bed_requested", "2026-06-01 10:00")
    released = event("ended", "2026-06-01 11:30")

    said = told(DECIDED, asked, released, at="2026-06-01 18:00")

    assert Delay("bed", "none_found_yet", 90) in said.delays


def test_a_place_that_refused_is_counted_until_another_took_the_person():
    refused = event("place_asked", "2026-06-01 10:00", answer="full")
    came = event("transferred", "2026-06-01 10:40", place="health_based_place_of_safety")

    said = told(DECIDED, refused, came, at="2026-06-01 12:00")

    assert Delay("place_of_safety", "refused", 40) in said.delays


def test_somebody_too_drunk_to_be_assessed_is_nobodys_delay():
    drunk = event("visit", "2026-06-01 09:30", reason="intoxicated")
    began = event("assessment_began", "2026-06-01 12:30")

    said = told(DECIDED, drunk, began, at="2026-06-01 13:00")

    assert Delay("none", "intoxication", 180) in said.delays


def test_nobody_under_these_powers_means_no_delays():
    assert told(event("arrived_station", "2026-06-01 09:00"), at="2026-06-01 13:00").delays == ()


STATION = event("arrived_station", "2026-06-01 09:00")


def test_an_arrested_person_who_waits_for_a_bed_is_counted_by_partner_and_apart():
    asked = event("mha_assessment_requested", "2026-06-01 10:00")
    doctor = event("doctor_told", "2026-06-01 10:30"), event("doctor_arrived", "2026-06-01 11:30")
    bed = event("bed_requested", "2026-06-01 12:00")

    said = told(STATION, asked, *doctor, bed, at="2026-06-01 15:00")

    assert said.delays == (
        Delay("bed", "none_found_yet", 180, "arrested"),
        Delay("doctor", "waiting_to_arrive", 60, "arrested"),
        Delay("unattributed", "gap", 60, "arrested"),
    )


def test_minutes_of_an_arrest_and_of_a_detention_are_two_lines_never_one_sum():
    bed = event("bed_requested", "2026-06-01 10:00")
    decided = event("s136_decided", "2026-06-01 12:00", limb="keep", consulted="nurse",
                    place="police_station")  # fmt: skip
    again = event("bed_requested", "2026-06-01 13:00", id="again")

    said = told(STATION, bed, decided, again, at="2026-06-01 14:00")

    beds = [one for one in said.delays if one.partner == "bed"]
    assert beds == [
        Delay("bed", "none_found_yet", 60, "detention"),
        Delay("bed", "none_found_yet", 120, "arrested"),
    ]
