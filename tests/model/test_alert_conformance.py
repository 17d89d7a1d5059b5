"""The real casework does with one alert what the model does, for every short order of acts."""

from datetime import timedelta
from itertools import product

import pytest

from tests.casework.conftest import (
    HCP,
    NOW,
    OKAFOR,
    custody,
    happened,
    keys,
    minutes,
    opened,
    service,
)
from tests.depth import depth
from tests.model.alert import TOP, Alert, Rules, acknowledge, act, step_on
from triage import casework
from triage.channels.messages import Outcome, Sent

__all__ = ["service"]  # the fixture
ACTS = ("police acknowledges", "clinical acknowledges", "police acts", "clinical acts", "waits")
LENGTH = depth(3, 5)


def clinical(service, number, now):
    """An emergency that a clinician must take."""
    stay = opened(service, custody(number, at=now))
    casework.record_rousing(service, stay, casework.Visit(now, rouse=False), actor=OKAFOR, now=now)
    return stay, "not_roused"


def of_the_police(service, number, now):
    """An urgent alert that nobody but the police is called for."""
    stay = opened(service, custody(number, at=now))
    event = happened("s136_decided", now, limb="remove", consulted="no", place="home")
    casework.record_event(service, stay, event, actor=OKAFOR, now=now)
    return stay, "in_a_dwelling"


def run_out(service, key):
    """The moment at which the timer of this alert runs out; None while none runs."""
    return service.record.reading().alert(key).step_due_at


def seen(service, key):
    """The real alert in the words of the model."""
    real = service.record.reading().alert(key)
    return Alert(
        state=real.state,
        rows=1,
        step=min(real.chain_step, TOP),
        round=min(real.round, 1),
        running=real.step_due_at is not None,
        police=real.police_ack_at is not None,
        clinical=real.clinical_ack_at is not None,
    )


def modelled(rules, acts):
    """The model after these acts; waiting means until the timer runs out, if one runs."""
    alert = Alert(state="raised", rows=1, running=True)
    for name in acts:
        who, _, what = name.partition(" ")
        if name == "waits":
            alert = step_on(rules, alert) if alert.running else alert
        else:
            alert = (acknowledge if what == "acknowledges" else act)(rules, alert, who)
    return alert._replace(acted=False, ran_out=False)


def done(service, key, acts, now):
    """The real alert after the same acts, one minute apart at most."""
    real = {"police": OKAFOR, "clinical": HCP}
    for name in acts:
        who, _, what = name.partition(" ")
        if name == "waits":
            now = max(now, run_out(service, key) or now)
            casework.tick(service, now=now, send=lambda message: Sent(Outcome.SENT))
            continue
        now += timedelta(seconds=5)
        if what == "acknowledges":
            kind = casework.AckKind(who)
            casework.acknowledge(service, key, kind=kind, actor=real[who], now=now)
        else:
            casework.act(service, key, "looked", actor=real[who], now=now)
    return seen(service, key)


@pytest.mark.parametrize("raising", [clinical, of_the_police])
def test_every_short_order_of_acts_ends_as_the_model_says(service, raising):
    rules = Rules(needs_clinician=raising is clinical)
    different = []
    for number, acts in enumerate(product(ACTS, repeat=LENGTH)):
        now = NOW + timedelta(days=number)
        stay, source = raising(service, number, now)
        [key] = [k for k, a in keys(service, stay, "raised").items() if a.source == source]
        got, wanted = done(service, key, acts, now), modelled(rules, acts)
        if got != wanted:
            different.append((acts, wanted, got))
        _leave(service, stay, now + minutes(LENGTH * 90))

    assert different == []


def _leave(service, stay, now):
    """The stay ends with everything in it, so that the next one stands alone."""
    left = casework.Release(now, "home", reason="arranged_outside")
    casework.release(service, stay, left, actor=OKAFOR, now=now)
    for key, alert in keys(service, stay).items():
        if alert.is_open:
            casework.close(service, key, outcome="over", actor=HCP, now=now)
