"""How an alert ends: one of a short closed list, and what happened in words. Nothing just ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from triage.casework.enders import barred_of
from triage.casework.kept_alerts import RELEASE
from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.ending_alerts import OUTCOMES, Outcome, check_ending
from triage.domain.errors import InputError
from triage.domain.roles import CLINICAL_ROLES, Role
from triage.record import Actor, Alert, Recorded, Writing

CALL = "call"  # the step of an alert that reminds of an agreed call
CALL_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Ending:
    """How somebody says that an alert ended."""

    outcome: Outcome
    words: str
    call_at: datetime | None = None  # when a call was agreed with somebody who has left

    @property
    def header(self) -> Mapping[str, object]:
        """What everybody may read of it: how it ended, never why."""
        return MappingProxyType({"outcome": self.outcome})


def ending(outcome: str, words: str, call_at: datetime | None, *, now: datetime) -> Ending:
    """The ending that was said; raises InputError naming what is missing.

    An outcome in free words, and nothing beside it, counts as ``other`` with those words.
    """
    said, told = outcome.strip(), words.strip()
    if said and said not in OUTCOMES and not told:
        said, told = Outcome.OTHER, said
    if said not in OUTCOMES:
        raise InputError.at("outcome", "How did it end?", OUTCOMES)
    if not told:
        raise InputError.at("words", "Say in a few words what happened, or with whom they are now.")
    _check_call(Outcome(said), call_at, now)
    return Ending(Outcome(said), told, call_at)


def _check_call(outcome: Outcome, call_at: datetime | None, now: datetime) -> None:
    if call_at is None:
        return
    if outcome is not Outcome.RELEASED_BEFORE_SEEN:
        raise InputError.at("call", "A call is agreed with somebody who left before being seen.")
    if not now < call_at <= now + CALL_WITHIN:
        raise InputError.at("call", "A call is agreed for a time within the next seven days.")


def check_fits(writing: Writing, alert: Alert, end: Ending, actor: Actor) -> None:
    """Raise InputError where the ending and the record cannot both be true."""
    stay = None if alert.stay is None else writing.stay(alert.stay)
    check_ending(end.outcome, actor.role, barred_of(writing, alert, stay))


def agreed_call(end: Ending, because: Recorded, actor: Actor) -> PlannedAlert | None:
    """The reminder of a call that was agreed; it stands although the person has left."""
    if end.call_at is None:
        return None
    to = Role(actor.role) if actor.role in CLINICAL_ROLES else Role.LIAISON_NURSE
    return PlannedAlert(
        key=f"{RELEASE}:{CALL}:{because.seq}",
        clock=None,
        event=str(because.seq),
        level="A3",
        due_at=end.call_at,
        to=(to,),
        state=AlertState.PLANNED,
        late_seconds=0,
        words="A call was agreed with somebody who left before they were seen. Ring them now.",
    )
