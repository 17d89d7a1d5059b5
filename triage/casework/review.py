"""The inspector's review: who waits now, what lapses next, and why it took so long.

Every view takes ``as_known_at``: then it is the view that somebody would have had at that moment,
from what had been typed by then. Each look is logged.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from triage.casework.acts import allow, allow_suite, stay_for
from triage.casework.history import History
from triage.casework.looking import identity_of
from triage.casework.planning import detention_clocks
from triage.casework.review_cases import (
    Case,
    Finding,
    Passed,
    case_of,
    cases,
    fields,
    known_stay,
)
from triage.casework.service import Service
from triage.domain import annual_return, ledger, london
from triage.domain.annual_return import Counted, Row
from triage.domain.clocks import Clock, ClockState, Power
from triage.domain.errors import InputError
from triage.domain.ledger import LedgerLine
from triage.domain.legs import Measured
from triage.domain.roles import Verb
from triage.domain.waits import Stage, WaitKind
from triage.record import Actor

AHEAD = timedelta(hours=12)  # a review plan covers one shift
_REVIEWS = ("pace_review_1", "pace_review_2", "pace_review_n")
_WAITING = (ClockState.RUNNING, ClockState.PAUSED, ClockState.OVERDUE)
_LONGEST = timedelta(days=1096)  # three years in one report


@dataclass(frozen=True)
class LiveLine:
    """One person who waits now: on which power, since when, for whom, what lapses next."""

    case: Case
    power: Power | None
    lapses_at: datetime | None
    left_seconds: int | None  # below zero: so long past the lapse
    awaited: tuple[tuple[WaitKind, Stage, str], ...]  # wait, stage, partner who acts next


@dataclass(frozen=True)
class Live:
    """Everybody who waits now; no power first, then the first to lapse."""

    at: datetime
    as_known_at: datetime | None
    lines: tuple[LiveLine, ...]


@dataclass(frozen=True)
class ReviewDue:
    """One PACE review that falls due in the next hours, or has passed."""

    stay: str
    suite: str
    reference: str
    initials: str
    cell: str | None
    clock: Clock


@dataclass(frozen=True)
class Review:
    """All waits that began in a stretch of time, ready to be reported."""

    at: datetime
    as_known_at: datetime | None
    since: datetime
    until: datetime
    suites: tuple[str, ...]
    cases: tuple[Case, ...]

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The waits that began in this stretch."""
        return tuple(
            one
            for case in self.cases
            for one in case.measured
            if self.since <= one.began < self.until
        )

    @property
    def detentions(self) -> tuple[Case, ...]:
        """The stays with a detention under section 136 or 135 that began in this stretch."""
        return self._of(WaitKind.DETENTION)

    def _of(self, *kinds: WaitKind) -> tuple[Case, ...]:
        return tuple(
            case
            for case in self.cases
            if any(
                wait.kind in kinds and self.since <= wait.began < self.until for wait in case.waits
            )
        )

    @property
    def ledger(self) -> tuple[LedgerLine, ...]:
        """Minutes by partner and agreed reason over the detentions of this stretch."""
        return ledger.ledger(
            (case.reference, case.clocks.delays if case.clocks else ()) for case in self.detentions
        )

    @property
    def passed(self) -> tuple[tuple[Case, Passed], ...]:
        """Every time that passed in a stay of this stretch, explained or not."""
        found = self._of(*WaitKind)
        return tuple((case, one) for case in found for one in case.passed)


@dataclass(frozen=True)
class ReturnView:
    """The annual return of one year, and what is missing from it."""

    at: datetime
    as_known_at: datetime | None
    first: date
    next: date
    rows: tuple[Row, ...]
    counted: tuple[Counted, ...]
    most_missing_percent: float


@dataclass(frozen=True)
class SampleLine:
    """One record of a dip sample: why it was chosen, and what was found in it."""

    case: Case
    why: tuple[str, ...]  # empty: by chance
    finding: Finding | None


@dataclass(frozen=True)
class Sample:
    """A dip sample: all high-risk records, and some by chance; the seed makes it repeatable."""

    name: str
    of: int  # how many records it was drawn from
    lines: tuple[SampleLine, ...]


