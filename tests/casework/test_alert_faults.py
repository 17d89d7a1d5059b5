"""What the model and the simulated month found wrong once, each as a short story that stays."""

from datetime import date, timedelta

from tests.casework.conftest import (
    HCP,
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    keys,
    minutes,
    opened,
    with_mail,
)
from triage import casework
from triage.casework import planning
from triage.channels.messages import Outcome, Sent

SWALLOWED = {"swallowed_or_hidden": answered("yes")}


def emergencies(service, stay, state="raised"):
    return [a for a in keys(service, stay, state).values() if a.level == "A1"]


def test_an_emergency_from_a_terminal_whose_clock_is_ahead_does_not_wait_for_that_time(service):
    stay = opened(service)
    details = everything_no(NOW + timedelta(seconds=100), answers=SWALLOWED)

    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)

    assert [a.source for a in emergencies(service, stay)] == ["screening"]


def test_somebody_who_could_not_be_roused_by_a_clock_that_is_ahead_is_an_emergency_now(service):
    stay = opened(service)
    visit = casework.Visit(NOW + timedelta(seconds=100), rouse=False)

    casework.record_rousing(service, stay, visit, actor=OKAFOR, now=NOW)

    assert [a.source for a in emergencies(service, stay)] == ["not_roused"]


def test_an_emergency_found_again_is_raised_again_although_the_clock_was_set_back(service):
    stay = opened(service, custody(1))
    first = everything_no(NOW, answers=SWALLOWED)
    casework.record_screening(service, stay, first, actor=OKAFOR, now=NOW)
    for alert in emergencies(service, stay):
        casework.close(service, alert.key, outcome="at hospital", actor=OKAFOR, now=NOW)
    earlier = NOW - minutes(30)

    again = everything_no(earlier, answers=SWALLOWED)
    casework.record_screening(service, stay, again, actor=OKAFOR, now=earlier)

    assert emergencies(service, stay)


def test_an_emergency_goes_on_climbing_after_the_clock_was_set_back_between_two_processes(
    service, send
):
    stay = opened(service)
    details = everything_no(answers=SWALLOWED)
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    [alert] = emergencies(service, stay)
    back = NOW - minutes(180)

    climbed = []
    for minute in range(0, 10):
        done = casework.tick(service, now=back + minutes(minute), send=send)
        climbed += [minute for key in done.climbed if key == alert.key]

    assert climbed == [0, 2, 4, 6, 8]


def test_a_message_that_was_claimed_before_the_clock_was_set_back_is_sent_again(service, outbox):
    posted = with_mail(service)
    stay = opened(posted)
    details = everything_no(answers=SWALLOWED)
    casework.record_screening(posted, stay, details, actor=OKAFOR, now=NOW)
    with posted.record.writing(now=NOW) as writing:
        claimed = writing.claim_deliveries(100, timedelta(seconds=30))
    assert claimed

    casework.tick(
        posted,
        now=NOW - minutes(180),
        send=lambda message: outbox.append(message) or Sent(Outcome.SENT),
    )

    assert {each.key for each in claimed} <= {message.delivery_key for message in outbox}


def test_what_is_urgent_is_tried_again_every_thirty_seconds_however_often_that_failed(service):
    posted = with_mail(service)
    stay = opened(posted)
    details = everything_no(answers=SWALLOWED)
    casework.record_screening(posted, stay, details, actor=OKAFOR, now=NOW)
    [alert] = emergencies(posted, stay)
    first = f"{alert.key}:0:0:"
    tried = []

    for second in range(0, 200, 5):
        now = NOW + timedelta(seconds=second)
        casework.tick(
            posted,
            now=now,
            send=lambda message, second=second: (
                tried.append((message.delivery_key, second)) or Sent(Outcome.UNKNOWN)
            ),
        )

    [key] = {key for key, _ in tried if key.startswith(first) and "sergeant" in key}
    assert [second for of, second in tried if of == key] == [0, 30, 60, 90, 120, 150, 180]


def test_acknowledging_again_does_not_wind_up_the_time_to_act(service, send):
    stay = opened(service)
    details = everything_no(answers=SWALLOWED)
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    [alert] = emergencies(service, stay)
    clinical = casework.AckKind.CLINICAL

    for minute in (0, 5, 9):
        now = NOW + minutes(minute)
        casework.acknowledge(service, alert.key, kind=clinical, actor=HCP, now=now)
    done = casework.tick(service, now=NOW + minutes(10), send=send)

    assert done.reopened == (alert.key,)


def test_what_police_did_first_does_not_spare_the_clinician_who_takes_it(service, send):
    stay = opened(service)
    details = everything_no(answers=SWALLOWED)
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    [alert] = emergencies(service, stay)
    casework.act(service, alert.key, "looked in", actor=OKAFOR, now=NOW)
    clinical = casework.AckKind.CLINICAL

    casework.acknowledge(service, alert.key, kind=clinical, actor=HCP, now=NOW + minutes(1))
    done = casework.tick(service, now=NOW + minutes(11), send=send)

    assert done.reopened == (alert.key,)


def test_two_ages_that_disagree_do_not_stop_the_clocks_of_a_stay(service):
    stay = opened(service, custody(1, identity=casework.Identity(age=17, age_source="stated")))
    born = casework.Identity(date_of_birth=date(1999, 5, 1), age_source="document")

    saved = casework.record_identity(service, stay, born, actor=OKAFOR, now=NOW)

    assert saved.clocks is not None
    assert [a for a in keys(service, stay).values() if a.source == "cannot_be_evaluated"] == []


def test_nor_does_it_wait_when_the_server_was_set_back_and_the_terminal_was_not(service):
    stay = opened(service)
    set_back = NOW - minutes(20)
    details = everything_no(set_back + timedelta(seconds=90), answers=SWALLOWED)

    casework.record_screening(service, stay, details, actor=OKAFOR, now=set_back)

    assert [a.source for a in emergencies(service, stay)] == ["screening"]


def test_a_record_that_cannot_be_read_is_not_read_again_in_a_hot_loop(service, send, monkeypatch):
    opened(service)
    tried = []

    def failing(service, history, *, now):
        tried.append(now)
        raise ZeroDivisionError

    monkeypatch.setattr(planning, "detention_clocks", failing)
    memory = casework.Memory()
    for second in range(0, 60, 5):
        now = NOW + timedelta(seconds=second)
        casework.tick(service, now=now, send=send, memory=memory)

    assert set(tried) == {NOW}
