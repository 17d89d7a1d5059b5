"""Principle 6: after an interview, a charge, bad news and the like the person is asked again.

One line for a person, however much happened, and over with a screening of that moment or later.
"""

from dataclasses import replace

import pytest

from tests.casework.conftest import (
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    happened,
    keys,
    minutes,
    opened,
)
from triage import casework
from triage.domain.roles import Role
from triage.record import Actor

MORENO = Actor("moreno", "PS Moreno", "custody_sergeant", "desk-1")
# What happened, in how many minutes it is asked again, and in which words. 20:50 is the arrival.
MOMENTS = {
    "interview_ended": (60, "the interview ended at 21:00"),
    "charged": (30, "the charge at 21:00"),
    "bail_refused": (30, "bail was refused at 21:00"),
    "bad_news": (30, "bad news at 21:00"),
    "back_from_hospital": (30, "the return from hospital at 21:00"),
    "release_decided": (30, "the release was decided at 21:00"),
}

UNSETTLED = {
    "an urgent need": {"answers": {"self_harm_now": answered("thoughts")}},
    "a question that was refused": {"answers": {"self_harm_now": answered("refused")}},
    "somebody too drunk to be asked": {"observations": {"intoxication": answered("marked")}},
}


@pytest.fixture
def stay(service):
    """Somebody who was screened at the arrival, and of whom nothing had to be asked again."""
    found = opened(service)
    screened(service, found, 0)
    return found


def screened(service, stay, at, *, typed=None):
    now = NOW + minutes(at if typed is None else typed)
    details = everything_no(NOW + minutes(at))
    casework.record_screening(service, stay, details, actor=OKAFOR, now=now)


def tell(service, stay, kind, at):
    casework.record_event(
        service, stay, happened(kind, NOW + minutes(at)), actor=OKAFOR, now=NOW + minutes(at)
    )


def asked_again(service, stay):
    """What stands to be asked again: when, in which words, and in which state."""
    return [
        (alert.due_at - NOW, alert.words, alert.state)
        for alert in keys(service, stay).values()
        if alert.source == "rescreen" and (alert.state == "planned" or alert.is_open)
    ]


def test_nobody_is_asked_again_of_whom_nothing_new_is_known(service, stay):
    assert asked_again(service, stay) == []


@pytest.mark.parametrize("kind", MOMENTS)
def test_after_a_new_moment_the_desk_is_asked_to_screen_again(service, stay, kind):
    within, words = MOMENTS[kind]
    tell(service, stay, kind, 10)

    [(due, said, state)] = asked_again(service, stay)
    assert (due, said, state) == (
        minutes(10 + within), f"Screen again: after {words}.", "planned"
    )  # fmt: skip


def test_it_is_raised_at_the_desk_when_nobody_has_asked(service, stay, send):
    tell(service, stay, "charged", 10)
    casework.tick(service, now=NOW + minutes(41), send=send)

    [alert] = [a for a in keys(service, stay, "raised").values() if a.source == "rescreen"]
    assert (alert.level, alert.to_roles) == ("A3", (Role.CUSTODY_SERGEANT,))


def test_a_move_to_another_suite_asks_again_and_a_move_of_cell_does_not(service, stay):
    for at, where in ((5, {"cell": "9"}), (10, {"suite": "dock_road"})):
        move = casework.Move(NOW + minutes(at), **where)
        casework.move_stay(service, stay, move, actor=OKAFOR, now=NOW + minutes(at))

    [(due, said, _)] = asked_again(service, stay)
    assert (due, said) == (minutes(70), "Screen again: after the move to another suite at 21:00.")


def test_somebody_else_who_takes_over_the_desk_is_asked_for_each_who_is_not_settled(service, stay):
    other = opened(service, custody(2))
    for each in (stay, other):
        restless = everything_no(NOW + minutes(1), **UNSETTLED["an urgent need"])
        casework.record_screening(service, each, restless, actor=OKAFOR, now=NOW + minutes(1))
    for by, at in ((OKAFOR, 5), (OKAFOR, 8), (MORENO, 10)):
        casework.sign_handover(
            service, ["castle_street"], taken_from="the shift before", actor=by,
            now=NOW + minutes(at), up_to_seq=service.record.reading().head(),
        )  # fmt: skip

    said = {each: asked_again(service, each)[0][1] for each in (stay, other)}
    assert set(said.values()) == {
        "Screen again: after the custody officer changed at 21:00."
    }  # fmt: skip


def test_however_much_happened_there_is_one_line_and_the_newest_leads(service, stay):
    tell(service, stay, "interview_ended", 10)
    tell(service, stay, "charged", 20)
    tell(service, stay, "bail_refused", 25)

    [(due, said, _)] = asked_again(service, stay)
    assert due == minutes(50)  # thirty minutes after the charge: the first that is due
    assert said == (
        "Screen again: after bail was refused at 21:15. Also: the charge at 21:10, "
        "the interview ended at 21:00."
    )


