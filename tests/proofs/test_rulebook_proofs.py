"""The rulebook keeps its promises for every possible set of facts, and each proof can fail."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest
import z3

from tests.proofs import promises
from tests.rulebooks import real
from triage.domain.answers import Details, Person
from triage.domain.dated import Confidence
from triage.domain.findings import ScreenStatus, Urgency
from triage.domain.grammar import read
from triage.domain.names import Vocabulary
from triage.domain.progress import Progress
from triage.domain.rulebook import Modifier, Rule, Rulebook
from triage.domain.screening import screen

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@cache
def rulebook() -> Rulebook:
    return real()


@cache
def proof() -> promises.Proof:
    return promises.Proof(rulebook())


def condition(text: str, *, levels: bool = False):
    facts = {**rulebook().questions, **rulebook().observations, **rulebook().facts}
    return read(text, Vocabulary(facts, frozenset(rulebook().definitions), levels=levels))


def rule(when: str, **needs: Urgency) -> Rule:
    return Rule(
        id="planted",
        when=condition(when),
        needs=tuple(needs.items()),
        flags=(),
        because="A planted fault.",
        do=(),
        tell=("custody_sergeant",),
        source="none",
        confidence=Confidence.UNVERIFIED,
        checked_on=date(2026, 11, 23),
    )


def only(*rules: Rule) -> promises.Proof:
    """The rulebook with the planted rules and nothing beside them."""
    return promises.Proof(replace(rulebook(), rules=rules, modifiers=()))


def code(option: str) -> int:
    return proof().words.code(option)


# Every rule earns its place ---------------------------------------------------------------------


def test_every_rule_can_hold_for_somebody():
    assert list(promises.rules_that_never_fire(proof())) == []


def test_a_rule_that_nobody_can_meet_is_found():
    planted = rule("rouse == alert and rouse == none", physical_health=Urgency.SOON)

    assert list(promises.rules_that_never_fire(only(planted))) == ["planted can never hold."]


def test_no_rule_is_swallowed_by_another():
    assert list(promises.rules_swallowed(proof())) == []


def test_a_rule_that_says_nothing_new_is_found():
    wide = rule("walking != steady", alcohol=Urgency.URGENT)
    narrow = replace(rule("walking == cannot", alcohol=Urgency.SOON), id="narrow")

    assert list(promises.rules_swallowed(only(wide, narrow))) == [
        "narrow is swallowed: whenever it holds, planted says all of it."
    ]


def test_no_rule_reads_a_question_that_its_branch_can_never_ask():
    assert list(promises.questions_out_of_reach(proof())) == []


def test_a_rule_on_an_answer_that_its_branch_never_asks_for_is_found():
    """Injecting is asked of those who name a drug, or may; never of those who certainly do not."""
    planted = rule("injects and known(drugs_month) and count(drugs_month) == 0",
                   drugs=Urgency.SOON)  # fmt: skip

    assert list(promises.questions_out_of_reach(only(planted))) == [
        "planted reads injects, which its branch can never ask."
    ]


def test_an_option_that_nothing_reads_is_found():
    served = rulebook().questions["armed_forces"]
    more = replace(served, options=(*served.options, ("merchant", "Merchant navy")))

    assert list(promises.options_that_nothing_reads(rulebook(), more)) == ["merchant"]


def test_every_option_that_can_be_answered_is_read_or_declared_as_context():
    unread = {
        f"{spec.id}: {option}"
        for spec in (*rulebook().questions.values(), *rulebook().observations.values())
        for option in promises.options_that_nothing_reads(rulebook(), spec)
    }

    assert unread == set()


# Unknown is never no; what is worse never lowers -------------------------------------------------


def test_not_knowing_an_answer_instead_of_no_never_lowers_anything():
    assert list(promises.lowered_by_not_knowing(proof())) == []


def test_a_rule_that_takes_no_as_a_reason_is_found_and_told_in_words():
    planted = rule("drinks_daily == no and intoxication >= mild", alcohol=Urgency.URGENT)

    (found, *_) = promises.lowered_by_not_knowing(only(planted))

    assert found.startswith("alcohol is lowered when drinks_daily is not known instead of harmless")
    assert "intoxication: " in found


def test_a_worse_observation_record_or_property_fact_never_lowers_anything():
    assert list(promises.lowered_by_worse(proof())) == []


def test_a_rule_that_a_worse_observation_silences_is_found():
    planted = rule("confused and not smells_of_drink", physical_health=Urgency.EMERGENCY)

    (found, *_) = promises.lowered_by_worse(only(planted))

    assert found == (
        "physical_health is lowered when smells_of_drink becomes yes, with confused: yes"
    )


def test_one_more_warning_never_lowers_anything():
    assert list(promises.lowered_by_marker(proof())) == []


def test_a_rule_that_a_warning_silences_is_found():
    planted = rule("self_harm_now == thoughts and not marked(violent)",
                   suicide_self_harm=Urgency.URGENT)  # fmt: skip

    (found, *_) = promises.lowered_by_marker(only(planted))

    assert found.startswith("suicide_self_harm is lowered by a warning, with self_harm_now: thou")


def test_finding_more_never_makes_a_modifier_find_less():
    assert list(promises.modifiers_that_forget(proof())) == []


def test_a_modifier_that_finding_more_silences_is_found():
    planted = Modifier(
        id="planted",
        when=condition("not need(drugs) >= soon", levels=True),
        raises=("alcohol",),
        by=1,
        cap=Urgency.URGENT,
        because="A planted fault.",
        do=(),
        tell=(),
        source="none",
        confidence=Confidence.UNVERIFIED,
        checked_on=date(2026, 11, 23),
    )
    bad = promises.Proof(replace(rulebook(), rules=(), modifiers=(planted,)))

    (found, *_) = promises.modifiers_that_forget(bad)

    assert found.startswith("alcohol is lowered when something else is raised, with ")


# What must always be found ----------------------------------------------------------------------


@pytest.mark.parametrize("offence", ["sexual", "child_sexual"])
def test_a_sexual_offence_alone_is_always_urgent_for_suicide_and_self_harm(offence):
    given = proof().found.choice("offence") == code(offence)

    assert list(promises.not_always(proof(), given, "suicide_self_harm", Urgency.URGENT)) == []


def test_the_proof_about_sexual_offences_fails_without_its_rules():
    without = [r for r in rulebook().rules if "sexual" not in r.when.text]
    bare = promises.Proof(replace(rulebook(), rules=tuple(without)))
    given = bare.found.choice("offence") == bare.words.code("child_sexual")

    (found,) = promises.not_always(bare, given, "suicide_self_harm", Urgency.URGENT)

    assert found.startswith("suicide_self_harm stays below urgent with ")
    assert "offence: child_sexual" in found


@pytest.mark.parametrize("need", ["drugs", "physical_health"])
def test_a_denial_never_clears_a_swallowed_package(need):
    warned = condition("marked(conceals)").tree
    denied = proof().found.choice("swallowed_or_hidden") == code("no")
    given = z3.And(denied, promises.holds(proof(), warned))

    assert list(promises.not_always(proof(), given, need, Urgency.EMERGENCY)) == []


def test_a_package_that_a_denial_clears_is_found():
    package = next(r for r in rulebook().rules if r.id == "swallowed-package")
    when = "swallowed_or_hidden in (yes, not_sure) or (marked(conceals) and not is_no)"
    when = when.replace("is_no", "swallowed_or_hidden == no")
    cleared = replace(package, when=condition(when))
    bad = only(cleared)
    denied = bad.found.choice("swallowed_or_hidden") == bad.words.code("no")
    given = z3.And(denied, promises.holds(bad, condition("marked(conceals)").tree))

    assert list(promises.not_always(bad, given, "drugs", Urgency.EMERGENCY)) == [
        "drugs stays below emergency with nothing remarkable"
    ]


def test_whoever_cannot_be_asked_properly_is_always_to_be_asked_again():
    """So a screening that is provisional for that reason can never be one with nothing found."""
    given = proof().found.defined("cannot_screen", may=False)

    assert list(promises.not_always(proof(), given, "rescreen_due", Urgency.URGENT)) == []


@pytest.mark.parametrize("forgotten", ["cannot-be-asked-now", "asked-without-an-interpreter"])
def test_somebody_who_cannot_be_asked_and_is_forgotten_is_found(forgotten):
    without = tuple(r for r in rulebook().rules if r.id != forgotten)
    bare = promises.Proof(replace(rulebook(), rules=without))
    given = bare.found.defined("cannot_screen", may=False)

    (found,) = promises.not_always(bare, given, "rescreen_due", Urgency.URGENT)

    assert found.startswith("rescreen_due stays below urgent with ")


@pytest.mark.parametrize("status", list(ScreenStatus))
@pytest.mark.parametrize("missing", [0, 1, 29])
def test_nothing_is_found_only_in_a_complete_screening_with_every_answer(
    monkeypatch, status, missing
):
    """Every way in which a screening can stand, over a rulebook that finds nothing in anybody."""
    silent = replace(rulebook(), rules=(), modifiers=(), conflicts=())
    monkeypatch.setattr(Progress, "status", lambda self: status)
    monkeypatch.setattr(Progress, "core_answered", lambda self: (29 - missing, 29))
    nobody = Details(AT, "england", Person(), "arrest", "none")

    nothing = screen(silent, nobody).nothing_found

    assert nothing is (status is ScreenStatus.COMPLETE and missing == 0)


@pytest.mark.parametrize("rouse", ["pain", "none"])
def test_somebody_who_cannot_be_woken_is_always_an_emergency(rouse):
    given = proof().found.choice("rouse") == code(rouse)

    assert list(promises.not_always(proof(), given, "physical_health", Urgency.EMERGENCY)) == []


def test_every_need_that_must_be_met_has_a_route_or_says_that_none_exists():
    assert list(promises.needs_without_a_way(proof())) == []


def test_a_need_whose_routes_are_all_closed_is_found():
    kept = tuple(r for r in rulebook().routes if "housing" not in r.serves)
    bare = promises.Proof(replace(rulebook(), routes=kept))

    assert any(found.startswith("housing has no route")
               for found in promises.needs_without_a_way(bare))  # fmt: skip


# What can be read off the text ------------------------------------------------------------------


def test_every_emergency_says_what_to_do_and_whom_to_tell():
    assert list(promises.silent_emergencies(rulebook())) == []


@pytest.mark.parametrize("silent", [{"do": ()}, {"tell": ()}])
def test_an_emergency_that_says_nothing_to_do_or_tells_nobody_is_found(silent):
    spoken = replace(rule("confused", physical_health=Urgency.EMERGENCY), do=("hcp_now",))
    mute = replace(rulebook(), rules=(replace(spoken, **silent),))

    assert list(promises.silent_emergencies(mute)) == [
        "planted is an emergency without an action or an addressee."
    ]


def test_no_rule_can_read_who_somebody_is_by_birth_belief_or_love():
    assert list(promises.rules_about_birth_belief_or_love(rulebook())) == []


@pytest.mark.parametrize("name", ["ethnicity_self", "religion", "nationality", "orientation"])
def test_a_fact_that_no_rule_may_read_is_found(name):
    fact = replace(rulebook().facts["sex"], id=name)
    bad = replace(rulebook(), facts={**rulebook().facts, name: fact})

    assert list(promises.rules_about_birth_belief_or_love(bad)) == [
        f"{name} is something that no rule may read."
    ]


# Children ---------------------------------------------------------------------------------------


def test_a_child_never_meets_a_route_for_adults():
    assert [route.id for route in rulebook().routes if route.adult_only]
    assert list(promises.adult_routes_that_children_meet(proof())) == []


def test_an_adult_route_that_only_some_children_are_kept_from_is_found():
    shown = next(route for route in rulebook().routes if route.adult_only)
    leaky = replace(shown, exclude=condition("age < 16"))
    bad = promises.Proof(replace(rulebook(), routes=(leaky,)))

    (found,) = promises.adult_routes_that_children_meet(bad)

    assert found.startswith(f"{shown.id} is open to a child, with age: ")
