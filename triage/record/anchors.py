"""Where the ends of the chains are noted outside the file.

A plain chain cannot see that its tail was cut, or that all of it was hashed anew. So the last
number and hash are noted in ``anchors.log`` beside the record, and printed on sheets. Erasures
are noted too, by number and part only, so that a restored backup can repeat them.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from triage.record.chain import GENESIS
from triage.record.engine import Connection
from triage.record.events import moment, stamp


@dataclass(frozen=True)
class Anchor:
    """How both chains ended at one moment."""

    store: str
    seq: int
    hash: str
    access_seq: int
    access_hash: str
    at: datetime

    @property
    def line(self) -> str:
        """The anchor as one line of the log."""
        return (
            f"{self.store} {self.seq} {self.hash} {self.access_seq} {self.access_hash}"
            f" {stamp(self.at)}\n"
        )


@dataclass(frozen=True)
class AnchorLog:
    """The anchors of one store that could be read, and the lines that could not."""

    anchors: tuple[Anchor, ...]
    unreadable: tuple[int, ...]


def anchor_file(path: Path) -> Path:
    """The log beside a record; records in one folder share it."""
    return path.with_name("anchors.log")


def erasure_file(path: Path) -> Path:
    """The list of erasures beside a record."""
    return path.with_name("erasures.log")


def store_id(connection: Connection) -> str:
    """The name that the store was given when it was made."""
    name: str = connection.execute("select value from store where name = 'id'").fetchone()[0]
    return name


def ends(connection: Connection, now: datetime) -> Anchor:
    """How both chains end now."""
    row = connection.execute("select seq, hash from events order by seq desc limit 1").fetchone()
    look = connection.execute(
        "select seq, hash from access_log order by seq desc limit 1"
    ).fetchone()
    seq, this = (0, GENESIS) if row is None else row
    access_seq, access = (0, GENESIS) if look is None else look
    return Anchor(store_id(connection), seq, this.hex(), access_seq, access.hex(), now)


def read_anchors(path: Path, store: str) -> AnchorLog:
    """Every anchor of one store; a line that was cut off by a crash at the very end is left out."""
    try:
        text = anchor_file(path).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return AnchorLog((), ())
    whole = text[: text.rfind("\n") + 1]
    anchors, unreadable = [], []
    for number, line in enumerate(whole.splitlines(), start=1):
        anchor = _anchor(line)
        if anchor is None:
            unreadable.append(number)
        elif anchor.store == store:
            anchors.append(anchor)
    return AnchorLog(tuple(anchors), tuple(unreadable))


def note(file: Path, lines: str) -> None:
    """Append whole lines and wait for the disk; a torn line of an earlier crash is ended first."""
    with file.open("ab+") as log:
        end = log.seek(0, os.SEEK_END)
        if end:
            log.seek(end - 1)
            if log.read(1) != b"\n":
                lines = "\n" + lines
        log.write(lines.encode("ascii"))
        log.flush()
        os.fsync(log.fileno())


def note_erasures(connection: Connection, path: Path) -> int:
    """Note the erasures that are not in the list yet; how many."""
    store = store_id(connection)
    noted = set(noted_erasures(path, store))
    rows = connection.execute(
        'select x.seq, e.hash, x."group" from erasures x join events e on e.seq = x.seq'
        ' order by x.by_seq, x.seq, x."group"'
    )
    new = [one for row in rows if (one := (row[0], row[1].hex(), row[2])) not in noted]
    lines = [f"{store} {seq} {this} {part}\n" for seq, this, part in new]
    if lines:
        note(erasure_file(path), "".join(lines))
    return len(lines)


def noted_erasures(path: Path, store: str) -> tuple[tuple[int, str, str], ...]:
    """The erasures noted for one store: event, its hash, part."""
    try:
        lines = erasure_file(path).read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return ()
    fields = [line.split(" ") for line in lines]
    return tuple(
        (int(one[1]), one[2], one[3])
        for one in fields
        if len(one) == 4 and one[0] == store and one[1].isdigit()
    )


def _anchor(line: str) -> Anchor | None:
    fields = line.split(" ")
    try:
        store, seq, this, access_seq, access, at = fields
        return Anchor(store, int(seq), this, int(access_seq), access, moment(at))
    except ValueError:
        return None
