"""``screen in``: what it reads, what it refuses, and that nothing else can ever come of it."""

import copy
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.command import CONTRACT
from tests.depth import depth
from triage import rules_files
from triage.domain.answers import (
    NOT_ASKED,
    Answer,
    Closing,
    Details,
    EarlierScreen,
    Marker,
    Person,
    RecordFacts,
    Status,
)
from triage.domain.errors import InputError, Problem
from triage.domain.screening import screen
from triage.schemas import documents
from triage.schemas.answers import NO_ANSWER
from triage.schemas.screen import (
    FORCE,
    NATIONS,
    OFFENCES,
    PLACES,
    PROPERTY,
    STAGES,
    details_of,
)

RULEBOOK = rules_files.load(rules_files.rules_dir(), draft=True)
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LEAST = {"nation": "england", "person": {}, "stage": "arrest", "offence": "none"}


def read(**parts: Any) -> Details:
    return details_of(LEAST | parts, RULEBOOK, now=NOW)


def refused(**parts: Any) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as refusal:
        read(**parts)
    return refusal.value.problems


# What it reads ---------------------------------------------------------------------------------


def test_what_is_absent_is_unknown():
    assert read() == Details(
        at=NOW, nation="england", person=Person(), stage="arrest", offence="none"
    )


def test_every_part_of_the_contract_is_read():
    got = read(
        record_number="TRAINING/CS/0001/26",
        at={"london": "2026-10-25T01:30", "fold": "second"},
        person={
            "date_of_birth": "2008-02-29", "age_source": "document", "age_on_document": 18,
            "sex": "female", "ethnicity_self": "A1", "ethnicity_officer": "4",
            "postcode_district": "LS2",
        },
        domestic=True,
        place="police_station",
        admits=False,
        evidence_stage="ready",
        arrests_12m=3,
        answers={
            "conditions": ["fits", "diabetes"],
            "medicine": {
                "value": "due", "asked_at": "2026-10-25T01:00:00Z", "by": "Sgt Training",
                "needed_by": "2026-10-25T08:00:00+01:00", "words": "insulin at eight",
            },
            "self_harm_now": "refused",
            "what_helps": "one question at a time",
            "medicine_critical": {"value": "unable"},
        },
        observations={"confused": True, "speaks": False, "rouse": "voice", "slurred": "unknown"},
        record={
            "checked": True,
            "markers": [
                {"kind": "suicidal", "origin": "pnc", "on": "2020-01-02", "words": "note found",
                 "closed": {"on": "2021-01-01", "by_role": "custody_hcp", "reason": "resolved"}},
                {"kind": "alcohol", "origin": "family"},
            ],
            "property": ["medicine", "medicine"], "force_used": [], "hospital_today": True,
            "breath_ug": 151, "drug_test": "positive", "managed_by": ["iom"],
            "appropriate_adult_before": False, "open_flags_before": ["housing"],
            "earlier_screens": [{"at": "2026-01-01T00:00:00Z", "status": "complete",
                                 "needs": ["housing"], "outcome": "declined"}],
            "instruction_open": "not_fit", "instruction_given_at": "2026-10-24T23:00:00Z",
        },
    )  # fmt: skip

    assert got == Details(
        record_number="TRAINING/CS/0001/26",
        at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        nation="england",
        person=Person(
            date_of_birth=date(2008, 2, 29),
            age_source="document",
            age_on_document=18,
            sex="female",
            ethnicity_self="A1",
            ethnicity_officer="4",
            postcode_district="LS2",
        ),
        stage="arrest",
        offence="none",
        domestic=True,
        place="police_station",
        admits=False,
        evidence_ready=True,
        arrests_12m=3,
        answers={
            "conditions": Answer(Status.ANSWERED, ("diabetes", "fits")),
            "medicine": Answer(
                Status.ANSWERED,
                "due",
                asked_at=datetime(2026, 10, 25, 1, tzinfo=UTC),
                by="Sgt Training",
                needed_by=datetime(2026, 10, 25, 7, tzinfo=UTC),
                words="insulin at eight",
            ),
            "self_harm_now": Answer(Status.REFUSED),
            "what_helps": Answer(Status.ANSWERED, "one question at a time"),
            "medicine_critical": Answer(Status.UNABLE),
        },
        observations={
            "confused": Answer(Status.ANSWERED, "yes"),
            "speaks": Answer(Status.ANSWERED, "no"),
            "rouse": Answer(Status.ANSWERED, "voice"),
            "slurred": NOT_ASKED,
        },
        record=RecordFacts(
            checked=True,
            markers=(
                Marker(
                    "suicidal",
                    "pnc",
                    date(2020, 1, 2),
                    Closing(date(2021, 1, 1), "custody_hcp", "resolved"),
                    "note found",
                ),
                Marker("alcohol", "family"),
            ),
            property=("medicine",),
            force_used=(),
            hospital_today=True,
            breath_ug=151,
            drug_test="positive",
            managed_by=("iom",),
            appropriate_adult_before=False,
            open_flags_before=("housing",),
            earlier_screens=(
                EarlierScreen(
                    datetime(2026, 1, 1, tzinfo=UTC), "complete", ("housing",), "declined"
                ),
            ),
            instruction_open="not_fit",
            instruction_given_at=datetime(2026, 10, 24, 23, tzinfo=UTC),
        ),
    )


