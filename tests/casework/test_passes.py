"""One pass of the timers: in order, late and said so, alone with what is broken, never twice."""

import multiprocessing
import queue
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from tests.casework.conftest import (
    HCP,
    NOW,
    OKAFOR,
    custody,
    keys,
    minutes,
    opened,
    rulebook,
    section136,
    with_mail,
)
from tests.channels.servers import says, server
from tests.depth import depth
from tests.faults.server import WAIT
from triage import casework
from triage.casework import passes, planning
from triage.casework.sending import send_planned
from triage.channels.messages import Outcome, Sent
from triage.domain.clocks import AlertState, PlannedAlert
from triage.record import EventKind, Record
from triage.record.claims import ClaimWrites
from triage.record.raisings import RAISED, apart
from triage.settings import Settings, Webhook


def raised_events(service):
    events = service.record.reading().all_events()
    return [one for event in events if event.kind in RAISED for one in apart(event)]


def test_after_three_hours_down_all_is_raised_in_order_of_severity_late_and_with_its_true_time(
    service, send
):
    check = section136(1, place="police_station", identity=casework.Identity(age=41))
    opened(service, check)
    opened(service, custody(2))
    opened(service, section136(3))
    back = NOW + minutes(180)

    done = casework.tick(service, now=back, send=send)

    alerts = {key: service.record.reading().alert(key) for key in done.raised}
    levels = [alerts[key].level for key in done.raised]
    assert levels == sorted(levels)
    assert {"A1", "A2", "A3"} <= set(levels)
    assert all(a.late_seconds == (back - a.due_at).total_seconds() for a in alerts.values())
    planned = {k for s in alerts for k in keys(service, alerts[s].stay, "planned")}
    assert all(service.record.reading().alert(key).due_at > back for key in planned)
    assert done.beat


def test_after_an_outage_only_the_highest_crossed_step_of_a_clock_calls_people(service, outbox):
    posted = with_mail(service)
    stay = opened(posted, section136())
    back = NOW + minutes(23 * 60 + 50)

    casework.tick(posted, now=back, send=lambda m: outbox.append(m) or Sent(Outcome.SENT))

    lapse = [a for a in keys(service, stay).values() if a.source == "permitted_period"]
    states = {a.step: (a.state, a.closed_reason) for a in lapse}
    assert states["before_15"] == ("raised", None)
    overtaken = ("after_3h", "after_6h", "after_12h", "after_18h", "before_120", "before_60")
    assert all(states[step] == ("closed", "overtaken") for step in overtaken)
    reading = service.record.reading()
    called = {a.step for a in lapse if reading.deliveries(a.key)}
    assert called == {"before_15"}


def test_a_second_pass_at_the_same_moment_does_nothing(service, send):
    opened(service, section136())
    casework.tick(service, now=NOW + minutes(200), send=send)
    head = service.record.reading().head()

    again = casework.tick(service, now=NOW + minutes(200), send=send)

    assert (again.raised, again.climbed, again.planned) == ((), (), 0)
    assert service.record.reading().head() == head


def test_an_alert_that_was_lost_from_the_outbox_is_planned_again(service, send):
    stay = opened(service, section136())
    before = keys(service, stay, "planned")
    with service.record.writing(now=NOW) as writing:
        writing.plan(stay, [])
    assert keys(service, stay, "planned") == {}

    done = casework.tick(service, now=NOW, send=send)

    assert done.planned == len(before)
    assert keys(service, stay, "planned") == before


def test_one_poisoned_record_harms_no_other_and_becomes_an_emergency_once(
    service, send, monkeypatch
):
    poisoned, sound = opened(service, custody(1)), opened(service, section136(2))
    real = planning.detention_clocks

    def failing(service, history, *, now):
        if history.stay.id == poisoned:
            raise ZeroDivisionError("a secret of the person")
        return real(service, history, now=now)

    monkeypatch.setattr(planning, "detention_clocks", failing)
    first = casework.tick(service, now=NOW + minutes(185), send=send)
    second = casework.tick(service, now=NOW + minutes(186), send=send)

    assert first.failed == second.failed == (poisoned,)
    assert first.beat and second.beat
    ours = [a for a in keys(service, poisoned).values() if a.source == "cannot_be_evaluated"]
    assert [(a.level, a.is_open) for a in ours] == [("A1", True)]
    assert any(a.is_open for a in keys(service, sound).values())
    assert any(a.is_open and a.source == "visit" for a in keys(service, poisoned).values())


