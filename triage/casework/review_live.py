"""Who waits now: on which recorded power, since when, for whom, and what lapses next.

With ``as_known_at`` it is the view that somebody would have had at that moment. Each look is
logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.casework.acts import allow, stay_for
from triage.casework.history import History
from triage.casework.review_case import Case
from triage.casework.review_cases import case_of
from triage.casework.review_known import known_stay
from triage.casework.review_looking import cases_in
from triage.casework.service import Service
from triage.domain.clocks import Power
from triage.domain.errors import InputError
from triage.domain.roles import Verb
from triage.domain.waits import Stage, WaitKind
from triage.record import Actor


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


def live(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    as_known_at: datetime | None = None,
    verb: Verb = Verb.VIEW_REVIEW,
) -> Live:
    """Everybody detained or waiting now, or as known then; the first to lapse first.

    With another ``verb`` it is the same list for those who keep the waits up and do not review.
    """
    at = as_known_at or now
    found = cases_in(
        service, suites, "live", at, at + timedelta(seconds=1), actor, now, as_known_at, verb
    )
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
