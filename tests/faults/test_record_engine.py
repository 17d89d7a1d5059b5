"""An engine or a connection that could lose a saved record is refused at the gate, by name."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from triage.record import EngineRefused, Record
from triage.record import engine as gatehouse
from triage.record.engine import EngineFacts, connect, facts_of, gate, version_is_safe

GOOD = EngineFacts((3, 51, 3), "wal", 2, 1, 5000, 1, 1)
WRONG = {
    "the engine inside the WAL-reset range": ({"version": (3, 40, 1)}, "SQLite 3.40.1"),
    "an engine one short of a backport": ({"version": (3, 50, 6)}, "SQLite 3.50.6"),
    "the last release with the fault": ({"version": (3, 51, 2)}, "SQLite 3.51.2"),
    "the release that was withdrawn": ({"version": (3, 52, 0)}, "SQLite 3.52.0"),
    "a rollback journal": ({"journal_mode": "delete"}, "journal_mode is delete"),
    "a commit that does not wait for the disk": ({"synchronous": 1}, "synchronous is 1"),
    "foreign keys off": ({"foreign_keys": 0}, "foreign_keys is off"),
    "no patience": ({"busy_timeout": 1000}, "busy_timeout is 1000 ms"),
    "erased bytes left standing": ({"secure_delete": 0}, "secure_delete is off"),
    "a replace that triggers do not see": ({"recursive_triggers": 0}, "recursive_triggers is off"),
}


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
def test_each_wrong_value_is_refused_by_name(wrong: dict[str, object], said: str):
    with pytest.raises(EngineRefused, match=re.escape(said)):
        gate(replace(GOOD, **wrong))


def test_a_safe_engine_set_up_right_is_let_through():
    gate(GOOD)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 7), True),
        ((3, 51, 0), False), ((3, 51, 3), True), ((3, 53, 4), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_which_releases_are_safe(version: tuple[int, int, int], safe: bool):
    assert version_is_safe(version) is safe


PRAGMAS = {
    "pragma journal_mode = wal": "pragma journal_mode = delete",
    "pragma synchronous = full": "pragma synchronous = normal",
    "pragma foreign_keys = on": "pragma foreign_keys = off",
    "pragma busy_timeout = 5000": "pragma busy_timeout = 100",
    "pragma secure_delete = on": "pragma secure_delete = fast",
    "pragma recursive_triggers = on": "pragma recursive_triggers = off",
}


@pytest.mark.parametrize("right", PRAGMAS)
def test_a_real_connection_set_up_wrongly_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, right: str
):
    pragmas = tuple(PRAGMAS[one] if one == right else one for one in gatehouse.PRAGMAS)
    monkeypatch.setattr(gatehouse, "PRAGMAS", pragmas)

    with pytest.raises(EngineRefused):
        connect(path)


def test_the_engine_in_use_is_judged_on_every_connection(
    record: Record, monkeypatch: pytest.MonkeyPatch
):
    assert facts_of(record.reading()._connection).version >= (3, 51, 3)
    monkeypatch.setattr(gatehouse, "engine_version", lambda: (3, 40, 1))

    with pytest.raises(EngineRefused, match="pysqlite3"):
        Record.open(record.path)