def test_everything_else_no_fills_what_is_absent_and_nothing_else():
    got = read(
        everything_else="no",
        answers={"head_knock": "refused", "self_harm_now": "not_asked"},
        observations={"rouse": "unknown"},
    )

    assert set(got.answers) == set(RULEBOOK.questions)
    assert set(got.observations) == set(RULEBOOK.observations)
    assert got.record.checked is True
    assert got.answers["head_knock"] == Answer(Status.REFUSED)
    assert got.answers["self_harm_now"] == NOT_ASKED
    assert got.observations["rouse"] == NOT_ASKED
    assert all(
        answer == Answer(Status.ANSWERED, RULEBOOK.questions[name].nothing)
        for name, answer in got.answers.items()
        if name not in ("head_knock", "self_harm_now")
    )


def test_without_everything_else_nothing_is_filled():
    """The twin: if absent answers were filled unasked, this would fail."""
    got = read(everything_else="not_asked", answers={"head_knock": "no"})

    assert dict(got.answers) == {"head_knock": Answer(Status.ANSWERED, "no")}
    assert (dict(got.observations), got.record.checked) == ({}, False)


@pytest.mark.parametrize("reason", NO_ANSWER)
@pytest.mark.parametrize("question", RULEBOOK.questions.values(), ids=lambda q: q.id)
def test_every_question_takes_a_reason_for_no_answer(question, reason):
    short = read(answers={question.id: reason}).answers[question.id]
    long = read(answers={question.id: {"value": reason, "by": "X"}}).answers[question.id]

    assert short == Answer(Status(reason))
    assert long == Answer(Status(reason), by="X")


def test_the_given_moment_wins_then_the_document_then_now():
    document = LEAST | {"at": "2026-01-01T00:00:00Z"}
    other = datetime(2026, 2, 2, tzinfo=UTC)

    assert details_of(document, RULEBOOK, now=NOW, at=other).at == other
    assert details_of(document, RULEBOOK, now=NOW).at == datetime(2026, 1, 1, tzinfo=UTC)
    assert details_of(LEAST, RULEBOOK, now=NOW).at == NOW


def test_an_age_that_agrees_with_the_birth_is_taken_on_the_london_day():
    born = {"age": 18, "date_of_birth": "2008-10-25"}

    got = read(person=born, at="2026-10-24T23:00:00Z")  # 00:00 BST on the 25th

    assert got.person == Person(age=18, date_of_birth=date(2008, 10, 25))
    assert refused(person=born, at="2026-10-24T22:59:59Z")[0].field == "person.age"


def test_the_fixed_lists_are_those_of_the_rulebook():
    lists = {"nation": NATIONS, "stage": STAGES, "offence": OFFENCES, "place": PLACES}
    lists |= {"property": PROPERTY, "force_used": FORCE}

    for fact, words in lists.items():
        assert set(words) == {option for option, _ in RULEBOOK.facts[fact].options}


# What it refuses -------------------------------------------------------------------------------


def test_an_unknown_key_is_refused_with_the_nearest_and_with_what_is_allowed():
    [problem] = refused(offense="theft")
    [inner] = refused(record={"checkd": True})
    [answer] = refused(answers={"head_knok": "no"})
    [detail] = refused(answers={"head_knock": {"value": "no", "askd_at": "x"}})

    assert problem.problem == "is not a field here; did you mean offence?"
    assert "offence" in problem.allowed
    assert (inner.field, inner.problem) == (
        "record.checkd", "is not a field here; did you mean checked?",
    )  # fmt: skip
    assert (answer.field, answer.allowed) == ("answers.head_knok", tuple(RULEBOOK.questions))
    assert detail.problem == "is not a field here; did you mean asked_at?"


