"""Somebody at the desk, by both of the ways by which a desk reaches its service."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk.doors import Both, Suite, listening, suite_in
from tests.desk.people import OKAFOR, PASSWORD
from tests.desk.releasing import Tell, at_a_desk_in
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
