"""Every row of the law on detention has a case that names it, and the case rests on the row.

A row that a clock counts has a worked case under ``tests/cases/clocks``; a row that is only stated
has its words, day and confidence in ``tests/cases/law``.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.law_on_disk import LAW, RULES
from tests.test_clock_cases import CASES, test_a_worked_case_comes_out_as_the_law_says
from triage.domain.dated import Law

STATED = tomllib.loads(
    (Path(__file__).parent / "cases" / "law" / "stated.toml").read_text(encoding="utf-8")
)["case"]
# Sections 1 and 2 of the law notes: the Mental Health Acts, stations, guidance, PACE, Code C.
FILES = ("section136", "police_station", "mental_health_act_2025", "guidance", "pace", "code_c")
NOT_OURS = {"NPA-1H-W"}  # no Welsh agreement was found: the row is off, and stands for that


def rows_of(name: str) -> Iterator[str]:
    table = tomllib.loads((RULES / "law" / f"{name}.toml").read_text(encoding="utf-8"))
    yield from (row["id"] for row in table["row"])


ALL = [row for name in FILES for row in rows_of(name)]
NAMED = {row: [case for case in CASES if row in case.get("rows", ())] for row in ALL}
SAID = {row for case in STATED for row in case["rows"]}


def unnamed(named: dict[str, list[Any]], said: set[str]) -> list[str]:
    return [row for row in ALL if not named[row] and row not in said and row not in NOT_OURS]


def test_every_row_of_the_law_on_detention_has_a_case_that_names_it():
    assert unnamed(NAMED, SAID) == []
    assert {row for case in CASES for row in case.get("rows", ())} <= set(ALL)
    assert not SAID - set(ALL)


def test_a_row_whose_only_case_is_taken_away_is_missed():
    without = {**NAMED, "S136-CONVEY": []}

    assert unnamed(without, SAID) == ["S136-CONVEY"]


COUNTED = [
    row
    for row in ALL
    if NAMED[row]
    and isinstance(LAW.row(row).value, int)
    and not isinstance(LAW.row(row).value, bool)
    and row not in ("S136-TOTAL", "JUV")  # arithmetic of two rows; an age that the core holds
]


def holds(case: dict[str, Any], law: Law, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a worked case still comes out when the law on disk said this instead."""
    with monkeypatch.context() as patched:
        patched.setattr("tests.test_clock_cases.LAW", law)
        try:
            test_a_worked_case_comes_out_as_the_law_says(case)
        except AssertionError:
            return False
    return True


@pytest.mark.parametrize("row", COUNTED)
def test_a_case_that_names_a_length_fails_when_the_row_says_another(row, monkeypatch):
    value = LAW.row(row).value
    assert isinstance(value, int)
    longer = Law({**LAW.rows, row: replace(LAW.row(row), value=value + 1)})

    still = [case["name"] for case in NAMED[row] if holds(case, longer, monkeypatch)]

    assert len(still) < len(NAMED[row]), still


@pytest.mark.parametrize("case", STATED, ids=[" ".join(case["rows"]) for case in STATED])
def test_what_is_only_stated_stands_with_its_day_and_its_confidence(case):
    for row in (LAW.row(name) for name in case["rows"]):
        day = case.get("holds")

        assert case["says"] in str(row.value)
        assert (row.in_force_from, row.confidence) == (day, case["confidence"])
        if day is not None:
            assert row.holds_on(day) and not row.holds_on(day - timedelta(days=1))
