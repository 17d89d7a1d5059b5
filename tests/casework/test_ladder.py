"""Who is told when, and who stands in for whom: the signed ladder and the signed hours."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.casework.conftest import rulebook
from triage.domain.cover import on_duty, who
from triage.domain.ladder import chain, is_held, reached

LADDER = rulebook().practice["alerts"]
SUITES = rulebook().practice["suites"]
BEGAN = datetime(2026, 10, 24, 19, 0, tzinfo=UTC)


def minutes(number):
    return timedelta(minutes=number)


def test_an_emergency_calls_the_desk_and_healthcare_and_copies_the_nurse_until_the_last_step():
    shape = chain(LADDER, "A1", ("custody_hcp",))

    assert shape.roles(0) == ("custody_hcp", "custody_sergeant")
    assert shape.shown(0) == ("custody_hcp", "custody_sergeant", "liaison_nurse")
    assert "liaison_nurse" in shape.roles(3)
    assert shape.roles(50) == shape.roles(3)


def test_a_nurse_who_was_named_is_called_at_once():
    assert "liaison_nurse" in chain(LADDER, "A1", ("liaison_nurse",)).roles(0)


def test_steps_fall_due_from_the_beginning_and_repeat_without_end():
    shape = chain(LADDER, "A1", ("custody_hcp",))

    assert [shape.due(step, BEGAN) for step in range(6)] == [
        BEGAN + minutes(after) for after in (0, 2, 4, 6, 8, 10)
    ]
    assert chain(LADDER, "A4", ("custody_sergeant",)).due(1, BEGAN) is None


@pytest.mark.parametrize(("passed", "step"), [(2, 1), (3, 1), (4, 2), (6, 3), (7, 3), (8, 4)])
def test_the_highest_step_that_time_has_reached(passed, step):
    shape = chain(LADDER, "A1", ("custody_hcp",))

    assert shape.crossed(BEGAN, BEGAN + minutes(passed), 1) == step


def test_ten_years_of_silence_are_counted_at_once():
    shape = chain(LADDER, "A1", ("custody_hcp",))

    assert shape.crossed(BEGAN, BEGAN + timedelta(days=3650), 1) == 3 + (3650 * 1440 - 6) // 2


def test_a_system_alert_climbs_as_the_level_it_stands_for():
    assert chain(LADDER, "SYS1", ()).steps == chain(LADDER, "A1", ()).steps


@pytest.mark.parametrize(
    ("addressees", "police", "clinical", "held"),
    [
        (("custody_hcp", "custody_sergeant"), True, False, False),
        (("custody_hcp", "custody_sergeant"), False, True, True),
        (("duty_inspector",), True, False, True),
        (("duty_inspector",), False, True, True),
        (("duty_inspector",), False, False, False),
    ],
)
def test_what_is_meant_for_a_clinician_is_held_by_a_clinician(addressees, police, clinical, held):
    assert is_held(addressees, police=police, clinical=clinical) is held


def test_partners_are_reached_through_whoever_calls_them_and_nobody_named_is_the_desk():
    assert reached(["superintendent", "amhp"]) == ("duty_inspector",)
    assert reached([]) == ("custody_sergeant",)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (datetime(2026, 10, 24, 20, 59, tzinfo=UTC), True),  # 21:59 in London
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), False),  # 22:00
        (datetime(2026, 10, 25, 7, 59, tzinfo=UTC), False),  # 07:59, now on GMT
        (datetime(2026, 10, 25, 8, 0, tzinfo=UTC), True),  # 08:00
    ],
)
def test_hours_of_cover_are_london_hours_on_the_night_the_clocks_go_back_too(moment, there):
    assert on_duty(SUITES, "castle_street", "liaison_nurse", moment) is there


def test_off_duty_somebody_steps_in_and_is_named():
    night = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)

    cover = who(SUITES, "castle_street", ("liaison_nurse", "custody_sergeant"), night)

    assert cover.roles == ("custody_hcp", "custody_sergeant")
    assert cover.instead == {"liaison_nurse": "custody_hcp"}
    assert cover.nobody == ()


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin():
    suites = {
        "suite": [
            {
                "id": "x",
                "cover": [
                    {"role": "night", "days": ["sat"], "from": "22:00", "to": "06:00"},
                ],
            }
        ]
    }
    at = {hour: datetime(2026, 10, 24, hour, 0, tzinfo=UTC) for hour in (4, 20, 21)}
    sunday = datetime(2026, 10, 25, 5, 0, tzinfo=UTC)

    assert [on_duty(suites, "x", "night", moment) for moment in (*at.values(), sunday)] == [
        False, False, True, True,
    ]  # fmt: skip


def test_a_circle_of_people_who_step_in_for_each_other_is_nobody():
    def off(role, other):
        return {"role": role, "days": [], "from": "00:00", "to": "24:00", "otherwise": other}

    suites = {"suite": [{"id": "x", "cover": [off("a", "b"), off("b", "a")]}]}

    cover = who(suites, "x", ("a",), BEGAN)

    assert (cover.roles, cover.nobody) == ((), ("a",))


def test_a_suite_or_role_that_nobody_wrote_down_counts_as_there():
    assert on_duty(SUITES, "nowhere", "liaison_nurse", BEGAN)
    assert on_duty(SUITES, "castle_street", "control_room", BEGAN)
