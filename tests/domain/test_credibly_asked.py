"""A question about self-harm that was answered before anybody could have asked it is marked.

Screening principles: questions 22 to 24 answered in under a second are "not credibly asked".
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rulebooks import person, real
from triage.domain import progress
from triage.domain.answers import Answer, Details, Status
from triage.domain.progress import not_credibly_asked
from triage.domain.screening import screen

BEFORE = "low_or_hopeless"
ASKED = ("self_harm_ever", "self_harm_now", "cannot_go_on_outside")


def answered(**seconds: float) -> Details:
    """Somebody whose answers were given so many seconds into the screening."""
    nobody = person(real())
    answers = {
        name: Answer(Status.ANSWERED, "never" if name == "self_harm_ever" else "no",
                     asked_at=nobody.at + timedelta(seconds=after))
        for name, after in seconds.items()
    }  # fmt: skip
    return replace(nobody, answers=answers)


@pytest.mark.parametrize("question", ASKED)
def test_an_answer_within_a_second_of_the_one_before_is_marked(question: str) -> None:
    quick = answered(**{BEFORE: 100.0, question: 100.4})

    assert not_credibly_asked(real(), quick) == (question,)
    assert any(each.startswith(f"{question}: answered within") for each in
               screen(real(), quick).warnings)  # fmt: skip


@pytest.mark.parametrize("question", ASKED)
def test_an_answer_after_a_second_or_more_is_believed_to_have_been_asked(question: str) -> None:
    assert not_credibly_asked(real(), answered(**{BEFORE: 100.0, question: 101.0})) == ()


def test_a_row_of_keys_struck_at_once_marks_each_of_the_three() -> None:
    struck = answered(home_tonight=90.0, **{name: 100.0 for name in ASKED})

    assert not_credibly_asked(real(), struck) == ASKED


def test_only_the_questions_about_self_harm_are_held_to_it() -> None:
    assert not_credibly_asked(real(), answered(ill_or_hurt=100.0, head_knock=100.2)) == ()


def test_one_time_for_a_whole_form_says_nothing_about_any_answer() -> None:
    form = answered(**{BEFORE: 100.0}, **{name: 100.0 for name in ASKED})

    assert not_credibly_asked(real(), form) == ()


def test_a_refusal_may_come_at_once() -> None:
    details = answered(**{BEFORE: 100.0, "self_harm_now": 100.2})
    refused = replace(details.answers["self_harm_now"], status=Status.REFUSED, value=None)
    details = replace(details, answers={**details.answers, "self_harm_now": refused})

    assert not_credibly_asked(real(), details) == ()


def test_the_mark_lowers_nothing_that_was_said() -> None:
    slow, quick = (answered(**{BEFORE: 100.0, "self_harm_now": at}) for at in (130.0, 100.2))
    slow, quick = (
        replace(each, answers={**each.answers, "self_harm_now": replace(
            each.answers["self_harm_now"], value="plan_or_intent")})
        for each in (slow, quick)
    )  # fmt: skip
    found = [{n.need: n.urgency for n in screen(real(), each).needs} for each in (slow, quick)]

    assert found[0] == found[1]
    assert found[1]["suicide_self_harm"].word == "emergency"


def test_a_mark_that_never_comes_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_CREDIBLE", timedelta(0))

    assert not_credibly_asked(real(), answered(**{BEFORE: 100.0, "self_harm_now": 100.4})) == ()
