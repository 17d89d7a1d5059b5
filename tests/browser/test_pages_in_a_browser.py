"""Every page in a real browser: readable, reachable by keyboard, nothing refused by the policy."""

import pytest
from playwright.sync_api import Page

from tests.web.conftest import House
from tests.web.test_pages import CUSTODY, HOSPITAL, details_of_last, opened, run_the_timers
from triage.domain.progress import not_credibly_asked
from triage.domain.roles import Role

from .conftest import sign_in, violations

PAGES = {
    Role.CUSTODY_SERGEANT: (
        "/board", "/alerts", "{hospital}", "{person}", "/open/hospital", "/open",
        "{person}/screening", "{person}/event", "{person}/event?kind=health_check",
        "{person}/authorise", "{person}/authorise?kind=extension_authorised", "{person}/visit",
        "{person}/route?route=womens_centre", "{person}/release", "/alerts/cancel?alert={alert}",
        "/nowhere", "/handover", "/shift", "{person}/identity", "{person}/move", "{person}/note",
        "{person}/summary", "{person}/done", "{person}/ended",
        "{person}/entries/{entry}/correct", "{person}/entries/{entry}/move",
    ),
    Role.LIAISON_NURSE: (
        "/worklist", "{person}", "{person}/consent", "{person}/summary", "{person}/done",
        "{person}/ended", "{person}/note", "/handover", "/shift",
    ),
    Role.DUTY_INSPECTOR: (
        "/section-136", "/section-136/waits", "/review", "/review/handover",
        "/review/pace-reviews", "/review/waits", "/review/ledger", "/review/pack", "/review/return",
        "/review/sample?seed=7", "/review{hospital}", "{hospital}/return-details",
    ),
    Role.ADMINISTRATOR: ("/accounts", "/terminals", "/rota"),
}  # fmt: skip


def scene(house: House) -> dict[str, str]:
    """Two people, an emergency that is open, a hospital detention whose clocks run."""
    desk = house.browser(Role.CUSTODY_SERGEANT)
    hospital = opened(desk, {**HOSPITAL, "arrived": "20:38", "arrived_day": "2026-10-24"})
    person = opened(desk, CUSTODY, "/open")
    answers = {"o.rouse": "voice", "a.head_knock": "knock_red", "a.self_harm_now": "refused"}
    house.record_screening(desk, person, answers)
    run_the_timers(house)
    alert = house.record.reading().open_alerts()[0].key
    nurse = house.browser(Role.LIAISON_NURSE)
    nurse.post(f"{person}/consent", {"party": "link worker", "given": "yes", "capacity": "has"})
    nurse.post(f"{person}/summary", {"system": "rio", "up_to": "999"})
    house.record_screening(desk, person, {**answers, "a.head_knock": "no"})
    events = house.record.reading().stay_events(person.rpartition("/")[2])
    entry = str(next(each.seq for each in events if each.kind == "screening_saved"))
    return {"hospital": hospital, "person": person, "alert": alert, "entry": entry}


def faults(page: Page) -> dict[str, object]:
    """What is wrong with the page that is shown, by day and in the dark, at two widths."""
    found: dict[str, object] = {"axe": violations(page), "console": list(page.messages)}
    page.messages.clear()
    page.emulate_media(color_scheme="dark")
    found["in the dark"] = violations(page, colours=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 700})
    found["wider than 320"] = page.evaluate("document.documentElement.scrollWidth > 320")
    page.set_viewport_size({"width": 1280, "height": 800})
    return {name: each for name, each in found.items() if each}


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_without_a_barrier_and_fits_a_narrow_screen(
    house: House, address: str, page: Page, role: Role
):
    ids = scene(house)
    sign_in(page, address, house, role)
    found = {}
    for path in PAGES[role]:
        page.messages.clear()
        page.goto(address + path.format(**ids))
        found[path] = faults(page)
    missing = "Failed to load resource: the server responded with a status of 404 (NOT FOUND)"
    if "/nowhere" in found:
        assert found.pop("/nowhere") == {"console": [missing]}

    assert {path: each for path, each in found.items() if each} == {}


def test_the_sign_in_page_is_without_a_barrier(house: House, address: str, page: Page):
    page.goto(f"{address}/sign-in")

    assert faults(page) == {}


def test_a_form_that_comes_back_with_problems_is_without_a_barrier(house, address, page: Page):
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)
    page.goto(f"{address}/open")
    page.fill("#f-reference", "TRAINING/CS/1/26")
    page.fill("#f-opened", "25:99")
    page.fill("#f-age", "old")
    page.keyboard.press("Enter")
    page.wait_for_selector(".problems")

    assert faults(page) == {}


def test_a_barrier_is_noticed(page: Page):
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><input></main></html>')

    assert [each[0] for each in violations(page)] == ["label"]


def test_at_night_the_glass_is_dark_and_what_is_printed_stays_white(house, address, page: Page):
    page.goto(f"{address}/sign-in")
    paper = "getComputedStyle(document.body).backgroundColor"
    found = {}
    for scheme, medium in (("light", "screen"), ("dark", "screen"), ("dark", "print")):
        page.emulate_media(color_scheme=scheme, media=medium)
        found[scheme, medium] = page.evaluate(paper)

    white, dark = "rgb(255, 255, 255)", "rgb(17, 23, 28)"
    assert list(found.values()) == [white, dark, white]


def test_words_too_dark_for_the_night_are_noticed(page: Page):
    style = "<style>@media (prefers-color-scheme: dark) { p { background: #111; } }</style>"
    said = '<p style="color: #333">Nobody could read this at night.</p>'
    page.set_content(f'<html lang="en"><title>x</title>{style}{said}</html>')
    page.emulate_media(color_scheme="dark")

    assert [each[0] for each in violations(page, colours=True)] == ["color-contrast"]


def test_the_description_of_the_api_is_read_without_any_other_site(house, address, page: Page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/api/docs")
    page.wait_for_selector(".opblock")

    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert page.messages == []
    paths = page.request.get(f"{address}/api/openapi.json").json()["paths"].values()
    methods = ("get", "put", "post", "delete", "patch")
    assert page.locator(".opblock").count() == sum(m in path for path in paths for m in methods)


def test_at_twice_the_size_nothing_is_cut_off(house: House, address: str, page: Page):
    ids = scene(house)
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)
    page.set_viewport_size({"width": 640, "height": 400})  # what 1280 by 800 is at 200%
    wide = {}
    for path in ("/board", "/alerts", "{person}", "{person}/screening"):
        page.goto(address + path.format(**ids))
        wide[path] = page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert set(wide.values()) == {False}


@pytest.mark.parametrize(("between", "doubted"), [(400, ("self_harm_now",)), (4000, ())])
def test_the_form_sends_how_long_ago_each_answer_was_given(
    house: House, address: str, page: Page, between: int, doubted: tuple[str, ...]
):
    stay = opened(house.browser(Role.CUSTODY_SERGEANT), CUSTODY, "/open")
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)
    page.clock.install(time=house.clock.at)
    page.goto(f"{address}{stay}/screening")
    page.clock.pause_at(house.clock.at.replace(year=2027))
    page.select_option("select[name=offence]", "theft")
    page.check("input[name='a.self_harm_ever'][value=never]")
    page.clock.fast_forward(between)
    page.check("input[name='a.self_harm_now'][value=no]")

    with page.expect_navigation():
        page.click("button[value=record]")

    assert not_credibly_asked(house.service.rulebook, details_of_last(house, stay)) == doubted
