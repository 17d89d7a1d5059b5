"""A time that was counted from too late or too early a base: the old alert says that it moved.

Reviews count from when detention was authorised (PACE s40(3)); until that is on record they count
from the arrival, and until that is from the opening. What is typed late does nobody's duty.
"""

import pytest

from tests.casework.conftest import NOW, OKAFOR, happened, keys, minutes, opened
from triage import casework
from triage.casework import after, called_again
from triage.present import timeline
from triage.record import EventKind
from triage.record.rebuilding import rebuild

REVIEW = minutes(360)
OPENED = REVIEW  # when the first review is due, counted from the opening
TYPED = NOW + REVIEW + minutes(2)


@pytest.fixture
def overdue(service, send):
    """Somebody whose first review is overdue, counted from the opening of the record."""
    stay = opened(service)
    casework.tick(service, now=NOW + REVIEW + minutes(1), send=send)
    return stay


def typed_late(service, stay, kind, at, *, now=TYPED, **said):
    event = happened(kind, NOW + at, **said)
    return casework.record_event(service, stay, event, actor=OKAFOR, now=now)


def reviews(service, stay):
    """By how much after the opening each first review is due, and what became of its alert."""
    return {
        alert.due_at - NOW: (alert.state, alert.closed_reason)
        for alert in keys(service, stay).values()
        if (alert.source, alert.step) == ("pace_review_1", "due")
    }


def end_of_the_old(service, stay):
    [ended] = [
        event
        for event in service.record.reading().events_of_kinds(stay, EventKind.ALERT_CLOSED)
        if event.header["reason"] == "moved" and event.header["clock"] == "pace_review_1"
    ]
    return ended.header


def told_of_the_old(service, stay):
    """What the page says last of the alert about the time that did not stand."""
    view = casework.stay_view(service, stay, actor=OKAFOR, now=TYPED)
    stories = timeline.stories(view.timeline, now=TYPED)
    [words] = [s.steps[-1] for s in stories if "First PACE review:" in s.steps[-1]]
    return words


def test_an_arrival_typed_late_moves_the_review_and_does_not_do_it(service, overdue):
    saved = typed_late(service, overdue, "arrived_station", -minutes(60))

    assert reviews(service, overdue) == {
        OPENED - minutes(60): ("raised", None),
        OPENED: ("closed", "moved"),
    }
    told = end_of_the_old(service, overdue)
    assert (told["by_event"], told["did"], told["counts_from"]) == (
        saved.seq, "arrived_station", "arrived_station",
    )  # fmt: skip
    assert (told["due_now"], told["counts_since"]) == (
        "2026-10-25T00:50:00.000000Z", "2026-10-24T18:50:00.000000Z",
    )  # fmt: skip


def test_the_old_one_says_on_the_page_that_it_moved_and_why(service, overdue):
    typed_late(service, overdue, "arrived_station", -minutes(60))

    assert (
        "closed, PS Okafor, custody sergeant. This time moved. First PACE review: due 01:50 BST; "
        "it counts from arrived at the station, Sat 24 Oct 19:50 BST."
    ) in told_of_the_old(service, overdue)


def test_whoever_types_it_hears_once_of_each_clock_that_moved(service, overdue):
    saved = typed_late(service, overdue, "arrived_station", -minutes(60))

    clocks = [said.split(": ")[0] for said in saved.notices if "This time moved" in said]
    assert clocks == ["This time moved. First PACE review", "This time moved. Visit"]


def test_an_authorisation_typed_late_moves_the_review_later_and_plans_it(service, overdue):
    """Section 40(3)(a): six hours from when detention was authorised, not from the arrival."""
    typed_late(service, overdue, "detention_authorised", minutes(20), rank="sergeant")

    assert reviews(service, overdue) == {
        OPENED: ("closed", "moved"),
        OPENED + minutes(20): ("planned", None),
    }
    assert "it counts from detention authorised, Sat 24 Oct 21:10 BST" in told_of_the_old(
        service, overdue
    )


def test_a_review_that_was_done_in_time_and_typed_late_did_not_move(service, overdue):
    typed_late(service, overdue, "pace_review_done", minutes(350), rank="inspector")

    assert reviews(service, overdue) == {OPENED: ("closed", "mended")}


def test_it_opens_again_when_the_late_arrival_is_taken_back(service, overdue):
    came = typed_late(service, overdue, "arrived_station", -minutes(60))
    slip = casework.Correction("another person's arrival", withdrawn=True)
    casework.correct(service, came.seq, slip, actor=OKAFOR, now=TYPED + minutes(1))

    assert reviews(service, overdue) == {
        OPENED - minutes(60): ("withdrawn", "corrected"),
        OPENED: ("raised", None),
    }


def back_to_the_first_time(service, stay):
    """An arrival moves the review; an authorisation as old as the opening moves it back."""
    typed_late(service, stay, "arrived_station", -minutes(60))
    typed_late(service, stay, "detention_authorised", minutes(0), rank="sergeant",
               now=TYPED + minutes(1))  # fmt: skip
    return reviews(service, stay)


def test_it_opens_again_when_what_is_typed_next_counts_from_the_first_time(service, overdue):
    assert back_to_the_first_time(service, overdue) == {
        OPENED - minutes(60): ("closed", "moved"),
        OPENED: ("raised", None),
    }


def test_without_that_nobody_would_have_the_review_that_is_overdue(service, overdue, monkeypatch):
    """The twin: what was ended because it moved stays ended when its time stands again."""
    honest = called_again._fallen

    def but_for_the_moved(*given):
        return [alert for alert in honest(*given) if alert.closed_reason != "moved"]

    monkeypatch.setattr(called_again, "_fallen", but_for_the_moved)

    assert back_to_the_first_time(service, overdue)[OPENED] == ("closed", "moved")


def test_without_that_the_arrival_would_count_as_the_review(service, overdue, monkeypatch):
    """The twin: in hand with whoever typed it, who reviewed nothing."""
    monkeypatch.setattr(after, "mend_alerts", lambda *_, **__: ((), ()))
    typed_late(service, overdue, "arrived_station", -minutes(60))

    assert reviews(service, overdue)[OPENED] == ("in_hand", None)


def test_a_rebuild_gives_the_same(service, overdue):
    typed_late(service, overdue, "arrived_station", -minutes(60))
    before = reviews(service, overdue)
    rebuild(service.record.path)

    assert reviews(service, overdue) == before
