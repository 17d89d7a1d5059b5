"""What somebody could do to the file behind the service's back, with the application's engine.

The triggers are taken away and put back, so that only the chain and the anchors can tell.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from triage.record.chain import link, more_of
from triage.record.engine import Connection, connect
from triage.record.schema_record import TRIGGERS

FIELDS = (
    "seq", "kind", "stay", "person", "occurred_at", "recorded_at", "account", "actor", "role",
    "terminal", "corrects",
)  # fmt: skip


@contextmanager
def behind_the_back(path: Path) -> Iterator[Connection]:
    connection = connect(path)
    connection.execute("pragma foreign_keys = off")
    for name in TRIGGERS:
        connection.execute(f"drop trigger {name}")
    yield connection
    for sql in TRIGGERS.values():
        connection.execute(sql)
    connection.close()


def hash_anew(connection: Connection, first: int) -> None:
    """Make the chain agree with itself from one event on, as a thorough forger would."""
    previous = connection.execute(
        "select hash from events where seq < :seq order by seq desc limit 1", {"seq": first}
    ).fetchone()
    last = previous["hash"] if previous else bytes(32)
    rows = connection.execute("select * from events where seq >= :seq", {"seq": first}).fetchall()
    for row in rows:
        more = more_of(row)
        this = link(last, *(row[field] for field in FIELDS), more.header, more.digests)
        connection.execute(
            "update events set prev = :prev, hash = :hash where seq = :seq",
            {"prev": last, "hash": this, "seq": row["seq"]},
        )
        last = this


def bodies(path: Path, stay: str) -> list[bytes]:
    """Every part of one stay as it lies in the file, in pieces of sixteen bytes.

    What is packed cannot be looked for by its words: it is looked for by its bytes.
    """
    connection = connect(path)
    rows = connection.execute(
        "select p.body from payloads p join events e on e.seq = p.seq where e.stay = :stay",
        {"stay": stay},
    ).fetchall()
    connection.close()
    return [row[0][at : at + 16] for row in rows for at in range(0, len(row[0]) - 15, 16)]
