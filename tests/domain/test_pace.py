"""PACE Part IV and section 40: approximate times, said as overdue."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.law_on_disk import LAW
from tests.told import event, listed, planned, rows_changed, the, told, wall
from triage.domain.clocks import ClockState
from triage.domain.pauses import counted
from triage.domain.timeline import Event

STATION = event("arrived_station", "2026-02-09 20:30")
AUTHORISED = event("detention_authorised", "2026-02-09 20:50", by="PS Training")


def done(when: str, **said) -> Event:
    said = {"rank": "inspector", **said}
    return event("pace_review_done", when, id=f"done {when}", **said)


def test_the_24_hours_run_from_arrival_and_the_reviews_from_authority():
    said = told(STATION, AUTHORISED, at="2026-02-09 21:00")

    assert the(said, "pace_24h").due_at == wall("2026-02-10 20:30")
    assert the(said, "pace_review_1").due_at == wall("2026-02-10 02:50")


def test_a_pace_limit_that_passes_is_overdue_never_a_breach():
    said = told(STATION, AUTHORISED, at="2026-02-15 21:00")

    states = {one.state for one in said.clocks if one.of == "pace"}
    assert ClockState.BREACH not in states
    assert the(said, "pace_24h").state is ClockState.OVERDUE


def test_a_late_review_counts_the_next_from_when_it_was_due():
    said = told(STATION, AUTHORISED, done("2026-02-10 03:40"), at="2026-02-10 04:00")

    assert the(said, "pace_review_2").due_at == wall("2026-02-10 11:50")


def test_an_early_review_brings_the_next_one_forward():
    said = told(STATION, AUTHORISED, done("2026-02-10 01:00"), at="2026-02-10 04:00")

    assert the(said, "pace_review_2").due_at == wall("2026-02-10 10:00")


def test_a_postponed_review_is_still_due_and_shows_its_reason():
    postponed = event("pace_review_postponed", "2026-02-10 02:45", reason="interview in progress")

    said = told(STATION, AUTHORISED, postponed, at="2026-02-10 03:00")

    clock = the(said, "pace_review_1")
    assert (clock.state, clock.reason) == (ClockState.OVERDUE, "interview in progress")


def test_a_review_before_charge_by_a_sergeant_does_not_count():
    by_sergeant = done("2026-02-10 02:00", rank="sergeant")

    said = told(STATION, AUTHORISED, by_sergeant, at="2026-02-10 03:00")

    assert the(said, "pace_review_1").state is ClockState.OVERDUE
    assert listed(said) == [(by_sergeant.id, "PACE-R1")]


def test_after_charge_the_custody_officer_reviews():
    charged = event("charged", "2026-02-10 01:00")
    by_sergeant = done("2026-02-10 02:00", rank=None, role="custody_sergeant")

    said = told(STATION, AUTHORISED, charged, by_sergeant, at="2026-02-10 03:00")

    assert the(said, "pace_review_1").state is ClockState.MET
    assert said.unlawful == ()


@pytest.mark.parametrize("power", ["all", "pace"])
def test_somebody_released_in_the_minute_of_arrival_is_never_overdue(power):
    released = event("ended", "2026-02-09 20:30", power=power)

    said = told(STATION, released, at="2026-02-14 20:30")

    limits = [one for one in said.clocks if one.of == "pace" and one.clock.startswith("pace")]
    assert {(one.state, one.ended_at) for one in limits} == {
        (ClockState.MET, wall("2026-02-09 20:30"))
    }
    assert {one.clock for one in limits} == {"pace_review_1", "pace_24h", "pace_36h", "pace_96h"}


@pytest.mark.parametrize("recorded", ["before the arrival", "without saying of which power"])
def test_an_end_in_the_minute_of_arrival_that_may_be_of_something_else_ends_nothing(recorded):
    """The earlier alarm: somebody may still be in the cell."""
    said_of = {"power": "all"} if recorded == "before the arrival" else {}
    ended = event("ended", "2026-02-09 20:30", **said_of)
    told_so = (ended, STATION) if recorded == "before the arrival" else (STATION, ended)

    said = told(*told_so, at="2026-02-10 20:30")

    assert the(said, "pace_24h").state is ClockState.OVERDUE


def test_nobody_held_only_under_section_136_has_section_40_reviews():
    decided = event("s136_decided", "2026-06-01 09:00", limb="keep", consulted="nurse")

    said = told(decided, at="2026-06-01 22:00")

    assert [one.clock for one in said.clocks if one.of == "pace"] == []


def test_a_second_arrest_during_detention_starts_no_new_clock():
    again = event("arrested", "2026-02-10 01:00")

    said = told(STATION, AUTHORISED, again, at="2026-02-10 02:00")

    assert the(said, "pace_24h").due_at == wall("2026-02-10 20:30")


def test_arrested_at_a_station_the_time_runs_from_the_arrest():
    arrested = event("arrested", "2026-02-09 20:00", place="police_station")

    said = told(arrested, AUTHORISED, at="2026-02-09 21:00")

    assert the(said, "pace_24h").due_at == wall("2026-02-10 20:00")


def test_time_on_bail_does_not_count_and_authority_after_it_begins_new_reviews():
    bailed = event("bailed", "2026-02-10 00:30")
    answered = event("answered_bail", "2026-02-20 10:00")
    again = event("detention_authorised", "2026-02-20 10:15", id="again")

    said = told(STATION, AUTHORISED, bailed, answered, again, at="2026-02-20 11:00")

    assert the(said, "pace_24h").due_at == wall("2026-02-21 06:00")
    reviews = [one for one in said.clocks if one.clock == "pace_review_1"]
    assert [one.due_at for one in reviews][-1] == wall("2026-02-20 16:15")


def test_on_bail_the_clock_is_paused_and_no_power_is_recorded():
    bailed = event("bailed", "2026-02-10 00:30")

    said = told(STATION, AUTHORISED, bailed, at="2026-02-12 00:00")

    assert the(said, "pace_24h").state is ClockState.PAUSED
    assert said.powers == ()


def test_in_hospital_the_clock_is_paused_with_what_is_left():
    left = event("left_for_hospital", "2026-02-10 00:30")

    said = told(STATION, AUTHORISED, left, at="2026-02-10 03:30")

    clock = the(said, "pace_24h")
    assert (clock.state, clock.left_seconds) == (ClockState.PAUSED, 20 * 3600)


def test_questioned_in_hospital_the_time_counts():
    left = event("left_for_hospital", "2026-02-10 00:30")
    asked = event("questioned", "2026-02-10 01:00", until=wall("2026-02-10 01:45"))
    back = event("back_from_hospital", "2026-02-10 03:30")

    said = told(STATION, AUTHORISED, left, asked, back, at="2026-02-10 04:00")

    assert the(said, "pace_24h").due_at == wall("2026-02-10 22:45")


@pytest.mark.parametrize(
    ("wrong", "indictable"),
    [({"rank": "inspector"}, True), ({}, False), ({"when": "2026-02-10 20:30"}, True)],
)
def test_an_extension_to_36_hours_that_the_act_does_not_allow_lengthens_nothing(wrong, indictable):
    when = wrong.pop("when", "2026-02-10 18:00")
    longer = event("pace_extended", when, **{"rank": "superintendent", **wrong})
    reviews = (done("2026-02-10 02:00"), done("2026-02-10 10:00"))

    said = told(STATION, AUTHORISED, *reviews, longer, at="2026-02-10 21:00", indictable=indictable)

    assert listed(said) == [("pace_extended", "PACE-36")]
    assert the(said, "pace_24h").state is ClockState.OVERDUE


REVIEWED = (done("2026-02-10 02:00"), done("2026-02-10 10:00"))


def extended(when: str, **said) -> Event:
    return event("pace_extended", when, id=f"longer {when}", rank="superintendent", **said)


def limit_of(*events, at: str):
    return the(told(STATION, AUTHORISED, *REVIEWED, *events, at=at, indictable=True), "pace_36h")


def test_an_extension_by_fewer_hours_ends_sooner_than_36():
    clock = limit_of(extended("2026-02-10 18:00", hours=6), at="2026-02-10 21:00")

    assert (clock.due_at, clock.reason) == (wall("2026-02-11 02:30"), "extended_for_less")


def test_a_further_extension_is_given_while_the_last_one_runs_and_reaches_36_at_the_most():
    first, further = extended("2026-02-10 18:00", hours=6), extended("2026-02-11 02:00", hours=6)

    clock = limit_of(first, further, at="2026-02-11 03:00")

    assert (clock.due_at, clock.reason) == (wall("2026-02-11 08:30"), None)


@pytest.mark.parametrize(
    ("when", "hours"), [("2026-02-11 02:30", 6), ("2026-02-11 02:00", 7), ("2026-02-11 02:00", 0)]
)
def test_a_further_extension_too_late_or_past_36_hours_lengthens_nothing(when, hours):
    first, further = extended("2026-02-10 18:00", hours=6), extended(when, hours=hours)

    said = told(STATION, AUTHORISED, *REVIEWED, first, further, at="2026-02-11 02:40",
                indictable=True)  # fmt: skip

    assert listed(said) == [(further.id, "PACE-36")]
    clock = the(said, "pace_36h")
    assert (clock.state, clock.due_at) == (ClockState.OVERDUE, wall("2026-02-11 02:30"))


def test_an_extension_that_says_no_hours_is_counted_to_36_and_somebody_is_asked():
    longer = extended("2026-02-10 18:00")

    said = told(STATION, AUTHORISED, *REVIEWED, longer, at="2026-02-10 21:00", indictable=True)

    assert the(said, "pace_36h").due_at == wall("2026-02-11 08:30")
    assert any("for how many hours" in words for words in said.warnings)


def test_a_review_by_a_sergeant_opens_no_extension():
    by_sergeant = done("2026-02-10 10:00", rank="sergeant")
    longer = extended("2026-02-10 18:00", hours=12)
    events = (REVIEWED[0], by_sergeant, longer)

    said = told(STATION, AUTHORISED, *events, at="2026-02-10 19:00", indictable=True)

    assert (longer.id, "PACE-36") in listed(said)


def test_a_first_warrant_may_come_when_no_court_sat_and_its_extension_only_while_it_lasts():
    first = event("warrant_granted", "2026-02-11 12:00", id="w1", hours=24)
    in_time = event("warrant_granted", "2026-02-12 12:00", id="w2", hours=24)
    late = event("warrant_granted", "2026-02-12 12:01", id="w2", hours=24)

    stands = told(STATION, AUTHORISED, first, in_time, at="2026-02-12 13:00", indictable=True)
    fallen = told(STATION, AUTHORISED, first, late, at="2026-02-12 13:00", indictable=True)

    assert listed(stands) == []
    assert listed(fallen) == [("w2", "PACE-WFD")]
    assert the(fallen, "pace_warrant").state is ClockState.OVERDUE


def test_a_warrant_of_more_than_36_hours_is_no_warrant():
    warrant = event("warrant_granted", "2026-02-10 19:00", hours=40)

    said = told(STATION, AUTHORISED, warrant, at="2026-02-10 21:00", indictable=True)

    assert listed(said) == [("warrant_granted", "PACE-WFD")]
    assert not [one for one in said.clocks if one.clock == "pace_warrant"]


def test_no_warrant_reaches_past_96_hours():
    first = event("warrant_granted", "2026-02-11 08:00", id="w1", hours=36)
    second = event("warrant_granted", "2026-02-12 19:00", id="w2", hours=36)
    third = event("warrant_granted", "2026-02-13 20:00", id="w3", hours=12)

    said = told(STATION, AUTHORISED, first, second, third, at="2026-02-13 20:10", indictable=True)

    last = [one for one in said.clocks if one.clock == "pace_warrant"][-1]
    assert last.due_at == the(said, "pace_96h").due_at == wall("2026-02-13 20:30")


def test_the_inspector_is_told_half_an_hour_before_each_review():
    said = told(STATION, AUTHORISED, at="2026-02-09 21:00")

    alert = planned(said)["pace_review_1:before_30:20260210T025000Z"]
    assert (alert.due_at, alert.to) == (wall("2026-02-10 02:20"), ("duty_inspector",))


@settings(max_examples=depth(100, 5000), deadline=None)
@given(st.lists(st.integers(0, 400), max_size=8, unique=True), st.integers(1, 300))
def test_counted_time_agrees_with_a_walk_through_the_minutes(marks, length):
    marks = sorted(marks)
    start = wall("2026-02-09 20:30")
    at = lambda minute: start + timedelta(minutes=minute)  # noqa: E731
    pauses = [(at(a), at(b)) for a, b in zip(marks[::2], marks[1::2], strict=False)]

    found = counted(start, timedelta(minutes=length), pauses, at(2000))

    assert found.due == walked(start, length, pauses)


def walked(start, length, pauses):
    """Spends the minutes one by one, except inside a pause."""
    now = start
    while length:
        if not any(since <= now < until for since, until in pauses):
            length -= 1
        now += timedelta(minutes=1)
    return now


def test_the_review_tests_catch_a_planted_seven_hours():
    planted = rows_changed(LAW, PACE_R1=7)

    said = told(STATION, AUTHORISED, at="2026-02-09 21:00", law=planted)

    assert the(said, "pace_review_1").due_at != wall("2026-02-10 02:50")


def test_a_rousing_interval_longer_than_half_an_hour_needs_a_health_professional():
    by_sergeant = event("rousing_ordered", "2026-02-09 21:00", minutes=60, role="custody_sergeant")
    by_nurse = replace(by_sergeant, role="custody_hcp")

    said = told(STATION, by_sergeant, at="2026-02-09 21:10")
    directed = told(STATION, by_nurse, at="2026-02-09 21:10")

    assert the(said, "rouse").due_at == wall("2026-02-09 21:30")
    assert the(directed, "rouse").due_at == wall("2026-02-09 22:00")
