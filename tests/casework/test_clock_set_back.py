"""What was typed while the clock of the service ran ahead is timed anew once it is set back."""

from dataclasses import replace
from datetime import timedelta

from tests.casework.conftest import (
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
)
from tests.casework.conftest import happened as an_event
from triage import casework
from triage.casework import jumps
from triage.casework.history import History
from triage.domain.timeline import Moment
from triage.record import EventKind

AHEAD = timedelta(hours=3)


def jump(service, by, *, since, now, moved=timedelta(0)):
    casework.note_clock_step(service, by.total_seconds(), now=now, moved=moved, since=since)


def while_ahead(service, act):
    """Let something happen at NOW under a clock of three hours too much; it is mended at once."""
    since = service.record.reading().head()
    jump(service, AHEAD, since=since, now=NOW + AHEAD)
    done = act(NOW + AHEAD)
    jump(service, -AHEAD, since=since, now=NOW + minutes(10), moved=-AHEAD)
    return done


def visits_missed(service, stay, now, send):
    casework.tick(service, now=now, send=send)
    raised = keys(service, stay, "raised").values()
    return [alert.due_at for alert in raised if alert.source == "visit" and alert.level == "A2"]


def happened(service, stay):
    """When everything that the clocks are told of happened."""
    reading = service.record.reading()
    detention = History.read(reading, reading.stay(stay)).detention(NOW + AHEAD)
    return [(event.kind, event.occurred_at) for event in detention.events]


def test_somebody_who_arrived_under_a_wrong_clock_is_missed_within_the_hour(service, send):
    stay = while_ahead(service, lambda at: opened(service, custody(at=at), now=at))

    assert service.record.reading().stay(stay).opened_at == NOW
    assert visits_missed(service, stay, NOW + minutes(61), send) == [NOW + minutes(60)]


def test_without_timing_anew_nobody_would_miss_them_for_three_hours(service, send, monkeypatch):
    monkeypatch.setattr(jumps, "time_facts_anew", lambda *given, **named: None)
    stay = while_ahead(service, lambda at: opened(service, custody(at=at), now=at))

    assert visits_missed(service, stay, NOW + minutes(61), send) == []


def test_a_visit_of_an_hour_to_come_does_not_put_off_the_next(service, send):
    stay = opened(service, custody(at=NOW - minutes(30)), now=NOW - minutes(30))
    while_ahead(
        service,
        lambda at: casework.record_visit(service, stay, casework.Visit(at), actor=OKAFOR, now=at),
    )

    assert ("visit", Moment.at(NOW + AHEAD)) in happened(service, stay)
    assert ("corrected", Moment.at(NOW)) in happened(service, stay)
    assert visits_missed(service, stay, NOW + minutes(61), send) == [NOW + minutes(60)]


def test_the_correction_names_its_cause_and_is_nobody_s(service):
    stay = while_ahead(service, lambda at: opened(service, custody(at=at), now=at))

    events = service.record.reading().stay_events(stay)
    [said] = [event for event in events if event.kind is EventKind.CORRECTED]
    assert said.actor.role == "timers"
    assert said.body["why"] == "typed while the clock of this service was 180 minutes ahead"


def test_a_clock_that_went_wrong_twice_is_set_back_twice(service):
    since, more = service.record.reading().head(), minutes(20)
    jump(service, AHEAD, since=since, now=NOW + AHEAD)
    jump(service, more, since=since, now=NOW + AHEAD + more)
    at = NOW + AHEAD + more
    stay = opened(service, custody(at=at), now=at)

    jump(service, -more, since=since, now=NOW + AHEAD + minutes(10), moved=-more)
    jump(service, -AHEAD, since=since, now=NOW + minutes(15), moved=-AHEAD)

    assert service.record.reading().stay(stay).opened_at == NOW


def test_what_somebody_typed_by_their_own_watch_is_left_alone(service):
    stay = while_ahead(service, lambda at: opened(service, custody(at=NOW), now=at))

    assert service.record.reading().stay(stay).opened_at == NOW


