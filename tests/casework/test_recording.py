"""Opening stays, screening people, recording what happened: with real rules on a real record."""

from dataclasses import replace

import pytest

from tests.casework.conftest import (
    CONTROL,
    HCP,
    MARSH,
    NAIR,
    NOW,
    OKAFOR,
    REFUSED,
    answered,
    custody,
    everything_no,
    happened,
    keys,
    minutes,
    opened,
    section136,
)
from triage import casework
from triage.domain.answers import Details, Person
from triage.domain.errors import InputError, NotAllowed
from triage.domain.findings import ScreenStatus, Urgency
from triage.domain.timeline import Event, Moment
from triage.record import EventKind, IdempotencyConflict, ReferenceInUse
from triage.rehearsal import code


def test_a_hospital_detention_is_opened_with_an_incident_number_and_its_clocks_run(service):
    saved = casework.open_stay(service, section136(), actor=CONTROL, now=NOW)

    [power] = saved.clocks.powers
    assert power.lapses_at == NOW + minutes(24 * 60)
    assert service.record.reading().stay(saved.stay).reference == "TRAINING/INC/0001"


def test_two_open_stays_never_share_a_number_and_one_that_ended_frees_it(service):
    stay = opened(service)

    with pytest.raises(ReferenceInUse):
        opened(service)
    leaving = casework.Release(NOW + minutes(5), "home", reason="not_given")
    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW + minutes(5))
    assert opened(service, custody(at=NOW + minutes(6))) != stay


def test_a_screening_without_any_concern_says_so_and_raises_no_alert(service):
    stay = opened(service)

    saved = casework.record_screening(service, stay, everything_no(), actor=OKAFOR, now=NOW)

    assert saved.findings.status is ScreenStatus.COMPLETE
    assert saved.findings.nothing_found
    assert keys(service, stay, "raised") == {}


def test_a_row_for_rehearsal_stands_beside_each_screening(service):
    stay = opened(service)
    details = everything_no()

    saved = casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)

    assert service.record.reading().screening_codes() == (
        (saved.seq, code(service.rulebook, details)),
    )


def test_an_emergency_is_raised_in_the_transaction_that_records_it(service):
    stay = opened(service)
    unrousable = everything_no(observations={"rouse": answered("none")})

    saved = casework.record_screening(service, stay, unrousable, actor=OKAFOR, now=NOW)

    [alert] = [a for a in keys(service, stay, "raised").values() if a.level == "A1"]
    assert alert.key in saved.alerts
    assert {"custody_sergeant", "custody_hcp"} <= set(alert.to_roles)
    assert alert.due_at == NOW


def test_an_emergency_in_a_draft_is_recorded_at_once_as_a_provisional_version(service):
    stay = opened(service)
    half = Details(
        at=NOW,
        nation="england",
        person=Person(age=31),
        stage="arrest",
        offence="theft",
        observations={"rouse": answered("none")},
    )
    harmless = replace(half, observations={"rouse": answered("alert")})

    quiet = casework.save_draft(service, stay, {"x": "1"}, details=harmless, actor=OKAFOR, now=NOW)
    loud = casework.save_draft(service, stay, {"x": "2"}, details=half, actor=OKAFOR, now=NOW)
    again = casework.save_draft(service, stay, {"x": "3"}, details=half, actor=OKAFOR, now=NOW)

    assert (quiet.recorded, again.recorded) == (None, None)
    event = service.record.reading().event(loud.recorded)
    assert event.kind is EventKind.SCREENING_SAVED
    assert event.header["provisional"] is True
    assert any(alert.level == "A1" for alert in keys(service, stay, "raised").values())
    assert service.record.reading().draft(stay).body == {"x": "3"}


def test_a_saved_screening_takes_the_draft_away(service):
    stay = opened(service)
    casework.save_draft(service, stay, {"q": "a"}, actor=OKAFOR, now=NOW)

    casework.record_screening(service, stay, everything_no(), actor=OKAFOR, now=NOW)

    assert service.record.reading().draft(stay) is None


