"""What is offered about an alert is what is allowed: every role, kind and state, tried for real."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.casework.conftest import (
    CONTROL,
    EVERYBODY,
    HCP,
    LEAD,
    MARSH,
    OKAFOR,
    answered,
    custody,
    everything_no,
    happened,
    minutes,
    opened,
    rulebook,
)  # fmt: skip
from triage import casework
from triage.casework.looking import Look
from triage.domain.ending_alerts import FOR_HEALTH_STAFF, STILL_HERE, UNDECIDED
from triage.domain.errors import InputError, NotAllowed
from triage.domain.roles import POLICE_ROLES, Role
from triage.present.alerts import card
from triage.record import Record
from triage.settings import Settings

FOUND = {"swallowed_or_hidden": "yes", "wants_nurse": "yes", "low_or_hopeless": "yes",
         "armed_forces": "yes", "home_tonight": "nowhere"}  # fmt: skip
NOW = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # section 48 has begun half an hour ago
LATER = NOW + minutes(70)  # what nobody has has climbed; what nothing was done about is open again
ENDED = {"outcome": "other", "words": "TRAINING: tried"}


def served(folder, *, create=False):
    """Section 48 begins in this night, so that something waits for the legal owner."""
    law = rulebook().law.assume([("MHA25-S48-POS", date(2026, 10, 25))])
    settings = Settings(folder, folder / "triage.db", training=True)
    record = Record.open(settings.database, create=create)
    return casework.Service(record, replace(rulebook(), law=law), settings)


def found_in(service, number, at):
    """Somebody about whom there is an alert of every kind that a screening and a clock raise."""
    came = [
        happened("s136_decided", at - minutes(200), limb="remove", consulted="paramedic"),
        happened("station_authorised", at - minutes(190), rank="inspector"),
        happened("arrived", at - minutes(180), place="police_station"),
    ]
    opening = custody(number, at=at - minutes(200), stage="section136", events=tuple(came))
    stay = opened(service, opening, actor=MARSH, now=at)
    said = {name: answered(value) for name, value in FOUND.items()}
    casework.record_screening(service, stay, everything_no(at, answers=said), actor=OKAFOR, now=at)
    return stay


def everything_of(service, stay, do):
    for alert in service.record.reading().alerts_of(stay):
        if alert.is_open:
            do(alert)


def police_take(service, at):
    return lambda alert: casework.acknowledge(
        service, alert.key, kind=casework.AckKind.POLICE, actor=CONTROL, now=at
    )


def health_take(service, at):
    return lambda alert: casework.acknowledge(
        service, alert.key, kind=casework.AckKind.CLINICAL, actor=LEAD, now=at
    )


def done_by(actor, service, at):
    return lambda alert: casework.act(service, alert.key, "Seen", actor=actor, now=at)


def closed(service, at):
    def close(alert):
        if alert.source != "legal_owner_must_decide":
            casework.close(service, alert.key, **ENDED, actor=HCP, now=at)

    return close


def cancelled(service, at):
    def cancel(alert):
        if alert.source != "legal_owner_must_decide":
            casework.cancel(
                service, alert.key, reason="Wrong", actor=HCP, second_actor=LEAD, now=at
            )

    return cancel


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Alerts of every kind, each planned, raised, taken, in hand, climbed, opened again, over."""
    folder = tmp_path_factory.mktemp("offered")
    service = served(folder, create=True)
    found_in(service, 1, NOW)
    everything_of(service, found_in(service, 2, NOW), police_take(service, NOW))
    everything_of(service, found_in(service, 3, NOW), health_take(service, NOW))
    moved = found_in(service, 4, NOW)
    for at in (NOW + minutes(30), LATER):
        casework.tick(service, now=at, send=None)
    casework.move_stay(service, moved, casework.Move(LATER, suite="dock_road"), actor=OKAFOR,
                       now=LATER)  # fmt: skip
    found_in(service, 5, LATER)
    late = (police_take(service, LATER), health_take(service, LATER),
            done_by(OKAFOR, service, LATER), done_by(HCP, service, LATER),
            closed(service, LATER), cancelled(service, LATER))  # fmt: skip
    for number, do in enumerate(late, 6):
        everything_of(service, found_in(service, number, LATER), do)
    with service.record.reading() as reading:
        alerts = [a for stay in reading.open_stays() for a in reading.alerts_of(stay.id)]
        alerts += reading.open_alerts_of_no_stay()
    service.record.close()
    return folder, alerts


