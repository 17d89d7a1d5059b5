"""A desk over a long history does the same work as over none; counted in steps, not in seconds."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.benchmarks.a_million import add_screenings, add_stays
from tests.record.people import NIGHT, at
from triage.record import EventKind, Reading, Record

QUESTIONS: dict[str, Callable[[Reading], object]] = {
    "board": lambda seen: seen.board_rows(["suite-1"]),
    "board of all": lambda seen: seen.board_rows(),
    "open stays": lambda seen: seen.open_stays(),
    "open alerts": lambda seen: seen.open_alerts(["suite-1"]),
    "due": lambda seen: seen.alerts_due(at(0)),
    "next steps": lambda seen: seen.alerts_to_climb(at(0)),
    "oldest due": lambda seen: seen.oldest_due(),
    "a number": lambda seen: seen.open_stay_by_reference("TRAINING/now1"),
    "past stays": lambda seen: seen.past_stays("p-now1"),
    "a stay's events": lambda seen: seen.stay_events("s-now1"),
    "a stay's clocks": lambda seen: seen.detention_events("s-now1"),
    "last screening": lambda seen: seen.last_screening("s-now1"),
    "handovers": lambda seen: seen.rare_events(EventKind.HANDOVER_SIGNED),
    "failed": lambda seen: seen.failed_deliveries(NIGHT - timedelta(days=1)),
    "head": lambda seen: seen.head(),
}


def steps(record: Record, ask: Callable[[Reading], object]) -> int:
    """How many tens of steps SQLite's machine takes to answer."""
    counted = []
    connection = record.reading()._connection
    connection.set_progress_handler(lambda: counted.append(1), 10)
    ask(record.reading())
    connection.set_progress_handler(None, 10)
    return len(counted)


def work(record: Record) -> dict[str, int]:
    return {name: steps(record, ask) for name, ask in QUESTIONS.items()}


def test_a_long_history_costs_a_busy_desk_nothing(record: Record):
    connection = record.reading()._connection
    add_stays(connection, 40, closed=False)
    before = work(record)
    add_stays(connection, 3000, closed=True)
    add_screenings(connection, 3000)
    after = work(record)

    dearer = [name for name in before if after[name] > before[name] + 5]
    assert dearer == []


def test_without_its_partial_index_the_history_would_be_read(record: Record):
    """The twin: the count can grow."""
    connection = record.reading()._connection
    add_stays(connection, 40, closed=False)
    connection.execute("drop index alerts_planned")
    before = steps(record, QUESTIONS["due"])
    add_stays(connection, 3000, closed=True)

    assert steps(record, QUESTIONS["due"]) > before * 5


@pytest.mark.parametrize("kind", [EventKind.NOTE, EventKind.FIGURES_PUBLISHED])
def test_only_rare_kinds_are_looked_for_without_a_stay(record: Record, kind: EventKind):
    assert record.reading().rare_events(kind) == ()
