"""The inspector's reports: why it took so long, over weeks and for the annual return.

Every view takes ``as_known_at``: then it is the view that somebody would have had at that moment,
from what had been typed by then. Each look is logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from triage.casework.review_case import Case, Passed
from triage.casework.review_cases import fields
from triage.casework.review_looking import cases_in
from triage.casework.service import Service
from triage.domain import annual_return, ledger, london
from triage.domain.annual_return import Counted, Row
from triage.domain.clocks import Gap
from triage.domain.errors import InputError
from triage.domain.ledger import LedgerLine
from triage.domain.legs import Measured
from triage.domain.shares import Share, share_of
from triage.domain.timeline import Event
from triage.domain.waits import WaitKind
from triage.record import Actor

_LONGEST = timedelta(days=1096)  # three years in one report


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

    @property
    def arrested(self) -> tuple[Case, ...]:
        """The stays in which an arrested person began to wait in this stretch."""
        return self._of(WaitKind.ARRESTED)

    def _of(self, kind: WaitKind) -> tuple[Case, ...]:
        of_kind = (case for case, share in self.shares if share.wait.kind is kind)
        return tuple({case.stay: case for case in of_kind}.values())

    @property
    def ledger(self) -> tuple[LedgerLine, ...]:
        """Minutes by partner and agreed reason over the detentions of this stretch."""
        return self._ledger(WaitKind.DETENTION)

    @property
    def arrested_ledger(self) -> tuple[LedgerLine, ...]:
        """The same of arrested people who waited for an assessment or a bed; never one sum."""
        return self._ledger(WaitKind.ARRESTED)

    def _ledger(self, kind: WaitKind) -> tuple[LedgerLine, ...]:
        return ledger.ledger(
            (case.reference, share.delays) for case, share in self.shares if share.wait.kind is kind
        )

    @property
    def shares(self) -> tuple[tuple[Case, Share], ...]:
        """Every wait that began in this stretch, with the minutes that are its own."""
        return tuple(
            (case, share) for case in self.cases for share in case.shares if self._begins(share)
        )

    @property
    def gaps(self) -> tuple[tuple[Case, Gap], ...]:
        """The stretches of these detentions in which nobody was recorded as waited for."""
        return tuple((case, gap) for case, share in self.shares for gap in share.gaps)

    @property
    def passed(self) -> tuple[tuple[Case, Passed], ...]:
        """Every time that passed in a wait of this stretch, explained or not."""
        return tuple(
            (case, one)
            for case in self.cases
            for one in case.passed
            if self._begins(share_of(case.shares, one.clock.started_at))
        )

    @property
    def asked(self) -> tuple[tuple[Case, Event], ...]:
        """The places of safety that were asked for a detention of this stretch."""
        return tuple(
            (case, event)
            for case in self.cases
            for event in case.asked
            if self._begins(share_of(_detained(case), event.earliest))
        )

    def _begins(self, share: Share | None) -> bool:
        return share is not None and self.since <= share.wait.began < self.until


def _detained(case: Case) -> tuple[Share, ...]:
    return tuple(share for share in case.shares if share.wait.kind is WaitKind.DETENTION)


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
    found = cases_in(service, suites, "report", since, until, actor, now, as_known_at)
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
    found = cases_in(service, suites, "annual return", since, until, actor, now, as_known_at)
    rows = tuple(row for case in found for row in case.returned if since <= row.decided_at < until)
    most = float(practice.get("most_missing_percent", 0))
    counted = annual_return.counted(fields(service), rows)
    return ReturnView(as_known_at or now, as_known_at, first, after, rows, counted, most)


def _check_stretch(since: datetime, until: datetime) -> None:
    if until <= since:
        raise InputError.at("until", "Must be after the beginning.")
    if until - since > _LONGEST:
        raise InputError.at("until", "At most three years at a time.")