def cards_of(service, alerts, role):
    with service.record.reading() as reading:
        look = Look(service, reading, LATER)
        return {line.key: card(line, role=role, now=LATER) for line in look.lines(alerts)}


def allowed(do):
    try:
        do()
    except (InputError, NotAllowed):
        return False
    return True


def offered_and_allowed(world, folder, actor, verb):
    """Of each alert, what its card offers to somebody and what the casework then lets them do."""
    there, alerts = world
    shutil.copytree(there, folder, dirs_exist_ok=True)
    service = served(folder)
    offered = cards_of(service, alerts, actor.role)
    second = LEAD if actor.role != Role.LEAD_NURSE else HCP
    acts = {
        "may_close": lambda key: casework.close(service, key, **ENDED, actor=actor, now=LATER),
        "may_cancel": lambda key: casework.cancel(
            service, key, reason="TRAINING", actor=actor, second_actor=second, now=LATER
        ),
        "may_act": lambda key: casework.act(service, key, "Seen", actor=actor, now=LATER),
    }
    found = {
        (alert.source, alert.step, alert.state, alert.key): (
            getattr(offered[alert.key], verb), allowed(lambda at=alert: acts[verb](at.key)),
        )
        for alert in alerts
    }  # fmt: skip
    service.record.close()
    return found


def differing(found):
    return {alert for alert, (offered, may) in found.items() if offered is not may}


@pytest.mark.parametrize("verb", ["may_close", "may_cancel", "may_act"])
@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.role)
def test_what_is_offered_about_any_alert_is_what_is_allowed(world, tmp_path, actor, verb):
    found = offered_and_allowed(world, tmp_path, actor, verb)

    assert differing(found) == set()


def test_the_alerts_that_are_tried_are_of_every_kind_in_every_state(world):
    _, alerts = world
    states = Counter(alert.state for alert in alerts)
    sources = {alert.source for alert in alerts if alert.is_open}

    assert {"planned", "raised", "acknowledged", "in_hand", "closed", "cancelled"} <= set(states)
    assert {"screening", "legal_owner_must_decide", "health_check"} <= sources
    assert {alert.level for alert in alerts if alert.is_open} >= {"A1", "A2", "A3", "A4"}
    assert any(alert.chain_step for alert in alerts), "one has climbed to others"
    assert any(alert.round for alert in alerts), "one was opened again"


def test_a_sergeant_is_not_offered_to_close_what_belongs_to_health_staff(world, tmp_path):
    found = offered_and_allowed(world, tmp_path, OKAFOR, "may_close")

    theirs = {key: offered for (source, step, state, key), (offered, _) in found.items()
              if state == "raised" and key.split(":")[2] == "urgent.liaison_nurse"}  # fmt: skip
    assert theirs and not any(theirs.values())
    assert any(offered for offered, _ in found.values())


def test_one_planted_difference_is_seen(world, tmp_path, monkeypatch):
    """Twin: what was offered before this rule, to whoever may close anything at all."""
    import triage.casework.looking as looking

    true = looking.enders_of

    def planted(service, reading, alert, raised, *, now):
        said = true(service, reading, alert, raised, now=now)
        return replace(said, close=said.close | POLICE_ROLES) if said.close else said

    monkeypatch.setattr(looking, "enders_of", planted)

    found = offered_and_allowed(world, tmp_path, OKAFOR, "may_close")

    assert {key.split(":")[2] for _, _, _, key in differing(found)} >= {"urgent.liaison_nurse"}


