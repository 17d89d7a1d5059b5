"""Counted time under PACE: hospital and bail stop it, questioning about the offence does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.domain.timeline import Timeline
from triage.domain.watches import Moved

Pause = tuple[datetime, datetime | None]  # from, until; None while it lasts


@dataclass(frozen=True)
class Count:
    """When a length of counted time is over, as far as is known at one moment."""

    due: datetime
    paused: bool
    moved: tuple[Moved, ...]


def pauses_of(timeline: Timeline) -> tuple[Pause, ...]:
    """The stretches that do not count, oldest first, none overlapping.

    What is known roughly is read as the shorter pause: the earlier alarm.
    """
    hospital = _stretches(timeline, "left_for_hospital", "back_from_hospital")
    bail = _stretches(timeline, "bailed", "answered_bail")
    questioned = [
        (event.earliest, _until(event.extra.get("until"), timeline.at))
        for event in timeline.of("questioned")
    ]
    return _joined([*_without(hospital, questioned), *bail])


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
