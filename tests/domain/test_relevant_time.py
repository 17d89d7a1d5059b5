"""PACE s41 and s47: from when the time counts after another area, street bail and broken bail."""

import pytest

from tests.told import event, raised, rows_changed, the, told, wall
from triage.domain.clocks import ClockState
from triage.domain.timeline import Event

FOR_US = event("arrested", "2026-02-09 08:00", basis="other_force")
THEIRS = event("arrived_station", "2026-02-09 09:00", id="theirs", area="other")
STATION = event("arrived_station", "2026-02-09 20:30")
BAILED = event("bailed", "2026-02-10 02:30")
BROKEN = event("arrested", "2026-02-20 10:00", id="broken", basis="section_46a")
BACK = event("arrived_station", "2026-02-20 11:00", id="back")


def day_of(*events: Event, at: str):
    """The 24 hours without charge of these events."""
    return the(told(*events, at=at), "pace_24h")


def test_arrested_by_another_force_for_us_the_time_runs_from_arrival_in_our_area():
    ours = event("arrived_station", "2026-02-09 16:00", id="ours", area="ours")

    clock = day_of(FOR_US, THEIRS, ours, at="2026-02-09 17:00")

    assert (clock.start_event, clock.due_at) == ("ours", wall("2026-02-10 16:00"))
    assert not clock.provisional


def test_but_at_the_latest_from_24_hours_after_the_arrest():
    ours = event("arrived_station", "2026-02-10 16:00", id="ours")

    clock = day_of(FOR_US, THEIRS, ours, at="2026-02-10 17:00")

    assert clock.due_at == wall("2026-02-11 08:00")
    assert clock.reason == "24_hours_after_the_other_area"


def test_questioned_in_the_other_area_the_usual_rule_stands():
    asked = event("questioned", "2026-02-09 10:00")
    ours = event("arrived_station", "2026-02-09 16:00", id="ours")

    clock = day_of(FOR_US, THEIRS, asked, ours, at="2026-02-09 17:00")

    assert (clock.start_event, clock.due_at) == ("theirs", wall("2026-02-10 09:00"))


def test_while_no_arrival_in_our_area_is_recorded_the_earliest_moment_runs():
    clock = day_of(FOR_US, THEIRS, at="2026-02-09 17:00")

    assert (clock.due_at, clock.provisional) == (wall("2026-02-10 08:00"), True)


def test_held_by_another_force_for_something_else_24_hours_after_leaving_is_the_latest():
    held = event("arrested", "2026-02-08 08:00", id="held", basis="moved_between_forces")
    left = event("left_place", "2026-02-09 08:00")
    ours = event("arrived_station", "2026-02-10 09:00", id="ours")

    clock = day_of(held, left, ours, at="2026-02-10 10:00")

    assert clock.due_at == wall("2026-02-11 08:00")


def test_street_bail_counts_from_answering_it_at_the_station():
    street = event("arrested", "2026-02-01 22:00", place="other")
    bailed = event("bailed", "2026-02-01 22:30")
    answered = event("answered_bail", "2026-02-15 10:00")

    clock = day_of(street, bailed, answered, at="2026-02-15 11:00")

    assert (clock.start_event, clock.due_at) == ("answered_bail", wall("2026-02-16 10:00"))


def test_after_broken_bail_the_earlier_detention_counts_and_the_first_three_hours_do_not():
    told_so = event("arrested", "2026-02-20 10:00", id="broken", basis="section_46a",
                    exception=False)  # fmt: skip

    clock = day_of(STATION, BAILED, told_so, BACK, at="2026-02-20 15:00")

    # Six hours were used before bail; 18 are left, from 14:00.
    assert (clock.due_at, clock.state) == (wall("2026-02-21 08:00"), ClockState.RUNNING)


