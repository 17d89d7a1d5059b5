"""What else is open when somebody leaves: each gap, what closes it, and that police may read it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.casework.conftest import (
    HCP,
    MARSH,
    NAIR,
    NOW,
    OKAFOR,
    REFUSED,
    answered,
    custody,
    everything_no,
    minutes,
    opened,
)
from triage import casework
from triage.casework import unsettled
from triage.casework.entries import details_of, findings_of
from triage.casework.history import History
from triage.domain.answers import RecordFacts
from triage.domain.errors import InputError, NotAllowed
from triage.domain.london import text
from triage.present import leaving as words
from triage.present import timeline
from triage.record import Actor, EventKind

LOWE = Actor("lowe", "PS Lowe", "custody_sergeant", "desk-2")
HOME = casework.Release(NOW, "home")


def screened(service, number=1, **said):
    """Somebody of whom everything was asked, with the harmless answer but for what is said."""
    stay = opened(service, custody(number))
    casework.record_screening(service, stay, everything_no(**said), actor=OKAFOR, now=NOW)
    return stay


def gaps(service, stay, leaving=None, now=NOW):
    found = casework.release_check(service, stay, actor=OKAFOR, now=now, release=leaving)
    return {gap.id: gap for gap in found}


def urgencies(service, stay, leaving=None):
    return {id: gap.urgency.word for id, gap in gaps(service, stay, leaving).items()}


def test_every_gap_says_what_would_close_it(service):
    stay = screened(
        service,
        answers={
            "cannot_go_on_outside": answered("yes"), "home_tonight": answered("street"),
            "medicine": answered("due"), "reading_hard": REFUSED,
        },
        record=RecordFacts(checked=True, instruction_open="recheck"),
    )  # fmt: skip
    child = opened(service, custody(2, identity=casework.Identity(age=15)))

    found = [*gaps(service, stay).values(), *gaps(service, child).values()]

    assert {gap.id.partition(":")[0] for gap in found} >= {
        "alert", "plan", "told", "where_to", "medicine", "not_excluded", "instruction", "child",
        "not_screened",
    }  # fmt: skip
    assert [gap.id for gap in found if not gap.closes.endswith(".")] == []


def test_who_is_under_eighteen_leaves_with_somebody_who_is_named(service):
    stay = opened(service, custody(identity=casework.Identity(age=17)))
    grown = opened(service, custody(2, identity=casework.Identity(age=18)))
    with_mother = replace(HOME, handed_to="Her mother")

    assert gaps(service, stay)["child"].urgency.word == "urgent"
    assert "child" not in gaps(service, stay, with_mother)
    assert "child" not in gaps(service, grown)


def test_an_appropriate_adult_who_never_came_is_a_gap_until_one_is_recorded(service):
    marked = RecordFacts(checked=True, appropriate_adult_before=True)
    stay = screened(service, record=marked)
    before = gaps(service, stay)
    taken_up = casework.RouteDecision(
        casework.RouteOutcome.ACCEPTED, NOW, route="appropriate_adult"
    )
    casework.decide_route(service, stay, taken_up, actor=OKAFOR, now=NOW)

    assert "appropriate_adult" in before
    assert "appropriate_adult" not in gaps(service, stay)


@pytest.mark.parametrize(
    ("answers", "property", "urgency"),
    [
        ({"medicine": answered("due")}, (), "soon"),
        ({"medicine": answered("not_due_12h")}, ("medicine",), "soon"),
        ({"medicine": answered("missed"), "medicine_critical": answered(("insulin",))}, (),
         "urgent"),
    ],
)  # fmt: skip
def test_medicine_that_nobody_spoke_of_is_a_gap(service, answers, property, urgency):
    record = RecordFacts(checked=True, property=property)
    stay = screened(service, answers=answers, record=record)
    spoken_of = replace(HOME, medicine="Given back; next dose at 22:00")

    assert gaps(service, stay)["medicine"].urgency.word == urgency
    assert "medicine" not in gaps(service, stay, spoken_of)


def test_who_takes_no_medicine_leaves_no_such_gap(service):
    """The twin: only medicine opens it."""
    assert "medicine" not in gaps(service, screened(service))


def test_nowhere_to_sleep_is_a_gap_until_a_bed_is_in_the_plan_or_the_referral_is_made(service):
    stay = screened(service, answers={"home_tonight": answered("street")})
    planned = replace(HOME, plan="The night shelter has kept a bed")
    to_hospital = replace(HOME, to="hospital")
    before = gaps(service, stay)
    referral = casework.RouteDecision(
        casework.RouteOutcome.ACCEPTED, NOW, route="housing_referral", agreed=True
    )
    casework.decide_route(service, stay, referral, actor=NAIR, now=NOW)

    assert "where_to" in before
    for leaving in (planned, to_hospital):
        assert "where_to" not in gaps(service, stay, leaving)
    assert "where_to" not in gaps(service, stay)


def test_what_could_not_be_ruled_out_is_named_with_what_to_ask(service):
    stay = screened(service, answers={"self_harm_now": REFUSED, "head_knock": REFUSED})

    gap = gaps(service, stay)["not_excluded"]

    assert gap.words.startswith("Could not be ruled out: ")
    assert "suicide and self-harm" in gap.words
    assert "Q05 head knock" in gap.closes
    assert gap.urgency.word in ("urgent", "emergency")


def test_an_instruction_of_healthcare_that_is_not_carried_out_is_a_gap(service):
    record = RecordFacts(checked=True, instruction_open="hospital")

    assert urgencies(service, screened(service, record=record))["instruction"] == "urgent"
    assert "instruction" not in gaps(service, screened(service, 2))


def agreed(service, stay, to="women's centre"):
    given = casework.Consent(True, to, NOW)
    casework.consent(service, stay, given, actor=NAIR, now=NOW)


def decided(service, stay, outcome, **said):
    made = casework.RouteDecision(outcome, NOW, route="womens_centre", **said)
    casework.decide_route(service, stay, made, actor=NAIR, now=NOW)


def test_what_was_agreed_and_not_sent_is_a_gap_until_it_is_sent_or_told_at_the_door(service):
    stay = screened(service)
    agreed(service, stay)
    before = gaps(service, stay)
    told = replace(HOME, told=("The women's centre: she comes on Monday",))
    decided(service, stay, casework.RouteOutcome.OFFERED)
    offered = gaps(service, stay)
    decided(service, stay, casework.RouteOutcome.ACCEPTED)

    assert before["referral:womens_centre"].words.endswith("nothing was sent: women's centre.")
    assert "referral:womens_centre" in offered
    assert "referral:womens_centre" not in gaps(service, stay, told)
    assert "referral:womens_centre" not in gaps(service, stay)


def test_consent_that_was_taken_back_asks_for_nothing_to_be_sent(service):
    stay = screened(service)
    agreed(service, stay)
    taken_back = casework.Consent(False, "women's centre", NOW + minutes(1))
    casework.consent(service, stay, taken_back, actor=NAIR, now=NOW + minutes(1))

    assert "referral:womens_centre" not in gaps(service, stay, now=NOW + minutes(2))


def test_police_never_read_which_route_health_staff_chose_on_clinical_grounds(service):
    stay = screened(service)
    agreed(service, stay)
    decided(service, stay, casework.RouteOutcome.ACCEPTED, group="clinical")

    assert [id for id in gaps(service, stay) if id.startswith("referral")] == []


CLINICAL = "The instrument says what police must not read"


def test_what_health_staff_found_is_told_to_police_in_their_words_only(service):
    """Every gap is made of what police may read, whoever screened last and whatever it held."""
    stay = screened(service)
    hidden = everything_no(NOW + minutes(1), answers={"self_harm_now": REFUSED})
    casework.record_screening(service, stay, hidden, actor=HCP, now=NOW + minutes(1))
    casework.note(service, stay, CLINICAL, group="clinical", actor=HCP, now=NOW + minutes(1))

    reading = service.record.reading()
    history = History.read(reading, reading.stay(stay))
    read = unsettled._last_seen_by_police(history)

    assert read is not None
    saved = [e for e in history.events if e.kind is EventKind.SCREENING_SAVED][-1]
    assert read == (findings_of(saved, clinical=False), details_of(saved, clinical=False))
    assert CLINICAL not in str(gaps(service, stay))


def test_the_worst_stands_first(service):
    stay = screened(
        service,
        answers={"home_tonight": answered("street"), "cannot_go_on_outside": answered("yes")},
    )
    found = casework.release_check(service, stay, actor=OKAFOR, now=NOW)

    assert [gap.urgency for gap in found] == sorted((g.urgency for g in found), reverse=True)
    assert found[-1].urgency.word == "soon"


# Who was first, and what was handed over ------------------------------------------------------


def test_the_second_of_two_sergeants_hears_who_was_first_and_with_which_time(service):
    stay = screened(service)
    first = replace(HOME, occurred_at=NOW + minutes(1))
    casework.release(service, stay, first, actor=OKAFOR, now=NOW + minutes(5))

    with pytest.raises(NotAllowed) as heard:
        casework.release(service, stay, HOME, actor=LOWE, now=NOW + minutes(6))

    assert str(heard.value) == (
        "This stay has ended already: at 20:55 BST PS Okafor recorded that the person left at "
        "20:51 BST, to: home. Correct its time if it is wrong."
    )
    assert text(service.record.reading().stay(stay).closed_at) == "Sat 24 Oct 2026 20:51 BST"


def test_the_same_release_sent_twice_under_its_key_is_one_release_and_no_quarrel(service):
    stay = screened(service)
    once = casework.release(service, stay, HOME, actor=OKAFOR, now=NOW, key="desk-1-release")
    again = casework.release(service, stay, HOME, actor=OKAFOR, now=NOW, key="desk-1-release")

    assert (once.seq, again.seq, again.repeated) == (once.seq, once.seq, True)


def test_what_was_handed_to_whom_stands_on_the_timeline_in_words(service):
    stay = screened(service, answers={"medicine": answered("due")})
    leaving = casework.Release(
        NOW, "home", handed_to="Her sister", told=("Her sister: the inhaler",),
        plan="Her GP on Monday", transport="The sister's car", papers=("Bail sheet to her",),
        medicine="Inhaler given back",
    )  # fmt: skip
    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW)

    view = casework.stay_view(service, stay, actor=MARSH, now=NOW)

    [left] = [each for each in view.timeline if each.kind == "released"]
    assert timeline.entry(left, now=NOW).details == (
        "to: home",
        "with: Her sister",
        "travels: The sister's car",
        "told: Her sister: the inhaler",
        "plan: Her GP on Monday",
        "medicine: Inhaler given back",
        "papers: Bail sheet to her",
    )


def test_what_was_left_open_and_why_stands_there_too(service):
    stay = opened(service)
    leaving = replace(HOME, reason="court_order")
    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW)

    view = casework.stay_view(service, stay, actor=MARSH, now=NOW)

    [left] = [each for each in view.timeline if each.kind == "released"]
    assert timeline.entry(left, now=NOW).details[-1] == (
        "left open: 1 thing. A court or the law requires release now"
    )


def test_a_reason_that_is_none_is_refused_and_the_reasons_are_named(service):
    stay = opened(service)

    with pytest.raises(InputError) as refused:
        casework.release(service, stay, replace(HOME, reason="why not"), actor=OKAFOR, now=NOW)

    assert refused.value.problems[0].allowed == tuple(words.REASONS)


def test_the_night_is_that_of_london_on_the_night_the_clocks_go_back(service):
    """06:30 GMT is 06:30 on the wall; 05:30 UTC the day before was 06:30 BST: both are night."""
    stay = screened(service, answers={"home_tonight": answered("street")})

    for at, is_night in (
        (datetime(2026, 10, 25, 6, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 7, 0, tzinfo=UTC), False),
    ):
        assert ("night" in gaps(service, stay, replace(HOME, occurred_at=at), now=at)) == is_night


def test_an_open_alert_names_whose_act_closes_it_and_once_taken_that_it_is_taken(service):
    stay = screened(service, answers={"cannot_go_on_outside": answered("yes")})

    def nurses():
        [key] = [a.key for a in service.record.reading().alerts_of(stay)
                 if a.to_roles == ("liaison_nurse",) and a.level == "A2"]  # fmt: skip
        return key, gaps(service, stay)[f"alert:{key}"].closes

    key, before = nurses()
    casework.acknowledge(service, key, kind=casework.AckKind.CLINICAL, actor=NAIR, now=NOW)
    _, after = nurses()

    assert before == "The liaison nurse takes it and says what was done."
    assert after == "Whoever has it says what was done."
    assert words.closes_alert(("liaison_nurse", "custody_hcp"), taken=False) == (
        "The liaison nurse or the custody healthcare professional takes it and says what was done."
    )
