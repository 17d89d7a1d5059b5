"""Who is on duty now: the signed hours, the rota where a site keeps one, and who is with somebody.

The hours say which role covers a suite. The rota says who that is; a role that has a rota and
nobody on it now is a hole in the net. "With somebody until" sends a nurse's urgent alert to cover,
never an emergency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from triage.casework.acts import allow, allow_suite
from triage.casework.planning import ladder
from triage.casework.service import Service
from triage.domain.cover import Cover, on_duty, who
from triage.domain.errors import InputError
from triage.domain.roles import CLINICAL_ROLES, Role, Verb
from triage.record import Actor, Alert, Reading, Writing
from triage.record.operations import Cover as Away
from triage.record.operations import Duty

_KEPT_FOR = timedelta(days=7)  # a rota that ran out last night is empty, not unused
_HELD_WHEN_OFF_DUTY = ("A3",)  # never held for those on duty, never anything more urgent


def set_duty(service: Service, duty: Duty, *, actor: Actor, now: datetime) -> None:
    """Put somebody on the rota of a suite, or change the entry with the same id."""
    allow(actor, Verb.SET_ROTA)
    allow_suite(actor, duty.suite)
    if duty.role not in set(Role):
        raise InputError.at("role", "Is not a role.", Role)
    if duty.ends_at <= duty.starts_at:
        raise InputError.at("ends_at", "A duty ends after it begins.")
    with service.record.writing(now=now) as writing:
        writing.put_duty(duty)


def drop_duty(service: Service, duty: str, *, actor: Actor, now: datetime) -> None:
    """Take an entry off the rota."""
    allow(actor, Verb.SET_ROTA)
    with service.record.writing(now=now) as writing:
        writing.drop_duty(duty)


def with_somebody(
    service: Service, until: datetime, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Say that a clinician is with a person until a time; urgent alerts go to cover until then."""
    allow(actor, Verb.ACKNOWLEDGE_CLINICAL)
    if until <= now:
        raise InputError.at("until", "Until when? That time has passed.")
    with service.record.writing(now=now) as writing:
        writing.put_cover(Away(actor.account, None, reason, until))


def free_again(service: Service, *, actor: Actor, now: datetime) -> None:
    """Say that a clinician is free again."""
    allow(actor, Verb.ACKNOWLEDGE_CLINICAL)
    with service.record.writing(now=now) as writing:
        writing.drop_cover(actor.account)


def who_now(
    service: Service,
    reading: Reading | Writing,
    alert: Alert,
    roles: Sequence[str],
    now: datetime,
) -> Cover:
    """Who is called for an alert now: each of these roles, or whoever steps in for it.

    What needs attention this shift waits on the list of whoever is off duty: nobody else is called.
    """
    if alert.level in _HELD_WHEN_OFF_DUTY:
        return Cover(tuple(roles), {}, ())
    suites: Mapping[str, Any] = service.rulebook.practice.get("suites", {})
    covering = [role for role in roles if on_duty(suites, alert.suite, role, now)]
    empty = _empty(reading, alert.suite, covering, now)
    busy = _busy(reading, alert.suite, covering, now) if _may_hold(service, alert) else ()
    found = who(suites, alert.suite, roles, now, away={*empty, *busy})
    return replace(found, nobody=tuple(dict.fromkeys([*found.nobody, *empty])))


def slot_is_empty(
    service: Service, reading: Reading | Writing, suite: str | None, role: str, now: datetime
) -> bool:
    """Whether a role that should be there now is not, on its rota or in anybody's stead."""
    suites: Mapping[str, Any] = service.rulebook.practice.get("suites", {})
    covering = [role] if on_duty(suites, suite, role, now) else []
    empty = _empty(reading, suite, covering, now)
    return bool(empty or who(suites, suite, [role], now, away=empty).nobody)


def _may_hold(service: Service, alert: Alert) -> bool:
    level = alert.level.replace("SYS", "A")
    return bool(ladder(service).get("levels", {}).get(level, {}).get("clinical_hold", False))


def _empty(
    reading: Reading | Writing, suite: str | None, roles: Sequence[str], now: datetime
) -> tuple[str, ...]:
    """Roles that a site keeps on a rota, with nobody on it now."""
    kept = {duty.role for duty in reading.rota_from(now - _KEPT_FOR) if duty.suite == suite}
    if kept.isdisjoint(roles):
        return ()
    there = {duty.role for duty in reading.rota(now, suite)} if suite is not None else set()
    return tuple(role for role in roles if role in kept - there)


def _busy(
    reading: Reading | Writing, suite: str | None, roles: Sequence[str], now: datetime
) -> tuple[str, ...]:
    """Clinical roles of which everybody on the rota is with somebody now."""
    found = []
    there = reading.rota(now, suite)
    for role in roles if there else ():
        accounts = [duty.account for duty in there if duty.role == role and duty.account]
        away = [account for account in accounts if reading.cover(account, now) is not None]
        if role in CLINICAL_ROLES and accounts and len(away) == len(accounts):
            found.append(role)
    return tuple(found)