def test_what_a_person_has_corrected_already_is_left_as_they_said(service):
    def act(at):
        stay = opened(service, custody(at=at), now=at)
        [seq] = [event.seq for event in service.record.reading().stay_events(stay)][:1]
        right = casework.Correction("by my watch", occurred_at=Moment.at(NOW - minutes(5)))
        casework.correct(service, seq, right, actor=OKAFOR, now=at)
        return stay

    stay = while_ahead(service, act)

    assert service.record.reading().stay(stay).opened_at == NOW - minutes(5)


# ---------------------------------------------------------------------- what rests on a screening
DRUNK = {"intoxication": answered("incapable")}


def screened(service, stay, at, **said):
    return casework.record_screening(service, stay, everything_no(at, **said), actor=OKAFOR, now=at)


def planned(service, stay, source):
    """When the alerts of a source that are still to come are due, counted from NOW."""
    found = keys(service, stay, "planned").values()
    return [alert.due_at - NOW for alert in found if alert.source == source]


def screened_while_ahead(service, **said):
    stay = opened(service, custody(at=NOW - minutes(5)), now=NOW - minutes(5))
    while_ahead(service, lambda at: screened(service, stay, at, **said))
    return stay


REFUSES = {"answers": {"self_harm_now": REFUSED}}


def screened_by_a_right_clock(service, **said):
    """What all of this is compared with."""
    stay = opened(service, custody(2, at=NOW - minutes(5)), now=NOW - minutes(5))
    screened(service, stay, NOW, **said)
    return stay


def test_a_screening_under_a_wrong_clock_is_asked_for_again_when_it_should_be(service):
    stay = screened_while_ahead(service, **REFUSES)
    right = screened_by_a_right_clock(service, **REFUSES)
    again = planned(service, right, "rescreen"), planned(service, right, "ask_again")

    assert again != ([], [])
    assert (planned(service, stay, "rescreen"), planned(service, stay, "ask_again")) == again


def test_without_timing_it_anew_it_would_come_three_hours_late(service, monkeypatch):
    """The twin."""
    monkeypatch.setattr(jumps, "time_facts_anew", lambda *given, **named: None)
    stay = screened_while_ahead(service, **REFUSES)
    right = screened_by_a_right_clock(service, **REFUSES)
    late = [due + AHEAD for due in planned(service, right, "ask_again")]

    assert late != []
    assert planned(service, stay, "ask_again") == late


def test_the_page_shows_the_hours_that_the_alerts_keep(service):
    stay = screened_while_ahead(service, **REFUSES)
    view = casework.stay_view(service, stay, actor=OKAFOR, now=NOW + minutes(10), purpose="look")
    [line] = view.screenings
    [event] = [each for each in view.timeline if each.kind == "screening_saved"]

    assert (line.occurred_at, line.findings.at) == (NOW, NOW)
    assert view.findings.rescreen.due_at < NOW + AHEAD
    assert (event.occurred_at, event.corrected_by is not None) == (NOW + AHEAD, True)


def test_whoever_was_found_drunk_under_a_wrong_clock_is_roused_from_that_moment(service, send):
    stay = screened_while_ahead(service, observations=DRUNK)
    casework.tick(service, now=NOW + minutes(31), send=send)

    assert NOW + minutes(30) in [
        alert.due_at for alert in keys(service, stay, "raised").values() if alert.source == "rouse"
    ]


def test_without_timing_it_anew_nobody_would_be_called_to_rouse_them(service, send, monkeypatch):
    """The twin."""
    monkeypatch.setattr(jumps, "time_facts_anew", lambda *given, **named: None)
    stay = screened_while_ahead(service, observations=DRUNK)
    casework.tick(service, now=NOW + minutes(31), send=send)

    assert [each for each in keys(service, stay, "raised").values() if each.source == "rouse"] == []


def test_an_emergency_in_a_draft_under_a_wrong_clock_is_timed_anew_too(service):
    def act(at):
        details = everything_no(at, answers={"self_harm_now": answered("plan_or_intent")})
        return casework.save_draft(service, stay, {}, details=details, actor=OKAFOR, now=at)

    stay = opened(service, custody(at=NOW - minutes(5)), now=NOW - minutes(5))
    saved = while_ahead(service, act)
    reading = service.record.reading()
    [version] = History.read(reading, reading.stay(stay)).versions

    assert (version.seq, version.provisional, version.at) == (saved.recorded, True, NOW)
    assert [a.state for a in keys(service, stay).values() if a.source == "screening"] == ["raised"]


