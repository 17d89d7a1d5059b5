"""Referrals: somebody said yes to a service, and whether that service has answered in its time.

A referral that nobody hears of again is a common way in which help ends at the door. It comes back
on the list at the target of its route, and goes to the lead when as much time has passed again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.roles import Role

SOURCE = "referral"
UNANSWERED, STILL_UNANSWERED, WITHOUT_BASIS = "unanswered", "still_unanswered", "without_basis"
TARGET = timedelta(days=2)  # where a route names none: proposed practice, as for most of them


@dataclass(frozen=True)
class Referral:
    """One referral that was made and that the service has not answered."""

    seq: int  # the event of the decision
    made_at: datetime
    target: timedelta


def plan(unanswered: Iterable[Referral]) -> tuple[PlannedAlert, ...]:
    """The reminder at the target, and the lead's once as much time has passed again."""
    found = []
    for each in unanswered:
        due = each.made_at + each.target
        nurse, lead = (Role.LIAISON_NURSE,), (Role.LEAD_NURSE,)
        found.append(_alert(UNANSWERED, each.seq, due, nurse, _REMIND))
        found.append(_alert(STILL_UNANSWERED, each.seq, due + each.target, lead, _LEAD))
    return tuple(found)


def without_basis(seq: int, at: datetime) -> PlannedAlert:
    """Somebody outside was told of a person without consent or another basis on the record."""
    return _alert(WITHOUT_BASIS, seq, at, (Role.LEAD_NURSE,), _NO_BASIS)


_REMIND = (
    "A referral was made and the service has not answered in its time. Ring them, and record what "
    "they say."
)
_LEAD = (
    "A referral has waited twice its time for an answer. Find out who has this person, or whether "
    "another route is needed."
)
_NO_BASIS = (
    "A service outside was told of this person, and no consent or other lawful basis is on record "
    "for that time. See what they were told, and record what was done about it."
)


def _alert(step: str, seq: int, due: datetime, to: tuple[str, ...], words: str) -> PlannedAlert:
    return PlannedAlert(
        key=f"{SOURCE}:{step}:{seq}",
        clock=None,
        event=str(seq),
        level="A3",
        due_at=due,
        to=to,
        state=AlertState.PLANNED,
        late_seconds=0,
        words=words,
    )
