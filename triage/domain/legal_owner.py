"""What the legal owner decides about whoever was at a police station when the law closed it.

Section 48 of the Mental Health Act 2025 may come with transitional rules (s56(6)). Whether they let
somebody stay who was there already is for the named legal owner to read, and for nobody to guess.
No decision lengthens anything: the permitted period ends when it ends.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from triage.domain.roles import DECIDES_THE_LAW
from triage.domain.timeline import Event, Timeline
from triage.domain.watches import Finding

if TYPE_CHECKING:
    from triage.domain.station import AtStation

DECIDED = "legal_owner_decided"
MUST_DECIDE = "legal_owner_must_decide"


class Received(StrEnum):
    """How the decision came to whoever put it on the record: what there is to show for it."""

    WRITTEN = "written"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class Decision(StrEnum):
    """What may be decided."""

    MOVE = "move"  # the duty to move the person begins
    STAY = "stay"  # the regulations go on for this person, until the permitted period ends
    LEFT = "left"  # the person had left before anybody could decide


def is_theirs(event: Event) -> bool:
    """Whether the legal owner made this decision, by name."""
    return event.role == DECIDES_THE_LAW and bool(event.by) and "decision" in event.extra


def decision(timeline: Timeline, here: "AtStation") -> Event | None:
    """The last decision of the legal owner about one stretch at a police station."""
    made = [event for event in here.within(timeline, DECIDED) if is_theirs(event)]
    return made[-1] if made else None


def is_open(timeline: Timeline, here: "AtStation") -> bool:
    """Whether nobody can tell yet which law holds for this stretch."""
    made = decision(timeline, here)
    return here.changed is not None and (made is None or made.extra["decision"] != Decision.STAY)


def must_move(timeline: Timeline, here: "AtStation") -> Event | None:
    """The decision from which the person must be moved, if that is what stands."""
    made = decision(timeline, here)
    moves = here.changed is not None and made is not None
    return made if moves and made and made.extra["decision"] == Decision.MOVE else None


def findings(timeline: Timeline, here: "AtStation", law_row: str) -> Iterator[Finding]:
    """That somebody must decide, until the legal owner has; and what nobody else can decide."""
    if here.changed is None:
        return
    if decision(timeline, here) is None:
        yield Finding(MUST_DECIDE, here.came, law_row, here.changed, here.until, unlawful=False)
    for event in here.within(timeline, DECIDED):
        if not is_theirs(event):
            yield Finding("legal_owner_not_named", event, law_row, event.earliest, unlawful=False)
