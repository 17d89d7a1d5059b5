"""How much memory the remembered stays of one process take, and that they are never more."""

import gc
import tracemalloc
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.test_post_speed import OKAFOR, PEOPLE, open_stays, screening_of
from tests.depth import depth
from triage import casework, clock
from triage.record import Record
from triage.record.remembering import _MOST, Known, Memory
from triage.rules_files import load, rules_dir
from triage.schemas import documents
from triage.schemas.screen import details_of
from triage.settings import Settings

MOST_BYTES_A_STAY = 250_000  # a quarter of a gigabyte for a thousand; a force holds fewer
VERSIONS = 3


def test_a_thousand_remembered_stays_leave_room_for_everything_else(tmp_path: Path):
    """Each with three screenings of which one has five needs, and all alerts of them."""
    Record.open(tmp_path / "triage.db", create=True).close()
    stays = open_stays(tmp_path, depth(40, _MOST))
    path, book = tmp_path / "triage.db", load(rules_dir(), draft=True)
    service = casework.Service(Record.open(path), book, Settings(tmp_path, path, training=True))
    now = clock.now()
    said = [
        details_of(documents.parse(screening_of(PEOPLE[person])), book, now=now)
        for person in (*PEOPLE, "somebody with no flags")
    ]
    assert len(said) == VERSIONS
    record_all(service, stays[:1], said)  # what is made once for all stays is not counted
    service.record._memory.forget()
    gc.collect()

    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    record_all(service, stays[1:], said)
    gc.collect()
    kept = (tracemalloc.get_traced_memory()[0] - before) / (len(stays) - 1)
    tracemalloc.stop()
    service.record.close()

    print(f"\n{kept / 1000:.0f} kB a remembered stay, {kept * _MOST / 1e6:.0f} MB for {_MOST}")
    assert kept <= MOST_BYTES_A_STAY


def record_all(service, stays, said):
    now = clock.now()
    for stay in stays:
        for details in said:
            casework.record_screening(
                service, stay, replace(details, at=now), actor=OKAFOR, now=now
            )


def test_the_stay_that_was_asked_for_longest_ago_is_forgotten_first():
    memory = Memory(most=3)
    for stay in ("s-1", "s-2", "s-3"):
        memory.keep(stay, Known((), 0))
    memory.of("s-1")
    memory.keep("s-4", Known((), 0))

    kept = [stay for stay in ("s-1", "s-2", "s-3", "s-4") if memory.of(stay) is not None]
    assert kept == ["s-1", "s-3", "s-4"]
