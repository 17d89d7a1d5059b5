"""What a screening finds, in worked examples on the small rulebook of tests/assets/rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.rulebooks import person, rule, small, with_rules
from triage.domain.answers import Closing, Marker
from triage.domain.errors import InputError
from triage.domain.findings import (
    Conflict,
    DoNow,
    FactUsed,
    Findings,
    Missing,
    NotExcluded,
    ScreenStatus,
    Urgency,
)
from triage.domain.screening import explain, screen

BOOK = small()
SUICIDAL = Marker("suicidal", "pnc", date(2025, 5, 2))


def found(findings: Findings) -> dict[str, str]:
    return {need.need: need.urgency.word for need in findings.needs}


def flags(findings: Findings) -> dict[str, str]:
    return {flag.flag: flag.urgency.word for flag in findings.flags}


# Nothing found, and how far the screening got ----------------------------------------------------


def test_a_complete_screening_can_say_that_nothing_was_found() -> None:
    findings = screen(BOOK, person())

    assert (findings.status, findings.nothing_found, findings.answered) == (
        ScreenStatus.COMPLETE,
        True,
        (5, 5),
    )
    assert findings.not_excluded == findings.needs == findings.flags == ()
    assert findings.rescreen is None


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ({"wants_nurse": "not_asked"}, ScreenStatus.PROVISIONAL),
        ({"wants_nurse": "unable"}, ScreenStatus.PROVISIONAL),
        ({"wants_nurse": "refused"}, ScreenStatus.COMPLETE),
        ({"confused": "not_asked"}, ScreenStatus.PROVISIONAL),
        ({"drugs_month": ("cannabis",), "drugs_today": "not_asked"}, ScreenStatus.PROVISIONAL),
        ({"drugs_month": (), "drugs_today": "not_asked"}, ScreenStatus.COMPLETE),
        ({"checked": False}, ScreenStatus.PROVISIONAL),
        ({"rouse": "pain"}, ScreenStatus.PROVISIONAL),
        (
            {n: "refused" for n in ("head_knock", "self_harm_ever", "wants_nurse")},
            ScreenStatus.REFUSED,
        ),
        (
            {
                "rouse": "none",
                **dict.fromkeys(("head_knock", "drugs_month", "wants_nurse"), "unable"),
            },
            ScreenStatus.CANNOT_SCREEN,
        ),
    ],
)
def test_only_what_was_asked_makes_a_screening_complete(
    known: dict[str, object], status: ScreenStatus
) -> None:
    findings = screen(BOOK, person(**known))

    assert findings.status is status


def test_a_provisional_screening_never_says_that_nothing_was_found() -> None:
    findings = screen(with_rules(), person(wants_nurse="not_asked"))

    assert (findings.needs, findings.not_excluded, findings.nothing_found) == ((), (), False)


# Reasons -----------------------------------------------------------------------------------------


def test_a_reason_names_the_facts_that_decided_it_and_nothing_else() -> None:
    findings = screen(BOOK, person(head_knock="knock_only", confused=True, rouse="alert"))

    need = findings.needs[0]
    assert (need.need, need.urgency) == ("head_injury", Urgency.EMERGENCY)
    assert [reason.rule for reason in need.reasons] == ["head-knock", "head-knock-unknown"]
    assert need.reasons[0].facts == (
        FactUsed("head_knock", "knock_only", "answered", "said"),
        FactUsed("confused", True, "answered", "observed"),
    )
    assert (need.reasons[0].lesson, need.reasons[0].tell) == ("L04", ("custody_hcp",))


def test_the_highest_urgency_wins_and_every_reason_is_kept() -> None:
    findings = screen(BOOK, person(rouse="none", head_knock="knock_red"))

    physical = next(need for need in findings.needs if need.need == "physical_health")
    assert physical.urgency is Urgency.EMERGENCY
    assert [(r.rule, r.urgency.word) for r in physical.reasons] == [
        ("cannot-be-woken", "emergency"),
        ("head-knock", "soon"),
    ]


def test_needs_stand_by_urgency_and_then_in_their_fixed_order() -> None:
    details = person(rouse="pain", drugs_month=("opioid",), self_harm_ever="within_7d")

    findings = screen(BOOK, details)

    assert list(found(findings)) == ["physical_health", "suicide_self_harm", "drugs"]


def test_a_marker_raises_whatever_the_answers_say() -> None:
    findings = screen(BOOK, person(markers=(SUICIDAL,)))

    assert found(findings) == {"suicide_self_harm": "urgent"}
    assert findings.needs[0].reasons[0].facts == (
        FactUsed("marker", "suicidal", "answered", "pnc"),
    )


def test_a_closed_marker_stops_shouting() -> None:
    closing = Closing(date(2026, 1, 1), "custody_hcp", "Mistaken identity (training).")

    findings = screen(BOOK, person(markers=(replace(SUICIDAL, closed=closing),)))

    assert findings.needs == findings.conflicts == ()


def test_an_old_marker_counts_only_where_the_rule_has_no_years() -> None:
    old = Marker("suicidal", "family", date(2019, 1, 1))

    findings = screen(BOOK, person(markers=(old,)))

    assert found(findings) == {"suicide_self_harm": "urgent"}  # reported(), not the record
    assert screen(BOOK, person(markers=(replace(old, origin="pnc"),))).needs == ()


def test_a_fact_of_the_health_record_is_marked_as_clinical() -> None:
    findings = screen(BOOK, person(markers=(replace(SUICIDAL, origin="health"),)))

    assert findings.needs[0].reasons[0].facts[0].group == "clinical"


def test_what_police_may_know_of_a_clinical_reason_travels_with_it() -> None:
    details = person(drugs_month=("opioid",), drugs_today="yes", which_today=("opioid",))

    drugs = screen(BOOK, details).needs[0]

    assert drugs.reasons[0].tell_police == "May become ill in the cell."


# Unknown ---------------------------------------------------------------------------------------


def test_a_rule_that_may_hold_is_raised_where_it_says_so() -> None:
    findings = screen(BOOK, person(head_knock="unable"))

    assert found(findings) == {"head_injury": "soon"}
    assert findings.needs[0].reasons[0].facts == (FactUsed("head_knock", None, "unable", "said"),)


def test_what_could_not_be_excluded_is_listed_with_what_to_ask_and_when() -> None:
    details = person(drugs_month="refused", drugs_today="no", which_today=())

    findings = screen(BOOK, details)

    assert findings.needs == ()
    assert findings.not_excluded == (
        NotExcluded(
            need="drugs",
            urgency=Urgency.SOON,
            rules=("drugs",),
            missing=(Missing("drugs_month", "refused"),),
            ask_again_at=details.at + timedelta(minutes=60),
        ),
    )


def test_a_need_found_as_urgent_is_not_listed_again_as_possible() -> None:
    details = person(drugs_month="refused", drugs_today="yes", which_today=("opioid",))

    findings = screen(BOOK, details)

    assert found(findings) == {"drugs": "urgent"}
    assert [each.need for each in findings.not_excluded] == []


def test_an_unchecked_record_excludes_nothing() -> None:
    findings = screen(BOOK, person(checked=False))

    open_ = {each.need: each.missing for each in findings.not_excluded}
    assert open_["suicide_self_harm"] == (Missing("record_checked", "not_asked"),)
    assert open_["drugs"] == (Missing("record_checked", "not_asked"),)


def test_a_raise_for_the_unknown_never_stands_above_the_rule_itself() -> None:
    needs = (("drugs", Urgency.SOON), ("alcohol", Urgency.URGENT))
    book = with_rules(rule("confused", needs=needs, if_unknown=Urgency.URGENT))

    assert found(screen(book, person(confused="refused"))) == {"alcohol": "urgent", "drugs": "soon"}


# Modifiers, conflicts, closing, dated law ------------------------------------------------------


def test_a_modifier_raises_what_was_found_by_one_step() -> None:
    findings = screen(BOOK, person(drugs_month=("opioid",), arrests_12m=6))

    assert found(findings) == {"drugs": "urgent"}
    assert [reason.rule for reason in findings.needs[0].reasons] == ["often", "drugs"]


def test_a_modifier_finds_nothing_new_unless_it_says_so() -> None:
    findings = screen(BOOK, person(sex="female", rouse="pain", arrests_12m=6))

    assert found(findings) == {"physical_health": "emergency", "women": "routine"}


def test_a_modifier_that_may_hold_leaves_the_need_open_above_what_was_found() -> None:
    findings = screen(BOOK, person(drugs_month=("opioid",), arrests_12m=None))

    assert found(findings) == {"drugs": "soon"}
    assert findings.not_excluded[0].rules == ("often",)
    assert findings.not_excluded[0].missing == (Missing("arrests_12m", "not_asked"),)


def test_a_modifier_on_a_possible_need_says_which_answers_are_missing_behind_it() -> None:
    details = person(sex="female", drugs_month="refused", drugs_today="no", which_today=())

    women = screen(BOOK, details).not_excluded[-1]

    assert (women.need, women.missing) == ("women", (Missing("drugs_month", "refused"),))


def test_an_answer_against_the_record_is_shown_beside_it_and_flagged() -> None:
    findings = screen(BOOK, person(markers=(SUICIDAL,)))

    assert findings.conflicts == (Conflict("self_harm_ever", "Never", "An open warning."),)
    assert flags(findings) == {"record_conflict": "soon"}


def test_a_declared_fact_may_close_a_rule_and_an_unknown_one_may_not() -> None:
    arranged = screen(BOOK, person(age=16, appropriate_adult_before=True))
    unknown = screen(BOOK, person(age=16, appropriate_adult_before=None, checked=False))

    assert "youth" not in found(arranged)
    assert found(unknown)["youth"] == "urgent"


def test_a_rule_holds_only_while_its_law_is_in_force() -> None:
    details = person(hospital_today=True)
    assumed = BOOK.assume([("NEW", date(2026, 10, 24))])

    assert found(screen(BOOK, details)) == {"physical_health": "soon"}
    assert found(screen(assumed, details)) == {"physical_health": "urgent"}


# What to do, and when to come back -------------------------------------------------------------


def test_each_act_is_named_once_with_its_rules_the_most_urgent_first() -> None:
    findings = screen(BOOK, person(rouse="pain", head_knock="knock_only"))

    assert findings.do_now == (
        DoNow(
            "hospital_now", Urgency.EMERGENCY, "Hospital now.", ("head-knock", "cannot-be-woken")
        ),
        DoNow("nurse_sees", Urgency.URGENT, "The nurse sees the person.", ("head-knock-unknown",)),
    )


def test_the_earliest_reason_decides_when_to_screen_again() -> None:
    details = person(rouse="voice", wants_nurse="not_asked")

    again = screen(BOOK, details).rescreen

    assert again is not None
    assert again.due_at == details.at + timedelta(minutes=45)
    assert again.why == ("Not fully awake.", "The screening is provisional.")


def test_an_answer_that_no_question_knows_is_warned_about_and_read_as_unknown() -> None:
    findings = screen(BOOK, person(head_knock="an old option"))

    assert found(findings) == {"head_injury": "soon"}
    assert findings.warnings == (
        "head_knock: the answer is no option of this rulebook and reads as unknown.",
    )


# Why, and why not ------------------------------------------------------------------------------


def test_why_not_names_the_fact_against_and_the_one_question_that_would_change_it() -> None:
    explanation = explain(BOOK, person(head_knock="knock_only", confused="refused"), "head-knock")

    assert (explanation.kind, explanation.holds, explanation.outcome) == ("rule", None, "not_found")
    assert explanation.ask is not None
    assert (explanation.ask.id, explanation.ask.who, explanation.ask.alone) == (
        "confused",
        "observed",
        True,
    )


def test_why_not_says_what_stands_against_a_need() -> None:
    explanation = explain(BOOK, person(), "suicide_self_harm")

    assert explanation.holds is False
    nearest = explanation.rules[0]
    assert nearest.against == (FactUsed("record_checked", True, "answered", "record"),)
    assert explanation.ask is None


def test_why_names_the_rules_that_hold_first() -> None:
    explanation = explain(BOOK, person(drugs_month=("benzo",)), "drugs")

    assert (explanation.holds, explanation.outcome) == (True, "soon")
    assert [(each.id, each.holds) for each in explanation.rules][:1] == [("drugs", True)]


def test_why_a_route_is_not_open() -> None:
    explanation = explain(BOOK, person(), "womens_centre")

    assert (explanation.kind, explanation.holds, explanation.outcome) == (
        "route",
        False,
        "not_called_for",
    )
    assert explanation.rules[0].against == (
        FactUsed("women", "not_found", "answered", "rule"),
        FactUsed("sex", "male", "answered", "person"),
    )


def test_an_unknown_id_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InputError) as refused:
        explain(BOOK, person(), "womans_centre")

    assert refused.value.problems[0].allowed == ("womens_centre",)
