"""Every kind of answer carries the whole set of headers, compared whole."""

import pytest

from triage.record import StoreBusy
from triage.web.security import HEADERS, ONE_YEAR

from .conftest import FROM_HERE, House

KINDS = {
    "a page for anybody": ("GET", "/sign-in", 200),
    "a page for nobody": ("GET", "/board", 303),
    "no such page": ("GET", "/nowhere", 404),
    "no such method": ("DELETE", "/sign-in", 405),
    "the wrong kind of body": ("POST", "/sign-in", 415),
    "health": ("GET", "/api/v1/health", 200),
    "an api answer for nobody": ("GET", "/api/v1/board", 401),
    "no such operation": ("GET", "/api/v1/nowhere", 404),
    "the description": ("GET", "/api/openapi.json", 200),
}
OF_THE_ANSWER_ITSELF = {
    "Content-Type", "Content-Length", "Location", "Allow", "WWW-Authenticate", "Accept",
    "Set-Cookie", "Vary",
}  # fmt: skip


def security_headers(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in OF_THE_ANSWER_ITSELF}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_answer_carries_every_header(house: House, kind: str):
    method, path, status = KINDS[kind]
    body = {"data": b"x", "content_type": "text/plain"} if status == 415 else {}
    answer = house.app.test_client().open(path, method=method, headers=FROM_HERE, **body)

    assert answer.status_code == status
    assert security_headers(answer) == {**HEADERS, "Cache-Control": "no-store"}


def test_a_style_sheet_may_be_kept_but_is_asked_for_again(house: House):
    answer = house.app.test_client().get("/static/triage.css", buffered=True)

    kept = {name: answer.headers[name] for name in ("Cache-Control", "Content-Security-Policy")}
    assert kept == {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": HEADERS["Content-Security-Policy"],
    }


def test_a_fault_of_ours_carries_them_too_and_says_nothing_about_itself(house: House, monkeypatch):
    def broken(*args, **rest):
        raise RuntimeError("Ryan Calder was here")

    monkeypatch.setattr("triage.web.chrome.chrome", broken)
    answer = house.app.test_client().get("/sign-in")

    assert answer.status_code == 500
    assert security_headers(answer) == {**HEADERS, "Cache-Control": "no-store"}
    assert "Ryan Calder" not in answer.text
    assert "Something went wrong on our side" in answer.text


def test_the_log_of_a_fault_names_the_place_and_not_the_data(house: House, monkeypatch, caplog):
    def broken(*args, **rest):
        raise RuntimeError("Ryan Calder was here")

    monkeypatch.setattr("triage.web.chrome.chrome", broken)
    house.app.test_client().get("/sign-in")

    said = " ".join(record.getMessage() for record in caplog.records)
    assert "unexpected RuntimeError in sign_in.sign_in at broken" in said
    assert "Ryan Calder" not in said + caplog.text


def test_a_busy_record_asks_to_try_again(house: House, monkeypatch):
    def busy(*args, **rest):
        raise StoreBusy("another process holds the record")

    browser = house.browser("custody_sergeant")
    monkeypatch.setattr("triage.casework.board", busy)
    page = browser.get("/board")
    answer = browser.get("/api/v1/board")

    assert (page.status_code, page.headers["Retry-After"]) == (503, "2")
    assert answer.json == {
        "type": "about:blank",
        "title": "Busy",
        "status": 503,
        "detail": "Nothing was stored. Try again in a few seconds.",
    }


def test_over_https_the_browser_is_told_to_stay_there(house: House):
    answer = house.app.test_client().get("/sign-in", base_url="https://triage.example")

    assert answer.headers["Strict-Transport-Security"] == ONE_YEAR


def test_nothing_on_any_page_is_written_inline_or_loaded_from_elsewhere():
    from pathlib import Path

    import triage.web

    templates = sorted((Path(triage.web.__file__).parent / "templates").rglob("*.html"))
    found = [
        (template.name, bad)
        for template in templates
        for bad in (" style=", "<style", " onclick", "javascript:", "http://", "https://", "//cdn")
        if bad in template.read_text(encoding="utf-8")
    ]
    inline = [
        template.name
        for template in templates
        for tag in template.read_text(encoding="utf-8").split("<script")[1:]
        if " src=" not in tag.split(">")[0]
    ]

    assert (found, inline) == ([], [])
