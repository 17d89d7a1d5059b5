"""The power recorded for holding somebody, remembered between two looks at the board.

A board is asked for every few seconds by every desk, and a power changes only by an event or by
its own lapse. What is remembered can always be worked out again; forgetting it costs time only.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from triage.casework.history import History
from triage.casework.looking import Look
from triage.casework.planning import detention_clocks
from triage.casework.service import Service
from triage.domain.clocks import Power
from triage.record import Stay

_MOST = 5_000  # stays remembered: more than any force holds at once


@dataclass(frozen=True)
class _Known:
    """A power as worked out at a moment, from these events under these rules."""

    rests_on: tuple[object, ...]
    at: datetime
    power: Power | None


_known: dict[tuple[Path, str], _Known] = {}


def power_of(service: Service, look: Look, stay: Stay) -> Power | None:
    """The power recorded for holding the person; the one that lapses first where there are two."""
    key = (service.record.path, stay.id)
    seqs = tuple(event.seq for event in look.reading.detention_events(stay.id))
    rests_on = (service.rulebook.fingerprint, stay, seqs)
    known = _known.get(key)
    if known is not None and known.rests_on == rests_on and _holds(known, look.now):
        return known.power
    power = _worked_out(service, History(stay, look.events(stay.id)), look.now)
    if len(_known) >= _MOST:
        _known.clear()
    _known[key] = _Known(rests_on, look.now, power)
    return power


def _holds(known: _Known, now: datetime) -> bool:
    lapses = None if known.power is None else known.power.lapses_at
    return known.at <= now and (lapses is None or now < lapses)


def _worked_out(service: Service, history: History, now: datetime) -> Power | None:
    try:
        powers = detention_clocks(service, history, now=now).powers
    except Exception:
        return None  # an emergency says that this record cannot be evaluated
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return min(powers, key=lambda power: (power.lapses_at or far, power.since), default=None)
