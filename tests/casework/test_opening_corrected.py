"""Somebody puts right when a custody record was opened: what hangs on it goes along, loudly.

Until an arrival at the station is recorded the opening stands for it (PACE s41: the relevant time
is the arrival); after that a corrected opening moves no clock, and says so.
"""

import pytest

from tests.casework.conftest import MARSH, NOW, OKAFOR, custody, happened, keys, minutes, opened
from triage import casework
from triage.casework import history
from triage.casework.history import History
from triage.domain.differences import What
from triage.domain.timeline import Moment
from triage.present import timeline
from triage.present.changes import OPENING_MOVES, opening_words
from triage.record import EventKind
from triage.record.rebuilding import rebuild

HOUR = minutes(60)
REVIEW = minutes(360)


def opening_of(service, stay):
    [first] = [
        event for event in service.record.reading().stay_events(stay)
        if event.kind is EventKind.STAY_OPENED
    ]  # fmt: skip
    return first.seq


def corrected(service, stay, by, *, at, actor=OKAFOR):
    """The opening was so much later than typed, or earlier; said so long after it."""
    right = casework.Correction("read off the wrong line", occurred_at=Moment.at(NOW + by))
    return casework.correct(service, opening_of(service, stay), right, actor=actor, now=NOW + at)


def visited_each_half_hour(service, stay, until, send):
    at = minutes(30)
    while at < until:
        casework.tick(service, now=NOW + at, send=send)
        casework.record_visit(service, stay, casework.Visit(NOW + at), actor=OKAFOR, now=NOW + at)
        at += minutes(30)
    casework.tick(service, now=NOW + until, send=send)


def due(said):
    return {clock.clock: clock.due_at - NOW for clock in said.clocks.clocks}


