"""The timers in real processes: one leader, a killed one replaced, errors heard."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.casework.conftest import OKAFOR
from tests.fresh import fresh_record
from triage import casework, clock, scheduler
from triage.record import EventKind
from triage.rules_files import load, rules_dir
from triage.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 10, 24, 19, 50, tzinfo=UTC)
LONGEST = 60.0  # seconds; a wait for what will come, never a promise that is measured
LEADER = """
import sys, time
from pathlib import Path
from triage import casework, scheduler
from triage.settings import Settings

settings = Settings.load(Path(sys.argv[1]), {"TRIAGE_PASS_EVERY_SECONDS": "1"})
timers = scheduler.start(casework.service(settings))
while not timers.leading:
    time.sleep(0.01)
print("leading", flush=True)
time.sleep(600)
"""


@pytest.fixture
def service(tmp_path):
    record = fresh_record(tmp_path / "triage.db")
    yield casework.Service(
        record, load(rules_dir(), draft=True), Settings(tmp_path, tmp_path / "triage.db")
    )
    record.close()


def started(instance):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LEADER), str(instance)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def beat_after(service, moment):
    """The first heartbeat after a moment, waited for as long as a busy machine may need."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        beat = service.record.reading().last_heartbeat()
        if beat is not None and beat.at > moment:
            return beat
        time.sleep(0.05)
    return None


def test_one_process_leads_and_when_it_is_killed_the_other_takes_over(service):
    before = clock.now()
    first = started(service.settings.instance)
    assert first.stdout.readline() == "leading\n"
    second = started(service.settings.instance)
    try:
        assert beat_after(service, before) is not None
        assert second.poll() is None

        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        killed = clock.now()

        assert second.stdout.readline() == "leading\n"
        assert beat_after(service, killed) is not None
    finally:
        for process in (first, second):
            process.kill()
            process.wait()
            process.stdout.close()


def test_a_pass_by_hand_does_what_a_pass_of_the_timers_does(service):
    done = scheduler.run_pass(service, NOW)

    assert done.beat
    assert service.record.reading().last_heartbeat().at == NOW


def test_a_jump_of_the_wall_clock_goes_on_the_record_before_the_pass(service):
    wall = iter([NOW, NOW + timedelta(seconds=5), NOW - timedelta(hours=2)])
    steady = iter([100.0, 105.0, 110.0])
    timers = scheduler.Timers(service, lambda: next(wall), lambda: next(steady))

    for _ in range(3):
        timers.run_once()

    [event] = service.record.reading().rare_events(EventKind.CLOCK_STEPPED)
    assert event.header == {"seconds": -7210.0}


def test_a_clock_that_goes_as_time_goes_is_not_a_jump():
    watch = scheduler.ClockWatch()

    steps = [
        watch.step(NOW, 10.0),
        watch.step(NOW + timedelta(seconds=5), 15.0),
        watch.step(NOW + timedelta(seconds=12), 20.0),
    ]

    assert steps == [0.0, 0.0, 2.0]


def test_after_the_clock_was_set_back_the_timers_go_on_from_where_they_were():
    watch = scheduler.ClockWatch()
    moments = []

    for seconds, running in ((0, 0.0), (5, 5.0), (-7190, 10.0), (-7185, 15.0), (20, 20.0)):
        watch.step(NOW + timedelta(seconds=seconds), running)
        moments.append((watch.now() - NOW).total_seconds())

    assert moments == [0, 5, 10, 15, 20]


def test_a_jump_that_takes_back_an_earlier_one_is_followed():
    watch = scheduler.ClockWatch()
    ten_years = 10 * 365 * 86_400
    moments = []

    for seconds, running in ((0, 0.0), (ten_years, 5.0), (10, 10.0), (15, 15.0)):
        watch.step(NOW + timedelta(seconds=seconds), running)
        moments.append((watch.now() - NOW).total_seconds())

    assert moments == [0, ten_years, 10, 15]


def test_the_timers_are_with_the_wall_clock_again_once_it_has_caught_up():
    watch = scheduler.ClockWatch()
    moments = []

    for seconds, running in ((0, 0.0), (-60, 5.0), (-5, 60.0), (5, 70.0), (10, 75.0)):
        watch.step(NOW + timedelta(seconds=seconds), running)
        moments.append((watch.now() - NOW).total_seconds())

    assert moments == [0, 5, 60, 5, 10]


