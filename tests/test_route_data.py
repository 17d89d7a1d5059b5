"""The routes as data: nobody is left without a way, and nothing is promised that is not there."""

import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from triage.domain.needs import FLAGS, NEEDS

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


def test_targets_are_practice_and_never_law():
    rows = table("practice/targets.toml")["row"]

    assert {row["kind"] for row in rows} == {"practice"}
    assert all(row["owner"] and row["in_force_from"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
