"""The weekly pack is two printed pages of A4, whichever way it comes and whatever it may show."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import triage.web
from tests.web.conftest import kept_password, rulebook  # noqa: F401
from tests.web.test_review_pages import (
    STRETCH,
    found,  # noqa: F401
    full,  # noqa: F401
    told,  # noqa: F401
)
from triage.domain.roles import Role
from triage.present import pack
from triage.web.review_pages import pack_document

from .conftest import violations

A4 = (595, 842)  # points


def printed(chromium: Browser, source: str) -> tuple[int, set[tuple[int, int]]]:
    """How many pages a document prints on, and how large they are."""
    page = chromium.new_page()
    page.set_content(source)
    paper = page.pdf(prefer_css_page_size=True)
    page.close()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    return len(boxes), {(round(float(w)), round(float(h))) for w, h in boxes}


@pytest.mark.parametrize("leaving", [True, False])
@pytest.mark.parametrize("weeks", [1, 4, 13])
def test_the_pack_is_two_pages_of_a4(chromium, full, found, leaving, weeks):  # noqa: F811
    made = pack.pack(found, full.service.rulebook.practice, weeks=weeks, leaving=leaving)

    assert printed(chromium, pack_document(made)) == (2, {A4})


def test_a_longer_document_would_be_noticed(chromium, full, found):  # noqa: F811
    made = pack.pack(found, full.service.rulebook.practice, weeks=13, leaving=False)
    longer = pack_document(made).replace("</main>", "<p>one more</p>" * 90 + "</main>")

    assert printed(chromium, longer)[0] > 2


@pytest.mark.parametrize("width", [390, 1280])
def test_a_review_page_scrolls_down_only_and_axe_finds_nothing(chromium, full, width):  # noqa: F811
    browser = full.browser(Role.DUTY_INSPECTOR)
    page = chromium.new_page(viewport={"width": width, "height": 800})
    static = Path(triage.web.__file__).parent / "static"
    styles = [(static / f"{name}.css").read_text("utf-8") for name in ("triage", "review")]
    for path in ("/review", f"/review/waits?{STRETCH}", f"/review/pack?{STRETCH}&inside=yes"):
        page.set_content(browser.get(path).text)
        for each in styles:
            page.add_style_tag(content=each)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.close()
