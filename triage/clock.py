"""The single read of the wall clock. Everything below the doors is handed its ``now``."""

import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)


def running() -> float:
    """Seconds on a clock that nobody can set, so that a step of the wall clock can be seen.

    It goes on through a suspend where the system has such a clock.
    """
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@cache
def boot() -> str:
    """Which start of this machine ``running`` counts from; empty where the system does not say."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""
