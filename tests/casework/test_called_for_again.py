"""What a correction took away, or an act had answered, opens again when that word is taken back."""

import pytest

from tests.casework.conftest import (
    MARSH,
    NOW,
    OKAFOR,
    custody,
    happened,
    keys,
    minutes,
    opened,
    section136,
)
from triage import casework
from triage.casework import after, called_again, overtaking, passes, raising
from triage.domain.timeline import Moment
from triage.record import EventKind
from triage.record.rebuilding import rebuild

MISSED = minutes(61)  # a visit is due each hour


@pytest.fixture
def missed(service, send):
    """Somebody whose visit of the first hour was missed, and the desk was told."""
    stay = opened(service)
    casework.tick(service, now=NOW + MISSED, send=send)
    return stay


def alert_of_the_visit(service, stay):
    [found] = [
        alert for alert in keys(service, stay).values()
        if (alert.source, alert.step) == ("visit", "due") and alert.due_at < NOW + MISSED
    ]  # fmt: skip
    return found


def visited(service, stay, at):
    visit = casework.Visit(NOW + at)
    return casework.record_visit(service, stay, visit, actor=OKAFOR, now=NOW + at)


def taken_back(service, seq, at, reason="a slip"):
    how = casework.Correction(reason, withdrawn=True)
    return casework.correct(service, seq, how, actor=OKAFOR, now=NOW + at)


def moved_to(service, seq, when, at):
    how = casework.Correction("read off the wrong line", occurred_at=Moment.at(NOW + when))
    return casework.correct(service, seq, how, actor=OKAFOR, now=NOW + at)


def test_a_visit_that_was_made_to_somebody_else_leaves_the_missed_one_open(service, missed):
    made = visited(service, missed, minutes(62))
    answered = alert_of_the_visit(service, missed).state
    taken_back(service, made.seq, minutes(63), "entered on the wrong person")

    alert = alert_of_the_visit(service, missed)
    assert (answered, alert.state, alert.round) == ("in_hand", "raised", 1)


def test_a_time_that_is_put_back_as_it_was_calls_the_desk_again(service, missed):
    """Withdrawn, because a visit was said to have been in time; then that was a slip."""
    late = visited(service, missed, minutes(62))
    in_time = moved_to(service, late.seq, minutes(50), minutes(63))
    between = alert_of_the_visit(service, missed).state
    taken_back(service, in_time.seq, minutes(64))
    taken_back(service, late.seq, minutes(65))

    assert (between, alert_of_the_visit(service, missed).state) == ("withdrawn", "raised")


def test_the_reason_is_on_the_record_and_a_rebuild_gives_the_same(service, missed):
    made = visited(service, missed, minutes(62))
    taken_back(service, made.seq, minutes(63))
    before = alert_of_the_visit(service, missed)
    again = service.record.reading().events_of_kinds(missed, EventKind.ALERT_REOPENED)
    rebuild(service.record.path)

    assert [each.header["reason"] for each in again] == ["what had ended it was corrected"]
    assert alert_of_the_visit(service, missed) == before


def test_what_was_done_and_stays_done_is_not_opened_by_another_correction(service, missed):
    visited(service, missed, minutes(62))
    second = visited(service, missed, minutes(70))
    taken_back(service, second.seq, minutes(71))

    assert alert_of_the_visit(service, missed).state == "in_hand"


def test_the_timers_open_it_where_an_earlier_release_had_left_it(
    service, missed, send, monkeypatch
):
    """A record of before this was mended: the next look at the stay finds what nobody has."""
    made = visited(service, missed, minutes(62))
    with monkeypatch.context() as before:
        before.setattr(after, "bring_back", lambda *_, **__: None)
        moved = moved_to(service, made.seq, minutes(50), minutes(63))
        taken_back(service, moved.seq, minutes(64))
        taken_back(service, made.seq, minutes(65))
    left = alert_of_the_visit(service, missed).state
    passes.tick(service, now=NOW + minutes(66), send=send)

    assert (left, alert_of_the_visit(service, missed).state) == ("withdrawn", "raised")


