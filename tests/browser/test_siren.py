"""The page that sounds by itself, in a real browser whose clock is moved by hand.

Time passes in steps of a second, in the browser and on the server alike, and each answer is waited
for before the next step: what is measured is the time of the desk, not that of this machine.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route

import triage.web
from tests.faults.server import WAIT
from tests.web.conftest import House
from tests.web.test_pages import CUSTODY, opened
from triage import clock
from triage.domain.roles import Role

from .conftest import serving, sign_in, violations

SCRIPT = (Path(triage.web.__file__).parent / "static" / "siren.js").read_text("utf-8")
COUNTED = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) {
  window.tones += 1;
  return start.apply(this, given);
};
window.outside = 0; // requests whose answer has not come whole
const ask = window.fetch;
window.fetch = async (...given) => {
  window.outside += 1;
  try {
    const reply = await ask(...given);
    await reply.clone().text();
    return reply;
  } finally {
    window.outside -= 1;
  }
};
"""


def answered(page: Page) -> None:
    """Wait until a page waits for no answer: how busy this machine is takes no time of its own."""
    until = clock.running() + WAIT
    while page.evaluate(
        "window.outside > 0 || document.getElementById('siren').dataset.asking === 'yes'"
    ):
        assert clock.running() < until, "the page still waits for an answer"
        page.wait_for_timeout(5)


@dataclass
class Desk:
    """A desk's page, the server behind it, and the time that both live in."""

    page: Page
    house: House
    beats: bool = True  # whether the timers behind the server live
    heard: list[int] = field(default_factory=list)  # tones by the second

    @property
    def state(self) -> str | None:
        return self.page.locator("#siren").get_attribute("data-state")

    @property
    def banner(self) -> bool:
        return self.page.locator("#siren-dead").is_visible()

    def tones(self) -> int:
        return int(self.page.evaluate("window.tones"))

    def pass_by(self, seconds: int) -> None:
        """Let seconds pass, each with all that happens in it."""
        for _ in range(seconds):
            self.house.clock.pass_by(seconds=1)
            if self.beats and self.house.clock.at.second % 5 == 0:
                self.beat()
            before = self.tones()
            self.page.clock.run_for(1000)
            self.settle()
            self.heard.append(self.tones() - before)

    def beat(self) -> None:
        with self.house.record.writing(now=self.house.clock.at) as writing:
            writing.heartbeat()

    def settle(self) -> None:
        """Wait until the page has every answer that it asked for, or knows that there is none."""
        answered(self.page)

    def until(self, state: str, most: int) -> int:
        """How many seconds pass until the page is in this state."""
        for second in range(1, most + 1):
            self.pass_by(1)
            if self.state == state:
                return second
        raise AssertionError(f"never {state} within {most} s")


def stand_still(page: Page, house: House) -> None:
    """From now on time passes in the page only when a test says so; and its tones are counted."""
    page.clock.install(time=house.clock.at)
    page.clock.pause_at(house.clock.at + timedelta(seconds=1))
    page.add_init_script(COUNTED)


@pytest.fixture
def desk(house: House, address: str, page: Page) -> Iterator[Desk]:
    stand_still(page, house)
    at = Desk(page, house)
    at.beat()
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)
    page.wait_for_selector("#siren[data-good]", state="attached")
    at.settle()
    page.messages.clear()  # type: ignore[attr-defined]
    yield at


def context(desk: Desk) -> BrowserContext:
    return desk.page.context


def answers(desk: Desk, reply: Callable[[Route], None]) -> None:
    """From now on somebody else answers the question for a sign of life."""
    desk.page.route("**/alive?*", reply)


# Silence ---------------------------------------------------------------------------------------


def test_while_all_is_well_the_page_is_silent_for_five_minutes(desk: Desk):
    desk.pass_by(300)

    assert set(desk.heard) == {0}
    assert (desk.state, desk.banner) == ("quiet", False)
    assert int(desk.page.locator("#siren").get_attribute("data-good") or 0) >= 55
    assert desk.page.messages == []  # type: ignore[attr-defined]


