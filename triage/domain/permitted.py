"""The clocks of one use of section 136 or 135: permitted period, retaking, handover, assessment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triage.domain import extensions, london
from triage.domain.clocks import Clock, ClockState
from triage.domain.dated import Kind, Law, Row
from triage.domain.extensions import Away, Judged
from triage.domain.section136 import Episode, Period, period_of
from triage.domain.timeline import Event, Timeline
from triage.domain.watches import Finding, Moved, Run, Watch, clock_of, typed
from triage.domain.whereabouts import ARRIVALS, STATION, Stay


@dataclass(frozen=True)
class Held:
    """One use of section 136 or 135, judged: its period, extensions, escapes and lapse."""

    period: Period
    judged: Judged
    away: tuple[Away, ...]
    lapses: datetime
    on_the_way: timedelta  # the limit for retaking somebody who never arrived

    @property
    def episode(self) -> Episode:
        """The use itself."""
        return self.period.episode

    def lapse_known_before(self, moment: datetime) -> datetime:
        """The lapse with only what had been extended before this moment (s138(3)(b))."""
        standing = self.judged.standing
        extended = standing is not None and standing.stands_from < moment
        return self.lapses if extended else self.period.lapses


def held_of(law: Law, timeline: Timeline, found: Sequence[Stay], episode: Episode) -> Held:
    """One use of section 136 or 135 with everything that bears on its lapse."""
    period = period_of(law, timeline, found, episode)
    away = tuple(_away(timeline, episode))
    judged = extensions.judge(law, timeline, found, period, away)
    lapses = judged.standing.lapses if judged.standing else period.lapses
    old = period.row.id.endswith("-OLD")  # the old law gave the same length for both
    on_the_way = period.row.length() if old else law.row("S138-RETAKE-A").length()
    return Held(period, judged, away, lapses, on_the_way)


def watches(
    law: Law, timeline: Timeline, found: Sequence[Stay], held: Held, nation: str
) -> Iterator[Watch]:
    """The clocks that every use of section 136 or 135 has, wherever the person is held."""
    yield from _permitted(timeline, held)
    for out, back in held.away:
        yield _retake(law, timeline, held, out, back)
    if not _never_arrived(timeline, held):
        yield from _targets(law, timeline, found, held, nation)


def findings(timeline: Timeline, held: Held) -> Iterator[Finding]:
    """What was against the law in this use, apart from time itself."""
    episode = held.episode
    ended = episode.ended.latest if episode.ended else None
    yield from held.judged.findings
    for second in episode.seconds:
        yield Finding("second_136", second, "NO-CONSEC", second.earliest, ended)
    for opened in (episode.opened, *episode.seconds):
        yield from _at_the_decision(opened, ended)
    for move in episode.within(timeline, "transferred", *ARRIVALS):
        if move.latest >= held.lapses and move is not held.period.start.event:
            yield Finding("moved_after_lapse", move, "S136-TRANSFER", move.latest, ended)
    for retaken in episode.within(timeline, "retaken"):
        yield from _retaken_late(held, retaken, ended)


def _at_the_decision(opened: Event, ended: datetime | None) -> Iterator[Finding]:
    if opened.kind != "s136_decided":
        return
    if opened.place == "home":
        yield Finding("in_a_dwelling", opened, "S136-WHERE", opened.earliest, ended)
    if opened.extra.get("consulted") == "no" and not opened.reason:
        yield Finding("not_consulted", opened, "S136-CONSULT", opened.earliest, opened.earliest)


def _retaken_late(held: Held, retaken: Event, ended: datetime | None) -> Iterator[Finding]:
    for out, back in held.away:
        if back == retaken.latest and retaken.latest >= _retake_by(held, out):
            row = "S138-RETAKE-A" if _on_the_way(held, out) else "S138-RETAKE-B"
            yield Finding("retaken_after_lapse", retaken, row, retaken.latest, ended)


def _away(timeline: Timeline, episode: Episode) -> Iterator[Away]:
    """Each escape with its retaking; the escape at its earliest, the retaking at its latest."""
    out: datetime | None = None
    for event in episode.within(timeline, "absconded", "retaken"):
        if event.kind == "absconded":
            out = out or event.earliest
        elif out is not None:
            yield out, event.latest
            out = None
    if out is not None:
        yield out, None


def _permitted(timeline: Timeline, held: Held) -> Iterator[Watch]:
    start, episode = held.period.start, held.episode
    standing = held.judged.standing
    ended = episode.ended.latest if episode.ended else None
    run = Run(start.event, start.moment, held.lapses, ended)
    clock = clock_of(
        "permitted_period",
        episode.section,
        held.period.row,
        run,
        timeline.at,
        provisional=start.provisional,
        contested=start.contested or bool(episode.seconds),
        reason="extended" if standing else start.reason,
    )
    clock = _while_away(timeline, held, clock)
    yield Watch(
        clock,
        "permitted_period",
        moved=_moved(held),
        known_at=typed(start.event, episode.opened),
        moved_at=typed(standing.event) if standing else None,
        needless=_begun(timeline, episode),
    )
    if start.advisory is not None:
        yield _advisory(timeline, held, start.advisory, ended)


def _moved(held: Held) -> tuple[Moved, ...]:
    standing = held.judged.standing
    if standing is None:
        return ()
    return (Moved(held.period.lapses, standing.stands_from, standing.stands_from),)


def _advisory(timeline: Timeline, held: Held, since: datetime, ended: datetime | None) -> Watch:
    """The earlier lapse that a contested reading gives; the same lapse needs no second alert."""
    lapse = since + (held.lapses - held.period.start.moment)
    clock = clock_of(
        "advisory_lapse",
        "practice",
        held.period.row,
        Run(held.episode.opened, since, lapse, ended),
        timeline.at,
        kind=Kind.PRACTICE,
        contested=True,
        reason=held.period.start.reason,
    )
    ladder = "advisory_lapse" if lapse != held.lapses else "none"
    return Watch(clock, ladder, known_at=typed(held.episode.opened))


def _begun(timeline: Timeline, episode: Episode) -> Mapping[str, datetime]:
    """When each thing that makes a step of the ladder needless first happened."""
    kinds = ("assessment_began", "assessment_finished", "bed_found")
    events = episode.within(timeline, *kinds)
    return {event.kind: event.latest for event in reversed(events)}


def _while_away(timeline: Timeline, held: Held, clock: Clock) -> Clock:
    """Somebody who is away is not held: the period runs on, but its lapse is no breach."""
    if _never_arrived(timeline, held):
        return replace(
            clock,
            state=ClockState.NOT_STARTED,
            started_at=None,
            start_event=None,
            due_at=None,
            over_seconds=None,
            left_seconds=None,
            reason="escaped_on_the_way",
        )
    for out, back in held.away:
        if out < held.lapses <= timeline.at and (back is None or back > held.lapses):
            if back is None:
                return replace(
                    clock,
                    state=ClockState.MET,
                    ended_at=held.lapses,
                    over_seconds=None,
                    reason="away_at_the_lapse",
                )
            return replace(clock, reason="retaken_after_the_lapse")
    return clock


def _never_arrived(timeline: Timeline, held: Held) -> bool:
    """Whether the person escaped on the way in and is still away: nothing runs but the retaking."""
    return (
        held.period.start.reason == "arrival_not_recorded"
        and bool(held.away)
        and held.away[-1][1] is None
    )


def _on_the_way(held: Held, out: datetime) -> bool:
    start = held.period.start
    return start.reason == "arrival_not_recorded" or out < start.moment


def _retake_by(held: Held, out: datetime) -> datetime:
    if _on_the_way(held, out):
        return out + held.on_the_way
    return held.lapse_known_before(out)


def _retake(
    law: Law, timeline: Timeline, held: Held, out: datetime, back: datetime | None
) -> Watch:
    row = law.row("S138-RETAKE-A" if _on_the_way(held, out) else "S138-RETAKE-B")
    escapes = held.episode.within(timeline, "absconded")
    escape = next(event for event in escapes if event.earliest == out)
    ended = back or (held.episode.ended.latest if held.episode.ended else None)
    run = Run(escape, out, _retake_by(held, out), ended)
    clock = clock_of("retake", held.episode.section, row, run, timeline.at)
    return Watch(clock, "retake", known_at=typed(escape))


def _targets(
    law: Law, timeline: Timeline, found: Sequence[Stay], held: Held, nation: str
) -> Iterator[Watch]:
    """What guidance asks for once the period has begun, by the nation's own rows."""
    welsh = "-W" if nation == "wales" else ""
    day = london.day_of(held.period.start.moment)
    begun = _handover_start(timeline, found, held)
    if begun is not None and law.holds(f"NPA-1H{welsh}", day):
        row = law.row(f"NPA-1H{welsh}")
        reason = _asked_to_stay(timeline, held.episode)
        over = ("handover_accepted", "police_left")
        yield _target("handover", row, timeline, held, begun, over, reason)
    if law.holds(f"ASSESS-3H{welsh}", day):
        row = law.row(f"ASSESS-3H{welsh}")
        begun = (held.period.start.event, held.period.start.moment)
        met = ("assessment_began",)
        yield _target("assessment_begins", row, timeline, held, begun, met, None)


