"""How tests tell a detention: times as people write them, in London."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from tests.law_on_disk import LADDER, LAW
from triage.domain import london
from triage.domain.answers import Person
from triage.domain.clocks import Clock, Clocks, PlannedAlert
from triage.domain.dated import Law
from triage.domain.detention import clocks
from triage.domain.timeline import Detention, Event, Moment

ADULT = Person(age=34, age_source="stated")
CHILD = Person(age=16, age_source="document")
_COMMON = {"place", "role", "rank", "by", "reason", "corrects", "words"}


def wall(text: str, fold: str | None = None) -> datetime:
    """The UTC moment of a London time such as ``2026-10-24 23:10``."""
    return london.from_wall(datetime.fromisoformat(text), fold)


def event(kind: str, when: str | datetime, *, id: str = "", **told: Any) -> Event:
    """An event; what its kind names goes in beside place, role and the like."""
    moment = wall(when) if isinstance(when, str) else when
    typed = told.pop("typed", None)
    common = {name: told.pop(name) for name in list(told) if name in _COMMON}
    return Event(
        id=id or kind,
        kind=kind,
        occurred_at=Moment.at(moment),
        recorded_at=wall(typed) if isinstance(typed, str) else typed,
        extra=MappingProxyType(told),
        **common,
    )


def told(
    *events: Event, at: str | datetime, person: Person = ADULT, law: Law = LAW, **rest: Any
) -> Clocks:
    """What the clocks say about these events at this moment."""
    moment = wall(at) if isinstance(at, str) else at
    detention = Detention(moment, rest.pop("nation", "england"), person, tuple(events), **rest)
    return clocks(law, LADDER, detention)


def the(said: Clocks, name: str) -> Clock:
    """The one clock of this name."""
    (found,) = [clock for clock in said.clocks if clock.clock == name]
    return found


def raised(said: Clocks) -> dict[str, PlannedAlert]:
    """The raised alerts by key."""
    return {alert.key: alert for alert in said.alerts if alert.state == "raised"}


def planned(said: Clocks) -> dict[str, PlannedAlert]:
    """The planned alerts by key."""
    return {alert.key: alert for alert in said.alerts if alert.state == "planned"}


def rows_changed(law: Law, **values: Any) -> Law:
    """The same law with other values: a planted fault. Ids with _ for -."""
    rows = dict(law.rows)
    for name, value in values.items():
        row_id = name.replace("_", "-")
        rows[row_id] = replace(rows[row_id], value=value)
    return Law(rows)


def listed(said: Clocks) -> list[tuple[str | None, str]]:
    """What was unlawful, as (event, law row)."""
    return [(one.event, one.law_row) for one in said.unlawful]


def numbered(events: Iterable[Event]) -> tuple[Event, ...]:
    """The same events with ids of their own."""
    return tuple(replace(one, id=f"e{number}") for number, one in enumerate(events))
