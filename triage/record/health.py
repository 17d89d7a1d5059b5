"""Where the record lies and how it is, for ``triage where`` and ``triage healthcheck``."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from triage.record.anchors import anchor_file
from triage.record.engine import connect, engine_version, plain_errors, version_is_safe
from triage.record.errors import StoreError
from triage.record.schema import MIGRATIONS_IN_ALL, schema_version, triggers_missing
from triage.record.store import Record

STALE_AFTER = timedelta(seconds=15)
OVERDUE_AFTER = timedelta(seconds=60)
SPACE_NEEDED = 500_000_000  # bytes; below this, or below 5% of the disk, it is time to act


@dataclass(frozen=True)
class Where:
    """Where everything of one record lies."""

    path: Path
    exists: bool
    bytes: int
    wal_bytes: int
    anchors: Path
    engine: str
    engine_safe: bool
    schema: int | None
    schema_of_this_release: int


@dataclass(frozen=True)
class Health:
    """Whether the record can be relied on now; each problem is one sentence."""

    problems: tuple[str, ...]
    events: int
    open_stays: int
    open_alerts: int
    last_heartbeat: datetime | None
    oldest_due: datetime | None
    free_bytes: int

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def where(path: Path) -> Where:
    """Where the record lies, whether or not it can be opened."""
    path = Path(path).absolute()
    wal = path.with_name(path.name + "-wal")
    return Where(
        path,
        path.exists(),
        path.stat().st_size if path.exists() else 0,
        wal.stat().st_size if wal.exists() else 0,
        anchor_file(path),
        ".".join(map(str, engine_version())),
        version_is_safe(engine_version()),
        _schema(path),
        MIGRATIONS_IN_ALL,
    )


def _schema(path: Path) -> int | None:
    if not path.exists():
        return None
    try:
        connection = connect(path)
    except StoreError:
        return None
    try:
        return schema_version(connection)
    finally:
        connection.close()


def healthcheck(path: Path, *, now: datetime) -> Health:
    """How the record is: whether it opens, timers run, alerts leave, and space is left."""
    path = Path(path).absolute()
    free = _free(path)
    try:
        record = Record.open(path)
    except StoreError as error:
        return Health((str(error),), 0, 0, 0, None, None, free[0])
    try:
        with plain_errors(path):
            return _health(record, now, free)
    except StoreError as error:
        return Health((str(error),), 0, 0, 0, None, None, free[0])
    finally:
        record.close()


def _health(record: Record, now: datetime, free: tuple[int, int]) -> Health:
    reading = record.reading()
    beat = reading.last_heartbeat()
    due = reading.oldest_due()
    problems = []
    if beat is None:
        problems.append("The timers have never run.")
    elif now - beat.at > STALE_AFTER:
        problems.append(f"The timers last ran {_ago(now - beat.at)} ago.")
    if due is not None and now - due > OVERDUE_AFTER:
        problems.append(f"An alert has waited {_ago(now - due)} to be raised.")
    missing = triggers_missing(reading._connection)
    if missing:
        problems.append(f"The record lost its append-only triggers: {', '.join(missing)}.")
    if free[0] < SPACE_NEEDED or free[0] * 20 < free[1]:
        problems.append(f"Only {free[0] // 1_000_000} MB of disk are left.")
    return Health(
        tuple(problems),
        reading.head(),
        len(reading.open_stays()),
        len(reading.open_alerts()),
        None if beat is None else beat.at,
        due,
        free[0],
    )


def _free(path: Path) -> tuple[int, int]:
    """Bytes left, and bytes in all, on the disk of the record."""
    folder = next((one for one in path.parents if one.exists()), Path("/"))
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def _ago(gap: timedelta) -> str:
    minutes, seconds = divmod(int(gap.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {seconds:02d} s"