def test_a_lost_answer_or_two_is_no_alarm(desk: Desk):
    desk.pass_by(10)
    context(desk).set_offline(True)
    desk.pass_by(14)
    context(desk).set_offline(False)
    desk.pass_by(30)

    assert set(desk.heard) == {0}


# Death -----------------------------------------------------------------------------------------


def dies(desk: Desk) -> None:
    answers(desk, lambda route: route.abort("connectionrefused"))


def is_cut_off(desk: Desk) -> None:
    context(desk).set_offline(True)


def freezes(desk: Desk) -> None:
    desk.beats = False


def fails(desk: Desk) -> None:
    answers(desk, lambda route: route.fulfill(status=500, body="{}"))


def signs_out_everybody(desk: Desk) -> None:
    answers(desk, lambda route: route.fulfill(status=302, headers={"Location": "/sign-in"}))


def hangs(desk: Desk) -> None:
    desk.page.evaluate("document.getElementById('siren').dataset.asking = ''")
    answers(desk, lambda route: None)
    desk.settle = lambda: None  # type: ignore[method-assign]


def answers_with_an_old_copy(desk: Desk) -> None:
    kept = desk.page.evaluate("fetch('/alive?nonce=0011223344').then(each => each.text())")
    answers(desk, lambda route: route.fulfill(body=kept, content_type="application/json"))


def is_replaced_by_another_server(desk: Desk) -> None:
    def forged(route: Route) -> None:
        nonce = route.request.url.partition("nonce=")[2]
        told = {"nonce": nonce, "at": "x", "beat_age": "0", "ring": "", "signed_in": "yes"}
        route.fulfill(body=json.dumps({**told, "mac": "00" * 32}), content_type="application/json")

    answers(desk, forged)


