"""When a role covers next: the same as looking at every minute, over both nights of the clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.domain.cover import next_on_duty, on_duty

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)


def hours(begins, ends, days=EVERY_DAY):
    cover = {"role": "liaison_nurse", "days": days, "from": begins, "to": ends}
    return {"suite": [{"id": "castle_street", "cover": [cover]}]}


def next_by_looking(suites, at):
    """Minute by minute, for two weeks."""
    for passed in range(14 * 24 * 60):
        if on_duty(suites, "castle_street", "liaison_nurse", at + passed * MINUTE):
            return at + passed * MINUTE
    return None


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24", "2026-11-14"])
@pytest.mark.parametrize(
    "suites",
    [
        hours("08:00", "22:00"),
        hours("01:30", "06:00"),  # skipped in March, twice in October
        hours("22:00", "01:30"),
        hours("20:00", "08:00", ("fri",)),
        hours("09:00", "17:00", ("mon", "tue")),
        hours("00:00", "24:00", ("wed",)),
    ],
    ids=["day", "in the hour of the change", "ends in it", "one night", "two days", "one day"],
)
def test_the_next_shift_is_the_one_that_looking_at_every_minute_finds(night, suites):
    begins = datetime.fromisoformat(f"{night}T18:00:00+00:00")
    moments = [begins + 37 * passed * MINUTE for passed in range(30)]

    found = [next_on_duty(suites, "castle_street", "liaison_nurse", each) for each in moments]

    assert found == [next_by_looking(suites, each) for each in moments]


def test_a_role_whose_hours_never_come_has_no_next_shift_and_one_without_hours_is_there():
    at = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)
    never = hours("08:00", "22:00", ())

    assert next_on_duty(never, "castle_street", "liaison_nurse", at) is None
    assert next_on_duty(never, "castle_street", "custody_sergeant", at) == at
