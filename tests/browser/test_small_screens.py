"""On a telephone the people who matter are in sight, whatever the page says above them."""

import pytest
from playwright.sync_api import Page

from tests.web.conftest import House
from tests.web.test_pages import CUSTODY, opened
from triage.domain.roles import Role

from .conftest import sign_in, violations
from .test_siren import Desk, stand_still

SMALL, USUAL, TABLET = (320, 568), (390, 844), (768, 1024)


UNFOLDED = (  # the style sheet without its rules for narrow screens
    "addEventListener('DOMContentLoaded', () => { for (const sheet of document.styleSheets)"
    " for (let at = sheet.cssRules.length - 1; at >= 0; at -= 1)"
    " if ((sheet.cssRules[at].conditionText ?? '').includes('max-width')) sheet.deleteRule(at);"
    " document.getElementById('pages').removeAttribute('popover'); });"
)


WIDEST = """() => {  // the widest words that each column of the board can have
  for (const row of document.querySelectorAll('.board tbody tr')) {
    const cell = (name) => row.querySelector(`td[data-label="${name}"]`);
    cell('Urgency').querySelector('.tag').textContent = 'No flags raised';
    cell('Who has it').append(
      'With HCP Haines (custody healthcare professional) since Sat 24 Oct 20:53 BST');
    cell('Power recorded').innerHTML = '<span class="tag urgent">None recorded</span>';
  }
}"""


def five_people(house: House) -> None:
    """One emergency, and four with something for the nurse."""
    desk = house.browser(Role.CUSTODY_SERGEANT)
    for number in range(5):
        form = {**CUSTODY, "reference": f"TRAINING/CS/{500 + number:04}/26", "cell": f"M{number}"}
        person = opened(desk, form, "/open")
        typed = {"o.rouse": "none"} if number == 3 else {"a.hurt_by_someone": "now"}
        house.record_screening(desk, person, typed)
        house.clock.pass_by(minutes=1)


def looking(house: House, address: str, page: Page, size: tuple[int, int]) -> Desk:
    """The nurse's list on such a screen, under every banner that there can be."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    stand_still(page, house)
    at = Desk(page, house)
    at.beat()
    sign_in(page, address, house, Role.LIAISON_NURSE)
    page.goto(f"{address}/worklist")
    page.wait_for_selector("#siren[data-good]", state="attached")
    at.settle()
    at.pass_by(1)
    return at


def in_sight(page: Page, chosen: str) -> int:
    """How many of these stand wholly within the screen, without any scrolling."""
    return int(page.evaluate(
        "chosen => [...document.querySelectorAll(chosen)].map(e => e.getBoundingClientRect())"
        ".filter(r => r.height && r.top >= 0 && r.bottom <= innerHeight && r.left >= 0"
        " && r.right <= innerWidth).length", chosen,
    ))  # fmt: skip


def test_on_the_smallest_screen_the_first_person_is_in_sight_with_the_way_to_take_them(
    house: House, address: str, page: Page
):
    five_people(house)
    looking(house, address, page, SMALL)

    assert page.locator("#siren-ring").is_visible()
    assert page.inner_text(".work > li:first-child .tag") == "Emergency"
    assert in_sight(page, ".work > li:first-child h2, .work > li:first-child .do button") == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_telephone_the_three_who_matter_are_in_sight(house: House, address: str, page: Page):
    five_people(house)
    looking(house, address, page, USUAL)

    assert in_sight(page, ".work > li h2") >= 3


def test_with_the_siren_on_the_list_is_still_in_sight(house: House, address: str, page: Page):
    five_people(house)
    desk = looking(house, address, page, SMALL)
    desk.beats = False
    desk.until("dead", 40)

    assert "SYSTEM NOT LIVE: use the printed sheet." in page.inner_text("#siren-dead")
    assert in_sight(page, ".work > li:first-child h2") == 1
    assert in_sight(page, "#siren-hush") == 1
    page.click("#siren-more summary")
    assert "Keep every visit, rousing and time limit by hand" in page.inner_text("#siren-dead")
    page.clock.resume()  # axe waits for timers
    assert violations(page) == []


def test_the_other_pages_unfold_at_a_key_and_fold_again(house: House, address: str, page: Page):
    looking(house, address, page, SMALL)
    nowhere = page.locator("nav a").first.is_visible()
    page.locator("button.pages").focus()
    page.keyboard.press("Enter")
    names = page.locator("nav[aria-label=Pages] a").all_inner_texts()
    page.clock.resume()  # axe waits for timers
    found = violations(page)
    page.keyboard.press("Escape")

    assert (nowhere, page.locator("nav a").first.is_visible()) == (False, False)
    assert names[:3] == ["Board", "Alerts", "Worklist"]
    assert found == []


@pytest.mark.parametrize("path", ["/board", "/alerts", "/shift", "/handover"])
def test_nothing_is_wider_than_the_smallest_screen(
    house: House, address: str, page: Page, path: str
):
    five_people(house)
    looking(house, address, page, SMALL)
    page.goto(address + path)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("wide", [False, True], ids=["as it is", "twin: a table of six columns"])
def test_on_a_tablet_the_board_is_not_wider_than_the_screen(
    house: House, address: str, page: Page, wide: bool
):
    """Its twin is the board without the rules for narrow screens: six columns do not fit there."""
    five_people(house)
    if wide:
        page.add_init_script(UNFOLDED)
    looking(house, address, page, TABLET)
    page.goto(f"{address}/board")
    page.evaluate(WIDEST)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is not wide


def test_banners_that_do_not_fold_would_hide_everybody(house: House, address: str, page: Page):
    """The twin: without the small rules of the style sheet nobody is in sight."""
    five_people(house)
    page.add_init_script(UNFOLDED)
    looking(house, address, page, SMALL)

    assert in_sight(page, ".work > li h2, .work > li .do button") == 0
