"""Sentences of the pages: times, lengths, timers, who has it, which power is recorded."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.rulebooks import real
from triage.domain.timeline import KINDS
from triage.present import events, pages, questions, spans
from triage.present.alerts import urgency_words
from triage.present.authorities import AUTHORITIES
from triage.schemas.clocks import PLACES, ROLES, EventIn

NIGHT = datetime(2026, 10, 25, 0, 20, tzinfo=UTC)  # 01:20 BST, the first of the two


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "under a minute"), (59, "under a minute"), (60, "1 min"), (3_599, "59 min"),
        (3_600, "1 h 00 min"), (-7_500, "2 h 05 min"), (90_000, "25 h 00 min"),
    ],
)  # fmt: skip
def test_a_length_of_time_is_said_in_whole_minutes(seconds: int, words: str):
    assert spans.span(seconds) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (12, "01:32 BST, in 12 min"),
        (42, "01:02 GMT, in 42 min"),  # the clocks went back in between
        (-17, "01:03 BST, 17 min ago"),
        (0, "01:20 BST, now"),
        (60 * 24, "Mon 26 Oct 00:20 GMT, in 24 h 00 min"),
    ],
)
def test_when_something_is_due_is_right_in_the_night_that_the_clocks_go_back(minutes, words):
    assert spans.due(NIGHT + timedelta(minutes=minutes), now=NIGHT) == words


def test_timers_are_quiet_for_two_minutes_and_loud_afterwards():
    said = {
        seconds: pages.timers(NIGHT, now=NIGHT + timedelta(seconds=seconds)).stale
        for seconds in (0, 119, 120, 121, 86_400)
    }

    assert said == {0: False, 119: False, 120: False, 121: True, 86_400: True}
    assert pages.timers(None, now=NIGHT).stale


def test_every_kind_of_event_can_be_recorded_on_the_pages():
    offered = {kind.id for group in events.HAPPENED for kind in group.kinds}
    elsewhere = {"corrected", "visit", "questioned"}  # the first two have doors of their own

    assert offered | elsewhere == set(KINDS)


def test_a_form_asks_only_for_what_its_kind_of_event_has():
    common = {"place", "by", "rank", "reason", "role"}
    wrong = [
        (kind.id, asked.name)
        for group in (*events.HAPPENED, *AUTHORITIES)
        for kind in group.kinds
        for asked in kind.asks
        if asked.name not in common and asked.name not in KINDS[kind.id]
    ]

    assert wrong == []


def test_every_option_that_a_form_offers_is_one_that_the_clocks_take():
    fields = EventIn().fields
    wrong = [
        (kind.id, asked.name, id)
        for group in (*events.HAPPENED, *AUTHORITIES)
        for kind in group.kinds
        for asked in (*kind.asks, events.ROLE)
        if not asked.truth
        for id, _ in asked.options
        if hasattr(fields[asked.name], "options") and id not in fields[asked.name].options
    ]

    assert wrong == []
    assert {id for id, _ in events.PLACE} == set(PLACES)
    assert {id for id, _ in events.DONE_BY} <= set(ROLES)


def test_nothing_found_is_never_said_to_be_safe():
    assert urgency_words(None) == "No flags raised"


def test_an_error_that_we_do_not_know_says_what_is_known_about_storing():
    assert pages.error_words(418) == ("The request was refused", "Nothing was stored.")
    assert "not known whether anything was stored" in pages.error_words(599)[1]


def test_what_follows_from_one_answer_alone_is_asked_under_that_answer():
    asked = {part.id: part.asking for part in questions.sections(real(), {})}
    core = [each.number for each in asked["core"]]
    below = {each.number: each.hint for each in asked["core"] if not each.number[-1].isdigit()}

    assert core[core.index("Q07") + 1] == "Q07a"  # the inhaler from the asthma
    assert set(below) == {"Q07a", "Q08a", "Q14a"}
    assert set(below.values()) == {questions.ONLY_IF_ABOVE}
    assert {each.number for each in asked["branch"]} >= {"Q09", "Q09a", "Q13"}  # Q09 is not of all


def test_each_question_is_asked_once_on_the_form():
    asked = [each.name for part in questions.sections(real(), {}) for each in part.asking]
    wanted = [f"o.{each}" for each in real().observations] + [
        f"a.{each}" for each in real().questions
    ]

    assert sorted(asked) == sorted(wanted)
