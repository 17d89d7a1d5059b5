"""One person's shift: what they hold, whether they are with somebody, and whether they cover."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.casework.acts import allow
from triage.casework.lines import AlertLine
from triage.casework.looking import Look, order
from triage.casework.service import Service, suites_of
from triage.domain.cover import on_duty
from triage.domain.roles import Verb
from triage.record import Actor


@dataclass(frozen=True)
class SuiteHours:
    """One suite, and whether a role covers it now by its signed hours."""

    suite: str
    name: str
    covered: bool
    hours: tuple[str, ...]  # as the site wrote them: "08:00 to 22:00"


@dataclass(frozen=True)
class Shift:
    """What one person has in hand."""

    at: datetime
    with_somebody_until: datetime | None
    reason: str | None
    holding: tuple[AlertLine, ...]
    suites: tuple[SuiteHours, ...]


def my_shift(service: Service, *, actor: Actor, now: datetime) -> Shift:
    """What this person has taken and is still open, and what their role covers now."""
    allow(actor, Verb.VIEW_BOARD)
    with service.record.reading() as reading:
        look = Look(service, reading, now)
        lines = look.lines(reading.open_alerts(actor.suites or None))
        mine = [e for e in lines if any(h.account == actor.account for h in e.holders)]
        busy = reading.cover(actor.account, now)
        return Shift(
            now,
            None if busy is None else busy.until,
            None if busy is None else busy.reason,
            tuple(sorted(mine, key=order)),
            _suites(service, actor, now),
        )


def _suites(service: Service, actor: Actor, now: datetime) -> tuple[SuiteHours, ...]:
    practice: Mapping[str, Any] = service.rulebook.practice.get("suites", {})
    rows = {each["id"]: each for each in practice.get("suite", ())}
    return tuple(
        SuiteHours(id, name, on_duty(practice, id, actor.role, now), _hours(rows[id], actor.role))
        for id, name in suites_of(service)
        if not actor.suites or id in actor.suites
    )


def _hours(suite: Mapping[str, Any], role: str) -> tuple[str, ...]:
    rows = [each for each in suite.get("cover", ()) if each["role"] == role]
    return tuple(dict.fromkeys(f"{each['from']} to {each['to']}" for each in rows))
