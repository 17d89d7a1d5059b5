"""An alert that was never true ends by itself, and says by which late entry; what was late stays.

A late entry is believed as far as it goes and no further: the alert keeps its raising, the entry is
marked late for ever, and whoever corrects the entry opens the alert again.
"""

import pytest

from tests.casework.conftest import HCP, NOW, OKAFOR, happened, keys, minutes, opened, section136
from triage import casework
from triage.casework import after, called_again, typed_late
from triage.domain.timeline import Event, Moment
from triage.present import changes, timeline
from triage.record import EventKind
from triage.record.rebuilding import rebuild

HOUR = minutes(60)  # by when somebody in a cell is visited (Code C 9.3)
REVIEW = minutes(360)
TYPED = NOW + minutes(63)


@pytest.fixture
def unseen(service, send):
    """Somebody whom nobody has visited within the hour, by the record."""
    stay = opened(service)
    casework.tick(service, now=NOW + minutes(61), send=send)
    return stay


def visited(service, stay, at, *, now=TYPED):
    seen = casework.Visit(NOW + at)
    return casework.record_visit(service, stay, seen, actor=OKAFOR, now=now)


def due(service, stay, source="visit"):
    """By how much after the opening each was due, and what became of the alert."""
    return {
        alert.due_at - NOW: (alert.state, alert.closed_reason)
        for alert in keys(service, stay).values()
        if alert.source.startswith(source) and alert.step == "due" and alert.raised_at is not None
    }


def end_of(service, stay):
    [ended] = [
        event
        for event in service.record.reading().events_of_kinds(stay, EventKind.ALERT_CLOSED)
        if event.header["reason"] == "mended" and event.header["key"].split(":")[2] == "due"
    ]
    return ended


def told_on_the_page(service, stay, words, *, now=TYPED):
    view = casework.stay_view(service, stay, actor=OKAFOR, now=now)
    [told] = [s.steps[-1] for s in timeline.stories(view.timeline, now=now) if words in s.words]
    return told


def test_a_visit_made_in_time_and_typed_late_ends_the_alert_that_nobody_came(service, unseen):
    saved = visited(service, unseen, minutes(50))

    assert due(service, unseen) == {HOUR: ("closed", "mended")}
    assert changes.NEVER_TRUE in saved.notices


def test_what_ended_it_can_be_read_in_court(service, unseen):
    saved = visited(service, unseen, minutes(50))

    assert (
        f"closed, PS Okafor, custody sergeant. Entry {saved.seq}, typed late, shows that this was "
        "never true. Visit: 21:40 BST, typed 21:53 BST; due 21:50 BST"
    ) in told_on_the_page(service, unseen, "Visit overdue")
    assert end_of(service, unseen).header["by_event"] == saved.seq


@pytest.mark.parametrize("late", [minutes(61), minutes(62)])
def test_a_visit_that_was_missed_stays_one_whoever_came_later(service, unseen, late):
    saved = visited(service, unseen, late)

    assert due(service, unseen) == {HOUR: ("in_hand", None)}
    assert changes.NEVER_TRUE not in saved.notices


def test_a_visit_at_the_very_minute_that_it_was_due_was_made_in_time(service, unseen):
    visited(service, unseen, HOUR)

    assert due(service, unseen) == {HOUR: ("closed", "mended")}


def test_what_is_only_known_roughly_was_not_surely_in_time(service, unseen):
    rough = Moment(NOW + minutes(50), NOW + minutes(62))
    casework.record_event(service, unseen, Event("", "visit", rough), actor=OKAFOR, now=TYPED)

    assert due(service, unseen) == {HOUR: ("in_hand", None)}


def test_one_visit_typed_late_takes_away_nothing_of_the_next_that_was_missed(service, unseen, send):
    now = NOW + minutes(121)
    casework.tick(service, now=now, send=send)
    visited(service, unseen, minutes(50), now=now)

    assert due(service, unseen) == {
        HOUR: ("closed", "mended"),
        minutes(110): ("raised", None),
    }


def test_after_a_visit_that_was_late_one_that_was_in_time_is_still_believed(service, unseen):
    visited(service, unseen, minutes(62))
    visited(service, unseen, minutes(55))

    assert due(service, unseen) == {HOUR: ("closed", "mended")}


def test_it_opens_again_when_the_visit_turns_out_to_be_later(service, unseen):
    seen = visited(service, unseen, minutes(50))
    right = casework.Correction("read off the wrong line", Moment.at(NOW + minutes(62)))
    casework.correct(service, seen.seq, right, actor=OKAFOR, now=TYPED)

    assert due(service, unseen) == {HOUR: ("in_hand", None)}


def taken_back(service, stay):
    seen = visited(service, stay, minutes(50))
    nobody = casework.Correction("the next cell", withdrawn=True)
    casework.correct(service, seen.seq, nobody, actor=OKAFOR, now=TYPED)
    return due(service, stay)


def test_it_calls_again_when_nobody_had_been_there(service, unseen):
    assert taken_back(service, unseen) == {HOUR: ("raised", None)}


