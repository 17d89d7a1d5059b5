"""A police station as a place of safety, under the 2017 regulations (SI 2017/1036).

Adults only, on an inspector's authority given before use. While the person is there: a health check
by a health professional at least every 30 minutes, awake or asleep; a behaviour review by the
custody officer at least hourly, or three-hourly in untroubled sleep. A missed health check, no
health professional there, or conditions that have ended, starts the duty to move the person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.domain import legal_owner, london, ranks
from triage.domain.birthdays import LONG_AGO, adult_since
from triage.domain.clocks import Clock, ClockState
from triage.domain.dated import Kind, Law, Row
from triage.domain.permitted import Held
from triage.domain.sleep import Relief
from triage.domain.timeline import STATION_TESTS, Detention, Event, Timeline
from triage.domain.watches import (
    Finding,
    Run,
    Watch,
    clock_of,
    missed_and_last,
    rounds,
    typed,
)
from triage.domain.whereabouts import STATION, Stay

CLOSED = "MHA25-S48-POS"
_HEALTH_ROLES = (None, "custody_hcp", "doctor")
_REVIEW_ROLES = (None, "custody_sergeant")


@dataclass(frozen=True)
class AtStation:
    """One stretch at a police station under section 136 or 135."""

    came: Event
    since: datetime
    until: datetime | None
    fresh: bool  # needs its own authority: not a return from hospital
    changed: datetime | None = None  # the law closed police stations while the person was there

    def within(self, timeline: Timeline, *kinds: str) -> list[Event]:
        """What happened while the person was there."""
        return [
            event
            for event in timeline.of(*kinds)
            if event.latest >= self.since and (self.until is None or event.earliest <= self.until)
        ]


def at_station(law: Law, found: Sequence[Stay], held: Held) -> tuple[AtStation, ...]:
    """Each stretch at a police station during one use of section 136 or 135."""
    episode = held.episode
    ended = episode.ended.latest if episode.ended else None
    stretches = []
    for stay in found:
        since = max(stay.since, episode.opened.earliest)
        until = min((end for end in (stay.until, ended) if end is not None), default=None)
        if stay.place == STATION and (until is None or since < until):
            came = stay.came if stay.since >= episode.opened.earliest else episode.opened
            fresh = came.kind != "back_from_hospital"
            changed = _changed(law, since, until)
            stretches.append(AtStation(came, since, until, fresh, changed))
    return tuple(stretches)


def _changed(law: Law, since: datetime, until: datetime | None) -> datetime | None:
    day = law.row(CLOSED).in_force_from if CLOSED in law.rows else None
    moment = london.midnight(day) if day is not None else None
    if moment is None or moment <= since or (until is not None and until <= moment):
        return None
    return moment


def watches(law: Law, timeline: Timeline, held: Held, here: AtStation) -> Iterator[Watch]:
    """Health checks, behaviour reviews and the duty to move, for one stretch at a station."""
    # After section 48 no regulation asks for the checks: they are still what keeps somebody safe.
    closed = law.holds(CLOSED, london.day_of(here.since))
    of, kind = "station", Kind.PRACTICE if closed else None
    unsettled = legal_owner.is_open(timeline, here)
    health = _rounds_of(law.row("REG4-CHECK"), timeline, here, "health_check", _HEALTH_ROLES)
    for run in missed_and_last(health, timeline.at):
        clock = clock_of("health_check", of, law.row("REG4-CHECK"), run, timeline.at,
                         repeating=True, kind=kind, contested=unsettled)  # fmt: skip
        yield Watch(clock, "health_check", repeating=True, known_at=typed(run.start))
    for run in missed_and_last(_reviews(law, timeline, here), timeline.at):
        clock = clock_of("behaviour_review", of, law.row("REG5-REVIEW"), run, timeline.at,
                         repeating=True, kind=kind, contested=unsettled)  # fmt: skip
        yield Watch(clock, "behaviour_review", repeating=True, known_at=typed(run.start))
    yield from _moves(law, timeline, here, health)


def findings(
    law: Law, timeline: Timeline, detention: Detention, held: Held, stretches: Sequence[AtStation]
) -> Iterator[Finding]:
    """What was against the law about the police station itself."""
    adult = adult_since(detention.person)
    yield from _acts(law, timeline, held, adult)
    before: datetime | None = None
    for here in stretches:
        if adult is None or here.since < adult:
            until = min((end for end in (here.until, adult) if end is not None), default=None)
            yield Finding("child_at_station", here.came, "S136A-CHILD", here.since, until)
        if law.holds(CLOSED, london.day_of(here.since)):
            yield Finding("station_closed", here.came, CLOSED, here.since, here.until)
        else:
            yield from _without_authority(timeline, held, here, adult, before)
        yield from legal_owner.findings(timeline, here, CLOSED)
        before = here.until


def _acts(law: Law, timeline: Timeline, held: Held, adult: datetime | None) -> Iterator[Finding]:
    """Proposals and authorities that the law does not allow, whoever arrived or did not."""
    for act in held.episode.within(timeline, "station_proposed", "station_authorised"):
        moment, given = act.earliest, act.kind == "station_authorised"
        if adult is None or moment < adult:
            code = "child_station_authorised" if given else "child_station_proposed"
            yield Finding(code, act, "S136A-CHILD", moment, moment, unlawful=given)
        elif law.holds(CLOSED, london.day_of(moment)):
            code = "station_closed" if given else "station_closed_proposed"
            yield Finding(code, act, CLOSED, moment, moment, unlawful=given)
        elif given:
            if not ranks.is_at_least(act, "inspector"):
                yield Finding("station_rank", act, "REG2-INSP", moment, moment)
            yield from _conditions(act, moment)


def _conditions(act: Event, moment: datetime) -> Iterator[Finding]:
    """What the authority itself says against the conditions of regulation 2; silence is no answer.

    Health cover and consultation are asked for as far as practicable: a reason excuses their lack.
    """
    if act.extra.get("risk") is False:
        yield Finding("station_test_failed", act, "REG2-RISK", moment, moment)
    if act.extra.get("no_other_place") is False:
        yield Finding("station_test_failed", act, "REG2-NOELSE", moment, moment)
    if act.extra.get("hcp_available") is False and not act.reason:
        yield Finding("station_no_hcp", act, "REG2-HCP", moment, moment)
    if act.extra.get("consulted") == "no" and not act.reason:
        yield Finding("station_not_consulted", act, "REG2-CONSULT", moment, moment)


def warnings(timeline: Timeline, held: Held) -> Iterator[str]:
    """Authorities on which one of the three tests was not answered."""
    for act in held.episode.within(timeline, "station_authorised"):
        open_ones = [name for name in STATION_TESTS if name not in act.extra]
        if open_ones:
            said = ", ".join(name.replace("_", " ") for name in open_ones)
            yield f"the tests for a police station are not all answered ({said}): {act.id}"


def _without_authority(
    timeline: Timeline,
    held: Held,
    here: AtStation,
    adult: datetime | None,
    before: datetime | None,
) -> Iterator[Finding]:
    """The time at a station without an inspector's authority given before use, to an adult."""
    if adult is None:
        return  # never lawful at all, which is said already
    needed_from = max(here.since, adult)
    if (here.until is not None and needed_from >= here.until) or needed_from > timeline.at:
        return
    given = sorted(_authorities(timeline, held, adult, before if here.fresh else None))
    if not given or given[0] > needed_from:
        until = min((end for end in (here.until, *given[:1]) if end is not None), default=None)
        yield Finding("station_not_authorised", here.came, "REG2-INSP", needed_from, until)


