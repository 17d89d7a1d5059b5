"""How each verb runs: allowed first, then once, in one transaction, with the times looked at."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from triage.casework.service import Service
from triage.casework.stored import pack
from triage.domain.errors import InputError, RoleRefused
from triage.domain.london import text
from triage.domain.roles import Group, Verb, reads, require
from triage.record import Actor, Reading, Stay, Writing
from triage.record.events import AHEAD_AT_MOST, LATE_AFTER, as_json

Saved = TypeVar("Saved")
Ids = Mapping[str, Any]

TIMERS = Actor("timers", "Timers", "timers")  # the service itself, where nobody acts


@dataclass(frozen=True)
class AsSent:
    """What a key stands for, as it came: JSON that packing would leave as it is."""

    parts: Mapping[str, Any]


def allow(actor: Actor, verb: Verb) -> None:
    """Raise RoleRefused unless this role may do this."""
    require(actor.role, verb)


def allow_suite(actor: Actor, suite: str | None) -> None:
    """Raise RoleRefused for a suite that is not this person's; no list means every suite."""
    if actor.suites and suite is not None and suite not in actor.suites:
        raise RoleRefused(f"{actor.name} is not signed in for the suite {suite}.")


def stay_of(reading: Reading | Writing, stay: str) -> Stay:
    """The stay with this id; raises InputError when there is none."""
    return _there(reading.stay(stay))


def stay_for(reading: Reading | Writing, stay: str, actor: Actor) -> Stay:
    """The stay with this id, if it is in a suite of this person."""
    return known_for(reading.stay(stay), actor)


def known_for(found: Stay | None, actor: Actor) -> Stay:
    """What was found as a stay, if it is one, and in a suite of this person."""
    found = _there(found)
    allow_suite(actor, found.suite)
    return found


def _there(found: Stay | None) -> Stay:
    if found is None:
        raise InputError.at("stay", "There is no stay with this id.")
    return found


def own_words(actor: Actor) -> Group:
    """The group of what this person writes freely: police read no words of health staff."""
    return Group.CLINICAL if reads(actor.role, Group.CLINICAL) else Group.POLICE


def time_notices(occurred_at: datetime, now: datetime) -> tuple[str, ...]:
    """What is to be said about when something happened against when it was typed.

    Up to two minutes ahead is a terminal's clock and is kept as given; later raises InputError.
    """
    ahead = occurred_at - now
    if ahead > AHEAD_AT_MOST:
        raise InputError.at(
            "occurred_at",
            f"{text(occurred_at)} has not happened yet: it is {text(now)}. "
            "What is only planned is not recorded as done.",
        )
    if ahead > timedelta(0):
        return (f"The time given is {_span(ahead)} ahead of the server; kept as given.",)
    if -ahead > LATE_AFTER:
        return (f"Typed {_span(-ahead)} after it happened: marked late for ever.",)
    return ()


def once(
    service: Service,
    verb: Verb,
    body: Any,
    do: Callable[[Writing], Saved],
    again: Callable[[Writing, Ids], Saved],
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
) -> Saved:
    """Do it in one transaction; the same key with the same body is answered and not done again.

    ``again`` makes the result anew from the ids of the first time. Another body under the same
    key raises IdempotencyConflict.
    """
    if key is None:
        with service.record.writing(now=now) as writing:
            return do(writing)
    digest = _digest(verb, body)
    with service.record.writing(now=now) as writing:
        before = writing.remembered(key, actor.account, digest)
        if before is not None:
            return again(writing, before.ids)
        saved = do(writing)
        writing.remember_idempotency(key, actor.account, digest, 201, _ids(saved))
        return saved


def _digest(verb: Verb, body: Any) -> str:
    said = body.parts if isinstance(body, AsSent) else pack(body)
    return hashlib.sha256(as_json({"verb": verb, "body": said}).encode()).hexdigest()


def _ids(saved: Any) -> dict[str, Any]:
    """What a result is found again by: its numbers and ids, no personal data."""
    names = ("seq", "stay", "person", "other", "key", "corrects", "state")
    return {name: getattr(saved, name) for name in names if hasattr(saved, name)}


def _span(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
