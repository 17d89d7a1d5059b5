"""Invented people and invented conditions, drawn by Hypothesis. None of them is anybody."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from triage.domain.answers import (
    Answer,
    Closing,
    Details,
    Marker,
    Person,
    RecordFacts,
    Status,
)
from triage.domain.facts import MARKER_KINDS
from triage.domain.needs import FLAGS, NEEDS
from triage.domain.rulebook import Rulebook
from triage.domain.specs import FactKind, Spec, options_of

AT = datetime(2026, 10, 24, 19, 50, tzinfo=UTC)
NO_ANSWER = [Status.REFUSED, Status.UNABLE, Status.NOT_ASKED]
ORIGINS = ["pnc", "officer", "family", "log", "property", "health", "earlier_screening"]


def answer_to(spec: Spec) -> st.SearchStrategy[Answer]:
    """Any answer to a question, or none, for any reason."""
    options = list(options_of(spec))
    if spec.kind is FactKind.MANY:
        value: Any = st.lists(st.sampled_from(options), unique=True).map(tuple)
    elif spec.kind is FactKind.TEXT:
        value = st.just("words")
    elif spec.kind is FactKind.YES_NO:
        value = st.sampled_from(["yes", "no", True, False])
    else:
        value = st.sampled_from(options)
    answered = value.map(lambda chosen: Answer(Status.ANSWERED, chosen))
    return st.one_of(answered, st.sampled_from(NO_ANSWER).map(Answer))


def markers() -> st.SearchStrategy[Marker]:
    """Any marker, dated or not, closed or not."""
    days = st.dates(date(2010, 1, 1), date(2026, 10, 24))
    closings = days.map(lambda day: Closing(day, "custody_sergeant", "Checked (training)."))
    return st.builds(
        Marker,
        kind=st.sampled_from(MARKER_KINDS),
        origin=st.sampled_from(ORIGINS),
        on=st.none() | days,
        closed=st.none() | st.none() | closings,
    )


def some(options: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...] | None]:
    """Nothing known, or any of the options."""
    if not options:
        return st.none()
    return st.none() | st.lists(st.sampled_from(options), unique=True).map(tuple)


@st.composite
def people(draw: st.DrawFn, rulebook: Rulebook) -> Details:
    """Any person whom this rulebook can screen, with any part of the facts unknown."""

    def of(fact: str) -> tuple[str, ...]:
        return options_of(rulebook.facts[fact]) if fact in rulebook.facts else ()

    def one_of(fact: str) -> Any:
        return draw(st.none() | st.sampled_from(of(fact))) if of(fact) else None

    maybe = st.none() | st.booleans()
    record = RecordFacts(
        checked=draw(st.booleans()),
        markers=tuple(draw(st.lists(markers(), max_size=3))),
        property=draw(some(of("property"))),
        force_used=draw(some(of("force_used"))),
        hospital_today=draw(maybe),
        breath_ug=draw(st.none() | st.integers(0, 300)),
        drug_test=one_of("drug_test"),
        managed_by=draw(some(of("managed_by"))),
        appropriate_adult_before=draw(maybe),
        open_flags_before=draw(some(of("open_flags_before"))),
        instruction_open=one_of("instruction_open"),
    )
    person = Person(
        age=draw(st.none() | st.integers(8, 90)),
        date_of_birth=draw(st.none() | st.dates(date(1940, 1, 1), date(2015, 12, 31))),
        age_source=draw(st.sampled_from(["stated", "document", "appears", "unknown"])),
        age_on_document=draw(st.none() | st.integers(10, 40)),
        sex=draw(st.sampled_from(["female", "male", "other", "unknown"])),
    )
    chance = st.booleans()
    answers = {q.id: draw(answer_to(q)) for q in rulebook.questions.values() if draw(chance)}
    seen = {o.id: draw(answer_to(o)) for o in rulebook.observations.values() if draw(chance)}
    return Details(
        at=AT + timedelta(minutes=draw(st.integers(0, 600_000))),
        nation=draw(st.sampled_from(["england", "wales"])),
        person=person,
        stage=draw(st.sampled_from(of("stage") or ("arrest",))),
        offence=draw(st.sampled_from(of("offence") or ("theft",))),
        arrests_12m=draw(st.none() | st.integers(0, 12)),
        domestic=draw(maybe),
        place=one_of("place"),
        interpreter_present=draw(maybe),
        appropriate_adult_present=draw(maybe),
        admits=draw(maybe),
        evidence_ready=draw(st.booleans()),
        answers=answers,
        observations=seen,
        record=record,
    )


def conditions(rulebook: Rulebook, *, levels: bool = False) -> st.SearchStrategy[str]:
    """The text of any condition over the names of a rulebook."""
    specs: list[Spec] = [
        *rulebook.questions.values(),
        *rulebook.observations.values(),
        *rulebook.facts.values(),
    ]
    leaves = [leaf for spec in specs for leaf in _leaves(spec)]
    leaves.append(st.sampled_from([*rulebook.definitions, "always", "never"]))
    kinds = st.lists(st.sampled_from(MARKER_KINDS), min_size=1, max_size=3).map(", ".join)
    leaves.append(kinds.map("marked({})".format))
    leaves.append(kinds.map("reported({})".format))
    leaves.append(
        st.tuples(kinds, st.integers(1, 9)).map(lambda t: "marked({}, years={})".format(*t))
    )
    if levels:
        words = st.sampled_from(["routine", "soon", "urgent", "emergency"])
        each = st.tuples(st.sampled_from(NEEDS), operators(), words)
        leaves.append(each.map(lambda t: "need({}) {} {}".format(*t)))
        each = st.tuples(st.sampled_from(FLAGS), operators(), words)
        leaves.append(each.map(lambda t: "flag({}) {} {}".format(*t)))
        leaves.append(words.map("any_need({})".format))
        leaves.append(
            st.tuples(words, st.integers(0, 4)).map(lambda t: "any_need({}) >= {}".format(*t))
        )
    return st.recursive(
        st.one_of(leaves),
        lambda part: st.one_of(
            part.map("not ({})".format),
            st.lists(part, min_size=2, max_size=3).map(lambda p: f"({' and '.join(p)})"),
            st.lists(part, min_size=2, max_size=3).map(lambda p: f"({' or '.join(p)})"),
        ),
        max_leaves=6,
    )


def operators() -> st.SearchStrategy[str]:
    """Any comparison of numbers."""
    return st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def _leaves(spec: Spec) -> list[st.SearchStrategy[str]]:
    name, options = spec.id, list(options_of(spec))
    found = [st.sampled_from([f"known({name})", f"unknown({name})"])]
    if spec.kind is FactKind.NUMBER:
        compared = st.tuples(operators(), st.integers(0, 200))
        found.append(compared.map(lambda t: f"{name} {t[0]} {t[1]}"))
        found.append(compared.map(lambda t: f"{name} + 2 {t[0]} {t[1]}"))
        return found
    if not options:
        return found
    several = st.lists(st.sampled_from(options), min_size=1, unique=True).map(", ".join)
    if spec.kind is FactKind.MANY:
        found.append(several.map(lambda chosen: f"any_of({name}, {chosen})"))
        found.append(several.map(lambda chosen: f"only({name}, {chosen})"))
        found.append(
            st.tuples(operators(), st.integers(0, 4)).map(lambda t: f"count({name}) {t[0]} {t[1]}")
        )
        found.append(several.map(lambda chosen: f"{name} not in ({chosen})"))
        return found
    found.append(several.map(lambda chosen: f"{name} in ({chosen})"))
    found.append(st.sampled_from(options).map(lambda option: f"{name} != {option}"))
    if set(options) == {"yes", "no"}:
        found.append(st.just(name))
    if getattr(spec, "ordered", False):
        found.append(st.sampled_from(options).map(lambda option: f"{name} >= {option}"))
        found.append(st.sampled_from(options).map(lambda option: f"{name} <= {option}"))
    return found
