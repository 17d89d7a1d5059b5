"""Three waits opened and kept up from a phone of 360 by 740, by whoever hears of them first."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.conftest import House
from triage.domain.roles import Role

from .conftest import sign_in, violations

PHONE = {"width": 360, "height": 740}
PICTURES = os.environ.get("TRIAGE_PICTURES")  # a folder: the pages are kept there to be looked at


def fits(page: Page, name: str) -> bool:
    """Nothing has to be scrolled sideways, and axe finds no barrier."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide <= 0 and violations(page) == []


@pytest.mark.parametrize("role", [Role.DUTY_INSPECTOR, Role.CONTROL_ROOM, Role.LIAISON_NURSE])
def test_a_hospital_detention_is_opened_and_kept_up_from_a_phone(
    house: House, address: str, page: Page, role: Role
):
    page.set_viewport_size(PHONE)
    sign_in(page, address, house, role)
    page.goto(f"{address}/section-136")
    taps = 0

    page.click("text=Open a hospital detention >> nth=-1")
    taps += 1
    page.wait_for_selector("#f-reference:focus")
    page.keyboard.type("TRAINING/INC/0911")
    assert fits(page, f"open-{role}")
    page.keyboard.press("Enter")
    taps += 1
    page.wait_for_url("**/stays/*")
    assert taps == 2  # one tap, an incident number, one Enter: ten seconds

    page.goto(f"{address}/section-136/waits")
    assert "Detained under Section 136 or 135" in page.inner_text("main")
    assert fits(page, f"waits-{role}")
    page.click("text=Record: AMHP told")
    page.wait_for_url("**/stays/*/event?kind=amhp_told*")
    assert fits(page, f"amhp-told-{role}")
    page.click("button:has-text('Record it')")
    page.wait_for_url("**/stays/*done=*")
    page.goto(f"{address}/section-136/waits")
    assert "Next: AMHP arrived. It is for: AMHP service." in page.inner_text("main")


def test_officers_who_wait_are_counted_from_a_phone(house: House, address: str, page: Page):
    page.set_viewport_size(PHONE)
    sign_in(page, address, house, Role.CONTROL_ROOM)
    page.goto(f"{address}/open/hospital")
    page.fill("#f-reference", "TRAINING/INC/0912")
    page.fill("#f-arrived", page.input_value("#f-decided"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/stays/*")

    page.goto(f"{address}/section-136/waits")
    assert "Number of officers not recorded" in page.inner_text("main")
    page.click("text=Record how many officers")
    page.fill("#f-officers", "2")
    page.wait_for_load_state()
    assert fits(page, "officers")
    page.click("button:has-text('Record the answers')")
    page.wait_for_url("**/stays/*done=*")

    page.goto(f"{address}/section-136/waits")
    assert "2 officers: " in page.inner_text("main")


def test_the_review_is_handed_over_from_a_phone(house: House, address: str, page: Page):
    page.set_viewport_size(PHONE)
    house.account(Role.DUTY_INSPECTOR, name="night.inspector")
    sign_in(page, address, house, Role.DUTY_INSPECTOR)
    page.goto(f"{address}/open/hospital")
    page.fill("#f-reference", "TRAINING/INC/0913")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stays/*")

    page.goto(f"{address}/review")
    page.click("text=Hand the review over")
    page.fill("textarea", "Bed manager rings by six.")
    page.wait_for_load_state()
    assert fits(page, "handover")
    page.click("button:has-text('Hand over 1 detention')")
    page.wait_for_url("**/review/handover*done=offered")

    assert "Offered to Night Inspector by Duty Inspector" in page.inner_text("main")
