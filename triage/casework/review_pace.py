"""The round of PACE reviews: what falls due over several suites in the next hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from triage.casework.faults import one_record
from triage.casework.history import History
from triage.casework.looking import identity_of
from triage.casework.planning import detention_clocks
from triage.casework.review_known import known_stay
from triage.casework.review_looking import looking
from triage.casework.service import Service
from triage.domain import timeline
from triage.domain.clocks import Clock, ClockState
from triage.domain.errors import InputError
from triage.domain.timeline import Event
from triage.record import Actor, Reading

BACK = timedelta(hours=24)
AHEAD = timedelta(hours=12)  # a review plan covers one shift
_REVIEWS = ("pace_review_1", "pace_review_2", "pace_review_n")
_WAITING = (ClockState.RUNNING, ClockState.PAUSED, ClockState.OVERDUE)


@dataclass(frozen=True)
class ReviewDue:
    """One PACE review that falls due in the next hours, or has passed, or may have."""

    stay: str
    suite: str
    reference: str
    initials: str
    cell: str | None
    clock: Clock | None  # None: the record cannot be read, so nobody can tell when one is due


@dataclass(frozen=True)
class ReviewDone:
    """One PACE review that was done: how, and by telephone why."""

    stay: str
    suite: str
    reference: str
    initials: str
    at: datetime
    by: str
    mode: str | None  # in_person, phone or video; None: nobody said how
    phone_reason: str | None

    @property
    def unreasoned(self) -> bool:
        """Done by telephone without a reason on the record."""
        return self.mode == "phone" and not self.phone_reason


def pace_done(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    as_known_at: datetime | None = None,
) -> tuple[ReviewDone, ...]:
    """PACE reviews done over these suites in the last day, the last one first."""
    at = as_known_at or now
    looked = looking(service, suites, "PACE reviews done", actor, now)
    found = []
    with service.record.reading() as reading:
        for id in _here(reading, at - BACK, at, as_known_at):
            known = known_stay(reading, id, as_known_at)
            if known is not None and _in(known[0].suite, looked):
                found += _done(History(*known), at)
    return tuple(sorted(found, key=lambda one: (one.at, one.reference), reverse=True))


def pace_reviews(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    ahead: timedelta = AHEAD,
    as_known_at: datetime | None = None,
) -> tuple[ReviewDue, ...]:
    """PACE reviews due within ``ahead`` over these suites, and those overdue; by suite and time.

    Whoever's record cannot be read stands first in their suite: a review may be due, or overdue.
    """
    looked = looking(service, suites, "PACE reviews", actor, now)
    at = as_known_at or now
    found = []
    with service.record.reading() as reading:
        for id in _here(reading, at, at, as_known_at):
            known = known_stay(reading, id, as_known_at)
            if known is not None and known[0].is_open and _in(known[0].suite, looked):
                found += _reviews(service, History(*known), at, ahead)
    return tuple(sorted(found, key=_order))


def _order(one: ReviewDue) -> tuple[str, datetime, str]:
    first = datetime.min.replace(tzinfo=UTC)
    return (one.suite, (one.clock and one.clock.due_at) or first, one.reference)


def _reviews(service: Service, history: History, at: datetime, ahead: timedelta) -> list[ReviewDue]:
    none: tuple[Clock, ...] = ()
    clocks, readable = one_record(
        lambda: detention_clocks(service, history, now=at).clocks, lambda: none
    )
    stay, who = history.stay, identity_of(history.stay).initials
    if not readable:
        return [
            ReviewDue(stay.id, stay.suite or "", stay.reference or stay.id, who, stay.cell, None)
        ]
    return [
        ReviewDue(stay.id, stay.suite or "", stay.reference or stay.id, who, stay.cell, clock)
        for clock in clocks
        if clock.clock in _REVIEWS
        and clock.state in _WAITING
        and clock.ended_at is None
        and clock.due_at is not None
        and clock.due_at <= at + ahead
    ]


def _here(reading: Reading, since: datetime, at: datetime, known: datetime | None) -> set[str]:
    """The stays that may have been open in a stretch, as far as was known then."""
    ids = {stay.id for stay in reading.stays_of_stretch(since, at + timedelta(seconds=1))}
    return ids if known is None else ids | set(reading.stays_told_of_since(known))


def _done(history: History, at: datetime) -> list[ReviewDone]:
    try:
        events = timeline.as_known(history.detention(at)).events
    except InputError:
        return []  # an emergency says that this record cannot be evaluated
    stay, who = history.stay, identity_of(history.stay).initials
    return [
        ReviewDone(
            stay.id, stay.suite or "", stay.reference or stay.id, who, event.latest,
            event.by or "", _word(event, "mode"), _word(event, "phone_reason"),
        )
        for event in events
        if event.kind == "pace_review_done" and at - BACK <= event.latest <= at
    ]  # fmt: skip


def _word(event: Event, name: str) -> str | None:
    said = event.extra.get(name)
    return None if said is None else str(said)


def _in(suite: str | None, looked: Sequence[str]) -> bool:
    return not looked or suite in looked