def test_the_same_key_is_answered_and_not_done_again_and_another_body_is_refused(service):
    stay = opened(service)
    first = casework.record_screening(
        service, stay, everything_no(), actor=OKAFOR, now=NOW, key="k1"
    )

    again = casework.record_screening(
        service, stay, everything_no(), actor=OKAFOR, now=NOW + minutes(1), key="k1"
    )

    assert (again.seq, again.repeated, again.findings) == (first.seq, True, first.findings)
    with pytest.raises(IdempotencyConflict):
        casework.record_screening(
            service, stay, everything_no(offence="fraud"), actor=OKAFOR, now=NOW, key="k1"
        )
    assert len(service.record.reading().screenings(stay)) == 1


def test_every_kind_of_act_honours_its_key(service):
    opening = custody(7)
    stay = casework.open_stay(service, opening, actor=OKAFOR, now=NOW, key="open").stay
    event = happened("detention_authorised", NOW, rank="sergeant")
    acts = [
        lambda key: casework.open_stay(service, opening, actor=OKAFOR, now=NOW, key="open"),
        lambda key: casework.record_event(service, stay, event, actor=OKAFOR, now=NOW, key=key),
        lambda key: casework.record_visit(
            service, stay, casework.Visit(NOW, "awake"), actor=OKAFOR, now=NOW, key=key
        ),
        lambda key: casework.move_stay(
            service, stay, casework.Move(NOW, cell="9"), actor=OKAFOR, now=NOW, key=key
        ),
        lambda key: casework.decide_route(
            service,
            stay,
            casework.RouteDecision(casework.RouteOutcome.OFFERED, NOW, "liaison_nurse"),
            actor=OKAFOR,
            now=NOW,
            key=key,
        ),
        lambda key: casework.note(
            service, stay, "quiet", group="police", actor=OKAFOR, now=NOW, key=key
        ),
    ]

    for number, act in enumerate(acts):
        first, head = act(f"k{number}"), service.record.reading().head()
        second = act(f"k{number}")
        assert (second.seq, second.repeated) == (first.seq, True)
        assert service.record.reading().head() == head


def test_a_time_two_minutes_ahead_is_kept_and_noted_and_later_is_refused(service):
    stay = opened(service)
    ahead = casework.Visit(NOW + minutes(2))

    saved = casework.record_visit(service, stay, ahead, actor=OKAFOR, now=NOW)

    assert "2 min ahead" in saved.notices[0]
    with pytest.raises(InputError, match="has not happened yet"):
        casework.record_visit(
            service, stay, casework.Visit(NOW + minutes(3)), actor=OKAFOR, now=NOW
        )


def test_what_is_typed_over_ten_minutes_late_is_marked_late_for_ever(service):
    stay = opened(service, custody(at=NOW - minutes(30)), now=NOW)

    late = casework.record_visit(
        service, stay, casework.Visit(NOW - minutes(11)), actor=OKAFOR, now=NOW
    )
    soon = casework.record_visit(
        service, stay, casework.Visit(NOW - minutes(10)), actor=OKAFOR, now=NOW
    )

    assert (late.late, soon.late) == (True, False)
    assert "marked late" in late.notices[0]


def test_what_happened_unlawfully_is_recorded_marked_and_alerted_at_once(service):
    child = casework.Identity(age=16, age_source="document")
    stay = opened(service, section136(identity=child, place="police_station"))

    saved = casework.record_event(
        service,
        stay,
        happened("station_authorised", NOW, rank="inspector"),
        actor=OKAFOR,
        now=NOW,
    )

    assert saved.unlawful
    assert "never lawful" in saved.unlawful[0].words
    raised = keys(service, stay, "raised").values()
    assert any(a.source.startswith("child_") and a.level == "A1" for a in raised)


def test_what_would_be_unlawful_is_refused_with_the_law_and_the_question_is_noted(service):
    child = casework.Identity(age=16, age_source="document")
    stay = opened(service, section136(identity=child))

    with pytest.raises(NotAllowed, match="never lawful") as refused:
        casework.authorise(service, stay, happened("station_authorised", NOW), actor=MARSH, now=NOW)

    assert refused.value.law_row
    events = service.record.reading().stay_events(stay)
    assert not [e for e in events if e.header.get("kind") == "station_authorised"]
    assert [e.header["refused"] for e in events if "refused" in e.header] == ["station_authorised"]


