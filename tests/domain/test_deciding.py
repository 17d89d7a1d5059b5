"""What is written to name the answers behind a verdict names what the slow walk names."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.benchmarks.people import invented
from tests.depth import depth
from tests.invented import conditions, people
from tests.rulebooks import condition, person, real, rule, small, with_rules
from triage.domain.answers import Details
from triage.domain.conditions import Condition, Tree
from triage.domain.deciding import Deciding
from triage.domain.findings import Missing, Urgency, like
from triage.domain.levels import Levels
from triage.domain.needs import ORDER
from triage.domain.rulebook import Rulebook
from triage.domain.specs import Definition
from triage.domain.used import Used
from triage.domain.walk import Walk

BOOK = small()
RELAXED = list(HealthCheck)


def slow_missing(walk: Walk, tree: Tree) -> tuple[Missing, ...]:
    unknown = (leaf for leaf in walk.deciding(tree) if walk.verdict(leaf) is None)
    return tuple(dict.fromkeys(missing for leaf in unknown for missing in walk.unknown(leaf)))


def compared(book: Rulebook, details: Details, levels: Levels, trees: list[Tree]) -> Iterator[bool]:
    """Whether the fast way and the slow way name the same, for every tree that may hold."""
    reading = book.program.read(details, book.law)
    walk = Walk.over(book.program, reading, levels)
    used = Used.of(book.program, reading).with_levels(levels)
    for tree in trees:
        verdict = walk.verdict(tree)
        if verdict is True:
            yield used.decided(tree) == walk.facts(tree)
        elif verdict is None:
            yield used.missing(tree) == slow_missing(walk, tree)


def levels() -> st.SearchStrategy[Levels]:
    """Any levels that a first pass could find."""
    each = st.dictionaries(st.sampled_from(sorted(ORDER)), st.integers(1, 4))
    return st.builds(Levels.of, each, each)


@settings(max_examples=depth(120, 4_000), deadline=None, suppress_health_check=RELAXED)
@given(st.lists(conditions(BOOK, levels=True), min_size=1, max_size=4), people(BOOK), levels())
def test_the_answers_behind_any_condition_are_those_that_the_walk_finds(
    texts: list[str], details: Details, found: Levels
) -> None:
    trees = [condition(text, levels=True).tree for text in texts]
    modifiers = [replace(small().modifiers[0], when=Condition("", tree)) for tree in trees]
    book = replace(BOOK, modifiers=tuple(modifiers))

    assert all(compared(book, details, found, trees))


def test_the_answers_behind_every_condition_of_the_real_rulebook_are_those_of_the_walk() -> None:
    book = real()
    trees = [each.when.tree for each in (*book.rules, *book.conflicts, *book.modifiers)]
    trees += [tree for route in book.routes for tree in route.trees]
    seen = 0
    for details in invented(book, depth(60, 2_000), seed=8):
        found = Levels.of({"drugs": 2, "alcohol": 1}, {"mental_health": 3, "drugs": 4})
        answers = list(compared(book, details, found, trees))

        assert all(answers)
        seen += len(answers)
    assert seen > 1_000


def _everything(self: Deciding, part: Tree) -> str:
    return "True"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("confused or wants_nurse", {"confused": "refused", "wants_nurse": "no"}),
        ("not (confused and wants_nurse)", {"confused": "refused", "wants_nurse": "yes"}),
    ],
)
def test_naming_what_is_known_as_missing_is_found_out(
    text: str, known: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = with_rules(rule(text))

    def same() -> bool:
        fresh = replace(book)  # compiles anew
        return all(compared(fresh, person(**known), Levels.of({}, {}), [fresh.rules[0].when.tree]))

    assert same()
    monkeypatch.setattr(Used, "known", lambda self, name: False)
    monkeypatch.setattr(Deciding, "_cannot_tell", _everything)
    assert not same()


def test_an_answer_that_did_not_decide_is_not_named() -> None:
    book = with_rules(rule("confused or wants_nurse or head_knock != no"))
    details = person(wants_nurse="yes", head_knock="refused")
    used = Used.of(book.program, book.program.read(details, book.law))

    facts = used.decided(book.rules[0].when.tree)

    assert [(fact.id, fact.value) for fact in facts] == [("wants_nurse", "yes")]


def test_a_definition_is_looked_into_once_however_often_it_is_named() -> None:
    ideas = {"idea_0": Definition("idea_0", condition("confused"), "")}
    for number in range(1, 60):
        before = f"idea_{number - 1}"
        known = replace(BOOK, definitions={**BOOK.definitions, **ideas})
        twice = condition(f"({before} or wants_nurse) and {before}", known)
        ideas[f"idea_{number}"] = Definition(f"idea_{number}", twice, "")
    book = replace(BOOK, definitions={**BOOK.definitions, **ideas})
    used = Used.of(book.program, book.program.read(person(confused="yes"), book.law))

    assert [fact.id for fact in used.decided(ideas["idea_59"].when.tree)] == ["confused"]


def test_a_value_like_another_is_what_replacing_its_fields_makes() -> None:
    made = real().rules[0].reason

    fresh = like(made, urgency=Urgency.URGENT, facts=())

    assert fresh == replace(made, urgency=Urgency.URGENT, facts=())
    assert made.urgency is Urgency.ROUTINE


def test_a_number_that_nobody_read_is_an_error_and_never_none_at_all() -> None:
    tree = condition("count(which_today) == 0").tree  # no rule of this book counts them
    walk = Walk.over(BOOK.program, BOOK.program.read(person(), BOOK.law))

    with pytest.raises(KeyError, match="count_of_which_today"):
        walk.verdict(tree)
