"""A real browser against a real server; skipped where there is no chromium."""

import faulthandler
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.web.conftest import (  # noqa: F401
    House,
    blank,
    house,
    kept_password,
    rulebook,
)

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

MOST_SECONDS = 240  # the longest test takes a tenth of this


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
        pytest.skip("there is no chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(house: House) -> Iterator[str]:  # noqa: F811
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.messages = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    yield page
    context.close()


def violations(page: Page) -> list[Any]:
    """What axe finds against WCAG 2.2 A and AA and against best practice."""
    page.evaluate(AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
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