def test_an_authority_that_is_timed_a_moment_ahead_meets_the_same_law(service):
    """The watch of whoever types it may be ahead by two minutes; the law is not behind by them."""
    adult = casework.Identity(age=41, age_source="document")
    stay = opened(service, section136(identity=adult))
    ahead = happened("station_authorised", NOW + minutes(1))

    with pytest.raises(NotAllowed, match="inspector") as refused:
        casework.authorise(service, stay, ahead, actor=OKAFOR, now=NOW)
    given = casework.authorise(service, stay, ahead, actor=MARSH, now=NOW)

    assert refused.value.law_row == "REG2-INSP"
    assert given.unlawful == ()


def test_what_the_law_allows_is_authorised_by_the_same_verb(service):
    adult = casework.Identity(age=41, age_source="document")
    stay = opened(service, section136(identity=adult, arrived=False))

    saved = casework.authorise(
        service, stay, happened("station_authorised", NOW), actor=MARSH, now=NOW
    )

    event = service.record.reading().event(saved.seq)
    assert event.kind is EventKind.AUTHORISATION
    assert event.payloads["police"]["event"]["rank"] == "inspector"


def test_a_rousing_that_was_not_passed_is_an_emergency(service):
    stay = opened(service)

    casework.record_rousing(service, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)

    [alert] = [a for a in keys(service, stay, "raised").values() if a.level == "A1"]
    assert alert.source == "not_roused"


def test_a_visit_ends_the_alert_of_a_missed_visit_by_the_name_of_who_made_it(service, send):
    stay = opened(service)
    casework.tick(service, now=NOW + minutes(61), send=send)
    [missed] = [k for k, a in keys(service, stay).items() if a.is_open and a.step == "due"]

    casework.record_visit(
        service, stay, casework.Visit(NOW + minutes(62)), actor=OKAFOR, now=NOW + minutes(62)
    )

    alert = service.record.reading().alert(missed)
    assert (alert.state, alert.acted_by) == ("in_hand", "okafor")
    assert alert.step_due_at is None


def test_the_same_words_for_two_people_are_refused(service):
    one, two = opened(service, custody(1)), opened(service, custody(2))
    words = "lying on the bench, breathing, said he was well"
    casework.record_visit(service, one, casework.Visit(NOW, words), actor=OKAFOR, now=NOW)

    with pytest.raises(InputError, match="same words"):
        casework.record_visit(service, two, casework.Visit(NOW, words), actor=OKAFOR, now=NOW)
    casework.record_visit(service, two, casework.Visit(NOW, "awake"), actor=OKAFOR, now=NOW)


def test_past_stays_feed_the_next_screening_as_dated_facts_of_the_record(service):
    first = casework.open_stay(service, custody(1), actor=OKAFOR, now=NOW)
    said = everything_no(answers={"self_harm_ever": answered("over_1y")})
    casework.record_screening(service, first.stay, said, actor=OKAFOR, now=NOW)
    leaving = casework.Release(NOW + minutes(60), "home", reason="court_order")
    casework.release(service, first.stay, leaving, actor=OKAFOR, now=NOW + minutes(60))
    later = NOW + minutes(60 * 24 * 30)
    again = opened(service, custody(2, at=later, person=first.person))

    saved = casework.record_screening(service, again, everything_no(later), actor=OKAFOR, now=later)

    view = casework.stay_view(service, again, actor=OKAFOR, now=later)
    record = view.screenings[-1].details.record
    assert [(m.kind, m.origin, m.on) for m in record.markers] == [
        ("self_harm", "earlier_screening", NOW.date())
    ]
    assert record.earlier_screens[0].at == NOW
    assert "self_harm_ever" in [conflict.id for conflict in saved.findings.conflicts]


def test_an_answer_given_to_a_nurse_never_becomes_a_marker_that_the_desk_reads(service):
    clinical = next((q for q in service.rulebook.questions.values() if q.group == "clinical"), None)
    stay = opened(service)
    details = everything_no()

    casework.record_screening(service, stay, details, actor=NAIR, now=NOW)
    view = casework.stay_view(service, stay, actor=OKAFOR, now=NOW)

    if clinical is not None:
        assert clinical.id not in view.screenings[0].details.answers
    assert view.clinical is None


