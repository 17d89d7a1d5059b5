"""Promises that hold for everybody: unknown never lowers, and a fact never lowers."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.invented import NO_ANSWER, markers, people
from tests.reference import Reference
from tests.rulebooks import person, real, rule, small, with_rules
from triage.domain.answers import Answer, Details, Status
from triage.domain.findings import Findings, ScreenStatus
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.domain.specs import options_of

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
BOOKS = [small, real]


def levels(findings: Findings) -> dict[str, int]:
    """The urgency of each need and flag, without what an answer against the record adds.

    Two things said can differ only while both are there: somebody who no longer answers is no
    longer in conflict with the record, and the need that the record raises stays.
    """
    found = {need.need: need.reasons for need in findings.needs}
    found |= {flag.flag: flag.reasons for flag in findings.flags}
    standing = {
        name: [reason.urgency for reason in reasons if not reason.rule.startswith("conflict-")]
        for name, reasons in found.items()
    }
    return {name: int(max(urgencies)) for name, urgencies in standing.items() if urgencies}


def lowered(before: Findings, after: Findings) -> dict[str, tuple[int, int]]:
    """What stands lower after than before."""
    then, now = levels(before), levels(after)
    return {
        name: (level, now.get(name, 0)) for name, level in then.items() if now.get(name, 0) < level
    }


def silenced(draw: st.DataObject, book: Rulebook, details: Details) -> Details:
    """The same person, but some harmless answers were refused, impossible or never asked for."""
    answers, seen = dict(details.answers), dict(details.observations)
    for given_answers, specs in ((answers, book.questions), (seen, book.observations)):
        harmless = [
            name
            for name, answer in given_answers.items()
            if answer.status is Status.ANSWERED and answer.value == specs[name].nothing
        ]
        for name in draw.draw(st.lists(st.sampled_from(harmless), unique=True)) if harmless else ():
            given_answers[name] = Answer(draw.draw(st.sampled_from(NO_ANSWER)))
    return replace(details, answers=answers, observations=seen)


@pytest.mark.parametrize("book", BOOKS)
@settings(max_examples=depth(25, 1_500), deadline=None, suppress_health_check=RELAXED)
@given(data=st.data())
def test_unknown_instead_of_harmless_never_lowers(book: object, data: st.DataObject) -> None:
    rulebook: Rulebook = book()  # type: ignore[operator]
    details = data.draw(people(rulebook) | st.just(person(rulebook)))

    less_known = silenced(data, rulebook, details)

    assert lowered(screen(rulebook, details), screen(rulebook, less_known)) == {}


@pytest.mark.parametrize("book", BOOKS)
@settings(max_examples=depth(25, 1_500), deadline=None, suppress_health_check=RELAXED)
@given(data=st.data())
def test_one_more_marker_or_thing_found_never_lowers(book: object, data: st.DataObject) -> None:
    rulebook: Rulebook = book()  # type: ignore[operator]
    details = data.draw(people(rulebook))
    record = details.record
    more = data.draw(markers())
    found = data.draw(st.sampled_from(options_of(rulebook.facts["property"])))
    after = replace(
        details,
        record=replace(
            record,
            markers=(*record.markers, replace(more, closed=None)),
            property=None if record.property is None else tuple({*record.property, found}),
        ),
    )

    assert lowered(screen(rulebook, details), screen(rulebook, after)) == {}


def test_a_rule_that_reads_unknown_as_a_reason_not_to_act_is_found_out() -> None:
    bad = with_rules(rule("known(head_knock)"))
    before, after = screen(bad, person()), screen(bad, person(head_knock="refused"))

    assert lowered(before, after) == {"drugs": (3, 0)}


@pytest.mark.parametrize("book", BOOKS)
@settings(max_examples=depth(25, 1_500), deadline=None, suppress_health_check=RELAXED)
@given(data=st.data())
def test_every_rule_agrees_with_the_slow_reference(book: object, data: st.DataObject) -> None:
    rulebook: Rulebook = book()  # type: ignore[operator]
    details = data.draw(people(rulebook))
    reading = rulebook.program.read(details, rulebook.law)
    holding = dict(rulebook.program.first(reading.values))
    reference = Reference(rulebook, details)

    for place, each in enumerate(rulebook.rules):
        expected = reference.holds(each.when.text)
        closed = each.closed_by is not None and reference.holds(each.closed_by.text) is True
        switched = each.law is not None and not rulebook.law.holds(each.law, reading.day)
        switched |= each.until_law is not None and rulebook.law.holds(each.until_law, reading.day)
        if closed or switched:
            expected = False
        found = (True if holding[place] else None) if place in holding else False
        assert found is expected, each.id


@pytest.mark.parametrize("book", BOOKS)
@settings(max_examples=depth(25, 1_000), deadline=None, suppress_health_check=RELAXED)
@given(data=st.data())
def test_findings_keep_their_promises(book: object, data: st.DataObject) -> None:
    rulebook: Rulebook = book()  # type: ignore[operator]
    details = data.draw(people(rulebook))

    findings = screen(rulebook, details)

    for found in (*findings.needs, *findings.flags):
        assert found.urgency == max(reason.urgency for reason in found.reasons)
    level = {found.need: found.urgency for found in findings.needs}
    level |= {found.flag: found.urgency for found in findings.flags}
    assert all(each.urgency > level.get(each.need, 0) for each in findings.not_excluded)
    assert all(each.missing for each in findings.not_excluded)
    assert not findings.nothing_found or findings.status is ScreenStatus.COMPLETE
    assert findings == screen(rulebook, details)
