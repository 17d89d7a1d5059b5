"""The rows that the record hands out, as values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from triage.record.engine import Row
from triage.record.events import Body, Recorded, moment, moment_or_none
from triage.record.packing import unpack_words

_ALERTS = 4096  # of some three kilobytes each


@dataclass(frozen=True)
class Stay:
    """One stay as its events leave it. ``identity`` is None once erased."""

    id: str
    person: str | None
    kind: str | None
    suite: str | None
    nation: str | None
    reference_kind: str | None
    reference: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    stage: str | None
    place: str | None
    cell: str | None
    training: bool
    identity: Body | None
    screening: int | None  # the event of the last screening that stands
    screened_at: datetime | None
    screening_status: str | None
    screening_urgency: str | None

    @property
    def is_open(self) -> bool:
        """Whether the person is still with us."""
        return self.opened_at is not None and self.closed_at is None


@dataclass(frozen=True)
class PersonRow:
    """One person as linked and described by the events."""

    id: str
    made_at: datetime | None
    identity: Body | None
    linked: tuple[str, ...]


@dataclass(frozen=True)
class ScreeningRow:
    """One saved version of a screening, with its event."""

    seq: int
    stay: str
    version: int
    at: datetime
    status: str | None
    stage: str | None
    urgency: str | None
    rulebook: str | None
    event: Recorded
    stands: bool = True  # False once it was withdrawn


@dataclass(frozen=True)
class Alert:
    """One alert, from planned to closed."""

    key: str
    stay: str | None
    suite: str | None
    source: str
    step: str
    episode: str
    need: str | None
    level: str
    due_at: datetime
    to_roles: tuple[str, ...]
    words: str | None
    clinical: bool
    state: str
    raised_at: datetime | None
    late_seconds: int
    count: int
    chain_step: int
    step_due_at: datetime | None
    round: int
    ack_kind: str | None
    ack_by: str | None
    ack_at: datetime | None
    police_ack_at: datetime | None
    clinical_ack_at: datetime | None
    acted_by: str | None
    acted_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    closed_reason: str | None
    raised_seq: int | None = None  # the event that raised it

    @property
    def is_open(self) -> bool:
        """Raised and not over."""
        return self.state in ("raised", "acknowledged", "in_hand")


@dataclass(frozen=True)
class BoardRow:
    """One open stay with what is open and what is due next about it."""

    stay: Stay
    open_alerts: int
    top_level: str | None
    top_alert: str | None
    unacknowledged: int
    next_due_at: datetime | None


def json_or_none(text: str | None) -> Any:
    """What a JSON column holds, where it holds something."""
    return None if text is None else json.loads(text)


# How each field is read from its column; what is not named stands there as it is.
_STAY_READ: Mapping[str, Any] = {
    "opened_at": moment_or_none,
    "closed_at": moment_or_none,
    "screened_at": moment_or_none,
    "training": bool,
    "identity": json_or_none,
}
_STAY_FIELDS = tuple(field.name for field in fields(Stay))


def stay_of(row: Row | Mapping[str, Any]) -> Stay:
    """One row of ``stays`` as a value, made past the constructor as an alert is."""
    known = dict(zip(row.keys(), row, strict=True)) if isinstance(row, Row) else row
    found = object.__new__(Stay)
    told = vars(found)
    for name in _STAY_FIELDS:
        told[name] = known[name]
    for name, read in _STAY_READ.items():
        told[name] = read(told[name])
    return found


@lru_cache(maxsize=1024)
def _roles(packed: bytes) -> tuple[str, ...]:
    return tuple(json.loads(unpack_words(packed) or "[]"))


# How each field of an alert is read from its column; what is not named stands there as it is.
_READ: Mapping[str, Any] = {
    "due_at": moment,
    "to_roles": _roles,
    "words": unpack_words,
    "need": unpack_words,
    "clinical": bool,
    "raised_at": moment_or_none,
    "step_due_at": moment_or_none,
    "ack_at": moment_or_none,
    "police_ack_at": moment_or_none,
    "clinical_ack_at": moment_or_none,
    "acted_at": moment_or_none,
    "closed_at": moment_or_none,
}


def alert_of(row: Row) -> Alert:
    """One row of ``alerts`` as a value.

    Nearly every row is read again and again as it was; what it says is made of it once.
    """
    return _alert(tuple(row.keys()), tuple(row))


@lru_cache(maxsize=_ALERTS)
def _alert(names: tuple[str, ...], values: tuple[Any, ...]) -> Alert:
    """Made past the constructor of a frozen class, which is field by field."""
    found = object.__new__(Alert)
    told = vars(found)
    told.update(zip(names, values, strict=True))
    del told["last_seq"]
    for name, read in _READ.items():
        told[name] = read(told[name])
    return found


def forget_alerts() -> None:
    """Keep no alert that was read: what was erased stays in no memory."""
    _alert.cache_clear()
