"""The legal owner's decision: who brings it, that it is theirs, and what still waits for it."""

from datetime import datetime

from triage.casework.history import History
from triage.casework.planning import detention_clocks
from triage.casework.service import Service
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.domain.legal_owner import DECIDED, MUST_DECIDE, Decision, Received, is_theirs
from triage.domain.roles import Role, role_words
from triage.domain.timeline import Event
from triage.record import Actor, Alert, Recorded, Stay

NOTHING = (
    "There is nothing for the legal owner to decide here: the law on police stations has not "
    "changed while this person was at one."
)


def check_decision(
    service: Service, stay: Stay, event: Event, *, actor: Actor, now: datetime
) -> None:
    """Refuse a decision that is not the legal owner's own, by name, about something open.

    The legal owner has no account: what they decide comes in through the duty inspector, whom the
    alert called too, and it is said how it came. An account for one act on one day of the law would
    be an account that nobody watches. Raises RoleRefused, InputError or NotAllowed.
    """
    if actor.role != Role.DUTY_INSPECTOR:
        raise RoleRefused(
            "The legal owner decides this, and the duty inspector puts it on the record: it is "
            f"not for the {role_words(actor.role)}."
        )
    if "decision" not in event.extra:
        raise InputError.at("decision", "What did the legal owner decide?", tuple(Decision))
    if not is_theirs(event):
        raise InputError.at("by", "Name the legal owner who decided. Nobody else decides this.")
    if "received" not in event.extra:
        raise InputError.at("received", "How was the decision given?", tuple(Received))
    if not (event.reason or "").strip():
        raise InputError.at("reason", "Say on which rule or advice the decision rests.")
    history = History.read(service.record.reading(), stay)
    decided = any(each.kind == DECIDED for each in history.detention(now).events)
    if not decided and not must_decide(service, history, now):
        raise NotAllowed(NOTHING, law_row="MHA25-S48-POS", field="kind")


def must_decide(service: Service, history: History, now: datetime) -> frozenset[str]:
    """The keys of what the legal owner still has to decide about one stay."""
    stay, said = history.stay.id, detention_clocks(service, history, now=now)
    return frozenset(f"{stay}:{a.key}" for a in said.alerts if a.key.startswith(f"{MUST_DECIDE}:"))


def is_decided_by(alert: Alert, because: Recorded) -> bool:
    """Whether an act is the decision that an alert waited for."""
    return alert.source == MUST_DECIDE and because.header.get("kind") == DECIDED
