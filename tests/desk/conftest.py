"""Somebody at the desk, by both of the ways by which a desk reaches its service."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk.doors import Both, Suite, listening, suite_in
from tests.desk.glass import SIZES, Glass
from tests.desk.people import OKAFOR, PASSWORD, opened, people_in
from tests.desk.releasing import Tell, at_a_desk_in
from triage import clock
from triage.desk.releases import Drafts
from triage.desk.served import Served
from triage.web import passwords


@pytest.fixture(scope="session")
def kept() -> str:
    """The password of everybody here, as the record keeps it."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def suite(tmp_path: Path, kept: str) -> Iterator[Suite]:
    made = suite_in(tmp_path, kept)
    yield made
    made.service.record.close()


@pytest.fixture
def both(suite: Suite) -> Iterator[Both]:
    with listening(suite) as url:
        yield Both(suite, url)


@pytest.fixture(params=["in this process", "over the network"])
def desk(request: pytest.FixtureRequest, both: Both) -> Callable[..., Served]:
    """Somebody at the desk, by one of the two ways: each test with it runs by both."""
    far = request.param == "over the network"
    return lambda actor=OKAFOR: both.desks(actor)[far]


@pytest.fixture
def at_the_desk(tmp_path: Path) -> Tell:
    """Tell a story of a release at a desk."""
    return at_a_desk_in(tmp_path)


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    """The releases that were begun at that desk."""
    return Drafts(tmp_path / "releases")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as short:  # the path of a socket has few characters
        yield Path(short)


@pytest.fixture
def glass(folder: Path) -> Iterator[Glass]:
    """A small terminal."""
    glass = Glass(folder / "tmux", 80, 24)
    yield glass
    glass.close()


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def any_glass(request: pytest.FixtureRequest, folder: Path) -> Iterator[Glass]:
    """A small terminal, and a large one: each test with it runs on both."""
    glass = Glass(folder / "tmux", *request.param)
    yield glass
    glass.close()


@pytest.fixture
def instance(tmp_path: Path, kept: str) -> Path:
    """An installation in which two people are detained."""
    service = opened(tmp_path)
    people_in(service, clock.now(), kept)
    service.record.close()
    return tmp_path
