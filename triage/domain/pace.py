"""PACE 1984 Part IV: the limits of detention without charge, and what pauses them.

Every period is approximate (s45(2)): late is "overdue". Time in hospital does not count, except
while the person is questioned about an offence (s41(6)); time on bail does not count (s47(6)).
Section 136 has its own clock and never pauses: two powers, two clocks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triage.domain import ranks
from triage.domain.clocks import Clock, ClockState
from triage.domain.dated import Law, Row
from triage.domain.pauses import Count, Pause, bails, counted, pauses_of
from triage.domain.relevant_time import Relevant, relevant_time
from triage.domain.timeline import Detention, Event, Timeline
from triage.domain.watches import Finding, Run, Watch, clock_of, typed
from triage.domain.whereabouts import Stay, releases

_OPENERS = ("arrested", "arrived_station", "detention_authorised")
_WHEN_NO_COURT_SITS = timedelta(hours=6)


@dataclass(frozen=True)
class Custody:
    """One detention for an offence, from arrest to release."""

    opened: Event
    relevant: Relevant
    ended: datetime | None
    charged: Event | None
    pauses: tuple[Pause, ...]

    def within(self, timeline: Timeline, *kinds: str) -> tuple[Event, ...]:
        """The events of these kinds from the arrest to the release."""
        return tuple(
            event
            for event in timeline.of(*kinds)
            if event.latest >= self.opened.earliest
            and (self.ended is None or event.earliest <= self.ended)
        )

    def on_bail(self, timeline: Timeline) -> Event | None:
        """The bail that the person is still on."""
        last = bails(self.within(timeline, "bailed", "answered_bail", "arrested"))[-1:]
        return last[0][0] if last and last[0][1] is None else None

    def count(self, since: datetime, length: timedelta, at: datetime) -> Count:
        """When a length of counted time from this moment is over."""
        return counted(since, length, self.pauses, at)


@dataclass(frozen=True)
class Limits:
    """The limits of one detention without charge: what extends it, and when each is over."""

    day: Count
    extended: Event | None
    most: Count  # 36 hours, or what the superintendents gave if that is less
    warrants: tuple[tuple[Event, Count], ...]
    ceiling: Count
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]

    @property
    def lapses(self) -> datetime:
        """When detention without charge must end, as things stand."""
        if self.warrants:
            return self.warrants[-1][1].due
        return self.most.due if self.extended else self.day.due


def custodies(law: Law, timeline: Timeline, found: Sequence[Stay]) -> tuple[Custody, ...]:
    """Each detention for an offence. A further arrest inside one starts nothing new (s41(4))."""
    spans: list[tuple[Event, datetime | None]] = []
    for event in timeline.events:
        open_span = bool(spans) and spans[-1][1] is None
        if event.kind in _OPENERS and not open_span:
            spans.append((event, None))
        elif open_span and ends(event, spans[-1][0]):
            spans[-1] = (spans[-1][0], event.latest)
    return tuple(_custody(law, timeline, found, opened, ended) for opened, ended in spans)


def ends(event: Event, opened: Event) -> bool:
    """Whether this ends the detention under PACE that this event began."""
    named = event.kind == "ended" and event.extra.get("power") == "pace"
    return named or releases(event, opened)


def _custody(
    law: Law, timeline: Timeline, found: Sequence[Stay], opened: Event, ended: datetime | None
) -> Custody:
    unsure = Relevant(opened, opened.earliest, certain=False)
    bare = Custody(opened, unsure, ended, None, pauses_of(law, timeline))

    def within(*kinds: str) -> tuple[Event, ...]:
        return bare.within(timeline, *kinds)

    return replace(
        bare,
        relevant=relevant_time(law, found, opened, within),
        charged=next(iter(within("charged")), None),
    )


def limits(law: Law, timeline: Timeline, detention: Detention, custody: Custody) -> Limits:
    """The limits as they stand: 24 hours, 36 by a superintendent, warrants, never past 96."""
    relevant, at = custody.relevant.moment, timeline.at
    day = custody.count(relevant, law.row("PACE-24").length(), at)
    most = custody.count(relevant, law.row("PACE-36").length(), at)
    ceiling = custody.count(relevant, law.row("PACE-96").length(), at)
    extensions = custody.within(timeline, "pace_extended")
    stand = _extensions(law, timeline, detention, custody, day)
    warrants, no_warrants = _warrants(law, timeline, detention, custody, (most, ceiling))
    fallen = [
        Finding("pace_extension", one, "PACE-36", one.latest)
        for one in extensions
        if one not in [given for given, _ in stand]
    ]
    return Limits(
        day=day,
        extended=stand[0][0] if stand else None,
        most=stand[-1][1] if stand else most,
        warrants=warrants,
        ceiling=ceiling,
        findings=(*fallen, *no_warrants),
        warnings=tuple(words for one, _ in stand for words in _unnamed(one, detention)),
    )


def _extensions(
    law: Law, timeline: Timeline, detention: Detention, custody: Custody, day: Count
) -> list[tuple[Event, Count]]:
    """The superintendents' extensions that stand, each with when it is over (s42(1), (2)).

    One that does not say for how many hours is counted to the whole 36, and a warning says so. A
    further one is given while the last still runs, and all of them together reach 36 at the most.
    """
    first, longest = law.row("PACE-24").length(), law.row("PACE-36").length()
    until, length = day, first
    stand: list[tuple[Event, Count]] = []
    for event in custody.within(timeline, "pace_extended"):
        given = _given(event, longest - length)
        if given is None or given > longest - length:
            continue
        if _may_extend(timeline, detention, custody, event, until.due):
            length += given
            until = custody.count(custody.relevant.moment, length, timeline.at)
            stand.append((event, until))
    return stand


def _given(event: Event, whole: timedelta) -> timedelta | None:
    """For how much longer an extension was given; None where what it says is no length."""
    hours = event.extra.get("hours")
    if hours is None:
        return whole
    real = isinstance(hours, int) and not isinstance(hours, bool) and hours >= 1
    return timedelta(hours=int(str(hours))) if real else None


def _warrants(
    law: Law,
    timeline: Timeline,
    detention: Detention,
    custody: Custody,
    bounds: tuple[Count, Count],
) -> tuple[tuple[tuple[Event, Count], ...], list[Finding]]:
    """The warrants that stand with when each is over, never past the ceiling; and the others."""
    most, ceiling = bounds
    longest = law.row("PACE-WFD").length()
    stand: list[tuple[Event, Count]] = []
    fallen: list[Finding] = []
    for event in custody.within(timeline, "warrant_granted"):
        hours = event.extra.get("hours")
        # Only the first may still be asked for when no court could sit at 36 hours (s43(5)(b)).
        latest = stand[-1][1].due if stand else most.due + _WHEN_NO_COURT_SITS
        if _may_grant(detention, event, hours, longest, latest):
            until = custody.count(event.earliest, timedelta(hours=int(str(hours))), timeline.at)
            stand.append((event, until if until.due < ceiling.due else ceiling))
        else:
            fallen.append(Finding("pace_warrant_invalid", event, "PACE-WFD", event.latest))
    return tuple(stand), fallen


def _may_extend(
    timeline: Timeline, detention: Detention, custody: Custody, event: Event, before: datetime
) -> bool:
    """Superintendent, in time, after the second review, indictable offence (s42(1), (4)).

    A review by somebody who may not review is none (s40(1)(b)).
    """
    reviews = [
        review
        for review in custody.within(timeline, "pace_review_done")
        if review.latest <= event.earliest and ranks.may_be(review, "inspector")
    ]
    return (
        ranks.may_be(event, "superintendent")
        and event.latest < before
        and len(reviews) >= 2
        and detention.indictable is not False
    )


def _unnamed(event: Event, detention: Detention) -> list[str]:
    words = []
    if event.rank is None and event.role is None:
        words.append(f"the extension does not say that a superintendent gave it: {event.id}")
    if event.extra.get("hours") is None:
        words.append(f"the extension does not say for how many hours, 36 are counted: {event.id}")
    if detention.indictable is None:
        words.append("nobody has said that the offence is indictable: only then can it be extended")
    return words


def _may_grant(
    detention: Detention, event: Event, hours: object, longest: timedelta, latest: datetime
) -> bool:
    """An indictable offence, a stated length of up to 36 hours, asked for in time (s43, s44).

    A warrant is extended while it lasts: when it is over the person is charged or released
    (s43(18)), and section 44 gives no six hours.
    """
    if not isinstance(hours, int) or isinstance(hours, bool) or hours < 1:
        return False
    in_time = event.latest <= latest
    return timedelta(hours=hours) <= longest and detention.indictable is not False and in_time


def watches(law: Law, timeline: Timeline, custody: Custody, found: Limits) -> Iterator[Watch]:
    """The limits as clocks; 36 and 96 hours always show their time."""
    over = _first(custody.ended, custody.charged.latest if custody.charged else None)
    extended = found.extended.latest if found.extended else None
    warrants = found.warrants
    granted = warrants[0][0].latest if warrants else None
    yield _limit(law.row("PACE-24"), "pace_24h", timeline, custody, found.day,
                 _first(over, extended, granted), "extended" if extended else None)  # fmt: skip
    whole = custody.count(custody.relevant.moment, law.row("PACE-36").length(), timeline.at)
    less = "extended_for_less" if found.most.due < whole.due else None
    yield _limit(law.row("PACE-36"), "pace_36h", timeline, custody, found.most,
                 _first(over, granted), less if extended else "not_extended")  # fmt: skip
    yield _limit(law.row("PACE-96"), "pace_96h", timeline, custody, found.ceiling, over,
                 "ceiling")  # fmt: skip
    for number, (event, until) in enumerate(warrants):
        following = warrants[number + 1][0].latest if number + 1 < len(warrants) else None
        run = Run(event, event.earliest, until.due, _first(over, following))
        clock = clock_of("pace_warrant", "pace", law.row("PACE-WFD"), run, timeline.at)
        yield Watch(paused(clock, until), "pace_warrant", moved=until.moved, known_at=typed(event))


def _limit(
    row: Row,
    name: str,
    timeline: Timeline,
    custody: Custody,
    count: Count,
    ended: datetime | None,
    reason: str | None,
) -> Watch:
    start = custody.relevant
    run = Run(start.event, start.moment, count.due, ended)
    why, unsure = reason or start.reason, not start.certain
    clock = clock_of(name, "pace", row, run, timeline.at, provisional=unsure, reason=why)
    return Watch(paused(clock, count), name, moved=count.moved, known_at=typed(start.event))


def paused(clock: Clock, count: Count) -> Clock:
    """The clock as paused, while it is: its due time is as if the pause ended now."""
    if count.paused and clock.state is ClockState.RUNNING:
        return replace(clock, state=ClockState.PAUSED)
    return clock


def _first(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
