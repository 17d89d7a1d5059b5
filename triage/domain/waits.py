"""The three waits, which are never added together.

A person detained under section 136 or 135, anywhere, from the start of the permitted period. An
arrested person who waits for a Mental Health Act assessment or a bed, which is no ground to hold
anybody under PACE. Police officers who wait to hand somebody over, counted in officers x hours.
Each has stages with times, who told us, and which partner acts next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from triage.domain import pace, permitted, section136, timeline, whereabouts
from triage.domain.dated import Law
from triage.domain.permitted import Held
from triage.domain.timeline import Detention, Event, Timeline
from triage.domain.whereabouts import ARRIVALS, STATION, ends_everything


class WaitKind(StrEnum):
    """Three waits of three different people; no figure sums two of them."""

    DETENTION = "detention"
    ARRESTED = "arrested"
    OFFICERS = "officers"


class Stage(StrEnum):
    """The stages of a wait, in the order in which they are hoped for."""

    BEGAN = "began"
    REQUESTED = "requested"
    AMHP_TOLD = "amhp_told"
    AMHP_ARRIVED = "amhp_arrived"
    DOCTOR_TOLD = "doctor_told"
    DOCTOR_ARRIVED = "doctor_arrived"
    ASSESSMENT_BEGAN = "assessment_began"
    ASSESSMENT_FINISHED = "assessment_finished"
    BED_REQUESTED = "bed_requested"
    BED_FOUND = "bed_found"
    MOVED = "moved"
    ENDED = "ended"


_EVENT_OF = {
    Stage.REQUESTED: "mha_assessment_requested",
    **{stage: stage.value for stage in Stage if stage.value in timeline.KINDS},
}
_ASKED_FOR = ("mha_assessment_requested", "amhp_told", "doctor_told", "bed_requested")
_LEAVES = ("left_place", "transferred", "other_authority")


@dataclass(frozen=True)
class Reached:
    """One stage that was reached: when, by which event, and who did it."""

    stage: Stage
    event: str | None
    not_before: datetime
    not_after: datetime
    by: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class Wait:
    """One wait, over or not; ``ended`` is None while it lasts."""

    kind: WaitKind
    episode: str  # the event that the wait belongs to
    began: datetime
    ended: datetime | None
    reached: tuple[Reached, ...]
    place: str | None  # where it began
    provisional: bool = False

    def at(self, stage: Stage) -> Reached | None:
        """The stage as reached, or None."""
        return next((each for each in self.reached if each.stage is stage), None)

    def lasted(self, at: datetime) -> timedelta:
        """How long it lasted, or has lasted by ``at``."""
        return max(timedelta(), (self.ended or at) - self.began)

    def awaited(self) -> Stage | None:
        """The stage that is waited for now; None when the wait is over."""
        if self.ended is not None:
            return None
        if self.kind is WaitKind.OFFICERS:
            return Stage.ENDED
        has = {each.stage for each in self.reached}
        if Stage.BED_FOUND in has:
            return Stage.ENDED if Stage.MOVED in has else Stage.MOVED
        if Stage.BED_REQUESTED in has and Stage.ASSESSMENT_FINISHED in has:
            return Stage.BED_FOUND
        if Stage.ASSESSMENT_FINISHED in has:
            return Stage.ENDED
        if Stage.ASSESSMENT_BEGAN in has:
            return Stage.ASSESSMENT_FINISHED
        return next((stage for stage in _BEFORE if stage not in has), Stage.ASSESSMENT_BEGAN)


_BEFORE = (Stage.AMHP_TOLD, Stage.AMHP_ARRIVED, Stage.DOCTOR_TOLD, Stage.DOCTOR_ARRIVED)


def waits(law: Law, ladder: Mapping[str, Any], detention: Detention) -> tuple[Wait, ...]:
    """Every wait of one detention, as known at ``detention.at``; section 136 first.

    Raises InputError for events that cannot be, as the clocks do.
    """
    line = timeline.as_known(detention)
    stays = whereabouts.stays(line)
    back_to_back = timedelta(minutes=ladder.get("back_to_back_minutes", 60))
    held = [
        permitted.held_of(law, line, stays, episode)
        for episode in section136.episodes(line, back_to_back)
    ]
    found = [_detained(line, stays, one) for one in held]
    found += [wait for one in held if (wait := _officers(line, stays, one)) is not None]
    for custody in pace.custodies(law, line, stays):
        wait = arrested(line, stays, custody, held)
        found += [wait] if wait is not None else []
    return tuple(sorted(found, key=lambda wait: (tuple(WaitKind).index(wait.kind), wait.began)))


def _detained(line: Timeline, stays: Sequence[whereabouts.Stay], held: Held) -> Wait:
    episode, start = held.episode, held.period.start
    ended = episode.ended.latest if episode.ended else None
    if ended is None and held.away and held.away[-1][1] is None:
        ended = held.away[-1][0]  # nobody waits in a place that they have left
    within = [event for event in line.events if _within(event, episode.opened.earliest, ended)]
    began = Reached(
        Stage.BEGAN, start.event.id, start.moment, start.moment, start.event.by, start.event.role
    )
    reached = (began, *_stages(within), *_end(episode.ended, ended))
    place = whereabouts.place_at(stays, start.moment) or start.event.place
    provisional = start.provisional
    opened = episode.opened.id
    return Wait(WaitKind.DETENTION, opened, start.moment, ended, reached, place, provisional)


def _officers(line: Timeline, stays: Sequence[whereabouts.Stay], held: Held) -> Wait | None:
    """From the first place of safety that is no police station until health has the person.

    At a police station the officers are at home: nobody waits to hand over there.
    """
    begins = _handing_over_from(line, stays, held)
    if begins is None:
        return None
    event, moment = begins
    episode = held.episode
    ends = [
        one
        for kind in ("handover_accepted", "police_left")
        for one in episode.within(line, kind)
        if one.latest >= moment
    ]
    accepted = next((one for one in ends if one.kind == "handover_accepted"), None)
    done = accepted or next(iter(ends), None) or episode.ended
    ended = done.latest if done else None
    reached = (
        Reached(Stage.BEGAN, event.id, moment, moment, event.by, event.role),
        *_end(done, ended),
    )
    place = whereabouts.place_at(stays, moment) or event.place
    return Wait(WaitKind.OFFICERS, episode.opened.id, moment, ended, reached, place)


def _handing_over_from(
    line: Timeline, stays: Sequence[whereabouts.Stay], held: Held
) -> tuple[Event, datetime] | None:
    episode, start = held.episode, held.period.start
    if start.event.kind not in (*ARRIVALS, "transferred") and start.provisional:
        return None  # nobody has said that they arrived
    place = start.event.place or whereabouts.place_at(stays, start.moment)
    if place != STATION:
        return start.event, start.moment
    for event in episode.within(line, *ARRIVALS, "transferred"):
        if event.earliest > start.moment and event.place not in (None, STATION):
            return event, event.earliest
    return None


def arrested(
    line: Timeline,
    stays: Sequence[whereabouts.Stay],
    custody: pace.Custody,
    held: Sequence[Held],
) -> Wait | None:
    """From the first request for an assessment until the person leaves, or section 136 is used."""
    asked = [event for event in custody.within(line, *_ASKED_FOR) if not _in_136(event, held)]
    if not asked:
        return None
    first = asked[0]
    decided = next(
        (one.episode.opened for one in held if one.episode.opened.earliest >= first.earliest), None
    )
    until = decided.earliest if decided else None
    within = [event for event in line.events if _within(event, first.earliest, until)]
    done = _left(within) or decided
    ended = done.latest if done else None
    began = Reached(Stage.BEGAN, first.id, first.earliest, first.latest, first.by, first.role)
    within = [event for event in within if ended is None or event.earliest <= ended]
    reached = (began, *_stages(within), *_end(done, ended))
    place = whereabouts.place_at(stays, first.earliest)
    return Wait(
        WaitKind.ARRESTED, custody.opened.id, first.earliest, ended, reached, place,
        not first.occurred_at.certain,
    )  # fmt: skip


def _in_136(event: Event, held: Sequence[Held]) -> bool:
    return any(one.episode.holds(event.earliest) for one in held)


def _left(within: Sequence[Event]) -> Event | None:
    """What ends the wait: the person goes, or was assessed and needs no bed.

    The end of PACE alone does not: somebody who stays for a bed without a power still waits.
    """
    asked_for_bed = any(event.kind == "bed_requested" for event in within)
    for event in within:
        if event.kind in _LEAVES or ends_everything(event):
            return event
        if event.kind == "assessment_finished" and not asked_for_bed:
            return event
    return None


def _within(event: Event, since: datetime, until: datetime | None) -> bool:
    return event.latest >= since and (until is None or event.earliest <= until)


def _stages(within: Sequence[Event]) -> Iterator[Reached]:
    """Each stage when it was first reached; moved is the first move after a bed was found."""
    for stage, kind in _EVENT_OF.items():
        first = next((event for event in within if event.kind == kind), None)
        if first is not None and stage is not Stage.ENDED:
            yield _reached(stage, first)
    beds = [event for event in within if event.kind == "bed_found"]
    if beds:
        goes = (*_LEAVES, "ended")
        later = [e for e in within if e.kind in goes and e.latest >= beds[0].earliest]
        if later:
            yield _reached(Stage.MOVED, later[0])


def _reached(stage: Stage, event: Event) -> Reached:
    return Reached(stage, event.id, event.earliest, event.latest, event.by, event.role)


def _end(event: Event | None, ended: datetime | None) -> tuple[Reached, ...]:
    if ended is None:
        return ()
    by, role = (event.by, event.role) if event else (None, None)
    return (Reached(Stage.ENDED, event.id if event else None, ended, ended, by, role),)
