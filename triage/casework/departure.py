"""How somebody leaves custody, and one thing that is still open then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.domain.findings import Urgency


@dataclass(frozen=True)
class Gap:
    """One thing that is open when somebody is about to leave."""

    id: str
    urgency: Urgency
    words: str
    alert: str | None = None
    closes: str = ""  # what would close it, in words


@dataclass(frozen=True)
class Release:
    """How somebody left: when, to where, with whom, with what, and what was said to whom."""

    occurred_at: datetime
    to: str  # home | court | hospital | health_place | prison | other
    handed_to: str | None = None  # who the person left with or was handed to
    told: tuple[str, ...] = ()  # who was told what is still open
    plan: str | None = None  # what was agreed for the first days, in words
    transport: str | None = None
    reason: str | None = None  # a key of REASONS, needed when gaps remain
    words: str | None = None
    papers: tuple[str, ...] = ()  # what was handed over on paper, and to whom
    medicine: str | None = None  # what was done about their medicine, in words


def release_of(given: Mapping[str, Any]) -> Release:
    """How somebody left, from a document that ``ReleaseIn`` has read; lists become tuples."""
    lists = {name: tuple(given[name]) for name in ("told", "papers") if name in given}
    return Release(**{**given, **lists})