def test_a_fault_is_logged_by_its_place_and_never_by_what_it_says(
    service, send, monkeypatch, caplog
):
    opened(service)

    def failing(service, history, *, now):
        raise ZeroDivisionError("a secret of the person")

    monkeypatch.setattr(planning, "detention_clocks", failing)
    casework.tick(service, now=NOW, send=send)

    assert "ZeroDivisionError at test_passes.py" in caplog.text
    assert "secret" not in caplog.text


def test_an_incomplete_pass_does_not_beat(service, send, monkeypatch):
    opened(service, section136())
    casework.tick(service, now=NOW, send=send)

    def failing(*args, **named):
        raise ZeroDivisionError

    monkeypatch.setattr(passes, "raise_due", failing)
    done = casework.tick(service, now=NOW + minutes(200), send=send)

    assert not done.beat
    assert service.record.reading().last_heartbeat().at == NOW


def test_a_pass_that_ended_says_when_and_a_stale_one_is_loud(service, send):
    never = casework.timers(service, now=NOW)
    casework.tick(service, now=NOW, send=send)

    fresh = casework.timers(service, now=NOW + timedelta(seconds=15))
    stale = casework.timers(service, now=NOW + timedelta(seconds=16))

    assert (never.stale, fresh.stale, stale.stale) == (True, False, True)
    assert fresh.last_pass_at == NOW


def test_with_a_memory_a_stay_is_looked_at_once_a_minute_and_always_under_new_rules(
    service, send, monkeypatch
):
    opened(service)
    looked = []
    real = passes._plan_one
    monkeypatch.setattr(
        passes, "_plan_one", lambda s, stay, now: looked.append(now) or real(s, stay, now)
    )
    memory = casework.Memory()

    for second in (0, 5, 55, 60, 65):
        now = NOW + timedelta(seconds=second)
        casework.tick(service, now=now, send=send, memory=memory)
    assert looked == [NOW, NOW + timedelta(seconds=60)]

    new_rules = replace(service, rulebook=replace(service.rulebook, fingerprint="another"))
    casework.tick(new_rules, now=NOW + timedelta(seconds=70), send=send, memory=memory)
    assert looked[-1] == NOW + timedelta(seconds=70)


def test_a_complete_pass_notes_the_ends_of_the_record_outside_it_once_a_minute(service, send):
    opened(service)
    memory = casework.Memory()
    noted = []

    for second in (0, 30, 60):
        casework.tick(service, now=NOW + timedelta(seconds=second), send=send, memory=memory)
        noted.append(memory.anchored_at)

    assert noted == [NOW, NOW, NOW + timedelta(seconds=60)]
    assert (service.settings.instance / "anchors.log").exists()


def test_a_step_of_the_wall_clock_is_an_event(service):
    casework.note_clock_step(service, -7200.0, now=NOW)

    [event] = service.record.reading().rare_events(EventKind.CLOCK_STEPPED)
    assert event.header == {"seconds": -7200.0}


def test_a_role_that_nobody_covers_is_an_alert_of_its_own_and_the_chain_goes_on(service, send):
    practice = dict(service.rulebook.practice)
    practice["suites"] = {"suite": [{"id": "castle_street", "cover": [_off("custody_sergeant")]}]}
    empty = replace(service, rulebook=replace(service.rulebook, practice=practice))
    stay = opened(empty)

    casework.tick(empty, now=NOW + minutes(61), send=send)

    [missing] = [a for a in service.record.reading().open_alerts() if a.source == "rota"]
    assert (missing.level, missing.step) == ("SYS1", "custody_sergeant")
    assert keys(service, stay, "raised")


def _off(role):
    """Somebody who is never there, and nobody steps in."""
    return {"role": role, "days": [], "from": "00:00", "to": "24:00"}


