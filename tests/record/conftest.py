"""A record of invented people, all of them training data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fresh import fresh_record
from triage.record import Record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "triage.db"


@pytest.fixture
def record(path: Path) -> Iterator[Record]:
    opened = fresh_record(path)
    yield opened
    opened.close()
