"""Every minute of the nights on which London changes its clocks: 24 hours are 86,400 seconds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.law_on_disk import LADDER, LAW
from triage.domain.detention import clocks
from triage.domain.errors import InputError
from triage.present.clocks import as_json
from triage.schemas.clocks import detention_of

LONDON = ZoneInfo("Europe/London")
NIGHTS = {
    "autumn 2026": datetime(2026, 10, 24, 22, tzinfo=UTC),
    "spring 2026": datetime(2026, 3, 28, 22, tzinfo=UTC),
    "spring 2027": datetime(2027, 3, 27, 22, tzinfo=UTC),
}
MISSING = ("2026-03-29", "2027-03-28")


def minutes(first: datetime, hours: int = 7) -> Iterator[datetime]:
    return (first + timedelta(minutes=number) for number in range(hours * 60))


def kept_at(moment: dict | str) -> dict:
    decided = {"kind": "s136_decided", "limb": "keep", "consulted": "nurse", "place": "a_and_e"}
    return {
        "nation": "england",
        "person": {"age": 30},
        "at": "2027-06-01T00:00:00Z",
        "events": [{**decided, "id": "d", "occurred_at": moment}],
    }


def as_wall(moment: datetime) -> dict:
    """The London time that a sergeant would type, with the fold in the repeated hour."""
    local = moment.astimezone(LONDON)
    said = {"london": local.replace(tzinfo=None).isoformat(timespec="minutes")}
    other = local.replace(fold=1 - local.fold)
    if other.utcoffset() != local.utcoffset():
        said["fold"] = "second" if local.fold else "first"
    return said


def permitted(document: dict) -> dict:
    found = as_json(clocks(LAW, LADDER, detention_of(document, now=NIGHTS["autumn 2026"])))
    return next(one for one in found["clocks"] if one["clock"] == "permitted_period")


def seconds_between(clock: dict) -> float:
    due, started = (datetime.fromisoformat(clock[name]) for name in ("due_at", "started_at"))
    return (due - started).total_seconds()


@pytest.mark.parametrize("night", NIGHTS)
def test_a_day_is_86400_seconds_from_every_minute_of_the_night(night):
    wrong = []
    for moment in minutes(NIGHTS[night]):
        clock = permitted(kept_at(as_wall(moment)))
        due = (moment + timedelta(seconds=86_400)).astimezone(LONDON)
        text = f"{due:%a} {due.day} {due:%b %Y %H:%M} {due.tzname()}"
        if seconds_between(clock) != 86_400 or clock["due_london"] != text:
            wrong.append((moment, clock))

    assert wrong == []


def test_the_check_would_catch_a_day_counted_on_the_wall():
    first = NIGHTS["spring 2026"]
    naive = first.astimezone(LONDON) + timedelta(hours=24)  # the classic mistake

    assert (naive.astimezone(UTC) - first).total_seconds() != 86_400


@pytest.mark.parametrize("day", MISSING)
def test_every_minute_of_the_missing_hour_is_refused(day):
    accepted = []
    for minute in range(60):
        try:
            detention_of(kept_at({"london": f"{day}T01:{minute:02d}"}), now=NIGHTS["spring 2026"])
            accepted.append(minute)
        except InputError as refused:
            assert refused.problems[0].field == "events[0].occurred_at"
            assert "never existed" in str(refused)

    assert accepted == []


def test_every_minute_of_the_repeated_hour_is_asked_about():
    for minute in range(60):
        wall = {"london": f"2026-10-25T01:{minute:02d}"}

        with pytest.raises(InputError) as refused:
            detention_of(kept_at(wall), now=NIGHTS["autumn 2026"])

        readings = [f"2026-10-25T0{hour}:{minute:02d}:00Z" for hour in (0, 1)]
        assert refused.value.problems[0].field == "events[0].occurred_at"
        assert all(reading in str(refused.value) for reading in readings)


def test_the_two_folds_of_every_repeated_minute_are_an_hour_apart():
    apart = set()
    for minute in range(60):
        wall = {"london": f"2026-10-25T01:{minute:02d}"}
        first, second = (
            datetime.fromisoformat(permitted(kept_at(wall | {"fold": fold}))["due_at"])
            for fold in ("first", "second")
        )
        apart.add(second - first)

    assert apart == {timedelta(hours=1)}


@pytest.mark.parametrize("night", NIGHTS)
def test_half_hourly_health_checks_stay_half_hourly_through_the_night(night):
    first = NIGHTS[night]
    events = [
        {"kind": "s136_decided", "limb": "remove", "consulted": "nurse"},
        {"kind": "station_authorised", "rank": "inspector"},
        {"kind": "arrived", "place": "police_station"},
    ]
    events = [{**one, "occurred_at": as_wall(first)} for one in events]
    for half_hour in range(1, 14):
        moment = as_wall(first + timedelta(minutes=30 * half_hour))
        events.append({"kind": "health_check", "role": "custody_hcp", "occurred_at": moment})
    at = (first + timedelta(minutes=30 * 13 + 10)).isoformat()
    document = {**kept_at(at), "events": events, "at": at}

    found = as_json(clocks(LAW, LADDER, detention_of(document, now=first)))

    checks = [one for one in found["clocks"] if one["clock"] == "health_check"]
    assert [(one["state"], one["left_seconds"]) for one in checks] == [("running", 1200)]
