"""Police stations as places of safety: MHA 1983 s136A, SI 2017/1036, MHA 2025 s48."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.law_on_disk import LADDER, LAW
from tests.told import ADULT, CHILD, event, listed, raised, rows_changed, the, told, wall
from triage.domain import sleep
from triage.domain.answers import Person
from triage.domain.clocks import ClockState
from triage.domain.detention import would_be_unlawful
from triage.domain.timeline import Detention, Event, Moment

DECIDED = event("s136_decided", "2026-06-01 21:00", limb="remove", consulted="nurse")
GIVEN = event("station_authorised", "2026-06-01 21:10", rank="inspector")
CAME = event("arrived", "2026-06-01 21:30", place="police_station")
OPENING = (DECIDED, GIVEN, CAME)


def check(when: str, waking: str = "needed") -> Event:
    return event("health_check", when, id=f"check {when}", role="custody_hcp", waking=waking)


def review(when: str, conditions: str = "exist") -> Event:
    return event(
        "behaviour_review",
        when,
        id=f"review {when}",
        role="custody_sergeant",
        conditions=conditions,
    )


def test_a_health_check_after_exactly_30_minutes_is_met():
    said = told(*OPENING, check("2026-06-01 22:00"), at="2026-06-01 22:00")

    clock = the(said, "health_check")
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, wall("2026-06-01 22:30"))


def test_a_health_check_one_second_beyond_30_minutes_is_a_breach():
    late = replace(
        check("2026-06-01 22:00"),
        occurred_at=Moment.at(wall("2026-06-01 22:00") + timedelta(seconds=1)),
    )

    said = told(*OPENING, late, at="2026-06-01 22:05")

    missed = next(one for one in said.clocks if one.clock == "health_check")
    assert (missed.state, missed.over_seconds) == (ClockState.BREACH, 1)


def test_sleep_never_relaxes_the_health_check():
    asleep = event("fell_asleep", "2026-06-01 21:50")

    said = told(*OPENING, check("2026-06-01 21:45", "not_needed"), asleep, at="2026-06-01 22:16")

    assert the(said, "health_check").state is ClockState.BREACH


def test_sleep_relaxes_the_review_only_if_the_last_check_found_no_need_to_wake():
    asleep = event("fell_asleep", "2026-06-01 21:50")

    relaxed = told(*OPENING, check("2026-06-01 21:55", "not_needed"), asleep, at="2026-06-01 22:00")
    hourly = told(*OPENING, check("2026-06-01 21:55", "needed"), asleep, at="2026-06-01 22:00")

    assert the(relaxed, "behaviour_review").due_at == wall("2026-06-02 00:30")
    assert the(hourly, "behaviour_review").due_at == wall("2026-06-01 22:30")


def test_a_check_that_finds_a_need_to_wake_ends_the_relief_at_that_moment():
    asleep = event("fell_asleep", "2026-06-01 21:50")
    calm = check("2026-06-01 21:55", "not_needed")
    worried = check("2026-06-01 23:00", "needed")

    said = told(*OPENING, asleep, calm, worried, at="2026-06-01 23:10")

    assert the(said, "behaviour_review").due_at == wall("2026-06-01 23:00")


def test_a_sleeper_whom_no_health_professional_has_seen_has_no_relief():
    asleep = event("fell_asleep", "2026-06-01 21:40")

    said = told(*OPENING, asleep, at="2026-06-01 21:50")

    assert the(said, "behaviour_review").due_at == wall("2026-06-01 22:30")


def test_a_short_sleep_before_the_hour_changes_nothing():
    asleep, woke = event("fell_asleep", "2026-06-01 21:50"), event("woke", "2026-06-01 22:10")
    calm = check("2026-06-01 21:55", "not_needed")

    said = told(*OPENING, asleep, calm, woke, at="2026-06-01 22:15")

    assert the(said, "behaviour_review").due_at == wall("2026-06-01 22:30")


def test_sleep_that_may_have_begun_after_the_hour_gives_no_relief():
    roughly = Moment(wall("2026-06-01 22:20"), wall("2026-06-01 22:40"))
    asleep = replace(event("fell_asleep", "2026-06-01 22:20"), occurred_at=roughly)
    calm = check("2026-06-01 21:55", "not_needed")

    said = told(*OPENING, calm, asleep, at="2026-06-01 22:50")

    assert the(said, "behaviour_review").due_at == wall("2026-06-01 22:30")


def test_a_check_known_only_roughly_starts_the_next_half_hour_at_its_earliest():
    roughly = Moment(wall("2026-06-01 21:40"), wall("2026-06-01 21:55"))
    done = replace(check("2026-06-01 21:40"), occurred_at=roughly)

    said = told(*OPENING, done, at="2026-06-01 22:00")

    clock = the(said, "health_check")
    assert (clock.due_at, clock.provisional) == (wall("2026-06-01 22:10"), True)


def test_the_sleep_tests_would_catch_relief_without_a_health_check(monkeypatch):
    asleep = event("fell_asleep", "2026-06-01 21:40")
    monkeypatch.setattr(
        sleep, "_after", lambda one, *, asleep, untroubled: (one.kind == "fell_asleep", True)
    )

    said = told(*OPENING, asleep, at="2026-06-01 21:50")

    assert the(said, "behaviour_review").due_at != wall("2026-06-01 22:30")


def test_station_checks_stop_when_the_person_has_left():
    left = event("left_place", "2026-06-01 21:50")

    said = told(*OPENING, left, at="2026-06-02 02:00")

    states = {one.clock: one.state for one in said.clocks if one.of == "station"}
    assert states == {
        "health_check": ClockState.MET,
        "behaviour_review": ClockState.MET,
        "visit": ClockState.MET,
    }


def test_the_duty_to_move_ends_when_the_person_has_left():
    ended = review("2026-06-01 21:50", "ended")
    left = event("transferred", "2026-06-01 22:20", place="a_and_e")

    said = told(*OPENING, check("2026-06-01 21:58"), ended, left, at="2026-06-01 23:00")

    move = the(said, "move_from_station")
    assert (move.state, move.ended_at) == (ClockState.MET, wall("2026-06-01 22:20"))


@pytest.mark.parametrize(
    ("sooner", "distress"), [(True, False), (False, True), (False, False), (None, True)]
)
def test_one_reason_to_stay_does_not_excuse_the_move(sooner, distress):
    ended = review("2026-06-01 21:50", "ended")
    said_so = {"assessed_sooner": sooner, "distress_likely": distress}
    reasons = event("stay_at_station_reasons", "2026-06-01 21:55", **said_so)

    said = told(*OPENING, ended, reasons, at="2026-06-01 21:58")

    assert the(said, "move_from_station").state is ClockState.RUNNING


def test_a_child_is_never_lawfully_at_a_police_station_whoever_signed():
    chief = replace(GIVEN, rank="chief_constable")

    said = told(DECIDED, chief, CAME, at="2026-06-01 21:40", person=CHILD)

    assert listed(said) == [(chief.id, "S136A-CHILD"), (CAME.id, "S136A-CHILD")]
    assert [alert.level for alert in raised(said).values() if alert.clock is None] == ["A1", "A1"]


def test_a_child_held_at_a_station_under_pace_alone_is_not_unlawful_here():
    arrived = event("arrived_station", "2026-06-01 21:00")
    authorised = event("detention_authorised", "2026-06-01 21:10")

    said = told(arrived, authorised, at="2026-06-01 21:40", person=CHILD)

    assert said.unlawful == ()


def test_proposing_a_station_for_a_child_is_answered_at_once():
    proposed = event("station_proposed", "2026-06-01 21:05")

    said = told(DECIDED, proposed, at="2026-06-01 21:06", person=CHILD)

    assert said.unlawful == ()
    assert [alert.words for alert in raised(said).values()] == [
        "A police station was proposed for a person under 18: never lawful. "
        "Find a health place of safety."
    ]


def test_authority_for_a_child_is_refused_before_it_is_given():
    detention = Detention(wall("2026-06-01 21:10"), "england", CHILD, (DECIDED,))

    (found,) = would_be_unlawful(LAW, LADDER, detention, GIVEN)

    assert found.law_row == "S136A-CHILD"


def test_authority_for_an_adult_by_an_inspector_is_not_refused():
    detention = Detention(wall("2026-06-01 21:10"), "england", ADULT, (DECIDED,))

    assert would_be_unlawful(LAW, LADDER, detention, GIVEN) == ()


@pytest.mark.parametrize("minute", range(-3, 4))
def test_eighteen_begins_at_midnight_in_london(minute):
    person = Person(date_of_birth=date(2008, 6, 2))
    came = replace(
        CAME, occurred_at=Moment.at(wall("2026-06-02 00:00") + timedelta(minutes=minute))
    )
    given_as_adult = replace(GIVEN, occurred_at=came.occurred_at)

    said = told(DECIDED, given_as_adult, came, at="2026-06-02 00:10", person=person)

    child = (CAME.id, "S136A-CHILD") in listed(said)
    assert child == (minute < 0)


def test_decided_by_an_inspector_needs_no_other_inspector():
    decided = replace(DECIDED, rank="inspector")

    assert told(decided, CAME, at="2026-06-01 21:40").unlawful == ()


def test_an_authority_that_names_no_rank_is_no_proof_of_an_inspector():
    given = replace(GIVEN, rank=None)

    said = told(DECIDED, given, CAME, at="2026-06-01 21:40")

    assert listed(said) == [(given.id, "REG2-INSP"), (CAME.id, "REG2-INSP")]


def test_back_at_a_station_after_another_place_needs_new_authority():
    away = event("transferred", "2026-06-01 21:45", place="a_and_e")
    again = event("transferred", "2026-06-01 23:00", id="again", place="police_station")

    said = told(*OPENING, away, again, at="2026-06-01 23:10")

    assert listed(said) == [("again", "REG2-INSP")]


def test_section_48_closes_stations_from_its_day_and_not_before():
    closed = LAW.assume([("MHA25-S48-POS", date(2026, 6, 2))])
    day_after = [
        replace(one, occurred_at=Moment.at(one.earliest + timedelta(days=1))) for one in OPENING
    ]

    before = told(*OPENING, at="2026-06-01 21:40", law=closed)
    after = told(*day_after, at="2026-06-02 21:40", law=closed)

    assert before.unlawful == ()
    assert listed(after) == [(GIVEN.id, "MHA25-S48-POS"), (CAME.id, "MHA25-S48-POS")]


def test_section_48_without_a_date_is_off_and_said_to_be_expected():
    said = told(*OPENING, at="2026-06-01 21:40")

    assert said.unlawful == ()
    assert "change expected" in said.warnings[-1]


@settings(max_examples=depth(50, 2000), deadline=None)
@given(st.lists(st.integers(1, 300), max_size=12, unique=True), st.integers(0, 320))
def test_gaps_of_health_checks_agree_with_a_walk_through_the_minutes(checks, now):
    start = wall("2026-06-01 21:30")
    events = []
    for minute in sorted(checks):
        one = check("2026-06-01 22:00")
        moment = Moment.at(start + timedelta(minutes=minute))
        events.append(replace(one, id=f"c{minute}", occurred_at=moment))

    said = told(*OPENING, *events, at=start + timedelta(minutes=now))

    found = [one for one in said.clocks if one.clock == "health_check"]
    missed = {one.due_at for one in found if one.state is ClockState.BREACH}
    assert missed == minutes_missed(start, [one for one in checks if one <= now], now)


def minutes_missed(start, checks, now):
    """Walks minute by minute: the miss is stamped 30 minutes after the last check."""
    last, missed = 0, set()
    for minute in range(now + 1):
        if minute - last > 30:
            missed.add(start + timedelta(minutes=last + 30))
        if minute in checks:
            last = minute
    return missed


def test_the_walk_catches_a_planted_31_minutes():
    planted = rows_changed(LAW, REG4_CHECK=31)

    said = told(*OPENING, at="2026-06-01 22:01", law=planted)

    assert the(said, "health_check").state is ClockState.RUNNING
    assert minutes_missed(wall("2026-06-01 21:30"), [], 31) != set()