@pytest.mark.parametrize("said", [{}, {"exception": True}])
def test_the_three_hours_count_while_nobody_has_said_that_no_exception_applies(said):
    broken = event("arrested", "2026-02-20 10:00", id="broken", basis="section_46a", **said)

    found = told(STATION, BAILED, broken, BACK, at="2026-02-20 15:00")

    assert the(found, "pace_24h").due_at == wall("2026-02-21 05:00")
    warned = [words for words in found.warnings if "three hours" in words]
    assert len(warned) == (0 if said else 1)


@pytest.mark.parametrize(
    ("arrested", "due"),
    [("2022-10-27 23:30", "2022-11-11 08:30"), ("2022-10-28 00:30", "2022-11-11 11:30")],
)
def test_the_three_hours_spare_only_who_was_first_arrested_since_28_october_2022(arrested, due):
    first = event("arrested", arrested, id="first")
    station = event("arrived_station", "2022-10-28 01:00")
    bailed = event("bailed", "2022-10-28 05:00")
    broken = event("arrested", "2022-11-10 10:00", id="broken", basis="section_46a",
                   exception=False)  # fmt: skip
    back = event("arrived_station", "2022-11-10 12:30", id="back")

    clock = day_of(first, station, bailed, broken, back, at="2022-11-10 16:00")

    # Four hours were used before bail; 20 are left, from 12:30 or, without the three, from 15:30.
    assert clock.due_at == wall(due)


def test_within_the_three_hours_the_clock_stands_still():
    told_so = event("arrested", "2026-02-20 10:00", id="broken", basis="section_46a",
                    exception=False)  # fmt: skip

    clock = day_of(STATION, BAILED, told_so, BACK, at="2026-02-20 12:00")

    assert clock.due_at == wall("2026-02-21 08:00")


def test_without_an_arrival_the_arrest_ends_the_bail():
    clock = day_of(STATION, BAILED, BROKEN, at="2026-02-20 12:00")

    assert clock.due_at == wall("2026-02-21 04:00")


def test_a_planted_thirty_hours_would_be_seen():
    from tests.law_on_disk import LAW

    ours = event("arrived_station", "2026-02-10 16:00", id="ours")
    planted = told(FOR_US, ours, at="2026-02-10 17:00", law=rows_changed(LAW, PACE_REL_AREA=30))

    assert the(planted, "pace_24h").due_at != wall("2026-02-11 08:00")


def test_a_review_by_phone_without_a_reason_is_noted_and_one_with_a_reason_is_not():
    authorised = event("detention_authorised", "2026-02-09 20:50")
    by_phone = event("pace_review_done", "2026-02-10 02:00", rank="inspector", mode="phone")
    why = event("pace_review_done", "2026-02-10 02:00", rank="inspector", mode="phone",
                phone_reason="snow on the pass")  # fmt: skip

    bare = told(STATION, authorised, by_phone, at="2026-02-10 03:00")
    explained = told(STATION, authorised, why, at="2026-02-10 03:00")

    assert any("by phone and no reason" in words for words in bare.warnings)
    assert not any("by phone" in words for words in explained.warnings)
    assert the(bare, "pace_review_2").due_at == the(explained, "pace_review_2").due_at


def test_a_postponement_without_a_reason_calls_the_inspector():
    authorised = event("detention_authorised", "2026-02-09 20:50")
    bare = event("pace_review_postponed", "2026-02-10 02:45", id="later")

    found = told(STATION, authorised, bare, at="2026-02-10 02:46")

    (alert,) = [one for key, one in raised(found).items() if key.startswith("postponed_")]
    assert (alert.event, alert.to) == ("later", ("duty_inspector",))


def test_an_extension_by_a_superintendent_changes_nothing_about_the_reviews():
    authorised = event("detention_authorised", "2026-02-09 20:50")
    first = event("pace_review_done", "2026-02-10 02:50", id="r1", rank="inspector")
    second = event("pace_review_done", "2026-02-10 11:50", id="r2", rank="inspector")
    longer = event("pace_extended", "2026-02-10 20:00", rank="superintendent")

    found = told(STATION, authorised, first, second, longer, at="2026-02-10 20:10", indictable=True)

    assert the(found, "pace_review_n").due_at == wall("2026-02-10 20:50")
