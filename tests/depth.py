"""The one knob of depth: shallow in the test run, the full figures in the soak."""

import os


def depth(shallow: int, full: int) -> int:
    """How many examples to run: ``full`` when TRIAGE_DEPTH=full, else ``shallow``."""
    return full if os.environ.get("TRIAGE_DEPTH") == "full" else shallow
