"""A real writer process for the kill tests: acts on the record and acknowledges down a pipe.

Each act is one transaction: an event with its payloads and projection, a planned alert, in every
second act three alerts that are raised together, an idempotency key. ``ack`` leaves only after the
transaction returned. With ``split`` the outbox is planted into a second transaction, as a careless
change would do; the checker must find that.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triage.domain.clocks import AlertState, PlannedAlert
from triage.record import Actor, EventKind, NewEvent, Record, Writing
from triage.record.raisings import together

NIGHT = datetime(2026, 10, 24, 19, 40, tzinfo=UTC)
WRITER = Actor("writer", "Training writer", "custody_sergeant")
WORDS = "training " * 100
FOUND = ("first", "second", "third")  # alerts that are raised together


def act(writing: Writing, number: int, stay: str) -> None:
    """What one act records, but for its alert."""
    at = NIGHT + timedelta(seconds=number)
    payloads = {"police": {"words": f"{WORDS} {number}"}, "clinical": {"words": str(number)}}
    if writing.stay(stay) is None:
        identity = {"reference": f"TRAINING/{stay}"}
        writing.append(
            NewEvent(
                EventKind.STAY_OPENED, WRITER, at, stay=stay, person=f"p-{stay}",
                header={"stay": {"suite": "castle", "kind": "custody"}, "act": "opening"},
                payloads={"identity": identity},
            )
        )  # fmt: skip
    writing.append(
        NewEvent(
            EventKind.SCREENING_SAVED, WRITER, at, stay=stay,
            header={"status": "complete", "act": f"{stay}-{number}"}, payloads=payloads,
        )
    )  # fmt: skip
    writing.remember_idempotency(f"{stay}-{number}", "writer", "hash", 201, {"act": number})


def plan(writing: Writing, number: int, stay: str) -> None:
    """The alert that belongs to the act; earlier ones stay planned."""
    numbers = range(max(1, number - 3), number + 1)
    keep = [alert for alert in writing.alerts_of(stay) if alert.state == "planned"]
    wanted = [
        PlannedAlert(
            f"screen:{one}:1", None, None, "A2", NIGHT, ("custody_sergeant",),
            AlertState.PLANNED, 0, "training",
        )
        for one in sorted({int(alert.step) for alert in keep} | set(numbers))
    ]  # fmt: skip
    writing.plan(stay, wanted)
    if number % 2 == 0:
        writing.append(together([_raising(number, stay, each) for each in FOUND]))


def _raising(number: int, stay: str, step: str) -> NewEvent:
    """What an act with an even number finds is raised at once, all of it in one event."""
    key = f"{stay}:{step}:{number}:1"
    return NewEvent(
        EventKind.ALERT_RAISED, WRITER, NIGHT + timedelta(seconds=number), stay=stay,
        header={"key": key, "source": step, "step": str(number), "episode": "1", "level": "A2",
                "due_at": NIGHT, "to": ["custody_sergeant"]},
        payloads={"police": {"words": f"{step} {WORDS}"}},
    )  # fmt: skip


def main(path: str, stay: str, first: int, last: int, split: bool, out: int) -> None:
    record = Record.open(Path(path))
    for number in range(first, last + 1):
        now = NIGHT + timedelta(seconds=number)
        with record.writing(now=now) as writing:
            act(writing, number, stay)
            if not split:
                plan(writing, number, stay)
        if split:
            with record.writing(now=now) as writing:
                plan(writing, number, stay)
        os.write(out, f"{stay} {number}\n".encode())


if __name__ == "__main__":
    main(
        sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]),
        sys.argv[5] == "split", int(sys.argv[6]),
    )  # fmt: skip
