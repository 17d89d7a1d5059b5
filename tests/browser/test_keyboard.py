"""A shift with the keyboard alone: no mouse, no chord, and the focus can always be seen."""

from playwright.sync_api import Page

from tests.web.conftest import House
from tests.web.test_pages import run_the_timers
from triage.domain.roles import Role

from .conftest import sign_in

MOST_TABS = 60


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words; each stop must show its focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const at = document.activeElement;"
            " return at.innerText || (at.labels && at.labels[0] && at.labels[0].innerText) || '' }"
        )
        assert page.evaluate(
            "() => { const at = document.activeElement, seen = e => e"
            " && getComputedStyle(e).outlineStyle === 'solid'"
            " && getComputedStyle(e).outlineWidth === '3px';"
            " return seen(at) || seen(at.closest('.option')) }"
        ), f"nothing shows that the focus is on {said!r}"
        if words in said:
            return
    raise AssertionError(f"{words!r} cannot be reached with {MOST_TABS} tabs")


def test_a_detention_is_opened_an_event_recorded_and_an_alert_taken(house, address, page: Page):
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)

    tab_to(page, "Open a hospital detention")
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-reference:focus")
    page.keyboard.type("TRAINING/INC/2231")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Power recorded: Section 136")

    tab_to(page, "Record what happened")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Record what happened')")
    tab_to(page, "Arrived at the place of safety")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Arrived at the place of safety')")
    tab_to(page, "Police station")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The event is on the record.")

    house.clock.pass_by(minutes=61)  # an hour without a handover: somebody is told
    run_the_timers(house)
    house.clock.pass_by(seconds=1)
    page.goto(f"{address}/alerts")
    page.wait_for_selector(".card, #f-account")
    if page.locator("#f-account").count():  # an hour idle: sign in again, as anybody must
        sign_in(page, address, house, Role.CUSTODY_SERGEANT)
        page.goto(f"{address}/alerts")
    tab_to(page, "I have it")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=You have it now.")

    assert "Custody Sergeant" in page.inner_text("main")


def test_the_first_tab_skips_to_the_content(house: House, address: str, page: Page):
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)
    page.goto(f"{address}/board")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_selector("#main:focus")


def test_four_states_of_a_question_are_reached_with_the_arrows(house, address, page: Page):
    from tests.web.test_pages import CUSTODY, opened

    person = opened(house.browser(Role.CUSTODY_SERGEANT), CUSTODY, "/open")
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)
    page.goto(f"{address}{person}/screening")
    first = page.locator("input[name='a.head_knock'][value='not_asked']")
    first.focus()
    seen = []
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        seen.append(page.evaluate("document.activeElement.value"))

    assert seen == ["no", "knock_only", "knock_red", "refused", "unable", "not_asked"]


def test_the_nurse_takes_acts_and_copies_the_summary_without_a_mouse(house, address, page: Page):
    from tests.web.test_worklist_pages import somebody

    somebody(house)
    sign_in(page, address, house, Role.LIAISON_NURSE)
    page.wait_for_selector("h1:has-text('Worklist')")
    tab_to(page, "I am taking this")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=You have it now.")
    tab_to(page, "What was done")
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-done:focus")
    page.keyboard.type("Spoke with her in private")
    tab_to(page, "Record it")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What was done is on the record.")
    tab_to(page, "Summary to paste")
    page.keyboard.press("Enter")
    page.wait_for_selector("#copy:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#copied:has-text('opied')")

    assert "Spoke with her in private" in page.input_value("#paste")
    assert "In hand with Liaison Nurse" in house.browser(Role.LIAISON_NURSE).get("/alerts").text