def _authorities(
    timeline: Timeline, held: Held, adult: datetime, before: datetime | None
) -> Iterator[datetime]:
    since = max(adult, before or LONG_AGO)
    opened = held.episode.opened
    if ranks.is_at_least(opened, "inspector") and opened.earliest >= since:
        yield opened.earliest
    for act in timeline.of("station_authorised"):
        if ranks.is_at_least(act, "inspector") and act.earliest >= since:
            yield act.latest


def _rounds_of(
    row: Row, timeline: Timeline, here: AtStation, kind: str, roles: Sequence[str | None]
) -> list[Run]:
    done = [event for event in here.within(timeline, kind) if event.role in roles]
    length = row.length()
    return rounds(here.came, here.since, done, here.until, lambda last: last + length)


def _reviews(law: Law, timeline: Timeline, here: AtStation) -> list[Run]:
    done = [
        event for event in here.within(timeline, "behaviour_review") if event.role in _REVIEW_ROLES
    ]
    relief = Relief.of(timeline, here.since, _HEALTH_ROLES)
    hourly, longest = law.row("REG5-REVIEW").length(), law.row("REG6-SLEEP").length()
    return rounds(
        here.came, here.since, done, here.until, lambda last: relief.due(last, hourly, longest)
    )


def _moves(law: Law, timeline: Timeline, here: AtStation, health: Sequence[Run]) -> Iterator[Watch]:
    """The duty to arrange a move, from each cause that was not excused before (reg 4(2), 5, 7)."""
    told = legal_owner.must_move(timeline, here)
    if told is not None and here.changed is not None:  # no regulation is left to excuse it
        since = max(told.earliest, here.changed)
        clock = _move(law.row(CLOSED), told, since, here.until, excused=False)
        yield Watch(clock, "move_from_station", known_at=typed(told))
    excused: datetime | None = None
    for row_id, cause, since in _causes(timeline, here, health):
        if excused is not None and since <= excused:
            continue
        excuse = _excuse(timeline, here, since)
        ended = excuse or here.until
        clock = _move(law.row(row_id), cause, since, ended, excused=excuse is not None)
        yield Watch(clock, "move_from_station", known_at=typed(cause))
        if ended is None:
            return
        excused = ended


