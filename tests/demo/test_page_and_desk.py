"""Through the whole night the desk says the same numbers as the pages: one finding is one card."""

import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.depth import depth
from tests.desk.people import Typed, reached
from tests.web.reading import Page
from triage.demo.night import Night
from triage.demo.player import actor
from triage.demo.sign_in import accounts, pass_words
from triage.demo.stage import Stage, open_stage
from triage.desk.full.sections import sections
from triage.desk.plain.desk import Plain
from triage.desk.plain.session import Session
from triage.desk.releases import Drafts
from triage.desk.served import Served
from triage.present.desk import AlertSheet, BoardSheet, Sheet
from triage.web import create_app

from .conftest import elsewhere

WALL = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOOKING = ("okafor", "nair")
_CARD = re.compile(r"^ {1,3}\d+ (?:EMERGENCY|URGENT|SOON|ROUTINE|FAULT)", re.M)
_OF_ALL = re.compile(r"(?:(\d+) NOT TAKEN of )?(\d+) alerts?(?:, all taken)?")
_ON_PAGE = re.compile(r"(\d+) open alerts?, (?:(\d+) not taken|all taken)")


@dataclass(frozen=True)
class Numbers:
    """What one door says to one person: each number that somebody reads out to another."""

    board: list[tuple[int, int]]  # not taken, of how many, for each row that says it
    list_heading: int
    list_cards: int
    people: dict[str, int] = field(default_factory=dict)  # cards, for each person


class Alone(Served):
    """A desk that counts every alert by itself, as a service did that said no findings."""

    def board(self, *, renewing: bool = False) -> BoardSheet:
        sheet = super().board(renewing=renewing)
        rows = tuple(replace(e, open_findings=None, untaken_findings=None) for e in sheet.rows)
        return replace(sheet, rows=rows)

    def alerts(self, *, renewing: bool = False) -> AlertSheet:
        sheet = super().alerts(renewing=renewing)
        return replace(sheet, findings=())

    def sheet(self, stay: str, *, renewing: bool = False) -> Sheet:
        return replace(super().sheet(stay, renewing=renewing), findings=())


@pytest.fixture(scope="module")
def compared(
    night: Night, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[Numbers]]]:
    """What the page, the desk and a desk that counts singly said at every scene of the night."""
    folder = tmp_path_factory.mktemp("compared")
    stage = open_stage(folder / "demo", night, real=elsewhere(folder))
    words = pass_words(stage.folder, night)
    staff = {name: night.staff[name] for name in LOOKING}
    accounts(stage.service, replace(night, staff=staff), words, now=WALL)
    pages = {name: signed_in(stage, name, words[name]) for name in LOOKING}
    desks = {name: reached(stage.service, actor(staff[name]), stage.now) for name in LOOKING}
    said: dict[str, list[Numbers]] = {"page": [], "desk": [], "alone": []}
    while True:
        for name in LOOKING if depth(_begins(stage), full=True) else ():
            desk = desks[name]
            alone = Alone("http://localhost", "", role=desk.role, account=name, way=desk.way)
            said["page"].append(on_pages(pages[name], desks[name]))
            said["desk"].append(at_desk(desks[name], folder))
            said["alone"].append(at_desk(alone, folder))
        if stage.next_scene is None:
            break
        stage.play_scene()
    yield said
    stage.close()


def _begins(stage: Stage) -> bool:
    """Whether the night stands at the beginning of a beat."""
    return stage.scene is not None and not stage.scene.continued


def signed_in(stage: Stage, who: str, word: str) -> FlaskClient:
    client = create_app(service=stage.service, now=stage.now, wall=lambda: WALL).test_client()
    here = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post("/sign-in", data={"account": who, "password": word}, headers=here)
    assert answer.status_code == 303
    return client


def on_pages(client: FlaskClient, desk: Served) -> Numbers:
    """As somebody reads them off the pages."""
    board = Page(client.get("/board").text).words("td")
    alerts = Page(client.get("/alerts").text)
    heading = re.search(r"(\d+|No) open alerts?", alerts.words())
    assert heading is not None
    stays = [row.stay for row in desk.board().rows]
    return Numbers(
        [(int(some or 0), int(of)) for of, some in _ON_PAGE.findall(board)],
        0 if heading[1] == "No" else int(heading[1]),
        _cards(alerts),
        {stay: _cards(Page(client.get(f"/stays/{stay}").text)) for stay in stays},
    )


def at_desk(desk: Served, folder: Path) -> Numbers:
    """As somebody reads them off the desk that works by lines, and the parts of a whole screen."""
    told = _told(desk, folder, "a", "b", "q")
    board, _, listed = told.partition("ALERTS: ")
    heading = re.match(r"(\d+|No) open alerts?", listed)
    assert heading is not None
    rows = " ".join(board.split())
    people = {
        row.stay: len(_CARD.findall("\n".join(str(line) for line in _alerts_of(desk, row.stay))))
        for row in desk.board().rows
    }
    return Numbers(
        [(int(some or 0), int(of)) for some, of in _OF_ALL.findall(rows)],
        0 if heading[1] == "No" else int(heading[1]),
        len(_CARD.findall(listed.partition("BOARD: ")[0])),
        people,
    )


def _told(desk: Served, folder: Path, *lines: str) -> str:
    with redirect_stderr(StringIO()) as told:
        session = Session(desk, Typed(list(lines)), running=lambda: 0.0)
        Plain(session, lambda who, keys: None, folder, Drafts(folder)).run()
    return told.getvalue()


def _alerts_of(desk: Served, stay: str) -> list[object]:
    parts: dict[str, list[object]] = dict(sections(desk.sheet(stay), 80))  # type: ignore[arg-type]
    return parts["Alerts"]


def _cards(page: Page) -> int:
    return sum(each.attributes.get("class", "").startswith("card ") for each in page.all("article"))


def test_the_desk_says_number_for_number_what_the_pages_say(
    compared: dict[str, list[Numbers]],
):
    assert compared["desk"] == compared["page"]
    assert sum(len(each.people) for each in compared["page"]) > 100
    assert max(each.list_cards for each in compared["page"]) > 10
    assert max(len(each.board) for each in compared["page"]) > 5


def test_a_desk_that_counts_every_alert_by_itself_would_be_seen(
    compared: dict[str, list[Numbers]],
):
    """The twin: what several people were told of one thing is counted as often as it was told."""
    pairs = zip(compared["alone"], compared["page"], strict=True)
    different = [alone for alone, page in pairs if alone != page]

    assert len(different) > len(compared["page"]) // 2
    assert all(a.list_cards >= p.list_cards for a, p in
               zip(compared["alone"], compared["page"], strict=True))  # fmt: skip


def test_the_sergeant_and_the_nurse_read_the_same_number_of_the_same_person(
    compared: dict[str, list[Numbers]],
):
    sergeant, nurse = compared["desk"][::2], compared["page"][1::2]

    for one, other in zip(sergeant, nurse, strict=True):
        assert {stay: one.people[stay] for stay in one.people if stay in other.people} == {
            stay: other.people[stay] for stay in one.people if stay in other.people
        }
