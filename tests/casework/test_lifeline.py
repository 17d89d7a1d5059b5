"""Alerts about the service itself: raised, climbing, taken like others, over when it is over."""

from collections import namedtuple
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.casework.conftest import (
    LEAD,
    NAIR,
    NOW,
    OKAFOR,
    custody,
    everything_no,
    minutes,
    opened,
    section136,
    with_mail,
)
from triage import casework, scheduler
from triage.casework import AckKind, lifeline, passes
from triage.casework.in_force import Trouble
from triage.casework.system_alerts import open_ones
from triage.channels.messages import Outcome, Sent
from triage.record import EventKind, NewEvent
from triage.record.operations import Duty

BROKEN = Trouble("The rules in the folder 'rules' are refused: x.", "The last goes on.", True)


def system(service):
    """What is open about the service itself, by what it says."""
    return {f"{a.source}:{a.step}": a for a in open_ones(service.record.reading())}


def ended(service, key):
    alert = service.record.reading().alert(key)
    return alert.state, alert.closed_reason


def nothing_leaves(message):
    return Sent(Outcome.UNKNOWN, "down")


def tick(service, now, send=nothing_leaves):
    return casework.tick(service, now=now, send=send)


def emergency(service, number=1, now=NOW):
    stay = opened(service, custody(number, at=now))
    casework.record_rousing(service, stay, casework.Visit(now, rouse=False), actor=OKAFOR, now=now)


def on_rota(service, actor, begins, ends):
    duty = Duty(
        f"d-{actor.account}", "castle_street", actor.role, actor.account, actor.name, None,
        NOW + minutes(begins), NOW + minutes(ends),
    )  # fmt: skip
    casework.set_duty(service, duty, actor=LEAD, now=NOW)


# Whole ---------------------------------------------------------------------------------------


def test_while_the_net_is_whole_nothing_is_said(service, send):
    posted = with_mail(service)
    emergency(posted)

    for step in range(10):
        tick(posted, NOW + minutes(step), send)

    assert system(posted) == {}


# Rules ---------------------------------------------------------------------------------------


def test_rules_that_cannot_speak_are_an_alert_in_the_next_pass_and_end_with_their_cause(
    service, outbox, send
):
    posted = with_mail(service)
    tick(replace(posted, trouble=BROKEN), NOW, send)
    [alert] = system(posted).values()
    assert (alert.level, alert.words) == ("SYS1", BROKEN.words)
    assert {"custody_sergeant", "control_room"} <= set(alert.to_roles)
    assert {m.to[0] for m in outbox} >= {"okafor@example.test", "control@example.test"}

    tick(posted, NOW + minutes(1), send)

    assert system(posted) == {}
    assert ended(posted, alert.key) == ("closed", "It is over: the rules folder speaks again.")


def test_a_system_alert_climbs_like_an_emergency_until_somebody_takes_it(service, outbox, send):
    broken = replace(with_mail(service), trouble=BROKEN)
    for minute in (0, 2, 4):
        tick(broken, NOW + minutes(minute), send)
    [alert] = system(broken).values()
    assert alert.chain_step == 2
    assert "marsh@example.test" in {m.to[0] for m in outbox}

    casework.acknowledge(broken, alert.key, kind=AckKind.POLICE, actor=OKAFOR, now=NOW + minutes(5))
    before = len(outbox)
    tick(broken, NOW + minutes(8), send)

    assert len(outbox) == before


def test_what_a_person_closed_while_it_stands_comes_back_after_an_hour(service, send):
    broken = replace(service, trouble=BROKEN)
    tick(broken, NOW, send)
    [first] = system(broken).values()
    casework.close(broken, first.key, outcome="told the owner", actor=OKAFOR, now=NOW)

    tick(broken, NOW + minutes(59), send)
    assert system(broken) == {}
    tick(broken, NOW + minutes(60), send)

    [again] = system(broken).values()
    assert (first.episode, again.episode) == ("1", "2")


# Channels ------------------------------------------------------------------------------------


def test_mail_that_has_been_down_for_too_long_is_an_alert_and_ends_when_one_gets_out(service, send):
    posted = with_mail(service)
    emergency(posted)
    for seconds in range(0, 330, 15):
        tick(posted, NOW + timedelta(seconds=seconds))
        if seconds < 300:
            assert system(posted) == {}
    [down] = system(posted).values()
    assert (down.level, down.source, down.step) == ("SYS2", "channel", "email")
    assert "No message has left by email since" in down.words

    tick(posted, NOW + minutes(30), send)
    tick(posted, NOW + minutes(31), send)

    assert system(posted) == {}
    assert ended(posted, down.key)[1] == "It is over: a message left by this channel again."


def test_mail_that_is_refused_for_good_is_down_as_well(service):
    """A wrong password is not tried again, and nobody hears anything all the same."""
    posted = with_mail(service)
    emergency(posted)

    for minute in (0, 6):
        tick(posted, NOW + minutes(minute), lambda message: Sent(Outcome.FAILED, "535"))

    assert list(system(posted)) == ["channel:email"]


def test_one_bad_address_is_not_a_channel_that_is_down(service):
    posted = with_mail(service)
    emergency(posted)

    def one_is_gone(message):
        gone = message.to == ("hcp@example.test",)
        return Sent(Outcome.FAILED, "550") if gone else Sent(Outcome.SENT)

    for minute in range(12):
        tick(posted, NOW + minutes(minute), one_is_gone)

    assert system(posted) == {}