def _causes(
    timeline: Timeline, here: AtStation, health: Sequence[Run]
) -> list[tuple[str, Event | None, datetime]]:
    causes: list[tuple[str, Event | None, datetime]] = [
        ("REG5-MOVE", event, event.earliest)
        for event in here.within(timeline, "behaviour_review")
        if event.extra.get("conditions") == "ended"
    ]
    for run in health:
        if (run.ended or timeline.at) > run.due:
            causes.append(("REG4-FAIL", run.start, run.due))
    causes += [
        ("REG4-FAIL", act, max(act.earliest, here.since)) for act in _unattended(timeline, here)
    ]
    return sorted(causes, key=lambda cause: cause[2])


def _unattended(timeline: Timeline, here: AtStation) -> Iterator[Event]:
    """Authorities for this stay that say that no health professional is there, and not why.

    Regulation 4(1)(b) asks for one throughout, as far as practicable: a reason says that it is not.
    """
    acts = timeline.of("station_authorised")
    before = [act for act in acts if act.latest < here.since][-1:]
    for act in (*before, *here.within(timeline, "station_authorised")):
        if act.extra.get("hcp_available") is False and not act.reason:
            yield act


def _excuse(timeline: Timeline, here: AtStation, since: datetime) -> datetime | None:
    """Regulation 7 needs both reasons, given after the duty began."""
    for event in here.within(timeline, "stay_at_station_reasons"):
        both = event.extra.get("assessed_sooner") is True
        if both and event.extra.get("distress_likely") is True and event.latest >= since:
            return event.latest
    return None


def _move(
    row: Row, cause: Event | None, since: datetime, ended: datetime | None, *, excused: bool
) -> Clock:
    """A duty without a number of minutes: it runs until the person has left or is excused."""
    return Clock(
        clock="move_from_station",
        of="station",
        kind=row.kind.value,
        law_row=row.id,
        confidence=row.confidence.value,
        start_event=cause.id if cause else None,
        started_at=since,
        due_at=None,
        state=ClockState.RUNNING if ended is None else ClockState.MET,
        ended_at=ended,
        reason="both_reasons_to_stay" if excused else None,
    )
