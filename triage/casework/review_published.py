"""Figures that leave the force: once for each day of a suite, by a named act, as known then.

Whoever asks for the same period again gets what left the first time, whatever was typed since: two
moments of knowledge could be subtracted like two stretches.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from triage.casework.acts import Ids, allow, allow_suite, once
from triage.casework.review import ReturnView, review, yearly
from triage.casework.service import Service
from triage.casework.stored import pack, unpack
from triage.domain import london, published
from triage.domain.errors import InputError, NotAllowed
from triage.domain.published import Kind, Period
from triage.domain.roles import Verb
from triage.present import figures
from triage.present.figures import Figures
from triage.present.spans import listed, named
from triage.record import Actor, EventKind, NewEvent, Reading, Recorded, Writing

NOT_LEFT = (
    "Nothing has left for these days and suites. Let the pack of whole weeks leave first, or ask "
    "for exact figures inside the force."
)
KNOWN = (
    "What leaves stands as it was known when it left. Ask without a moment of knowledge, or for "
    "exact figures inside the force."
)


@dataclass(frozen=True)
class Published:
    """Figures that left: of which period, when, by whom, and all that was in them."""

    seq: int
    period: Period
    at: datetime
    by: str
    figures: Figures
    repeated: bool = False


def period_of_pack(
    first: date, after: date, suites: Sequence[str], *, actor: Actor, now: datetime
) -> Period:
    """The period of a pack that somebody asks for; raises InputError unless it may be asked."""
    asked = _suites(suites, actor)
    return published.pack_period(first, after, asked, today=london.day_of(now))


def left(service: Service, *, actor: Actor) -> tuple[Published, ...]:
    """All figures that left and that this person may see, the first ones first."""
    allow(actor, Verb.VIEW_REVIEW)
    found = _all(service.record.reading())
    mine = set(actor.suites)
    return tuple(
        each
        for each in found
        if not mine or (each.period.suites and set(each.period.suites) <= mine)
    )


def left_of(service: Service, period: Period, *, actor: Actor) -> Published:
    """What left of one period; raises InputError when nothing did, saying what else to ask for."""
    found = standing(service, period, actor=actor)
    if found is None:
        raise InputError.at("to", NOT_LEFT)
    return found


def standing(service: Service, period: Period, *, actor: Actor) -> Published | None:
    """What left of exactly one period, if anything; raises NotAllowed where it never can."""
    allow(actor, Verb.VIEW_REVIEW)
    return _standing(service.record.reading(), period)


def before(service: Service, period: Period, *, actor: Actor) -> tuple[Figures, ...]:
    """The packs of the same suites that left up to and with a period, for its run chart."""
    return tuple(
        each.figures
        for each in left(service, actor=actor)
        if each.period.kind is Kind.PACK
        and each.period.suites == period.suites
        and each.period.after <= period.after
    )


def pack_draft(service: Service, period: Period, *, actor: Actor, now: datetime) -> Figures:
    """What would leave of one period; nothing leaves by looking at it."""
    since, until = london.midnight(period.first), london.midnight(period.after)
    looked = review(service, period.suites, since=since, until=until, actor=actor, now=now)
    return figures.leaving(looked, service.rulebook.practice)


def return_draft(view: ReturnView) -> Figures:
    """What would leave of one annual return; nothing leaves by looking at it."""
    return Figures(figures.return_sheets(view.counted, leaving=True))


def period_of_return(
    view: ReturnView, suites: Sequence[str], *, actor: Actor, now: datetime
) -> Period:
    """The period of an annual return; raises InputError while its year is not over."""
    asked = _suites(suites, actor)
    return published.return_period(view.first, view.next, asked, today=london.day_of(now))


def let_pack_leave(
    service: Service, period: Period, *, actor: Actor, now: datetime, key: str | None = None
) -> Published:
    """Let the pack of one period leave, once; the same period again is answered as it left.

    Raises NotAllowed, saying what to ask for instead, when a day of a suite has left already.
    """
    allow(actor, Verb.PUBLISH_FIGURES)
    found = standing(service, period, actor=actor)
    if found is not None:
        return replace(found, repeated=True)
    made = pack_draft(service, period, actor=actor, now=now)
    return _publish(service, period, made, actor=actor, now=now, key=key)


def let_return_leave(
    service: Service,
    suites: Sequence[str],
    *,
    on: date,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Published:
    """Let the counts of the annual return of a year that is over leave, once."""
    allow(actor, Verb.PUBLISH_FIGURES)
    view = yearly(service, suites, on=on, actor=actor, now=now)
    period = period_of_return(view, suites, actor=actor, now=now)
    return _publish(service, period, return_draft(view), actor=actor, now=now, key=key)


def return_left(
    service: Service, suites: Sequence[str], first: date, after: date, *, actor: Actor
) -> Published:
    """The counts of one year that left; raises InputError when they did not."""
    period = Period(Kind.RETURN, first, after, tuple(sorted(set(_suites(suites, actor)))))
    return left_of(service, period, actor=actor)


def _suites(suites: Sequence[str], actor: Actor) -> tuple[str, ...]:
    asked = tuple(suites) or actor.suites
    for suite in asked:
        allow_suite(actor, suite)
    return asked


def _publish(
    service: Service,
    period: Period,
    made: Figures,
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
) -> Published:
    def do(writing: Writing) -> Published:
        found = _standing(writing, period)
        if found is not None:
            return replace(found, repeated=True)
        said = {"period": pack(period)}
        event = NewEvent(
            EventKind.FIGURES_PUBLISHED, actor, now, header=said, payloads={"police": pack(made)}
        )
        return _published(writing.append(event))

    def again(writing: Writing, ids: Ids) -> Published:
        recorded = writing.event(ids["seq"])
        assert recorded is not None  # remembered ids are ids of the record
        return replace(_published(recorded), repeated=True)

    verb = Verb.PUBLISH_FIGURES
    return once(service, verb, {"period": period}, do, again, actor=actor, now=now, key=key)


def _standing(reading: Reading | Writing, period: Period) -> Published | None:
    found = _all(reading)
    other = published.in_the_way(period, (each.period for each in found))
    if other is not None:
        raise NotAllowed(_in_the_way(other))
    return next((each for each in found if each.period == period), None)


def _in_the_way(other: Period) -> str:
    what = "The annual return" if other.kind is Kind.RETURN else "The pack"
    suites = listed([named(each) for each in other.suites]) or "all suites"
    return (
        f"{what} of {published.days(other.first, other.after)} has left already ({suites}). "
        "Taken from each other, figures of overlapping days would give small numbers away. Ask "
        "for that one again, for days that have not left, or for exact figures inside the force."
    )


def _all(reading: Reading | Writing) -> tuple[Published, ...]:
    return tuple(_published(each) for each in reading.published_figures())


def _published(recorded: Recorded) -> Published:
    part = recorded.payloads.get("police") or {}
    return Published(
        recorded.seq,
        unpack(Period, recorded.header["period"]),
        recorded.recorded_at,
        recorded.actor.name,
        unpack(Figures, part),
    )
