"""A real browser against a real server; skipped where there is no chromium."""

import faulthandler
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.faults.server import WAIT
from tests.machine import lacking
from tests.web.conftest import (  # noqa: F401
    House,
    house,
    kept_password,
    rulebook,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

MOST_SECONDS = 600  # the longest test takes a twentieth of this


@pytest.fixture(scope="session")
def shown(pytestconfig: pytest.Config) -> Iterator[int]:
    """Where a last word is read, even from a test whose output is being kept."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        to = os.dup(2)
    yield to
    os.close(to)


@pytest.fixture(autouse=True)
def ends(shown: int) -> Iterator[None]:
    """No wait for a browser is without an end: some calls of its driver have no limit of their own.

    A test that hangs ends the whole run, with every stack, and with it the browser.
    """
    faulthandler.dump_traceback_later(MOST_SECONDS, exit=True, file=shown)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        lacking("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Whole:
    """The application, each answer read to its end and closed before its first byte is sent.

    The server of the tests does not close an answer when the browser hangs up in the moment after
    it: a file stays open, and another test pays for it. gunicorn, which serves people, does.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app
        self.answering = 0
        self.changed = threading.Condition()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
        with self.changed:
            self.answering += 1
        try:
            parts = self.app(environ, start)
            try:
                return [b"".join(parts)]
            finally:
                parts.close()  # type: ignore[attr-defined]  # Flask's answers have one
        finally:
            with self.changed:
                self.answering -= 1
                self.changed.notify_all()

    def finish(self) -> None:
        """Wait for whoever is still being answered: the record is closed after this."""
        with self.changed:
            self.changed.wait_for(lambda: self.answering == 0)


@contextmanager
def serving(app: "WSGIApplication") -> Iterator[str]:
    """A real server on this machine while the block lasts; its address."""
    whole = Whole(app)
    server = make_server("127.0.0.1", 0, whole, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        whole.finish()


@pytest.fixture
def address(house: House) -> Iterator[str]:  # noqa: F811
    with serving(house.app) as at:
        yield at


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(WAIT * 1000)
    page.messages = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    yield page
    context.close()


WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")


def violations(page: Page, *, colours: bool = False) -> list[Any]:
    """What axe finds against WCAG 2.2 A and AA and against best practice; or in colours alone."""
    page.evaluate(AXE)
    only = {"type": "rule", "values": COLOURS} if colours else {"type": "tag", "values": WCAG}
    found = page.evaluate("only => axe.run({runOnly: only})", only)
    return [
        (each["id"], node["target"], node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ]


def sign_in(page: Page, address: str, house: House, role: str) -> None:  # noqa: F811
    """Sign in with the keyboard alone."""
    account = house.account(role)
    page.goto(f"{address}/sign-in")
    page.wait_for_selector("#f-account:focus")
    page.keyboard.type(account.account)
    page.keyboard.press("Tab")
    page.keyboard.type(house.password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
