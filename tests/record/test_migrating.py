"""Migrations are whole or not at all, keep every trigger, and copy the record before they begin."""

import json
import multiprocessing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from tests.record.kept import kept
from tests.record.people import NAIR, at, happened, opened
from triage.record import (
    Group,
    NewerSchema,
    OlderSchema,
    Record,
    StoreDamaged,
    migrate,
    migrating,
    migrations,
    packing,
    schema,
    verify,
)
from triage.record.engine import connect
from triage.record.rebuilding import rebuild


def next_release(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """A later release with one migration more, which runs some statements."""
    number = schema.MIGRATIONS_IN_ALL + 1
    later = Migrations("triage")
    none = Database(memory=True)
    for known in migrations.migrations.pending(none):
        later(name=known.name)(known.fn)
    none.close()

    @later(name="m_later")
    def m_later(database: Database) -> None:
        for statement in statements:
            database.execute(statement)
        database.execute(f"pragma user_version = {number}")

    monkeypatch.setattr(migrations, "migrations", later)
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
    return kept("schema-1", path)


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


@pytest.fixture
def third_release(path: Path) -> Path:
    """A record as schema 3 left it: somebody with five needs, a quiet one, two erased parts."""
    return kept("schema-3", path)


def test_a_record_of_the_third_release_is_carried_forward_whole(third_release: Path):
    """What deflate had packed stays as it lies and is read; the words of alerts are packed anew."""
    with pytest.raises(OlderSchema):
        Record.open(third_release)
    assert migrate(third_release) == [
        "m004_published_figures", "m005_dictionary", "m006_raised_together", "m007_narrower_rows",
        "m008_who_typed",
    ]  # fmt: skip

    record = Record.open(third_release)
    erased, stay, quiet = (each.id for each in record.reading().open_stays())
    found = verify(third_release, full=True)
    said = record.reading().last_screening(stay).event.payloads["police"]
    alerts = [(a.words or "", a.state) for a in record.reading().alerts_of(stay)]
    assert (found.flaws, found.events, found.erased_parts) == ((), 16, 2)
    assert rebuild(third_release, keep=False).same
    assert {"mental_health", "suicide_self_harm", "alcohol"} <= {
        need["need"] for need in said["findings"]["needs"]
    }
    assert (len(alerts), alerts[-1][0][:24]) == (18, "96 hours of detention wi")
    assert {state for _, state in alerts} == {"acknowledged", "raised", "planned"}
    assert not any(words == packing.UNREADABLE for words, _ in alerts)
    assert record.reading().last_screening(quiet).event.payloads["police"]["findings"]
    assert record.reading().last_screening(erased).event.payloads["police"] is None
    record.close()


def test_words_that_were_not_packed_anew_would_be_found(third_release: Path):
    """The twin: a migration that forgets the words of the alerts leaves rows nobody can read."""
    connection = connect(third_release)
    before = connection.execute("select key, words from alerts where state = 'raised'").fetchall()
    connection.close()
    migrate(third_release)
    connection = connect(third_release)
    for row in before:
        connection.execute("update alerts set words = ? where key = ?", (row["words"], row["key"]))
    connection.close()

    alerts = next(t for t in rebuild(third_release, keep=False).tables if t.table == "alerts")
    assert set(alerts.different) == {row["key"] for row in before}


@pytest.fixture
def fifth_release(path: Path) -> Path:
    """A record as schema 5 left it, in which each alert was raised by an event of its own.

    Somebody with five needs, whose alerts were taken or climbed; a quiet one; one of whom all is
    erased; one with a clinical alert and one of the police.
    """
    return kept("schema-5", path)


def test_a_record_of_the_fifth_release_is_carried_forward_whole(fifth_release: Path):
    with pytest.raises(OlderSchema):
        Record.open(fifth_release)
    connection = connect(fifth_release)
    before = [tuple(row) for row in connection.execute("select * from events order by seq")]
    said = {
        row["key"]: (row["need"], tuple(json.loads(row["to_roles"])))
        for row in connection.execute("select key, need, to_roles from alerts")
    }
    connection.close()
    assert migrate(fifth_release) == [
        "m006_raised_together", "m007_narrower_rows", "m008_who_typed"
    ]  # fmt: skip

    record = Record.open(fifth_release)
    connection = record.reading()._connection
    found = verify(fifth_release, full=True)
    stays = record.reading().open_stays()
    alerts = [alert for stay in stays for alert in record.reading().alerts_of(stay.id)]
    assert [tuple(row) for row in connection.execute("select * from events order by seq")] == before
    assert (found.flaws, found.events, found.erased_parts) == ((), 31, 10)
    assert rebuild(fifth_release, keep=False).same
    assert {alert.key: (alert.need, alert.to_roles) for alert in alerts} == said
    assert {alert.words for alert in alerts if alert.clinical} == {"Has fits."}
    assert not any(alert.words == packing.UNREADABLE for alert in alerts)
    assert {alert.state for alert in alerts} == {"acknowledged", "raised", "planned"}
    record.close()


def test_a_draft_of_an_older_release_is_all_of_whoever_kept_it_last(fifth_release: Path):
    """Nobody had written down who typed what; the one who is named there is asked about it."""
    connection = connect(fifth_release)
    connection.execute(
        "insert into drafts (stay, body, saved_at, account) values"
        """ ('s-1', '{"person":{},"answers":{"head_knock":"no"}}', '2026-10-24T20:40:00Z',"""
        " 'nair')"
    )
    connection.close()
    migrate(fifth_release)
    record = Record.open(fifth_release)
    draft = record.reading().draft("s-1")
    record.close()

    assert [(e.place, e.value, e.account, e.version) for e in draft.typed.entries] == [
        ("answers.head_knock", "no", "nair", 1)
    ]
