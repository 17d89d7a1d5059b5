"""``triage release`` at the keyboard: where what was typed is kept until it is on the record."""

import json
import secrets
import shutil
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triage import clock
from triage.cli import inputs
from triage.desk import people
from triage.desk.glass import say, tell
from triage.desk.keyboard import Keyboard, keyboard
from triage.desk.leaving import Leaving
from triage.desk.unfinished import ENDING, keep
from triage.domain import london
from triage.present import leaving as words

if TYPE_CHECKING:
    from triage.desk.client import Client, Left, Person

_LINES_ROUND_THE_LIST = 7  # what stands above and below it, and the prompt
_FEWEST_ROWS, _ALL = 5, 10_000


@dataclass(frozen=True)
class Drafts:
    """Releases that were begun at this desk, one file each: they hold personal data."""

    folder: Path

    def path(self, stay: str) -> Path:
        """Where the release of one stay is kept."""
        return self.folder / f"{''.join(c for c in stay if c.isalnum() or c == '-')}{ENDING}"

    def of(self, person: "Person") -> dict[str, Any]:
        """What was begun for somebody, else a fresh one with the key under which it is sent."""
        kept = self._read(self.path(person.stay))
        if kept is not None and kept.get("stay") == person.stay:
            return kept
        return {
            "stay": person.stay,
            "key": secrets.token_urlsafe(16),
            "begun_at": london.iso(clock.now()),
            "asked": [],
            "leaving": {},
        }

    def save(self, draft: dict[str, Any]) -> None:
        """The whole of it on disk, for its owner alone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep(self.path(str(draft["stay"])), draft)

    def drop(self, draft: dict[str, Any]) -> None:
        """It is on the record now: nothing of it stays here."""
        self.path(str(draft["stay"])).unlink(missing_ok=True)

    def begun(self) -> Mapping[str, str]:
        """Of which stays a release was begun here."""
        found = (self._read(path) for path in sorted(self.folder.glob(f"*{ENDING}")))
        return {str(each["stay"]): words.BEGUN for each in found if each is not None}

    def _read(self, path: Path) -> dict[str, Any] | None:
        """What a file holds; one that cannot be read is begun again, and never loses another."""
        try:
            kept = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        whole = isinstance(kept, dict) and all(
            isinstance(kept.get(name), kind) for name, kind in _SHAPE.items()
        )
        return kept if whole else None


_SHAPE = {"stay": str, "key": str, "asked": list, "leaving": dict}


def at_the_desk(
    client: "Client", person: "Person | None", by: str, keys: Keyboard | None = None
) -> int:
    """Choose somebody, ask, record; 2 when the service refused it, else 0, put off or recorded.

    ``keys`` is what somebody types at already; else it is opened here.
    """
    drafts = Drafts(inputs.settings().instance / "releases")
    leaving: Leaving | None = None
    left: Left | None = None
    try:
        with keyboard() if keys is None else nullcontext(keys) as keys:
            rows = shutil.get_terminal_size((80, 24)).lines if keys.by_hand else 0
            if person is None:
                fit = max(_FEWEST_ROWS, rows - _LINES_ROUND_THE_LIST) if rows else _ALL
                person = people.choose(client, keys, rows=fit, begun=drafts.begun())
            if person is None:
                return 0
            leaving = Leaving(client, keys, person, drafts.of(person), drafts.save, rows)
            left = leaving.run()
    finally:
        if leaving is not None and left is None:
            _tell_kept(leaving, drafts, by)
    if leaving is None or left is None:
        return 2 if leaving is not None and leaving.refused else 0
    drafts.drop(leaving.draft)
    say("")
    for line in (words.on_record(left.seq), *left.notices):
        click.echo(line)
    if left.gaps:
        tell(words.left_open(len(left.gaps)))
    return 0


def _tell_kept(leaving: Leaving, drafts: Drafts, by: str) -> None:
    if leaving.refused:
        tell(words.KEPT_ALL_THE_SAME)
    elif drafts.path(leaving.person.stay).exists():
        tell(words.kept(leaving.person.reference, by))