def live(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    as_known_at: datetime | None = None,
) -> Live:
    """Everybody detained or waiting now, or as known then; the first to lapse first."""
    at = as_known_at or now
    found = _cases(service, suites, "live", at, at + timedelta(seconds=1), actor, now, as_known_at)
    lines = [_line(service, case, at) for case in found if case.closed_at is None]
    return Live(at, as_known_at, tuple(sorted(lines, key=_lapse_order)))


def detention(
    service: Service,
    stay: str,
    *,
    actor: Actor,
    now: datetime,
    as_known_at: datetime | None = None,
) -> LiveLine:
    """One detention in full, now or as it was known then."""
    allow(actor, Verb.VIEW_REVIEW)
    with service.record.reading() as reading:
        stay_for(reading, stay, actor)
        known = known_stay(reading, stay, as_known_at)
        if known is None:
            raise InputError.at("stay", "Nothing was known of this stay at that moment.")
        at = as_known_at or now
        line = _line(service, case_of(service, History(*known), at=at), at)
    service.record.log_access(actor, "review: one detention", stay, "review", now)
    return line


def pace_reviews(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    ahead: timedelta = AHEAD,
    as_known_at: datetime | None = None,
) -> tuple[ReviewDue, ...]:
    """PACE reviews due within ``ahead`` over these suites, and those overdue; by suite and time."""
    looked = _looking(service, suites, "PACE reviews", actor, now)
    at = as_known_at or now
    found = []
    with service.record.reading() as reading:
        ids = {stay.id for stay in reading.stays_between(at, at + timedelta(seconds=1))}
        if as_known_at is not None:
            ids |= set(reading.stays_told_of_since(as_known_at))
        for id in ids:
            known = known_stay(reading, id, as_known_at)
            if known is not None and known[0].is_open and _in(known[0].suite, looked):
                found += _reviews(service, History(*known), at, ahead)
    return tuple(sorted(found, key=lambda one: (one.suite, one.clock.due_at, one.reference)))


def review(
    service: Service,
    suites: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    actor: Actor,
    now: datetime,
    as_known_at: datetime | None = None,
) -> Review:
    """All waits that began from ``since`` up to ``until``: report, ledger and pack rest on it."""
    _check_stretch(since, until)
    found = _cases(service, suites, "report", since, until, actor, now, as_known_at)
    looked = tuple(suites) or actor.suites
    return Review(as_known_at or now, as_known_at, since, until, looked, found)


def yearly(
    service: Service,
    suites: Sequence[str],
    *,
    on: date,
    actor: Actor,
    now: datetime,
    as_known_at: datetime | None = None,
) -> ReturnView:
    """The annual return of the year that a day is in: a row for each detention decided in it."""
    practice = service.rulebook.practice.get("annual_return", {})
    first, after = annual_return.year_of(london.midnight(on), practice.get("year_begins", "04-01"))
    since, until = london.midnight(first), london.midnight(after)
    found = _cases(service, suites, "annual return", since, until, actor, now, as_known_at)
    rows = tuple(row for case in found for row in case.returned if since <= row.decided_at < until)
    most = float(practice.get("most_missing_percent", 0))
    counted = annual_return.counted(fields(service), rows)
    return ReturnView(as_known_at or now, as_known_at, first, after, rows, counted, most)


def sample(found: Review, *, chosen: int, seed: int) -> Sample:
    """All high-risk records of a review, and ``chosen`` others by chance; the same for a seed."""
    name = f"{london.day_of(found.since)}/{london.day_of(found.until)}/{chosen}/{seed}"
    inside = sorted(
        (
            case
            for case in found.cases
            if any(found.since <= w.began < found.until for w in case.waits)
        ),
        key=lambda case: (case.reference, case.stay),
    )
    risky = {case.stay: high_risk(case) for case in inside}
    rest = [case for case in inside if not risky[case.stay]]
    drawn = {case.stay for case in random.Random(seed).sample(rest, min(chosen, len(rest)))}
    lines = tuple(
        SampleLine(case, risky[case.stay], _last_finding(case, name))
        for case in inside
        if risky[case.stay] or case.stay in drawn
    )
    return Sample(name, len(inside), lines)