def test_a_role_without_an_address_is_not_a_channel_that_is_down(service, send):
    posted = with_mail(service, to={"lead_nurse": ("lead@example.test",)})
    emergency(posted)

    for minute in (0, 1):
        tick(posted, NOW + minutes(minute), send)
    tick(posted, NOW + minutes(30), lambda message: Sent(Outcome.SENT))

    assert system(posted) == {}


# Rota ----------------------------------------------------------------------------------------


def test_a_slot_that_runs_empty_is_an_alert_before_anything_needs_it(service, send):
    on_rota(service, NAIR, -60, 30)
    tick(service, NOW, send)
    assert system(service) == {}

    tick(service, NOW + minutes(30), send)
    [hole] = system(service).values()
    assert (hole.level, hole.source, hole.step, hole.suite) == (
        "SYS1", "rota", "liaison_nurse", "castle_street",
    )  # fmt: skip
    on_rota(service, NAIR, -60, 90)
    tick(service, NOW + minutes(31), send)

    assert ended(service, hole.key) == ("closed", "It is over: somebody covers now.")


def test_a_role_that_is_not_there_at_this_hour_is_no_hole(service, send):
    on_rota(service, NAIR, -60, 30)

    tick(service, NOW + minutes(10 * 60), send)  # 05:50; she covers from 8 to 22

    assert system(service) == {}


# The timers themselves -----------------------------------------------------------------------


def test_a_pass_that_cannot_be_finished_is_an_alert_and_a_complete_one_ends_it(
    service, send, monkeypatch
):
    opened(service, section136())

    def broken(*args, **rest):
        raise RuntimeError("planted")

    with monkeypatch.context() as planted:
        planted.setattr(passes, "climb", broken)
        emergency(service)
        done = tick(service, NOW + minutes(2), send)
        assert not done.beat
        [alert] = system(service).values()
        assert (alert.level, alert.source, alert.step) == ("SYS1", "engine", "pass")

    after = tick(service, NOW + minutes(3), send)

    assert after.beat
    assert ended(service, alert.key) == ("closed", "It is over: a pass was complete again.")


def timers_at(service, *moments):
    walls = iter(moments)
    seconds = iter([(each - moments[0]).total_seconds() for each in moments])
    return scheduler.Timers(service, lambda: next(walls), lambda: next(seconds))


def test_a_pass_that_breaks_off_is_an_alert_too(service, monkeypatch):
    timers = timers_at(service, NOW)

    def broken(*args, **rest):
        raise RuntimeError("planted")

    monkeypatch.setattr(scheduler, "tick", broken)
    with pytest.raises(RuntimeError):
        timers.run_once()

    assert list(system(service)) == ["engine:pass"]


def test_a_net_that_cannot_be_looked_at_harms_no_alert(service, send, monkeypatch):
    def broken(*args, **rest):
        raise RuntimeError("planted")

    monkeypatch.setattr(lifeline, "check", broken)
    emergency(service)

    assert tick(service, NOW + minutes(2), send).beat


def test_after_a_standstill_it_is_said_from_when_to_when_and_only_a_person_ends_it(service, send):
    tick(service, NOW, send)
    later = NOW + minutes(161)

    timers_at(service, later).run_once()
    tick(service, later + minutes(1), send)

    [gap] = system(service).values()
    assert (gap.level, gap.source, gap.step) == ("SYS2", "engine", "gap")
    assert gap.words.startswith("The timers stood still from Sat 24 Oct 2026 20:50")


def test_a_restart_of_a_moment_is_no_standstill(service, send):
    tick(service, NOW, send)

    timers_at(service, NOW + timedelta(seconds=60)).run_once()

    assert system(service) == {}


def test_a_disk_that_fills_up_is_said_early_and_ends_when_there_is_space(service, monkeypatch):
    usage = namedtuple("usage", "total used free")
    left = [10**8, 10**8, 10**11]
    monkeypatch.setattr(lifeline.shutil, "disk_usage", lambda path: usage(10**12, 0, left.pop(0)))

    for minute in range(2):
        lifeline.disk(service, now=NOW + minutes(minute))
    [full] = system(service).values()
    lifeline.disk(service, now=NOW + minutes(2))

    assert "Only 100 MB of disk are left" in full.words
    assert ended(service, full.key) == ("closed", "It is over: there is space again.")


# The twin ------------------------------------------------------------------------------------


def test_a_net_that_nobody_looks_at_would_be_noticed(service, monkeypatch):
    monkeypatch.setattr(lifeline, "check", lambda service, **rest: ())

    tick(replace(service, trouble=BROKEN), NOW)

    assert system(service) == {}


def test_screening_goes_on_under_a_system_alert(service, send):
    broken = replace(service, trouble=BROKEN)
    tick(broken, NOW, send)
    stay = opened(broken)

    saved = casework.record_screening(broken, stay, everything_no(), actor=OKAFOR, now=NOW)

    assert saved.findings is not None


def test_who_took_a_system_alert_is_named_however_much_was_recorded_before_they_did(service):
    broken = replace(service, trouble=BROKEN)
    tick(broken, NOW)
    [alert] = system(broken).values()
    stay = opened(broken)
    with broken.record.writing(now=NOW) as writing:
        for number in range(1_010):  # a busy day
            seen = {"about": "seen", "number": number}
            writing.append(NewEvent(EventKind.NOTE, OKAFOR, NOW, stay=stay, header=seen))

    casework.acknowledge(broken, alert.key, kind=AckKind.POLICE, actor=OKAFOR, now=NOW)

    [line] = casework.alert_list(broken, [], actor=NAIR, now=NOW).lines
    assert [holder.name for holder in line.holders] == ["PS Okafor"]
