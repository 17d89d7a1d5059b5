"""A real terminal of some size, in tmux, as whoever sits before it sees it."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.command import ROOT
from tests.faults.server import WAIT, pause
from triage import clock

SIZES = [(80, 24), (120, 40)]
ASKS = {"TRIAGE_TRAINING": "true", "TRIAGE_DRAFT_RULES": "true"}
AS_IT_IS = ("",)  # a whole screen waits at no prompt
AT_REST = ("\n>", "THE-END")  # the prompt waits, or the command is over


@dataclass
class Glass:
    """A terminal of so many columns and rows, in which one command runs."""

    socket: Path
    columns: int
    rows: int

    def run(self, *arguments: str, instance: Path, more: Mapping[str, str] | None = None) -> None:
        env = {"TRIAGE_INSTANCE": str(instance), "PYTHONPATH": str(ROOT), "TERM": "screen"}
        env |= more or {}
        words = ["env", *(f"{name}={value}" for name, value in env.items())]
        command = shlex.join([*words, sys.executable, "-m", "triage.cli", *arguments])
        size = ["-x", str(self.columns), "-y", str(self.rows)]
        self._tmux("new-session", "-d", *size, "-s", "desk", f"{command}; printf THE-END; cat")

    def type(self, *keys: str) -> None:
        self._tmux("send-keys", "-t", "desk", *keys)

    def shown(self, *, until: str, at_rest: tuple[str, ...] = AT_REST) -> list[str]:
        """What stands on the glass once these words do and nothing more is written for now: the
        prompt waits, or the command is over; a whole screen is there once two looks are alike, and
        whoever draws it waited between them: a busy machine stops them in the middle of it too."""
        end, before = clock.running() + WAIT, ""
        while True:
            waits = all(map(rests, self._commands()))
            text = self._tmux("capture-pane", "-p", "-t", "desk")
            whole = waits and (at_rest != AS_IT_IS or text == before)
            before = text
            if until in text and text.rstrip().endswith(at_rest) and whole:
                return [line.rstrip() for line in text.rstrip().split("\n")]
            assert clock.running() < end, text
            pause(0.05)

    def turned(self, page: list[str], *, asks: str, until: str) -> list[str]:
        """What stands on the glass once Enter was pressed under each page that asks for it and
        these words stand. How many pages a list has may depend on the hour: at night more is open.

        A page is another one once what stands above its question is: the echo of the key alone
        moves all lines, and that is not yet an answer."""
        while not any(until in line for line in page):
            assert asks in page[-2], page
            read, end = page[-3], clock.running() + WAIT
            self.type("Enter")
            while page[-3] == read and not any(until in line for line in page):
                assert clock.running() < end, page
                page = self.shown(until="")
        return page

    def coloured(self) -> str:
        """What stands on the glass, with the codes of its colours."""
        return self._tmux("capture-pane", "-p", "-e", "-t", "desk")

    def process(self) -> int:
        """The command that runs in it, below the shell of the terminal."""
        return self._commands()[0]

    def _commands(self) -> list[int]:
        shell = self._tmux("display-message", "-p", "-t", "desk", "#{pane_pid}").strip()
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text("ascii").split()
        return [int(child) for child in children]

    def close(self) -> None:
        subprocess.run(["tmux", "-S", str(self.socket), "kill-server"], check=False)

    def _tmux(self, *words: str) -> str:
        # Whoever runs the tests may say how large a terminal is; this one has a size of its own.
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("TRIAGE_") and name not in ("COLUMNS", "LINES")
        }
        done = subprocess.run(
            ["tmux", "-S", str(self.socket), "-f", os.devnull, *words],
            env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout


def rests(process: int) -> bool:
    """Whether every thread of a process waits: for a key, an answer, its turn on a timer."""
    states = set()
    for task in Path(f"/proc/{process}/task").glob("*/stat"):
        try:
            states.add(task.read_text("ascii", "replace").rpartition(")")[2].split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
    return states <= {"S", "Z", "X"}
