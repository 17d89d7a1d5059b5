"""Each written person enters by the door of the desk and must find what a practitioner wrote.

The people stand in tests/cases/people/*.toml. A case is `screen in` (design 8) and what to expect.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.rulebooks import condition, real
from triage.domain.answers import Details
from triage.domain.findings import Findings, RouteStatus, Urgency
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.schemas.screen import details_of

PEOPLE = Path(__file__).parent / "cases" / "people"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OPEN_ROUTES = (RouteStatus.SUGGESTED, RouteStatus.POSSIBLE)
EXPECTED = {
    *("nothing_found", "status", "answered", "needs", "may_also", "may_also_by_rows", "flags"),
    *("conflicts", "routes", "do", "not_excluded", "rescreen", "lessons", "not_told", "must_not"),
}
FORBIDDEN = {"needs", "flags", "routes", "urgencies", "status", "nothing_found", "words"}
Case = Mapping[str, Any]


def _people() -> Iterator[Case]:
    for file in sorted(PEOPLE.glob("*.toml")):
        for case in tomllib.loads(file.read_text(encoding="utf-8"))["person"]:
            yield {"file": file.name, **case}


CASES = tuple(_people())


def _details(case: Case) -> Details:
    return details_of(case["details"], real(), now=NOW)


def _found(case: Case) -> Findings:
    return screen(real(), _details(case))


def _levels(found: Findings) -> dict[str, Urgency]:
    return {need.need: need.urgency for need in found.needs}


def _flags(found: Findings) -> dict[str, Urgency]:
    return {flag.flag: flag.urgency for flag in found.flags}


def _sentences(found: Findings) -> str:
    reasons = [reason for each in (*found.needs, *found.flags) for reason in each.reasons]
    words = [reason.because for reason in reasons] + [act.words for act in found.do_now]
    words += [why for route in found.routes for why in route.why]
    return " ".join(words).lower()


def faults(found: Findings, expect: Mapping[str, Any]) -> list[str]:
    """Every way in which findings differ from what a practitioner expects, in sentences."""
    return [*_shortfalls(found, expect), *_excesses(found, expect), *_forbidden(found, expect)]


def _shortfalls(found: Findings, expect: Mapping[str, Any]) -> Iterator[str]:
    levels, flags = _levels(found), _flags(found)
    yield from _too_low("need", levels, expect.get("needs", {}))
    yield from _too_low("flag", flags, expect.get("flags", {}))
    suggested = {route.route for route in found.routes if route.status is RouteStatus.SUGGESTED}
    checks = (
        ("routes", suggested),
        ("do", {act.action for act in found.do_now}),
        ("conflicts", {conflict.id for conflict in found.conflicts}),
        ("not_excluded", {entry.need for entry in found.not_excluded}),
        ("lessons", {reason.lesson for need in found.needs for reason in need.reasons}),
    )
    for key, there in checks:
        for missing in sorted(set(expect.get(key, ())) - there):
            yield f"{key}: {missing} is missing; there are {sorted(map(str, there))}"
    yield from _differs("status", found.status.value, expect.get("status"))
    yield from _differs("answered", list(found.answered), expect.get("answered"))
    yield from _differs("nothing_found", found.nothing_found, expect.get("nothing_found"))
    yield from _differs("rescreen", found.rescreen is not None, expect.get("rescreen"))


def _too_low(what: str, there: Mapping[str, Urgency], least: Mapping[str, str]) -> Iterator[str]:
    for name, word in least.items():
        if there.get(name, 0) < Urgency.of(word):
            yield f"{what} {name} should be {word} or above, is {there.get(name)!r}"


def _differs(what: str, is_: object, should: object) -> Iterator[str]:
    if should is not None and is_ != should:
        yield f"{what} should be {should}, is {is_}"


def _excesses(found: Findings, expect: Mapping[str, Any]) -> Iterator[str]:
    most = {**expect.get("may_also", {}), **expect.get("may_also_by_rows", {})}
    for need in found.needs:
        if need.need in expect.get("needs", {}):
            continue
        allowed = Urgency.of(most[need.need]) if need.need in most else 0
        if need.urgency > allowed:
            rules = [reason.rule for reason in need.reasons if reason.urgency > allowed]
            yield f"need {need.need} is {need.urgency.word}, which is a false alarm, from {rules}"


def _forbidden(found: Findings, expect: Mapping[str, Any]) -> Iterator[str]:
    never = expect.get("must_not", {})
    levels, flags = _levels(found), _flags(found)
    open_routes = {route.route for route in found.routes if route.status in OPEN_ROUTES}
    yield from (
        f"need {name} must not be found" for name in never.get("needs", ()) if name in levels
    )
    yield from (
        f"flag {name} must not be raised" for name in never.get("flags", ()) if name in flags
    )
    yield from (f"route {r} must not be open" for r in never.get("routes", ()) if r in open_routes)
    for name, word in never.get("urgencies", {}).items():
        if levels.get(name, 0) >= Urgency.of(word):
            yield f"need {name} must stay below {word}"
    if found.status.value == never.get("status"):
        yield f"status must not be {found.status.value}"
    if never.get("nothing_found") and found.nothing_found:
        yield "something must be found"
    yield from (f"never say {w!r}" for w in never.get("words", ()) if w in _sentences(found))
    yield from _paged(found, expect.get("not_told", ()))


def _paged(found: Findings, not_told: tuple[str, ...]) -> Iterator[str]:
    for each in (*found.needs, *found.flags):
        for reason in each.reasons:
            for role in set(reason.tell) & set(not_told):
                yield f"{reason.rule} must not page the {role}"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_written_person_finds_what_the_practitioner_wrote(case: Case) -> None:
    found = _found(case)

    assert faults(found, case["expect"]) == []


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_says_who_why_and_only_what_can_be_checked(case: Case) -> None:
    unknown = set(case["expect"]) - EXPECTED
    unknown |= set(case["expect"].get("must_not", {})) - FORBIDDEN

    assert not unknown
    assert case["title"]
    assert case["why"]
    assert case["details"]["record_number"].startswith("TRAINING/")


def test_no_two_written_people_share_a_name_or_a_number() -> None:
    names = [case["id"] for case in CASES]
    numbers = [case["details"]["record_number"] for case in CASES]

    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)


# How many there are ------------------------------------------------------------------------------

LESSONS = [f"L{number:02}" for number in range(1, 21)]
OUR_OWN, ORDINARY = 40, 10  # the fewest beside the people of the notes; of nobody in need


def too_few(cases: Sequence[Case], rulebook: Rulebook) -> Iterator[str]:
    """Published failures without a readable case, and too few people of our own or without need."""
    carried = {rule.lesson for rule in (*rulebook.rules, *rulebook.modifiers)}
    for lesson in LESSONS:
        told = [case for case in cases if case.get("lesson") == lesson]
        if not told:
            yield f"{lesson} has no case."
        elif lesson in carried and not any(lesson in _lessons(case, rulebook) for case in told):
            yield f"{lesson} has no case in which a rule that answers it speaks."
    for lesson in sorted({each for case in cases for each in case["expect"].get("lessons", ())}):
        if lesson not in carried:
            yield f"{lesson} is expected and no rule carries it."
    own = [case for case in cases if not _of_the_notes(case)]
    if len(own) < OUR_OWN:
        yield f"Only {len(own)} cases are our own."
    ordinary = [case for case in own if case["expect"].get("nothing_found")]
    if len(ordinary) < ORDINARY:
        yield f"Only {len(ordinary)} of our own are ordinary people without need."


def _of_the_notes(case: Case) -> bool:
    """The written people of the notes, and those of the worked files of the contract."""
    return case["file"] == "written.toml" or case["id"].startswith("screen-")


def _lessons(case: Case, rulebook: Rulebook) -> set[str | None]:
    found = screen(rulebook, _details(case))
    return {r.lesson for each in (*found.needs, *found.flags) for r in each.reasons}


def test_each_published_failure_has_a_case_and_there_are_enough_of_our_own() -> None:
    assert list(too_few(CASES, real())) == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_published_failure_that_lost_its_case_would_be_found(lesson: str) -> None:
    left = [case for case in CASES if case.get("lesson") != lesson]

    assert f"{lesson} has no case." in list(too_few(left, real()))


def test_a_published_failure_whose_rules_no_longer_speak_would_be_found() -> None:
    never = condition("rouse == alert and rouse == none", real())
    rules = [replace(r, when=never) if r.lesson == "L05" else r for r in real().rules]

    assert list(too_few(CASES, replace(real(), rules=tuple(rules)))) == [
        "L05 has no case in which a rule that answers it speaks."
    ]


def test_too_few_cases_of_our_own_or_of_ordinary_people_would_be_found() -> None:
    needy = [case for case in CASES if not case["expect"].get("nothing_found")]
    own = [case for case in CASES if not _of_the_notes(case)]
    notes = [case for case in CASES if _of_the_notes(case)]

    assert "Only 0 of our own are ordinary people without need." in list(too_few(needy, real()))
    assert "Only 39 cases are our own." in list(too_few([*notes, *own[:39]], real()))


@pytest.mark.parametrize(
    "expect",
    [
        {"nothing_found": True},
        {"needs": {"veteran": "routine"}},
        {"needs": {"suicide_self_harm": "emergency"}},
        {"needs": {"suicide_self_harm": "urgent"}},
        {"status": "refused"},
        {"routes": ["youth_justice"]},
        {"must_not": {"needs": ["alcohol"]}},
        {"must_not": {"routes": ["liaison_nurse"]}},
        {"must_not": {"urgencies": {"alcohol": "urgent"}}},
        {"must_not": {"words": ["record"]}},
        {"not_told": ["liaison_nurse"]},
    ],
    ids=lambda expect: "-".join(expect),
)
def test_a_wrong_expectation_is_noticed(expect: Mapping[str, Any]) -> None:
    """The twin: what is untrue of Denise has to fail, or the cases above prove nothing."""
    denise = next(case for case in CASES if case["id"] == "screen-denise")
    everything_else = {} if "needs" in expect else {"needs": denise["expect"]["needs"]}

    assert faults(_found(denise), everything_else | expect)
