"""Migrations are whole or not at all, keep every trigger, and copy the record before they begin."""

import gzip
import multiprocessing
import shutil
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from tests.record.people import NAIR, at, happened, opened
from triage.record import (
    Group,
    NewerSchema,
    OlderSchema,
    Record,
    StoreDamaged,
    migrate,
    migrating,
    schema,
    verify,
)
from triage.record.rebuilding import rebuild


def next_release(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """A later release with one migration more, which runs some statements."""
    number = schema.MIGRATIONS_IN_ALL + 1
    later = Migrations("triage")
    none = Database(memory=True)
    for known in schema.migrations.pending(none):
        later(name=known.name)(known.fn)
    none.close()

    @later(name="m_later")
    def m_later(database: Database) -> None:
        for statement in statements:
            database.execute(statement)
        database.execute(f"pragma user_version = {number}")

    monkeypatch.setattr(migrating, "migrations", later)
    monkeypatch.setattr(migrating, "MIGRATIONS_IN_ALL", number)
    monkeypatch.setattr(schema, "MIGRATIONS_IN_ALL", number)


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
    assert migrate(old) == ["m_later"]
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


@pytest.fixture
def first_release(path: Path) -> Path:
    """A record as the first release left it: two stays, an erased part, a look, an anchor."""
    kept = Path(__file__).parent / "records"
    path.write_bytes(gzip.decompress((kept / "schema-1.db.gz").read_bytes()))
    shutil.copy(kept / "schema-1.anchors.log", path.with_name("anchors.log"))
    return path


def test_a_record_of_the_first_release_is_carried_forward_whole(first_release: Path):
    with pytest.raises(OlderSchema):
        Record.open(first_release)
    migrate(first_release)

    record = Record.open(first_release)
    found = verify(first_release, full=True)
    screening = record.reading().last_screening("s-1").event
    assert (found.flaws, found.events, found.accesses, found.anchors) == ((), 9, 1, 1)
    assert found.erased_parts == 1
    assert rebuild(first_release).same
    assert screening.header == {
        "status": "complete", "urgency": "urgent", "rulebook": "f1", "stage": "arrest"
    }  # fmt: skip
    assert screening.payloads["police"]["answers"] == {"head_knock": "knock_red"}
    alerts = [(one.key, one.words, one.state) for one in record.reading().alerts_of("s-1")]
    assert alerts == [
        ("s-1:visit:due:1", "Visit overdue. Look at the person now.", "raised"),
        ("s-1:visit:due:2", "Look", "planned"),
    ]
    assert record.reading().last_screening("s-2").event.payloads["clinical"] is None
    record.close()


def test_old_and_new_events_stand_in_one_chain_and_old_ones_can_be_erased(first_release: Path):
    migrate(first_release)
    record = Record.open(first_release)
    with record.writing(now=at(40)) as writing:
        writing.append(happened("s-1", "health_check", 40, cell="9"))
    with record.writing(now=at(41)) as writing:
        writing.erase_stay("s-1", list(Group), actor=NAIR, reason="retention")
    record.close()

    assert verify(first_release, full=True).ok
    assert rebuild(first_release).same
