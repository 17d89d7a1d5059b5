"""The legal owner's decision on its page: asked for by name, and in words on the story."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.casework.conftest import happened
from triage import casework
from triage.domain.roles import Role
from triage.record import Actor
from triage.web import create_app

from .conftest import House

CAME = datetime(2026, 10, 23, 21, 0, tzinfo=UTC)
NOW = datetime(2026, 10, 23, 23, 30, tzinfo=UTC)
INSPECTOR = Actor("duty.inspector", "Duty Inspector", "duty_inspector")


@pytest.fixture
def changed(house):
    """The same house on the day on which section 48 has begun."""
    law = house.service.rulebook.law.assume([("MHA25-S48-POS", date(2026, 10, 24))])
    service = casework.Service(
        house.record, replace(house.service.rulebook, law=law), house.service.settings
    )
    house.clock.at = NOW
    app = create_app(service=service, now=house.clock, wall=house.clock)
    return House(service, app, house.clock, house.kept)


def test_the_decision_is_asked_for_by_name_and_stands_in_the_story(changed):
    said = CAME - timedelta(minutes=40)
    opening = casework.Opening(
        casework.StayKind.SECTION136, "castle_street", "TRAINING/S48",
        said, training=True, stage="section136",
        identity=casework.Identity(age=30),
        events=(
            happened("s136_decided", said, limb="remove", consulted="nurse"),
            happened("station_authorised", CAME - timedelta(minutes=10), rank="inspector"),
            happened("arrived", CAME, place="police_station"),
        ),
    )  # fmt: skip
    stay = casework.open_stay(changed.service, opening, actor=INSPECTOR, now=NOW).stay
    path = f"/stays/{stay}/authorise?kind=legal_owner_decided"
    browser, desk = changed.browser(Role.DUTY_INSPECTOR), changed.browser(Role.CUSTODY_SERGEANT)
    form = {
        "kind": "legal_owner_decided", "at": "", "decision": "move", "received": "telephone",
        "reason": "Rule 3",
    }  # fmt: skip

    page = browser.get(path).text
    nameless = browser.post(path, form).text
    refused = desk.post(path, {**form, "by": "R. Adeyemi"})
    done = browser.post(path, {**form, "by": "R. Adeyemi"})
    story = browser.get(f"/stays/{stay}").text
    drawn = browser.get(f"/review/stays/{stay}").text

    assert "Name of the legal owner" in page and 'name="role"' not in page
    assert "Put the decision on the record" in page and "Give the authority" not in page
    assert "name of the legal owner" in nameless.casefold()
    assert refused.status_code == 403
    assert done.status_code == 303
    assert "Legal owner&#39;s decision about a police station" in story
    assert "the person must be moved to a health place of safety" in story
    assert "how was the decision given: by telephone" in story
    assert "decided by R. Adeyemi, legal owner; put on the record by Duty Inspector" in story
    assert "Authority given: Legal owner" not in story
    assert "Triangle: the legal owner." in drawn