def test_without_that_nobody_would_have_it(service, missed, monkeypatch):
    """The twin."""
    monkeypatch.setattr(after, "bring_back", lambda *_, **__: None)
    made = visited(service, missed, minutes(62))
    taken_back(service, made.seq, minutes(63))

    assert alert_of_the_visit(service, missed).state == "in_hand"


# ---------------------------------------------------------------------- what was raised meanwhile
def open_visits(service, stay):
    """The alerts about a missed visit that somebody has to see to, by when it was due."""
    return [
        (alert.due_at - NOW, alert.state) for alert in keys(service, stay).values()
        if (alert.source, alert.step) == ("visit", "due") and alert.is_open
    ]  # fmt: skip


def test_a_visit_made_to_somebody_else_calls_again_though_the_next_was_missed_too(
    service, missed, send
):
    """Two hours without a visit: the desk hears of it although both alerts lose their reason."""
    made = visited(service, missed, minutes(62))
    casework.tick(service, now=NOW + minutes(123), send=send)
    taken_back(service, made.seq, minutes(125), "entered on the wrong person")

    assert open_visits(service, missed) == [(minutes(60), "raised")]


def test_it_calls_again_in_whichever_order_two_such_visits_are_taken_back(service, missed, send):
    first = visited(service, missed, minutes(62))
    casework.tick(service, now=NOW + minutes(123), send=send)
    second = visited(service, missed, minutes(124))
    casework.tick(service, now=NOW + minutes(185), send=send)
    taken_back(service, first.seq, minutes(186))
    taken_back(service, second.seq, minutes(187))

    assert open_visits(service, missed) == [(minutes(60), "raised")]


def test_the_timers_find_one_that_nobody_has_since_an_earlier_release(
    service, missed, send, monkeypatch
):
    made = visited(service, missed, minutes(62))
    casework.tick(service, now=NOW + minutes(123), send=send)
    with monkeypatch.context() as before:
        before.setattr(after, "bring_back", lambda *_, **__: None)
        taken_back(service, made.seq, minutes(125))
    left = open_visits(service, missed)
    passes.tick(service, now=NOW + minutes(126), send=send)

    assert (left, open_visits(service, missed)) == ([], [(minutes(60), "raised")])


def test_without_that_a_cell_nobody_looked_into_for_two_hours_would_be_silent(
    service, missed, send, monkeypatch
):
    """The twin: what was overtaken stays overtaken, by an alert that is withdrawn by then."""
    monkeypatch.setattr(called_again, "_lost", lambda *_: frozenset())
    first = visited(service, missed, minutes(62))
    casework.tick(service, now=NOW + minutes(123), send=send)
    second = visited(service, missed, minutes(124))
    casework.tick(service, now=NOW + minutes(185), send=send)
    taken_back(service, first.seq, minutes(186))
    taken_back(service, second.seq, minutes(187))

    assert open_visits(service, missed) == []


REVIEW = minutes(360)  # six hours after the arrival, as nobody has authorised the detention


@pytest.fixture
def arrived(service, send):
    """Somebody whose first review was missed, counted from the arrival at the station."""
    stay = opened(service)
    came = casework.record_event(
        service, stay, happened("arrived_station", NOW), actor=OKAFOR, now=NOW
    )
    casework.tick(service, now=NOW + REVIEW + minutes(1), send=send)
    return stay, came.seq


def reviews(service, stay):
    return [
        (alert.due_at - NOW, alert.state, alert.late_seconds)
        for alert in keys(service, stay).values()
        if (alert.source, alert.step) == ("pace_review_1", "due")
    ]  # fmt: skip


def test_an_earlier_arrival_raises_the_review_of_that_arrival_late_and_at_once(service, arrived):
    stay, came = arrived
    moved_to(service, came, minutes(-60), REVIEW + minutes(2))

    assert reviews(service, stay) == [
        (REVIEW - minutes(60), "raised", 62 * 60),
        (REVIEW, "withdrawn", 60),
    ]