def test_without_that_nobody_would_hear_of_a_visit_that_was_never_made(
    service, unseen, monkeypatch
):
    """The twin: what a late entry ended stays ended when the entry is taken back."""
    monkeypatch.setattr(called_again, "ENDED", ())
    monkeypatch.setattr(called_again, "_answered_by", lambda *_: frozenset())

    assert taken_back(service, unseen) == {HOUR: ("closed", "mended")}


def test_without_the_end_a_visit_that_was_made_would_stay_in_hand(service, unseen, monkeypatch):
    """The twin: before, somebody had to close by hand what had never been true."""
    monkeypatch.setattr(after, "mend_alerts", lambda *_, **__: ((), ()))
    visited(service, unseen, minutes(50))

    assert due(service, unseen) == {HOUR: ("in_hand", None)}


def test_only_the_entry_that_shows_it_is_named(service, unseen, monkeypatch):
    """An alert that was left in hand before is not ended by the next thing that is typed late."""
    with monkeypatch.context() as before:
        before.setattr(after, "mend_alerts", lambda *_, **__: ((), ()))
        visited(service, unseen, minutes(50))
    news = happened("bad_news", NOW + minutes(40))
    casework.record_event(service, unseen, news, actor=OKAFOR, now=TYPED)

    assert due(service, unseen) == {HOUR: ("in_hand", None)}


def test_without_asking_what_the_record_says_but_for_it_the_wrong_entry_would_be_named(
    service, unseen, monkeypatch
):
    """The twin: any late entry would pass for the reason."""
    with monkeypatch.context() as before:
        before.setattr(after, "mend_alerts", lambda *_, **__: ((), ()))
        visited(service, unseen, minutes(50))
    all_of_it = frozenset(keys(service, unseen))
    monkeypatch.setattr(typed_late, "called_for", lambda *_, **__: all_of_it)
    news = happened("bad_news", NOW + minutes(40))
    casework.record_event(service, unseen, news, actor=OKAFOR, now=TYPED)

    assert due(service, unseen) == {HOUR: ("closed", "moved")}


def test_somebody_who_had_left_before_their_review_was_due_was_not_kept_without_one(service, send):
    stay, now = opened(service), NOW + REVIEW + minutes(2)
    casework.tick(service, now=now, send=send)
    left = casework.Release(NOW + minutes(300), "home", reason="arranged_outside")

    saved = casework.release(service, stay, left, actor=OKAFOR, now=now)

    assert due(service, stay, "pace_review") == {REVIEW: ("closed", "mended")}
    told = told_on_the_page(service, stay, "PACE review overdue", now=now)
    assert "never true. Left: 01:50 BST, typed 01:52 GMT; due 01:50 GMT" in told
    assert changes.NEVER_TRUE in saved.notices


def test_what_had_been_missed_before_they_left_stays_missed(service, unseen):
    left = casework.Release(NOW + minutes(62), "home", reason="arranged_outside")
    casework.release(service, unseen, left, actor=OKAFOR, now=TYPED)

    assert due(service, unseen) == {HOUR: ("in_hand", None)}


def test_a_rousing_that_was_made_in_time_is_no_rousing_that_was_missed(service, send):
    stay = opened(service)
    order = happened("rousing_ordered", NOW, minutes=30)
    casework.record_event(service, stay, order, actor=HCP, now=NOW)
    casework.tick(service, now=NOW + minutes(31), send=send)
    woke = casework.Visit(NOW + minutes(28), rouse=True)
    casework.record_rousing(service, stay, woke, actor=OKAFOR, now=NOW + minutes(32))

    assert due(service, stay, "rouse") == {minutes(30): ("closed", "mended")}


def test_nobody_was_held_without_a_power_who_had_left_when_it_ended(service, send):
    stay, now = opened(service, section136()), NOW + minutes(30)
    ended = happened("ended", NOW + minutes(10), power="section136")
    casework.record_event(service, stay, ended, actor=OKAFOR, now=NOW + minutes(11))
    [found] = [a for a in keys(service, stay).values() if a.source == "no_power"]
    left = casework.Release(NOW + minutes(10), "home", reason="arranged_outside")
    casework.release(service, stay, left, actor=OKAFOR, now=now)

    assert found.state == "raised"
    assert keys(service, stay)[found.key].closed_reason == "mended"


def test_a_power_that_is_recorded_afterwards_is_for_a_person_to_answer(service):
    stay, now = opened(service, section136()), NOW + minutes(30)
    ended = happened("ended", NOW + minutes(10), power="section136")
    casework.record_event(service, stay, ended, actor=OKAFOR, now=NOW + minutes(11))
    [found] = [a for a in keys(service, stay).values() if a.source == "no_power"]
    casework.record_event(service, stay, happened("arrested", NOW), actor=OKAFOR, now=now)

    assert keys(service, stay)[found.key].state == "in_hand"


def test_a_rebuild_gives_the_same(service, unseen):
    visited(service, unseen, minutes(50))
    before = due(service, unseen)
    rebuild(service.record.path)

    assert due(service, unseen) == before
