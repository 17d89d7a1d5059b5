"""What a correction took away, or an act had answered, opens again when that word is taken back."""

import pytest

from tests.casework.conftest import NOW, OKAFOR, keys, minutes, opened
from triage import casework
from triage.casework import after, passes
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