def test_an_earlier_arrival_typed_late_raises_its_review_too(service, send):
    """Nobody corrects anything: the arrival was an hour before the record was opened."""
    stay = opened(service)
    casework.tick(service, now=NOW + REVIEW + minutes(1), send=send)
    came = happened("arrived_station", NOW - minutes(60))
    casework.record_event(service, stay, came, actor=OKAFOR, now=NOW + REVIEW + minutes(2))

    [first, *_] = reviews(service, stay)
    assert first == (REVIEW - minutes(60), "raised", 62 * 60)


def test_an_earlier_arrival_raises_the_breach_of_that_arrival(service, send):
    """Twenty-four hours that were over before they were thought to be: never silent."""
    stay = opened(service, section136())
    [came] = [e for e in service.record.reading().stay_events(stay)
              if e.header.get("kind") == "arrived"]  # fmt: skip
    casework.tick(service, now=NOW + minutes(24 * 60 + 1), send=send)
    moved_to(service, came.seq, minutes(-20), minutes(24 * 60 + 2))

    lapses = [
        (alert.due_at - NOW, alert.state) for alert in keys(service, stay).values()
        if (alert.source, alert.step) == ("permitted_period", "due")
    ]  # fmt: skip
    assert lapses == [(minutes(24 * 60 - 20), "raised"), (minutes(24 * 60), "withdrawn")]


def test_a_review_comes_back_after_the_person_has_left_where_its_time_is_put_back(
    service, arrived, send
):
    """Nobody looks at a closed stay again: what stands after this act stands."""
    stay, came = arrived
    later = moved_to(service, came, minutes(360), minutes(370))
    casework.tick(service, now=NOW + minutes(360) + REVIEW, send=send)
    left = casework.Release(NOW + minutes(730), "home", reason="arranged_outside")
    casework.release(service, stay, left, actor=OKAFOR, now=NOW + minutes(730))
    between = reviews(service, stay)
    taken_back(service, later.seq, minutes(731))

    assert [state for _, state, _ in between] == ["withdrawn", "in_hand"]
    assert [state for _, state, _ in reviews(service, stay)] == ["in_hand", "withdrawn"]


def test_what_stands_no_longer_would_keep_the_new_one_silent(service, arrived, monkeypatch):
    """The twin: an alert about the time of before counts as one that stands above."""
    honest = overtaking.stands_above
    every = lambda writing, alert, timed, _=None: honest(writing, alert, timed)  # noqa: E731
    monkeypatch.setattr(raising, "stands_above", every)
    monkeypatch.setattr(after, "_take_away", lambda *_, **__: None)
    monkeypatch.setattr(called_again, "_lost", lambda *_: frozenset())
    stay, came = arrived
    moved_to(service, came, minutes(-60), REVIEW + minutes(2))

    assert next(state for _, state, _ in reviews(service, stay)) == "closed"


def test_a_time_that_passes_after_they_left_is_not_silent_because_of_one_of_before(service, send):
    """The wall clock went back, they left, and are held again: the old alert is about no time now.

    Nobody looks at a closed stay again, so that the pass itself must see it.
    """
    stay = opened(service, custody(at=NOW), now=NOW)
    casework.tick(service, now=NOW + MISSED, send=send)
    back = NOW - minutes(180)
    left = casework.Release(back, "home", reason="arranged_outside")
    casework.release(service, stay, left, actor=OKAFOR, now=back)
    decided = happened("s136_decided", back + minutes(1), place="police_station", limb="keep",
                       consulted="nurse")  # fmt: skip
    casework.record_event(service, stay, decided, actor=MARSH, now=back + minutes(1))
    casework.tick(service, now=back + minutes(62), send=send)

    assert (minutes(61 - 180), "raised") in open_visits(service, stay)


def test_a_pass_that_did_not_look_at_the_plan_would_keep_it_silent(service, send, monkeypatch):
    """The twin, with the net below taken away too: the act itself ends the alert of before."""
    monkeypatch.setattr(after, "mend_alerts", lambda *_, **__: ((), ()))
    monkeypatch.setattr(raising, "_above", lambda _s, w, alert, timed, *_: (
        overtaking.stands_above(w, alert, timed)
    ))  # fmt: skip
    with pytest.raises(AssertionError):
        test_a_time_that_passes_after_they_left_is_not_silent_because_of_one_of_before(
            service, send
        )