def test_a_screening_after_it_ends_it(service, stay):
    tell(service, stay, "bad_news", 10)
    screened(service, stay, 15)

    assert asked_again(service, stay) == []


def test_what_was_asked_before_it_and_only_typed_after_it_ends_nothing(service, stay):
    tell(service, stay, "bad_news", 10)
    screened(service, stay, 8, typed=20)

    [(_, said, _)] = asked_again(service, stay)
    assert said == "Screen again: after bad news at 21:00."


def test_an_event_that_is_taken_back_asks_nobody(service, stay):
    saved = casework.record_event(
        service, stay, happened("charged", NOW + minutes(10)), actor=OKAFOR, now=NOW + minutes(10)
    )
    wrong = casework.Correction("another person's charge", withdrawn=True)
    casework.correct(service, saved.seq, wrong, actor=OKAFOR, now=NOW + minutes(12))

    assert asked_again(service, stay) == []


def test_whoever_was_never_screened_is_not_asked_again(service):
    """The board says louder that nobody has screened them."""
    found = opened(service)
    tell(service, found, "charged", 10)

    assert asked_again(service, found) == []


def test_a_rulebook_that_forgets_a_moment_is_found_out(service, stay):
    """The twin: the words and the minutes come from the rules, and are missed without them."""
    book = service.rulebook
    forgetful = replace(book, rescreen=replace(book.rescreen, after=()))
    tell(replace(service, rulebook=forgetful), stay, "charged", 10)

    assert asked_again(service, stay) == []


# Another custody officer: a whole suite at once -------------------------------------------------

MORNING = NOW + minutes(600)


def suite_of_fourteen(service, restless=()):
    """Fourteen people who were screened in the evening; these of them are not settled."""
    stays = []
    for number in range(1, 15):
        stay = opened(service, custody(number))
        said = restless[number - 1] if number <= len(restless) else {}
        casework.record_screening(service, stay, everything_no(NOW, **said), actor=OKAFOR, now=NOW)
        stays.append(stay)
    return stays


def takes_over(service, at=MORNING):
    head = service.record.reading().head()
    casework.sign_handover(
        service, ("castle_street",), taken_from="PS Okafor", actor=MORENO, now=at, up_to_seq=head
    )


def asked_because_of_her(service, stays):
    return [
        number
        for number, stay in enumerate(stays, 1)
        for alert in keys(service, stay).values()
        if "the custody officer changed" in (alert.words or "")
    ]


def test_another_custody_officer_asks_again_of_those_alone_whose_screening_left_something(service):
    stays = suite_of_fourteen(service, tuple(UNSETTLED.values()))

    takes_over(service)

    assert asked_because_of_her(service, stays) == [1, 2, 3]
    for stay in stays:  # on everybody's record it stands all the same
        told = casework.stay_view(service, stay, actor=MORENO, now=MORNING).timeline
        assert [one.what for one in told].count("custody_officer_changed") == 1


def test_a_rule_that_asked_it_of_everybody_would_draw_fourteen_lines_at_once(service):
    """The twin: the same morning without the condition."""
    plan = service.rulebook.rescreen
    every = tuple(replace(each, if_unsettled=False) for each in plan.after)
    book = replace(service.rulebook, rescreen=replace(plan, after=every))
    everybody = replace(service, rulebook=book)
    stays = suite_of_fourteen(everybody)

    takes_over(everybody)

    assert asked_because_of_her(everybody, stays) == list(range(1, 15))


@pytest.mark.parametrize("left", UNSETTLED.values(), ids=UNSETTLED)
def test_who_is_not_settled_is_asked_within_four_hours_of_the_handover(service, left):
    stay = opened(service)
    casework.record_screening(service, stay, everything_no(NOW, **left), actor=OKAFOR, now=NOW)

    tell(service, stay, "custody_officer_changed", 10)

    [(alert_due, words)] = [
        (due, words) for due, words, _ in asked_again(service, stay) if "custody officer" in words
    ]
    assert alert_due <= minutes(250)
    assert words.startswith("Screen again: after the custody officer changed at 21:00.")


def test_a_settled_person_whose_next_screening_is_not_complete_is_asked_again_after_all(service):
    [stay] = suite_of_fourteen(service)[:1]
    takes_over(service)
    before = asked_because_of_her(service, [stay])
    later = MORNING + minutes(60)
    refused = everything_no(NOW + minutes(5), answers={"self_harm_now": answered("refused")})

    casework.record_screening(service, stay, refused, actor=OKAFOR, now=later)  # typed late

    assert (before, asked_because_of_her(service, [stay])) == ([], [1])
