"""London wall time: an hour that never was is refused, one that came twice is never guessed."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.domain import london

BACK = datetime(2026, 10, 25, 1, 0)  # noqa: DTZ001 - a wall time as people write it
FORWARD = datetime(2026, 3, 29, 1, 0)  # noqa: DTZ001


@pytest.mark.parametrize("minute", range(60))
def test_every_minute_of_the_repeated_hour_asks_which_and_names_both(minute):
    wall = BACK + timedelta(minutes=minute)

    with pytest.raises(london.RepeatedTime) as asked:
        london.from_wall(wall)

    assert asked.value.second - asked.value.first == timedelta(hours=1)
    assert london.iso(asked.value.first) in str(asked.value)
    assert london.iso(asked.value.second) in str(asked.value)
    assert london.from_wall(wall, "first") == asked.value.first
    assert london.from_wall(wall, "second") == asked.value.second


@pytest.mark.parametrize("minute", range(60))
def test_every_minute_of_the_missing_hour_is_refused(minute):
    with pytest.raises(london.SkippedTime, match="never existed"):
        london.from_wall(FORWARD + timedelta(minutes=minute), "first")


@pytest.mark.parametrize("night", [datetime(2026, 10, 24, 22, tzinfo=UTC),
                                   datetime(2026, 3, 28, 22, tzinfo=UTC)])  # fmt: skip
def test_each_moment_of_a_clock_change_night_reads_back_to_itself(night):
    for minute in range(8 * 60):
        moment = night + timedelta(minutes=minute)
        wall = london.to_wall(moment)
        fold = ("first", "second")[wall.fold]

        assert london.from_wall(wall.replace(tzinfo=None, fold=0), fold) == moment


def test_one_fifteen_utc_on_the_night_the_clocks_go_back_is_shown_as_gmt():
    assert london.text(datetime(2026, 10, 25, 1, 15, tzinfo=UTC)) == "Sun 25 Oct 2026 01:15 GMT"
    assert london.short(datetime(2026, 10, 25, 0, 15, tzinfo=UTC)) == "01:15 BST"


def test_a_london_day_begins_at_its_own_midnight_in_summer_too():
    day = london.day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))

    assert day.isoformat() == "2026-07-02"
    assert london.iso(london.midnight(day)) == "2026-07-01T23:00:00Z"


@pytest.mark.parametrize("year", [1944, 1947, 1969, 2026])
def test_the_day_of_a_moment_is_the_day_that_clocks_in_london_show(year):
    """Through double summer time, the years without winter time, and a year like ours."""
    moment = datetime(year, 1, 1, tzinfo=UTC)
    while moment.year == year:
        assert london.day_of(moment) == moment.astimezone(london.LONDON).date()
        moment += timedelta(minutes=30)
