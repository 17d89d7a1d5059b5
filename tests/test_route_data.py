"""The routes as data: nobody is left without a way, and nothing is promised that is not there."""

import copy
import re
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from triage import rules_files
from triage.domain.findings import Axis, Route, RouteStatus
from triage.domain.needs import FLAGS, NEEDS
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.schemas.screen import details_of

RULES = Path(__file__).resolve().parent.parent / "rules"
ROUTE_IDS = {
    "duty": [
        "emergency_ambulance", "custody_healthcare", "appropriate_adult", "interpreter",
        "mental_health_act_assessment", "safeguarding_adult", "safeguarding_child", "nrm",
        "drug_test_required_assessment",
    ],
    "support": [
        "liaison_nurse", "crisis_team", "mental_health_trust", "talking_therapies",
        "peer_support", "drug_treatment", "alcohol_treatment", "link_worker", "womens_centre",
        "youth_justice", "turnaround", "housing_referral", "veterans", "victim_services",
        "domestic_abuse_service", "debt_advice", "employment", "gp", "iom_notify",
        "probation_notify", "information_only",
    ],
    "disposal": [
        "community_resolution", "conditional_caution", "outcome_22", "outcome_23",
        "deferred_prosecution", "restorative_justice",
    ],
}  # fmt: skip
NEVER_PUT_FORWARD = {"child_sexual", "sexual", "domestic", "homicide_fatal", "burglary_dwelling"}


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((RULES / name).read_text(encoding="utf-8"))


def routes() -> dict[str, dict[str, Any]]:
    rows = [row for axis in ROUTE_IDS for row in table(f"routes/{axis}.toml")["route"]]
    return {row["id"]: row for row in rows}


def faults_of(rows: dict[str, dict[str, Any]], none: list[dict[str, Any]]) -> list[str]:
    """What would break a promise to somebody at the desk, in sentences."""
    found = []
    served = {need for row in rows.values() for need in row["serves"]}
    for need in NEEDS:
        if need not in served | {row["need"] for row in none}:
            found.append(f"{need} has no route, and nobody says so")
    for row in rows.values():
        if row.get("adult_only") and not re.match(r"\s*child\b", row.get("exclude", "")):
            found.append(f"{row['id']} is for adults and does not exclude a child")
        if row.get("exclude") and not row.get("why_not"):
            found.append(f"{row['id']} excludes somebody without saying why")
        if ("target_minutes" in row) != ("target_basis" in row):
            found.append(f"{row['id']} has a target and not what it rests on, or the reverse")
    return found


def disposal_faults(row: dict[str, Any]) -> list[str]:
    found = []
    if "evidence_ready" not in row.get("requires", []):
        found.append(f"{row['id']} does not wait for the evidence stage")
    if row["serves"]:
        found.append(f"{row['id']} is put forward as the answer to a need")
    for offence in NEVER_PUT_FORWARD - set(re.findall(r"\w+", row["exclude"])):
        found.append(f"{row['id']} is open for {offence}")
    if not re.search(r"\bor domestic\b", row["exclude"]):
        found.append(f"{row['id']} is open for a domestic incident")
    return found


@pytest.mark.parametrize("axis", ROUTE_IDS)
def test_every_route_of_the_design_stands_on_its_axis(axis: str):
    rows = table(f"routes/{axis}.toml")["route"]

    assert [(row["id"], row["axis"]) for row in rows] == [(each, axis) for each in ROUTE_IDS[axis]]


def test_nobody_is_left_without_a_route_or_an_honest_sentence():
    assert faults_of(routes(), table("routes/none.toml")["none"]) == []


def test_a_need_without_a_route_would_be_noticed():
    planted = routes()
    planted["veterans"]["serves"] = []
    planted["liaison_nurse"]["serves"].remove("veteran")

    found = faults_of(planted, table("routes/none.toml")["none"])

    assert found == ["veteran has no route, and nobody says so"]


