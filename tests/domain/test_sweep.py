"""The sweep gives for anybody the levels, rules and deciding facts that a screening gives."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.benchmarks.people import invented
from tests.depth import depth
from tests.invented import people
from triage import rules_files
from triage.domain import sweep
from triage.domain.answers import Answer, Details, Status
from triage.domain.conditions import Always, Compare, Leaf, Marked
from triage.domain.findings import Urgency
from triage.domain.needs import ORDER
from triage.domain.rails import markers_name, number_name
from triage.domain.reading import many
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.domain.sweep import Sweep, sweeping, sweeping_values
from triage.domain.walk import Walk


@cache
def _rulebook() -> Rulebook:
    return rules_files.load(rules_files.rules_dir(), draft=True)


@cache
def _stricter() -> Rulebook:
    """The same rules, of which some are raised when nobody can tell, some can be closed, and some
    end with a law that has been in force for long."""
    row = next(rule.until_law for rule in _rulebook().rules if rule.until_law)
    rules = [
        replace(
            rule,
            if_unknown=Urgency(1 + place % 4) if place % 3 == 0 else None,
            closed_by=_rulebook().rules[0].when if place % 5 == 0 else None,
            until_law=row if place % 7 == 0 else rule.until_law,
        )
        for place, rule in enumerate(_rulebook().rules)
    ]
    return replace(_rulebook(), rules=tuple(rules)).assume([(row, date(2020, 1, 1))])


@cache
def _sweep(strict: bool, deciding: bool) -> Sweep:
    return sweeping(_stricter() if strict else _rulebook(), deciding=deciding)


def _levels(swept: sweep.Swept) -> dict[str, tuple[int, int]]:
    _, found, open_ = swept
    pairs = zip(ORDER, found, open_, strict=True)
    return {name: (level, more if more > level else 0) for name, level, more in pairs}


def _screened(rulebook: Rulebook, details: Details) -> dict[str, tuple[int, int]]:
    findings = screen(rulebook, details)
    found = {need.need: int(need.urgency) for need in findings.needs}
    found |= {flag.flag: int(flag.urgency) for flag in findings.flags}
    open_ = {each.need: int(each.urgency) for each in findings.not_excluded}
    return {name: (found.get(name, 0), open_.get(name, 0)) for name in ORDER}


@pytest.mark.parametrize("strict", [False, True])
def test_the_sweep_gives_every_level_that_a_screening_gives(strict: bool) -> None:
    rulebook = _stricter() if strict else _rulebook()

    for details in invented(rulebook, depth(300, 10_000), seed=5):
        core = _screened(rulebook, details)

        assert _levels(_sweep(strict, False)(details)) == core
        assert _levels(_sweep(strict, True)(details)) == core


@settings(max_examples=depth(60, 1_000), deadline=None, suppress_health_check=list(HealthCheck))
@given(people(_rulebook()))
def test_the_sweep_gives_the_levels_of_anybody_at_all(details: Details) -> None:
    assert _levels(_sweep(True, True)(details)) == _screened(_stricter(), details)


@pytest.mark.parametrize("deciding", [False, True])
def test_a_sweep_of_details_and_one_of_facts_read_already_find_the_same(deciding: bool) -> None:
    """The first reads only what some rule reads, in its own function; the second is handed all."""
    program, law = _stricter().program, _stricter().law
    of_values = sweeping_values(_stricter(), deciding=deciding)

    for details in invented(_stricter(), depth(300, 10_000), seed=7):
        from_details = _sweep(True, deciding)(details)
        from_values = of_values(program.read(details, law).values)

        assert repr(from_details) == repr(from_values)  # a reading never taken equals nothing


def test_a_sweep_that_forgets_the_steps_of_a_modifier_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweep, "_steps", lambda modifier: (0, 0, 0, 0, 0))
    faulty = sweeping(_rulebook())
    crowd = list(invented(_rulebook(), 100, seed=5))

    assert any(_levels(faulty(each)) != _screened(_rulebook(), each) for each in crowd)


def test_the_sweep_names_the_facts_that_decided_each_rule() -> None:
    rulebook = _stricter()
    trees = {rule.id: rule.when.tree for rule in rulebook.rules}
    trees |= {f"conflict-{each.id}": each.when.tree for each in rulebook.conflicts}
    seen = 0
    for details in invented(rulebook, depth(150, 3_000), seed=6):
        walk = Walk.over(rulebook.program, rulebook.program.read(details, rulebook.law))
        all_facts, _, _ = _sweep(True, False)(details)
        deciding, _, _ = _sweep(True, True)(details)

        for (rule, certain, read), (same, sure, decided) in zip(all_facts, deciding, strict=True):
            assert (rule, certain) == (same, sure)
            assert set(decided) <= set(read)
            if rule in trees:
                leaves = walk.deciding(trees[rule])
                assert set(decided) == {name for leaf in leaves for name in _names(leaf)}
                seen += set(decided) != set(read)
    assert seen > 100  # it is not simply everything that a rule reads


def _names(leaf: Leaf) -> tuple[str, ...]:
    match leaf:
        case Always():
            return ()
        case Marked():
            return (markers_name(leaf),)
        case Compare(left, _, right):
            numbers = left.numbers + right.numbers
            return tuple(n.name if n.of == "count" else number_name(n) for n in numbers)
    return (leaf.name,)


@settings(max_examples=depth(200, 5_000), deadline=None)
@given(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6)
    | st.lists(st.sampled_from(["fits", "diabetes", "no such thing"]), max_size=4)
    | st.lists(st.sampled_from(["fits", "diabetes", "no such thing"]), max_size=4).map(tuple)
)  # fmt: skip
def test_a_remembered_multi_select_reads_as_one_that_is_read_anew(value: object) -> None:
    """Whatever stands there: what is no answer is unknown, never nothing, and never an error."""
    program, law = _rulebook().program, _rulebook().law
    details = next(invented(_rulebook(), 1, seed=5))
    given = replace(
        details, answers={**details.answers, "conditions": Answer(Status.ANSWERED, value)}
    )
    values = program.read(given, law).values

    bounds = tuple(values[program.places[f"{bound}conditions"]] for bound in ("l_", "h_"))
    assert bounds == many(value, program.bits["conditions"])
