"""On what power somebody is held, and where, remembered between two looks at the board.

A board is asked for every few seconds by every desk, and a power changes only by an event or by
its own lapse, a place only by an event. What is remembered can always be worked out again;
forgetting it costs time only.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from triage.casework.history import History
from triage.casework.looking import Look
from triage.casework.planning import detention_clocks
from triage.casework.service import Service
from triage.domain import timeline, whereabouts
from triage.domain.clocks import Power
from triage.domain.whereabouts import Where
from triage.record import Stay

_MOST = 5_000  # stays remembered: more than any force holds at once


@dataclass(frozen=True)
class Held:
    """On what power somebody is held, and where."""

    power: Power | None  # the one that lapses first where there are two
    where: Where


@dataclass(frozen=True)
class _Remembered:
    """What was worked out at a moment, from these events under these rules."""

    rests_on: tuple[object, ...]
    at: datetime
    held: Held


_remembered: dict[tuple[Path, str], _Remembered] = {}


def held(service: Service, look: Look, stay: Stay) -> Held:
    """The power recorded for holding the person, and where they are as far as that is known.

    Raises what stands against reading the record: that nobody can tell is not that there is none.
    """
    key = (service.record.path, stay.id)
    seqs = tuple(event.seq for event in look.reading.detention_events(stay.id))
    rests_on = (service.rulebook.fingerprint, stay, seqs)
    known = _remembered.get(key)
    if known is not None and known.rests_on == rests_on and _holds(known, look.now):
        return known.held
    found = _worked_out(service, History(stay, look.events(stay.id)), look.now)
    if len(_remembered) >= _MOST:
        _remembered.clear()
    _remembered[key] = _Remembered(rests_on, look.now, found)
    return found


def where_now(history: History, now: datetime) -> Where:
    """Where the person is, by what was recorded until now; raises where that cannot be read."""
    return whereabouts.where(timeline.as_known(history.detention(now)), history.stay.place)


def _holds(known: _Remembered, now: datetime) -> bool:
    power = known.held.power
    lapses = None if power is None else power.lapses_at
    return known.at <= now and (lapses is None or now < lapses)


def _worked_out(service: Service, history: History, now: datetime) -> Held:
    powers = detention_clocks(service, history, now=now).powers
    far = datetime.max.replace(tzinfo=now.tzinfo)
    first = min(powers, key=lambda power: (power.lapses_at or far, power.since), default=None)
    return Held(first, where_now(history, now))
