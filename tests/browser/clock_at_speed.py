"""The real command under a clock that goes twice as fast, from one moment for all processes.

A page whose clock is moved by hand keeps pace with it without anybody waiting for half a minute.
"""

import os
from datetime import UTC, datetime, timedelta

from triage import clock

SPEED = 2  # no more: a machine that is busy for some seconds must not look dead
BEGAN = float(os.environ["TRAINING_CLOCK_BEGAN"])  # seconds of the running clock
AT = datetime.fromisoformat(os.environ["TRAINING_CLOCK_AT"])
_running = clock.running


def now() -> datetime:
    """The moment, so much faster."""
    return (AT + timedelta(seconds=(_running() - BEGAN) * SPEED)).astimezone(UTC)


def running() -> float:
    """The clock that nobody can set, so much faster."""
    return _running() * SPEED


if __name__ == "__main__":
    clock.now, clock.running = now, running
    from triage.cli import main

    main()
