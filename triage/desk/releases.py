"""Releases that were begun at this desk: whole on disk until each is on the record."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from triage import clock
from triage.desk.client import Client
from triage.desk.steps import Document
from triage.desk.unfinished import ENDING, keep
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import leaving as words

_SHAPE = {"stay": str, "key": str, "asked": list, "leaving": dict}


@dataclass(frozen=True)
class Drafts:
    """One file for each stay: they hold personal data.

    They belong to the terminal: whoever sits there next goes on with them, and is told whose they
    are. ``account`` is that of whoever sits there now.
    """

    folder: Path
    account: str = ""

    def path(self, stay: str) -> Path:
        """Where the release of one stay is kept."""
        return self.folder / f"{''.join(c for c in stay if c.isalnum() or c == '-')}{ENDING}"

    def of(self, stay: str) -> Document:
        """What was begun for somebody, else a fresh one with the key under which it is sent."""
        return self.kept(stay) or {
            "stay": stay,
            "key": secrets.token_urlsafe(16),
            "begun_at": london.iso(clock.now()),
            "asked": [],
            "leaving": {},
        }

    def kept(self, stay: str) -> Document | None:
        """What was begun for somebody; None where nothing was, or nothing that can be read."""
        kept = self._read(self.path(stay))
        return kept if kept is not None and kept["stay"] == stay else None

    def save(self, draft: Document) -> None:
        """The whole of it on disk, for its owner alone; raises OSError where it cannot be."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.account:
            typed_by = draft.get("typed_by") or {}
            draft["typed_by"] = {**typed_by, self.account: london.iso(clock.now())}
        keep(self.path(str(draft["stay"])), draft)

    def whose(self, draft: Document) -> str:
        """Who else typed in it, for whoever sits here now; nothing where nobody did."""
        typed_by = draft.get("typed_by") or {}
        others = {who: at for who, at in typed_by.items() if who != self.account}
        if others:
            return words.typed_by({who: datetime.fromisoformat(at) for who, at in others.items()})
        return "" if typed_by or not (draft["asked"] or draft["leaving"]) else words.WHOSE_NOT_KNOWN

    def drop(self, stay: str) -> None:
        """It is on the record now, or can no longer be: nothing of it stays here.

        What cannot be removed is found again, and shown, when the desk is used the next time.
        """
        with suppress(OSError):
            self.path(stay).unlink(missing_ok=True)

    def begun(self) -> Mapping[str, str]:
        """Of which stays a release was begun here."""
        return {str(each["stay"]): words.BEGUN for each in self._all()}

    def _all(self) -> Iterator[Document]:
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            kept = self._read(path)
            if kept is not None:
                yield kept

    def _read(self, path: Path) -> Document | None:
        """What a file holds; one that cannot be read is begun again, and never loses another."""
        try:
            kept = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        whole = isinstance(kept, dict) and all(
            isinstance(kept.get(name), kind) for name, kind in _SHAPE.items()
        )
        return kept if whole else None


@dataclass(frozen=True)
class Overtaken:
    """A stay that somebody else has ended: what was begun here can no longer be used."""

    reference: str
    words: str  # who was first, and with which time


def overtaken(client: Client, stay: str) -> Overtaken | None:
    """Whether a stay has ended; None also where nobody can say."""
    try:
        sheet = client.sheet(stay)
    except (Unreachable, NotAllowed, InputError):
        return None
    return Overtaken(sheet.reference, sheet.ended) if sheet.closed else None
