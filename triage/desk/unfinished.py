"""What was typed at the desk and is not finished: whole on disk after every answer."""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from triage.domain import london

ENDING = ".unfinished.json"
_DESK = ".desk.json"  # another shape: what ``triage screen`` goes on with is the document alone


def keep(path: Path, document: dict[str, Any]) -> None:
    """Write it whole and for its owner alone; a write that breaks leaves the old one."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(document, file, ensure_ascii=True, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@dataclass
class Typed:
    """One screening as it was typed at this terminal, and what is known of it elsewhere."""

    stay: str
    document: dict[str, Any] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)  # gone through, with or without a word to keep
    half: dict[str, str] = field(default_factory=dict)  # typed and not yet taken, by step
    saved_at: str = ""
    told: dict[str, Any] | None = None  # what the service last said that it keeps
    told_at: str = ""
    sent: dict[str, Any] | None = None  # what was sent to the record under ``key``
    key: str = ""
    version: int | None = None  # the state of the draft at the service that this was made on

    @property
    def at(self) -> datetime | None:
        """When it was last written here."""
        return datetime.fromisoformat(self.saved_at) if self.saved_at else None


@dataclass(frozen=True)
class Screenings:
    """Screenings that were begun at this desk, one file for each stay: they hold personal data."""

    folder: Path

    def path(self, stay: str) -> Path:
        """Where the screening of one stay is kept."""
        return self.folder / f"{''.join(c for c in stay if c.isalnum() or c == '-')}{_DESK}"

    def of(self, stay: str) -> Typed | None:
        """What was typed for one stay; None where there is nothing, or nothing that can be read."""
        try:
            kept = Typed(**json.loads(self.path(stay).read_text("utf-8")))
            whole = isinstance(kept.document, dict) and kept.at is not None
        except (OSError, ValueError, TypeError):
            return None
        return kept if whole and kept.stay == stay else None

    def keep(self, typed: Typed, *, now: datetime) -> None:
        """The whole of it on disk, for its owner alone; raises OSError where it cannot be."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        typed.saved_at = london.iso(now)
        keep(self.path(typed.stay), asdict(typed))

    def drop(self, stay: str) -> None:
        """It is on the record now: nothing of it stays here."""
        self.path(stay).unlink(missing_ok=True)
