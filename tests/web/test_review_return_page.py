"""The annual return on its page: exact for the force, and its counts leave by a named act alone."""

from datetime import UTC, datetime

import pytest

from tests.cases.review.detentions import stories
from tests.fresh import fresh_record
from triage.casework.service import Service
from triage.domain.roles import Role
from triage.settings import Settings
from triage.web import create_app

from .conftest import Clock, House
from .reading import Page
from .test_review_pages import _put

OVER = datetime(2027, 4, 2, 9, 0, tzinfo=UTC)
YEAR = "from=2026-06-29&to=2026-09-27"
COUNTS = f"/review/return?{YEAR}&inside=no"
LEAVE = f"/review/return/leave?{YEAR}&inside=no"
BUTTON = "Let these figures leave"


@pytest.fixture
def over(tmp_path, rulebook, kept_password):
    """Thirty detentions of a year that is over, of which nothing has left."""
    settings = Settings(tmp_path, tmp_path / "triage.db", training=True)
    service = Service(fresh_record(settings.database), rulebook, settings)
    for story in stories()[:30]:
        _put(service, story)
    clock = Clock(OVER)
    app = create_app(service=service, now=clock, wall=clock)
    yield House(service, app, clock, kept_password)
    service.record.close()


def test_the_counts_are_a_draft_until_they_leave_and_then_stand(over):
    browser = over.browser(Role.DUTY_INSPECTOR)
    exact = browser.get(f"/review/return?{YEAR}").text
    draft = browser.get(COUNTS).text
    early = browser.get(f"/review/return.csv?{YEAR}&inside=no")
    before = len(over.record.reading().published_figures())

    done = browser.post(LEAVE)
    page = browser.get(done.location).text
    taken = browser.get(f"/review/return.csv?{YEAR}&inside=no")

    assert "Fit to leave" in exact and "only if no weekly pack" in exact and BUTTON not in exact
    assert "DRAFT" in draft and BUTTON in draft and "/review/return.csv" not in draft
    assert "no weekly pack with a day of this year can leave any more" in draft
    assert "shown as fewer than 5: so few could point at somebody." in draft
    assert (early.status_code, before) == (422, 0)
    assert (done.status_code, taken.status_code) == (303, 200)
    assert "DRAFT" not in page and BUTTON not in page and "Fit to leave the force." in page
    assert "when it left" in page and "These figures have left." in page
    assert Page(draft).faults == [] and Page(page).faults == []
    [event] = over.record.reading().published_figures()
    assert event.actor.role == Role.DUTY_INSPECTOR


def test_what_leaves_of_a_year_has_no_record_number_and_no_small_number(over):
    browser = over.browser(Role.DUTY_INSPECTOR)
    exact = browser.get(f"/review/return.csv?{YEAR}").text
    browser.post(LEAVE)
    page, counts = browser.get(COUNTS).text, browser.get(f"/review/return.csv?{YEAR}&inside=no")

    assert "TRAINING/INC" in exact  # the twin: what stays inside has them
    assert "TRAINING/INC" not in page + counts.text
    numbers = [line.rpartition(",")[2] for line in counts.text.splitlines()[1:]]
    assert {"1", "2", "3", "4"}.isdisjoint(numbers) and "30" in numbers
    assert "fewer than 5" in counts.text


def test_once_a_pack_of_the_year_has_left_its_counts_can_not(over):
    browser = over.browser(Role.DUTY_INSPECTOR)
    pack = f"{YEAR}&weeks=4"
    warned = browser.get(f"/review/pack?{pack}").text
    browser.post(f"/review/pack/leave?{pack}")
    shut, refused = browser.get(COUNTS).text, browser.post(LEAVE).text

    assert "the counts of the annual return of their year cannot either" in warned
    assert "This cannot leave." in shut and BUTTON not in shut
    assert "31 August 2026 to 27 September 2026 has left already" in shut
    assert "has left already" in refused
    assert len(over.record.reading().published_figures()) == 1


def test_a_year_that_is_not_over_says_when_it_is_and_lets_nothing_leave(over):
    over.clock.at = datetime(2027, 3, 31, 9, 0, tzinfo=UTC)
    browser = over.browser(Role.DUTY_INSPECTOR)
    page, refused = browser.get(COUNTS).text, browser.post(LEAVE).text
    known = browser.get(f"{COUNTS}&known=2026-10-01")

    assert "The year ends on 31 March 2027." in page and BUTTON not in page
    assert "The year ends on 31 March 2027." in refused
    assert known.status_code == 422 and "as it was known when it left" in known.text
    assert over.record.reading().published_figures() == ()


def test_figures_leave_by_whoever_may_let_them(over):
    assert over.browser(Role.CUSTODY_SERGEANT).post(LEAVE).status_code == 403
    assert over.record.reading().published_figures() == ()


def test_the_draft_of_a_pack_says_what_is_held_back_and_what_leaves_beside_it(over):
    page = over.browser(Role.DUTY_INSPECTOR).get(f"/review/pack?{YEAR}&weeks=13").text

    assert "Held back, and why" in page and "longest wait is one person" in page
    assert "Tables that leave beside these two pages" in page
    assert "by hour of the day" in page
    assert Page(page.replace("<svg", "<!--").replace("</svg>", "-->")).faults == []