def _many(record, stays, due):
    """So many alerts, all due at once, on a few stays."""
    with record.writing(now=NOW) as writing:
        for number, stay in enumerate(stays):
            alerts = [
                PlannedAlert(
                    f"test:due:{number}-{n}", None, None, "A2", NOW, ("custody_sergeant",),
                    AlertState.PLANNED, 0, "Due.",
                )
                for n in range(due // len(stays))
            ]  # fmt: skip
            writing.plan(stay, alerts)


def _race(path, instance, results):
    passes._plan_missing = lambda service, now, memory: (0, ())  # what is due is what we planted
    record = Record.open(path)
    service = casework.Service(record, rulebook(), Settings(instance, path))
    done = casework.tick(service, now=NOW + minutes(1), send=lambda message: Sent(Outcome.SENT))
    results.put(done.raised)
    record.close()


def test_four_processes_raise_a_thousand_due_alerts_once_each(service):
    stays = [opened(service, custody(n)) for n in range(1, 6)]
    due = depth(1_000, 10_000)
    _many(service.record, stays, due)
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    racers = [
        context.Process(
            target=_race, args=(service.record.path, service.settings.instance, results)
        )
        for _ in range(4)
    ]

    for racer in racers:
        racer.start()
    raised = [key for _ in racers for key in results.get(timeout=300)]
    for racer in racers:
        racer.join()

    ours = [key for key in raised if ":test:" in key]
    assert len(ours) == len(set(ours)) == due
    events = [e.header["key"] for e in raised_events(service) if ":test:" in e.header["key"]]
    assert len(events) == len(set(events)) == due


def test_a_planted_second_raising_of_one_alert_would_be_seen(service, monkeypatch):
    """The twin of the race: without the second look at the state, an alert is raised twice."""
    stay = opened(service)
    _many(service.record, [stay], 1)
    [due] = [a for a in service.record.reading().alerts_due(NOW) if ":test:" in a.key]
    monkeypatch.setattr(passes, "_still", lambda writing, keys, state: [due])

    passes._raise_batch(service, [due.key], NOW)
    passes._raise_batch(service, [due.key], NOW)

    events = [e.header["key"] for e in raised_events(service) if ":test:" in e.header["key"]]
    assert len(events) == 2


# Sending at once


def _send_all(path, instance, url, results):
    """One of several senders: it goes on until nothing is left for it."""
    record = Record.open(path)
    settings = replace(Settings(instance, path), webhook=Webhook(url, timeout_seconds=WAIT))
    service = casework.Service(record, rulebook(), settings)
    while sent := send_planned(service, now=NOW + minutes(1), send=casework.mail(service)):
        results.put(sent)
    results.put(0)
    record.close()


def _wait_to_be_sent(service, number):
    """So many messages in the outbox, each about an alert that was raised."""
    hooked = replace(service, settings=replace(service.settings, webhook=Webhook("http://h.test")))
    _many(hooked.record, [opened(hooked, custody(1))], number)
    passes._raise_all(hooked, NOW)


def test_four_senders_send_everything_that_waits_once_each(service):
    number = depth(200, 10_000)
    _wait_to_be_sent(service, number)
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    with server(says(204, b"")) as there:
        given = (service.record.path, service.settings.instance, there.url, results)
        senders = [context.Process(target=_send_all, args=given) for _ in range(4)]
        for each in senders:
            each.start()
        tries = [results.get(timeout=300) for _ in senders]
        while any(each.is_alive() for each in senders) or not results.empty():
            with suppress(queue.Empty):
                tries.append(results.get(timeout=0.2))
        for each in senders:
            each.join()

    arrived = Counter(each.headers["idempotency-key"] for each in there.requests)
    assert sum(tries) == len(there.requests) == len(arrived) >= number
    assert set(arrived.values()) == {1}


def test_a_claim_that_does_not_look_at_the_state_would_send_twice(service, monkeypatch):
    """The twin: whoever takes what another has taken already is seen."""
    _wait_to_be_sent(service, 5)
    sent = []

    def careless(self, limit, lease, *, channel=None, stale=False, planned_before=None):
        return () if stale else tuple(each for key in keys_of_all for each in self.deliveries(key))

    keys_of_all = {a.key for a in service.record.reading().open_alerts()}
    monkeypatch.setattr(ClaimWrites, "claim_deliveries", careless)
    hooked = replace(service, settings=replace(service.settings, webhook=Webhook("http://h.test")))
    for _ in range(2):
        send_planned(hooked, now=NOW, send=lambda m: sent.append(m.reference) or Sent(Outcome.SENT))

    assert set(Counter(sent).values()) == {2}


def test_what_is_over_is_not_sent_any_more(service):
    posted = with_mail(service)
    stay = opened(posted)
    casework.record_rousing(posted, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)
    [key] = [k for k, a in keys(service, stay, "raised").items() if a.source == "not_roused"]
    sent = []

    casework.close(posted, key, outcome="at hospital", actor=HCP, now=NOW)
    casework.tick(posted, now=NOW, send=lambda m: sent.append(m) or Sent(Outcome.SENT))

    assert sent == []
