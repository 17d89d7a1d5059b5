"""What one act finds is one event; each alert of it is told, climbs and ends by itself."""

from datetime import timedelta

import pytest

from tests.casework.conftest import (
    HCP,
    NAIR,
    NOW,
    OKAFOR,
    REFUSED,
    answered,
    custody,
    everything_no,
    minutes,
    opened,
    rulebook,
)
from tests.record.kept import kept
from triage import casework
from triage.casework import raising
from triage.casework.corrections import Correction
from triage.domain.errors import InputError
from triage.present import timeline
from triage.record import EventKind, Record, migrate, rebuild, verify
from triage.record.raisings import RAISED, apart, together
from triage.settings import Settings


def several_needs(service, *, now=NOW):
    """Somebody of whom one screening finds enough for several alerts."""
    stay = opened(service, custody(1))
    said = {
        "drinks_daily": answered("daily_15u_plus"),
        "self_harm_now": REFUSED,
        "home_tonight": answered("losing_56d"),
    }
    details = everything_no(at=now, answers=said)
    saved = casework.record_screening(service, stay, details, actor=OKAFOR, now=now)
    return stay, saved


def raisings(service, stay):
    return [e for e in service.record.reading().stay_events(stay) if e.kind in RAISED]


def open_keys(service, stay):
    return {alert.key for alert in service.record.reading().alerts_of(stay) if alert.is_open}


def test_what_one_screening_finds_is_raised_by_one_event(service):
    stay, _ = several_needs(service)

    [event] = raisings(service, stay)

    assert event.kind is EventKind.ALERTS_RAISED
    assert set(event.alert_keys) == open_keys(service, stay)
    assert len(event.alert_keys) >= 4
    assert rebuild(service.record.path, keep=False).same
    assert verify(service.record.path, full=True).ok


def test_each_alert_is_told_from_its_own_raising_to_its_own_end(service):
    stay, _ = several_needs(service)
    [event] = raisings(service, stay)
    first, second = event.alert_keys[:2]
    casework.acknowledge(
        service, first, kind=casework.AckKind.CLINICAL, actor=HCP, now=NOW + minutes(2)
    )

    view = casework.stay_view(service, stay, actor=OKAFOR, now=NOW + minutes(3))
    told = [each for each in view.timeline if each.kind == "alert_raised"]
    lives = timeline.stories(view.timeline, now=NOW + minutes(3))

    words = {alert.key: alert.words for alert in service.record.reading().alerts_of(stay)}
    assert [each.parts["key"] for each in told] == list(event.alert_keys)
    assert {each.seq for each in told} == {event.seq}
    assert {each.what for each in told} == {":".join(k.split(":")[1:3]) for k in event.alert_keys}
    assert {each.parts["key"]: each.parts["words"] for each in told} == {
        key: words[key] for key in event.alert_keys
    }
    assert sorted(len(life.steps) for life in lives) == [1] * (len(told) - 1) + [2]
    taken = {alert.key: alert.ack_by for alert in service.record.reading().alerts_of(stay)}
    assert (taken[first], taken[second]) == ("hcp", None)


def test_each_alert_climbs_along_the_chain_that_it_was_raised_with(service, send):
    stay, _ = several_needs(service)
    [event] = raisings(service, stay)
    chains = {one.header["key"]: one.header["chain"] for one in apart(event)}
    steps = {key: chain[2][1] for key, chain in chains.items() if len(chain[2]) > 1}
    assert len({tuple(step) for step in steps.values()}) > 1  # not all climb alike

    for minute in range(1, 61):
        casework.tick(service, now=NOW + minutes(minute), send=send)

    climbed = {}
    for each in service.record.reading().stay_events(stay):
        if each.kind is EventKind.ALERT_CLIMBED and each.header["key"] in steps:
            climbed.setdefault(each.header["key"], each)
    assert {
        key: (each.occurred_at - event.occurred_at, set(chains[key][2][1][1:]))
        for key, each in climbed.items()
    } == {key: (timedelta(minutes=step[0]), set(step[1:])) for key, step in steps.items()}


def test_alerts_raised_together_are_no_entry_that_can_be_corrected(service):
    stay, _ = several_needs(service)
    [event] = raisings(service, stay)
    correction = Correction("not so", withdrawn=True)

    with pytest.raises(InputError, match="nothing with this number"):
        casework.correct(service, event.seq, correction, actor=OKAFOR, now=NOW + minutes(1))


