"""Backups that were proved before they are called backups.

The copy is made online, page by page, while others write; then the copy itself is opened and
walked: SQLite's integrity, both chains, every anchor that stood before the copy began. Nothing is
ever overwritten. An old backup would bring back what was erased since, so restoring repeats every
erasure that is noted beside the record.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from triage.record.anchors import (
    AnchorLog,
    anchor_file,
    erasure_file,
    noted_erasures,
    read_anchors,
    store_id,
)
from triage.record.engine import Connection, connect, copy_online, plain_errors
from triage.record.errors import BackupRefused, NoStore, StoreError
from triage.record.events import Actor, Group
from triage.record.rebuilding import rebuild
from triage.record.schema import check_schema
from triage.record.store import Record
from triage.record.verification import Verification, verify


@dataclass(frozen=True)
class BackedUp:
    """A backup that passed its checks."""

    file: Path
    bytes: int
    sha256: str
    events: int
    head_hash: str
    anchors: int


@dataclass(frozen=True)
class Check:
    """One thing that was tried, and whether it held."""

    words: str
    ok: bool


@dataclass(frozen=True)
class Drill:
    """A restore that was tried from beginning to end, elsewhere."""

    backup: Path
    checks: tuple[Check, ...]
    events: int
    missing_events: int  # recorded since the backup: what a restore would lose
    missing_since: datetime | None

    @property
    def ok(self) -> bool:
        """Whether the backup would carry us."""
        return all(check.ok for check in self.checks)


@dataclass(frozen=True)
class Restored:
    """A record brought back, with the erasures that were repeated."""

    path: Path
    events: int
    erased_again: int


def backup(path: Path, to: Path, *, now: datetime) -> BackedUp:
    """Copy the record into the folder ``to`` while it is in use, and prove the copy.

    Raises BackupRefused when ``to`` is the record's own folder, the name is taken, or the copy
    does not pass; a copy that did not pass is taken away. Raises NoStore and engine errors.
    """
    path, to = Path(path).absolute(), Path(to).absolute()
    if not path.exists():
        raise NoStore(f"There is no record at {path}.")
    if to == path.parent:
        raise BackupRefused("A backup belongs into another folder than the record, best a disk.")
    to.mkdir(parents=True, exist_ok=True)
    final = to / f"{path.stem}-{now:%Y%m%dT%H%M%SZ}.db"
    if final.exists():
        raise BackupRefused(f"{final} exists already; nothing was overwritten.")
    part = to / f".{final.name}.{secrets.token_hex(4)}.part"
    try:
        log = _copy(path, part)
        found = verify(part, full=True, anchors=log)
        if not found.ok:
            raise BackupRefused(f"The copy did not pass its checks: {found.flaws[0]}")
        return _sealed(part, final, found)
    finally:
        for left in to.glob(f"{part.name}*"):
            left.unlink()


def _copy(path: Path, part: Path) -> AnchorLog:
    """Copy the file; gives the anchors that stood before, which the copy therefore must hold."""
    connection = connect(path)
    try:
        with plain_errors(path):
            check_schema(connection)
            log = read_anchors(path, store_id(connection))
            copy_online(connection, part)
    finally:
        connection.close()
    return log


def _sealed(part: Path, final: Path, found: Verification) -> BackedUp:
    """Give the proved copy its name, which fails if the name is taken, and its seal beside it."""
    with part.open("rb+") as copy:
        os.fsync(copy.fileno())
    sha256 = _sha256(part)
    try:
        os.link(part, final)
    except FileExistsError as error:
        raise BackupRefused(f"{final} exists already; nothing was overwritten.") from error
    _seal_file(final).write_text(f"{sha256}  {final.name}\n", encoding="ascii")
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return BackedUp(final, final.stat().st_size, sha256, found.head, found.head_hash, found.anchors)


def newest_backup(path: Path, folder: Path) -> Path | None:
    """The newest sealed backup of a record in a folder."""
    found = sorted(Path(folder).glob(f"{Path(path).stem}-*.db"))
    return next((one for one in reversed(found) if _seal_file(one).exists()), None)


def restore(backed_up: Path, path: Path, *, beside: Path, actor: Actor, now: datetime) -> Restored:
    """Bring a backup back as a record at ``path``, where nothing may stand yet.

    ``beside`` is the record that was lost, or where it was: the logs beside it are taken along,
    and every erasure noted there is repeated, so that nothing erased comes back. Raises
    BackupRefused when something stands at ``path`` or the backup is not what was sealed.
    """
    path = Path(path).absolute()
    if path.exists():
        raise BackupRefused(f"Something stands at {path} already; nothing was overwritten.")
    if not _is_sealed(backed_up):
        raise BackupRefused(f"{backed_up} is not what was sealed when it was made.")
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(backed_up, path)
    for log in (anchor_file(Path(beside)), erasure_file(Path(beside))):
        if log.exists() and log.parent != path.parent:
            shutil.copyfile(log, path.with_name(log.name))
    record = Record.open(path)
    try:
        again = erase_again(record, actor=actor, now=now)
        return Restored(path, record.reading().head(), again)
    finally:
        record.close()


def erase_again(record: Record, *, actor: Actor, now: datetime) -> int:
    """Repeat the erasures noted beside a record that an older copy brought back; how many."""
    with record.writing(now=now) as writing:
        store = store_id(writing._connection)
        due = [
            (seq, Group(part))
            for seq, this, part in noted_erasures(record.path, store)
            if (event := writing.event(seq)) is not None
            and event.hash == this
            and event.payloads.get(part) is not None
        ]
        if due:
            writing.erase(due, actor=actor, reason="erased before the restored copy was made")
    if due:
        record.scrub()
    return len(due)


def restore_drill(path: Path, backups: Path, *, now: datetime) -> Drill:
    """Restore the newest backup elsewhere, prove it, and say what it would lose.

    Nothing of the record is touched and the restored copy is taken away again. Raises NoStore
    when there is no backup to try.
    """
    path = Path(path).absolute()
    found = newest_backup(path, backups)
    if found is None:
        raise NoStore(f"There is no backup of {path.name} in {backups}.")
    with tempfile.TemporaryDirectory(prefix="restore-drill-") as scratch:
        return _drilled(path, found, Path(scratch) / path.name, now)


def _drilled(path: Path, found: Path, copy: Path, now: datetime) -> Drill:
    checks = [Check("The backup is what was sealed when it was made.", _is_sealed(found))]
    actor = Actor("restore-drill", "Restore drill", "administrator")
    events, head_hash = 0, ""
    try:
        shutil.copyfile(found, copy)
        record = Record.open(copy)
        again = erase_again_from(path, record, actor=actor, now=now)
        record.close()
        checks.append(Check(f"It opens, and {again} erasures since were repeated.", True))
        walked = verify(copy, full=True)
        words = "Both chains and SQLite's own check hold."
        checks.append(Check(words if walked.ok else str(walked.flaws[0]), walked.ok))
        checks.append(Check("Rebuilding gives the same rows.", rebuild(copy, keep=False).same))
        events = walked.head - (1 if again else 0)
        head_hash = _hash_at(copy, events)
    except StoreError as error:
        checks.append(Check(str(error), False))
    missing, since = _missing(path, events, head_hash, checks)
    return Drill(found, tuple(checks), events, missing, since)


def erase_again_from(path: Path, record: Record, *, actor: Actor, now: datetime) -> int:
    """Repeat what is noted beside another record; how many parts."""
    if erasure_file(path).exists():
        shutil.copyfile(erasure_file(path), erasure_file(record.path))
    return erase_again(record, actor=actor, now=now)


def _missing(
    path: Path, events: int, head_hash: str, checks: list[Check]
) -> tuple[int, datetime | None]:
    """What the living record has that the backup lacks; the backup must be its beginning."""
    if not path.exists():
        return 0, None
    record = Record.open(path)
    try:
        reading = record.reading()
        same = events == 0 or _hash_at(path, events) == head_hash
        checks.append(Check("The backup is the beginning of the record in use.", same))
        first = reading.events_after(events, 1)
        return reading.head() - events, first[0].recorded_at if first else None
    finally:
        record.close()


def _hash_at(path: Path, seq: int) -> str:
    connection: Connection = connect(path)
    try:
        row = connection.execute(
            "select hash from events where seq = :seq", {"seq": seq}
        ).fetchone()
        return "" if row is None else row["hash"].hex()
    finally:
        connection.close()


def _seal_file(file: Path) -> Path:
    return file.with_name(file.name + ".sha256")


def _is_sealed(file: Path) -> bool:
    seal = _seal_file(Path(file))
    return seal.exists() and seal.read_text(encoding="ascii").split(" ")[0] == _sha256(file)


def _sha256(file: Path) -> str:
    with Path(file).open("rb") as copy:
        return hashlib.file_digest(copy, "sha256").hexdigest()
