"""The inspector's review over two hundred invented detentions, counted twice."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.cases.review import by_hand
from tests.cases.review.detentions import FIRST, SUITES, WEEKS, Story, events, stories
from tests.casework.conftest import MARSH, rulebook
from tests.fresh import fresh_record
from triage import casework
from triage.casework import review
from triage.domain import legs
from triage.domain.waits import WaitKind
from triage.settings import Settings

AT = FIRST + timedelta(weeks=WEEKS)


@pytest.fixture(scope="module")
def told() -> list[Story]:
    return list(stories())


@pytest.fixture(scope="module")
def filled(tmp_path_factory, told):
    """Two hundred detentions on a real record, each typed as it was told."""
    folder = tmp_path_factory.mktemp("review")
    record = fresh_record(folder / "triage.db")
    service = casework.Service(
        record, rulebook(), Settings(folder, folder / "triage.db", training=True)
    )
    for story in told:
        put(service, story)
    yield service
    record.close()


def put(service, story: Story) -> str:
    """One story on the record."""
    opening = casework.Opening(
        kind=casework.StayKind.SECTION136,
        suite=story.suite,
        reference=story.record,
        opened_at=story.decided,
        stage="section136",
        training=True,
        identity=casework.Identity(
            date_of_birth=story.born, age_source="document" if story.born else "unknown",
            sex=story.sex,
        ),
        events=tuple(event for event in events(story) if event.kind != "ended"),
    )  # fmt: skip
    stay = casework.open_stay(service, opening, actor=MARSH, now=AT).stay
    casework.record_return_details(service, stay, dict(story.answers), actor=MARSH, now=AT)
    if story.ended is not None:
        ends = story.decided + timedelta(minutes=story.ended)
        leaving = casework.Release(ends, "home", reason="person_declined")
        casework.release(service, stay, leaving, actor=MARSH, now=AT)
    return stay


@pytest.fixture(scope="module")
def found(filled):
    return review.review(filled, (), since=FIRST, until=AT, actor=MARSH, now=AT)


def test_every_detention_is_in_the_report_and_none_twice(found, told):
    records = [one.record for one in found.measured if one.kind is WaitKind.DETENTION]

    assert sorted(records) == sorted(story.record for story in told)


@pytest.mark.parametrize("leg", legs.LEGS)
def test_median_and_ninetieth_of_each_leg_agree_with_a_count_by_hand(found, told, leg):
    [everybody] = legs.report(found.measured, WaitKind.DETENTION, "all")
    [summary] = [each for each in everybody.legs if each.leg == leg]

    by_record = by_hand.lengths(told, leg)
    assert (len(summary.finished), summary.median, summary.ninetieth, summary.longest) == (
        len(by_record),
        by_hand.middle(by_record) * 60,
        by_hand.nine_in_ten(by_record) * 60,
        by_record[-1] * 60,
    )


@pytest.mark.parametrize("by", ["suite", "place", "hour", "week"])
def test_the_groups_agree_with_a_count_by_hand(found, told, by):
    of = {
        "suite": lambda story: story.suite,
        "place": lambda story: story.place,
        "hour": lambda story: f"{by_hand.london_hour(story):02}",
        "week": by_hand.london_monday,
    }[by]
    groups = legs.report(found.measured, WaitKind.DETENTION, by)

    expected = {}
    for value in sorted({of(story) for story in told}):
        inside = [story for story in told if of(story) == value]
        lengths = by_hand.lengths(inside, "whole")
        median = by_hand.middle(lengths) * 60 if lengths else None
        expected[value] = (sorted(story.record for story in inside), median)
    assert {
        group.value: (sorted(group.records), group.legs[-1].median) for group in groups
    } == expected


def test_the_ledger_agrees_with_a_walk_through_every_minute(found, told):
    minutes, records = Counter(), Counter()
    for story in told:
        at = int((AT - story.decided) / timedelta(minutes=1))
        waited = by_hand.minutes_waited(story, story.ended or at)
        minutes.update(waited)
        records.update(dict.fromkeys(waited, 1))

    assert {line.code: (line.minutes, len(line.records)) for line in found.ledger} == {
        code: (minutes[code], records[code]) for code in minutes
    }


def test_every_breach_of_the_permitted_period_is_found_and_no_other(found, told):
    breached = [
        case.reference for case, one in found.passed if one.clock.clock == "permitted_period"
    ]

    assert sorted(breached) == by_hand.breaches(told, AT)
    assert len(breached) >= 5  # or the fixture shows nothing


def test_officer_hours_count_only_where_somebody_said_how_many(found, told):
    hours = legs.officer_hours(found.measured)

    waited = [
        (story, (story.accepted or story.ended or 0) - story.arrived)
        for story in told
        if story.place != "police_station" and (story.accepted or story.ended) is not None
    ]
    officers = {story.record: dict(story.answers).get("officers") for story in told}
    assert hours.seconds == sum(
        60 * minutes * int(officers[story.record])
        for story, minutes in waited
        if officers[story.record]
    )
    assert sorted(hours.not_counted) == sorted(
        story.record for story, _ in waited if officers[story.record] is None
    )


def test_the_annual_return_agrees_with_a_count_by_hand(filled, told):
    view = review.yearly(filled, (), on=date(2026, 7, 1), actor=MARSH, now=AT)

    assert (view.first, view.next) == (date(2026, 4, 1), date(2027, 4, 1))
    counts = {each.field.id: each for each in view.counted}
    assert {code: len(records) for code, records in counts["first_place"].codes if records} == (
        Counter(story.place for story in told)
    )
    adults = Counter(by_hand.is_adult(story) for story in told)
    assert dict(counts["age_group"].codes).keys() == {"under_18", "18_and_over"}
    assert [len(records) for _, records in counts["age_group"].codes] == [
        adults[False], adults[True],
    ]  # fmt: skip
    assert len(counts["age_group"].missing) == adults[None]
    for field in ("transport", "ethnicity_self"):
        given = Counter(dict(story.answers).get(field) for story in told)
        assert {code: len(r) for code, r in counts[field].codes if r} == {
            code: number for code, number in given.items() if code
        }
        assert len(counts[field].missing) == given[None]
    police = [s for s in told if dict(s.answers).get("transport") == "police_vehicle"]
    assert counts["vehicle_reason"].asked == len(police)
    assert counts["vehicle_reason"].missing == tuple(
        case for case in counts["vehicle_reason"].missing
        if case in {s.record for s in police if "vehicle_reason" not in dict(s.answers)}
    )  # fmt: skip
    station = [story for story in told if story.place == "police_station"]
    hours = {row.record: row.values["station_hours"] for row in view.rows}
    assert {record for record, value in hours.items() if value not in (None, "not_asked")} == {
        story.record for story in station
    }


def test_the_fixture_would_notice_a_minute(found, told):
    """The twin: the hand count of a story changed by a minute no longer agrees."""
    from dataclasses import replace

    changed = [replace(told[0], ended=(told[0].ended or 0) + 1), *told[1:]]
    whole = by_hand.lengths(changed, "whole")
    measured = legs.seconds_of(
        (one for one in found.measured if one.kind is WaitKind.DETENTION), "whole"
    )

    assert sorted(measured) != [minutes * 60 for minutes in whole]
    assert set(SUITES) == {story.suite for story in told}