# How an alert may end --------------------------------------------------------------------------

SEEN, LEFT = "seen_by_clinician", "released_before_seen"


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Somebody here about whom nothing is decided, one with a decision, and one who has left."""
    folder = tmp_path_factory.mktemp("endings")
    service = served(folder, create=True)
    here, decided, gone = (found_in(service, number, NOW) for number in (1, 2, 3))
    none = casework.RouteDecision(
        casework.RouteOutcome.NONE_EXISTS, NOW, need="housing", reason="no bed tonight"
    )
    casework.decide_route(service, decided, none, actor=LEAD, now=NOW)
    leaving = casework.Release(NOW, "home", reason="court_order")
    casework.release(service, gone, leaving, actor=OKAFOR, now=NOW)
    with service.record.reading() as reading:
        alerts = {
            who: [each for each in reading.alerts_of(stay) if each.is_open]
            for who, stay in (("here", here), ("decided", decided), ("gone", gone))
        }
    service.record.close()
    return folder, alerts


def endings_tried(people, folder, actor, outcome):
    """Of each alert that this role may end, whether this ending is offered, and whether it goes."""
    there, alerts = people
    shutil.copytree(there, folder, dirs_exist_ok=True)
    service = served(folder)
    offered = cards_of(service, [each for some in alerts.values() for each in some], actor.role)
    said = {"outcome": outcome, "words": "TRAINING: tried"}
    found = {
        (who, alert.key): (
            outcome in dict(offered[alert.key].endings),
            allowed(lambda k=alert.key: casework.close(service, k, **said, actor=actor, now=LATER)),
        )
        for who, some in alerts.items()
        for alert in some
        if offered[alert.key].may_close
    }  # fmt: skip
    service.record.close()
    return found


@pytest.mark.parametrize("outcome", [SEEN, LEFT])
@pytest.mark.parametrize("actor", [OKAFOR, HCP, LEAD], ids=lambda actor: actor.role)
def test_no_ending_is_offered_which_the_record_then_refuses(people, tmp_path, actor, outcome):
    found = endings_tried(people, tmp_path, actor, outcome)

    assert differing(found) == set()
    offered = {who for (who, _), (there, _) in found.items() if there}
    assert offered == ({"gone"} if outcome == LEFT else {"here", "decided", "gone"})


def test_a_nurse_is_offered_seen_where_a_route_was_decided_and_told_why_elsewhere(people, tmp_path):
    found = endings_tried(people, tmp_path, LEAD, SEEN)
    screening = {(who, there) for (who, key), (there, _) in found.items() if ":screening:" in key}

    assert screening == {("here", False), ("decided", True), ("gone", False)}


def test_an_ending_that_is_missing_says_what_it_waits_for(people, tmp_path):
    there, alerts = people
    shutil.copytree(there, tmp_path, dirs_exist_ok=True)
    service = served(tmp_path)
    waits = [
        card.not_endings
        for card in cards_of(service, alerts["here"], LEAD.role).values()
        if card.may_close and ":screening:" in card.key
    ]
    theirs = [
        card.not_endings
        for card in cards_of(service, alerts["here"], OKAFOR.role).values()
        if not card.may_close
    ]
    service.record.close()

    assert {len(each) for each in waits} == {2}
    assert all(f"Seen by a clinician, and it is on the record: not yet. {UNDECIDED}" in each
               and f"Left before they were seen: not yet. {STILL_HERE}" in each
               for each in waits)  # fmt: skip
    assert {why for each in theirs for why in each} >= {FOR_HEALTH_STAFF}


def test_an_ending_that_is_offered_to_everybody_would_be_seen(people, tmp_path, monkeypatch):
    """Twin: what was offered before, all of the list."""
    import triage.casework.looking as looking

    monkeypatch.setattr(looking, "barred_of", lambda reading, alert, stay: ())

    assert differing(endings_tried(people, tmp_path, LEAD, SEEN))
