"""The hours that an extension or a warrant gives, typed on the web form and kept to the minute."""

from typing import Any

import pytest

from tests.web.conftest import Browser, House
from tests.web.reading import Page
from tests.web.test_pages import CUSTODY, HOSPITAL, opened
from triage import casework
from triage.domain.roles import Role
from triage.record import Actor

MARSH = Actor("marsh", "Insp Marsh", "duty_inspector")
SUPERINTENDENT = {"rank": "superintendent", "by": "Supt Gray", "reason": "To secure evidence",
                  "role": "superintendent"}  # fmt: skip
DOCTOR = {"ground": "condition", "by": "Dr Hall", "role": "doctor", "place": "a_and_e"}


@pytest.fixture
def desk(house: House) -> Browser:
    return house.browser(Role.CUSTODY_SERGEANT)


@pytest.fixture
def arrested(house: House, desk: Browser) -> str:
    """Somebody held for burglary whose two reviews were done, 18 hours after the relevant time."""
    person = opened(desk, {**CUSTODY, "offence": "burglary_dwelling"}, "/open")
    for hours in (5, 9):
        house.clock.pass_by(minutes=hours * 60)
        inspector = house.browser(Role.DUTY_INSPECTOR)
        done = give(inspector, person, "event", "pace_review_done", role="duty_inspector",
                    rank="inspector", by="Insp Marsh")  # fmt: skip
        assert done.location == f"{person}?done=event", Page(done.text).words()
    house.clock.pass_by(minutes=4 * 60)
    return person


def give(browser: Browser, person: str, page: str, kind: str, **said: str) -> Any:
    return browser.post(f"{person}/{page}?kind={kind}", {"kind": kind, **said})


def due(house: House, person: str) -> dict[str, str]:
    """When each limit of detention ends, in UTC, as far as it is running or was met."""
    stay = person.rpartition("/")[2]
    view = casework.stay_view(house.service, stay, actor=MARSH, now=house.clock.at)
    assert view.clocks is not None
    limits = ("pace_24h", "pace_36h", "pace_warrant", "permitted_period")
    return {each.clock: f"{each.due_at:%a %H:%M} {each.state.value}"
            for each in view.clocks.clocks if each.clock in limits and each.due_at}  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "until"), [("12", "Mon 07:35"), ("6", "Mon 01:35"), ("1", "Sun 20:35")]
)
def test_a_superintendents_hours_count_on_from_the_24th(
    house: House, arrested: str, hours: str, until: str
):
    inspector = house.browser(Role.DUTY_INSPECTOR)
    given = give(inspector, arrested, "authorise", "pace_extended", hours=hours, **SUPERINTENDENT)

    assert given.location == f"{arrested}?done=authority", Page(given.text).words()
    assert due(house, arrested) == {"pace_24h": "Sun 19:35 met", "pace_36h": f"{until} running"}


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("", "Enter for how many hours more."),
        ("twelve", "Enter for how many hours more as a whole number from 0 to 96."),
        ("1.5", "Enter for how many hours more as a whole number from 0 to 96."),
        ("-1", "Enter for how many hours more as a whole number from 0 to 96."),
        ("97", "Enter for how many hours more as a whole number from 0 to 96."),
        ("0", "for at least one hour and up to 36 in all"),
        ("13", "for at least one hour and up to 36 in all"),
    ],
)
def test_hours_that_nobody_can_give_are_refused_and_move_nothing(
    house: House, arrested: str, hours: str, said: str
):
    before = due(house, arrested)
    inspector = house.browser(Role.DUTY_INSPECTOR)
    given = give(inspector, arrested, "authorise", "pace_extended", hours=hours, **SUPERINTENDENT)

    page = Page(given.text)
    assert (given.status_code, said in page.words()) == (200, True), page.words()
    assert 'value="Supt Gray"' in given.text, "what was typed is not typed again"
    assert due(house, arrested) == before


def test_a_warrants_hours_run_from_the_grant_and_one_that_gives_too_many_moves_nothing(
    house: House, arrested: str
):
    inspector = house.browser(Role.DUTY_INSPECTOR)
    give(inspector, arrested, "authorise", "pace_extended", hours="12", **SUPERINTENDENT)
    before = due(house, arrested)

    wrong = give(inspector, arrested, "event", "warrant_granted", hours="37")
    unlawful = due(house, arrested)
    right = give(inspector, arrested, "event", "warrant_granted", hours="36")

    assert wrong.location == f"{arrested}?done=unlawful"
    assert unlawful == before, "what happened is recorded, and lengthens nothing"
    assert right.location == f"{arrested}?done=event"
    assert due(house, arrested)["pace_warrant"] == "Tue 01:40 running"


def test_a_doctors_hours_are_added_to_the_24_of_section_136(house: House, desk: Browser):
    person = opened(desk, {**HOSPITAL, "age": "27", "arrived": "20:40",
                           "arrived_day": "2026-10-24"})  # fmt: skip
    before = due(house, person)["permitted_period"]
    house.clock.pass_by(minutes=20 * 60)
    control = house.browser(Role.CUSTODY_SERGEANT)

    refused = give(control, person, "authorise", "extension_authorised", hours="13", **DOCTOR)
    given = give(control, person, "authorise", "extension_authorised", hours="8", **DOCTOR)

    assert before == "Sun 19:40 running"
    assert refused.status_code == 200 and "S136B" in Page(refused.text).words()
    assert given.location == f"{person}?done=authority", Page(given.text).words()
    assert due(house, person)["permitted_period"] == "Mon 03:40 running"
