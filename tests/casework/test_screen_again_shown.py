"""After what somebody is to be screened again, where the desk looks: board, page, terminal."""

from dataclasses import replace

import pytest

from tests.casework.conftest import (
    NOW,
    OKAFOR,
    answered,
    everything_no,
    happened,
    keys,
    minutes,
    opened,
    rulebook,
)
from triage import casework
from triage.casework.codes import code_of
from triage.domain.london import iso
from triage.present import board as board_words
from triage.present.alert_sheet import ahead_rows, alert_document
from triage.record import Actor

HALE = Actor("hale", "PS Hale", "custody_sergeant", "desk-1")


def screened(service, stay, at, **said):
    casework.record_screening(service, stay, everything_no(at, **said), actor=OKAFOR, now=at)


def happens(service, stay, kind, at, *, reason=None, **more):
    event = replace(happened(kind, at, **more), reason=reason)
    return casework.record_event(service, stay, event, actor=OKAFOR, now=at)


def asked(service, stay, *, now=NOW):
    """What the desk sees on the board and on the page of the person."""
    row = next(r for r in casework.board(service, (), actor=OKAFOR, now=now).rows if r.stay == stay)
    view = casework.stay_view(service, stay, actor=OKAFOR, now=now)
    assert view.screen_again == row.screen_again
    return board_words.screen_again(row.screen_again, now=now)


def lines(service, stay):
    """The alerts about screening again that stand, due or ahead."""
    found = keys(service, stay).values()
    return [a for a in found if a.source == "rescreen" and (a.is_open or a.state == "planned")]


@pytest.fixture
def stay(service):
    found = opened(service)
    screened(service, found, NOW)
    return found


@pytest.mark.parametrize(
    ("kind", "words", "within"),
    [
        ("interview_ended", "the interview ended", 60),
        ("charged", "the charge", 30),
        ("bail_refused", "bail was refused", 30),
        ("bad_news", "bad news", 30),
        ("back_from_hospital", "the return from hospital", 30),
        ("release_decided", "the release was decided", 30),
    ],
)
def test_the_desk_is_asked_to_screen_again_after(service, stay, kind, words, within):
    at = NOW + minutes(15)  # 21:05 in London

    happens(service, stay, kind, at)

    (line,) = lines(service, stay)
    assert line.due_at == at + minutes(within)
    assert asked(service, stay, now=at).startswith(f"Screen again: after {words} at 21:05. By ")


def test_another_sergeant_who_takes_over_asks_for_it_and_signing_again_does_not(service, stay):
    def signs(actor, at):
        head = service.record.reading().head()
        casework.sign_handover(
            service, (), taken_from="the last turn", actor=actor, now=at, up_to_seq=head
        )

    restless = {"self_harm_now": answered("thoughts")}
    signs(HALE, NOW + minutes(15))
    screened(service, stay, NOW + minutes(20), answers=restless)
    signs(HALE, NOW + minutes(30))
    same = asked(service, stay, now=NOW + minutes(30))
    signs(OKAFOR, NOW + minutes(45))

    other = asked(service, stay, now=NOW + minutes(45))
    assert same == ""
    assert other.startswith("Screen again: after the custody officer changed at 21:35.")


def test_however_much_happened_it_is_one_line_with_the_newest_first(service, stay):
    happens(service, stay, "interview_ended", NOW + minutes(15))
    happens(service, stay, "charged", NOW + minutes(25))
    happens(service, stay, "bad_news", NOW + minutes(35), reason="a death")

    (line,) = lines(service, stay)
    assert line.due_at == NOW + minutes(55)  # half an hour after the charge
    assert asked(service, stay, now=NOW + minutes(35)).startswith(
        "Screen again: after bad news at 21:25. Also: the charge at 21:15, "
        "the interview ended at 21:05."
    )


def test_a_screening_of_a_later_moment_ends_it(service, stay):
    happens(service, stay, "interview_ended", NOW + minutes(15))

    screened(service, stay, NOW + minutes(20))

    assert (lines(service, stay), asked(service, stay)) == ([], "")


def test_the_list_of_the_terminal_tells_it_before_it_is_an_alert(service, stay):
    happens(service, stay, "interview_ended", NOW + minutes(15))
    now = NOW + minutes(15)

    found = casework.alert_list(service, (), actor=OKAFOR, now=now)

    (row,) = ahead_rows(found.ahead, now=now)
    assert [line.source for line in found.lines] == []
    assert row.partition("  ")[2].startswith(
        "Castle Street: Screen again: after the interview ended at 21:05. By "
    )


def test_the_list_for_a_program_tells_the_same_and_names_nobody(service, stay):
    happens(service, stay, "interview_ended", NOW + minutes(15))
    now = NOW + minutes(15)
    found = casework.alert_list(service, (), actor=OKAFOR, now=now)
    (line,) = lines(service, stay)

    told = alert_document(found.lines, found.timers, now=now, ahead=found.ahead)

    assert told["screen_again"] == [
        {
            "key": line.key,
            "code": code_of(line.key),
            "suite": "castle_street",
            "words": "Screen again: after the interview ended at 21:05.",
            "due_at": iso(NOW + minutes(75)),
        }
    ]
    assert told["alerts"] == []


def test_what_a_screening_asked_for_by_itself_stands_with_its_findings_alone(service):
    stay = opened(service)
    screened(service, stay, NOW, stage="charged")

    (line,) = lines(service, stay)
    assert (line.step.startswith("due-"), asked(service, stay)) == (True, "")


def test_without_the_moments_the_desk_would_see_nothing(service, stay):
    again = replace(rulebook().rescreen, after=())
    bare = replace(service, rulebook=replace(rulebook(), rescreen=again))

    happens(bare, stay, "interview_ended", NOW + minutes(15))

    assert asked(service, stay) == ""