def test_what_is_missing_is_named():
    with pytest.raises(InputError) as refusal:
        details_of({}, RULEBOOK, now=NOW)

    assert {(each.field, each.problem) for each in refusal.value.problems} == {
        (name, "is missing") for name in ("nation", "person", "stage", "offence")
    }


@pytest.mark.parametrize(
    ("part", "field", "words"),
    [
        ({"person": {"age": -1}}, "person.age", "from 0 to 129"),
        ({"person": {"age": 24, "date_of_birth": "1990-01-01"}}, "person.age", "disagree"),
        ({"person": {"date_of_birth": "2027-01-01"}}, "person.date_of_birth", "not a birth"),
        ({"person": {"postcode_district": "LS2 9JT"}}, "person.postcode_district", "2 to 4"),
        ({"answers": {"conditions": "fits"}}, "answers.conditions", "[] for none of these"),
        ({"answers": {"conditions": ["gout"]}}, "answers.conditions[0]", "not one of"),
        ({"answers": {"what_helps": 3}}, "answers.what_helps", "must be text"),
        ({"answers": {"head_knock": {"by": "X"}}}, "answers.head_knock.value", "is missing"),
        ({"observations": {"injury": True}}, "observations.injury", "not one of"),
        ({"observations": {"confused": "refused"}}, "observations.confused", "not one of"),
        ({"record": {"breath_ug": -1}}, "record.breath_ug", "from 0"),
        ({"evidence_stage": "no"}, "evidence_stage", "not one of"),
        ({"everything_else": "yes"}, "everything_else", "not one of"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(part, field, words):
    [problem] = refused(**part)

    assert problem.field == field
    assert words in problem.problem


# Anything at all -------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [*NO_ANSWER, "unknown", "no", "yes", "none", "no\x00", "\ud800", "", "england", "2026-01-01"]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
FULL = json.loads((CONTRACT / "screen-denise.json").read_text())
FULL["answers"]["medicine"] = {"value": "due", "asked_at": FULL["at"], "by": "X", "words": "y"}
FULL["record"]["markers"].append({"kind": "mental", "origin": "log", "closed": {
    "on": "2026-01-01", "by_role": "custody_hcp", "reason": "checked"}})  # fmt: skip
FULL["record"]["earlier_screens"] = [{"at": FULL["at"], "status": "complete", "needs": ["women"]}]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, item in inner:
            below = (*path, key)
            found += places(item, below) if isinstance(item, dict | list) else [below]
    return found


def with_another(path: tuple[Any, ...], value: Any, key: str | None) -> Any:
    """Denise's screening with something else at one place, and perhaps under another key."""
    document = copy.deepcopy(FULL)
    inner: Any = document
    for name in path[:-1]:
        inner = inner[name]
    if key is not None and isinstance(inner, dict):
        inner[key] = inner.pop(path[-1])
    else:
        inner[path[-1]] = value
    return document


@settings(
    max_examples=depth(400, 20_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.sampled_from(places(FULL)), ANYTHING, st.none() | st.text(max_size=12))
@example(("at",), {"london": "2026-10-25T01:30", "fold": {}}, None)
@example(("person", "age"), 10**400, None)
@example(("answers", "drugs_month"), [[]], None)
def test_anything_at_any_place_is_read_or_refused(path, value, key):
    try:
        details = details_of(with_another(path, value, key), RULEBOOK, now=NOW)
    except InputError as refusal:
        assert refusal.problems
        assert all(problem.problem for problem in refusal.problems)
        return
    assert isinstance(details, Details)
    screen(RULEBOOK, details)  # whatever is read can be screened


@settings(max_examples=depth(200, 20_000), deadline=None)
@given(ANYTHING)
def test_anything_at_all_is_read_or_refused(value):
    try:
        assert isinstance(details_of(value, RULEBOOK, now=NOW), Details)
    except InputError as refusal:
        assert refusal.problems


@settings(max_examples=depth(400, 50_000), deadline=None)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | ANYTHING.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(["", "a.json", "a.toml"]),
)
def test_any_bytes_are_an_object_or_refused(data, name):
    try:
        assert isinstance(documents.parse(data, name=name), dict)
    except InputError as refusal:
        assert refusal.problems
