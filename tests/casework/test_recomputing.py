"""An old decision, run again under the rules that it was made with."""

from dataclasses import replace

from tests.casework.conftest import NOW, OKAFOR, REFUSED, everything_no, opened
from triage import casework
from triage.record import EventKind


def saved_event(service):
    stay = opened(service)
    details = everything_no(answers={"self_harm_now": REFUSED}, offence="sexual")
    seq = casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW).seq
    return service.record.reading().event(seq)


def test_the_same_rules_give_the_same_findings(service):
    assert casework.recompute(service)(saved_event(service)) is None


def test_after_the_rules_have_changed_the_kept_ones_are_used(service):
    casework.adopt(service, actor=OKAFOR, now=NOW)
    event = saved_event(service)
    changed = replace(service, rulebook=replace(service.rulebook, fingerprint="f" * 16, rules=()))

    assert casework.recompute(changed)(event) is None


def test_rules_that_were_never_kept_are_named_as_a_difference(service):
    event = saved_event(service)
    changed = replace(service, rulebook=replace(service.rulebook, fingerprint="f" * 16))

    assert "not kept here" in casework.recompute(changed)(event)


def test_a_decision_that_was_edited_behind_our_back_is_a_difference(service):
    event = saved_event(service)
    police = dict(event.payloads["police"])
    police["findings"] = {**police["findings"], "needs": []}
    edited = replace(event, payloads={**event.payloads, "police": police})

    explained = casework.recompute(service)(edited)

    assert "need suicide_self_harm by rule self-harm-unanswered: not there then" in explained
    assert "refused" not in explained


def test_only_screenings_are_run_again(service):
    stay = opened(service)
    events = service.record.reading().stay_events(stay)

    assert all(e.kind is not EventKind.SCREENING_SAVED for e in events)
    assert [casework.recompute(service)(event) for event in events] == [None] * len(events)


def test_a_rulebook_is_adopted_once(service):
    assert casework.adopt(service, actor=OKAFOR, now=NOW) is True
    assert casework.adopt(service, actor=OKAFOR, now=NOW) is False
    assert len(service.record.reading().rare_events(EventKind.RULEBOOK_ADOPTED)) == 1
