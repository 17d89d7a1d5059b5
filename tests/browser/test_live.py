"""Lists that renew themselves, in a real browser whose clock is moved by hand."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

import triage.web
from tests.web.conftest import House
from tests.web.test_pages import CUSTODY, opened
from triage.domain.roles import Role

from .conftest import sign_in, violations
from .test_siren import Desk, emergency, stand_still

LISTS = {
    "/board": Role.CUSTODY_SERGEANT,
    "/alerts": Role.CUSTODY_SERGEANT,
    "/worklist": Role.CUSTODY_HCP,
}


def looking(house: House, address: str, page: Page, path: str) -> Desk:
    stand_still(page, house)
    at = Desk(page, house)
    at.beat()
    sign_in(page, address, house, LISTS[path])
    page.goto(address + path)
    page.wait_for_selector("#siren[data-good]", state="attached")
    at.settle()
    page.messages.clear()  # type: ignore[attr-defined]
    return at


def main(desk: Desk) -> str:
    return desk.page.inner_text("#main")


@pytest.mark.parametrize("path", LISTS)
def test_a_new_emergency_shows_by_itself_and_is_said_politely(house, address, page, path):
    desk = looking(house, address, page, path)
    before = main(desk)
    emergency(house)
    desk.pass_by(7)
    page.wait_for_selector("#main:has-text('Emergency')")

    assert "Emergency" not in before
    assert "new or changed." in page.text_content("#live-said")
    assert page.locator("#live-said").get_attribute("role") == "status"
    page.clock.resume()  # axe waits for timers
    assert violations(page) == []
    assert page.messages == []  # type: ignore[attr-defined]


def test_nothing_is_asked_for_again_while_nothing_changes(house, address, page: Page):
    desk = looking(house, address, page, "/board")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    desk.pass_by(60)

    assert {each.partition("?")[0] for each in asked} == {"/alive"}


def renewals(desk: Desk, house: House, suite: str) -> list[str]:
    """What a board of Castle Street asks for after somebody was opened in a suite."""
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
    form = {**CUSTODY, "suite": suite, "reference": "TRAINING/2"}
    opened(house.browser(Role.CUSTODY_SERGEANT, name="another.desk"), form, "/open")
    with desk.page.expect_response("**/alive*"):
        desk.pass_by(7)
    desk.pass_by(30)
    return [each for each in asked if each.endswith("/board")]


@pytest.mark.parametrize(("suite", "times"), [("dock_road", 0), ("castle_street", 1)])
def test_only_an_event_of_its_own_suites_makes_a_board_renew_itself(
    house, address, page: Page, suite: str, times: int
):
    house.account(Role.CUSTODY_SERGEANT, "castle_street")
    desk = looking(house, address, page, "/board")

    assert len(renewals(desk, house, suite)) == times


def test_the_focus_and_what_is_typed_stay_where_they_are(house, address, page: Page):
    emergency(house)
    desk = looking(house, address, page, "/alerts")
    page.locator("#main summary").first.click()
    field = page.locator("#main input[name=done]").first
    field.fill("999 called, doctor is on the w")
    opened(house.browser(Role.CUSTODY_SERGEANT), {**CUSTODY, "reference": "TRAINING/2"}, "/open")
    house.record_screening(
        house.browser(Role.CUSTODY_SERGEANT),
        opened(house.browser(Role.CUSTODY_SERGEANT), {**CUSTODY, "reference": "T/3"}, "/open"),
        {"o.rouse": "none"},
    )
    desk.pass_by(12)
    page.wait_for_selector("#live-waits:visible")
    field.press("End")
    page.keyboard.type("ay")

    assert field.input_value() == "999 called, doctor is on the way"
    assert page.locator("#siren-ring").is_visible()  # and the emergency is on the page all the same
    page.click("#live-show")
    page.wait_for_selector("#live-waits", state="hidden")

    assert page.locator("#main details[open]").count() == 1  # the one that was unfolded


def test_a_link_that_has_the_focus_has_it_still(house, address, page: Page):
    person = opened(house.browser(Role.CUSTODY_SERGEANT), CUSTODY, "/open")
    desk = looking(house, address, page, "/board")
    page.locator(f"a.who[href='{person}']").focus()
    opened(house.browser(Role.CUSTODY_SERGEANT), {**CUSTODY, "reference": "TRAINING/2"}, "/open")
    desk.pass_by(7)
    page.wait_for_selector("#main tbody tr:nth-child(2)")

    assert page.evaluate("document.activeElement.getAttribute('href')") == person


def test_a_page_that_renews_itself_keeps_no_session_open(house, address, page: Page):
    desk = looking(house, address, page, "/board")
    browser = house.browser(Role.CUSTODY_SERGEANT, name="another.desk")
    for number in range(4):
        house.clock.pass_by(minutes=3)
        desk.beat()
        opened(browser, {**CUSTODY, "reference": f"TRAINING/{number}"}, "/open")
        desk.pass_by(7)
    house.clock.pass_by(minutes=4)
    desk.beat()
    desk.pass_by(7)

    assert page.locator("#siren-out").is_visible()


def test_a_list_that_never_renewed_itself_would_be_seen(house, address, page: Page):
    page.route("**/live.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    desk = looking(house, address, page, "/board")
    emergency(house)
    desk.pass_by(12)

    assert "Emergency" not in main(desk)


SLOW = """
const real = window.fetch;
window.asked = 0;
window.fetch = async (address, options) => {
  if (!String(address).includes("/board")) return real(address, options);
  window.asked += 1;
  await new Promise((done) => setTimeout(done, 2000));
  return real(address, options);
};
"""


def news(desk: Desk, house: House, times: int) -> int:
    """How often a board is asked for while something is new every seven seconds, and it is slow."""
    desk.page.evaluate(SLOW)
    browser = house.browser(Role.CUSTODY_SERGEANT, name="another.desk")
    for number in range(times):
        opened(browser, {**CUSTODY, "reference": f"TRAINING/{number}"}, "/open")
        desk.pass_by(7)
    return int(desk.page.evaluate("window.asked"))


def test_a_list_that_is_slow_to_make_is_not_asked_for_at_every_event(house, address, page: Page):
    desk = looking(house, address, page, "/board")
    asked = news(desk, house, 8)
    desk.pass_by(30)  # and the last of it is seen all the same
    page.wait_for_selector("text=TRAINING/7")

    assert 1 <= asked <= 4


def test_a_page_that_asks_at_every_event_would_be_seen(house, address, page: Page):
    """The twin: the same night without the pause."""
    source = (Path(triage.web.__file__).parent / "static" / "live.js").read_text("utf-8")
    planted = source.replace("state.took * MOST_OF_THE_TIME", "0")
    assert planted != source
    page.route("**/live.js", lambda route: route.fulfill(
        body=planted, content_type="text/javascript"))  # fmt: skip
    desk = looking(house, address, page, "/board")

    assert news(desk, house, 8) >= 6
