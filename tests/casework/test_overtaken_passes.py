"""Whoever took the time first and wrote last plans no less than what stands by then."""

from tests.casework.conftest import NOW, OKAFOR, minutes, opened
from triage import casework
from triage.casework import passes


def planned(service, stay):
    return {a.key for a in service.record.reading().alerts_of(stay) if a.state == "planned"}


def test_a_pass_that_began_before_a_visit_does_not_unplan_the_next_one(service):
    """The pass reads the clock, waits its turn behind the desk, and only then looks at the stay."""
    stay = opened(service)
    before = planned(service, stay)
    visit = casework.Visit(NOW + minutes(20))
    casework.record_visit(service, stay, visit, actor=OKAFOR, now=NOW + minutes(20))
    after = planned(service, stay)

    passes.tick(service, now=NOW + minutes(19), send=lambda *_, **__: None)

    assert after - before  # the visit did plan the next one
    assert planned(service, stay) == after