def _target(
    name: str,
    row: Row,
    timeline: Timeline,
    held: Held,
    begun: tuple[Event, datetime],
    done_by: Sequence[str],
    reason: str | None,
) -> Watch:
    """A target from its start to the first kind of event that was recorded as meeting it."""
    event, moment = begun
    found = (_first_after(timeline, held.episode, moment, kind) for kind in done_by)
    done = next((one for one in found if one is not None), held.episode.ended)
    run = Run(event, moment, moment + row.length(), done.latest if done else None)
    provisional = held.period.start.provisional
    clock = clock_of(
        name, "practice", row, run, timeline.at, provisional=provisional, reason=reason
    )
    return Watch(clock, name, known_at=typed(event))


def _first_after(timeline: Timeline, episode: Episode, moment: datetime, kind: str) -> Event | None:
    events = episode.within(timeline, kind)
    return next((event for event in events if event.latest >= moment), None)


def _asked_to_stay(timeline: Timeline, episode: Episode) -> str | None:
    asked = episode.within(timeline, "police_asked_to_stay")
    return asked[0].reason or "police_asked_to_stay" if asked else None


def _handover_start(
    timeline: Timeline, found: Sequence[Stay], held: Held
) -> tuple[Event, datetime] | None:
    """Handover runs from the start of the period; from a police station, from the next place."""
    start, episode = held.period.start, held.episode
    first = next((stay for stay in found if stay.covers(start.moment)), None)
    place = start.event.place or (first.place if first else None)
    if place != STATION:
        return start.event, start.moment
    for stay in found:
        if stay.since > start.moment and stay.place != STATION and episode.holds(stay.since):
            return stay.came, stay.since
    return None
