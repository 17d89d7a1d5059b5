"""Decisions on routes: offered, accepted, declined, none exists; and consent to share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from triage.casework.acts import Ids, allow, once, stay_for, time_notices
from triage.casework.after import settle
from triage.casework.history import History
from triage.casework.permissions import (
    BASES,
    CAPACITY,
    CONSENT,
    permitted,
    require_permission,
)
from triage.casework.referrals import WITHDRAWN_SINCE, WITHOUT_BASIS
from triage.casework.service import Service
from triage.domain.answers import Group
from triage.domain.errors import InputError
from triage.domain.needs import ORDER
from triage.domain.roles import Verb
from triage.present.words import said
from triage.record import Actor, EventKind, NewEvent, Recorded, Stay, Writing
from triage.record.events import LATE_AFTER


class RouteOutcome(StrEnum):
    """What was decided; "none exists" is an answer too, and counts for the commissioner."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"  # by the person
    NONE_EXISTS = "none_exists"
    ACKNOWLEDGED = "acknowledged"  # the service has the referral
    TURNED_DOWN = "turned_down"  # by the service


@dataclass(frozen=True)
class RouteDecision:
    """One decision on one route, or, with ``none_exists``, on one need."""

    outcome: RouteOutcome
    occurred_at: datetime
    route: str | None = None
    need: str | None = None
    reason: str | None = None  # why declined, or why none exists
    service: str | None = None
    words: str | None = None
    group: str = "police"  # clinical when a nurse decides on clinical grounds
    agreed: bool = False  # the person agrees that the party behind the route hears of them


@dataclass(frozen=True)
class Consent:
    """Whether the person agrees that one named party hears of them."""

    given: bool  # False: refused or withdrawn; both stop what is sent later
    to: str
    occurred_at: datetime
    basis: str = CONSENT  # one of BASES; what is not consent needs its reasons in words
    words: str | None = None
    capacity: str | None = None  # has | lacks | not_assessed, for this decision at this time


@dataclass(frozen=True)
class DecisionSaved:
    """One decision or consent, on the record."""

    seq: int
    stay: str
    late: bool = False
    notices: tuple[str, ...] = ()
    repeated: bool = False


