"""Benchmarks run by their own command, ``python -m pytest tests/benchmarks -s``, never by chance.

All figures are ratios inside one run, or limits with room to spare. TRIAGE_DEPTH=full is the soak.
"""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the benchmarks out unless they were asked for by name."""
    asked_for = any("benchmarks" in argument for argument in config.args)
    return None if asked_for else True
