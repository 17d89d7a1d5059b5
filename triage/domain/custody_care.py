"""Visits and rousing in a police station: Code C 9.3 and Annex H, from memory.

Late is "overdue", never "breach". A visit by custody staff is not a health check under the 2017
regulations, and a health check is not a visit. A rousing is a visit. Everyone in a cell is visited,
on whatever power or on none.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from triage.domain import london
from triage.domain.dated import Law
from triage.domain.timeline import Event, Timeline
from triage.domain.watches import (
    Finding,
    Watch,
    clock_of,
    missed_and_last,
    rounds,
    typed,
)
from triage.domain.whereabouts import STATION, Stay

INTOXICATED = ("intoxicated", "intoxication")  # a reason on any event: the first such fact
_DIRECTS = ("custody_hcp", "doctor")


def watches(law: Law, timeline: Timeline, found: Sequence[Stay], of: str) -> Iterator[Watch]:
    """Visits and rousing for each stay at a police station."""
    for stay in found:
        if stay.place == STATION and law.holds("CC-VISIT", london.day_of(stay.since)):
            yield from _visits(law, timeline, stay, of)
            yield from _rousing(law, timeline, stay, of)


def findings(timeline: Timeline) -> Iterator[Finding]:
    """A person who was not roused: an emergency at once, whatever clocks say (Annex H)."""
    for event in timeline.of("rouse"):
        if event.extra.get("passed") is False:
            yield Finding("not_roused", event, "CC-4R", event.earliest, unlawful=False)


def _visits(law: Law, timeline: Timeline, stay: Stay, of: str) -> Iterator[Watch]:
    row = law.row("CC-VISIT")
    done = _within(timeline, stay, "visit", "rouse")
    length = row.length()
    found = rounds(stay.came, stay.since, done, stay.until, lambda last: last + length)
    for run in missed_and_last(found, timeline.at):
        clock = clock_of("visit", of, row, run, timeline.at, repeating=True)
        yield Watch(clock, "visit", repeating=True, known_at=typed(run.start))


def _rousing(law: Law, timeline: Timeline, stay: Stay, of: str) -> Iterator[Watch]:
    row = law.row("CC-ROUSE")
    for first, ended in _regimes(timeline):
        since = max(stay.since, first.earliest)
        until = min((end for end in (stay.until, ended) if end is not None), default=None)
        if until is not None and until <= since:
            continue
        done = [event for event in _within(timeline, stay, "rouse") if event.latest >= since]
        done = [event for event in done if event is not first and _before(event, until)]
        found = rounds(
            first, since, done, until, lambda last: _rouse_by(timeline, last, row.length())
        )
        for run in missed_and_last(found, timeline.at):
            clock = clock_of("rouse", of, row, run, timeline.at, repeating=True)
            yield Watch(clock, "rouse", repeating=True, known_at=typed(run.start))


def _regimes(timeline: Timeline) -> list[tuple[Event, datetime | None]]:
    """Each stretch of rousing: from the first fact that calls for it to the order that ends it."""
    regimes: list[tuple[Event, datetime | None]] = []
    first: Event | None = None
    for event in timeline.events:
        if event.kind == "rousing_ended":
            if first is not None:
                regimes.append((first, event.latest))
            first = None
        elif first is None and _calls_for_rousing(event):
            first = event
    return [*regimes, (first, None)] if first is not None else regimes


def _calls_for_rousing(event: Event) -> bool:
    return event.kind in ("rousing_ordered", "rouse") or event.reason in INTOXICATED


def _rouse_by(timeline: Timeline, last: datetime, floor: timedelta) -> datetime:
    """When to rouse next: by the order that stood then, or sooner by one given since."""
    orders = timeline.of("rousing_ordered")
    standing = [order for order in orders if order.earliest <= last][-1:]
    due = last + (_interval(standing[0], floor) if standing else floor)
    for order in orders:
        if last < order.earliest < due:
            due = min(due, order.earliest + _interval(order, floor))
    return due


def _interval(order: Event, floor: timedelta) -> timedelta:
    """The interval ordered. Only a health professional may order more than half an hour."""
    minutes = order.extra.get("minutes")
    if not isinstance(minutes, int) or minutes < 1:
        return floor
    asked = timedelta(minutes=minutes)
    return asked if order.role in _DIRECTS else min(asked, floor)


def _within(timeline: Timeline, stay: Stay, *kinds: str) -> list[Event]:
    return [event for event in timeline.of(*kinds) if stay.since <= event.latest
            and _before(event, stay.until)]  # fmt: skip


def _before(event: Event, until: datetime | None) -> bool:
    return until is None or event.earliest <= until
