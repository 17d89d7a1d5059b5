"""When a screening is due again: by what is missing, by rule, and after what has happened since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from triage.domain.conditions import Condition
from triage.domain.dated import Confidence
from triage.domain.findings import Urgency

OTHER_SUITE = "other_suite"  # a move to another suite, which is no event of the detention


@dataclass(frozen=True)
class RescreenRule:
    """When the whole screening is due again."""

    id: str
    when: Condition
    after_minutes: int
    why: str
    if_unknown: bool = False


@dataclass(frozen=True)
class NewMoment:
    """Something that happens after a screening and asks for a new one: a charge, bad news."""

    id: str
    events: tuple[str, ...]  # the kinds of event that it is; OTHER_SUITE for a move
    words: str  # as they follow "Screen again: after"
    within_minutes: int
    source: str
    confidence: Confidence
    checked_on: date
    covers: str = ""  # the RescreenRule that says the same of a screening made at this moment
    if_unsettled: bool = False  # it asks nothing of whoever has a complete, quiet screening
    file: str = ""


@dataclass(frozen=True)
class RescreenPlan:
    """When to ask again: by urgency of what is missing, by rule, by the screening's status, and
    after what has happened since."""

    ask_again: Mapping[Urgency, int]  # minutes
    rules: tuple[RescreenRule, ...]
    by_status: Mapping[str, int]  # minutes for provisional, refused, cannot_screen
    after: tuple[NewMoment, ...] = ()
