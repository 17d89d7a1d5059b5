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
from triage.domain.london import iso
from triage.domain.roles import CLINICAL_ROLES, Role, Verb
from triage.record import Actor, Alert, EventKind, NewEvent, Reading, Writing
from triage.record.operations import Cover as Away
from triage.record.operations import Duty

ON_ROTA, OFF_ROTA = "on_rota", "off_rota"
WITH_SOMEBODY, FREE_AGAIN = "with_somebody", "free_again"
_KEPT_FOR = timedelta(days=7)  # a rota that ran out last night is empty, not unused
_HELD_WHEN_OFF_DUTY = ("A3", "A4")  # never for those on duty, never anything more urgent


def set_duty(service: Service, duty: Duty, *, actor: Actor, now: datetime) -> None:
    """Put somebody on the rota of a suite, or change the entry with the same id.

    Who was to come is the first thing that is asked when nobody came, so it is on the chain.
    """
    allow(actor, Verb.SET_ROTA)
    allow_suite(actor, duty.suite)
    if duty.role not in set(Role):
        raise InputError.at("role", "Is not a role.", Role)
    if duty.ends_at <= duty.starts_at:
        raise InputError.at("ends_at", "A duty ends after it begins.")
    with service.record.writing(now=now) as writing:
        writing.put_duty(duty)
        _note(writing, ON_ROTA, actor, _told(duty))


def drop_duty(service: Service, duty: str, *, actor: Actor, now: datetime) -> None:
    """Take an entry off the rota."""
    allow(actor, Verb.SET_ROTA)
    with service.record.writing(now=now) as writing:
        found = writing.duty(duty)
        if found is None:
            raise InputError.at("duty", "This entry is not on the rota any more.")
        allow_suite(actor, found.suite)
        writing.drop_duty(duty)
        _note(writing, OFF_ROTA, actor, _told(found))


def with_somebody(
    service: Service, until: datetime, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Say that a clinician is with a person until a time; urgent alerts go to cover until then."""
    allow(actor, Verb.ACKNOWLEDGE_CLINICAL)
    if until <= now:
        raise InputError.at("until", "Until when? That time has passed.")
    with service.record.writing(now=now) as writing:
        writing.put_cover(Away(actor.account, None, reason, until))
        _note(writing, WITH_SOMEBODY, actor, {"until": iso(until)})


def free_again(service: Service, *, actor: Actor, now: datetime) -> None:
    """Say that a clinician is free again."""
    allow(actor, Verb.ACKNOWLEDGE_CLINICAL)
    with service.record.writing(now=now) as writing:
        writing.drop_cover(actor.account)
        _note(writing, FREE_AGAIN, actor, {})


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


def empty_slots(
    service: Service, reading: Reading | Writing, now: datetime
) -> tuple[tuple[str, str], ...]:
    """The suites and roles that a site keeps on a rota, and for which nobody can come now."""
    kept = {(duty.suite, duty.role) for duty in reading.rota_from(now - _KEPT_FOR)}
    return tuple(
        (suite, role)
        for suite, role in sorted(kept)
        if role in set(Role) and slot_is_empty(service, reading, suite, role, now)
    )


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
    """Clinical roles of which everybody who is there is with somebody now.

    Who is there says the rota; where none is kept for the role, whoever is signed in.
    """
    away = reading.away(now)
    if not away:
        return ()
    on_rota = reading.rota(now, suite)
    found = []
    for role in roles:
        named = {duty.account for duty in on_rota if duty.role == role and duty.account}
        there = named or reading.signed_in(role, suite, now)
        if role in CLINICAL_ROLES and there and there <= away:
            found.append(role)
    return tuple(found)


def _told(duty: Duty) -> dict[str, Any]:
    return {
        "suite": duty.suite, "role": duty.role, "account": duty.account,
        "from": iso(duty.starts_at), "to": iso(duty.ends_at),
    }  # fmt: skip


def _note(writing: Writing, about: str, actor: Actor, said: Mapping[str, Any]) -> None:
    header = {"about": about, **said}
    writing.append(NewEvent(EventKind.NOTE, actor, writing.now, header=header))
