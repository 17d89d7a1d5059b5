"""One stay as its events tell it: the detention for the clocks, the versions for the alerts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from triage.casework.entries import (
    PERSON,
    ROUSE,
    event_of,
    moment_of,
    once_of,
    version_of,
)
from triage.casework.stored import unpack
from triage.domain.answers import Person
from triage.domain.asking_again import Happened
from triage.domain.attributed import Attribution
from triage.domain.birthdays import one_age
from triage.domain.london import day_of
from triage.domain.rulebook import OTHER_SUITE
from triage.domain.screening_alerts import Version
from triage.domain.timeline import Detention, Event, Moment, as_known
from triage.record import EventKind, Reading, Recorded, Stay, Writing

DETENTION = (
    EventKind.DETENTION_EVENT,
    EventKind.AUTHORISATION,
    EventKind.VISIT,
    EventKind.ROUSING,
)
ALERT_ENDS = (EventKind.ALERT_CLOSED, EventKind.ALERT_CANCELLED)
_NOBODY_ENDED = ("overtaken", "moved", "mended")  # closed by a later step, or by what came late
_ARRIVES = (
    "arrested", "arrived_station", "arrived", "arrived_site", "entered_building", "s136_decided",
    "s135_decided",
)  # fmt: skip
_AUTHORISED = "detention_authorised"
_TOLD_THE_CLOCKS = (*DETENTION, EventKind.STAY_OPENED, EventKind.CORRECTED, EventKind.RELEASED)
ATTRIBUTED = "gap_attributed"  # in the header of a note
_EVERY_POWER = MappingProxyType({"power": "all"})  # who has left is held under none


@dataclass(frozen=True)
class History:
    """All the events of one stay, and what they mean."""

    stay: Stay
    events: tuple[Recorded, ...]

    @classmethod
    def read(cls, reading: Reading | Writing, stay: Stay) -> "History":
        """The history of one stay, in one read."""
        return cls(stay, reading.stay_events(stay.id))

    def without(self, entry: Recorded) -> "History":
        """The same stay as its other entries tell it."""
        return History(self.stay, tuple(one for one in self.events if one.seq != entry.seq))

    @cached_property
    def _by_kind(self) -> Mapping[EventKind, list[Recorded]]:
        """The events of each kind: most questions are about the few of one kind."""
        found: dict[EventKind, list[Recorded]] = {}
        for event in self.events:
            found.setdefault(event.kind, []).append(event)
        return found

    @cached_property
    def withdrawn(self) -> Mapping[int, Recorded]:
        """What was withdrawn, by number, with the event that withdrew it."""
        about = self._by_kind.get(EventKind.WITHDRAWN, ())
        return {event.corrects: event for event in about if event.corrects is not None}

    def standing(self, *kinds: EventKind) -> tuple[Recorded, ...]:
        """The events of some kinds that were not withdrawn."""
        found = [
            event
            for kind in dict.fromkeys(kinds)
            for event in self._by_kind.get(kind, ())
            if event.seq not in self.withdrawn
        ]
        return tuple(found if len(kinds) == 1 else sorted(found, key=lambda each: each.seq))

    @cached_property
    def screenings(self) -> tuple[Recorded, ...]:
        """The saved versions that stand, as they were asked: one typed late is not the last."""
        saved = self.standing(EventKind.SCREENING_SAVED)
        return tuple(sorted(saved, key=lambda each: (self.when(each), each.seq)))

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """The same as they were evaluated; an erased one cannot be read."""
        found = ((event, version_of(event)) for event in self.screenings)
        return tuple(
            version if self.when(event) == version.at else version.timed(self.when(event))
            for event, version in found
            if version is not None
        )

    def when(self, event: Recorded) -> datetime:
        """When it happened, by the last word on it that stands; the earliest where it is rough."""
        said = self._last_words.get(event.seq)
        return event.occurred_at if said is None else moment_of(said).not_before

    def correction(self, event: Recorded) -> Recorded | None:
        """The last correction of it that stands; of a correction, the one that followed it."""
        return self._last_words.get(event.seq)

    def moment(self, event: Recorded) -> Moment | None:
        """The last word on when it happened; None where nobody corrected what it says itself."""
        said = self.correction(event)
        return None if said is None else moment_of(said)

    @cached_property
    def _last_words(self) -> Mapping[int, Recorded]:
        """The last correction that stands of each entry that has one, also of a correction."""
        found: dict[int, Recorded] = {}
        about: dict[int, int] = {}
        for event in self._by_kind.get(EventKind.CORRECTED, ()):
            if event.corrects is not None:
                about[event.seq] = about.get(event.corrects, event.corrects)
                if event.seq not in self.withdrawn:
                    found[about[event.seq]] = event
        last = {seq: found[root] for seq, root in about.items() if root in found}
        return found | {seq: said for seq, said in last.items() if said.seq != seq}

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        """The gaps that an inspector gave to an agreed reason, in the order of the record."""
        return tuple(
            unpack(Attribution, part["given"])
            for event in self.standing(EventKind.NOTE)
            if event.header.get("note") == ATTRIBUTED
            and (part := event.payloads.get("police")) is not None
        )

    @cached_property
    def ended_alerts(self) -> Mapping[str, int]:
        """By which event a named person ended which alert, by its key without the stay."""
        prefix = f"{self.stay.id}:"
        return {
            str(event.header["key"]).removeprefix(prefix): event.seq
            for event in sorted(
                (event for kind in ALERT_ENDS for event in self._by_kind.get(kind, ())),
                key=lambda each: each.seq,
            )
            if event.header.get("reason") not in _NOBODY_ENDED
        }

    @cached_property
    def person(self) -> Person:
        """Who the person is as far as the law needs it: the last word on each part of it."""
        told = self.stay.identity or {}
        found: Person = unpack(Person, {name: told[name] for name in PERSON if name in told})
        began = self.stay.opened_at
        return found if began is None else one_age(found, day_of(began))

    def detention(self, at: datetime) -> Detention:
        """The input of the clocks."""
        return Detention(
            at=at,
            nation=self.stay.nation or "england",
            person=self.person,
            events=tuple(self._timeline()),
            offence=self._opened("offence"),
            indictable=self._opened("indictable"),
            held_since=self._said_held_since(),
        )

    def happened(self, kinds: frozenset[str], *, at: datetime) -> tuple[Happened, ...]:
        """What happened by then of these kinds, as corrected; without any the timeline stays shut.

        ``kinds`` may hold OTHER_SUITE: a move to another suite than the one before.
        """
        found = list(self._other_suites()) if OTHER_SUITE in kinds else []
        if any(event.header.get("kind") in kinds for event in self.standing(*DETENTION)):
            found += [
                Happened(each.kind, _over(each), each.recorded_at or at, int(each.id))
                for each in as_known(self.detention(at)).of(*kinds)
            ]
        return tuple(found)

    def _other_suites(self) -> Iterable[Happened]:
        suite = None
        for event in self.standing(EventKind.STAY_OPENED, EventKind.STAY_MOVED):
            now_in = (event.header.get("stay") or {}).get("suite") or suite
            if suite is not None and now_in != suite:
                yield Happened(OTHER_SUITE, self.when(event), event.recorded_at, event.seq)
            suite = now_in

    def _said_held_since(self) -> datetime | None:
        """Since when the record calls this a section 136 detention, whatever its events say."""
        if self.stay.kind == "section136":
            return self.stay.opened_at
        said = (
            self.when(event)
            for event in self.standing(EventKind.SCREENING_SAVED)
            if event.header.get("stage") == "section136"
        )
        return next(said, None)

    def _opened(self, name: str) -> Any:
        for event in reversed(self.standing(EventKind.STAY_OPENED, EventKind.STAY_MOVED)):
            said = once_of(event, "opened", partial(_of_opening, event))
            if name in said:
                return said[name]
        return None

    def _timeline(self) -> Iterable[Event]:
        """The events of the detention, and those that other acts amount to."""
        typed = self.standing(*_TOLD_THE_CLOCKS)
        if self._begins_by_opening:
            yield from (_arrival(each) for each in typed if _opens_custody(each))
        for event in typed:
            if event.kind in DETENTION:
                found = event_of(event)
                if found is not None:
                    yield found
            elif event.kind is EventKind.CORRECTED and self._in_timeline(event.corrects):
                yield _amounts_to(event, "corrected", corrects=str(event.corrects))
            elif event.kind is EventKind.RELEASED:
                yield _amounts_to(event, "ended", extra=_EVERY_POWER)
        yield from self._rousing()

    @cached_property
    def _begins_by_opening(self) -> bool:
        """Whether the clocks take the opening of a custody record for the arrival.

        Detention is authorised after the arrival, and the limits count from the arrival (PACE
        s41(2)): an authorisation that is recorded lengthens none of them. A record that was opened
        later than that says nothing of when the person came.
        """
        told = self.standing(*_TOLD_THE_CLOCKS)
        if any(event.header.get("kind") in _ARRIVES for event in told):
            return False
        opened = [self.when(event) for event in told if _opens_custody(event)]
        given = [self.when(event) for event in told if event.header.get("kind") == _AUTHORISED]
        return not (opened and given) or min(opened) <= min(given)

    def _in_timeline(self, seq: int | None) -> bool:
        """Whether an entry, or what it corrects, is one that the clocks see."""
        about = {event.seq: event for event in self.events}.get(seq or 0)
        if about is None or about.seq in self.withdrawn:
            return False
        if about.kind is EventKind.CORRECTED:
            return self._in_timeline(about.corrects)
        if _opens_custody(about):
            return self._begins_by_opening
        return about.kind in (*DETENTION, EventKind.RELEASED)

    def _rousing(self) -> Iterable[Event]:
        """Somebody seen very drunk or drugged is roused from the first such moment (Annex H)."""
        for event in self.standing(EventKind.SCREENING_SAVED):
            if _calls_for_rousing(event):
                ordered = _amounts_to(event, "rousing_ordered", reason="intoxicated")
                seen = min(self.when(event), event.recorded_at)
                yield replace(ordered, occurred_at=Moment.at(seen))
                return


def _over(event: Event) -> datetime:
    """When something was over: of a questioning its end, of anything else its own moment."""
    until = event.extra.get("until")
    return max(event.latest, until) if isinstance(until, datetime) else event.latest


def _calls_for_rousing(event: Recorded) -> bool:
    return once_of(event, ROUSE, lambda: bool((event.payloads.get("police") or {}).get(ROUSE)))


def _opens_custody(event: Recorded) -> bool:
    shape = event.header.get("stay") or {}
    return event.kind is EventKind.STAY_OPENED and shape.get("kind") == "custody"


def _of_opening(event: Recorded) -> dict[str, Any]:
    body = event.body
    return {name: body[name] for name in ("offence", "indictable") if name in body}


def _arrival(event: Recorded) -> Event:
    """A custody record that says nothing else begins with the arrival at the station."""
    return once_of(
        event, "arrival", lambda: _amounts_to(event, "arrived_station", place="police_station")
    )


def _amounts_to(event: Recorded, kind: str, **said: str | Mapping[str, str]) -> Event:
    return Event(
        id=str(event.seq),
        kind=kind,
        occurred_at=moment_of(event),
        recorded_at=event.recorded_at,
        by=event.actor.name,
        role=event.actor.role,
        **said,  # type: ignore[arg-type]
    )
