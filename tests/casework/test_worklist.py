"""The nurse's list: few lines, the worst first, nothing twice, and nothing forgotten."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.casework.conftest import (
    LEAD,
    NAIR,
    NOW,
    OKAFOR,
    REFUSED,
    answered,
    custody,
    everything_no,
    keys,
    minutes,
    opened,
    rulebook,
)
from tests.depth import depth
from triage import casework
from triage.casework import after, planning, routes, worklists
from triage.casework.codes import code_of
from triage.domain.errors import InputError, NotAllowed
from triage.present.alerts import holders
from triage.present.worklist import heading, row
from triage.record import Actor, rebuild
from triage.record.events import EventKind

BELL = Actor("bell", "Nurse Bell", "liaison_nurse")


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


TIMES = depth(10, 50)


def found_fifty_times(service, stay):
    for number in range(TIMES):
        screened(service, stay, at=NOW + minutes(number), hurt_by_someone="now")


def test_a_rule_that_holds_fifty_times_is_one_alert_with_a_count(service):
    stay = opened(service)

    found_fifty_times(service, stay)

    assert [(alert.level, alert.count) for alert in hers(service, stay)] == [("A2", TIMES)]
    [line] = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(60)).lines
    assert line.alerts[0].count == TIMES
    assert line.alerts[0].found_again_at == NOW + minutes(TIMES - 1)


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


def a_second_reason(service, stay):
    """A new rule about the need that the first screening found: a report, where she had said it."""
    screened(service, stay, self_harm_now="thoughts")
    [alert] = [each for each in hers(service, stay) if each.need == "suicide_self_harm"]
    return alert.key, lambda at: screened(
        service, stay, at=at, self_harm_now="thoughts", self_harm_ever="within_7d"
    )


def test_a_new_reason_for_a_need_that_stands_is_the_same_line_with_a_count(service):
    stay = opened(service)
    key, again = a_second_reason(service, stay)
    before = service.record.reading().alert(key)

    again(NOW + minutes(5))

    about = [each for each in hers(service, stay) if "suicide_self_harm" in (each.need or "")]
    assert [(each.key, each.count, each.state) for each in about] == [(key, 2, "raised")]
    assert about[0].words != before.words
    assert "last week" in about[0].words or "month" in about[0].words


def test_a_new_reason_is_not_lost_in_what_was_dealt_with(service):
    stay = opened(service)
    key, again = a_second_reason(service, stay)
    casework.act(service, key, "spoke with them", actor=NAIR, now=NOW + minutes(2))

    again(NOW + minutes(5))

    alert = service.record.reading().alert(key)
    assert (alert.state, alert.round, alert.count) == ("raised", 1, 2)


def test_whoever_is_on_the_way_is_not_called_again_for_a_new_reason(service):
    stay = opened(service)
    key, again = a_second_reason(service, stay)
    kind = casework.AckKind.CLINICAL
    casework.acknowledge(service, key, kind=kind, actor=NAIR, now=NOW + minutes(2))

    again(NOW + minutes(5))

    alert = service.record.reading().alert(key)
    assert (alert.state, alert.round, alert.count) == ("acknowledged", 0, 2)


def test_the_newest_reason_comes_back_when_the_record_is_folded_again(service):
    stay = opened(service)
    key, again = a_second_reason(service, stay)
    again(NOW + minutes(5))
    before = service.record.reading().alert(key)

    rebuild(service.record.path)

    assert service.record.reading().alert(key) == before


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


# Order, and why


def sixty(service):
    """Sixty people in six suites, each with something for the nurse; three are emergencies."""
    suites = [f"suite_{letter}" for letter in "abcdef"]
    urgent = {7: "swallowed_or_hidden", 31: "swallowed_or_hidden", 52: "swallowed_or_hidden"}
    for number in range(60):
        at = NOW + minutes(number)
        person = custody(number, at=at, suite=suites[number % 6])
        stay = opened(service, person)
        if number in urgent:
            screened(service, stay, at=at, **{urgent[number]: "yes"})
        elif number % 2:
            screened(service, stay, at=at, hurt_by_someone="now")
        else:
            screened(service, stay, at=at, self_harm_now="thoughts")
    return suites


def test_of_sixty_alerts_in_six_suites_the_three_most_urgent_are_the_first_three_lines(service):
    suites = sixty(service)

    listed = casework.worklist(service, suites, actor=NAIR, now=NOW + minutes(61))

    assert len(listed.lines) == 60
    assert [(line.cell, line.urgency) for line in listed.lines[:3]] == [
        ("7", "emergency"), ("31", "emergency"), ("52", "emergency"),
    ]  # fmt: skip
    assert [line.before_next for line in listed.lines[:3]] == ["longer", "longer", "more_urgent"]
    assert [line.place for line in listed.lines] == list(range(1, len(listed.lines) + 1))


def test_a_list_by_age_alone_would_hide_two_of_the_three(service, monkeypatch):
    suites = sixty(service)
    monkeypatch.setattr(worklists, "_order", lambda line: line.oldest_at)

    listed = casework.worklist(service, suites, actor=NAIR, now=NOW + minutes(61))

    assert [line.urgency for line in listed.lines[:3]] != ["emergency"] * 3


def test_an_emergency_that_only_an_officer_has_waits_for_a_clinician_first(service):
    stays = [opened(service, custody(number)) for number in (1, 2)]
    for number, stay in enumerate(stays):
        screened(service, stay, at=NOW + minutes(number), swallowed_or_hidden="yes")
    casework.take_person(service, stays[0], actor=NAIR, now=NOW + minutes(3))
    casework.take_person(service, stays[1], actor=OKAFOR, now=NOW + minutes(3))

    lines = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(4)).lines

    assert [(line.stay, line.taken, line.before_next) for line in lines] == [
        (stays[1], False, "nobody_has_it"),
        (stays[0], True, ""),
    ]


# Take, act, end


def test_all_of_one_person_is_taken_in_one_act_and_all_of_it_or_none(service):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now", self_harm_now="thoughts", drinks_daily="yes")

    saved = casework.take_person(service, stay, actor=NAIR, now=NOW + minutes(1))

    assert {a.clinical_ack_at for a in hers(service, stay)} == {NOW + minutes(1)}
    assert set(saved.keys) >= {a.key for a in hers(service, stay)}
    with pytest.raises(NotAllowed, match="Nothing of this person waits"):
        casework.take_person(service, stay, actor=NAIR, now=NOW + minutes(2))


def two_alerts(service):
    """Somebody with an emergency and something urgent for the nurse; the urgent one is named."""
    stay = opened(service)
    screened(service, stay, swallowed_or_hidden="yes", hurt_by_someone="now")
    [urgent] = hers(service, stay)
    return stay, urgent.key


def test_of_two_nurses_the_first_has_it_wherever_it_is_read_and_the_second_is_named_after(service):
    _, key = two_alerts(service)
    for nurse, at in ((NAIR, 2), (BELL, 3)):
        casework.acknowledge(
            service, key, kind=casework.AckKind.CLINICAL, actor=nurse, now=NOW + minutes(at)
        )

    [row] = casework.board(service, (), actor=OKAFOR, now=NOW + minutes(4)).rows
    [line] = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(4)).lines
    [alert] = [each for each in line.alerts if each.key == key]
    assert [holder.name for holder in row.holders] == ["Nurse Nair"]
    assert [holder.name for holder in line.holders] == ["Nurse Nair"]
    assert [(each.name, each.first) for each in alert.holders] == [
        ("Nurse Nair", True), ("Nurse Bell", False),
    ]  # fmt: skip
    assert holders(alert.holders, alert.state, now=NOW + minutes(4)) == (
        "With Nurse Nair (liaison nurse) since 20:52 BST (2 min); "
        "Nurse Bell said so too, at 20:53 BST"
    )
    for nurse in (NAIR, BELL):
        mine = casework.my_shift(service, actor=nurse, now=NOW + minutes(4)).holding
        assert [each.key for each in mine] == [key]


def test_whoever_did_something_has_it_in_hand_whoever_took_it(service):
    _, key = two_alerts(service)
    casework.acknowledge(
        service, key, kind=casework.AckKind.CLINICAL, actor=NAIR, now=NOW + minutes(2)
    )
    casework.act(service, key, "spoke with her", actor=BELL, now=NOW + minutes(5))

    [line] = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(6)).lines

    [alert] = [each for each in line.alerts if each.key == key]
    assert [(each.name, each.since) for each in alert.holders] == [
        ("Nurse Bell", NOW + minutes(5)), ("Nurse Nair", NOW + minutes(2)),
    ]  # fmt: skip


def test_who_takes_the_rest_is_told_who_has_what_they_did_not_get(service):
    stay, key = two_alerts(service)
    casework.acknowledge(
        service, key, kind=casework.AckKind.CLINICAL, actor=BELL, now=NOW + minutes(1)
    )

    saved = casework.take_person(service, stay, actor=NAIR, now=NOW + minutes(2))

    assert key not in saved.keys
    assert saved.notices == (
        "You have what nobody had. The rest is with somebody else.",
        f"Nurse Bell has {code_of(key)}, since 20:51 BST.",
    )
    with pytest.raises(NotAllowed, match=r"Nurse Nair has .*, since 20:52 BST"):
        casework.take_person(service, stay, actor=BELL, now=NOW + minutes(3))


def test_who_takes_everything_is_told_of_nobody(service):
    stay, _ = two_alerts(service)

    assert casework.take_person(service, stay, actor=NAIR, now=NOW + minutes(2)).notices == ()


def test_what_no_clinician_has_can_be_taken_although_another_has_the_worst(service):
    stay, _ = two_alerts(service)
    for alert in keys(service, stay, "raised").values():
        if alert.level == "A1":
            kind = casework.AckKind.CLINICAL
            casework.acknowledge(service, alert.key, kind=kind, actor=BELL, now=NOW + minutes(1))

    [line] = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(2)).lines

    shown = row(line, of=1, now=NOW + minutes(2))
    assert (line.taken, shown.waits_for_me) == (True, True)
    assert shown.has_it.endswith(f"; {line.untaken} more no clinician has yet")


def test_one_act_is_never_about_two_people(service):
    stays = [opened(service, custody(number)) for number in (1, 2)]
    for stay in stays:
        screened(service, stay, hurt_by_someone="now")
    keys_of_both = [alert.key for stay in stays for alert in hers(service, stay)]

    with pytest.raises(InputError, match="about one person"):
        casework.act_on_person(
            service, stays[0], keys_of_both, "seen", actor=NAIR, now=NOW + minutes(1)
        )
    assert all(a.state == "raised" for stay in stays for a in hers(service, stay))


def ended(service, stay, outcome, words="with her sister", *, now=None, **more):
    found = [alert.key for alert in hers(service, stay)]
    return casework.close_for_person(
        service, stay, found, outcome=outcome, words=words, actor=NAIR,
        now=now or NOW + minutes(9), **more,
    )  # fmt: skip


def test_seen_is_an_ending_once_a_route_was_decided_and_not_before(service):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")

    with pytest.raises(InputError, match="Seen, and then"):
        ended(service, stay, "seen_by_clinician")
    none = casework.RouteDecision(
        casework.RouteOutcome.NONE_EXISTS, NOW, need="domestic_abuse", reason="no refuge tonight"
    )
    casework.decide_route(service, stay, none, actor=NAIR, now=NOW + minutes(8))
    ended(service, stay, "seen_by_clinician")

    assert hers(service, stay) == []


@pytest.mark.parametrize(
    ("outcome", "words", "problem"),
    [("", "x", "How did it end"), ("over", "x", "How did it end"), ("declined", " ", "few words")],
)
def test_nothing_ends_without_an_outcome_of_the_list_and_words(service, outcome, words, problem):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")

    with pytest.raises(InputError, match=problem):
        ended(service, stay, outcome, words)
    assert hers(service, stay)


def left(service, stay, at):
    leaving = casework.Release(at, "home", reason="court_order")
    casework.release(service, stay, leaving, actor=OKAFOR, now=at)


def test_whoever_left_before_being_seen_is_rung_on_the_next_day_where_that_was_agreed(
    service, send
):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")
    left(service, stay, NOW + minutes(5))
    call = NOW + minutes(14 * 60)
    [line] = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(6)).lines
    assert line.left_at == NOW + minutes(5)

    ended(service, stay, "released_before_seen", "her number is with us", call_at=call)

    before = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(10))
    assert [(each.stay, each.at) for each in before.calls] == [(stay, call)]
    assert stay not in {line.stay for line in before.lines}
    casework.tick(service, now=call, send=send)
    then = casework.worklist(service, (), actor=NAIR, now=call)
    assert [line.alerts[0].step for line in then.lines if line.stay == stay] == ["call"]
    assert then.calls == ()


def test_whoever_left_is_in_no_cell_and_is_counted_apart_from_those_who_are_here(service):
    here, gone = opened(service), opened(service, custody(2))
    for stay in (here, gone):
        screened(service, stay, hurt_by_someone="now")
    left(service, gone, NOW + minutes(5))
    found = casework.worklist(service, (), actor=NAIR, now=NOW + minutes(6))
    rows = {line.stay: row(line, of=2, now=found.at) for line in found.lines}

    assert heading(found) == (
        "1 of 1 person in all suites wait for a clinician, as of 20:56 BST. "
        "1 who left custody is still on the list."
    )
    assert rows[here].where.startswith("cell 1, ")
    assert rows[gone].where.startswith("Castle Street, ")
    assert rows[gone].left == "Left custody 20:55 BST"


def test_somebody_who_is_still_here_has_not_left_before_being_seen(service):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")

    with pytest.raises(InputError, match="have not left"):
        ended(service, stay, "released_before_seen")


def test_a_call_is_agreed_for_the_coming_days_and_only_with_somebody_who_left(service):
    stay = opened(service)
    screened(service, stay, hurt_by_someone="now")
    left(service, stay, NOW + minutes(5))

    for outcome, call in (
        ("released_before_seen", NOW),
        ("released_before_seen", NOW + minutes(8 * 24 * 60)),
        ("declined", NOW + minutes(60)),
    ):
        with pytest.raises(InputError, match="call is agreed"):
            ended(service, stay, outcome, call_at=call)


# Consent before anybody outside hears


def route(casework_service, stay, outcome="accepted", id="womens_centre", **more):
    decision = casework.RouteDecision(casework.RouteOutcome(outcome), NOW, id, **more)
    return casework.decide_route(casework_service, stay, decision, actor=NAIR, now=NOW + minutes(1))


def agreed(service, stay, to="women's centre", given=True, *, at=NOW, **more):
    said = casework.Consent(given, to, at, **more)
    return casework.consent(service, stay, said, actor=NAIR, now=at)


def test_a_route_outside_is_taken_up_with_consent_and_refused_without(service):
    stay = opened(service)
    with pytest.raises(NotAllowed, match="may hear of this person"):
        route(service, stay)

    agreed(service, stay)

    assert route(service, stay).seq


@pytest.mark.parametrize(
    "id", ["custody_healthcare", "appropriate_adult", "liaison_nurse", "safeguarding_adult"]
)
def test_what_staff_must_do_and_what_stays_inside_never_waits_for_consent(service, id):
    assert route(service, opened(service), id=id).seq


def test_offering_and_declining_need_no_consent(service):
    stay = opened(service)

    assert route(service, stay, "offered").seq
    assert route(service, stay, "declined", reason="not now").seq


@pytest.mark.parametrize(
    "to", ["the Women's Centre", "womens_centre", "Bridge House women's centre (training example)"]
)
def test_the_party_is_known_by_its_route_its_words_or_its_service(service, to):
    stay = opened(service)
    agreed(service, stay, to)

    assert route(service, stay).seq


def test_consent_to_one_party_is_not_consent_to_another(service):
    stay = opened(service)
    agreed(service, stay, "link worker")

    with pytest.raises(NotAllowed):
        route(service, stay)


def test_a_withdrawal_stops_what_is_sent_later(service):
    stay = opened(service)
    agreed(service, stay)
    route(service, stay)
    agreed(service, stay, given=False, at=NOW + minutes(5))

    with pytest.raises(NotAllowed):
        decision = casework.RouteDecision(
            casework.RouteOutcome.ACCEPTED, NOW + minutes(6), "womens_centre"
        )
        casework.decide_route(service, stay, decision, actor=NAIR, now=NOW + minutes(6))
    [permission] = casework.stay_view(service, stay, actor=NAIR, now=NOW).permissions
    assert (permission.given, permission.withdrawn) == (False, True)


def test_a_withdrawal_that_named_the_service_stops_the_route_to_it(service):
    stay = opened(service)
    name = "Bridge House women's centre (training example)"
    agreed(service, stay)
    agreed(service, stay, name, given=False, at=NOW)

    with pytest.raises(NotAllowed):
        route(service, stay, service=name)


# What happened is recorded, also when it is typed late


def typed_late(service, stay, *, happened, now):
    decision = casework.RouteDecision(casework.RouteOutcome.ACCEPTED, happened, "womens_centre")
    return casework.decide_route(service, stay, decision, actor=NAIR, now=now)


def decided(service, stay):
    [event] = service.record.reading().events_of_kinds(stay, EventKind.ROUTE_DECISION)
    return event.header


def test_a_true_acceptance_that_is_typed_after_a_withdrawal_is_recorded_and_marked(service):
    stay = opened(service)
    agreed(service, stay)
    agreed(service, stay, given=False, at=NOW + minutes(20))

    saved = typed_late(service, stay, happened=NOW + minutes(5), now=NOW + minutes(30))

    assert decided(service, stay)["withdrawn_since"]
    assert "Tell the service to stop." in saved.notices[-1]


def test_what_was_told_without_a_basis_is_recorded_and_the_lead_hears_of_it_at_once(service):
    stay = opened(service)

    saved = typed_late(service, stay, happened=NOW, now=NOW + minutes(30))

    assert decided(service, stay)["without_basis"]
    assert "no consent" in saved.notices[-1]
    found = [a for a in keys(service, stay, "raised").values() if a.source == "referral"]
    assert [(a.step, a.level, a.to_roles) for a in found] == [
        ("without_basis", "A3", ("lead_nurse",))
    ]


def test_what_is_happening_now_is_refused_all_the_same(service):
    stay = opened(service)

    with pytest.raises(NotAllowed, match="may hear of this person"):
        typed_late(service, stay, happened=NOW, now=NOW + minutes(10))


def test_the_summary_says_that_nobody_outside_may_be_told_until_somebody_may(service):
    stay = opened(service)
    before = casework.summary(service, stay, actor=NAIR, now=NOW).text
    agreed(service, stay)
    after_it = casework.summary(service, stay, actor=NAIR, now=NOW).text

    assert "Nobody outside the suite may be told" in before
    assert "Nobody outside the suite may be told" not in after_it


def test_a_partner_who_is_told_at_the_door_without_a_basis_is_a_gap(service):
    stay = opened(service)
    leaving = casework.Release(NOW, "home", handed_to="family", told=("the women's centre",))

    def gaps():
        return [
            gap.id
            for gap in casework.release_check(service, stay, actor=OKAFOR, now=NOW, release=leaving)
            if gap.id.startswith("permission")
        ]

    assert gaps() == ["permission:womens_centre"]
    agreed(service, stay)
    assert gaps() == []


# A referral that the service does not answer


def referred(service):
    stay = opened(service)
    agreed(service, stay)
    route(service, stay)
    return stay


def waiting(service, stay, *states):
    return sorted(
        alert.step
        for alert in service.record.reading().alerts_of(stay)
        if alert.source == "referral" and alert.state in states
    )


TARGET = minutes(2880)  # rules/routes/support.toml, women's centre


def test_a_referral_that_nobody_answers_comes_back_and_then_goes_to_the_lead(service):
    stay = referred(service)
    casework.tick(service, now=NOW + TARGET - minutes(1), send=None)
    early = waiting(service, stay, "raised")
    casework.tick(service, now=NOW + TARGET, send=None)
    due = waiting(service, stay, "raised")
    [line] = casework.worklist(service, (), actor=NAIR, now=NOW + TARGET).lines
    casework.tick(service, now=NOW + TARGET + TARGET, send=None)

    assert (early, due) == ([], ["unanswered"])
    assert line.alerts[0].words.startswith("A referral was made")
    assert waiting(service, stay, "raised") == ["still_unanswered", "unanswered"]


def test_it_comes_back_although_the_person_has_left(service):
    stay = referred(service)
    leaving = casework.Release(NOW + minutes(2), "home", reason="arranged_outside")
    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW + minutes(2))

    casework.tick(service, now=NOW + TARGET, send=None)

    assert waiting(service, stay, "raised") == ["unanswered"]


@pytest.mark.parametrize("late", [False, True], ids=["in time", "late"])
@pytest.mark.parametrize("answer", ["acknowledged", "turned_down", "declined"])
def test_an_answer_closes_it_before_or_after_its_time(service, answer, late):
    stay = referred(service)
    now = NOW + (TARGET if late else minutes(60))
    casework.tick(service, now=now, send=None)
    decision = casework.RouteDecision(
        casework.RouteOutcome(answer), now, "womens_centre", reason="full until May"
    )

    casework.decide_route(service, stay, decision, actor=NAIR, now=now)

    assert waiting(service, stay, "planned", "raised") == []


def test_a_service_that_turns_somebody_down_says_why(service):
    with pytest.raises(InputError, match="why"):
        route(service, referred(service), "turned_down")


def test_without_its_timer_a_referral_would_vanish(service, monkeypatch):
    monkeypatch.setattr(planning, "referral_alerts", lambda *given: ())
    stay = referred(service)

    casework.tick(service, now=NOW + TARGET + TARGET, send=None)

    assert waiting(service, stay, "planned", "raised") == []


def test_without_the_check_a_withdrawn_consent_would_still_send(service, monkeypatch):
    monkeypatch.setattr(routes, "require_permission", lambda *given: None)
    stay = opened(service)
    agreed(service, stay, given=False)

    assert route(service, stay).seq


def test_another_lawful_basis_needs_its_reasons_and_outlives_a_refusal(service):
    stay = opened(service)
    with pytest.raises(InputError, match="reasons"):
        agreed(service, stay, basis="safeguarding")
    with pytest.raises(InputError, match="basis"):
        agreed(service, stay, basis="convenience")
    agreed(service, stay, basis="safeguarding", words="two small children at home tonight")
    agreed(service, stay, given=False, at=NOW + minutes(1))

    assert route(service, stay).seq


def test_somebody_who_cannot_decide_it_now_cannot_consent_to_it(service):
    stay = opened(service)

    with pytest.raises(InputError, match="cannot consent"):
        agreed(service, stay, capacity="lacks")
    agreed(service, stay, capacity="lacks", basis="best_interests", words="asked again at nine")
    assert route(service, stay).seq


def test_police_read_that_there_is_consent_and_not_the_capacity_or_the_words(service):
    stay = opened(service)
    agreed(service, stay, capacity="has", words="CANARY")

    [desk] = casework.stay_view(service, stay, actor=OKAFOR, now=NOW).permissions
    [nurse] = casework.stay_view(service, stay, actor=NAIR, now=NOW).permissions

    assert (desk.given, desk.capacity, desk.words) == (True, None, None)
    assert (nurse.capacity, nurse.words) == ("has", "CANARY")


# The past beside the new


def known_from_before(service):
    """A second stay of somebody who said yes on the first."""
    first = opened(service, custody(1))
    screened(service, first, self_harm_ever="over_1y", hurt_by_someone="now")
    person = service.record.reading().stay(first).person
    left(service, first, NOW + minutes(5))
    later = NOW + minutes(60 * 24 * 30)
    second = opened(service, custody(2, at=later, person=person))
    return first, second, later


def test_an_old_yes_is_not_erased_by_a_new_no(service):
    first, second, later = known_from_before(service)
    screened(service, second, at=later)

    past = casework.stay_view(service, second, actor=NAIR, now=later).past

    said = {each.question: (each.before, each.now.value, each.differs) for each in past.said}
    assert said["self_harm_ever"] == ("over_1y", "never", True)
    assert [each.stay for each in past.stays] == [first]
    lines = casework.worklist(service, (), actor=NAIR, now=later).lines
    [line] = [each for each in lines if each.stay == second]
    assert line.differs == past.differs >= 2
    assert {each.need for each in line.before} >= {"domestic_abuse"}


def test_an_old_yes_and_a_refusal_are_no_conflict_and_both_are_shown(service):
    _, second, later = known_from_before(service)
    details = everything_no(later, answers={"self_harm_ever": REFUSED})
    casework.record_screening(service, second, details, actor=OKAFOR, now=later)

    past = casework.stay_view(service, second, actor=NAIR, now=later).past

    [said] = [each for each in past.said if each.question == "self_harm_ever"]
    assert (said.differs, said.now.status) == (False, "refused")


def test_what_was_so_on_another_day_only_is_not_held_against_today(service):
    first = opened(service, custody(1))
    screened(service, first, last_drink="under_4h", head_knock="knock_only")
    person = service.record.reading().stay(first).person
    left(service, first, NOW + minutes(5))
    later = NOW + minutes(60 * 24 * 30)
    second = opened(service, custody(2, at=later, person=person))
    screened(service, second, at=later)
    again = screened(service, second, at=later + minutes(5), head_knock="knock_only")
    screened(service, second, at=later + minutes(9))

    past = casework.stay_view(service, second, actor=NAIR, now=later + minutes(10)).past

    assert again.seq
    assert [(s.question, s.differs) for s in past.said if s.question in (
        "last_drink", "head_knock",
    )] == [("head_knock", True)]  # fmt: skip


# The summary, and that it is filed


def filed(service, stay, actor=NAIR, *, at=NOW, up_to=10**6, system="systmone", **more):
    return casework.file_summary(
        service, stay, system=system, up_to_seq=up_to, actor=actor, now=at, **more
    )


def test_the_summary_keeps_the_order_of_the_form_and_names_nobody(service):
    stay = opened(service, custody(1, identity=casework.Identity("Ada Secret", age=30)))
    screened(service, stay, hurt_by_someone="now", drinks_daily="yes")
    agreed(service, stay)
    route(service, stay)

    block = casework.paste_block(service, stay, actor=NAIR, now=NOW + minutes(5))

    fields = [line.partition(":")[0] for line in block.splitlines()]
    assert fields == [
        "CONTACT", "REASON FOR CONTACT", "RISK", "NOT EXCLUDED", "CONSENT AND CAPACITY",
        "ACTIONS AND OUTCOMES",
    ]  # fmt: skip
    assert "Secret" not in block
    assert "Women's centre: consent yes" in block


def test_however_much_there_is_the_summary_fits_and_keeps_the_emergency(service):
    stay = opened(service)
    worst = {
        question.id: options[-1][0]
        for question in rulebook().questions.values()
        if (options := question.options) and question.kind == "choice"
    }
    screened(service, stay, **(worst | {"swallowed_or_hidden": "yes"}))

    block = casework.paste_block(service, stay, actor=NAIR, now=NOW)

    assert len(block) <= casework.LONGEST_PASTE
    assert "EMERGENCY: " in block
    assert block.endswith("(More in Custody Triage.)")


def test_the_second_nurse_gets_the_first_mark_and_none_is_added(service):
    stay = opened(service)
    screened(service, stay)

    first = filed(service, stay)
    second = filed(service, stay, LEAD, at=NOW + minutes(9))

    assert (second.seq, second.repeated, second.filed.by) == (first.seq, True, "Nurse Nair")
    assert len(service.record.reading().events_of_kinds(stay, EventKind.FILED)) == 1


def test_two_nurses_who_file_at_the_same_moment_leave_one_mark(service):
    stay = opened(service)
    screened(service, stay)

    with ThreadPoolExecutor(4) as pool:
        saved = list(pool.map(lambda who: filed(service, stay, who), [NAIR, LEAD, NAIR, LEAD]))

    assert sorted(each.repeated for each in saved) == [False, True, True, True]
    assert len({each.seq for each in saved}) == 1


def test_what_is_newer_than_what_was_filed_is_said_and_may_be_filed_too(service):
    stay = opened(service)
    screened(service, stay)
    filed(service, stay)
    screened(service, stay, at=NOW + minutes(5), hurt_by_someone="now")

    mark = casework.stay_view(service, stay, actor=NAIR, now=NOW + minutes(6)).filed
    again = filed(service, stay, LEAD, at=NOW + minutes(7))

    assert mark.newer == 1
    assert (again.repeated, again.filed.by, again.filed.newer) == (False, "Nurse Obi", 0)


def test_a_mark_made_by_mistake_is_withdrawn_like_any_entry(service):
    stay = opened(service)
    screened(service, stay)
    mark = filed(service, stay)
    wrong = casework.Correction("it was another person's", withdrawn=True)
    casework.correct(service, mark.seq, wrong, actor=NAIR, now=NOW + minutes(1))

    assert casework.stay_view(service, stay, actor=NAIR, now=NOW + minutes(2)).filed is None
    assert not filed(service, stay, LEAD, at=NOW + minutes(3)).repeated