def high_risk(case: Case) -> tuple[str, ...]:
    """Why a record is always looked at: none of these is a judgement on anybody."""
    said = case.clocks
    signs = (
        ("cannot_be_evaluated", said is None),
        ("breach", any(one.clock.state is ClockState.BREACH for one in case.passed)),
        ("against_the_law", bool(said and said.unlawful)),
        ("emergency_alert", case.worst == "A1"),
        ("police_station", any(row.values.get("station_hours") not in (None, "not_asked")
                               for row in case.returned)),
        ("under_18", any(row.values.get("age_group") == "under_18" for row in case.returned)),
        ("absconded", any(event.kind == "absconded" for event in case.story)),
    )  # fmt: skip
    return tuple(name for name, holds in signs if holds)


def _last_finding(case: Case, sample: str) -> Finding | None:
    return next((one for one in reversed(case.findings) if one.sample == sample), None)


def _cases(
    service: Service,
    suites: Sequence[str],
    what: str,
    since: datetime,
    until: datetime,
    actor: Actor,
    now: datetime,
    as_known_at: datetime | None,
) -> tuple[Case, ...]:
    looked = _looking(service, suites, what, actor, now)
    with service.record.reading() as reading:
        return cases(
            service, reading, looked, since=since, until=until, at=as_known_at or now,
            as_known_at=as_known_at,
        )  # fmt: skip


def _looking(
    service: Service, suites: Sequence[str], what: str, actor: Actor, now: datetime
) -> tuple[str, ...]:
    allow(actor, Verb.VIEW_REVIEW)
    asked = tuple(suites) or actor.suites
    for suite in asked:
        allow_suite(actor, suite)
    words = f"review {what}: {', '.join(asked) or 'all'}"
    service.record.log_access(actor, words, None, "review", now)
    return asked


def _check_stretch(since: datetime, until: datetime) -> None:
    if until <= since:
        raise InputError.at("until", "Must be after the beginning.")
    if until - since > _LONGEST:
        raise InputError.at("until", "At most three years at a time.")


def _line(service: Service, case: Case, at: datetime) -> LiveLine:
    far = datetime.max.replace(tzinfo=at.tzinfo)
    powers = case.clocks.powers if case.clocks else ()
    power = min(powers, key=lambda one: (one.lapses_at or far, one.since), default=None)
    lapses = power.lapses_at if power else _lapsed(case)
    left = None if lapses is None else int((lapses - at).total_seconds())
    owners = service.rulebook.practice.get("delay_codes", {}).get("stages", {})
    awaited = tuple(
        (wait.kind, stage, str(owners.get(stage.value, "unattributed")))
        for wait in case.waits
        if (stage := wait.awaited()) is not None
    )
    return LiveLine(case, power, lapses, left, awaited)


def _lapsed(case: Case) -> datetime | None:
    """When the period of somebody lapsed who is still held."""
    due = [
        one.clock.due_at
        for one in case.passed
        if one.clock.clock == "permitted_period" and one.clock.ended_at is None
    ]
    return next((moment for moment in due if moment is not None), None)


def _lapse_order(line: LiveLine) -> tuple[bool, float, str]:
    lapses = float("inf") if line.lapses_at is None else line.lapses_at.timestamp()
    return (line.power is not None, lapses, line.case.stay)


def _reviews(service: Service, history: History, at: datetime, ahead: timedelta) -> list[ReviewDue]:
    try:
        clocks = detention_clocks(service, history, now=at).clocks
    except Exception:
        return []  # an emergency says that this record cannot be evaluated
    stay, who = history.stay, identity_of(history.stay).initials
    return [
        ReviewDue(stay.id, stay.suite or "", stay.reference or stay.id, who, stay.cell, clock)
        for clock in clocks
        if clock.clock in _REVIEWS
        and clock.state in _WAITING
        and clock.ended_at is None
        and clock.due_at is not None
        and clock.due_at <= at + ahead
    ]


def _in(suite: str | None, looked: Sequence[str]) -> bool:
    return not looked or suite in looked
