"""Running an old decision again, under the rules that it was made with."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from triage.casework.history import details_of, findings_of
from triage.casework.service import Service
from triage.domain.errors import RulebookRefused
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.record import EventKind, Recorded
from triage.rules_files import load

Recompute = Callable[[Recorded], str | None]


def recompute(service: Service) -> Recompute:
    """What ``verify`` asks of each event: None when the same comes out, else a sentence.

    What was erased cannot be run again and is not a difference; what is recorded is never changed.
    """
    books: dict[str, Rulebook | None] = {service.rulebook.fingerprint: service.rulebook}

    def again(event: Recorded) -> str | None:
        if event.kind is not EventKind.SCREENING_SAVED or None in event.payloads.values():
            return None
        fingerprint = str(event.header.get("rulebook"))
        if fingerprint not in books:
            books[fingerprint] = _kept(service, fingerprint)
        return _difference(event, books[fingerprint], fingerprint)

    return again


def _difference(event: Recorded, book: Rulebook | None, fingerprint: str) -> str | None:
    details, stored = details_of(event), findings_of(event)
    if book is None:
        return f"The rules {fingerprint} are not kept here, so it cannot be run again."
    if details is None or stored is None:
        return "It could not be evaluated when it was saved."
    found = screen(book, details)
    if found == stored:
        return None
    parts = ("status", "needs", "flags", "not_excluded", "conflicts", "do_now", "routes")
    other = [name for name in parts if getattr(found, name) != getattr(stored, name)]
    return f"Run again it gives something else: {', '.join(other) or 'its stamp'}."


def _kept(service: Service, fingerprint: str) -> Rulebook | None:
    """The rulebook as it was, from the texts in the record."""
    files = service.record.reading().rulebook_files(fingerprint)
    if files is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        try:
            return load(Path(folder), draft=True)
        except RulebookRefused:
            return None  # an older release's rules, which this release cannot read
