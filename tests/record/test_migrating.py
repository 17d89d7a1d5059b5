"""Migrations are whole or not at all, keep every trigger, and copy the record before they begin."""

import multiprocessing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from tests.record.people import at, opened
from triage.record import (
    NewerSchema,
    OlderSchema,
    Record,
    StoreDamaged,
    migrate,
    migrating,
    schema,
    verify,
)


def next_release(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """A later release whose second migration runs some statements."""
    later = Migrations("triage")
    later(name="m001_the_record")(schema.the_record)

    @later(name="m002_later")
    def m002(database: Database) -> None:
        for statement in statements:
            database.execute(statement)
        database.execute("pragma user_version = 2")

    monkeypatch.setattr(migrating, "migrations", later)
    monkeypatch.setattr(migrating, "MIGRATIONS_IN_ALL", 2)
    monkeypatch.setattr(schema, "MIGRATIONS_IN_ALL", 2)


@pytest.fixture
def old(path: Path) -> Path:
    """A record as this release makes it, with one stay in it."""
    record = Record.open(path, create=True)
    with record.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))
    record.close()
    return path


def copies(path: Path) -> list[Path]:
    return list(path.parent.glob("*before-schema*"))


def test_a_record_is_brought_forward_and_copied_before(old: Path, monkeypatch: pytest.MonkeyPatch):
    next_release(monkeypatch, "alter table visits add column words text")

    with pytest.raises(OlderSchema):
        Record.open(old)
    assert migrate(old) == ["m002_later"]
    assert verify(old, full=True).ok
    (copy,) = copies(old)
    monkeypatch.undo()
    assert verify(copy, full=True).events == 1
    with pytest.raises(NewerSchema):
        Record.open(old)


def test_a_migration_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch):
    next_release(monkeypatch, "alter table visits add column words text", "no such statement")

    with pytest.raises(Exception, match="syntax error"):
        migrate(old)

    monkeypatch.undo()
    assert verify(old, full=True).ok
    record = Record.open(old)
    assert record.reading().head() == 1
    record.close()


def test_a_migration_that_loses_a_trigger_is_refused(old: Path, monkeypatch: pytest.MonkeyPatch):
    """What sqlite-utils' ``transform`` does silently."""
    next_release(monkeypatch, "drop trigger events_are_not_edited")

    with pytest.raises(StoreDamaged, match="events_are_not_edited"):
        migrate(old)

    monkeypatch.undo()
    assert verify(old, full=True).ok


def test_four_processes_that_migrate_at_once_make_one_record(path: Path):
    spawn = multiprocessing.get_context("spawn")
    racers = [spawn.Process(target=migrate, args=(path,)) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert [racer.exitcode for racer in racers] == [0] * 4
    assert verify(path, full=True).ok


def _write_in_a_child(record: Record) -> None:
    with record.writing(now=at(2)) as writing:
        writing.append(opened("s-child"))


def test_a_forked_child_opens_its_own_connection_and_its_own_place_in_the_queue(old: Path):
    record = Record.open(old)
    with record.writing(now=at(1)) as writing:
        writing.append(opened("s-2"))
    child = multiprocessing.get_context("fork").Process(target=_write_in_a_child, args=(record,))
    child.start()
    child.join()

    assert child.exitcode == 0
    assert [stay.id for stay in record.reading().open_stays()] == ["s-1", "s-2", "s-child"]
    record.close()
