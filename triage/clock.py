"""The single read of the wall clock. Everything below the doors is handed its ``now``."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)


def running() -> float:
    """Seconds on a clock that nobody can set, so that a step of the wall clock can be seen.

    It goes on through a suspend where the system has such a clock.
    """
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)
