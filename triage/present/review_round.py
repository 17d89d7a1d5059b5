"""The inspector's round in words: PACE reviews that fall due, and how the last ones were done."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.clocks import ClockState
from triage.present import section136 as clock_words
from triage.present import spans
from triage.present.board import UNREADABLE, name
from triage.present.events import REVIEW_MODES

if TYPE_CHECKING:
    from triage.casework import ReviewDone, ReviewDue

NOT_KNOWN = "Whether a review is due cannot be told"
NO_REVIEWS = "No PACE review falls due in these suites in the next 12 hours."


@dataclass(frozen=True)
class Due:
    """One PACE review on the inspector's round."""

    stay: str
    who: str
    where: str
    what: str
    when: str
    late: bool


def due(one: "ReviewDue", *, at: datetime) -> Due:
    """One PACE review: whose, where and when; overdue when its time has passed."""
    where = ", ".join(
        part for part in (f"cell {one.cell}" if one.cell else "", one.reference) if part
    )
    if one.clock is None:
        return Due(one.stay, name(one.initials), where, NOT_KNOWN, UNREADABLE, late=True)
    late = one.clock.state is ClockState.OVERDUE
    moment = spans.due(one.clock.due_at, now=at) if one.clock.due_at else ""
    paused = " (paused while in hospital or on bail)" if one.clock.state == "paused" else ""
    return Due(
        stay=one.stay,
        who=name(one.initials),
        where=where,
        what=clock_words.clock_name(one.clock.clock),
        when=f"{'Overdue since' if late else 'Due'} {moment}{paused}",
        late=late,
    )  # fmt: skip


@dataclass(frozen=True)
class Done:
    """One PACE review that was done, and how."""

    stay: str
    who: str
    where: str
    when: str
    how: str
    unreasoned: bool  # by telephone, and nobody said why


def done(one: "ReviewDone", *, at: datetime) -> Done:
    """One PACE review that was done: when, by whom, how, and by telephone why."""
    how = dict(REVIEW_MODES).get(one.mode or "", "Nobody recorded how")
    if one.mode == "phone":
        how += f": {one.phone_reason}" if one.phone_reason else ", no reason recorded"
    by = f", by {one.by}" if one.by else ""
    where = ", ".join((spans.named(one.suite), one.reference))
    when = spans.moment(one.at, now=at) + by
    return Done(one.stay, name(one.initials), where, when, how, one.unreasoned)
