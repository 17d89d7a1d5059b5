"""What the model and the simulated month found wrong once, each as a short story that stays."""

from datetime import timedelta

from tests.casework.conftest import (
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    keys,
    minutes,
    opened,
)
from triage import casework

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
