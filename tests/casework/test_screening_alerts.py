"""Which alerts a history of screenings calls for: few enough to be read, never one too few."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from triage.domain.dated import Confidence
from triage.domain.findings import (
    DoNow,
    FactUsed,
    Findings,
    Need,
    Reason,
    RulebookStamp,
    ScreenStatus,
    Urgency,
)
from triage.domain.screening_alerts import Version, plan, shortened

NOW = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
E, U, S, R = Urgency.EMERGENCY, Urgency.URGENT, Urgency.SOON, Urgency.ROUTINE


def reason(rule, urgency=U, tell=("liaison_nurse",), because=None, group="police", police=None):
    return Reason(
        rule,
        urgency,
        because or f"because {rule}",
        (),
        tuple(tell),
        "source",
        Confidence.READ,
        None,
        (FactUsed("f", "yes", "answered", "desk", None, group),),
        police,
    )


def findings(*needs, do_now=()):
    return Findings(
        NOW,
        RulebookStamp("f" * 16, "2026-10-24", True),
        ScreenStatus.COMPLETE,
        False,
        (29, 29),
        tuple(
            Need(name, max(r.urgency for r in reasons), tuple(reasons)) for name, reasons in needs
        ),
        (),
        (),
        (),
        tuple(do_now),
        (),
        None,
    )


def version(seq, *needs, minutes=None, do_now=()):
    at = NOW + timedelta(minutes=seq if minutes is None else minutes)
    return Version(seq, at, at, findings(*needs, do_now=do_now))


def brief(plans):
    return [(p.alert.key, p.alert.level, p.alert.to, p.needs) for p in plans]


def test_what_is_urgent_is_bundled_per_person_and_addressee():
    one = version(
        1,
        ("mental_health", [reason("a")]),
        ("alcohol", [reason("b")]),
        ("physical_health", [reason("insulin", tell=["custody_hcp"])]),
    )

    assert brief(plan([one])) == [
        ("screening:urgent.liaison_nurse:1", "A2", ("liaison_nurse",),
         ("mental_health", "alcohol")),
        ("screening:urgent.custody_hcp:1", "A2", ("custody_hcp",), ("physical_health",)),
    ]  # fmt: skip


def test_an_emergency_stands_by_itself_and_always_reaches_the_desk_and_healthcare():
    package = reason("package", E, tell=["custody_hcp"])
    one = version(1, ("drugs", [package]), ("physical_health", [package]))

    assert brief(plan([one])) == [
        ("screening:emergency.drugs:1", "A1", ("custody_sergeant", "custody_hcp"),
         ("drugs", "physical_health")),
    ]  # fmt: skip


def test_the_same_rules_found_fifty_times_are_one_alert():
    history = [version(seq, ("alcohol", [reason("a")])) for seq in range(1, 51)]

    assert [key for key, *_ in brief(plan(history))] == ["screening:urgent.liaison_nurse:1"]


def test_a_rule_that_is_new_in_a_later_version_is_a_new_alert_with_that_rule_alone():
    first = version(1, ("alcohol", [reason("a")]))
    second = version(2, ("alcohol", [reason("a")]), ("mental_health", [reason("voices")]))

    plans = plan([first, second])

    assert brief(plans)[1] == (
        "screening:urgent.liaison_nurse:2", "A2", ("liaison_nurse",), ("mental_health",),
    )  # fmt: skip
    assert plans[1].alert.words == "because voices"


def test_a_rule_that_rises_is_a_new_alert_of_the_higher_level():
    first = version(1, ("alcohol", [reason("a", S)]))
    second = version(2, ("alcohol", [reason("a", U)]))

    assert [level for _, level, _, _ in brief(plan([first, second]))] == ["A2", "A3"]


def test_an_emergency_found_again_after_somebody_closed_it_comes_back():
    first, second = (version(seq, ("head_injury", [reason("h", E)])) for seq in (1, 3))
    closed = {"screening:emergency.head_injury:1": 2}

    assert len(plan([first, second])) == 1
    assert [key for key, *_ in brief(plan([first, second], closed))] == [
        "screening:emergency.head_injury:1",
        "screening:emergency.head_injury:3",
    ]


def test_what_was_urgent_and_was_dealt_with_is_not_raised_again_by_the_same_rules():
    first, second = (version(seq, ("alcohol", [reason("a")])) for seq in (1, 3))
    closed = {"screening:urgent.liaison_nurse:1": 2}

    assert len(plan([first, second], closed)) == 1


def test_a_later_version_that_finds_less_lowers_nothing():
    first = version(1, ("suicide_self_harm", [reason("a")]))

    assert brief(plan([first, version(2)])) == brief(plan([first]))


def test_a_clinical_reason_is_told_in_the_words_for_police_and_its_own_stay_out():
    told = reason("epilepsy", E, group="clinical", police="Watch constantly; call the nurse.")
    silent = reason("lithium", E, group="clinical")

    for one in (told, silent):
        [only] = plan([version(1, ("physical_health", [one]))])
        assert "because" not in only.alert.words
    assert plan([version(1, ("physical_health", [told]))])[0].alert.words == (
        "Watch constantly; call the nurse."
    )


def test_an_emergency_says_first_what_to_do():
    act = DoNow("hospital_now", E, "Hospital now: call 999.", ("h",))

    [only] = plan([version(1, ("head_injury", [reason("h", E)]), do_now=[act])])

    assert only.alert.words == "Hospital now: call 999. because h"


def test_a_partner_who_is_no_user_here_is_reached_through_the_desk():
    plans = plan([version(1, ("mental_health", [reason("a", tell=["amhp", "doctor"])]))])

    assert plans[0].alert.to == ("custody_sergeant",)


def test_routine_is_one_line_for_everybody_told_and_is_said_once():
    one = version(1, ("women", [reason("w", R)]), ("veteran", [reason("v", R)]))

    assert brief(plan([one])) == [
        ("screening:routine:1", "A4", ("liaison_nurse",), ("women", "veteran"))
    ]


def test_a_new_rule_about_a_need_that_stands_joins_it_with_the_newest_reason():
    first, second = version(1, ("alcohol", [reason("a")])), version(2, ("alcohol", [reason("b")]))

    [only] = plan([first, second])

    assert (only.alert.key, only.found, only.newest, only.joined) == (
        "screening:urgent.liaison_nurse:1", 2, "because b", 2,
    )  # fmt: skip


def test_a_new_rule_about_another_need_is_an_alert_of_its_own():
    """The twin: the same two versions about two needs do make two alerts."""
    first, second = version(1, ("alcohol", [reason("a")])), version(2, ("drugs", [reason("b")]))

    assert len(plan([first, second])) == 2


def test_a_rise_in_urgency_is_a_new_line_and_a_fall_is_not():
    soon, urgent = (version(n, ("alcohol", [reason(f"r{n}", u)])) for n, u in ((1, S), (2, U)))
    risen = plan([soon, urgent])
    fallen = plan(
        [version(1, ("alcohol", [reason("a", U)])), version(2, ("alcohol", [reason("b", S)]))]
    )

    assert [(each.alert.level, each.found) for each in risen] == [("A2", 1), ("A3", 1)]
    assert [(each.alert.level, each.found) for each in fallen] == [("A2", 2)]


def test_what_a_nurse_is_told_does_not_end_with_an_emergency_about_the_same_need():
    """The desk closes the emergency when the ambulance has gone; her need stands by itself."""
    first = version(1, ("drugs", [reason("a", E, ("liaison_nurse",))]))
    second = version(2, ("drugs", [reason("b", U, ("liaison_nurse",))]))
    planned = plan([first, second], {"screening:emergency.drugs:1": 3})

    assert [(each.alert.level, each.alert.to) for each in planned if each.alert.level != "A1"] == [
        ("A2", ("liaison_nurse",)),
    ]  # fmt: skip


def test_a_new_rule_about_a_need_that_was_closed_is_not_hidden_in_what_is_over():
    first, second = version(1, ("alcohol", [reason("a")])), version(3, ("alcohol", [reason("b")]))
    closed = {"screening:urgent.liaison_nurse:1": 2}

    assert len(plan([first, second], closed)) == 2


def test_what_is_bundled_is_told_in_whole_sentences_and_how_many_more_there_are():
    said = " ".join(f"Reason {number} is told in a sentence." for number in range(1, 15))

    cut = shortened(said, 400)

    assert len(cut) <= 400
    assert cut.startswith("Reason 1 is told in a sentence. Reason 2 ")
    assert cut.endswith("Reason 12 is told in a sentence. And 2 more.")


def test_what_fits_is_told_whole():
    assert shortened("It fits. All of it.", 19) == "It fits. All of it."


def test_one_sentence_that_is_too_long_is_cut_between_words():
    said = "One word, and another, " * 30

    cut = shortened(said, 400)

    assert len(cut) <= 400
    assert cut.endswith(" …")
    assert said.startswith(cut.removesuffix(" …"))
    assert cut.removesuffix(" …").split()[-1] in ("One", "word", "and", "another")


def test_the_order_in_which_versions_are_handed_in_does_not_matter():
    history = [version(seq, ("alcohol", [reason(f"r{seq}")])) for seq in (1, 2, 3)]

    assert brief(plan(history)) == brief(plan(list(reversed(history))))


def test_a_version_typed_late_is_due_when_its_answers_were_given():
    late = replace(version(1, ("alcohol", [reason("a")])), recorded_at=NOW + timedelta(hours=2))

    assert plan([late])[0].alert.due_at == NOW + timedelta(minutes=1)
