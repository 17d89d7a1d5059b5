"""Whether a service is open: London hours, clock changes, bank holidays, unknown is unknown."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.rulebooks import real
from triage.domain import london
from triage.domain.opening_hours import Doubt, Holidays, Hours, Opening, opening, read

WORKDAYS = "Monday to Friday 09:30 to 16:30"
NONE = Holidays({}, date(2030, 12, 31))  # every day is known to be no bank holiday
BOXING = Holidays({date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day"},
                  date(2030, 12, 31))  # fmt: skip


def at(text: str, fold: str | None = None) -> datetime:
    """A London wall time, as people write it."""
    return london.from_wall(datetime.fromisoformat(text), fold)


def said(hours: str | None, text: str, holidays: Holidays = NONE) -> Opening:
    return opening(hours, holidays, at=at(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23 09:29", Opening(False, opens_at=at("2026-11-23 09:30"))),
        ("2026-11-23 09:30", Opening(True, until=at("2026-11-23 16:30"))),
        ("2026-11-23 16:29", Opening(True, until=at("2026-11-23 16:30"))),
        ("2026-11-23 16:30", Opening(False, opens_at=at("2026-11-24 09:30"))),
        ("2026-11-27 18:00", Opening(False, opens_at=at("2026-11-30 09:30"))),
    ],
)
def test_a_service_is_open_from_its_first_minute_and_closed_from_its_last(
    text: str, expected: Opening
) -> None:
    assert said(WORKDAYS, text) == expected


def test_hours_are_those_of_a_london_clock_in_summer_too() -> None:
    summer = opening(WORKDAYS, NONE, at=datetime(2026, 7, 6, 8, 30, tzinfo=UTC))  # 09:30 BST

    assert summer == Opening(True, until=datetime(2026, 7, 6, 15, 30, tzinfo=UTC))
    assert opening(WORKDAYS, NONE, at=datetime(2026, 1, 5, 8, 30, tzinfo=UTC)).is_open is False


def test_a_night_on_which_the_clocks_change_is_as_long_as_it_is() -> None:
    night = "every day 22:00 to 06:00"

    spring = said(night, "2026-03-28 23:00")
    autumn = said(night, "2026-10-24 23:00")

    assert spring.until == datetime(2026, 3, 29, 5, tzinfo=UTC)  # 06:00 BST, seven hours on
    assert autumn.until == datetime(2026, 10, 25, 6, tzinfo=UTC)  # 06:00 GMT, nine hours on


def test_a_skipped_hour_begins_as_the_clocks_jump_and_a_repeated_one_at_its_first() -> None:
    assert said("every day 01:30 to 05:00", "2026-03-29 00:30").opens_at == at("2026-03-29 02:00")
    repeated = said("every day 01:30 to 05:00", "2026-10-25 00:30")
    assert repeated.opens_at == at("2026-10-25 01:30", "first")


def test_what_never_closes_has_no_end_and_hours_that_meet_at_midnight_are_one_stretch() -> None:
    assert said("every day, day and night", "2026-11-23 03:00") == Opening(True)
    weekdays = said("Monday to Friday day and night", "2026-11-23 03:00")
    assert weekdays == Opening(True, until=at("2026-11-28 00:00"))


@pytest.mark.parametrize(
    ("hours", "doubt"),
    [(None, Doubt.NO_HOURS), ("", Doubt.NO_HOURS), ("by appointment", Doubt.UNREADABLE)],
)
def test_hours_not_given_or_not_readable_leave_it_unknown(hours: str | None, doubt: Doubt) -> None:
    assert said(hours, "2026-11-23 12:00") == Opening(None, doubt=doubt)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (WORKDAYS, Opening(None, doubt=Doubt.BANK_HOLIDAY, holiday="Boxing Day")),
        (
            f"{WORKDAYS}; not on bank holidays",
            Opening(False, opens_at=at("2026-12-29 09:30")),
        ),
        (f"{WORKDAYS}, also on bank holidays", Opening(True, until=at("2026-12-28 16:30"))),
        ("every day 08:00 to 20:00", Opening(True, until=at("2026-12-28 20:00"))),
        ("Saturday 10:00 to 12:00", Opening(False, opens_at=at("2027-01-02 10:00"))),
    ],
)
def test_on_a_bank_holiday_hours_that_do_not_say_leave_it_unknown(
    hours: str, expected: Opening
) -> None:
    assert said(hours, "2026-12-28 12:00", BOXING) == expected


def test_the_same_hours_on_the_same_day_are_known_where_it_is_no_bank_holiday() -> None:
    """The twin: it is the bank holiday that makes it unknown, not the hours."""
    assert said(WORKDAYS, "2026-12-28 12:00") == Opening(True, until=at("2026-12-28 16:30"))


def test_a_bank_holiday_before_the_next_certain_opening_is_named() -> None:
    before = said(WORKDAYS, "2026-12-24 18:00", BOXING)

    assert before == Opening(
        False,
        opens_at=at("2026-12-29 09:30"),
        doubt=Doubt.BANK_HOLIDAY,
        holiday="Christmas Day",
    )


def test_a_year_whose_bank_holidays_are_not_on_file_leaves_it_unknown() -> None:
    until = Holidays({}, date(2026, 12, 31))

    assert said(WORKDAYS, "2027-01-05 12:00", until) == Opening(None, doubt=Doubt.NOT_ON_FILE)
    assert said(WORKDAYS, "2026-12-31 12:00", until).is_open is True


NINE = ((540, 1020),)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Monday to Friday 09:00 to 17:00", (NINE,) * 5 + ((), ())),
        ("weekdays 09:00 to 17:00", (NINE,) * 5 + ((), ())),
        ("Tuesdays 09:00 to 17:00", ((), NINE, (), (), (), (), ())),
        ("Monday, Wednesday and Friday to Saturday 09:00 to 17:00",
         (NINE, (), NINE, (), NINE, NINE, ())),
        ("Saturday to Monday 09:00 to 17:00", (NINE, (), (), (), (), NINE, NINE)),
        ("Monday 09:00 to 10:00 and 16:00 to 17:00; Sunday 9:00 to 17:00",
         (((540, 600), (960, 1020)), (), (), (), (), (), NINE)),
        ("Friday 22:00 to 06:00.", ((), (), (), (), ((1320, 1800),), (), ())),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(text: str, week: object) -> None:
    assert read(text) == Hours(week, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Monday to Friday", "09:00 to 17:00", "Monday 9 to 5", "Monday 25:00 to 26:00",
        "Monday 09:00 to 09:00", "Monday to Friday 09:00 to 17:00, or by appointment",
        "not on bank holidays", "Mon-Fri 09:00-17:00", "Monday 09:00 to 24:30",
    ],
)  # fmt: skip
def test_hours_of_which_any_part_is_not_understood_are_not_half_read(text: str) -> None:
    assert read(text) is None


def test_all_hours_that_ship_can_be_read() -> None:
    assert [each.id for each in real().services if read(each.details["open"]) is None] == []


def _easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_the_bank_holidays_on_file_are_those_that_the_act_and_the_calendar_give(year: int) -> None:
    """Banking and Financial Dealings Act 1971 schedule 1, and the days that are proclaimed."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    mondays = {m: [d for d in days if d.month == m and d.weekday() == 0 and d.year == year]
               for m in (5, 8)}  # fmt: skip
    expected = {mondays[5][0], mondays[5][-1], mondays[8][-1]}
    expected |= {_easter(year) - timedelta(days=2), _easter(year) + timedelta(days=1)}
    for fixed in ([date(year, 1, 1)], [date(year, 12, 25), date(year, 12, 26)]):
        expected |= {*fixed}
        free = max(fixed)
        for _ in [each for each in fixed if each.weekday() >= 5]:
            free += timedelta(days=1)
            while free.weekday() >= 5:
                free += timedelta(days=1)
            expected.add(free)

    assert {day for day in real().holidays.names if day.year == year} == expected


