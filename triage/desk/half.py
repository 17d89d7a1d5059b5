"""Small forms that were half typed, whole on disk after every key: notes, visits, events.

A file is for its owner alone, as that of a screening is. It belongs to one account, one kind and
one stay: nobody is given what somebody else typed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from triage.desk.unfinished import keep
from triage.domain import london

_SMALL = ("note", "visit", "rousing")
_EVENTS = ("happened:", "authority:")  # before the kind of the event
_ENDING = ".half.json"


def outlives(kind: str) -> bool:
    """Whether a form of this kind is kept on disk, and not in this program alone."""
    return kind in _SMALL or kind.startswith(_EVENTS)


@dataclass
class HalfTyped:
    """One form as it was typed, and the key under which it was sent, if it was."""

    account: str
    kind: str
    stay: str
    key: str
    at: int = 0  # the field that is asked
    sent: dict[str, Any] | None = None  # on its way, or nobody knows whether it arrived
    typed: dict[str, str] = field(default_factory=dict)  # by the name of the field
    saved_at: str = ""

    @property
    def when(self) -> datetime | None:
        """When it was last written here."""
        return datetime.fromisoformat(self.saved_at) if self.saved_at else None


@dataclass(frozen=True)
class HalfForms:
    """The half-typed forms of one account at this terminal."""

    folder: Path
    account: str

    def path(self, kind: str, stay: str) -> Path:
        """Where one of them is kept; no name of a person stands in the name of a file."""
        whose = json.dumps([self.account, kind, stay]).encode()
        return self.folder / f"{hashlib.sha256(whose).hexdigest()[:32]}{_ENDING}"

    def of(self, kind: str, stay: str) -> HalfTyped | None:
        """What this account typed; None where there is nothing, or nothing that can be read."""
        try:
            kept = HalfTyped(**json.loads(self.path(kind, stay).read_text("utf-8")))
            whole = kept.when is not None and isinstance(kept.typed, Mapping)
        except (OSError, ValueError, TypeError):
            return None
        theirs = (kept.account, kept.kind, kept.stay) == (self.account, kind, stay)
        return kept if whole and theirs else None

    def keep(self, half: HalfTyped, *, now: datetime) -> None:
        """The whole of it on disk, for its owner alone; raises OSError where it cannot be."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        half.saved_at = london.iso(now)
        keep(self.path(half.kind, half.stay), asdict(half))

    def drop(self, kind: str, stay: str) -> None:
        """It is on the record, or thrown away: nothing of it stays here."""
        self.path(kind, stay).unlink(missing_ok=True)
