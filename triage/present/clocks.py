"""The clocks of one detention as the JSON of the contract.

Beyond the contract's first shape the output has ``no_power_since`` (since when no power is
recorded; null while one is), ``wait`` on each delay (``detention`` or ``arrested``: never one sum),
and on an unlawful event ``over_seconds`` (by how much it came too late) and ``corrected`` (a
corrected time decides it), where they apply. The input may say of ``arrested`` its ``basis``
(``offence``, ``section_46a``, ``other_force``, ``moved_between_forces``) and ``exception`` (to the
three hours of s47(6A)); of ``arrived_station`` the ``area`` (``ours``, ``other``); of
``pace_review_done`` its ``mode`` (``in_person``, ``phone``, ``video``) and ``phone_reason``; of
``pace_extended`` the ``hours`` that it adds to the 24; of a
journey ``transport``, ``ambulance_requested`` and ``vehicle_reason``; of a police station
``station_reason`` and, where it is proposed or authorised, the three tests ``risk``,
``no_other_place`` and ``hcp_available``.
"""

from datetime import datetime
from typing import Any

from triage.domain import london
from triage.domain.clocks import Clock, Clocks, PlannedAlert, Power, Unlawful
from triage.present.clock_words import in_words

__all__ = ["SCHEMA", "as_json", "in_words"]

SCHEMA = "triage.clocks/1"


def as_json(clocks: Clocks) -> dict[str, Any]:
    """``clocks out`` exactly as the contract has it; times end in Z, with London beside."""
    return {
        "schema": SCHEMA,
        "at": london.iso(clocks.at),
        "powers": [_power_json(power) for power in clocks.powers],
        "clocks": [_clock_json(clock) for clock in clocks.clocks],
        "alerts": [_alert_json(alert) for alert in clocks.alerts],
        "unlawful": [_unlawful_json(one) for one in clocks.unlawful],
        "delays": [
            {
                "partner": one.partner,
                "reason": one.reason,
                "minutes": one.minutes,
                "wait": one.wait,
            }
            for one in clocks.delays
        ],
        "warnings": list(clocks.warnings),
        "no_power_since": _iso(clocks.no_power_since),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else london.iso(moment)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else london.text(moment)


def _power_json(power: Power) -> dict[str, Any]:
    return {
        "power": power.power,
        "since": london.iso(power.since),
        "set_by": power.set_by,
        "lapses_at": _iso(power.lapses_at),
    }


def _clock_json(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.clock,
        "of": clock.of,
        "kind": clock.kind,
        "law_row": clock.law_row,
        "confidence": clock.confidence,
        "start_event": clock.start_event,
        "started_at": _iso(clock.started_at),
        "due_at": _iso(clock.due_at),
        "due_london": _text(clock.due_at),
        "state": clock.state.value,
        "ended_at": _iso(clock.ended_at),
        "over_seconds": clock.over_seconds,
        "left_seconds": clock.left_seconds,
        "provisional": clock.provisional,
        "contested": clock.contested,
        **({"reason": clock.reason} if clock.reason else {}),
    }


def _alert_json(alert: PlannedAlert) -> dict[str, Any]:
    return {
        "key": alert.key,
        "clock": alert.clock,
        "event": alert.event,
        "level": alert.level,
        "due_at": london.iso(alert.due_at),
        "to": list(alert.to),
        "state": alert.state.value,
        "late_seconds": alert.late_seconds,
        "words": alert.words,
    }


def _unlawful_json(one: Unlawful) -> dict[str, Any]:
    return {
        "event": one.event,
        "words": one.words,
        "law_row": one.law_row,
        "from": london.iso(one.began),
        "to": _iso(one.ended),
        **({} if one.over_seconds is None else {"over_seconds": one.over_seconds}),
        **({"corrected": True} if one.corrected else {}),
    }
