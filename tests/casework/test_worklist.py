"""The nurse's list: few lines, the worst first, nothing twice, and nothing forgotten."""

from tests.casework.conftest import (
    NAIR,
    NOW,
    OKAFOR,
    answered,
    everything_no,
    keys,
    minutes,
    opened,
)
from triage import casework
from triage.casework import after
from triage.record import rebuild
from triage.record.events import EventKind


def screened(service, stay, *, at=NOW, actor=OKAFOR, offence="theft", **answers):
    given = {name: answered(value) for name, value in answers.items()}
    details = everything_no(at, offence=offence, answers=given)
    return casework.record_screening(service, stay, details, actor=actor, now=at)


def hers(service, stay):
    """The urgent alerts of a person that are open and meant for the liaison nurse."""
    return [
        alert
        for alert in keys(service, stay).values()
        if alert.is_open and alert.level == "A2" and NAIR.role in alert.to_roles
    ]


# One live alert for each person and need (R-N2)


def found_fifty_times(service, stay):
    for number in range(50):
        screened(service, stay, at=NOW + minutes(number), hurt_by_someone="now")


def test_a_rule_that_holds_fifty_times_is_one_alert_with_a_count(service):
    stay = opened(service)

    found_fifty_times(service, stay)

    assert [(alert.level, alert.count) for alert in hers(service, stay)] == [("A2", 50)]
    [line] = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(60)).lines
    assert line.alerts[0].count == 50
    assert line.alerts[0].found_again_at == NOW + minutes(49)


def test_without_the_count_the_same_fifty_are_told_as_one(service, monkeypatch):
    monkeypatch.setattr(after, "_count", lambda *given, **more: None)
    stay = opened(service)

    found_fifty_times(service, stay)

    assert [alert.count for alert in hers(service, stay)] == [1]


def test_the_count_is_recorded_in_the_transaction_of_the_screening(service):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")
    saved = screened(service, stay, at=NOW + minutes(5), hurt_by_someone="now")

    counted = service.record.reading().events_of_kinds(stay, EventKind.ALERT_COUNTED)

    assert {each.header["by_event"] for each in counted} == {saved.seq}
    assert {each.recorded_at for each in counted} == {NOW + minutes(5)}


def test_a_new_need_is_a_new_line_because_nobody_has_taken_that(service):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")
    screened(service, stay, at=NOW + minutes(5), hurt_by_someone="now", self_harm_now="thoughts")

    found = {(alert.level, alert.need, alert.count) for alert in hers(service, stay)}

    assert ("A2", "domestic_abuse", 2) in found
    assert any("suicide_self_harm" in need for _, need, _ in found)


def test_who_has_it_keeps_it_when_it_is_found_again(service):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")
    [alert] = hers(service, stay)
    kind = casework.AckKind.CLINICAL
    casework.acknowledge(service, alert.key, kind=kind, actor=NAIR, now=NOW + minutes(2))

    screened(service, stay, at=NOW + minutes(5), hurt_by_someone="now")

    [again] = hers(service, stay)
    assert (again.count, again.state, again.clinical_ack_at) == (
        2, "acknowledged", NOW + minutes(2),
    )  # fmt: skip


def test_a_version_that_is_withdrawn_is_not_counted_any_more(service):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")
    wrong = screened(service, stay, at=NOW + minutes(5), hurt_by_someone="now")
    casework.correct(
        service, wrong.seq, casework.Correction("another person", withdrawn=True),
        actor=OKAFOR, now=NOW + minutes(6),
    )  # fmt: skip

    assert [alert.count for alert in hers(service, stay)] == [1]


def test_an_emergency_in_a_draft_and_in_its_screening_is_one_finding(service):
    stay = opened(service)
    details = everything_no(NOW, answers={"swallowed_or_hidden": answered("yes")})
    casework.save_draft(service, stay, {}, details=details, actor=OKAFOR, now=NOW)
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW + minutes(3))

    emergencies = [a for a in keys(service, stay).values() if a.level == "A1"]

    assert emergencies
    assert {alert.count for alert in emergencies} == {1}


def test_counted_alerts_come_back_the_same_when_the_record_is_folded_again(service):
    stay = opened(service)
    for number in range(3):
        screened(service, stay, at=NOW + minutes(number), hurt_by_someone="now")
    before = keys(service, stay)
    service.record.close()

    again = rebuild(service.record.path)

    assert again.same
    assert keys(service, stay) == before
