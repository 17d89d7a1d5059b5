"""The night on its pages: a bar on every page, moved by whoever is signed in, by nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from triage.demo.night import Night
from triage.demo.pages import training
from triage.demo.sign_in import accounts, pass_words
from triage.demo.stage import Stage, open_stage
from triage.domain import london
from triage.web import create_app

from .conftest import elsewhere

HERE = {"Sec-Fetch-Site": "same-origin"}
WALL = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def stage(night: Night, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("pages")
    end = london.from_wall(datetime(2026, 10, 24, 20, 20)).astimezone(UTC)  # noqa: DTZ001
    short = replace(night, acts=tuple(act for act in night.acts if act.at <= end))
    stage = open_stage(folder / "demo", short, real=elsewhere(folder))
    words = pass_words(stage.folder, short)
    only = replace(short, staff={name: short.staff[name] for name in ("okafor", "nair", "marsh")})
    accounts(stage.service, only, words, now=WALL)
    yield stage
    stage.close()


@pytest.fixture
def client(stage: Stage) -> FlaskClient:
    app = create_app(
        service=stage.service, now=stage.now, wall=lambda: WALL, training=training(stage)
    )
    return app.test_client()


def signed_in(client: FlaskClient, stage: Stage, who: str = "okafor") -> str:
    """Sign in with the words that were printed; the token of the forms."""
    word = dict(line.split() for line in (stage.folder / "sign-in.txt").read_text().splitlines())[
        who
    ]
    answer = client.post("/sign-in", data={"account": who, "password": word}, headers=HERE)
    assert answer.status_code == 303
    page = client.get("/board").text
    return page.split('name="csrf" value="')[1].split('"')[0]


def test_every_page_says_that_it_is_training_and_what_time_it_is(client, stage):
    signed_in(client, stage)
    pages = [client.get(path).text for path in ("/board", "/alerts", "/section-136", "/night")]

    assert all("Training database" in page for page in pages)
    assert all(london.text(stage.now()) in page for page in pages)
    assert all("Beat 1 of 8" in page for page in pages)
    assert "Training database" in client.get("/sign-in").text


def test_the_clock_is_moved_by_a_minute_a_quarter_and_a_scene(client, stage):
    csrf = signed_in(client, stage)
    moments = [stage.now()]
    for to in ("1", "15", "scene"):
        form = {"csrf": csrf, "to": to, "back": "/board"}
        answer = client.post("/night/step", data=form, headers=HERE)
        assert (answer.status_code, answer.location) == (303, "/board")
        moments.append(stage.now())

    assert moments[1] - moments[0] == timedelta(minutes=1)
    assert moments[2] - moments[1] == timedelta(minutes=15)
    assert london.text(moments[3]) == "Sat 24 Oct 2026 20:15 BST"
    assert "Timers last ran at 20:15:00 BST" in client.get("/board").text


@pytest.mark.parametrize("path", ["/night/step", "/night/look", "/night/as"])
def test_nobody_moves_the_night_without_the_token_of_the_page(client, stage, path):
    signed_in(client, stage)
    before = stage.now()
    form = {"to": "1", "account": "nair"}

    assert client.post(path, data=form, headers=HERE).status_code == 403
    assert stage.now() == before


@pytest.mark.parametrize("path", ["/night/step", "/night/look", "/night/as"])
def test_nobody_moves_the_night_without_being_signed_in(client, stage, path):
    before = stage.now()
    answer = client.post(path, data={"to": "1", "account": "nair"}, headers=HERE)

    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
    assert stage.now() == before
    assert client.get("/night").status_code == 303


def test_a_viewer_sees_it_as_somebody_else_by_a_click(client, stage):
    csrf = signed_in(client, stage)
    answer = client.post("/night/as", data={"csrf": csrf, "account": "nair"}, headers=HERE)

    assert answer.location == "/worklist"
    assert "Nurse Nair, liaison nurse" in client.get("/worklist").text


def test_only_the_staff_of_the_night_can_be_seen_as(client, stage):
    csrf = signed_in(client, stage)
    answer = client.post("/night/as", data={"csrf": csrf, "account": "root"}, headers=HERE)

    assert answer.status_code == 422
    assert "PS Okafor" in client.get("/board").text


def test_the_scene_is_shown_to_whoever_sees_it_best(client, stage):
    csrf = signed_in(client, stage, "nair")
    answer = client.post("/night/look", data={"csrf": csrf}, headers=HERE)

    assert answer.location.startswith("/stays/")
    assert "PS Okafor" in client.get(answer.location).text


@pytest.mark.parametrize("back", ["//elsewhere.test/", "https://elsewhere.test/", "/\\elsewhere"])
def test_a_step_never_leads_to_another_site(client, stage, back):
    csrf = signed_in(client, stage)
    form = {"csrf": csrf, "to": "1", "back": back}

    assert client.post("/night/step", data=form, headers=HERE).location == "/"


def test_a_step_that_is_none_is_refused(client, stage):
    csrf = signed_in(client, stage)
    before = stage.now()
    form = {"csrf": csrf, "to": "600", "back": "/board"}

    assert client.post("/night/step", data=form, headers=HERE).status_code == 422
    assert stage.now() == before


def test_a_real_service_has_no_bar_and_no_such_pages(stage):
    app = create_app(service=stage.service, now=stage.now, wall=lambda: WALL)
    client = app.test_client()
    signed_in(client, stage)

    assert client.get("/night").status_code == 404
    assert "Training night" not in client.get("/board").text


def test_the_story_page_tells_the_scene_and_the_messages(client, stage):
    signed_in(client, stage)
    page = client.get("/night").text

    assert "You are here" in page
    assert "Messages that would have gone out" in page
    assert "to HCP Haines: Castle Street (training)" in page


def test_the_folder_of_a_night_is_not_readable_by_others(stage):
    assert Path(stage.folder).stat().st_mode & 0o077 == 0
