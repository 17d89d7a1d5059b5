"""How much a record grows with each screening, and where every byte of it goes.

A stay is screened three times (arrival, review, release), each by a request with its key, as a
terminal sends it; the stays are opened before the count begins, and nobody has taken an alert yet.
The mix is ours, for want of a published one: of twenty people eleven raise nothing, six one or two
needs, two something urgent, and one five needs with eight alerts.
"""

import json
import sqlite3  # noqa: TID251  the engine of the wheel cannot say where its bytes are
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.depth import depth
from tests.faults.server import ROOT
from tests.record.people import NIGHT
from triage import casework
from triage.record import Actor, Record
from triage.record.rebuilding import rebuild
from triage.record.verification import verify
from triage.rules_files import load, rules_dir
from triage.schemas.screen import details_of
from triage.settings import Settings

BYTES_A_SCREENING = 4000  # of database, in the mix; of somebody with nothing, half of it
SCREENINGS_A_STAY = 3
SERGEANT = Actor("okafor", "PS Okafor", "custody_sergeant", "castle-desk-1")
MILD: tuple[dict[str, Any], ...] = (
    {"low_or_hopeless": "at_times"},
    {"home_tonight": "sofa"},
    {"drugs_month": ["cannabis"]},
    {"money_worry": ["debt"], "low_or_hopeless": "at_times"},
    {"mental_health_help": "now"},
    {"drinks_daily": "daily_under15u"},
)
URGENT: tuple[dict[str, Any], ...] = (
    {"self_harm_now": "thoughts", "low_or_hopeless": "yes"},
    {"self_harm_ever": "over_1y", "drinks_daily": "daily_15u_plus"},
)


def _document(case: str) -> dict[str, Any]:
    path = ROOT / "tests" / "cases" / "contract" / f"{case}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return {name: value for name, value in found.items() if name != "at"}


def _nobody_and(answers: dict[str, Any]) -> dict[str, Any]:
    quiet = _document("screen-ryan")
    return {**quiet, "answers": {**quiet.get("answers", {}), **answers}}


QUIET, FIVE_NEEDS = [_document("screen-ryan")], [_document("screen-denise")]
MIX = [*QUIET * 11, *(_nobody_and(said) for said in (*MILD, *URGENT)), *FIVE_NEEDS]


def _screened(path: Path, documents: Sequence[dict[str, Any]], stays: int) -> float:
    """Bytes of database for each screening of so many people, who come in the order given."""
    rulebook = load(rules_dir(), draft=True)
    service = casework.Service(
        Record.open(path, create=True), rulebook, Settings(path.parent, path)
    )
    opening = [
        casework.Opening(casework.StayKind.CUSTODY, "castle_street", f"TRAINING/B/{n}", NIGHT)
        for n in range(stays)
    ]
    opened = [casework.open_stay(service, each, actor=SERGEANT, now=NIGHT).stay for each in opening]
    before = _size(service.record)
    for number in range(stays * SCREENINGS_A_STAY):
        document, now = documents[number % len(documents)], NIGHT + timedelta(seconds=number)
        details = details_of(document, rulebook=rulebook, now=now)
        casework.record_screening(
            service, opened[number % stays], details,
            actor=SERGEANT, now=now, key=f"bench-{number:08d}", sent=document,
        )  # fmt: skip
    after = _size(service.record)
    service.record.close()
    return (after - before) / (stays * SCREENINGS_A_STAY)


def _size(record: Record) -> int:
    record.reading()._connection.execute("pragma wal_checkpoint(truncate)")
    return record.path.stat().st_size


def _where(path: Path, screenings: int) -> str:
    """Bytes a screening of each table and index, where this Python's engine can tell."""
    with closing(sqlite3.connect(path)) as file:
        try:
            rows = file.execute(
                "select name, sum(pgsize), sum(unused) from dbstat group by name order by 2 desc"
            ).fetchall()
        except sqlite3.OperationalError:
            return "  (no dbstat here)"
    return "\n".join(
        f"  {name:36} {whole / screenings:6.0f}, of which not used {unused / screenings:5.0f}"
        for name, whole, unused in rows[:12]
    )


@pytest.mark.parametrize(
    ("documents", "most"),
    [(QUIET, BYTES_A_SCREENING / 2), (MIX, BYTES_A_SCREENING), (FIVE_NEEDS, None)],
    ids=["nothing raised", "the mix", "five needs and eight alerts"],
)
def test_bytes_of_database_a_screening(
    tmp_path: Path, documents: list[dict[str, Any]], most: float | None
):
    stays = depth(200, 4000)
    each = _screened(tmp_path / "triage.db", documents, stays)

    print(f"\n{each:.0f} bytes of database a screening")
    print(_where(tmp_path / "triage.db", stays * SCREENINGS_A_STAY))
    assert verify(tmp_path / "triage.db", full=True).ok
    assert rebuild(tmp_path / "triage.db", keep=False).same
    assert most is None or each <= most