def test_an_adult_route_open_to_a_child_would_be_noticed():
    planted = routes()
    planted["womens_centre"]["exclude"] = "sex == male"

    found = faults_of(planted, table("routes/none.toml")["none"])

    assert found == ["womens_centre is for adults and does not exclude a child"]


def test_a_need_that_is_said_to_have_no_route_has_none():
    served = {need for row in routes().values() for need in row["serves"]}

    assert served & {row["need"] for row in table("routes/none.toml")["none"]} == set()


def test_no_outcome_is_put_forward_before_the_evidence_or_for_the_gravest_matters():
    rows = [row for row in routes().values() if row["axis"] == "disposal"]

    assert [fault for row in rows for fault in disposal_faults(row)] == []


def test_an_outcome_opened_for_a_domestic_matter_would_be_noticed():
    planted = copy.deepcopy(routes()["community_resolution"])
    planted["exclude"] = planted["exclude"].replace("or domestic", "")
    planted["requires"] = ["admits"]

    assert disposal_faults(planted) == [
        "community_resolution does not wait for the evidence stage",
        "community_resolution is open for a domestic incident",
    ]


def test_an_admission_is_asked_for_only_where_the_outcome_rests_on_one():
    rows = [row for row in routes().values() if "admits" in row.get("requires", [])]

    assert {row["id"] for row in rows} == {
        "community_resolution", "conditional_caution", "restorative_justice",
    }  # fmt: skip


def test_charge_is_never_a_route():
    assert not [each for each in routes() if "charge" in each or "prosecute" in each]


def test_support_never_depends_on_the_disposal_or_on_an_admission():
    rows = [row for row in routes().values() if row["axis"] != "disposal"]
    words = " ".join(
        row[key] for row in rows for key in ("when", "possible_when", "exclude") if key in row
    )

    assert not re.search(r"\b(admits|evidence_ready)\b", words)
    assert not [row["id"] for row in rows if row.get("requires")]


def test_police_are_not_said_to_be_under_englands_housing_duty():
    row = routes()["housing_referral"]

    assert row["basis"] == "voluntary"
    assert "not on England's duty-to-refer list" in row["why"]


def test_every_route_says_where_it_comes_from_and_how_sure_we_are():
    rows = routes().values()

    assert {row["confidence"] for row in rows} <= {"read", "inferred", "unverified"}
    assert all(row["source"] and row["why"] and row["consent"] for row in rows)
    assert not [
        row["id"] for row in rows if "from memory" in row["source"] and row["confidence"] == "read"
    ]


def test_routes_serve_needs_and_flags_that_exist():
    assert {name for row in routes().values() for name in row["serves"]} <= {*NEEDS, *FLAGS}


def test_every_service_is_an_invented_example_of_a_route():
    services = table("routes/services.toml")["service"]
    suites = {suite["id"] for suite in table("practice/suites.toml")["suite"]}

    assert {each["route"] for each in services} <= set(routes())
    assert all(each["training"] and "training example" in each["name"] for each in services)
    assert {suite for each in services for suite in each["suites"]} <= suites


def test_every_role_of_a_suite_has_somebody_to_step_in():
    for suite in table("practice/suites.toml")["suite"]:
        covered = {cover["role"] for cover in suite["cover"]}
        stand_ins = {cover["otherwise"] for cover in suite["cover"]}

        assert stand_ins <= covered | {"control_room"}
        assert all(cover["role"] != cover["otherwise"] for cover in suite["cover"])


def test_a_site_chooses_only_between_lines_that_a_form_has():
    settings = table("practice/suites.toml")["settings"]
    forms = {name: form for name, form in rulebook().instruments.items() if form.settings}

    assert {name: settings[name] in form.settings for name, form in forms.items()} == {
        "asrs_6": True,
        "audit_c": True,
        "phq2": True,
    }


