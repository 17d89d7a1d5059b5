"""Who may end an alert on record: the same answer for the act and for whatever offers it."""

from datetime import datetime

from triage.casework.acts import stay_of
from triage.casework.chains import meant_for
from triage.casework.faults import one_record
from triage.casework.history import History
from triage.casework.legal_decisions import must_decide
from triage.casework.service import Service
from triage.domain.ending_alerts import NOBODY, Enders, enders
from triage.domain.legal_owner import MUST_DECIDE
from triage.domain.roles import Verb
from triage.record import Actor, Alert, Reading, Recorded, Writing


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
