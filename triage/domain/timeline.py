"""The events of one detention, as they happened and as they were typed.

What happened is always a usable event, lawful or not. Corrections are events too: nothing is
edited, and ``as_known`` folds them into the timeline that counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from triage.domain.answers import Person
from triage.domain.errors import InputError, Problem

# What the yearly return asks of a journey, and of a police station: captured where it happens.
_JOURNEY = ("transport", "ambulance_requested", "vehicle_reason")
_STATION = ("station_reason",)
# The three tests of a police station (SI 2017/1036 reg 2), answered one by one.
STATION_TESTS = ("risk", "no_other_place", "hcp_available")
# Every kind of event, with what it names beside the fields that all events have.
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "s136_decided": ("limb", "consulted"),
        "s135_warrant_issued": (),
        "entered_premises": (),
        "s135_decided": ("limb",),
        "removal_started": _JOURNEY,
        "arrived_site": (*_JOURNEY, *_STATION),
        "entered_building": (*_JOURNEY, *_STATION),
        "arrived": (*_JOURNEY, *_STATION),
        "left_place": (),
        "transferred": (*_JOURNEY, *_STATION),
        "handover_offered": (),
        "handover_accepted": (),
        "police_asked_to_stay": ("answer",),
        "police_left": (),
        "station_proposed": STATION_TESTS,
        "station_authorised": (*STATION_TESTS, "consulted", *_STATION),
        "health_check": ("waking",),
        "behaviour_review": ("conditions",),
        "stay_at_station_reasons": ("assessed_sooner", "distress_likely"),
        "legal_owner_decided": ("decision", "received"),
        "fell_asleep": (),
        "woke": (),
        "extension_authorised": ("hours", "ground"),
        "superintendent_approved": (),
        "assessment_place_changed": (),
        "amhp_told": (),
        "amhp_arrived": (),
        "doctor_told": (),
        "doctor_arrived": (),
        "assessment_began": (),
        "assessment_finished": ("outcome",),
        "bed_requested": (),
        "bed_found": (),
        "place_asked": ("answer",),
        "absconded": (),
        "retaken": (),
        "other_authority": ("section",),
        "ended": ("power",),
        "arrested": ("basis", "exception"),
        "arrived_station": ("area",),
        "detention_authorised": (),
        "pace_review_done": ("mode", "phone_reason"),
        "pace_review_postponed": (),
        "pace_extended": ("hours",),
        "warrant_granted": ("hours",),
        "left_for_hospital": (),
        "questioned": ("until",),
        "back_from_hospital": (),
        "bailed": (),
        "answered_bail": (),
        "charged": (),
        "mha_assessment_requested": (),
        "interview_ended": (),
        "bail_refused": (),
        "bad_news": (),
        "release_decided": (),
        "custody_officer_changed": (),
        "visit": (),
        "rousing_ordered": ("minutes",),
        "rouse": ("passed",),
        "rousing_ended": (),
        "corrected": (),
    }
)
# A correction with one of these reasons takes the event away instead of moving it.
NEVER_HAPPENED = ("did_not_happen", "wrong_person")


@dataclass(frozen=True)
class Moment:
    """When something happened: certain when both ends are the same, else somewhere between."""

    not_before: datetime
    not_after: datetime

    @property
    def certain(self) -> bool:
        """Whether the moment is known exactly."""
        return self.not_before == self.not_after

    @classmethod
    def at(cls, moment: datetime) -> "Moment":
        """A moment that is known exactly."""
        return cls(moment, moment)

    def earlier(self, by: timedelta) -> "Moment":
        """The same, by so much earlier."""
        return Moment(self.not_before - by, self.not_after - by)


@dataclass(frozen=True)
class Event:
    """One thing that happened during a detention."""

    id: str
    kind: str
    occurred_at: Moment
    recorded_at: datetime | None = None
    place: str | None = None
    role: str | None = None
    rank: str | None = None
    by: str | None = None
    reason: str | None = None
    corrects: str | None = None
    words: str | None = None
    extra: Mapping[str, str | int | bool | datetime] = field(
        default_factory=lambda: MappingProxyType({})
    )  # what the kind names in braces: limb, consulted, waking, hours, ground ...

    @property
    def earliest(self) -> datetime:
        """The earliest that it can have happened: what a limit of time runs from."""
        return self.occurred_at.not_before

    @property
    def latest(self) -> datetime:
        """The latest that it can have happened: what counts as done in time."""
        return self.occurred_at.not_after


@dataclass(frozen=True)
class Detention:
    """All that is known about one detention; the input of the clocks."""

    at: datetime
    nation: str
    person: Person
    events: tuple[Event, ...]
    offence: str | None = None
    indictable: bool | None = None
    as_known_at: datetime | None = None
    # Since when the record treats the person as detained under section 136 without any event of it.
    held_since: datetime | None = None


@dataclass(frozen=True)
class Timeline:
    """The events that count, oldest first, seen from one moment; and what was left out."""

    at: datetime
    events: tuple[Event, ...]
    warnings: tuple[str, ...] = ()
    corrected: frozenset[str] = frozenset()  # events whose time was put right

    def of(self, *kinds: str) -> tuple[Event, ...]:
        """The events of these kinds, oldest first."""
        return tuple(event for event in self.events if event.kind in kinds)


def as_known(detention: Detention) -> Timeline:
    """The timeline that counts: corrections folded in, later events left out with a warning.

    ``detention.as_known_at`` leaves out what was typed later. Raises InputError for what cannot be:
    a naive time, an unknown kind, one id twice, a correction of an unknown event or of itself.
    """
    refuse_the_impossible(detention)
    known = [event for event in detention.events if _was_known(event, detention.as_known_at)]
    folded = sorted(_fold(known), key=lambda event: event.earliest)
    later = [event.id for event in folded if event.earliest > detention.at]
    counted = (_by_now(event, detention.at) for event in folded if event.earliest <= detention.at)
    left_out = (f"left out, because later than the moment asked for: {', '.join(later)}",)
    by_id = {event.id: event for event in known}
    roots = frozenset(_root(event, by_id) for event in known if event.corrects is not None)
    return Timeline(detention.at, tuple(counted), left_out if later else (), roots)


def corrections(detention: Detention) -> tuple[Event, ...]:
    """The corrections that were known, in the order in which they were typed."""
    known = [event for event in detention.events if _was_known(event, detention.as_known_at)]
    return tuple(_in_typed_order([event for event in known if event.corrects is not None]))


def _was_known(event: Event, at: datetime | None) -> bool:
    """Typed by then; an event that does not say when it was typed was known as it happened."""
    return at is None or (event.recorded_at or event.earliest) <= at


def _by_now(event: Event, at: datetime) -> Event:
    """What is recorded has happened by now, however roughly its time is known."""
    if event.latest <= at:
        return event
    return replace(event, occurred_at=Moment(event.earliest, at))


def _fold(events: list[Event]) -> Iterator[Event]:
    by_id = {event.id: event for event in events}
    folded = {event.id: event for event in events if event.corrects is None}
    for correction in _in_typed_order([event for event in events if event.corrects is not None]):
        target = _root(correction, by_id)
        if target in folded and correction.reason in NEVER_HAPPENED:
            del folded[target]
        elif target in folded:
            folded[target] = _corrected(folded[target], correction)
    return iter(folded.values())


def _in_typed_order(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.recorded_at or event.earliest)


def _root(correction: Event, by_id: Mapping[str, Event]) -> str:
    """The event that a correction, or a correction of a correction, is about in the end."""
    target = correction.corrects or ""
    while target in by_id and by_id[target].corrects is not None:
        target = by_id[target].corrects or ""
    return target


def _corrected(event: Event, by: Event) -> Event:
    """The event with what the correction says; what it does not say stays."""
    said = {
        name: getattr(by, name)
        for name in ("place", "role", "rank", "by", "reason", "words")
        if getattr(by, name) is not None
    }
    return replace(
        event,
        kind=event.kind if by.kind == "corrected" else by.kind,
        occurred_at=by.occurred_at,
        recorded_at=by.recorded_at or event.recorded_at,
        extra=MappingProxyType({**event.extra, **by.extra}),
        **said,
    )


def refuse_the_impossible(detention: Detention) -> None:
    """Raises InputError for what cannot be, naming each field; what was unlawful can be."""
    problems = list(_problems(detention.events))
    if detention.at.utcoffset() is None:
        problems.append(Problem("at", "must be a time with an offset"))
    if problems:
        raise InputError(problems)


def _problems(events: tuple[Event, ...]) -> Iterator[Problem]:
    by_id = {event.id: event for event in events}
    seen: set[str] = set()
    for number, event in enumerate(events):
        where = f"events[{number}]"
        if event.kind not in KINDS:
            yield Problem(f"{where}.kind", "is not a kind of event", tuple(KINDS))
        if event.id in seen:
            yield Problem(f"{where}.id", f"stands twice: {event.id}")
        seen.add(event.id)
        yield from _time_problems(event, where)
        if event.kind == "corrected" and event.corrects is None:
            yield Problem(f"{where}.corrects", "is missing: which event does it correct?")
        if event.corrects is not None and not _ends_well(event, by_id):
            yield Problem(f"{where}.corrects", f"names no other event: {event.corrects}")


def _time_problems(event: Event, where: str) -> Iterator[Problem]:
    moments = (event.earliest, event.latest, event.recorded_at or event.earliest)
    if any(moment.utcoffset() is None for moment in moments):
        yield Problem(f"{where}.occurred_at", "must be a time with an offset")
    elif event.latest < event.earliest:
        yield Problem(f"{where}.occurred_at.not_after", "is before not_before")


def _ends_well(correction: Event, by_id: Mapping[str, Event]) -> bool:
    """Whether the chain of corrections ends at an event, not at nothing and not in a ring."""
    seen: set[str] = set()
    event = correction
    while event.corrects is not None:
        if event.id in seen or event.corrects not in by_id:
            return False
        seen.add(event.id)
        event = by_id[event.corrects]
    return True
