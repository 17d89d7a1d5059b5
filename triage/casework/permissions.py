"""Whether one party outside the suite may hear of one person: consent, or another lawful basis.

Both are dated facts that can be withdrawn. The last word on each counts, from the moment that it
was said; what was sent before stays sent. Nothing here ever delays an alert inside the suite.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.casework.entries import typed_by
from triage.casework.history import History
from triage.domain.errors import NotAllowed
from triage.domain.findings import Axis
from triage.domain.rulebook import RouteRule, Rulebook
from triage.present.words import said
from triage.record import EventKind

CONSENT = "consent"
# Whatever is not consent is given with its reasons, in words, by the one who relies on it.
BASES = (CONSENT, "best_interests", "safeguarding", "vital_interests", "legal_duty")
CAPACITY = ("has", "lacks", "not_assessed")
_INSIDE = ("liaison_nurse", "information_only")  # nobody outside the suite hears of the person


@dataclass(frozen=True)
class Permission:
    """The last word on whether one party may hear of the person, on one basis."""

    seq: int
    to: str
    basis: str
    given: bool
    since: datetime
    by: str
    role: str
    withdrawn: bool  # it had been given before
    capacity: str | None = None  # health staff alone read these two
    words: str | None = None


def permissions_of(
    history: History, *, clinical: bool, until: datetime | None = None
) -> tuple[Permission, ...]:
    """The last word on each party and basis, the latest first; with ``until``, as it was then."""
    last: dict[tuple[str, str], Permission] = {}
    said = history.standing(EventKind.CONSENT)
    for event in sorted(said, key=lambda each: (history.when(each), each.seq)):
        if until is not None and history.when(event) > until:
            continue
        told = event.payloads.get("police") or {}
        hidden = (event.payloads.get("clinical") or {}) if clinical else {}
        to, basis = str(told.get("recipient") or ""), str(event.header.get("basis") or CONSENT)
        given, before = event.header.get("given") == "yes", last.get((_name(to), basis))
        last[_name(to), basis] = Permission(
            event.seq,
            to,
            basis,
            given,
            history.when(event),
            *typed_by(event),
            withdrawn=not given and before is not None and (before.given or before.withdrawn),
            capacity=hidden.get("capacity"),
            words=hidden.get("words"),
        )
    return tuple(sorted(last.values(), key=lambda each: (each.since, each.seq), reverse=True))


def permission_for(permissions: Sequence[Permission], names: Iterable[str]) -> Permission | None:
    """What allows a party with one of these names to hear of the person; None: nothing does.

    Of several words on consent, also under different names of the party, the last one counts.
    """
    wanted = {_name(each) for each in names if each}
    about = [each for each in permissions if _name(each.to) in wanted]
    agreed = [each for each in about if each.basis == CONSENT]
    last = max(agreed, key=lambda each: (each.since, each.seq), default=None)
    if last is not None and last.given:
        return last
    return next((each for each in about if each.given and each.basis != CONSENT), None)


def permitted(
    rulebook: Rulebook,
    history: History,
    route: str | None,
    service: str | None,
    *,
    until: datetime | None = None,
) -> bool:
    """Whether the party behind a route may hear of the person, now or as it was at a moment."""
    rule = next((each for each in rulebook.routes if each.id == route), None)
    if rule is None or not leaves_the_suite(rule):
        return True
    names = names_of(rulebook, rule.id, service)
    known = permissions_of(history, clinical=False, until=until)
    return permission_for(known, names) is not None


def not_permitted(
    rulebook: Rulebook, history: History, parties: Iterable[str], *, until: datetime
) -> tuple[str, ...]:
    """The routes behind these parties, told of the person without a basis at that moment."""
    told = {_name(party) for party in parties if party}
    known = permissions_of(history, clinical=False, until=until)
    found = []
    for rule in rulebook.routes:
        names = names_of(rulebook, rule.id, None)
        meant = told & {_name(name) for name in names}
        if leaves_the_suite(rule) and meant and permission_for(known, [*names, *meant]) is None:
            found.append(rule.id)
    return tuple(found)


def require_permission(
    rulebook: Rulebook, history: History, route: str | None, service: str | None, at: datetime
) -> None:
    """Raise NotAllowed when taking this route up would tell somebody outside without a basis."""
    if not permitted(rulebook, history, route, service, until=at):
        raise NotAllowed(
            f"{_capital(said(route or ''))}: nobody there may hear of this person yet. A nurse or "
            "a healthcare professional records first that the person agrees, or the lawful basis "
            "without consent and its reasons. Until then it is offered, not taken up.",
            field="route",
        )


def leaves_the_suite(route: RouteRule) -> bool:
    """Whether a party outside the suite hears of the person by their own choice alone."""
    return route.axis is Axis.SUPPORT and route.basis == "voluntary" and route.id not in _INSIDE


def names_of(rulebook: Rulebook, route: str, service: str | None) -> tuple[str, ...]:
    """The names by which a consent may have called the party behind a route."""
    services = [each for each in rulebook.services if each.route == route]
    if service:
        known = [each for each in services if _name(service) in (_name(each.id), _name(each.name))]
        own = [name for each in known for name in (each.id, each.name)]
        return (route, said(route), service, *own)
    return (route, said(route), *(name for each in services for name in (each.id, each.name)))


def _name(party: str) -> str:
    """A party's name as it is compared: without case, article and doubled spaces."""
    return " ".join(party.casefold().split()).removeprefix("the ")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
