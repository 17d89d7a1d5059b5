"""Runs the real ``triage`` command in a real process."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "tests" / "cases" / "contract"


def triage(
    *arguments: str | Path,
    typed: str | bytes = "",
    cwd: Path = ROOT,
    instance: Path | None = None,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """The finished process, with what it wrote as text; ``typed`` goes to its standard input."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    env |= {"PYTHONPATH": str(ROOT), "TERM": "dumb", "COLUMNS": "80"} | environment
    if instance is not None:
        env["TRIAGE_INSTANCE"] = str(instance)
    done = subprocess.run(
        [sys.executable, "-m", "triage.cli", *map(str, arguments)],
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        cwd=cwd,
        env=env,
        check=False,
        timeout=60,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
