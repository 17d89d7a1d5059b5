"""How much a record grows with each screening, and where every byte of it goes.

A stay is screened three times (arrival, review, release), each by a request with its key, as a
terminal sends it; the stays are opened before the count begins, and nobody has taken an alert yet.
All of it takes ten minutes, so that what is counted is the screenings, and not the visits and
reviews that fall due after them. What a database holds once, the dictionaries, is told beside it.
The mix is ours, for want of a published one: of twenty people eleven raise nothing, six one or two
needs, two something urgent, and one five needs with eight alerts.
"""

import json
import sqlite3  # noqa: TID251  the engine of the wheel cannot say where its bytes are
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.depth import depth
from tests.faults.server import ROOT
from tests.record.people import NIGHT
from triage import casework
from triage.record import Actor, Record
from triage.record.dictionaries import WORDS, words
from triage.record.rebuilding import rebuild
from triage.record.verification import verify
from triage.rules_files import load, rules_dir
from triage.schemas.screen import details_of
from triage.settings import Settings

BYTES_A_SCREENING = 4000  # of database, whoever it is; of somebody with nothing, half of it
SCREENINGS_A_STAY = 3
TAKES = timedelta(minutes=10)  # however many are screened: what falls due later is not counted
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


@dataclass(frozen=True)
class Grown:
    """What a file grew by while so many screenings were recorded, and what it holds only once."""

    screenings: int
    before: int
    after: int
    once: int
    tables: Mapping[str, tuple[int, int]]  # bytes, and of them not used; none where not told

    @property
    def each(self) -> float:
        """Bytes of database for each screening."""
        return (self.after - self.before) / self.screenings

    def __str__(self) -> str:
        told = sorted(self.tables.items(), key=lambda one: -one[1][0])[:12]
        lines = [
            f"  {name:36} {whole / self.screenings:6.0f}, of which not used"
            f" {unused / self.screenings:5.0f}"
            for name, (whole, unused) in told
        ]
        return "\n".join(
            [
                f"{self.each:.0f} bytes of database a screening, over {self.screenings}",
                *(lines or ["  (no dbstat here)"]),
                f"  and {self.once} bytes once in each database for the dictionaries: "
                f"{self.once / self.screenings:.0f} a screening here",
            ]
        )


def _screened(path: Path, documents: Sequence[dict[str, Any]], stays: int) -> Grown:
    """What is left of the screenings of so many people, who come in the order given."""
    rulebook = load(rules_dir(), draft=True)
    service = casework.Service(
        Record.open(path, create=True), rulebook, Settings(path.parent, path)
    )
    opening = [
        casework.Opening(casework.StayKind.CUSTODY, "castle_street", f"TRAINING/B/{n}", NIGHT)
        for n in range(stays)
    ]
    opened = [casework.open_stay(service, each, actor=SERGEANT, now=NIGHT).stay for each in opening]
    before, tables = _size(service.record), _tables(path)
    screenings = stays * SCREENINGS_A_STAY
    for number in range(screenings):
        document, now = documents[number % len(documents)], NIGHT + TAKES * (number / screenings)
        details = details_of(document, rulebook=rulebook, now=now)
        casework.record_screening(
            service, opened[number % stays], details,
            actor=SERGEANT, now=now, key=f"bench-{number:08d}", sent=document,
        )  # fmt: skip
    after = _size(service.record)
    service.record.close()
    grown = {
        name: (whole - tables.get(name, (0, 0))[0], unused - tables.get(name, (0, 0))[1])
        for name, (whole, unused) in _tables(path).items()
    }
    once = sum(len(words(name)) for name in WORDS)
    return Grown(screenings, before, after, once, grown)


def _size(record: Record) -> int:
    record.reading()._connection.execute("pragma wal_checkpoint(truncate)")
    return record.path.stat().st_size


def _tables(path: Path) -> dict[str, tuple[int, int]]:
    """The bytes of each table and index, where this Python's engine can tell."""
    with closing(sqlite3.connect(path)) as file:
        try:
            rows = file.execute(
                "select name, sum(pgsize), sum(unused) from dbstat group by name"
            ).fetchall()
        except sqlite3.OperationalError:
            return {}
    return {name: (whole, unused) for name, whole, unused in rows}


PEOPLE = {
    "nothing raised": (QUIET, BYTES_A_SCREENING / 2, depth(400, 2000)),
    "the mix": (MIX, BYTES_A_SCREENING, depth(400, 2000)),
    "five needs and eight alerts": (FIVE_NEEDS, BYTES_A_SCREENING, depth(400, 2000)),
    **{
        " and ".join(said): ([_nobody_and(said)], BYTES_A_SCREENING, depth(50, 500))
        for said in (*MILD, *URGENT)
    },
}


@pytest.mark.parametrize("who", PEOPLE)
def test_bytes_of_database_a_screening(tmp_path: Path, who: str):
    documents, most, stays = PEOPLE[who]
    grown = _screened(tmp_path / "triage.db", documents, stays)

    print(f"\n{who}: {grown}")
    assert verify(tmp_path / "triage.db", full=True).ok
    assert rebuild(tmp_path / "triage.db", keep=False).same
    assert grown.each <= most
