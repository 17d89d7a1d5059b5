"""What starting costs: a command reads only what it needs. Seconds are measured elsewhere."""

import json
import subprocess
import sys

import pytest

from tests.command import CONTRACT, ROOT

LOADED = """
import json, sys
from triage.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
SERVICE = {
    "flask", "flask_smorest", "apscheduler", "sqlite3", "pysqlite3", "sqlite_utils", "numpy",
    "argon2", "gunicorn", "triage.web", "triage.casework", "triage.record", "hypothesis",
}  # fmt: skip
RULES = {"marshmallow", "tomllib", "triage.domain.rulebook", "triage.rules_files"}


def loaded(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["screen", "--help"]])
def test_help_reads_no_rules_and_starts_no_service(arguments):
    assert not loaded(*arguments) & (SERVICE | RULES)


def test_screening_a_file_starts_no_service():
    assert not loaded("screen", str(CONTRACT / "screen-denise.json")) & SERVICE


def test_the_clocks_of_a_file_start_no_service():
    assert not loaded("clocks", str(CONTRACT / "clocks-kieran.json")) & SERVICE


def test_what_a_command_reads_would_be_seen():
    """The twin: a screening does read the rules, and this can tell."""
    assert loaded("screen", str(CONTRACT / "screen-denise.json")) >= RULES
