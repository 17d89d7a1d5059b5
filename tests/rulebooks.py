"""The small rulebook of the engine's tests, the real one, and people for both."""

import os
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.invented import AT
from triage.domain.answers import Answer, Details, Person, RecordFacts, Status
from triage.domain.conditions import Condition
from triage.domain.dated import Confidence
from triage.domain.findings import Urgency
from triage.domain.grammar import Vocabulary, read
from triage.domain.rulebook import Rule, Rulebook
from triage.rules_files import load, rules_dir

# The rules under test: those that ship, or a practitioner's own (rules/README.md, step 6).
RULES = Path(os.environ.get("TRIAGE_RULES") or rules_dir())
SMALL = Path(__file__).parent / "assets" / "rules"


@cache
def small() -> Rulebook:
    """The small rulebook of tests/assets/rules."""
    return load(SMALL, draft=True)


@cache
def real() -> Rulebook:
    """The rulebook that the service ships, or the one that is being tried."""
    return load(RULES, draft=True)


def vocabulary(rulebook: Rulebook, *, levels: bool = False) -> Vocabulary:
    """The names that conditions of a rulebook may use."""
    facts = {**rulebook.questions, **rulebook.observations, **rulebook.facts}
    return Vocabulary(facts, tuple(rulebook.definitions), tuple(rulebook.instruments), levels)


def condition(text: str, rulebook: Rulebook | None = None, *, levels: bool = False) -> Condition:
    """A condition over the names of a rulebook."""
    return read(text, vocabulary(rulebook or small(), levels=levels))


def rule(text: str, name: str = "rule", **changes: Any) -> Rule:
    """A rule that raises a drugs need when the text holds."""
    made = Rule(
        id=name,
        when=condition(text),
        needs=(("drugs", Urgency.URGENT),),
        flags=(),
        because="Because.",
        do=("nurse_sees",),
        tell=("liaison_nurse",),
        source="Test",
        confidence=Confidence.READ,
        checked_on=date(2026, 11, 23),
    )
    return replace(made, **changes)


def with_rules(*rules: Rule) -> Rulebook:
    """The small rulebook with only these rules, and no modifiers or conflicts."""
    return replace(small(), rules=rules, modifiers=(), conflicts=())


def said(value: Any) -> Answer:
    """An answer, or one of refused, unable, not_asked."""
    if value in ("refused", "unable", "not_asked"):
        return Answer(Status(value))
    return Answer(Status.ANSWERED, value)


def person(rulebook: Rulebook | None = None, **known: Any) -> Details:
    """Somebody invented of whom everything is known and harmless, besides what is said here."""
    rulebook = rulebook or small()
    answers = {q.id: said(q.nothing) for q in rulebook.questions.values()}
    seen = {o.id: said(o.nothing) for o in rulebook.observations.values()}
    details = Details(
        at=AT,
        nation="england",
        person=Person(age=40, age_source="document", sex="male"),
        stage="arrest",
        offence="theft",
        arrests_12m=0,
        domestic=False,
        place="police_station",
        record_number="TRAINING/0001/26",
        record=RecordFacts(checked=True),
    )
    for name, value in known.items():
        if name in answers:
            answers[name] = said(value)
        elif name in seen:
            seen[name] = said(value)
        elif hasattr(details.person, name):
            details = replace(details, person=replace(details.person, **{name: value}))
        elif hasattr(details.record, name):
            details = replace(details, record=replace(details.record, **{name: value}))
        else:
            details = replace(details, **{name: value})
    return replace(details, answers=answers, observations=seen)