def test_targets_are_practice_and_never_law():
    rows = table("practice/targets.toml")["row"]

    assert {row["kind"] for row in rows} == {"practice"}
    assert all(row["owner"] and row["in_force_from"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


# People before the whole rulebook ----------------------------------------------------------------

SUGGESTED, POSSIBLE = RouteStatus.SUGGESTED, RouteStatus.POSSIBLE
NEEDS_INFORMATION, NOT_AVAILABLE = RouteStatus.NEEDS_INFORMATION, RouteStatus.NOT_AVAILABLE
NOT_SAID = object()  # leaves a fact out, so that it is unknown
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUIET_STAY: dict[str, Any] = {
    "record_number": "TRAINING/RT/0001/26",
    "at": "2026-11-23T12:00:00Z",
    "nation": "england",
    "person": {"age": 34, "age_source": "document", "sex": "male"},
    "stage": "arrest",
    "offence": "theft",
    "domestic": False,
    "arrests_12m": 0,
    "answers": {},
    "observations": {},
    "record": {"checked": True, "markers": []},
    "everything_else": "no",
}


@cache
def rulebook() -> Rulebook:
    return rules_files.load(rules_files.rules_dir(), draft=True)


def routes_for(**facts: Any) -> dict[str, Route]:
    """The routes for an invented person: all answers no, besides what is given."""
    given = {
        name: value for name, value in {**QUIET_STAY, **facts}.items() if value is not NOT_SAID
    }
    details = details_of(given, rulebook(), now=NOW)
    return {route.route: route for route in screen(rulebook(), details).routes}


def status_of(found: dict[str, Route], route: str) -> RouteStatus | None:
    return found[route].status if route in found else None


def suggested(found: dict[str, Route]) -> set[str]:
    return {name for name, route in found.items() if route.status is SUGGESTED}


CHILD = {"age": 15, "age_source": "document", "sex": "female"}
WOMAN = {"age": 41, "age_source": "document", "sex": "female"}
YOUNG_MAN = {"age": 20, "age_source": "document", "sex": "male"}
READY = {"evidence_stage": "ready", "admits": True}


def test_somebody_without_a_need_is_offered_the_nurse_and_a_sheet_to_take_away():
    assert suggested(routes_for()) == {"liaison_nurse", "information_only"}


def test_a_dependent_drinker_losing_a_home_is_offered_each_service_and_one_person_for_all():
    found = routes_for(
        person=WOMAN,
        arrests_12m=11,
        answers={
            "drinks_daily": "daily_15u_plus",
            "home_tonight": "losing_56d",
            "low_or_hopeless": "yes",
        },
    )

    assert suggested(found) >= {
        "liaison_nurse", "alcohol_treatment", "housing_referral", "womens_centre", "link_worker",
    }  # fmt: skip
    assert "information_only" not in found
    assert found["housing_referral"].basis == "voluntary"


def test_a_girl_never_meets_the_womens_centre():
    found = routes_for(person=CHILD, answers={"low_or_hopeless": "yes", "home_tonight": "street"})

    assert status_of(found, "womens_centre") in (NOT_AVAILABLE, None)
    assert status_of(found, "link_worker") in (NOT_AVAILABLE, None)
    assert {"youth_justice", "appropriate_adult", "housing_referral"} <= suggested(found)


def test_somebody_whose_age_is_unknown_is_not_sent_to_an_adults_route_unasked():
    person = {"age_source": "unknown", "sex": "female"}
    found = routes_for(person=person, answers={"home_tonight": "street"})

    assert status_of(found, "womens_centre") is NEEDS_INFORMATION
    assert "age" in {missing.id for missing in found["womens_centre"].missing}


def test_a_child_held_under_section_136_is_not_referred_to_youth_justice():
    found = routes_for(
        person=CHILD, stage="section136", offence="none", answers={"self_harm_now": "thoughts"}
    )

    assert status_of(found, "youth_justice") in (NOT_AVAILABLE, None)
    assert status_of(found, "turnaround") in (NOT_AVAILABLE, None)
    assert {"mental_health_trust", "mental_health_act_assessment"} <= suggested(found)
    assert {found[name].status for name in ROUTE_IDS["disposal"]} == {NOT_AVAILABLE}


def test_a_managed_burglar_with_a_prescription_is_no_diversion_case_and_still_gets_treatment():
    found = routes_for(
        offence="burglary_dwelling",
        arrests_12m=7,
        answers={"drug_treatment": "had_today", "medicine": "not_due_12h"},
        record={
            "checked": True,
            "markers": [{"kind": "drugs", "origin": "pnc"}],
            "managed_by": ["iom"],
        },
        **READY,
    )

    assert {"iom_notify", "drug_treatment"} <= suggested(found)
    assert {found[name].status for name in ROUTE_IDS["disposal"]} == {NOT_AVAILABLE}


def test_supply_without_use_is_not_a_treatment_need():
    found = routes_for(
        offence="drugs_supply", record={**QUIET_STAY["record"], "drug_test": "negative"}
    )

    assert "drug_treatment" not in suggested(found)
    assert "nrm" not in suggested(found)
    assert not suggested(found) & set(ROUTE_IDS["disposal"])


def test_no_outcome_opens_before_the_investigator_says_the_evidence_is_there():
    found = routes_for(admits=True, answers={"home_tonight": "street"})
    outcomes = [found[name] for name in ROUTE_IDS["disposal"] if name != "outcome_23"]

    assert {route.status for route in outcomes} == {NEEDS_INFORMATION}
    assert {missing.id for route in outcomes for missing in route.missing} == {"evidence_stage"}


def test_an_admission_opens_some_outcomes_and_outcome_22_needs_none():
    need = {"home_tonight": "street"}
    admitted = routes_for(answers=need, **READY)
    denied = routes_for(answers=need, evidence_stage="ready", admits=False)
    silent = routes_for(answers=need, evidence_stage="ready")

    ids = ("community_resolution", "conditional_caution", "outcome_22")
    assert [admitted[each].status for each in ids] == [SUGGESTED] * 3
    assert [denied[each].status for each in ids] == [NOT_AVAILABLE, NOT_AVAILABLE, SUGGESTED]
    assert [silent[each].status for each in ids] == [NEEDS_INFORMATION] * 2 + [SUGGESTED]


@pytest.mark.parametrize("offence", sorted(NEVER_PUT_FORWARD | {"drugs_supply", "robbery", "none"}))
def test_the_gravest_matters_meet_no_outcome(offence: str):
    found = routes_for(offence=offence, answers={"home_tonight": "street"}, **READY)

    assert {found[name].status for name in ROUTE_IDS["disposal"]} == {NOT_AVAILABLE}


def test_a_domestic_matter_meets_no_outcome_and_a_question_whether_it_is_one_comes_first():
    known = routes_for(domestic=True, **READY)
    unasked = routes_for(domestic=NOT_SAID, **READY)

    assert {known[name].status for name in ROUTE_IDS["disposal"]} == {NOT_AVAILABLE}
    assert "domestic" in {missing.id for missing in unasked["community_resolution"].missing}


@pytest.mark.parametrize("hurt", ["now", "past"])
def test_somebody_who_may_be_abused_is_never_put_before_the_other(hurt: str):
    found = routes_for(offence="criminal_damage", answers={"hurt_by_someone": hurt}, **READY)

    assert status_of(found, "restorative_justice") is NOT_AVAILABLE
    assert "domestic_abuse_service" in suggested(found)


def test_somebody_who_is_made_to_do_things_is_never_put_before_a_victim():
    found = routes_for(answers={"made_to_do_things": "yes"}, person=YOUNG_MAN, **READY)

    assert status_of(found, "restorative_justice") is NOT_AVAILABLE
    assert {"nrm", "victim_services"} <= suggested(found)


@pytest.mark.parametrize("stage", ["section136", "charged", "bail_refused", "recall"])
def test_no_outcome_after_charge_nor_under_section_136(stage: str):
    found = routes_for(stage=stage, answers={"home_tonight": "street"}, **READY)

    assert not suggested(found) & set(ROUTE_IDS["disposal"])
    assert status_of(found, "community_resolution") is NOT_AVAILABLE


def test_an_occasional_smoke_of_cannabis_is_not_sent_to_treatment():
    assert "drug_treatment" not in suggested(routes_for(answers={"drugs_month": ["cannabis"]}))


def test_diabetes_is_for_the_health_professional_and_not_for_the_ambulance():
    found = routes_for(answers={"conditions": ["diabetes"]})

    assert "custody_healthcare" in suggested(found)
    assert "emergency_ambulance" not in found


def test_a_meeting_with_a_victim_is_named_and_never_suggested():
    assert status_of(routes_for(offence="theft", **READY), "restorative_justice") is POSSIBLE


def test_outcome_23_is_for_a_child_with_a_first_knife():
    boy = {"age": 15, "age_source": "document", "sex": "male"}
    child = routes_for(person=boy, offence="weapons", evidence_stage="ready")
    adult = routes_for(offence="weapons", evidence_stage="ready")

    assert status_of(child, "outcome_23") is SUGGESTED
    assert status_of(adult, "outcome_23") is NOT_AVAILABLE


def test_a_positive_test_compels_and_treatment_is_offered_beside_it():
    found = routes_for(record={**QUIET_STAY["record"], "drug_test": "positive"})

    assert found["drug_test_required_assessment"].basis == "compelled"
    assert {"drug_test_required_assessment", "drug_treatment"} <= suggested(found)


def test_a_child_is_never_compelled_to_an_assessment_by_a_test():
    found = routes_for(person=CHILD, record={**QUIET_STAY["record"], "drug_test": "positive"})

    assert status_of(found, "drug_test_required_assessment") is NOT_AVAILABLE


def test_a_refused_test_compels_no_assessment_and_treatment_is_still_offered():
    """Drugs Act 2005 s9 asks for a sample that was analysed; refusing one is its own offence."""
    found = routes_for(record={**QUIET_STAY["record"], "drug_test": "refused"})

    assert "drug_test_required_assessment" not in found
    assert status_of(found, "drug_treatment") is SUGGESTED


def test_what_is_english_only_is_not_offered_in_wales():
    low: dict[str, Any] = {"answers": {"low_or_hopeless": "yes"}}

    assert status_of(routes_for(**low), "talking_therapies") is SUGGESTED
    assert status_of(routes_for(nation="wales", **low), "talking_therapies") is NOT_AVAILABLE


def test_a_life_in_danger_is_an_ambulance_and_the_health_professional():
    found = routes_for(observations={"rouse": "none"})

    assert {"emergency_ambulance", "custody_healthcare"} <= suggested(found)
    assert found["emergency_ambulance"].target_minutes == 0


def test_refusing_every_question_is_answered_with_an_offer():
    core = [question.id for question in rulebook().core]
    found = routes_for(answers={name: "refused" for name in core}, everything_else="not_asked")

    assert "liaison_nurse" in suggested(found)
    assert not suggested(found) & set(ROUTE_IDS["disposal"])


def test_an_old_record_of_going_missing_lets_somebody_think_of_the_nrm_and_no_more():
    record = {"checked": True, "markers": [{"kind": "missing", "origin": "pnc"}]}

    assert status_of(routes_for(record=record), "nrm") is POSSIBLE


def test_no_route_shows_a_clinical_answer_by_being_there():
    book = rulebook()
    clinical = {"score"} | {
        name
        for each in (book.questions, book.observations, book.facts)
        for name, spec in each.items()
        if spec.group == "clinical"
    }
    read = {
        word
        for row in routes().values()
        for key in ("when", "possible_when", "exclude")
        for word in re.findall(r"\w+", row.get(key, ""))
    }

    assert read & clinical == set()


def test_every_route_of_the_folder_is_in_the_rulebook_on_its_axis():
    found = {axis.value: [r.id for r in rulebook().routes if r.axis is axis] for axis in Axis}

    assert {axis: sorted(ids) for axis, ids in found.items()} == {
        axis: sorted(ids) for axis, ids in ROUTE_IDS.items()
    }
    assert set(rulebook().no_route) == {"brain_injury", "dependants"}
