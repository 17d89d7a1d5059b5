"""Bringing a store file to this release's shape, with a copy made before anything changes."""

import secrets
from pathlib import Path

from triage.record.engine import Connection, connect, plain_errors
from triage.record.errors import StoreReadOnly
from triage.record.schema import (
    MIGRATIONS_IN_ALL,
    check_schema,
    check_triggers,
    schema_version,
)
from triage.record.turns import Turns


def migrate(path: Path) -> list[str]:
    """Make the record, or bring it to this release's shape; returns the migrations applied.

    An existing record is copied beside itself first. All migrations stand in one transaction.
    Raises NewerSchema, StoreBusy, StoreReadOnly or StoreDamaged; then nothing was changed.
    """
    path = Path(path).absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreReadOnly(f"The folder {path.parent} cannot be made.") from error
    turns = Turns(path.with_name(path.name + ".lock"))
    turns.take()
    try:
        connection = connect(path)
        try:
            with plain_errors(path):
                return _migrated(connection, path)
        finally:
            connection.close()
    finally:
        turns.give_back()
        turns.close()


def _migrated(connection: Connection, path: Path) -> list[str]:
    version = schema_version(connection)
    if version >= MIGRATIONS_IN_ALL:
        check_schema(connection)
        return []
    if version:
        _copy_before(connection, path, version)
    # What makes a store is read when one is made: it would be a fifth of every other start.
    from triage.record import migrations

    connection.execute("begin immediate")
    try:
        pending = migrations.apply_pending(connection)
        _name_store(connection)
        check_triggers(connection)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    check_schema(connection)
    return pending


def _copy_before(connection: Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.stem}-before-schema-{version + 1}-{secrets.token_hex(4)}.db")
    connection.execute("vacuum into :copy", {"copy": str(copy)})


def _name_store(connection: Connection) -> None:
    """Each store has its own name, so that anchors of two stores never mix."""
    connection.execute(
        "insert into store (name, value) values ('id', :id) on conflict (name) do nothing",
        {"id": secrets.token_hex(8)},
    )
