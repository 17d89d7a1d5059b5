"""What an event is before and after it is recorded."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from json.encoder import c_make_encoder, encode_basestring_ascii  # type: ignore[attr-defined]
from types import MappingProxyType
from typing import Any

Body = Mapping[str, Any]  # JSON: the edge where a type would only pretend to know
NOTHING: Body = MappingProxyType({})

LATE_AFTER = timedelta(minutes=10)  # typed later than this is marked late for ever
AHEAD_AT_MOST = timedelta(minutes=2)  # a terminal's clock may run ahead by so much


class EventKind(StrEnum):
    """Everything that can happen, closed: a new kind is a migration of minds, so it is named."""

    PERSON_MADE = "person_made"
    PERSON_LINKED = "person_linked"
    PERSON_UNLINKED = "person_unlinked"
    WRONG_PERSON = "wrong_person"
    STAY_OPENED = "stay_opened"
    STAY_MOVED = "stay_moved"
    IDENTITY_RECORDED = "identity_recorded"
    SCREENING_SAVED = "screening_saved"
    OBSERVATION_NOTED = "observation_noted"
    DETENTION_EVENT = "detention_event"
    AUTHORISATION = "authorisation"
    ROUTE_DECISION = "route_decision"
    CONSENT = "consent"
    VISIT = "visit"
    ROUSING = "rousing"
    RELEASE_CHECKED = "release_checked"
    RELEASED = "released"
    NOTE = "note"
    FILED = "filed"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    ALERT_RAISED = "alert_raised"
    ALERTS_RAISED = "alerts_raised"
    ALERT_COUNTED = "alert_counted"
    ALERT_CLIMBED = "alert_climbed"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_ACTED = "alert_acted"
    ALERT_REOPENED = "alert_reopened"
    ALERT_RETIMED = "alert_retimed"
    ALERT_CLOSED = "alert_closed"
    ALERT_CANCELLED = "alert_cancelled"
    ALERT_WITHDRAWN = "alert_withdrawn"
    CLOCK_STEPPED = "clock_stepped"
    RULEBOOK_ADOPTED = "rulebook_adopted"
    ERASED = "erased"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    HANDOVER_SIGNED = "handover_signed"
    ACCESS_GRANTED = "access_granted"
    IMPORTED = "imported"
    FIGURES_PUBLISHED = "figures_published"


class Group(StrEnum):
    """The parts of an event that hold personal data; each can be erased by itself."""

    IDENTITY = "identity"
    POLICE = "police"
    CLINICAL = "clinical"


@dataclass(frozen=True)
class Actor:
    """Who did it, in which role, at which terminal."""

    account: str
    name: str
    role: str
    terminal: str | None = None
    suites: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewEvent:
    """Something that happened, not yet recorded.

    ``header`` holds no personal data. Its ``stay`` mapping, on any kind, says how the stay
    changes: kind, suite, nation, stage, place, cell, training, closed. ``payloads`` holds the
    personal parts by group. A ``corrected`` event carries the corrected time in ``occurred_at``
    and only what changes in its bodies; ``withdrawn`` takes the event it corrects away.
    """

    kind: str
    actor: Actor
    occurred_at: datetime
    stay: str | None = None
    person: str | None = None
    header: Body = field(default_factory=lambda: NOTHING)
    payloads: Mapping[str, Body] = field(default_factory=lambda: MappingProxyType({}))
    corrects: int | None = None


@dataclass(frozen=True)
class Recorded:
    """One event of the record. A payload that was erased is None."""

    seq: int
    kind: EventKind
    stay: str | None
    person: str | None
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    header: Body
    payloads: Mapping[str, Body | None]
    corrects: int | None
    hash: str

    @property
    def late(self) -> bool:
        """Typed over ten minutes after it happened; it stays marked so for ever."""
        return self.recorded_at - self.occurred_at > LATE_AFTER

    @property
    def ahead(self) -> bool:
        """Said to have happened after it was typed: a terminal's clock runs ahead."""
        return self.occurred_at > self.recorded_at

    @property
    def alert_keys(self) -> tuple[str, ...]:
        """The keys of the alerts that an act on alerts is about; none for any other event."""
        if "key" in self.header:
            return (str(self.header["key"]),)
        if "alerts" in self.header:
            return tuple(str(alert["key"]) for alert in self.header["alerts"])
        return tuple(self.header.get("counts", ()))

    @property
    def body(self) -> dict[str, Any]:
        """The header and every part that was not erased, as one mapping."""
        merged = dict(self.header)
        for part in self.payloads.values():
            merged.update(part or {})
        return merged


_FIELDS = tuple(each.name for each in fields(Recorded))


def made(*values: Any) -> Recorded:
    """An event of the record from the values of all its fields, in their order.

    The constructor of a frozen class sets field by field, which for the hundred events of a stay
    takes as long as reading them.
    """
    found = object.__new__(Recorded)
    vars(found).update(zip(_FIELDS, values, strict=True))
    return found


def stamp(moment: datetime) -> str:
    """A moment as fixed-width text in UTC that sorts as time; refuses a naive one."""
    if moment.tzinfo is UTC:
        return _utc_stamp(moment)
    if moment.tzinfo is None:
        raise ValueError("A time in the record needs its zone.")
    return _utc_stamp(moment.astimezone(UTC))


@lru_cache(maxsize=1024)
def _utc_stamp(moment: datetime) -> str:
    """Only for moments in UTC: two readings of a repeated London hour count as one key."""
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def stamp_or_none(moment: datetime | None) -> str | None:
    """The text of a moment, where there is one."""
    return None if moment is None else stamp(moment)


def moment(text: str) -> datetime:
    """The moment that ``stamp`` wrote."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """The moment that ``stamp`` wrote, where there is one."""
    return None if text is None else datetime.fromisoformat(text)


def as_json(value: Body | Iterable[Any]) -> str:
    """The one way a value is written: sorted keys, no spaces, ASCII.

    No value of the record is NaN: no door lets it in, and ``stored.pack`` refuses it.
    """
    return _fast(value) or "".join(_ENCODE(value, 0))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime):
        return stamp(value)
    raise TypeError(f"{type(value).__name__} cannot be written into the record")


# What ``json.JSONEncoder`` makes anew for each value, made once. It looks for no circle: what is
# recorded came as JSON or out of values, and neither holds itself.
_ENCODE: Callable[[Any, int], Iterable[str]] = c_make_encoder(
    None, _plain, encode_basestring_ascii, None, ":", ",", True, False, False
)
# What the fast writer may say in another way: letters that ASCII does not have, and fractions.
_OTHERWISE = re.compile(rb"[\x7f-\xff]|[:,[]-?[0-9]+[.e]")


def _writer() -> Callable[[Any], str]:
    """The fast writer of JSON, where a wheel of it is installed: it says nothing that it would say
    in another way than the standard one."""
    try:
        fast: Any = import_module("orjson")
    except ImportError:
        return lambda value: ""
    how = fast.OPT_SORT_KEYS | fast.OPT_PASSTHROUGH_DATETIME | fast.OPT_PASSTHROUGH_DATACLASS

    def write(value: Any) -> str:
        try:
            text: bytes = fast.dumps(value, _plain, how)
        except TypeError:  # the standard one says what is wrong, if it cannot write it either
            return ""
        return "" if _OTHERWISE.search(text) else text.decode("ascii")

    return write


_fast = _writer()
