"""Every row of the research note (screening, 3.4) is raised by its own rules, as it says."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from triage import rules_files
from triage.domain.findings import Findings, Reason, Urgency
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.schemas.screen import details_of

NOTE = Path(__file__).parent / "cases" / "rows" / "note.toml"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROWS = tuple(tomllib.loads(NOTE.read_text(encoding="utf-8"))["row"])
MILDER = ("R08b", "R17b", "R18b", "R38b", "R53b", "R74b")
ELSEWHERE = {
    "R84": "the alert ladder climbs what nobody acts on (tests/casework/test_ladder.py)",
    "R102": "the man without anything, below, and the ordinary people",
}
WELL = {
    "nation": "england",
    "person": {"age": 41, "age_source": "document", "sex": "male"},
    "stage": "arrest",
    "offence": "theft",
    "arrests_12m": 0,
    "everything_else": "no",
}
# A liaison nurse can do nothing about these that healthcare or an ambulance does not do better.
HEALTHCARE_ALONE = ("R01", "R03", "R04", "R05", "R06", "R07", "R08", "R10", "R12", "R13", "R14",
                    "R15", "R16", "R22", "R24", "R25", "R39", "R43")  # fmt: skip
Row = Mapping[str, Any]


@cache
def rulebook() -> Rulebook:
    return rules_files.load(rules_files.rules_dir(), draft=True)


def found(given: Row) -> Findings:
    document = {**WELL, **given}
    return screen(rulebook(), details_of(document, rulebook(), now=NOW))


def raised_by(findings: Findings, row: str) -> dict[str, Urgency]:
    """What the rules of one row raised, by themselves."""
    note = {rule.id: rule.note_id for rule in (*rulebook().rules, *rulebook().modifiers)}
    each = [(need.need, r) for need in findings.needs for r in need.reasons]
    each += [(flag.flag, r) for flag in findings.flags for r in flag.reasons]
    levels: dict[str, Urgency] = {}
    for name, reason in each:
        if note.get(reason.rule) == row:
            levels[name] = max(levels.get(name, Urgency.ROUTINE), reason.urgency)
    return levels


def reasons_of(findings: Findings, row: str) -> list[Reason]:
    note = {rule.id: rule.note_id for rule in (*rulebook().rules, *rulebook().modifiers)}
    every = (*findings.needs, *findings.flags)
    return [r for each in every for r in each.reasons if note.get(r.rule) == row]


def test_every_row_of_the_note_has_somebody():
    numbers = {f"R{number:02}" for number in range(1, 103)}

    assert len(ROWS) == len({row["id"] for row in ROWS})
    assert {row["id"] for row in ROWS} | set(ELSEWHERE) == numbers | set(MILDER)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_row_raises_what_it_says_by_its_own_rules(row: Row):
    wanted = {**row["needs"], **row.get("flags", {})}

    raised = raised_by(found(row["given"]), row["id"])

    expected = {name: Urgency.of(word) for name, word in wanted.items()}
    assert raised, "no rule of this row held"
    assert raised == {name: expected.get(name) for name in raised}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_whatever_the_row_says_is_found_no_milder_by_the_whole_rulebook(row: Row):
    findings = found(row["given"])
    levels = {need.need: need.urgency for need in findings.needs}
    levels |= {flag.flag: flag.urgency for flag in findings.flags}

    wanted = {**row["needs"], **row.get("flags", {})}

    assert {n: w for n, w in wanted.items() if levels.get(n, 0) < Urgency.of(w)} == {}
    assert not findings.nothing_found


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_each_reason_says_why_what_to_do_whom_to_tell_and_how_sure_we_are(row: Row):
    for reason in reasons_of(found(row["given"]), row["id"]):
        assert reason.because
        assert reason.do
        assert reason.tell
        assert reason.source
        assert reason.confidence
        assert reason.facts


@pytest.mark.parametrize("row", HEALTHCARE_ALONE)
def test_what_only_healthcare_can_act_on_never_pages_the_nurse(row: str):
    given = next(each["given"] for each in ROWS if each["id"] == row)

    told = {who for reason in reasons_of(found(given), row) for who in reason.tell}

    assert "custody_hcp" in told
    assert "liaison_nurse" not in told


def test_the_man_without_anything_has_nothing_and_no_row():
    """The twin of every row, and R102: what raises it is what was given and nothing besides."""
    nobody = found({})

    assert nobody.nothing_found
    assert not [row["id"] for row in ROWS if raised_by(nobody, row["id"])]


def test_where_two_rows_match_both_reasons_stand_at_the_higher_urgency():
    given = {"answers": {"self_harm_ever": "over_1y", "self_harm_now": "thoughts"}}

    [need] = [need for need in found(given).needs if need.need == "suicide_self_harm"]

    assert need.urgency is Urgency.URGENT
    assert {r.rule: r.urgency for r in need.reasons} == {
        "thoughts-now": Urgency.URGENT,
        "self-harm-long-ago": Urgency.SOON,
    }


def test_rows_that_share_needs_and_urgency_ask_for_different_acts():
    acts = {
        row: {act for r in reasons_of(found(given), row) for act in r.do}
        for row, given in ((each["id"], each["given"]) for each in ROWS)
        if row in ("R07", "R08", "R86", "R87")
    }

    assert acts["R07"] - acts["R08"]
    assert not acts["R86"] & acts["R87"]
