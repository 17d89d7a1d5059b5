"""Acts on several alerts of one person at once: taken together, done together, ended together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triage.casework.acts import Ids, allow, once, stay_for
from triage.casework.alert_acts import (
    AckKind,
    acted,
    ended,
    open_alert,
    plan_call,
    record_act,
    taken,
)
from triage.casework.codes import code_of
from triage.casework.enders import check_ends
from triage.casework.lines import Holder
from triage.casework.looking import Look, for_role
from triage.casework.outcomes import ending
from triage.casework.service import Service
from triage.domain.errors import InputError, NotAllowed
from triage.domain.london import short
from triage.domain.roles import CLINICAL_ROLES, Verb
from triage.record import Actor, Alert, NewEvent, Recorded, Writing


@dataclass(frozen=True)
class AlertsSaved:
    """One act on several alerts of one person, on the record."""

    seq: int  # of the last of them
    stay: str
    keys: tuple[str, ...]
    notices: tuple[str, ...] = ()
    repeated: bool = False


def take_person(
    service: Service, stay: str, *, actor: Actor, now: datetime, key: str | None = None
) -> AlertsSaved:
    """Take everything about one person that waits for this role, in one act.

    What somebody else of the same kind has already stays theirs, and whoever takes the rest is
    told so: nobody believes that they have all of it while another is on the way.
    """
    kind = AckKind.CLINICAL if actor.role in CLINICAL_ROLES else AckKind.POLICE
    clinical = kind is AckKind.CLINICAL
    verb = Verb.ACKNOWLEDGE_CLINICAL if clinical else Verb.ACKNOWLEDGE_POLICE
    allow(actor, verb)

    def event(writing: Writing, alert: Alert) -> NewEvent | None:
        has = alert.clinical_ack_at if clinical else alert.police_ack_at
        mine = for_role(alert, actor.role) and has is None
        return taken(writing, alert, kind, actor, now) if mine else None

    try:
        saved = _on_person(service, verb, stay, None, {}, event, actor, now, key)
    except NotAllowed as error:
        theirs = _of_others(service, stay, kind, actor, now)
        raise (NotAllowed(" ".join(theirs)) if theirs else error) from error
    theirs = _of_others(service, stay, kind, actor, now)
    return replace(saved, notices=(_NOT_ALL, *theirs) if theirs else ())


_NOT_ALL = "You have what nobody had. The rest is with somebody else."


def _of_others(
    service: Service, stay: str, kind: AckKind, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """What of this person waits for this role and is with somebody else, by code."""
    with service.record.reading() as reading:
        look = Look(service, reading, now)
        found: dict[Holder, list[str]] = {}
        for alert in reading.alerts_of(stay):
            if not (alert.is_open and for_role(alert, actor.role)):
                continue
            for has in look.holders(alert):
                if has.first and has.kind == kind and has.account != actor.account:
                    found.setdefault(has, []).append(code_of(alert.key))
    return tuple(
        f"{has.name} has {', '.join(codes)}, since {short(has.since)}."
        for has, codes in found.items()
    )


def act_on_person(
    service: Service,
    stay: str,
    keys: Sequence[str],
    done: str,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertsSaved:
    """Say once what was done about several alerts of one person; never of two people."""
    allow(actor, Verb.ACT)
    if not done.strip():
        raise InputError.at("done", "What was done?")

    def event(writing: Writing, alert: Alert) -> NewEvent:
        return acted(writing, alert, done, actor, now)

    return _on_person(service, Verb.ACT, stay, keys, {"done": done}, event, actor, now, key)


def close_for_person(
    service: Service,
    stay: str,
    keys: Sequence[str],
    *,
    outcome: str,
    words: str,
    call_at: datetime | None = None,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> AlertsSaved:
    """Say once how several alerts of one person ended; an agreed call is planned once."""
    allow(actor, Verb.CLOSE_ALERT)
    end = ending(outcome, words, call_at, now=now)

    def event(writing: Writing, alert: Alert) -> NewEvent:
        check_ends(service, writing, alert, Verb.CLOSE_ALERT, actor=actor, now=now)
        return ended(writing, alert, end, actor, now)

    def then(writing: Writing, recorded: Recorded) -> None:
        plan_call(writing, end, recorded, actor)

    body = {"outcome": outcome, "words": words, "call_at": call_at}
    return _on_person(service, Verb.CLOSE_ALERT, stay, keys, body, event, actor, now, key, then)


def _on_person(
    service: Service,
    verb: Verb,
    stay: str,
    keys: Sequence[str] | None,
    said: dict[str, Any],
    event: Callable[[Writing, Alert], NewEvent | None],
    actor: Actor,
    now: datetime,
    key: str | None,
    then: Callable[[Writing, Recorded], None] | None = None,
) -> AlertsSaved:
    """One act on several alerts of one person, all or none of them; no keys is every open one."""

    def do(writing: Writing) -> AlertsSaved:
        alerts = _alerts_of(writing, stay, keys, actor)
        made = [(alert, new) for alert in alerts if (new := event(writing, alert)) is not None]
        if not made:
            raise NotAllowed("Nothing of this person waits for you any more. Look again.")
        recorded = [record_act(writing, new, alert.key) for alert, new in made]
        if then is not None:
            then(writing, recorded[-1])
        return AlertsSaved(recorded[-1].seq, stay, tuple(alert.key for alert, _ in made))

    def again(writing: Writing, ids: Ids) -> AlertsSaved:
        return AlertsSaved(ids["seq"], stay, tuple(keys or ()), repeated=True)

    body = {"stay": stay, "keys": list(keys or ()), **said}
    return once(service, verb, body, do, again, actor=actor, now=now, key=key)


def _alerts_of(
    writing: Writing, stay: str, keys: Sequence[str] | None, actor: Actor
) -> tuple[Alert, ...]:
    stay_for(writing, stay, actor)
    if keys is None:
        return tuple(alert for alert in writing.alerts_of(stay) if alert.is_open)
    if not keys:
        raise InputError.at("alerts", "Which of the alerts?")
    found = tuple(open_alert(writing, each, actor) for each in dict.fromkeys(keys))
    if any(alert.stay != stay for alert in found):
        raise InputError.at("alerts", "One act is about one person; this alert is another's.")
    return found