FAULTS = (
    dies, is_cut_off, freezes, fails, signs_out_everybody, hangs, answers_with_an_old_copy,
    is_replaced_by_another_server,
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_page_sounds_within_thirty_seconds_when_the_service(desk: Desk, fault):
    desk.pass_by(20)
    desk.beat()
    fault(desk)
    took = desk.until("dead", 30)
    desk.pass_by(3)

    assert took <= 30
    assert desk.banner
    assert (
        "SYSTEM NOT LIVE: use the printed sheet." in desk.page.locator("#siren-dead").inner_text()
    )
    assert sum(desk.heard[:20]) == 0
    assert sum(desk.heard[-3:]) > 0  # and goes on sounding
    assert desk.page.evaluate("new AudioContext().state") == "running"


def test_a_real_server_that_ends_is_heard(house: House, page: Page):
    with serving(house.app) as address:
        stand_still(page, house)
        at = Desk(page, house)
        at.beat()
        sign_in(page, address, house, Role.CUSTODY_SERGEANT)
        page.wait_for_selector("#siren[data-good]", state="attached")
        at.settle()
        at.pass_by(12)
        assert at.state == "quiet"

    assert at.until("dead", 30) <= 30
    assert at.tones() > 0


def test_it_falls_silent_when_the_service_lives_again(desk: Desk):
    desk.beats = False
    desk.until("dead", 31)
    desk.beats = True
    took = desk.until("quiet", 12)
    desk.heard.clear()
    desk.pass_by(20)

    assert took <= 12
    assert (set(desk.heard), desk.banner) == ({0}, False)


def test_quiet_lasts_two_minutes_and_the_words_stay(desk: Desk):
    desk.beats = False
    desk.until("dead", 31)
    desk.page.click("#siren-hush")
    desk.heard.clear()
    desk.pass_by(119)
    assert (set(desk.heard), desk.banner) == ({0}, True)
    desk.pass_by(3)

    assert sum(desk.heard[119:]) > 0


def test_a_dead_page_is_without_a_barrier(desk: Desk):
    desk.beats = False
    desk.until("dead", 31)
    desk.page.clock.resume()  # axe waits for timers

    assert violations(desk.page) == []


# Alerts ----------------------------------------------------------------------------------------


def emergency(house: House) -> None:
    browser = house.browser(Role.CUSTODY_SERGEANT)
    person = opened(browser, CUSTODY, "/open")
    house.record_screening(browser, person, {"o.rouse": "none"})


def test_an_emergency_sounds_within_seconds_until_somebody_takes_it(desk: Desk):
    desk.pass_by(10)
    emergency(desk.house)
    took = desk.until("siren", 7)
    assert took <= 7
    assert desk.page.locator("#siren-ring").is_visible()
    desk.pass_by(2)
    assert sum(desk.heard[-3:]) > 0
    browser = desk.house.browser(Role.CUSTODY_SERGEANT)
    for alert in desk.house.record.reading().open_alerts():
        browser.post("/alerts/acknowledge", {"alert": alert.key, "kind": "police"})

    desk.until("quiet", 7)
    desk.heard.clear()
    desk.pass_by(10)

    assert set(desk.heard) == {0}


def test_a_session_that_ran_out_is_said_and_the_page_goes_on_watching(desk: Desk):
    desk.house.clock.pass_by(minutes=16)
    desk.beat()
    desk.pass_by(6)
    assert desk.page.locator("#siren-out").is_visible()
    assert desk.state == "quiet"
    desk.beats = False

    assert desk.until("dead", 31) <= 30


# The sound test --------------------------------------------------------------------------------


def test_the_beeps_are_played_at_a_press_and_their_colour_ends_the_asking(desk: Desk, address: str):
    desk.page.click("text=Test it now")
    desk.page.wait_for_selector("#sound-play")
    assert desk.page.locator("button[name=pressed]:enabled").count() == 0
    before = desk.tones()
    desk.page.click("#sound-play")
    played = desk.page.input_value("#sound-played")
    assert desk.tones() - before == int(played)
    desk.page.click(f"button[name=pressed][value='{played}']")
    desk.page.wait_for_url(lambda url: "sound-test" not in url)

    assert desk.page.locator("text=was not tested since you signed in").count() == 0
    assert desk.page.messages == []  # type: ignore[attr-defined]


def test_the_page_of_the_sound_test_is_without_a_barrier(desk: Desk, address: str):
    desk.page.goto(f"{address}/sound-test")
    desk.page.clock.resume()  # axe waits for timers

    assert violations(desk.page) == []


# Twins: planted faults that these tests must see ------------------------------------------------

PLANTED = {
    "believes any answer, even a 500": ("if (reply.status !== 200) return;", "", fails, True),
    "believes what nobody signed": (
        "if (!(await isOurs(answer, nonce))) return;", "", is_replaced_by_another_server, True,
    ),
    "takes a young answer for a living engine": (
        "ageSeconds * 1000", "0", freezes, False,
    ),
    "never sounds": ("const dead = silence() >= DEAD_AFTER;", "const dead = false;", dies, False),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_seen(house: House, address: str, page: Page, name: str):
    old, new, fault, any_answer = PLANTED[name]
    assert old in SCRIPT
    broken = SCRIPT.replace(old, new)
    if any_answer:  # and takes it for a sign of life
        broken = broken.replace('if (answer.beat_age !== "")', "")
        broken = broken.replace("Number(answer.beat_age)", "0")
        if fault is fails:
            broken = broken.replace("if (!(await isOurs(answer, nonce))) return;", "")
    page.route("**/siren.js", lambda route: route.fulfill(
        body=broken, content_type="text/javascript"))  # fmt: skip
    stand_still(page, house)
    at = Desk(page, house)
    at.beat()
    sign_in(page, address, house, Role.CUSTODY_SERGEANT)
    page.wait_for_selector("#siren[data-good]", state="attached")
    at.settle()
    fault(at)

    with pytest.raises(AssertionError, match="never dead"):
        at.until("dead", 30)