def test_what_is_remembered_of_hours_has_a_bound_and_every_text_its_own_hours() -> None:
    monday = at("2026-11-23 12:00")
    closing = {f"Monday 09:00 to {hour}:{minute:02d}": (hour, minute)
               for hour in range(13, 23) for minute in range(60)}  # fmt: skip

    found = {text: opening(text, NONE, at=monday).until for text in closing}

    assert found == {
        text: monday.replace(hour=hour, minute=minute) for text, (hour, minute) in closing.items()
    }
    assert len(closing) > read.cache_info().currsize == read.cache_info().maxsize


def _of_the_schedule(year: int) -> set[date]:
    """Schedule 1, paragraph 1: the bank holidays of England and Wales that need no proclamation."""
    last = {m: max(date(year, m, d) for d in range(25, 32) if date(year, m, d).weekday() == 0)
            for m in (5, 8)}  # fmt: skip
    christmas = [date(year, 12, day) for day in (25, 26)]
    days = {_easter(year) + timedelta(days=1), last[5], last[8]}
    if christmas[1].weekday() != 6:
        days.add(christmas[1])
    if any(day.weekday() == 6 for day in christmas):
        days.add(date(year, 12, 27))
    return days


@pytest.mark.parametrize(
    ("year", "others"),
    [
        (2026, ("01-01", "04-03", "05-04", "12-25", "12-28")),
        (2027, ("01-01", "03-26", "05-03", "12-25", "12-26", "12-28")),  # 26 December is a Sunday
        (2028, ("01-01", "01-03", "04-14", "05-01", "12-25")),
    ],
)
def test_what_the_schedule_does_not_give_is_proclaimed_or_common_law(
    year: int, others: tuple[str, ...]
) -> None:
    on_file = {day for day in real().holidays.names if day.year == year}
    schedule = _of_the_schedule(year)

    assert schedule <= on_file
    assert on_file - schedule == {date.fromisoformat(f"{year}-{day}") for day in others}
