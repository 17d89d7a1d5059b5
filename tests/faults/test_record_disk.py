"""Full disks, read-only files, foreign files, newer files, locks: one plain sentence, no loss."""

import multiprocessing
import re
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.record.people import OKAFOR, at, happened, opened
from tests.record.sabotage import bodies
from triage.record import (
    EventKind,
    NewerSchema,
    NewEvent,
    OlderSchema,
    Record,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreFull,
    StoreReadOnly,
    migrate,
    rebuild,
    turns,
    verify,
)
from triage.record.engine import connect

ROOT = Path(__file__).resolve().parents[2]
LONG = {"police": {"words": [str(number * 7919) for number in range(20_000)]}}


def test_a_disk_that_is_full_refuses_the_act_and_keeps_all_the_others(record: Record):
    with record.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))
    sizes = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, sizes[1]))
        recorded = 0
        with pytest.raises((StoreFull, StoreFailed), match=r"nothing was recorded.*paper form"):
            while True:
                with record.writing(now=at(1)) as writing:
                    writing.append(NewEvent(EventKind.NOTE, OKAFOR, at(1), "s-1", payloads=LONG))
                recorded += 1
        assert record.reading().head() == 1 + recorded
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, sizes)
        signal.signal(signal.SIGXFSZ, handler)

    with record.writing(now=at(2)) as writing:
        writing.append(NewEvent(EventKind.NOTE, OKAFOR, at(2), "s-1", payloads=LONG))
    assert record.reading().head() == 2 + recorded
    assert verify(record.path, full=True).ok


def test_a_page_limit_is_told_as_a_full_disk(record: Record):
    with record.in_line() as first:
        first._connection.execute("pragma max_page_count = 100")

    with pytest.raises(StoreFull, match="disk is full"), record.writing(now=at(1)) as writing:
        for _ in range(20):
            writing.append(NewEvent(EventKind.NOTE, OKAFOR, at(1), "s-1", payloads=LONG))

    assert record.reading().head() == 0


HOLDER = """
import sys
from pathlib import Path
from triage.record.engine import connect
connection = connect(Path(sys.argv[1]))
connection.execute("begin immediate")
print("held", flush=True)
sys.stdin.readline()
connection.execute("rollback")
"""


def test_a_record_held_by_another_process_is_waited_for_and_then_written(record: Record):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(record.path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout.readline() == "held\n"
    letting_go = threading.Timer(0.3, lambda: holder.communicate("go\n"))
    letting_go.start()

    with record.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))

    letting_go.join()
    assert record.reading().head() == 1


def test_a_record_held_for_too_long_is_busy_and_nothing_is_written(record: Record):
    with record.in_line() as first:
        first._connection.execute("pragma busy_timeout = 50")
    holder = connect(record.path)
    holder.execute("begin immediate")

    with pytest.raises(StoreBusy, match="Try again"), record.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))

    holder.execute("rollback")
    holder.close()
    assert record.reading().head() == 0


def test_a_queue_that_does_not_move_is_left_without_losing_the_place(
    record: Record, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.05)
    other = Record.open(record.path)
    threads = threading.active_count()
    with other.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))
        for _ in range(3):
            with pytest.raises(StoreBusy, match="try again"), record.writing(now=at(0)):
                pass
        assert threading.active_count() <= threads + 1
    other.close()

    monkeypatch.setattr(turns, "WAIT_SECONDS", 10.0)
    with record.writing(now=at(1)) as writing:
        writing.append(happened("s-1", "arrived", 1))
    assert record.reading().head() == 2


def test_a_turn_that_nobody_wants_any_more_is_given_back(
    record: Record, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.05)
    other = Record.open(record.path)
    with other.writing(now=at(0)), pytest.raises(StoreBusy), record.writing(now=at(0)):
        pass
    monkeypatch.setattr(turns, "WAIT_SECONDS", 10.0)

    with other.writing(now=at(1)) as writing:
        writing.append(opened("s-1"))
    other.close()
    assert record.reading().head() == 1


def test_whoever_is_in_line_works_an_act_out_while_another_process_writes(
    record: Record, monkeypatch: pytest.MonkeyPatch
):
    """The threads of its own process wait meanwhile; it waits for nobody until it writes."""
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.05)
    other, refused = Record.open(record.path), []

    def beside() -> None:
        with pytest.raises(StoreBusy) as busy, record.writing(now=at(0)):
            pass
        refused.append(busy.type)

    with record.in_line():
        with other.writing(now=at(0)) as writing:
            writing.append(opened("s-1"))
        thread = threading.Thread(target=beside)
        thread.start()
        thread.join()
        with record.writing(now=at(1)) as writing:
            writing.append(happened("s-1", "arrived", 1))
    with record.writing(now=at(2)) as writing:
        writing.append(happened("s-1", "left_place", 2))

    other.close()
    assert (refused, record.reading().head()) == ([StoreBusy], 3)


