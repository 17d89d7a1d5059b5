"""The house rules that a machine can check: one command runs them with every other test."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    "triage", "rules", "tests", "instance", "wsgi.py", "pyproject.toml", "README.md",
    "requirements.lock",
}  # fmt: skip


def run_command(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_run_one_way_and_the_core_needs_nothing():
    run_command(str(Path(sys.executable).parent / "lint-imports"))


def test_the_code_passes_the_linter():
    run_command(sys.executable, "-m", "ruff", "check", ".")


def test_the_code_is_formatted():
    run_command(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_the_types_hold():
    run_command(sys.executable, "-m", "mypy")


def test_the_top_level_is_fixed():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode != 0:  # an unpacked sdist has no history to ask
        return
    tops = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {top for top in tops if not top.startswith(".")} <= TOP_LEVEL