def test_what_a_screening_found_goes_when_the_screening_is_withdrawn(service):
    stay, saved = several_needs(service)
    before = open_keys(service, stay)
    correction = Correction("another person's answers", withdrawn=True)

    casework.correct(service, saved.seq, correction, actor=OKAFOR, now=NOW + minutes(1))

    assert len(before) >= 4
    assert open_keys(service, stay) & before == set()
    assert rebuild(service.record.path, keep=False).same


def test_an_alert_that_the_event_lost_is_still_planned_and_the_next_pass_raises_it(
    service, send, monkeypatch
):
    """The planted fault: the act loses one of them. It is late by a pass, and not lost."""

    def loses_the_last(raised):
        return together(raised[:-1] if len(raised) > 1 else raised)

    monkeypatch.setattr(raising, "together", loses_the_last)
    stay, saved = several_needs(service)
    reading = service.record.reading()
    [lost] = [key for key in saved.alerts if reading.alert(key).state == "planned"
              and reading.alert(key).source == "screening"]  # fmt: skip
    monkeypatch.undo()

    done = casework.tick(service, now=NOW + minutes(1), send=send)

    assert lost in done.raised
    assert lost in open_keys(service, stay)


def test_after_an_outage_what_one_stay_missed_is_one_event_and_stays_in_order(service, send):
    stay = opened(service, custody(1))

    done = casework.tick(service, now=NOW + minutes(300), send=send)

    [event] = raisings(service, stay)
    levels = [one.header["level"] for one in apart(event)]
    ended = {a.key for a in service.record.reading().alerts_of(stay) if a.state == "closed"}
    assert event.alert_keys == done.raised
    assert (levels, len(levels) >= 2) == (sorted(levels), True)
    assert ended < set(done.raised)  # the lower steps of one clock are overtaken
    assert rebuild(service.record.path, keep=False).same


def test_two_stays_share_no_event_and_the_most_severe_come_first(service, send):
    first, second = opened(service, custody(1)), opened(service, custody(2))

    done = casework.tick(service, now=NOW + minutes(300), send=send)

    events = sorted(
        [*raisings(service, first), *raisings(service, second)], key=lambda each: each.seq
    )
    assert tuple(key for event in events for key in event.alert_keys) == done.raised
    assert all(key.startswith(f"{e.stay}:") for e in events for key in e.alert_keys)


def test_whoever_took_it_is_named_beside_that_alert_alone(service):
    stay, _ = several_needs(service)
    [event] = raisings(service, stay)
    mine = next(one.header["key"] for one in apart(event) if "liaison_nurse" in one.header["to"])
    casework.acknowledge(
        service, mine, kind=casework.AckKind.CLINICAL, actor=NAIR, now=NOW + minutes(1)
    )

    lines = casework.alert_list(service, (), actor=OKAFOR, now=NOW + minutes(2)).lines

    assert {line.key for line in lines if line.holders} == {mine}


@pytest.fixture
def before(tmp_path):
    """A record of the release before, in which every alert was raised by an event of its own."""
    path = kept("schema-5", tmp_path / "triage.db")
    migrate(path)
    record = Record.open(path)
    yield casework.Service(record, rulebook(), Settings(tmp_path, path, training=True))
    record.close()


def test_alerts_that_were_raised_one_by_one_go_on_beside_those_raised_together(before, send):
    reading = before.record.reading()
    stay = max(reading.open_stays(), key=lambda stay: len(raisings(before, stay.id))).id
    alone = [event.header["key"] for event in raisings(before, stay)]
    now = reading.event(reading.head()).recorded_at

    details = everything_no(at=now, answers={"hurt_by_someone": answered("now")})
    casework.record_screening(before, stay, details, actor=OKAFOR, now=now)
    new, _ = several_needs(before, now=now)
    casework.tick(before, now=now + minutes(20), send=send)

    view = casework.stay_view(before, stay, actor=OKAFOR, now=now + minutes(20))
    lives = timeline.stories(view.timeline, now=now + minutes(20))
    climbed = {
        event.header["key"]
        for event in before.record.reading().stay_events(stay)
        if event.kind is EventKind.ALERT_CLIMBED
    }
    assert len(alone) == 6
    assert [each.parts["key"] for each in view.timeline if each.kind == "alert_raised"][:6] == alone
    assert len(lives) > len(alone)
    assert climbed & set(alone)
    assert [event.kind for event in raisings(before, new)][:1] == [EventKind.ALERTS_RAISED]
    assert rebuild(before.record.path, keep=False).same
    assert verify(before.record.path, full=True).ok
