"""Each wait is counted in the stretch in which it began: never in two, and never in none."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.casework.conftest import MARSH, happened, minutes
from triage import casework
from triage.casework import review
from triage.record.read_stays import StayReads

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)  # midnight in London
WEEK = timedelta(weeks=1)
NOW = MONDAY + 2 * WEEK
HOUR = timedelta(hours=1)


def detained(service, opened_at, *events, reference="TRAINING/INC/0001"):
    opening = casework.Opening(
        kind=casework.StayKind.SECTION136, suite="castle_street", reference=reference,
        opened_at=opened_at, stage="section136", training=True, events=events,
    )  # fmt: skip
    return casework.open_stay(service, opening, actor=MARSH, now=NOW).stay


def found(service, since, until, **known):
    return review.review(service, (), since=since, until=until, actor=MARSH, now=NOW, **known)


def weeks(service, **known):
    """The week before the Monday, the one after it, and both together."""
    edges = ((MONDAY - WEEK, MONDAY), (MONDAY, MONDAY + WEEK), (MONDAY - WEEK, MONDAY + WEEK))
    return [found(service, *each, **known) for each in edges]


def kept(at, **said):
    return happened("s136_decided", at, limb="keep", place="a_and_e", consulted="nurse", **said)


@pytest.fixture
def before_midnight(service):
    """They were brought to A&E before midnight on Sunday; the record was opened after it."""
    arrived = happened("arrived", MONDAY - minutes(20), place="a_and_e")
    decided = happened("s136_decided", MONDAY - minutes(40), limb="remove", consulted="nurse")
    stay = detained(service, MONDAY + minutes(10), decided, arrived)
    left = casework.Release(MONDAY + 8 * HOUR, "home", reason="person_declined")
    casework.release(service, stay, left, actor=MARSH, now=NOW)


def test_a_record_opened_after_midnight_counts_in_the_week_in_which_they_were_detained(
    service, before_midnight
):
    before, after, both = weeks(service)

    assert [len(each.detentions) for each in (before, after, both)] == [1, 0, 1]
    assert before.ledger == both.ledger != ()


def test_so_it_does_as_known_at_an_earlier_moment(service, before_midnight):
    [case] = found(service, MONDAY - WEEK, MONDAY).cases
    since = happened("bed_requested", NOW)
    casework.record_event(service, case.stay, since, actor=MARSH, now=NOW + HOUR)

    before, after, _ = weeks(service, as_known_at=NOW)

    assert [len(each.detentions) for each in (before, after)] == [1, 0]


def test_the_annual_return_has_it_in_the_year_of_the_decision(service):
    year = datetime(2026, 3, 31, 23, tzinfo=UTC)  # midnight of 1 April in London
    decided = kept(year - minutes(40))
    detained(service, year + minutes(10), decided)

    rows = {
        day: len(review.yearly(service, (), on=day, actor=MARSH, now=NOW).rows)
        for day in (date(2026, 3, 1), date(2026, 5, 1))
    }

    assert rows == {date(2026, 3, 1): 1, date(2026, 5, 1): 0}


def test_the_twin_only_stays_that_were_open_then(service, before_midnight, monkeypatch):
    honest = StayReads.stays_of_stretch
    monkeypatch.setattr(
        StayReads, "stays_of_stretch",
        lambda self, since, until: tuple(
            each for each in honest(self, since, until) if since <= each.opened_at < until
        ),
    )  # fmt: skip

    assert [len(each.detentions) for each in weeks(service)] == [0, 0, 1]


@pytest.fixture
def detained_twice(service):
    """Detained on Sunday and let go, and detained again on Monday, typed on one record."""
    first = MONDAY - 10 * HOUR
    stay = detained(service, first, kept(first))
    for event in (
        happened("place_asked", first + HOUR, place="health_based_place_of_safety", answer="full"),
        happened("ended", MONDAY - 5 * HOUR, power="section136"),
        kept(MONDAY + 5 * HOUR),
        happened("bed_requested", MONDAY + 6 * HOUR),
        happened("place_asked", MONDAY + 6 * HOUR, place="a_and_e", answer="no"),
        happened("ended", MONDAY + 30 * HOUR),
    ):
        casework.record_event(service, stay, event, actor=MARSH, now=NOW)


def told(looked):
    """All that a report adds up, as counts that add up."""
    return Counter({line.code: line.minutes for line in looked.ledger}) + Counter(
        [("waits", one.kind) for one in looked.measured]
        + [("passed", one.clock.clock) for _, one in looked.passed]
        + [("asked", event.extra["answer"]) for _, event in looked.asked]
        + [("gap", gap.since) for _, gap in looked.gaps]
    )


def test_of_somebody_detained_twice_each_week_has_its_own_minutes_and_none_has_both(
    service, detained_twice
):
    before, after, both = map(told, weeks(service))

    assert (before["place_of_safety.refused"], after["place_of_safety.refused"]) == (
        4 * 60,
        24 * 60,
    )
    assert (before["bed.none_found_yet"], after["bed.none_found_yet"]) == (0, 24 * 60)
    assert (before["unattributed.gap"], after["unattributed.gap"]) == (60, 60)
    assert (before["passed", "permitted_period"], after["passed", "permitted_period"]) == (0, 1)
    assert (before["asked", "full"], after["asked", "full"]) == (1, 0)
    assert before + after == both


def test_the_twin_minutes_that_go_with_the_stay_are_counted_in_both_weeks(
    service, detained_twice, monkeypatch
):
    monkeypatch.setattr(review.Review, "_begins", lambda self, share: True)

    before, after, both = map(told, weeks(service))

    assert before + after != both
