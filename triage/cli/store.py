"""``triage migrate``, ``verify``, ``rebuild``, ``backup``, ``restore``: keeping the record."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triage.cli import inputs
from triage.domain.errors import InputError

if TYPE_CHECKING:
    from triage.record import Drill, Verification
    from triage.record.verification import Recompute
    from triage.settings import Settings

BACKUPS = "backups"
NOT_FOR_OTHERS = 0o027  # what is written holds personal data: the owner's, and the group's to read


@click.command()
def migrate() -> None:
    """Make the record, or bring it to this release's shape, with a copy made before."""
    from triage import record

    os.umask(NOT_FOR_OTHERS)
    path = inputs.settings().database
    applied = record.migrate(path)
    if applied:
        click.echo(f"{path} is ready: {', '.join(applied)}.")
    else:
        click.echo(f"{path} is ready: nothing had to be changed.")


@click.command()
@click.option("--full", is_flag=True, help="Everything, not only what came since the last time.")
@click.option(
    "--recompute",
    is_flag=True,
    help="Run each screening again, under the rules it was made with; say what differs.",
)
def verify(full: bool, recompute: bool) -> int:
    """Walk the record: was anything edited, deleted, put in, cut off or hashed anew?

    Exit 1 when something was. A difference in recomputing is said and is no fault of the record.
    """
    from triage import clock, record

    settings = inputs.settings()
    with _recompute(settings, wanted=recompute) as again:
        found = record.verify(
            settings.database, full=full, recompute=again, remember_at=clock.now()
        )
    for flaw in found.flaws:
        click.echo(f"FAULT {flaw}")
    for difference in found.differences:
        click.echo(f"Event {difference.seq}: {difference.words}")
    click.echo(_verified(found, recomputed=recompute))
    return 0 if found.ok else 1


@click.command()
def rebuild() -> int:
    """Make everything that is derived from the events anew; exit 1 when anything had differed."""
    from triage import record

    done = record.rebuild(inputs.settings().database)
    for table in done.tables:
        if table.different:
            click.echo(f"{table.table}: {table.rows} rows; had differed: {_few(table.different)}")
    rows = sum(table.rows for table in done.tables)
    told = "Every row had been right." if done.same else "The rows are right now."
    click.echo(f"{done.events} events folded into {rows} rows. {told}")
    return 0 if done.same else 1


@click.command()
@click.argument("folder", required=False, metavar="[TO]")
def backup(folder: str | None) -> None:
    """Copy the record, while it is in use, into the folder TO, and prove the copy.

    TO is best on another disk; without it the copy goes to backups in the instance folder.
    """
    from triage import clock, record

    os.umask(NOT_FOR_OTHERS)
    settings = inputs.settings()
    to = _backups(settings, folder)
    made = record.backup(settings.database, to, now=clock.now())
    click.echo(f"{made.file}")
    click.echo(f"{made.events} events, {made.bytes} bytes, sha256 {made.sha256}", err=True)
    if to.stat().st_dev == settings.database.stat().st_dev:
        click.echo("Note: the copy is on the same disk as the record.", err=True)


@click.command()
@click.argument("source", required=False, metavar="[FROM]")
@click.option("--drill", is_flag=True, help="Only try it, elsewhere, and say what would be lost.")
def restore(source: str | None, drill: bool) -> int:
    """Bring a backup back where no record stands; with --drill try it and touch nothing.

    FROM is a backup file; with --drill it is the folder of backups, by default backups in the
    instance folder.
    """
    os.umask(NOT_FOR_OTHERS)
    return _drill(source) if drill else _restore(source)


def _drill(source: str | None) -> int:
    from triage import clock, record

    settings = inputs.settings()
    tried = record.restore_drill(settings.database, _backups(settings, source), now=clock.now())
    click.echo(f"{tried.backup}")
    for check in tried.checks:
        click.echo(f"{'held  ' if check.ok else 'FAILED'}  {check.words}")
    click.echo(_lost(tried))
    return 0 if tried.ok else 1


def _restore(source: str | None) -> int:
    from triage import clock, record

    if source is None:
        raise InputError.at("FROM", "name the backup file; --drill only tries the newest one")
    file = Path(source).absolute()
    if not file.is_file():
        raise InputError.at("FROM", "there is no such file")
    path = inputs.settings().database
    actor = record.Actor("restore", "Restored by command", "administrator")
    done = record.restore(file, path, beside=path, actor=actor, now=clock.now())
    click.echo(
        f"{done.path} stands again with {done.events} events; {done.erased_again} erasures since "
        "were repeated. Run triage verify --full, then triage serve."
    )
    return 0


def _backups(settings: "Settings", folder: str | None) -> Path:
    return Path(folder).absolute() if folder else settings.instance / BACKUPS


@contextmanager
def _recompute(settings: "Settings", *, wanted: bool) -> Iterator["Recompute | None"]:
    """What runs old screenings again, while the record that keeps their rules is open."""
    if not wanted:
        yield None
        return
    from triage import casework

    service = casework.service(settings)
    try:
        yield casework.recompute(service)
    finally:
        service.record.close()


def _verified(found: "Verification", *, recomputed: bool) -> str:
    from triage.present.sign_in import access_changed

    began = f" since event {found.since}" if found.since else ""
    told = "The record is whole" if found.ok else f"{len(found.flaws)} FAULTS"
    lines = [
        f"{told}: {found.events} events and {found.accesses} looks walked{began}, "
        f"{found.anchors} anchors held against them."
    ]
    if found.head_hash:
        lines.append(f"It ends at event {found.head}, {found.head_hash}.")
    if found.last_access_act is not None:
        lines.append(access_changed(found.access_acts, found.last_access_act))
    if recomputed:
        differ = len(found.differences)
        lines.append(f"{found.recomputed} events looked at for recomputing, {differ} differ.")
    return os.linesep.join(lines)


def _lost(drill: "Drill") -> str:
    if not drill.missing_events:
        return f"{drill.events} events. Nothing recorded since would be lost."
    since = f", since {drill.missing_since:%Y-%m-%d %H:%M:%S}Z" if drill.missing_since else ""
    return f"{drill.events} events. {drill.missing_events} recorded since would be lost{since}."


def _few(keys: tuple[str, ...]) -> str:
    return ", ".join(keys[:5]) + (", ..." if len(keys) > 5 else "")
