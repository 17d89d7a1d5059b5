"""The siren over a real ``triage serve``: killed, cut off, frozen; and silent while all is well.

The page's clock is moved by hand, never ahead of the servers': what is measured is the time of the
desk. Two servers keep one record, so that the one that holds the timers can be frozen while the
page's own goes on answering, which is the fault that a page that looks well would hide.
"""

import json
import os
import select
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.faults.server import WAIT, Server
from triage import clock
from triage.record import Account, Record

from .clock_by_hand import add
from .test_siren import COUNTED, answered

BY_HAND = "tests.browser.clock_by_hand"
PASSWORD = "three plain wooden stools"
NIGHT = datetime(2026, 10, 24, 19, 40, tzinfo=UTC)


@dataclass
class Proxy:
    """A cable between the desk and its server, which can be cut: nothing goes either way then."""

    port: int
    cut: threading.Event = field(default_factory=threading.Event)


@contextmanager
def cable(to: int) -> Iterator[Proxy]:
    """Carry bytes both ways until the cable is cut; then everybody waits for ever."""
    over = threading.Event()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(16)
        proxy = Proxy(door.getsockname()[1])

        def carry() -> None:
            while not over.is_set():
                with suppress(OSError):
                    near, _ = door.accept()
                    threading.Thread(
                        target=_carry, args=(near, to, proxy, over), daemon=True
                    ).start()

        thread = threading.Thread(target=carry, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            over.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", proxy.port), 1).close()
            thread.join()


def _carry(near: socket.socket, to: int, proxy: Proxy, over: threading.Event) -> None:
    with suppress(OSError), near, socket.create_connection(("127.0.0.1", to), WAIT) as far:
        while not over.is_set():
            ready, _, _ = select.select([near, far], [], [], 0.2)
            for side in () if proxy.cut.is_set() else ready:
                said = side.recv(65536)
                if not said:
                    return
                (far if side is near else near).sendall(said)
        return


@dataclass
class Desk:
    """A page in a browser, and the server whose time it keeps pace with."""

    page: Page
    server: Server
    answers: bool = True  # whether anything comes back: else no time of a server can be asked for
    lives: bool = (
        True  # whether the timers do; a busy machine may hold them up, and no test is about that
    )
    heard: list[int] = field(default_factory=list)

    @property
    def state(self) -> str | None:
        return self.page.locator("#siren").get_attribute("data-state")

    def tones(self) -> int:
        return int(self.page.evaluate("window.tones"))

    def pass_by(self, seconds: int) -> None:
        """Let seconds of the desk pass, while as many pass where the servers are."""
        for _ in range(seconds):
            while self.lives and age(self.server) > 10:
                select.select([], [], [], 0.05)
            before = self.tones()
            # First there, then here: what the page asks in this second is answered of all of it.
            add(clock_of(self.server), 1.0)
            self.page.clock.run_for(1000)
            if self.answers:
                answered(self.page)
            self.heard.append(self.tones() - before)

    def until(self, state: str, most: int) -> int:
        for second in range(1, most + 1):
            self.pass_by(1)
            if self.state == state:
                return second
        raise AssertionError(f"never {state} within {most} s of the desk: {self.state}")


@dataclass
class House:
    """Two servers of one record: the first holds the timers, the second serves the desk."""

    engine: Server
    desk: Server

    def kill(self) -> None:
        for each in (self.engine, self.desk):
            each.end()


@pytest.fixture
def house(tmp_path: Path, kept_password: str) -> Iterator[House]:
    record = Record.open(tmp_path / "triage.db", create=True)
    with record.writing(now=NIGHT) as writing:
        writing.add_account(
            Account("okafor", "PS Okafor", "custody_sergeant", (), kept_password, active=True,
                    made_at=NIGHT)
        )  # fmt: skip
    record.close()
    clocks = {
        "TRAINING_CLOCK_BEGAN": str(clock.running()), "TRAINING_CLOCK_AT": NIGHT.isoformat(),
        "TRAINING_CLOCK_FILE": str(tmp_path / "clock"),
    }  # fmt: skip
    found = House(*(Server(tmp_path, BY_HAND, more=clocks) for _ in range(2)))
    add(clock_of(found.engine), 0.0)
    try:
        found.engine.start()
        beats(found.engine)
        found.desk.start()
        yield found
    finally:
        found.kill()


def clock_of(server: Server) -> Path:
    """The file that moves its clock on."""
    return Path(server.more["TRAINING_CLOCK_FILE"])


def age(server: Server) -> float:
    """How old the last pass is by the clock of a server, in its seconds."""
    said = json.loads(server.get("/api/v1/health")[1])
    at, last = (datetime.fromisoformat(said[name]) for name in ("at", "last_pass_at"))
    return (at - last).total_seconds()


def beats(server: Server) -> None:
    """Wait until the timers of a server have run."""
    until = clock.running() + WAIT
    while json.loads(server.get("/api/v1/health")[1])["last_pass_at"] is None:
        assert clock.running() < until, "the timers never ran"
        select.select([], [], [], 0.02)


def sits_down(page: Page, house: House, port: int) -> Desk:
    """Sign in at the desk's own server, through whatever cable there is."""
    page.clock.install(time=NIGHT)
    page.clock.pause_at(NIGHT + timedelta(seconds=1))
    page.add_init_script(COUNTED)
    page.goto(f"http://127.0.0.1:{port}/sign-in")
    page.wait_for_selector("#f-account:focus")
    page.keyboard.type("okafor")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.wait_for_selector("#siren[data-good]", state="attached")
    desk = Desk(page, house.desk)
    answered(page)
    return desk


def test_a_page_over_a_real_service_is_silent_while_all_is_well(house: House, page: Page):
    desk = sits_down(page, house, house.desk.port)
    desk.pass_by(45)

    assert (set(desk.heard), page.locator("#siren").get_attribute("data-sounded")) == ({0}, None)
    assert desk.state == "quiet"
    assert int(page.locator("#siren").get_attribute("data-good") or 0) >= 8


def killed(house: House, cut: Proxy) -> None:
    house.kill()


def cut_off(house: House, cut: Proxy) -> None:
    cut.cut.set()


def frozen(house: House, cut: Proxy) -> None:
    """Everything: connections are taken by the system, and nobody answers."""
    for each in (house.engine, house.desk):
        os.killpg(each.process, signal.SIGSTOP)


def engine_frozen(house: House, cut: Proxy) -> None:
    """The timers alone: the desk's own server goes on answering, and says how old the last is."""
    os.killpg(house.engine.process, signal.SIGSTOP)


FAULTS = {killed: False, cut_off: False, frozen: False, engine_frozen: True}


@pytest.mark.parametrize(
    ("fault", "answers"), FAULTS.items(), ids=lambda each: getattr(each, "__name__", "")
)
def test_the_siren_sounds_within_thirty_seconds_when_the_service_is(
    house: House, page: Page, fault, answers: bool
):
    with cable(house.desk.port) as between:
        desk = sits_down(page, house, between.port)
        desk.pass_by(10)
        before = set(desk.heard)

        fault(house, between)
        desk.answers, desk.lives = answers, False
        took = desk.until("dead", 30)
        desk.pass_by(3)
        banner = page.locator("#siren-dead").inner_text()

    print(f"{fault.__name__}: {took} s")
    assert before == {0}
    assert took <= 30
    assert sum(desk.heard[-3:]) > 0  # and goes on sounding
    assert "SYSTEM NOT LIVE: use the printed sheet." in banner


def test_it_falls_silent_when_a_frozen_engine_goes_on(house: House, page: Page):
    desk = sits_down(page, house, house.desk.port)
    engine_frozen(house, Proxy(0))
    desk.lives = False
    desk.until("dead", 31)
    os.killpg(house.engine.process, signal.SIGCONT)
    desk.lives = True  # it is the page that is timed, not how soon this machine runs them again
    took = desk.until("quiet", 30)
    desk.heard.clear()
    desk.pass_by(10)

    assert took <= 30
    assert set(desk.heard) == {0}


def test_a_page_that_takes_any_answer_for_life_would_miss_the_frozen_engine(
    house: House, page: Page
):
    """The twin: the planted page believes that whoever answers lives."""
    source = Path(__file__).parents[2] / "triage/web/static/siren.js"
    script = source.read_text(encoding="utf-8")
    assert "ageSeconds * 1000" in script
    page.route("**/siren.js", lambda route: route.fulfill(
        body=script.replace("ageSeconds * 1000", "0"), content_type="text/javascript"))  # fmt: skip
    desk = sits_down(page, house, house.desk.port)
    engine_frozen(house, Proxy(0))
    desk.lives = False

    with pytest.raises(AssertionError, match="never dead"):
        desk.until("dead", 45)
