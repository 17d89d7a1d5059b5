"""Whether a store has this release's shape; ``migrations`` is how it came to it."""

from triage.record.dictionaries import WORDS, words
from triage.record.engine import Connection
from triage.record.errors import NewerSchema, OlderSchema, StoreDamaged
from triage.record.schema_record import TRIGGERS

MIGRATIONS_IN_ALL = 8


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