def went_on(kept, wall, running, boot="one"):
    watch = scheduler.ClockWatch()
    watch.go_on(kept, wall, running, boot)
    return watch, watch.step(wall, running)


def test_a_jump_between_two_processes_is_seen_by_the_second():
    first, _ = went_on({}, NOW, 100.0)

    second, jumped = went_on(first.kept(), NOW - timedelta(minutes=20), 160.0)

    assert jumped == -21 * 60
    assert second.now() == NOW + timedelta(minutes=1)


def test_an_hour_without_any_process_is_no_jump():
    first, _ = went_on({}, NOW, 100.0)

    second, jumped = went_on(first.kept(), NOW + timedelta(seconds=3601), 3700.0)

    assert (jumped, second.now()) == (1.0, NOW + timedelta(seconds=3601))


def test_after_a_restart_of_the_machine_time_has_not_gone_backwards():
    first, _ = went_on({}, NOW, 5000.0)

    later, none = went_on(first.kept(), NOW + timedelta(hours=1), 10.0, boot="two")
    back, jumped = went_on(first.kept(), NOW - timedelta(hours=1), 10.0, boot="two")

    assert (none, later.now()) == (0.0, NOW + timedelta(hours=1))
    assert (jumped, back.now()) == (-3600.0, NOW)


def test_what_was_last_recorded_stands_for_a_process_that_never_was():
    watch = scheduler.ClockWatch()
    watch.go_on({}, NOW - timedelta(minutes=2), 10.0, "one", recorded=NOW)

    assert watch.step(NOW - timedelta(minutes=2), 10.0) == -120
    assert watch.now() == NOW


def test_a_clock_that_was_put_right_before_anybody_arrived_is_no_jump(service):
    casework.adopt(service, actor=OKAFOR, now=NOW + timedelta(days=365))
    timers = scheduler.Timers(service, lambda: NOW, lambda: 10.0)

    timers.run_once(send=False)

    assert timers._moment() == NOW


def wrong_for_a_while(service, *, restart):
    """An urgent alert is raised while the clock is ahead; then that is taken back."""
    from tests.casework.conftest import answered as said
    from tests.casework.conftest import custody, everything_no, minutes

    world = {"true": NOW, "wall": NOW}

    def timers():
        return scheduler.Timers(
            service, lambda: world["wall"], lambda: (world["true"] - NOW).total_seconds()
        )

    def wait(span, jump=timedelta(0)):
        world["true"] += span
        world["wall"] += span + jump

    ours = timers()
    ours.run_once()
    wait(minutes(1), minutes(5))
    ours.run_once()
    stay = casework.open_stay(service, custody(), actor=OKAFOR, now=world["wall"]).stay
    details = everything_no(world["wall"], answers={"self_harm_now": said("thoughts")})
    casework.record_screening(service, stay, details, actor=OKAFOR, now=world["wall"])
    ours.run_once()
    wait(minutes(5), -minutes(5))
    ours = timers() if restart else ours
    ours.run_once()
    wait(minutes(5.1))
    return [alert.split(":")[2] for alert in ours.run_once().climbed]


@pytest.mark.parametrize("restart", [False, True], ids=["one process", "two processes"])
def test_nobody_waits_longer_because_a_clock_was_wrong_when_the_wait_began(service, restart):
    climbed = wrong_for_a_while(service, restart=restart)

    assert "urgent.liaison_nurse" in climbed
    retimed = [e for e in service.record.reading().all_events() if e.kind == "alert_retimed"]
    jumps = service.record.reading().rare_events(EventKind.CLOCK_STEPPED)
    assert {event.header["seconds"] for event in retimed} == {-300.0}
    assert {event.header["by_event"] for event in retimed} == {jumps[0].seq}


def test_without_timing_it_anew_the_same_wait_is_longer(service, monkeypatch):
    from triage.casework import jumps

    monkeypatch.setattr(jumps, "_retime", lambda *given, **more: None)

    assert "urgent.liaison_nurse" not in wrong_for_a_while(service, restart=False)


