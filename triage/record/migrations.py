"""The migrations that made the store what it is; run by ``triage migrate``, never on import.

Later migrations add; when one must transform a table with triggers, it has to make the
triggers again in the same transaction, because ``transform`` drops them silently.
``triggers_missing`` is asked after every migration and by ``verify``.
"""

from sqlite_utils import Database, Migrations

from triage.record.deflated import deflated
from triage.record.dictionaries import words
from triage.record.engine import Connection
from triage.record.packing import pack_words, packed_anew, words_of_packing_2
from triage.record.schema_operations import OPERATIONS, TYPED
from triage.record.schema_record import EVENTS, PACKED, PUBLISHED, TRIGGERS
from triage.record.schema_views import ALERTS_PACKED, NARROWER, PROJECTIONS

migrations = Migrations("triage")


def apply_pending(connection: Connection) -> list[str]:
    """Apply what this store has not had yet, in the caller's transaction; returns the names."""
    database = Database(connection)
    pending = [migration.name for migration in migrations.pending(database)]
    migrations.apply(database)
    return pending


@migrations(name="m001_the_record")
def the_record(database: Database) -> None:
    """Events, payloads, erasures, access log; projections; operational tables."""
    for statement in (*EVENTS, *TRIGGERS.values(), *PROJECTIONS, *OPERATIONS):
        database.execute(statement)
    database.execute("pragma user_version = 1")


@migrations(name="m002_packed_bodies")
def packed_bodies(database: Database) -> None:
    """What is recorded from now on is packed, with words of which the record holds a copy."""
    for statement in PACKED:
        database.execute(statement)
    _keep_words(database, "1-told", "1-whole")
    database.execute("pragma user_version = 2")


@migrations(name="m003_packed_words")
def packed_words(database: Database) -> None:
    """The words of alerts are packed in their rows too, those that stand there already as well."""
    database.conn.create_function("packed", 1, _as_in_schema_3, deterministic=True)
    for statement in ALERTS_PACKED:
        database.execute(statement)
    database.execute("pragma user_version = 3")


@migrations(name="m004_published_figures")
def published_figures(database: Database) -> None:
    """What left the force is found without reading every event."""
    database.execute(PUBLISHED)
    database.execute("pragma user_version = 4")


@migrations(name="m005_dictionary")
def with_a_dictionary(database: Database) -> None:
    """What is recorded from now on is packed with a dictionary; the words of alerts are at once.

    What was recorded stays as it lies, because events and their parts are never edited.
    """
    _keep_words(database, "2")
    database.conn.create_function("packed_2", 1, words_of_packing_2, deterministic=True)
    database.execute("update alerts set words = packed_2(words) where words is not null")
    database.execute("pragma user_version = 5")


@migrations(name="m006_raised_together")
def raised_together(database: Database) -> None:
    """From here on alerts that are raised in one act stand in one event.

    What was recorded stays as it is; a release before this one cannot read what is added.
    """
    database.execute("pragma user_version = 6")


@migrations(name="m007_narrower_rows")
def narrower_rows(database: Database) -> None:
    """A newer dictionary; an alert's needs and roles are packed like its words, and the row of a
    screening does not repeat its event. No event and no part of one is touched."""
    _keep_words(database, "3")
    database.conn.create_function("packed_anew", 1, packed_anew, deterministic=True)
    database.conn.create_function("packed", 1, pack_words, deterministic=True)
    for statement in NARROWER:
        database.execute(statement)
    database.execute("pragma user_version = 7")


@migrations(name="m008_who_typed")
def who_typed(database: Database) -> None:
    """A draft says who typed each answer, and when, so that nobody overwrites one unseen."""
    for statement in TYPED:
        database.execute(statement)
    database.execute("pragma user_version = 8")


def _keep_words(database: Database, *names: str) -> None:
    """The record holds what it is read with."""
    for name in names:
        database.execute(
            "insert into packings (name, words) values (:name, :words)",
            {"name": name, "words": words(name)},
        )


def _as_in_schema_3(said: str | None) -> bytes | None:
    return None if said is None else deflated(said.encode())
