"""An empty record for a test: a copy of one that was migrated once in this process."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from triage.record import Record


def fresh_record(path: Path) -> Record:
    """The record at this path; where there is none, an empty one.

    The copies share the name of their store: whoever compares two of them makes both anew.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_blank())
    return Record.open(path, create=True)


@cache
def _blank() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "triage.db"
        Record.open(path, create=True).close()
        return path.read_bytes()