def test_whoever_takes_an_alert_after_a_set_back_has_the_whole_time_to_act(service):
    from tests.casework.conftest import NAIR, OKAFOR, custody, everything_no, minutes
    from tests.casework.conftest import answered as said

    stay = casework.open_stay(service, custody(), actor=OKAFOR, now=NOW).stay
    details = everything_no(NOW, answers={"self_harm_now": said("thoughts")})
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    back = NOW - timedelta(hours=2)
    walls = iter([NOW, back, back + minutes(59), back + minutes(63)])
    steady = iter([0.0, 5.0, 59 * 60.0, 63 * 60.0])
    timers = scheduler.Timers(service, lambda: next(walls), lambda: next(steady))
    timers.run_once()
    timers.run_once()

    [key] = [
        alert.key
        for alert in service.record.reading().alerts_of(stay)
        if alert.step == "urgent.liaison_nurse"
    ]
    clinical = casework.AckKind.CLINICAL
    casework.acknowledge(service, key, kind=clinical, actor=NAIR, now=back + minutes(1))
    early, late = timers.run_once().reopened, timers.run_once().reopened

    assert key not in early
    assert key in late


def test_what_falls_due_while_the_clock_is_set_back_is_raised_on_time(service):
    from tests.casework.conftest import OKAFOR, custody, minutes

    stay = casework.open_stay(service, custody(), actor=OKAFOR, now=NOW).stay
    wall = iter([NOW, NOW - timedelta(hours=2), NOW - timedelta(hours=2) + minutes(61)])
    steady = iter([0.0, 5.0, 5.0 + 61 * 60])
    timers = scheduler.Timers(service, lambda: next(wall), lambda: next(steady))

    for _ in range(3):
        timers.run_once()

    overdue = [a for a in service.record.reading().alerts_of(stay) if a.is_open]
    assert [alert.source for alert in overdue if alert.level == "A2"] == ["visit"]
    told = casework.timers(service, now=NOW - timedelta(hours=2) + minutes(61))
    assert told.stale


def test_no_alert_is_unraised_or_missed_when_the_clock_jumps_back(service):
    from tests.casework.conftest import OKAFOR, custody, minutes

    stay = casework.open_stay(service, custody(), actor=OKAFOR, now=NOW).stay
    scheduler.run_pass(service, NOW + minutes(61))
    before = {a.key for a in service.record.reading().alerts_of(stay) if a.is_open}

    scheduler.run_pass(service, NOW - minutes(60))
    scheduler.run_pass(service, NOW + minutes(61))

    after = {a.key for a in service.record.reading().alerts_of(stay) if a.is_open}
    assert before
    assert before <= after
    recorded = [event.recorded_at for event in service.record.reading().all_events()]
    assert recorded == sorted(recorded)


def test_a_pass_that_fails_is_said_aloud_and_the_next_one_runs(service, caplog, monkeypatch):
    ran = threading.Event()

    def failing(*args, **named):
        ran.set()
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(scheduler, "tick", failing)
    timers = scheduler.Timers(service)
    timers.start()
    assert ran.wait(60)
    timers.stop()

    assert "a pass of the timers failed: ZeroDivisionError" in caplog.text


def test_timers_that_are_stopped_while_they_take_the_lead_leave_nothing_running(
    service, monkeypatch
):
    made, begun, stopping = [], threading.Event(), threading.Event()

    class Slow(scheduler.BackgroundScheduler):
        def start(self, *args, **named):
            super().start(*args, **named)
            made.append(self)
            begun.set()
            stopping.wait(60)

    monkeypatch.setattr(scheduler, "BackgroundScheduler", Slow)
    monkeypatch.setattr(scheduler, "tick", lambda *args, **named: (_ for _ in ()).throw(OSError))
    timers = scheduler.Timers(service)
    timers.start()
    assert begun.wait(60)

    stopper = threading.Thread(target=timers.stop)
    stopper.start()
    timers._stopped.wait(60)  # it is on its way, and the lead is not quite taken
    stopping.set()
    stopper.join(60)

    assert (timers.leading, made[0].running, timers._lock) == (False, False, None)
