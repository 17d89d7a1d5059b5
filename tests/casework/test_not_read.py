"""R-N12: what was not read, and what does not work, stands on the nurse's list, and since when."""

from datetime import timedelta

import pytest

from tests.casework.conftest import (
    NAIR,
    NOW,
    OKAFOR,
    answered,
    everything_no,
    minutes,
    opened,
    with_mail,
)
from triage import casework
from triage.casework import worklists
from triage.channels.messages import Outcome, Sent
from triage.domain.answers import Answer, RecordFacts, Status
from triage.present import worklist as words
from triage.web.api.shapes import plain

HURT = {"hurt_by_someone": answered("now")}


def screened(service, stay, at, *, read, **said):
    found = everything_no(at, answers={**HURT, **said}, record=RecordFacts(checked=read))
    casework.record_screening(service, stay, found, actor=OKAFOR, now=at)


def first(service, at=NOW):
    return casework.worklist(service, [], actor=NAIR, now=at).lines[0]


def told(service, at=NOW):
    line = first(service, at)
    return words.row(line, of=1, now=at).not_read


def test_a_record_that_nobody_has_read_makes_what_was_found_provisional(service):
    screened(service, opened(service), NOW, read=False)

    assert told(service) == "Provisional: the record was not read (never in this stay)."


def test_when_it_was_last_read_stands_beside_it(service):
    stay = opened(service)
    screened(service, stay, NOW, read=True)
    screened(service, stay, NOW + minutes(65), read=False)

    later = NOW + minutes(66)
    assert told(service, later) == "Provisional: the record was not read (last read 20:50 BST)."
    assert plain(first(service, later))["not_read"] == {
        "record": True, "record_read_at": "2026-10-24T19:50:00Z", "unfinished": False,
    }  # fmt: skip


def test_where_the_record_was_read_and_everything_asked_nothing_is_said(service):
    screened(service, opened(service), NOW, read=True)

    assert (first(service).not_read, told(service)) == (None, "")


def test_a_screening_that_is_not_complete_is_provisional_too(service):
    screened(service, opened(service), NOW, read=False, head_knock=Answer(Status.NOT_ASKED))

    assert told(service) == (
        "Provisional: the record was not read (never in this stay) and the screening is not "
        "complete."
    )


@pytest.fixture
def mail_is_down(service):
    """Ten minutes in which no mail left, after one that did."""
    posted = with_mail(service)
    stay = opened(posted)
    screened(posted, stay, NOW, read=True)
    casework.tick(posted, now=NOW, send=lambda message: Sent(Outcome.SENT))
    casework.record_rousing(
        posted, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW + minutes(1)
    )
    for seconds in range(60, 660, 15):
        casework.tick(
            posted,
            now=NOW + timedelta(seconds=seconds),
            send=lambda message: Sent(Outcome.UNKNOWN, "refused"),
        )
    return posted


def test_a_channel_that_has_fallen_silent_stands_over_her_list_with_its_last_success(mail_is_down):
    found = casework.worklist(mail_is_down, [], actor=NAIR, now=NOW + minutes(11))

    [silent] = words.failing(found)
    assert silent.startswith("Fault of the service, since 20:5")
    assert "No message has left by email since Sat 24 Oct 2026 20:5" in silent
    assert "(the last one did at Sat 24 Oct 2026 20:50 BST)" in silent


def test_while_everything_works_nothing_stands_over_it(service):
    screened(service, opened(service), NOW, read=True)

    assert words.failing(casework.worklist(service, [], actor=NAIR, now=NOW)) == ()


def test_a_list_that_passed_over_what_was_not_read_would_look_complete(service, monkeypatch):
    monkeypatch.setattr(worklists, "_not_read", lambda history: None)
    screened(service, opened(service), NOW, read=False)

    assert told(service) == ""
