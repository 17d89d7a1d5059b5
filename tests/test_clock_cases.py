"""Worked cases that a practitioner can read: tests/cases/clocks/*.toml."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.law_on_disk import LADDER, LAW
from triage.domain.detention import clocks
from triage.domain.errors import InputError
from triage.present.clocks import as_json, in_words
from triage.schemas.clocks import detention_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FOLDER = Path(__file__).parent / "cases" / "clocks"
CASES = [
    case
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def matches(wanted: dict[str, Any], found: dict[str, Any]) -> bool:
    return all(found.get(name) == value for name, value in wanted.items())


def assert_among(wanted: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    for one in wanted:
        assert any(matches(one, other) for other in found), f"{one}\nis not among\n{found}"


def alerts(found: dict[str, Any], state: str) -> list[dict[str, Any]]:
    return [alert for alert in found["alerts"] if alert["state"] == state]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_worked_case_comes_out_as_the_law_says(case):
    expect, law = case["expect"], LAW.assume(case.get("assume", {}).items())
    if "refused" in expect:
        with pytest.raises(InputError) as refused:
            detention_of(case["input"], now=NOW)
        assert [problem.field for problem in refused.value.problems] == [expect["refused"]["field"]]
        assert all(part in str(refused.value) for part in expect["refused"]["says"])
        return

    said = clocks(law, LADDER, detention_of(case["input"], now=NOW))
    found, words = as_json(said), in_words(said)

    assert_among(expect.get("clocks", []), found["clocks"])
    assert not {clock["clock"] for clock in found["clocks"]} & set(expect.get("no_clocks", ()))
    assert len(found["unlawful"]) == len(expect["unlawful"]), found["unlawful"]
    assert_among(expect["unlawful"], found["unlawful"])
    if "powers" in expect:
        assert len(found["powers"]) == len(expect["powers"]), found["powers"]
        assert_among(expect["powers"], found["powers"])
    for state in ("raised", "planned", "withdrawn"):
        assert_among(expect.get(state, []), alerts(found, state))
    if expect.get("raised_none"):
        assert alerts(found, "raised") == []
    for start in expect.get("not_raised", []):
        assert not [one for one in alerts(found, "raised") if one["key"].startswith(start)]
    assert_among(expect.get("delays", []), found["delays"])
    assert expect.get("warning", "") in " ".join(found["warnings"])
    assert all(part in words for part in expect.get("words", []))


def test_every_edge_case_of_the_law_notes_has_a_worked_case():
    told = " ".join(case["name"] for case in CASES)

    assert [n for n in range(1, 28) if f"E{n} " not in told] == []
    assert [n for n in range(1, 7) if f"L{n} " not in told] == []


def test_a_worked_case_would_fail_if_the_law_said_25_hours():
    from dataclasses import replace

    from triage.domain.dated import Law

    planted = Law({**LAW.rows, "S136-MAX-KEEP": replace(LAW.row("S136-MAX-KEEP"), value=25)})
    case = next(case for case in CASES if case["name"].startswith("L3"))

    found = as_json(clocks(planted, LADDER, detention_of(case["input"], now=NOW)))

    assert not any(matches(case["expect"]["clocks"][0], clock) for clock in found["clocks"])


WRITTEN = sorted(path.name.split(".")[0] for path in FOLDER.glob("*.expect.json"))


def written(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = [FOLDER / f"{name}.json", FOLDER / f"{name}.expect.json"]
    given, expect = (json.loads(path.read_text(encoding="utf-8")) for path in parts)
    return given, expect


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_night_comes_out_to_the_second(name):
    given, expect = written(name)

    found = as_json(clocks(LAW, LADDER, detention_of(given, now=NOW)))

    assert_among(expect["clocks"], found["clocks"])


def test_tomasz_without_the_fold_is_asked_which_of_the_two():
    given, expect = written("tomasz")
    del given["events"][4]["occurred_at"]["fold"]

    with pytest.raises(InputError) as refused:
        detention_of(given, now=NOW)

    (problem,) = refused.value.problems
    assert problem.field == expect["without_fold"]["field"]
    assert all(reading in problem.problem for reading in expect["without_fold"]["names"])
