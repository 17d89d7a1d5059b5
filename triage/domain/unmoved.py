"""What the clocks of a detention said, seen from a later moment in which nothing has moved.

Most acts on a stay change nothing that a clock reads, and between two of its times a clock only
counts on. Whatever this module is not sure of is worked out anew; what it answers is what working
it out anew would give.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from triage.domain.clocks import Clock, Clocks
from triage.domain.dated import Law
from triage.domain.detention import FIRST_EVENT_MINUTES, clocks
from triage.domain.findings import like
from triage.domain.london import day_of
from triage.domain.pauses import BROKEN_BAIL
from triage.domain.timeline import Detention, Event

# Custody without anything that stands still or is measured up to now: nobody is in hospital, on
# bail or detained under the Mental Health Act, nobody has left, and no time was put right.
_SIMPLE = frozenset(
    {
        "arrested", "arrived_station", "detention_authorised", "pace_review_done", "charged",
        "visit", "rousing_ordered", "rouse", "rousing_ended",
    }
)  # fmt: skip
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """What the clocks said of a detention, and what they had read for it."""

    law: Law
    ladder: Mapping[str, Any]
    detention: Detention
    clocks: Clocks
    until: datetime  # the next moment at which a clock, a power or an alert becomes another


def clocks_since(
    before: Said | None, law: Law, ladder: Mapping[str, Any], detention: Detention
) -> Said:
    """What the clocks say now: as before where nothing has moved since, else worked out anew.

    Raises InputError as ``detention.clocks`` does.
    """
    if before is not None and _nothing_moved(before, law, ladder, detention):
        counted_on = _counted_on(before.clocks, detention.at)
        return Said(law, ladder, detention, counted_on, before.until)
    said = clocks(law, ladder, detention)
    return Said(law, ladder, detention, said, _next_turn(said, ladder, detention))


def _nothing_moved(before: Said, law: Law, ladder: Mapping[str, Any], detention: Detention) -> bool:
    then, now = before.detention.at, detention.at
    return (
        before.law is law
        and before.ladder is ladder
        and then <= now < before.until
        and like(before.detention, at=now) == detention
        and all(_is_simple(event, then) for event in detention.events)
        and detention.as_known_at is None
        and (detention.person.date_of_birth is None or day_of(then) == day_of(now))
    )


def _is_simple(event: Event, then: datetime) -> bool:
    """Whether an event is over and says the same at any later moment."""
    return (
        event.kind in _SIMPLE
        and event.corrects is None
        and event.latest <= then
        and event.extra.get("basis") != BROKEN_BAIL
    )


def _next_turn(said: Clocks, ladder: Mapping[str, Any], detention: Detention) -> datetime:
    """A moment that is just now counts as well: what happens in it may not have been counted."""
    ahead = [moment for moment in _turns(said, ladder, detention) if moment >= said.at]
    return min(ahead, default=_NEVER)


def _turns(said: Clocks, ladder: Mapping[str, Any], detention: Detention) -> Iterator[datetime]:
    yield from (one.due_at for one in said.clocks if one.due_at is not None)
    yield from (one.lapses_at for one in said.powers if one.lapses_at is not None)
    yield from (one.due_at for one in said.alerts)
    if detention.held_since is not None:
        minutes = ladder.get("first_event_minutes", FIRST_EVENT_MINUTES)
        yield detention.held_since + timedelta(minutes=minutes)


def _counted_on(said: Clocks, at: datetime) -> Clocks:
    return like(said, at=at, clocks=tuple([_clock(one, at) for one in said.clocks]))


def _clock(one: Clock, at: datetime) -> Clock:
    """A running clock has less left, a late one is further over; one that ended says the same."""
    if one.due_at is None or one.ended_at is not None:
        return one
    if one.left_seconds is not None:
        return like(one, left_seconds=int((one.due_at - at).total_seconds()))
    if one.over_seconds is not None:
        return like(one, over_seconds=int((at - one.due_at).total_seconds()))
    return one
