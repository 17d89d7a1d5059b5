"""A screening that stands open in a browser says who typed since, and moves nothing of it."""

from playwright.sync_api import Page

from tests.web.conftest import House
from tests.web.test_pages import CUSTODY, opened
from triage.domain.roles import Role

from .conftest import sign_in, violations


def test_who_typed_since_is_said_and_what_is_half_typed_stays(
    house: House, address: str, page: Page
):
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)
    stay = opened(house.browser(Role.CUSTODY_SERGEANT, name="another.desk"), CUSTODY, "/open")
    page.clock.install(time=house.clock.at)
    page.goto(f"{address}{stay}/screening")
    page.fill("[name=age]", "3")
    other = house.browser(Role.DETENTION_OFFICER, "castle_street", name="other")
    with page.expect_response(lambda reply: reply.status == 304):
        page.clock.run_for(6_000)
    nothing = page.is_hidden("#since")
    house.record_screening(other, stay, {"o.rouse": "voice"}, do="draft")
    page.clock.run_for(6_000)
    page.wait_for_selector("#since:has-text('typed here too')")

    assert nothing
    assert page.input_value("[name=age]") == "3"
    assert page.evaluate("document.activeElement.name") == "age"
    assert page.locator("#since").is_visible(), "in sight, though it stands at the end of the form"
    page.clock.resume()  # axe waits for timers
    assert violations(page) == []
    assert page.messages == []  # type: ignore[attr-defined]
