"""Which referrals of one stay still wait for an answer, read from the decisions on its routes."""

from collections.abc import Iterator
from datetime import timedelta

from triage.casework.history import History
from triage.casework.permissions import leaves_the_suite
from triage.domain import referrals
from triage.domain.clocks import PlannedAlert
from triage.domain.referrals import Referral
from triage.domain.rulebook import Rulebook
from triage.record import EventKind, Recorded

WITHOUT_BASIS, WITHDRAWN_SINCE = "without_basis", "withdrawn_since"  # marks on a decision


def referral_alerts(rulebook: Rulebook, history: History) -> tuple[PlannedAlert, ...]:
    """What the referrals of this stay call for; it stands although the person has left."""
    marked = [
        referrals.without_basis(event.seq, event.recorded_at)
        for event in history.standing(EventKind.ROUTE_DECISION)
        if event.header.get(WITHOUT_BASIS)
    ]
    return (*referrals.plan(unanswered(rulebook, history)), *marked)


def unanswered(rulebook: Rulebook, history: History) -> tuple[Referral, ...]:
    """Referrals outside the suite that were made and that no later word on their route answers."""
    decided = tuple(_decisions(history))
    if not decided:  # as for nearly everybody, at each act
        return ()
    rules = {rule.id: rule for rule in rulebook.routes if leaves_the_suite(rule)}
    open_now: dict[str, Referral] = {}
    for route, event in decided:
        rule = rules.get(route)
        if rule is None:
            continue
        if event.header["decision"] != "accepted":
            open_now.pop(route, None)
        elif not event.header.get(WITHDRAWN_SINCE):
            minutes = rule.target_minutes
            target = referrals.TARGET if minutes is None else timedelta(minutes=minutes)
            open_now[route] = Referral(event.seq, history.when(event), target)
    return tuple(open_now.values())


def _decisions(history: History) -> Iterator[tuple[str, Recorded]]:
    decided = history.standing(EventKind.ROUTE_DECISION)
    for event in sorted(decided, key=lambda each: (history.when(each), each.seq)):
        clinical = event.payloads.get("clinical") or {}
        route = event.header.get("route") or clinical.get("route")
        if route is not None:
            yield str(route), event
