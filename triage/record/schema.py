"""The shape of the store, by migrations; run by ``triage migrate``, never on import.

Later migrations add; when one must transform a table with triggers, it has to make the
triggers again in the same transaction, because ``transform`` drops them silently.
``triggers_missing`` is asked after every migration and by ``verify``.
"""

from sqlite_utils import Database, Migrations

from triage.record.engine import Connection
from triage.record.errors import NewerSchema, OlderSchema, StoreDamaged
from triage.record.packing import WORDS, pack_words, words
from triage.record.schema_operations import OPERATIONS
from triage.record.schema_record import EVENTS, PACKED, PUBLISHED, TRIGGERS
from triage.record.schema_views import ALERTS_PACKED, PROJECTIONS

migrations = Migrations("triage")
MIGRATIONS_IN_ALL = 4


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
    for name in WORDS:
        database.execute(
            "insert into packings (name, words) values (:name, :words)",
            {"name": name, "words": words(name)},
        )
    database.execute("pragma user_version = 2")


@migrations(name="m003_packed_words")
def packed_words(database: Database) -> None:
    """The words of alerts are packed in their rows too, those that stand there already as well."""
    database.conn.create_function("packed", 1, pack_words, deterministic=True)
    for statement in ALERTS_PACKED:
        database.execute(statement)
    database.execute("pragma user_version = 3")


@migrations(name="m004_published_figures")
def published_figures(database: Database) -> None:
    """What left the force is found without reading every event."""
    database.execute(PUBLISHED)
    database.execute("pragma user_version = 4")


def packings_changed(connection: Connection) -> tuple[str, ...]:
    """The names of packings whose words in the record are not those that it is read with."""
    rows = connection.execute("select name, words from packings")
    standing = {row["name"]: row["words"] for row in rows}
    return tuple(name for name in WORDS if standing.get(name) != words(name))


def schema_version(connection: Connection) -> int:
    """How many migrations the file has had."""
    version: int = connection.execute("pragma user_version").fetchone()[0]
    return version


def check_schema(connection: Connection) -> None:
    """Let a file of exactly this release's shape pass; raises OlderSchema or NewerSchema."""
    version = schema_version(connection)
    if version > MIGRATIONS_IN_ALL:
        raise NewerSchema(
            f"This record was written by a newer release (schema {version}; this one knows "
            f"{MIGRATIONS_IN_ALL}). Install that release; nothing was changed."
        )
    if version < MIGRATIONS_IN_ALL:
        raise OlderSchema("This record needs its migrations first: run `triage migrate`.")


def triggers_missing(connection: Connection) -> tuple[str, ...]:
    """The names of append-only triggers that are gone or were changed."""
    rows = connection.execute("select name, sql from sqlite_schema where type = 'trigger'")
    standing = {row["name"]: row["sql"].lower().split() for row in rows}
    return tuple(
        name for name, sql in TRIGGERS.items() if standing.get(name) != sql.lower().split()
    )


def check_triggers(connection: Connection) -> None:
    """Raises StoreDamaged when an append-only trigger is gone."""
    missing = triggers_missing(connection)
    if missing:
        raise StoreDamaged(f"The record lost its append-only triggers: {', '.join(missing)}.")
