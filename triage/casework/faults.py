"""How a fault of ours is named in a log, and how one record at fault is kept from hiding others."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from triage.record import StoreError
from triage.record.engine import EngineError

_log = logging.getLogger(__name__)
_Read = TypeVar("_Read")


def one_record(read: Callable[[], _Read], instead: Callable[[], _Read]) -> tuple[_Read, bool]:
    """What is read of one record among many, or ``instead`` of it; whether it could be read.

    A record that cannot be read has an emergency of its own that says so. Everybody else is shown
    all the same. Raises what concerns the whole store.
    """
    try:
        return read(), True
    except (EngineError, StoreError):
        raise
    except Exception as error:
        _log.error("a record cannot be read: %s", fault(error))
        return instead(), False


def fault(error: BaseException) -> str:
    """The kind of an error and the line that raised it; its message may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"