def test_a_decline_needs_its_reason_and_leaves_the_alerts_as_they_are(service):
    stay = opened(service)
    urgent = everything_no(answers={"self_harm_now": answered("thoughts")})
    casework.record_screening(service, stay, urgent, actor=OKAFOR, now=NOW)
    before = keys(service, stay)
    declined = casework.RouteDecision(
        casework.RouteOutcome.DECLINED, NOW, "liaison_nurse", reason="wants to go home"
    )

    casework.decide_route(service, stay, declined, actor=OKAFOR, now=NOW)

    assert keys(service, stay) == before
    with pytest.raises(InputError, match="why"):
        casework.decide_route(service, stay, replace(declined, reason=None), actor=OKAFOR, now=NOW)


def test_an_event_of_an_unknown_kind_or_about_another_stay_is_refused_before_it_is_stored(service):
    one, two = opened(service, custody(1)), opened(service, custody(2))
    visit = casework.record_visit(service, one, casework.Visit(NOW), actor=OKAFOR, now=NOW)
    head = service.record.reading().head()

    for event in (
        happened("teleported", NOW),
        happened("corrected", NOW),
        happened("visit", NOW, corrects=str(visit.seq)),
        happened("visit", NOW, corrects="no number"),
    ):
        with pytest.raises(InputError):
            casework.record_event(service, two, event, actor=OKAFOR, now=NOW)
    assert service.record.reading().head() == head


def test_an_uncertain_arrival_stands_at_its_earliest_moment(service):
    stay = opened(service, section136(arrived=False))
    span = Moment(NOW - minutes(20), NOW)
    event = Event(id="", kind="arrived", occurred_at=span, place="a_and_e")

    saved = casework.record_event(service, stay, event, actor=CONTROL, now=NOW)

    assert saved.clocks.powers[0].lapses_at == NOW - minutes(20) + minutes(24 * 60)


def test_planning_that_fails_never_blocks_recording_and_says_so_as_an_emergency(
    service, monkeypatch
):
    stay = opened(service)
    broken = replace(service.rulebook, law=None)
    faulty = replace(service, rulebook=broken)

    saved = casework.record_visit(faulty, stay, casework.Visit(NOW), actor=OKAFOR, now=NOW)

    assert service.record.reading().event(saved.seq).kind is EventKind.VISIT
    assert saved.clocks is None
    [alert] = [a for a in keys(service, stay, "raised").values()]
    assert (alert.source, alert.level) == ("cannot_be_evaluated", "A1")
    planned = keys(service, stay, "planned")
    assert planned, "what had been planned before stays planned"


def test_a_file_is_dropped_in_and_read_as_the_same_screening(service):
    stay = opened(service)
    document = (
        b'{"nation":"england","person":{"age":24,"sex":"male"},"stage":"arrest",'
        b'"offence":"theft","arrests_12m":0,"everything_else":"no"}'
    )

    saved = casework.drop_in(service, stay, document, name="s.json", actor=OKAFOR, now=NOW)

    assert saved.findings.answered[0] == saved.findings.answered[1]
    with pytest.raises(InputError):
        casework.drop_in(service, stay, b'{"nation":"england","shoe":1}', actor=OKAFOR, now=NOW)


def test_a_refusal_is_never_stored_or_read_back_as_no(service):
    stay = opened(service)
    refused = everything_no(answers={"self_harm_now": REFUSED})

    casework.record_screening(service, stay, refused, actor=OKAFOR, now=NOW)

    view = casework.stay_view(service, stay, actor=HCP, now=NOW)
    assert view.screenings[0].details.answers["self_harm_now"] == REFUSED
    assert view.findings.status is not None
    assert any(each.urgency >= Urgency.SOON for each in view.findings.needs)


def test_the_opening_of_a_stay_that_holds_entries_is_not_taken_away(service):
    opening = section136()
    stay = opened(service, opening)
    [first] = [
        event for event in service.record.reading().stay_events(stay) if event.kind == "stay_opened"
    ]
    slip = casework.Correction("opened twice", withdrawn=True)

    with pytest.raises(NotAllowed, match="no clock would have the person"):
        casework.correct(service, first.seq, slip, actor=OKAFOR, now=NOW)

    assert [each.id for each in service.record.reading().open_stays()] == [stay]
