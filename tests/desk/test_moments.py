"""When somebody left, as a sergeant types it at ten past midnight and on the two odd nights."""

from datetime import UTC, datetime

import pytest

from triage.desk.moments import NOT_YET, Twice, moment
from triage.desk.typed import NoAnswer
from triage.domain.london import text
from triage.present import forms as words

AN_EVENING = datetime(2026, 6, 10, 21, 50, tzinfo=UTC)  # Wednesday, 22:50 BST
PAST_MIDNIGHT = datetime(2026, 6, 10, 23, 10, tzinfo=UTC)  # Thursday, 00:10 BST
GONE_BACK = datetime(2026, 10, 25, 2, 5, tzinfo=UTC)  # both half past ones are over
GOING_BACK = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 01:45 BST, only the first of them
GONE_FORWARD = datetime(2026, 3, 29, 2, 0, tzinfo=UTC)  # 03:00 BST; 01:30 never was


def read(typed: str, now: datetime) -> str:
    found = moment(typed, now=now)
    assert isinstance(found, datetime), found
    return text(found)


@pytest.mark.parametrize(
    ("typed", "now", "left"),
    [
        ("", AN_EVENING, "Wed 10 Jun 2026 22:50 BST"),
        ("Now", AN_EVENING, "Wed 10 Jun 2026 22:50 BST"),
        ("22:45", AN_EVENING, "Wed 10 Jun 2026 22:45 BST"),
        ("2245", AN_EVENING, "Wed 10 Jun 2026 22:45 BST"),
        ("9.05", AN_EVENING, "Wed 10 Jun 2026 09:05 BST"),
        ("22:51", AN_EVENING, "Wed 10 Jun 2026 22:51 BST"),  # a watch that is a minute fast
        ("23:50", PAST_MIDNIGHT, "Wed 10 Jun 2026 23:50 BST"),  # ten past midnight: of yesterday
        ("0005", PAST_MIDNIGHT, "Thu 11 Jun 2026 00:05 BST"),
        ("23:30 yesterday", AN_EVENING, "Tue 9 Jun 2026 23:30 BST"),
        ("08:00 today", AN_EVENING, "Wed 10 Jun 2026 08:00 BST"),
        ("08:00 2026-06-01", AN_EVENING, "Mon 1 Jun 2026 08:00 BST"),
        ("01:30", GOING_BACK, "Sun 25 Oct 2026 01:30 BST"),  # the second is still to come
        ("00:59", GONE_BACK, "Sun 25 Oct 2026 00:59 BST"),
        ("02:01", GONE_BACK, "Sun 25 Oct 2026 02:01 GMT"),
    ],
)
def test_a_time_is_the_last_one_that_the_wall_clock_showed(typed, now, left):
    assert read(typed, now) == left


def test_a_time_that_happened_twice_is_never_guessed():
    found = moment("01:30", now=GONE_BACK)

    assert isinstance(found, Twice)
    assert (text(found.first), text(found.second)) == (
        "Sun 25 Oct 2026 01:30 BST", "Sun 25 Oct 2026 01:30 GMT",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "now", "why"),
    [
        ("01:30", GONE_FORWARD, words.NEVER_EXISTED),
        ("23:30", AN_EVENING, NOT_YET),  # forty minutes ahead: not taken for yesterday
        ("23:30 today", AN_EVENING, NOT_YET),
        ("08:00 2027-06-01", AN_EVENING, NOT_YET),
        ("25:00", AN_EVENING, words.NOT_A_TIME),
        ("soon", AN_EVENING, words.NOT_A_TIME),
        ("22:45 tomorrow", AN_EVENING, words.NOT_A_TIME),
        ("08:00 2026-02-30", AN_EVENING, words.NOT_A_DAY),
        ("08:00 0001-01-01", AN_EVENING, None),
    ],
)
def test_what_is_no_time_that_has_been_is_asked_again_with_the_reason(typed, now, why):
    found = moment(typed, now=now)

    if why is None:  # a day out of all reach is never an error of ours
        assert isinstance(found, NoAnswer | datetime)
    else:
        assert found == NoAnswer(why)