def test_whoever_gives_up_in_line_lets_the_next_one_write(
    record: Record, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.05)
    other = Record.open(record.path)
    with (
        other.writing(now=at(0)),
        pytest.raises(StoreBusy),
        record.in_line(),
        record.writing(now=at(0)),
    ):
        pass
    other.close()
    with pytest.raises(ZeroDivisionError), record.in_line():
        raise ZeroDivisionError

    monkeypatch.setattr(turns, "WAIT_SECONDS", 10.0)
    with record.writing(now=at(1)) as writing:
        writing.append(opened("s-1"))
    assert record.reading().head() == 1


def test_nobody_lines_up_twice_or_while_they_write(record: Record):
    with record.in_line(), pytest.raises(RuntimeError, match="one act"), record.in_line():
        pass
    with (
        record.writing(now=at(0)),
        pytest.raises(RuntimeError, match="one act"),
        record.in_line(),
    ):
        pass

    with record.in_line(), record.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))
    assert record.reading().head() == 1


def _write_fairly(path: Path, stay: str, acts: int, gate: object) -> None:
    record = Record.open(path)
    gate.wait()
    for number in range(acts):
        with record.writing(now=at(number)) as writing:
            if number == 0:
                writing.append(opened(stay))
            else:
                writing.append(happened(stay, "health_check", 0))
    record.close()


def test_four_processes_write_side_by_side_and_the_chain_is_one(record: Record):
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(4)
    stays = [f"s-{number}" for number in range(4)]
    writers = [
        spawn.Process(target=_write_fairly, args=(record.path, stay, 50, gate)) for stay in stays
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0] * 4
    assert [len(record.reading().stay_events(stay)) for stay in stays] == [50] * 4
    found = verify(record.path, full=True)
    assert (found.ok, found.events) == (True, 200)


def test_a_file_that_cannot_be_written_is_one_plain_sentence(record: Record):
    with record.in_line() as first:
        first._connection.execute("pragma query_only = on")

    with pytest.raises(StoreReadOnly, match="is read-only"), record.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))


def test_a_folder_that_is_a_file_is_one_plain_sentence(tmp_path: Path):
    (tmp_path / "instance").write_text("not a folder")

    with pytest.raises(StoreReadOnly, match="cannot be made"):
        migrate(tmp_path / "instance" / "triage.db")


def test_a_file_that_is_no_record_is_said_plainly(path: Path):
    path.write_bytes(b"this is a letter, not a database" * 100)

    with pytest.raises(StoreDamaged, match="is not a record of this service"):
        Record.open(path)


def test_a_newer_record_is_refused_and_left_as_it_is(record: Record):
    record.reading()._connection.execute("pragma user_version = 99")
    record.close()
    before = record.path.read_bytes()

    for attempt in (Record.open, migrate, verify):
        with pytest.raises(NewerSchema, match="newer release"):
            attempt(record.path)
    assert record.path.read_bytes() == before


def test_an_empty_file_needs_its_migrations_first(path: Path):
    connect(path).close()

    with pytest.raises(OlderSchema, match="triage migrate"):
        Record.open(path)
    assert migrate(path)[0] == "m001_the_record"
    assert migrate(path) == []


def _is_found(copy: Path) -> bool:
    """Whether the walk, or comparing the projections with the events, notices anything."""
    try:
        return not (verify(copy, full=True).ok and rebuild(copy, keep=False).same)
    except StoreError:
        return True


def test_every_bit_flipped_in_what_people_recorded_is_found(record: Record):
    with record.writing(now=at(9)) as writing:
        for number in range(10):
            writing.append(opened(f"s-{number}", name=f"Training person {number}"))
    record.anchor(at(9))
    record.close()
    whole = record.path.read_bytes()
    said = [re.escape(one) for number in range(10) for one in bodies(record.path, f"s-{number}")]
    pattern = b"|".join((rb"Training person \d", *said))
    places = [found.start() + 3 for found in re.finditer(pattern, whole, re.DOTALL)]
    copy = record.path.with_name("spoiled.db")
    missed = []
    for number, place in enumerate(places):
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << (number % 8)
        copy.write_bytes(spoiled)
        if not _is_found(copy):
            missed.append(place)

    assert len(places) >= 30  # in the payload, in the row of the stay, in that of the person
    assert missed == []
