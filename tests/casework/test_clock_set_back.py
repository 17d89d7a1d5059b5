"""What was typed while the clock of the service ran ahead is timed anew once it is set back."""

from datetime import timedelta

from tests.casework.conftest import NOW, OKAFOR, custody, keys, minutes, opened
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
