"""How a fault of ours is named in a log: its kind and its place, never a value."""

import traceback
from pathlib import Path


def fault(error: BaseException) -> str:
    """The kind of an error and the line that raised it; its message may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"
