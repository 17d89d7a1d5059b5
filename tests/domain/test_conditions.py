"""The condition language: what it says, what it refuses, and that nothing else can be reached."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.invented import conditions, people
from tests.reference import Reference
from tests.rulebooks import condition, person, rule, small, with_rules
from triage.domain.conditions import AnyOf, Compare, Condition, Defined, Not, OneOf, Or, Tree
from triage.domain.expressions import ConditionRefused
from triage.domain.grammar import Vocabulary, read
from triage.domain.program import CannotCompile
from triage.domain.rails import Emitter
from triage.domain.rulebook import Rulebook
from triage.domain.specs import Definition
from triage.domain.walk import Walk

BOOK = small()


def verdict(text: str, details: object, rulebook: Rulebook = BOOK) -> bool | None:
    book = replace(with_rules(rule(text)), definitions=rulebook.definitions)
    reading = book.program.read(details, book.law)  # type: ignore[arg-type]
    found = book.program.first(reading.values)
    return (True if found[0][1] else None) if found and found[0][0] == 0 else False


# What it says --------------------------------------------------------------------------------


def test_an_ordered_comparison_becomes_the_options_it_means() -> None:
    assert condition("rouse >= voice").tree == OneOf("rouse", ("voice", "pain", "none"))


def test_not_can_be_an_option_where_no_condition_can_follow() -> None:
    tree = condition("says_why_here in (partly, not) or says_why_here == not and confused").tree

    assert isinstance(tree, Or)
    assert tree.parts[0] == OneOf("says_why_here", ("partly", "not"))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("confused", OneOf("confused", ("yes",))),
        ("wants_nurse", OneOf("wants_nurse", ("yes",))),
        ("child", Defined("child")),
        ("head_knock != no", Not(OneOf("head_knock", ("no",)))),
        ("drugs_month not in (opioid)", Not(AnyOf("drugs_month", ("opioid",)))),
    ],
)
def test_bare_names_and_options_read_as_they_sound(text: str, tree: Tree) -> None:
    assert condition(text).tree == tree


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("confused or wants_nurse", {"confused": "refused", "wants_nurse": "yes"}, True),
        ("confused or wants_nurse", {"confused": "unable"}, None),
        ("confused and wants_nurse", {"confused": "unable"}, False),
        ("not confused", {"confused": "not_asked"}, None),
        ("head_knock == knock_red", {"head_knock": "refused"}, None),
        ("head_knock != knock_red", {"head_knock": "refused"}, None),
        ("withheld(head_knock)", {"head_knock": "refused"}, True),
        ("withheld(head_knock)", {"head_knock": "not_asked"}, False),
        ("unknown(head_knock)", {"head_knock": "not_asked"}, True),
        ("count(drugs_month) >= 2", {"drugs_month": ("opioid", "benzo")}, True),
        ("count(drugs_month) + arrests_12m >= 2", {"drugs_month": "refused"}, None),
        ("count(drugs_month) + arrests_12m >= 9", {"drugs_month": "refused"}, False),
        ("only(drugs_month, cannabis)", {"drugs_month": ("cannabis",)}, True),
        ("only(drugs_month, cannabis)", {"drugs_month": ("cannabis", "opioid")}, False),
        ("only(drugs_month, cannabis)", {"drugs_month": ()}, False),
        ("breath_ug > 150", {}, False),
        ("breath_ug > 150", {"checked": False}, None),
        ("drug_test == positive", {}, False),
        ("marked(suicidal)", {}, False),
        ("marked(suicidal)", {"checked": False}, None),
        ("age < 18", {"age": None}, None),
        ("age < 18", {"age": 17}, True),
    ],
)
def test_unknown_is_never_no(text: str, known: dict[str, object], expected: bool | None) -> None:
    assert verdict(text, person(**known)) is expected


def test_a_branch_question_that_nobody_needed_to_ask_reads_as_nothing() -> None:
    assert verdict("drugs_today", person(drugs_month=(), drugs_today="not_asked")) is False


def test_a_branch_question_is_unknown_while_its_gate_is() -> None:
    assert verdict("drugs_today", person(drugs_month="refused", drugs_today="not_asked")) is None


def test_a_branch_question_answered_or_refused_all_the_same_keeps_that() -> None:
    assert verdict("drugs_today", person(drugs_month=(), drugs_today="yes")) is True
    assert verdict("drugs_today", person(drugs_month=(), drugs_today="refused")) is None


def test_a_branch_of_a_branch_is_settled_in_order() -> None:
    known = person(drugs_month=(), drugs_today="not_asked", which_today="not_asked")

    assert verdict("which_today in (opioid)", known) is False


def test_an_answer_that_is_no_option_reads_as_unknown() -> None:
    assert verdict("head_knock == no", person(head_knock="an old option")) is None


# What it refuses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rouse == pan", "pan is not an option of rouse. Did you mean pain?"),
        ("confuse", "confuse is not a question, observation, fact or definition."),
        ("rouse", "rouse is not a yes or no fact"),
        ("wants_nurse > no", "have no order"),
        ("drugs_month == opioid", "can have several answers"),
        ("what_helps == no", "free text"),
        ("1 < age < 3", "One comparison at a time"),
        ("age is 3", "not with is"),
        ("need(drugs) >= soon", "modifiers and routes only"),
        ("child == yes", "write child or not child"),
        ("known(child)", "asks about one fact"),
        ("withheld(age)", "cannot be withheld"),
        ("marked(suicidl)", "Did you mean suicidal?"),
        ("marked(suicidal, years=0)", "from 1 to 100"),
        ("any_of(rouse, pain)", "has one answer"),
        ("3 > 2", "a fact is missing"),
        ("age > 0x10", "is not a whole number"),
        ("age > 1_000", "is not a whole number"),
        ("age > 10**9", "is not part of the language"),
        ("confused if age > 3 else confused", "none of them"),
        ("__import__(os)", "not a function of the language"),
        ("confused.real", "is not part of the language"),
        ("'no' == head_knock", "is not part of the language"),
        ("(lambda)", "cannot be read"),
        ("confused and", "cannot be read"),
        ("", "empty"),
        ("a\0b", "is not part of the language"),
        ("\ud800", "is not part of the language"),
        ("ｃonfused", "is not part of the language"),
        ("(" * 1_000_000, "at most 2000"),
        ("(" * 900 + ")" * 900, "Brackets stand more than 16 deep"),
        ("not " * 400 + "confused", "more than 16 deep"),
        ("age" + " + 1" * 400 + " > 3", "more than 16 deep"),
        ("known" * 400, "is not a question"),
    ],
)
def test_what_is_not_a_condition_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConditionRefused) as refused:
        condition(text)

    assert sentence in str(refused.value)
    assert str(refused.value).isprintable()


def test_every_fault_of_a_condition_is_named() -> None:
    with pytest.raises(ConditionRefused) as refused:
        condition("rouse == pan or confuse or head_knock > knock_blue")

    assert len(refused.value.faults) == 3


@settings(max_examples=depth(150, 5_000), deadline=None)
@given(st.text(max_size=60) | st.text("()<>=!, andortisk_123knownrouse", max_size=80))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    try:
        assert isinstance(condition(text), Condition)
    except ConditionRefused as refused:
        assert refused.faults


def test_definitions_in_a_circle_are_refused() -> None:
    circle = {
        **BOOK.definitions,
        "one": Definition("one", Condition("two", Defined("two")), ""),
        "two": Definition("two", Condition("one", Defined("one")), ""),
    }

    with pytest.raises(CannotCompile, match="circle"):
        _ = replace(BOOK, definitions=circle).program


def test_a_name_that_is_no_plain_word_is_never_compiled() -> None:
    evil = "x): import os #"
    definitions = {**BOOK.definitions, evil: Definition(evil, condition("confused"), "")}

    with pytest.raises(CannotCompile, match="not usable"):
        _ = replace(BOOK, definitions=definitions).program


def test_generated_code_reaches_nothing_but_the_facts() -> None:
    program = BOOK.program

    for function in (program.first, program.modifiers, program.routes):
        assert function.__globals__["__builtins__"] == {}  # type: ignore[attr-defined]
        assert set(function.__code__.co_names) <= {"append"}  # type: ignore[attr-defined]


# Held against the reference --------------------------------------------------------------------


def _compare(texts: list[str], details: object) -> None:
    book = with_rules(*(rule(text, f"rule-{n}") for n, text in enumerate(texts)))
    reading = book.program.read(details, book.law)  # type: ignore[arg-type]
    found = dict(book.program.first(reading.values))
    reference = Reference(book, details)  # type: ignore[arg-type]
    walk = Walk.over(book.program, reading)
    for place, each in enumerate(book.rules):
        expected = reference.holds(each.when.text)
        compiled = (True if found[place] else None) if place in found else False
        assert (compiled, walk.verdict(each.when.tree)) == (expected, expected), each.when.text


@settings(max_examples=depth(150, 5_000), deadline=None)
@given(st.lists(conditions(BOOK), min_size=1, max_size=5), people(BOOK))
def test_compiled_rules_agree_with_the_slow_reference(texts: list[str], details: object) -> None:
    _compare(texts, details)


def test_a_compiler_whose_not_keeps_the_rail_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def keeps(self: Emitter, part: Tree) -> tuple[str, str]:
        may, must = self.rails(part)
        return f"not ({may})", f"not ({must})"

    monkeypatch.setattr(Emitter, "negated", keeps)

    with pytest.raises(AssertionError):
        _compare(["not confused"], person(confused="refused"))


def test_a_compiler_that_reads_unknown_as_no_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Emitter.rails
    monkeypatch.setattr(Emitter, "rails", lambda self, tree: (whole(self, tree)[1],) * 2)

    with pytest.raises(AssertionError):
        _compare(["head_knock == knock_red"], person(head_knock="refused"))


def test_the_score_of_an_instrument_may_be_known_only_between_bounds() -> None:
    tree = read_score("score(phq9) >= 10")
    book = with_rules(replace(rule("confused"), when=Condition("score(phq9) >= 10", tree)))

    def holds(scores: dict[str, tuple[int, int]]) -> bool | None:
        reading = book.program.read(person(scores=scores), book.law)
        found = book.program.first(reading.values)
        return (True if found[0][1] else None) if found and found[0][0] == 0 else False

    assert [holds({"phq9": bounds}) for bounds in [(3, 9), (9, 15), (12, 15)]] == [
        False,
        None,
        True,
    ]
    assert holds({}) is False


def read_score(text: str) -> Compare:
    tree = read(text, Vocabulary({}, instruments=("phq9",))).tree
    assert isinstance(tree, Compare)
    return tree
