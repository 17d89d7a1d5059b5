"""PACE section 40 reviews: six hours after detention was first authorised, then every nine.

A review done late is overdue and does not push the next one back: that counts from when the late
one was due (s40(6), as we read it). One done early brings the next forward. Before charge an
inspector or above reviews; after charge the custody officer does. Somebody held only under section
136 has no section 40 reviews.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from triage.domain import ranks
from triage.domain.dated import Law
from triage.domain.pace import Custody, paused
from triage.domain.pauses import bails
from triage.domain.timeline import Event, Timeline
from triage.domain.watches import Finding, Run, Watch, clock_of, typed

_ROWS = ("PACE-R1", "PACE-R2", "PACE-RN")
_BAIL = ("bailed", "answered_bail", "arrested")
REMOTE = ("phone", "video")
_NAMES = ("pace_review_1", "pace_review_2", "pace_review_n")


def watches(law: Law, timeline: Timeline, custody: Custody) -> Iterator[Watch]:
    """The reviews of one detention: those done, and the one that is due next."""
    for first, until in _sequences(timeline, custody):
        yield from _sequence(law, timeline, custody, first, until)


def findings(timeline: Timeline, custody: Custody) -> Iterator[Finding]:
    """Reviews by too low a rank, which do not count; postponements without a reason (s40(7))."""
    for review in custody.within(timeline, "pace_review_done"):
        if not _counts(review, custody):
            yield Finding("review_by_rank", review, "PACE-R1", review.earliest, review.earliest)
    for later in custody.within(timeline, "pace_review_postponed"):
        if not later.reason:
            yield Finding(
                "postponed_without_reason", later, "PACE-R1", later.earliest, unlawful=False
            )


def warnings(timeline: Timeline, custody: Custody) -> Iterator[str]:
    """Reviews that were not done in person, with no reason recorded for that."""
    for review in custody.within(timeline, "pace_review_done"):
        if review.extra.get("mode") in REMOTE and not review.extra.get("phone_reason"):
            by = str(review.extra["mode"])
            yield f"a PACE review was done by {by} and no reason for that is recorded: {review.id}"


def _sequences(timeline: Timeline, custody: Custody) -> Iterator[tuple[Event, datetime | None]]:
    """Each run of reviews; detention authorised again after bail begins a new one."""
    authorised = custody.within(timeline, "detention_authorised")
    answered = [back.earliest for _, back in bails(custody.within(timeline, *_BAIL)) if back]
    firsts = list(authorised[:1]) or [custody.relevant.event]
    for event in authorised[1:]:
        if any(firsts[-1].earliest < moment <= event.earliest for moment in answered):
            firsts.append(event)
    for number, first in enumerate(firsts):
        more = number + 1 < len(firsts)
        yield first, firsts[number + 1].earliest if more else custody.ended


def _sequence(
    law: Law, timeline: Timeline, custody: Custody, first: Event, until: datetime | None
) -> Iterator[Watch]:
    start, since = first, first.earliest
    done = [
        event
        for event in custody.within(timeline, "pace_review_done")
        if event.earliest >= since
        and (until is None or event.earliest < until)
        and _counts(event, custody)
    ]
    for number, review in enumerate([*done, None]):
        place = min(number, 2)
        row = law.row(_ROWS[place])
        count = custody.count(since, row.length(), timeline.at)
        ended = review.latest if review else until
        late = review is not None and review.latest > count.due
        reason = _reason(timeline, custody, since, review) if late or review is None else None
        clock = clock_of(_NAMES[place], "pace", row, Run(start, since, count.due, ended),
                         timeline.at, provisional=first.kind != "detention_authorised",
                         reason=reason)  # fmt: skip
        charged = custody.charged is not None and custody.charged.latest <= count.due
        ladder = "pace_review_charged" if charged else "pace_review"
        yield Watch(paused(clock, count), ladder, moved=count.moved, known_at=typed(start))
        if review is not None:
            start, since = review, count.due if late else review.earliest


def _counts(review: Event, custody: Custody) -> bool:
    """Whether somebody who may review did; who is not named is taken at their word."""
    charged = custody.charged is not None and custody.charged.earliest <= review.latest
    return ranks.may_be(review, "sergeant" if charged else "inspector")


def _reason(
    timeline: Timeline, custody: Custody, since: datetime, review: Event | None
) -> str | None:
    """Why it is late: what the review says, else what was recorded when it was postponed."""
    if review is not None and review.reason:
        return review.reason
    postponed = _between(custody.within(timeline, "pace_review_postponed"), since, review)
    return postponed[-1].reason or "postponed" if postponed else None


def _between(events: Sequence[Event], since: datetime, review: Event | None) -> list[Event]:
    return [
        event
        for event in events
        if event.earliest >= since and (review is None or event.earliest <= review.latest)
    ]
