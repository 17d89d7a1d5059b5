"""Counted time under PACE: hospital and bail stop it, questioning about an offence does not.

After an arrest for not answering bail, or for breaking it, the first three hours at the station do
not count either (s47(6A)), unless an exception applies; while nobody has said that none does, they
count. They also count where the person was first arrested before 28 October 2022: the Act that
gave the three hours spares nobody older (Police, Crime, Sentencing and Courts Act 2022 s45(3)(b)).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from triage.domain import london
from triage.domain.dated import Law
from triage.domain.timeline import Event, Timeline
from triage.domain.watches import Moved

Pause = tuple[datetime, datetime | None]  # from, until; None while it lasts


@dataclass(frozen=True)
class Count:
    """When a length of counted time is over, as far as is known at one moment."""

    due: datetime
    paused: bool
    moved: tuple[Moved, ...]


BROKEN_BAIL = "section_46a"  # arrested for failing to answer bail, or for breaking it


def pauses_of(law: Law, timeline: Timeline) -> tuple[Pause, ...]:
    """The stretches that do not count, oldest first, none overlapping.

    What is known roughly is read as the shorter pause: the earlier alarm.
    """
    hospital = _stretches(timeline, "left_for_hospital", "back_from_hospital")
    bail = list(_on_bail(timeline))
    questioned = [
        (event.earliest, _until(event.extra.get("until"), timeline.at))
        for event in timeline.of("questioned")
    ]
    first_hours = _first_hours(law, timeline)
    return _joined([*_without(hospital, questioned), *bail, *first_hours])


def bails(events: Iterable[Event]) -> list[tuple[Event, Event | None]]:
    """Each stretch on bail: the bail, and what ended it (answered, or an arrest), if anything."""
    found: list[tuple[Event, Event | None]] = []
    for event in events:
        on_bail = bool(found) and found[-1][1] is None
        if event.kind == "bailed" and not on_bail:
            found.append((event, None))
        elif event.kind in ("answered_bail", "arrested") and on_bail:
            found[-1] = (found[-1][0], event)
    return found


def uncounted_unsaid(timeline: Timeline) -> tuple[Event, ...]:
    """Arrests under section 46A of which nobody has said whether an exception applies."""
    broken = (event for event in timeline.of("arrested") if _is_46a(event))
    return tuple(event for event in broken if "exception" not in event.extra)


def _is_46a(event: Event) -> bool:
    return event.extra.get("basis") == BROKEN_BAIL


def _on_bail(timeline: Timeline) -> Iterator[Pause]:
    """Each stretch on bail: until it was answered, or until the station after an arrest.

    While no arrival is recorded the arrest ends it, which is the earlier alarm.
    """
    for bail, back in bails(timeline.events):
        arrived = _arrival_after(timeline, back) if back and back.kind == "arrested" else None
        ended = arrived or back
        yield bail.latest, None if ended is None else max(bail.latest, ended.earliest)


def _arrival_after(timeline: Timeline, arrest: Event) -> Event | None:
    """The arrival that an arrest led to; a later bail or arrest belongs to another one."""
    for event in timeline.of("arrived_station", "bailed", "arrested", "ended"):
        if event.earliest >= arrest.earliest and event is not arrest:
            return event if event.kind == "arrived_station" else None
    return None


def _first_hours(law: Law, timeline: Timeline) -> Iterator[Pause]:
    length = law.row("PACE-46A").length()
    for event in timeline.of("arrested"):
        if _is_46a(event) and event.extra.get("exception") is False:
            arrived = _arrival_after(timeline, event)
            if arrived is not None and law.holds("PACE-46A", _first_held(timeline, event)):
                yield arrived.latest, max(arrived.latest, arrived.earliest + length)


def _first_held(timeline: Timeline, arrest: Event) -> date:
    """The day of the first arrest for the offence on bail, as far back as the record goes."""
    before = timeline.of("arrested", "arrived_station", "detention_authorised", "bailed")
    return london.day_of(min(each.earliest for each in (*before, arrest)))


def counted(since: datetime, length: timedelta, pauses: Sequence[Pause], at: datetime) -> Count:
    """When a length of counted time is over; while paused, as if the pause ended at ``at``."""
    due, paused, moved = since + length, False, []
    for begins, ends in pauses:
        if begins >= due or (ends is not None and ends <= since):
            continue
        resumed = max(ends if ends is not None else at, since)
        begins = max(begins, since)
        if resumed > begins:
            moved.append(Moved(due, begins, resumed))
            due += resumed - begins
        paused = paused or (ends is None and begins <= at)
    return Count(due, paused, tuple(moved))


def _stretches(timeline: Timeline, leaves: str, returns: str) -> list[Pause]:
    found: list[Pause] = []
    out: datetime | None = None
    for event in timeline.of(leaves, returns):
        if event.kind == leaves:
            out = out or event.latest
        elif out is not None:
            found.append((out, max(out, event.earliest)))
            out = None
    return [*found, (out, None)] if out is not None else found


def _until(said: object, at: datetime) -> datetime:
    """Until when the questioning lasted; it counts up to now while nobody has said."""
    return min(said, at) if isinstance(said, datetime) else at


def _without(pauses: Sequence[Pause], cut: Sequence[tuple[datetime, datetime]]) -> list[Pause]:
    """The pauses with the stretches of questioning cut out of them."""
    left = list(pauses)
    for begins, ends in cut:
        left = [part for pause in left for part in _cut(pause, begins, ends)]
    return left


def _cut(pause: Pause, begins: datetime, ends: datetime) -> list[Pause]:
    since, until = pause
    if ends <= since or (until is not None and begins >= until):
        return [pause]
    parts: list[Pause] = [(since, begins)] if since < begins else []
    if until is None or ends < until:
        parts.append((ends, until))
    return parts


def _joined(pauses: Sequence[Pause]) -> tuple[Pause, ...]:
    joined: list[Pause] = []
    for begins, ends in sorted(pauses, key=lambda pause: pause[0]):
        last = joined[-1] if joined else None
        if last is not None and (last[1] is None or begins <= last[1]):
            longer = None if last[1] is None or ends is None else max(last[1], ends)
            joined[-1] = (last[0], longer)
        else:
            joined.append((begins, ends))
    return tuple(joined)
