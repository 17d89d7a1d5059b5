"""The real command under a clock that is moved on by hand, for all processes by one file.

Time passes there as it does everywhere, and besides it as much as a test says: a page whose clock
is moved by hand keeps pace with it, and nobody waits for half a minute.
"""

import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triage import clock

BEGAN = float(os.environ.get("TRAINING_CLOCK_BEGAN", "0"))  # seconds of the running clock
AT = datetime.fromisoformat(os.environ.get("TRAINING_CLOCK_AT", "2026-10-24T19:40:00+00:00"))
FILE = Path(os.environ.get("TRAINING_CLOCK_FILE", ""))  # holds the seconds that were added
_running = clock.running


def added(file: Path) -> float:
    """The seconds by which the clock was moved on."""
    return float(struct.unpack("d", file.read_bytes())[0])


def add(file: Path, seconds: float) -> None:
    """Move it on; whoever reads meanwhile finds what was there before, or this."""
    new = file.with_suffix(".new")
    new.write_bytes(struct.pack("d", seconds + (added(file) if file.exists() else 0.0)))
    new.replace(file)


def now() -> datetime:
    """The moment, with what was added."""
    return (AT + timedelta(seconds=running() - BEGAN)).astimezone(UTC)


def running() -> float:
    """The clock that nobody can set, with what was added."""
    return _running() + added(FILE)


if __name__ == "__main__":
    clock.now, clock.running = now, running
    from triage.cli import main

    main()
