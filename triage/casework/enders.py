"""Who may end an alert on record: the same answer for the act and for whatever offers it."""

from datetime import datetime

from triage.casework.acts import stay_of
from triage.casework.chains import meant_for
from triage.casework.faults import one_record
from triage.casework.history import History
from triage.casework.legal_decisions import must_decide
from triage.casework.service import Service
from triage.domain.ending_alerts import NOBODY, Barred, Enders, barred, enders
from triage.domain.legal_owner import MUST_DECIDE
from triage.domain.roles import Verb
from triage.domain.screening_alerts import SOURCE as SCREENING
from triage.record import Actor, Alert, EventKind, Reading, Recorded, Stay, Writing


def enders_of(
    service: Service,
    reading: Reading | Writing,
    alert: Alert,
    raised: Recorded | None,
    *,
    now: datetime,
) -> Enders:
    """The roles that may end this alert, which that event raised; nobody ends what is not open."""
    if not alert.is_open:
        return NOBODY
    decided_only = _awaits_decision(service, reading, alert, now)
    return enders(meant_for(raised, alert), awaits_decision=decided_only)


def check_ends(
    service: Service, writing: Writing, alert: Alert, verb: Verb, *, actor: Actor, now: datetime
) -> None:
    """Raise RoleRefused or NotAllowed unless this person may end this open alert."""
    raised = None if alert.raised_seq is None else writing.event(alert.raised_seq)
    enders_of(service, writing, alert, raised, now=now).require(actor.role, verb)


def barred_of(reading: Reading | Writing, alert: Alert, stay: Stay | None) -> tuple[Barred, ...]:
    """The endings that this open alert about a stay cannot have as the record stands."""
    if stay is None or not alert.is_open:
        return ()
    undecided = alert.source == SCREENING and not _has_decision(reading, stay)
    return barred(still_here=stay.is_open, undecided=undecided)


def _has_decision(reading: Reading | Writing, stay: Stay) -> bool:
    """Whether a decision on a route stands; the history is read only where one was ever made."""
    if not reading.has_event(stay.id, EventKind.ROUTE_DECISION):
        return False
    return bool(History.read(reading, stay).standing(EventKind.ROUTE_DECISION))


def _awaits_decision(
    service: Service, reading: Reading | Writing, alert: Alert, now: datetime
) -> bool:
    """Whether the record still calls for the legal owner; one that cannot be read may well."""
    if alert.source != MUST_DECIDE or alert.stay is None:
        return False
    stay = stay_of(reading, alert.stay)
    calls, readable = one_record(
        lambda: must_decide(service, History.read(reading, stay), now), lambda: frozenset()
    )
    return alert.key in calls or not readable
