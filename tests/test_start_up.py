"""What starting costs: a command reads only what it needs. Seconds are measured elsewhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import CONTRACT, ROOT
from tests.fresh import fresh_record

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
MAKING = {"sqlite_utils", "triage.record.migrations"}
RULES = {"marshmallow", "tomllib", "triage.domain.rulebook", "triage.rules_files"}


def loaded(*arguments: str, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        capture_output=True, text=True, cwd=ROOT, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["screen", "--help"]])
def test_help_reads_no_rules_and_starts_no_service(arguments):
    assert not loaded(*arguments) & (SERVICE | RULES)


def test_screening_a_file_starts_no_service():
    assert not loaded("screen", str(CONTRACT / "screen-denise.json")) & SERVICE


def test_the_clocks_of_a_file_start_no_service():
    assert not loaded("clocks", str(CONTRACT / "clocks-kieran.json")) & SERVICE


def test_a_record_that_stands_is_opened_without_what_makes_one(tmp_path: Path):
    new, old = tmp_path / "new", tmp_path / "old"
    fresh_record(old / "triage.db").close()
    opened = loaded("alerts", "--by", "nobody", TRIAGE_INSTANCE=str(old))
    made = loaded("migrate", TRIAGE_INSTANCE=str(new))

    assert "triage.record" in opened
    assert not opened & MAKING
    assert made >= MAKING  # the twin: this can tell


def test_what_a_command_reads_would_be_seen():
    """The twin: a screening does read the rules, and this can tell."""
    assert loaded("screen", str(CONTRACT / "screen-denise.json")) >= RULES
