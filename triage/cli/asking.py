"""``triage screen`` without a file: asks line by line, and keeps every answer at once."""

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triage import clock
from triage.cli import inputs
from triage.desk import line
from triage.desk.keyboard import keyboard
from triage.desk.sofar import SoFar
from triage.desk.unfinished import ENDING, keep
from triage.domain.london import iso
from triage.schemas.screen import so_far

if TYPE_CHECKING:
    from triage.desk.steps import Document, Step
    from triage.domain.rulebook import Rulebook


def ask(
    rulebook: "Rulebook", *, resume: str | None, at: datetime | None
) -> "dict[str, Any] | None":
    """Ask, and give back what can be screened; None when somebody stopped before the end."""
    path, document = _begun(resume)
    asking = _Asking(rulebook, path, at)
    asking.known(document)  # a file that is no screening is refused before it is written over
    finished = False
    try:
        with keyboard() as keys:
            finished = line.ask(rulebook, document, keys, asking.hooks())
    finally:
        if not finished:
            _tell(f"Everything is kept. To go on: {_resuming(path)}")
    if not finished:
        return None
    _tell(f"All asked. Kept in {_finish(path)}")
    return dict(so_far(document))


class _Asking:
    """What the questions need from outside: a file, a rulebook, a clock."""

    def __init__(self, rulebook: "Rulebook", path: Path, at: datetime | None) -> None:
        self.rulebook, self.path, self.at = rulebook, path, at

    def hooks(self) -> line.Hooks:
        return line.Hooks(self.save, self.applies, self.alarm, clock.now, clock.running)

    def save(self, document: "Document") -> None:
        """The whole document on disk before the next question."""
        keep(self.path, document)

    def applies(self, document: "Document", step: "Step") -> bool | None:
        """Whether the gate of a step holds; None where it may."""
        return True if step.gate is None else self.known(document).applies(step)

    def alarm(self, document: "Document") -> list[str]:
        """A headline and what to do this minute, as soon as what is known calls for it."""
        return self.known(document).alarm

    def known(self, document: "Document") -> SoFar:
        """What the document says so far; raises InputError where it is no screening."""
        return SoFar.of(self.rulebook, document, now=clock.now(), at=self.at)


def _begun(resume: str | None) -> tuple[Path, "Document"]:
    """The file to keep the answers in, and what it holds already."""
    if resume:
        path = Path(resume)
        return path, inputs.document(resume) if path.exists() else {}
    folder = inputs.settings().instance / "screenings"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in _unfinished(folder):
        _tell(f"Not finished. To go on with it: {_resuming(path)}")
    stamp = iso(clock.now()).replace(":", "").replace("-", "")
    return folder / f"{stamp}{ENDING}", {}


def _resuming(path: Path) -> str:
    return f"triage screen --resume {shlex.quote(str(path))}"


def _unfinished(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob(f"*{ENDING}"))


def _finish(path: Path) -> Path:
    """A finished screening under its last name, so that nobody is asked to go on with it."""
    if not path.name.endswith(ENDING) or not path.exists():
        return path
    return path.rename(path.with_name(path.name.removesuffix(ENDING) + ".json"))


def _tell(text: str) -> None:
    click.echo(text, err=True)
