"""What can be recorded of one stay now, and which authority can be given: one list for all doors.

The page and the terminal ask the same here. Nothing is kept from anybody by it: what hardly fits
stands behind what does, and what the law forbids the law refuses.
"""

from dataclasses import dataclass
from datetime import datetime

from triage.casework.acts import allow, stay_for
from triage.casework.detentions import AUTHORITIES
from triage.casework.faults import one_record
from triage.casework.history import History
from triage.casework.legal_decisions import must_decide
from triage.casework.planning import detention_clocks
from triage.casework.service import Service
from triage.domain import expected as domain
from triage.domain import timeline, whereabouts
from triage.domain.legal_owner import DECIDED
from triage.domain.roles import Verb, may
from triage.domain.whereabouts import Known
from triage.record import Actor


@dataclass(frozen=True)
class Expected:
    """The kinds of event that fit this stay now, for one role."""

    stay: str
    at: datetime
    happened: frozenset[str]  # empty where this role records no event
    authorities: frozenset[str]  # empty where this role gives none, or the stay is over
    hardly: frozenset[str]  # authorities that this role may give, and that hardly fit the stay
    arrest: bool  # of somebody who was arrested, and nothing else
    by: str  # the name of whoever would record it
    role: str


def expected(service: Service, stay: str, *, actor: Actor, now: datetime) -> Expected:
    """What this role can record of this stay, and authorise; everything where it cannot be read."""
    allow(actor, Verb.VIEW_STAY)
    reading = service.record.reading()
    here = stay_for(reading, stay, actor)
    history = History.read(reading, here)
    been, _ = one_record(lambda: _been(service, history, now), lambda: None)
    fits = domain.expected(been)
    gives = frozenset(
        kind for kind in AUTHORITIES
        if may(actor.role, Verb.AUTHORISE) and here.is_open and domain.may_give(actor.role, kind)
    )  # fmt: skip
    return Expected(
        stay, now,
        happened=fits if may(actor.role, Verb.RECORD_EVENT) else frozenset(),
        authorities=gives & fits,
        # The authority before it may have been given and not typed yet; nobody is asked for the
        # decision of the legal owner while nothing waits for it.
        hardly=gives - fits - {DECIDED},
        arrest=been is not None and been.arrest and not been.mental_health,
        by=actor.name, role=actor.role,
    )  # fmt: skip


def _been(service: Service, history: History, now: datetime) -> domain.Been | None:
    line = timeline.as_known(history.detention(now))
    said = detention_clocks(service, history, now=now)
    where = whereabouts.where(line, history.stay.place)
    return domain.Been.of(
        line,
        powers=frozenset(each.power for each in said.powers),
        stay=history.stay.kind,
        place=where.place if where.known is Known.THERE else None,
        legal_owner=bool(must_decide(service, history, now)),
    )