def test_a_charge_after_a_screening_of_an_hour_to_come_asks_for_the_next_one(service):
    """What happened after it would look as if it had been asked about already."""
    stay = screened_while_ahead(service)
    at = NOW + minutes(30)
    casework.record_event(service, stay, an_event("charged", at), actor=OKAFOR, now=at)

    assert [
        alert.due_at - at for alert in keys(service, stay).values() if alert.step == "after"
    ] == [minutes(30)]


def test_without_timing_it_anew_the_charge_would_ask_for_nothing(service, monkeypatch):
    """The twin."""
    monkeypatch.setattr(jumps, "time_facts_anew", lambda *given, **named: None)
    stay = screened_while_ahead(service)
    at = NOW + minutes(30)
    casework.record_event(service, stay, an_event("charged", at), actor=OKAFOR, now=at)

    assert [alert for alert in keys(service, stay).values() if alert.step == "after"] == []


def test_a_referral_under_a_wrong_clock_is_chased_when_it_should_be(service):
    decided = casework.RouteDecision(
        casework.RouteOutcome.ACCEPTED, NOW, route="drug_treatment", agreed=True
    )
    chased = []
    for number, ahead in enumerate((True, False)):
        began = NOW - minutes(5)
        stay = opened(service, custody(number + 5, at=began), now=began)

        def act(at, stay=stay):
            given = replace(decided, occurred_at=at)
            return casework.decide_route(service, stay, given, actor=NAIR, now=at)

        while_ahead(service, act) if ahead else act(NOW)
        chased.append(planned(service, stay, "referral"))

    assert chased[0] == chased[1] != []


def moved_and_asked_again(service, *, ahead):
    """Screened, then taken to another suite: when the screening there is due."""
    began = NOW - minutes(30)
    stay = opened(service, custody(7 if ahead else 8, at=began), now=began)
    screened(service, stay, NOW - minutes(20))

    def act(at):
        there = casework.Move(at, suite="dock_road")
        return casework.move_stay(service, stay, there, actor=OKAFOR, now=at)

    while_ahead(service, act) if ahead else act(NOW)
    return [alert.due_at - NOW for alert in keys(service, stay).values() if alert.step == "after"]


def test_a_move_to_another_suite_under_a_wrong_clock_asks_again_when_it_should(service):
    timed_anew, right = (moved_and_asked_again(service, ahead=each) for each in (True, False))

    assert timed_anew == right != []


def test_without_timing_a_move_anew_the_screening_there_would_come_three_hours_late(
    service, monkeypatch
):
    """The twin."""
    monkeypatch.setattr(jumps, "time_facts_anew", lambda *given, **named: None)
    late, right = (moved_and_asked_again(service, ahead=each) for each in (True, False))

    assert [each - AHEAD for each in late] == right != []


def asked_again(service, stay):
    found = keys(service, stay).values()
    return [(a.due_at - NOW, a.state) for a in found if a.source == "ask_again"]


def test_what_a_person_says_of_when_they_screened_moves_it_as_well(service):
    stay = opened(service)
    saved = screened(service, stay, NOW + minutes(20), **REFUSES)
    [(before, _)] = asked_again(service, stay)
    earlier = before - minutes(15)
    right = casework.Correction("by my watch", occurred_at=Moment.at(NOW + minutes(5)))
    said = casework.correct(service, saved.seq, right, actor=OKAFOR, now=NOW + minutes(25))
    moved = asked_again(service, stay)
    slip = casework.Correction("it was right", withdrawn=True)
    casework.correct(service, said.seq, slip, actor=OKAFOR, now=NOW + minutes(26))

    assert moved == [(earlier, "raised")]
    assert asked_again(service, stay) == [(earlier, "withdrawn"), (before, "planned")]
