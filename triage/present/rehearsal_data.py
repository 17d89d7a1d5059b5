"""A rehearsal as data, with the same small numbers left out and the same rounding as in words."""

from typing import Any

from triage.domain.rehearsal import Counted, Crossing, NeedChange, Rehearsal
from triage.domain.small_numbers import ROUNDED_TO, Shown
from triage.present.rehearsal import FEW


def as_json(rehearsal: Rehearsal) -> dict[str, Any]:
    """A rehearsal as plain data, rounded: one to four are "fewer than 5", null is not shown."""
    return {
        "schema": "triage.rehearsal/1",
        "old": rehearsal.old,
        "new": rehearsal.new,
        "rounded_to": ROUNDED_TO,
        "screenings": _datum(rehearsal.screenings),
        "first": None if rehearsal.first is None else rehearsal.first.isoformat(),
        "last": None if rehearsal.last is None else rehearsal.last.isoformat(),
        "checked": _datum(rehearsal.checked),
        "earlier": _datum(rehearsal.earlier),
        "unreadable": rehearsal.unreadable,
        "groups": {
            dimension: {group: _datum(count) for group, count in groups.items()}
            for dimension, groups in rehearsal.groups.items()
        },
        "needs": [_need_data(need) for need in rehearsal.needs],
        "not_excluded": [_crossing_data("need", each) for each in rehearsal.not_excluded],
        "rules": [_crossing_data("rule", each) for each in rehearsal.rules],
    }


def _need_data(need: NeedChange) -> dict[str, Any]:
    groups = {
        dimension: {group: _counted_data(each) for group, each in groups.items()}
        for dimension, groups in need.groups.items()
    }
    lost = _datum(need.emergencies_lost)
    counted = _counted_data(need.everybody)
    return {"need": need.need, **counted, "emergencies_lost": lost, "groups": groups}


def _counted_data(counted: Counted) -> dict[str, Any]:
    ways = {way.value: _datum(count) for way, count in counted.ways.items()}
    return {"before": _datum(counted.before), **ways}


def _crossing_data(key: str, crossing: Crossing) -> dict[str, Any]:
    return {key: crossing.id, "gains": _datum(crossing.gains), "loses": _datum(crossing.loses)}


def _datum(shown: Shown) -> int | str | None:
    return FEW if shown.few else shown.count
