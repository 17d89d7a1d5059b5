"""Where the person was, from when to when, as the events say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from triage.domain.timeline import Event, Timeline

STATION = "police_station"
ARRIVALS = ("arrived_site", "entered_building", "arrived")
_GONE = ("left_place", "absconded", "bailed")
_AT_STATION = ("arrived_station", "back_from_hospital", "answered_bail")


@dataclass(frozen=True)
class Stay:
    """A stretch of time in one place; ``until`` is None while the person is there."""

    place: str
    came: Event
    since: datetime
    until: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether the person was there at this moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


def stays(timeline: Timeline) -> tuple[Stay, ...]:
    """All stays, oldest first. What is known roughly is read as the longer stay."""
    found: list[Stay] = []
    for event in timeline.events:
        here = found[-1] if found and found[-1].until is None else None
        place = _place_after(event, here)
        if here is not None and place == here.place and event.kind != "transferred":
            continue
        if place is None and not _leaves(event):
            continue
        if here is not None:
            found[-1] = replace(here, until=event.latest)
        if place is not None:
            found.append(Stay(place, event, event.earliest))
    return tuple(found)


def place_at(found: Sequence[Stay], moment: datetime) -> str | None:
    """Where the person was at this moment, or None while on the way or not known."""
    return next((stay.place for stay in reversed(found) if stay.covers(moment)), None)


class Known(StrEnum):
    """How a place is known: the person is there, was last there, or is being taken there."""

    THERE = "there"
    LEFT = "left"
    ON_THE_WAY = "on_the_way"


@dataclass(frozen=True)
class Where:
    """Where somebody is as far as the record knows; no place means that nobody said which."""

    place: str | None
    known: Known


def where(timeline: Timeline, named: str | None) -> Where:
    """Where the person is now; ``named`` is the place that was given when the stay was opened.

    A place that was only asked, or that is only expected, is never told as the place they are in.
    """
    found = stays(timeline)
    if found:
        last = found[-1]
        return Where(last.place, Known.THERE if last.until is None else Known.LEFT)
    taken = any(
        event.kind == "removal_started" or event.extra.get("limb") == "remove"
        for event in timeline.events
    )
    return Where(named, Known.ON_THE_WAY if taken else Known.THERE)


def _place_after(event: Event, here: Stay | None) -> str | None:
    """The place that an event puts the person in; None if it puts them nowhere or says nothing."""
    if event.kind in _AT_STATION:
        return STATION
    if event.kind == "left_for_hospital":
        return "a_and_e"
    if event.kind == "transferred":
        return event.place or "unknown"
    if event.kind in ARRIVALS:
        return event.place or (here.place if here else "unknown")
    if here is None and event.kind == "detention_authorised":
        return STATION
    if here is None and event.kind in ("arrested", "s136_decided", "retaken"):
        return event.place if event.extra.get("limb") != "remove" else None
    return None


def _leaves(event: Event) -> bool:
    """Whether the person is gone; when one named power ends they may still be there."""
    return event.kind in _GONE or ends_everything(event)


def ends_everything(event: Event) -> bool:
    """Whether this is the end of every power: a release."""
    return event.kind == "ended" and event.extra.get("power") in (None, "all")


def releases(event: Event, opened: Event) -> bool:
    """Whether this release ends what that event began.

    One at the very moment of the beginning that names no power ends what was before. One of every
    power, recorded after the beginning, ends that too: the person has left, and nothing runs on.
    """
    ended_all = event.extra.get("power") == "all"
    return ends_everything(event) and (ended_all or event.latest > opened.earliest)