def about(service, stay, source):
    return [
        (alert.due_at - NOW, alert.state, alert.late_seconds // 60)
        for alert in keys(service, stay).values()
        if (alert.source, alert.step) == (source, "due") and alert.state != "planned"
    ]


@pytest.mark.parametrize("by", [-90, -1, 45])
def test_a_corrected_opening_moves_every_clock_that_counts_from_it(service, by):
    stay = opened(service, custody(at=NOW), now=NOW + minutes(50))
    before = {"visit": HOUR, "pace_review_1": REVIEW, "pace_24h": 24 * HOUR, "pace_36h": 36 * HOUR,
              "pace_96h": 96 * HOUR}  # fmt: skip
    said = corrected(service, stay, minutes(by), at=minutes(50))

    assert due(said) == {clock: length + minutes(by) for clock, length in before.items()}


def test_the_plan_moves_with_it(service):
    stay = opened(service)
    corrected(service, stay, -HOUR, at=minutes(10))
    planned = {
        (alert.source, alert.step): alert.due_at - NOW
        for alert in keys(service, stay).values() if alert.state == "planned"
    }  # fmt: skip

    assert planned["pace_review_1", "due"] == REVIEW - HOUR
    assert planned["pace_review_1", "before_30"] == REVIEW - HOUR - minutes(30)
    assert planned["pace_24h", "due"] == 23 * HOUR


def test_an_earlier_opening_whose_review_is_missed_already_calls_at_once_and_late(service, send):
    stay = opened(service)
    visited_each_half_hour(service, stay, minutes(345), send)
    corrected(service, stay, -HOUR, at=minutes(345))

    assert about(service, stay, "pace_review_1") == [(REVIEW - HOUR, "raised", 45)]


def test_it_calls_at_once_though_the_review_counted_before_had_been_raised_too(service, send):
    stay = opened(service)
    visited_each_half_hour(service, stay, REVIEW + minutes(1), send)
    said = corrected(service, stay, -HOUR, at=REVIEW + minutes(2))

    assert about(service, stay, "pace_review_1") == [
        (REVIEW - HOUR, "raised", 62),
        (REVIEW, "withdrawn", 0),
    ]
    assert [key.split(":", 1)[1] for key in said.withdrawn_alerts] == [
        f"pace_review_1:due:{NOW + REVIEW:%Y%m%dT%H%M%SZ}"
    ]


def test_a_later_opening_takes_back_what_was_raised_only_by_the_correction_that_names_it(
    service, send
):
    stay = opened(service)
    visited_each_half_hour(service, stay, REVIEW + minutes(1), send)
    said = corrected(service, stay, HOUR, at=REVIEW + minutes(2))
    [gone] = [
        event for event in service.record.reading().stay_events(stay)
        if event.kind is EventKind.ALERT_WITHDRAWN and ":pace_review_1:due:" in event.header["key"]
    ]  # fmt: skip

    assert (gone.header["by_event"], gone.header["reason"]) == (said.seq, "corrected")
    assert gone.actor == OKAFOR


def test_taken_back_it_calls_again(service, send):
    stay = opened(service)
    visited_each_half_hour(service, stay, REVIEW + minutes(1), send)
    said = corrected(service, stay, HOUR, at=REVIEW + minutes(2))
    slip = casework.Correction("it was right", withdrawn=True)
    casework.correct(service, said.seq, slip, actor=MARSH, now=NOW + REVIEW + minutes(3))

    assert about(service, stay, "pace_review_1") == [(REVIEW, "raised", 0)]


def test_the_timeline_that_is_read_out_tells_what_it_moved(service):
    stay = opened(service)
    corrected(service, stay, -HOUR, at=minutes(10))
    at = NOW + minutes(20)
    view = casework.stay_view(service, stay, actor=OKAFOR, now=at, purpose="look")
    [told] = [entry for entry in view.timeline if entry.kind == "corrected"]
    read_out = timeline.entry(told, now=at)

    assert told.corrects == opening_of(service, stay)
    assert What.MOVED in {each.what for each in told.changes}
    assert "First PACE review: due Sun 25 Oct 01:50 BST, was Sun 25 Oct 01:50 GMT." in (
        read_out.details
    )


def test_a_rebuild_gives_the_same_stay_and_the_same_alerts(service, send):
    stay = opened(service)
    visited_each_half_hour(service, stay, REVIEW + minutes(1), send)
    corrected(service, stay, -HOUR, at=REVIEW + minutes(2))
    reading = service.record.reading()
    before = (reading.stay(stay), reading.alerts_of(stay))
    rebuild(service.record.path)
    reading = service.record.reading()

    assert (reading.stay(stay), reading.alerts_of(stay)) == before
    assert before[0].opened_at == NOW - HOUR


@pytest.mark.parametrize("kind", ["arrived_station", "arrested"])
def test_once_the_arrival_or_the_arrest_is_recorded_a_corrected_opening_moves_no_clock_and_says_so(
    service, kind
):
    stay = opened(service)
    came = casework.record_event(
        service, stay, happened(kind, NOW + minutes(5)), actor=OKAFOR, now=NOW + minutes(5)
    )
    said = corrected(service, stay, -minutes(2), at=minutes(6))

    assert said.changes == ()
    assert due(said)["pace_review_1"] == REVIEW + minutes(5)
    assert said.notices == (
        f"This moves no PACE clock: they count from entry {came.seq}, 20:55 BST. If that is not "
        "the arrival at the station, record the arrival; if its time is wrong, correct it.",
    )


def authorised(service, stay, at):
    given = happened("detention_authorised", NOW + at)
    return casework.authorise(service, stay, given, actor=OKAFOR, now=NOW + at)


def test_an_authorised_detention_keeps_the_limits_of_the_arrival_and_counts_its_own_reviews(
    service,
):
    """The 24 hours run from the arrival (s41), the reviews from the authorisation (s40)."""
    stay = opened(service)
    said = authorised(service, stay, minutes(20))

    assert due(said) == {
        "pace_review_1": REVIEW + minutes(20), "pace_24h": 24 * HOUR, "pace_36h": 36 * HOUR,
        "pace_96h": 96 * HOUR, "visit": HOUR,
    }  # fmt: skip


def test_after_it_a_corrected_opening_moves_the_limits_and_no_review(service):
    stay = opened(service)
    before = due(authorised(service, stay, minutes(20)))
    said = corrected(service, stay, -minutes(5), at=minutes(21))
    moved = {clock for clock, at in due(said).items() if at != before[clock]}

    assert moved == {"pace_24h", "pace_36h", "pace_96h", "visit"}
    assert due(said)["pace_24h"] == 24 * HOUR - minutes(5)


def test_a_record_opened_after_the_authorisation_shortens_and_lengthens_nothing(service):
    stay = opened(service)
    given = happened("detention_authorised", NOW - minutes(20))
    said = casework.record_event(service, stay, given, actor=OKAFOR, now=NOW + minutes(1))

    assert due(said)["pace_24h"] == 24 * HOUR - minutes(20)


def test_with_the_authorisation_taken_for_the_arrival_the_limits_would_be_too_late(
    service, monkeypatch
):
    """The twin: twenty minutes in a cell that no clock counted."""
    monkeypatch.setattr(history, "_ARRIVES", (*history._ARRIVES, "detention_authorised"))
    stay = opened(service)

    assert due(authorised(service, stay, minutes(20)))["pace_24h"] == 24 * HOUR + minutes(20)


def test_whose_opening_counts_is_told_before_they_correct_it(service):
    stay = opened(service)
    view = casework.stay_view(service, stay, actor=OKAFOR, now=NOW, purpose="look")

    assert opening_words(opening_of(service, stay), view.clocks, now=NOW) == OPENING_MOVES


def test_nothing_is_said_of_pace_where_nobody_is_held_under_it(service):
    voluntary = casework.Opening(
        casework.StayKind.VOLUNTARY, "castle_street", "TRAINING/VA/1", NOW, training=True
    )
    stay = opened(service, voluntary)

    assert corrected(service, stay, -minutes(5), at=minutes(1)).notices == ()


def test_a_correction_that_the_clocks_did_not_see_would_leave_the_review_silent(
    service, send, monkeypatch
):
    """The twin: as it was, the clocks did not hear of an opening that a person put right."""
    honest = History._in_timeline
    monkeypatch.setattr(
        History, "_in_timeline",
        lambda self, seq: seq != opening_of(service, self.stay.id) and honest(self, seq),
    )  # fmt: skip
    stay = opened(service)
    visited_each_half_hour(service, stay, minutes(345), send)
    corrected(service, stay, -HOUR, at=minutes(345))

    assert about(service, stay, "pace_review_1") == []
