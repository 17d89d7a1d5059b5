"""The README tells the truth: its commands run word for word, and it names all there is."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.benchmarks.parts import watching
from tests.command import ROOT
from triage import settings
from triage.cli import COMMANDS
from triage.cli import triage as group_of_all

README = (ROOT / "README.md").read_text()
INSTALLS = {
    "python3 -m venv .venv",
    ".venv/bin/pip install -q -e .",
    '.venv/bin/pip install -q -e ".[test]"',
    ".venv/bin/python -m pytest -n 2 --dist loadfile",
}
DEMO = ".venv/bin/triage demo"
VARIABLE = re.compile(r"TRIAGE_[A-Z_]*[A-Z]")


def sessions() -> list[str]:
    return re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def shell_commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [part.strip() for block in blocks for part in block.split("&&")]


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A folder that looks like a fresh checkout in which the first command has been run."""
    for name in ("rules", "tests/cases"):
        shutil.copytree(ROOT / name, tmp_path / name)
    command = tmp_path / ".venv" / "bin" / "triage"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m triage.cli "$@"\n')
    command.chmod(0o755)
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not VARIABLE.match(name)}
    env |= {"PYTHONPATH": str(ROOT), "TRIAGE_RULES": str(folder / "rules"), "COLUMNS": "80"}
    return subprocess.run(
        ["bash", "-euc", command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def differences(shown: list[str], real: str) -> Iterator[str]:
    """Lines that the README shows and the command did not write, in this order."""
    rest = real
    for line in shown:
        for part in line.split("[...]"):
            if part.strip():
                found = rest.find(part)
                if found < 0:
                    yield line
                    break
                rest = rest[found + len(part) :]


@pytest.mark.parametrize("session", sessions(), ids=lambda text: text.splitlines()[0][:60])
def test_what_the_readme_shows_is_what_happens(session, checkout):
    commands = re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]
    assert commands
    for command, *shown in (each.splitlines() for each in commands):
        done = run(command, checkout)

        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
        assert list(differences(shown, done.stdout)) == []


def test_what_the_readme_shows_wrongly_would_be_seen():
    real = "EMERGENCY: CALL 999 FIRST.\n 1. Hospital now\nFOUND\n"

    assert list(differences(["EMERGENCY: CALL 999 FIRST.", "[...]", "FOUND"], real)) == []
    assert list(differences(["FOUND", "EMERGENCY: CALL"], real)) == ["EMERGENCY: CALL"]
    assert list(differences([" 1. Hospital later"], real)) == [" 1. Hospital later"]


def test_the_two_commands_install_and_then_only_run_what_runs(checkout):
    parts = shell_commands()

    assert len(INSTALLS & set(parts)) == len(INSTALLS)
    assert DEMO in parts
    for part in parts:
        if part not in INSTALLS:
            # The demonstration serves until somebody stops it: here it is only built.
            command = f"{part} --no-serve" if part == DEMO else part
            assert run(command, checkout).returncode == 0, part


def test_the_test_command_is_the_one_that_the_checks_run():
    assert "-m pytest -n 2 --dist loadfile" in (ROOT / ".ci" / "run").read_text()


def commands() -> dict[str, click.Command]:
    """Every command by what is typed, those of groups with their group before them."""
    top = {name: group_of_all.get_command(click.Context(group_of_all), name) for name in COMMANDS}
    inner = {
        f"{name} {each}": command
        for name, group in top.items()
        if isinstance(group, click.Group)
        for each, command in group.commands.items()
    }
    return {name: each for name, each in top.items() if not isinstance(each, click.Group)} | inner


def test_every_command_is_in_the_readme_and_nothing_else():
    named = re.findall(r"^\| `triage ([a-z]+(?: [a-z]+)?)", README, re.MULTILINE)

    assert sorted(named) == sorted(commands())


def test_every_option_of_a_command_is_in_the_readme():
    for name, command in commands().items():
        if name.startswith("rules "):
            continue  # they share theirs, and rules/README.md says which
        [row] = re.findall(rf"^\| `triage {name}[` ].*$", README, re.MULTILINE)
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("-") or option in row, f"{name} {option}"


def test_every_variable_is_in_the_readme_and_nothing_else():
    files = [*ROOT.glob("triage/**/*.py"), ROOT / "tests" / "depth.py", ROOT / "wsgi.py"]
    read = {name for file in files if file.exists() for name in VARIABLE.findall(file.read_text())}
    read |= {f"TRIAGE_{name.upper()}" for name in settings.NAMES}

    assert set(VARIABLE.findall(README)) == read


def test_every_part_of_a_post_that_the_benchmark_times_is_there():
    with watching() as watch:
        assert watch.acts == []


def test_every_file_and_chapter_that_the_readme_names_is_there():
    chapters = {line.lstrip("# ").lower().replace(" ", "-") for line in README.splitlines()
                if line.startswith("#")}  # fmt: skip
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert target[1:] in chapters if target.startswith("#") else (ROOT / target).exists()
    for path in re.findall(r"`(triage/[\w/.]+|tests/[\w/.-]+)`", README):
        assert (ROOT / path).exists()
