"""Generated people, by seed: the compiled rules against a slow reading of the same text, and each
single question answered with silence instead of its harmless answer."""

from dataclasses import replace
from functools import cache

import pytest

from tests.benchmarks.people import invented
from tests.depth import depth
from tests.domain.test_screening_properties import lowered
from tests.reference import Reference
from triage import rules_files
from triage.domain.answers import Answer, Details, Status
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen

SILENCE = (Status.REFUSED, Status.UNABLE, Status.NOT_ASKED)


@cache
def rulebook() -> Rulebook:
    return rules_files.load(rules_files.rules_dir(), draft=True)


def verdicts(details: Details) -> dict[str, bool | None]:
    """What the compiled rules say: holds, does not hold, or nobody can tell."""
    program = rulebook().program
    reading = program.read(details, rulebook().law)
    holding = dict(program.first(reading.values))
    return {
        rule.id: (True if holding[place] else None) if place in holding else False
        for place, rule in enumerate(rulebook().rules)
    }


def by_the_text(details: Details) -> dict[str, bool | None]:
    """What a slow walk over the text of each rule says."""
    reference, day = Reference(rulebook(), details), details.at.date()
    said = {}
    for rule in rulebook().rules:
        holds = reference.holds(rule.when.text)
        closed = rule.closed_by is not None and reference.holds(rule.closed_by.text) is True
        off = rule.law is not None and not rulebook().law.holds(rule.law, day)
        off |= rule.until_law is not None and rulebook().law.holds(rule.until_law, day)
        said[rule.id] = False if closed or off else holds
    return said


def test_no_verdict_differs_from_a_slow_reading_of_the_text():
    for details in invented(rulebook(), depth(150, 20_000), seed=20):
        assert verdicts(details) == by_the_text(details)


@pytest.mark.parametrize("question", [*rulebook().questions, *rulebook().observations])
def test_silence_instead_of_a_harmless_answer_never_lowers_what_was_found(question: str):
    spec = rulebook().questions.get(question) or rulebook().observations[question]
    asked = question in rulebook().questions
    for place, details in enumerate(invented(rulebook(), depth(3, 100), seed=29)):
        given = dict(details.answers if asked else details.observations)
        given[question] = Answer(Status.ANSWERED, spec.nothing)
        silent = {**given, question: Answer(SILENCE[place % 3])}
        kind = "answers" if asked else "observations"
        before, after = replace(details, **{kind: given}), replace(details, **{kind: silent})

        assert lowered(screen(rulebook(), before), screen(rulebook(), after)) == {}