def decide_route(
    service: Service,
    stay: str,
    decision: RouteDecision,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> DecisionSaved:
    """Record what was decided about a route; after a decline the need and its alerts stand.

    Taking up a route outside the suite needs consent, or another lawful basis, that stands at
    that moment: NotAllowed says so. What happened earlier is recorded all the same, and marked.
    With ``agreed`` the consent is recorded in the same act.
    """
    allow(actor, Verb.DECIDE_ROUTE)
    _allow_group(actor, decision.group)
    _check_decision(service, decision)
    if decision.agreed:
        allow(actor, Verb.CONSENT)
    body: dict[str, Any] = {
        "need": decision.need,
        "reason": decision.reason,
        "service": decision.service,
        "words": decision.words,
    }
    header: dict[str, Any] = {"decision": decision.outcome}
    # Which route health staff chose can tell the condition, so it is kept in their part.
    (body if decision.group == Group.CLINICAL else header)["route"] = decision.route
    event = NewEvent(
        EventKind.ROUTE_DECISION,
        actor,
        decision.occurred_at,
        stay=stay,
        header=header,
        payloads={decision.group: body},
    )

    def first(writing: Writing, here: Stay) -> None:
        if decision.agreed:
            to = decision.service or said(decision.route or "")
            agreed = Consent(True, to, decision.occurred_at)
            writing.append(_consent(here.id, agreed, actor))
        if decision.outcome is RouteOutcome.ACCEPTED:
            header.update(_marks(service, History.read(writing, here), decision, now))

    def then(writing: Writing, recorded: Recorded) -> None:
        settle(service, writing, stay, actor=actor, now=now, because=recorded)

    return _record(service, Verb.DECIDE_ROUTE, event, decision, actor, now, key, first, then)


def _marks(
    service: Service, history: History, decision: RouteDecision, now: datetime
) -> dict[str, bool]:
    """What must be said of an acceptance for ever: no basis then, or none any more.

    Raises NotAllowed for what is happening now; what is typed late has happened.
    """
    about, at = (service.rulebook, history, decision.route, decision.service), decision.occurred_at
    if now - at <= LATE_AFTER:
        require_permission(*about, at)
    elif not permitted(*about, until=at):
        return {WITHOUT_BASIS: True}
    return {} if permitted(*about) else {WITHDRAWN_SINCE: True}


def consent(
    service: Service,
    stay: str,
    given: Consent,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> DecisionSaved:
    """Record consent, or its refusal, to one party; it never delays an alert inside the suite."""
    allow(actor, Verb.CONSENT)
    _check_consent(given)
    return _record(service, Verb.CONSENT, _consent(stay, given, actor), given, actor, now, key)


def note(
    service: Service,
    stay: str,
    words: str,
    *,
    group: str,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
    key: str | None = None,
) -> DecisionSaved:
    """Record a note; a clinical one is for health staff alone. No rule reads it."""
    allow(actor, Verb.NOTE_POLICE)
    _allow_group(actor, group)
    if not words.strip():
        raise InputError.at("words", "An empty note says nothing.")
    event = NewEvent(
        EventKind.NOTE, actor, occurred_at or now, stay=stay, payloads={group: {"words": words}}
    )
    return _record(service, Verb.NOTE_POLICE, event, {"words": words}, actor, now, key)


def _record(
    service: Service,
    verb: Verb,
    event: NewEvent,
    body: object,
    actor: Actor,
    now: datetime,
    key: str | None,
    first: Callable[[Writing, Stay], None] | None = None,
    then: Callable[[Writing, Recorded], None] | None = None,
) -> DecisionSaved:
    notices = time_notices(event.occurred_at, now)
    stay = event.stay or ""

    def do(writing: Writing) -> DecisionSaved:
        here = stay_for(writing, stay, actor)
        if first is not None:
            first(writing, here)
        recorded = writing.append(event)
        if then is not None:
            then(writing, recorded)
        told = tuple(words for mark, words in _TOLD.items() if recorded.header.get(mark))
        return DecisionSaved(recorded.seq, stay, recorded.late, (*notices, *told))

    def again(writing: Writing, ids: Ids) -> DecisionSaved:
        recorded = writing.event(ids["seq"])
        late = recorded is not None and recorded.late
        return DecisionSaved(ids["seq"], stay, late, repeated=True)

    said = {"stay": stay, "of": body}
    return once(service, verb, said, do, again, actor=actor, now=now, key=key)


_TOLD = {
    WITHOUT_BASIS: (
        "Recorded and marked: no consent or other lawful basis is on record for that time. The "
        "lead nurse is told."
    ),
    WITHDRAWN_SINCE: (
        "Recorded and marked: the person has withdrawn since. Tell the service to stop."
    ),
}


def _consent(stay: str, given: Consent, actor: Actor) -> NewEvent:
    said_of_it = {"words": given.words, "capacity": given.capacity}
    told = {name: value for name, value in said_of_it.items() if value is not None}
    return NewEvent(
        EventKind.CONSENT,
        actor,
        given.occurred_at,
        stay=stay,
        header={"given": "yes" if given.given else "no", "basis": given.basis},
        payloads={"police": {"recipient": given.to.strip()}} | ({"clinical": told} if told else {}),
    )


def _check_consent(given: Consent) -> None:
    """Consent is to somebody, by somebody who can decide it; another basis has its reasons."""
    if not given.to.strip():
        raise InputError.at("to", "Consent is given to somebody: to whom?")
    if given.basis not in BASES:
        raise InputError.at("basis", "Is not a basis on which a party may hear of them.", BASES)
    if given.capacity is not None and given.capacity not in CAPACITY:
        raise InputError.at("capacity", "Is not one of the answers.", CAPACITY)
    if given.given and given.basis == CONSENT and given.capacity == "lacks":
        raise InputError.at(
            "capacity",
            "Somebody who cannot decide this now cannot consent to it. Ask again later, or record "
            "another lawful basis with its reasons.",
        )
    if given.given and given.basis != CONSENT and not (given.words or "").strip():
        raise InputError.at("words", "Without consent, the record needs the reasons in words.")


def _allow_group(actor: Actor, group: str) -> None:
    if group not in (Group.POLICE, Group.CLINICAL):
        raise InputError.at("group", "Is not a part of the record.", Group)
    if group == Group.CLINICAL:
        allow(actor, Verb.NOTE_CLINICAL)


def _check_decision(service: Service, decision: RouteDecision) -> None:
    """A decision is about a route that exists; "none exists" is about a need."""
    if decision.outcome is RouteOutcome.NONE_EXISTS:
        if decision.need not in ORDER:
            raise InputError.at("need", "For which need does no route exist?", ORDER)
        return
    known = tuple(route.id for route in service.rulebook.routes)
    if decision.route not in known:
        raise InputError.at("route", "Is not a route.", known)
    refused = decision.outcome in (RouteOutcome.DECLINED, RouteOutcome.TURNED_DOWN)
    if refused and not (decision.reason or "").strip():
        raise InputError.at("reason", "Who declined, and why? The word alone helps nobody.")
