"""Section 136 and 135 of the Mental Health Act 1983: the permitted period, and when it lapses.

The period is 24 hours of 3,600 seconds (72 before 11 December 2017). It runs from arrival when the
person is removed, from the decision when they are kept under section 136, and from the first entry
when they are kept under section 135 (s136(2A), s135(3ZA)). Nothing pauses it and no move restarts
it. Where a start is uncertain or contested, the earlier reading runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triage.domain import london
from triage.domain.dated import Law, Row
from triage.domain.timeline import Event, Timeline
from triage.domain.whereabouts import ARRIVALS, STATION, Stay, ends_everything, place_at, releases

_OPENERS = ("s136_decided", "s135_decided", "entered_premises")
_MHA = ("section136", "section135")


@dataclass(frozen=True)
class Episode:
    """One use of section 136 or 135: who decided, what came after, and when it ended."""

    section: str
    opened: Event
    seconds: tuple[Event, ...] = ()  # further decisions inside the same period
    ended: Event | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether it had been used and not ended at this moment, lapsed or not."""
        return self.opened.earliest <= moment and (self.ended is None or moment < self.ended.latest)

    def within(self, timeline: Timeline, *kinds: str) -> tuple[Event, ...]:
        """The events of these kinds from the opening to the end."""
        return tuple(
            event
            for event in timeline.of(*kinds)
            if event.latest >= self.opened.earliest
            and (self.ended is None or event.earliest <= self.ended.latest)
        )


@dataclass(frozen=True)
class Start:
    """From when the permitted period runs, and how sure that is."""

    event: Event
    moment: datetime
    provisional: bool = False
    contested: bool = False
    advisory: datetime | None = None  # the earlier start that a contested reading gives
    reason: str | None = None


@dataclass(frozen=True)
class Period:
    """The permitted period of one episode, before any extension."""

    episode: Episode
    row: Row
    start: Start

    @property
    def lapses(self) -> datetime:
        """When it lapses unless a lawful extension lengthens it."""
        return self.start.moment + self.row.length()


def episodes(timeline: Timeline, back_to_back: timedelta) -> tuple[Episode, ...]:
    """Each use of section 136 or 135. A second one close on the first belongs to the first.

    No unlawful event lengthens a lawful period: back-to-back uses count as one (NO-CONSEC).
    """
    found: list[Episode] = []
    for event in timeline.events:
        last = found[-1] if found else None
        if last is None:
            if _opens(event, timeline):
                found.append(Episode(_section(event, timeline), event))
        elif event.kind in _OPENERS:
            if _apart(last, event, back_to_back):
                found.append(Episode(_section(event, timeline), event))
            elif _is_second(last, event):
                found[-1] = replace(last, seconds=(*last.seconds, event), ended=None)
        elif last.ended is None and _ends(event, last):
            found[-1] = replace(last, ended=event)
    return tuple(found)


def period_of(law: Law, timeline: Timeline, found: Sequence[Stay], episode: Episode) -> Period:
    """The permitted period of an episode: its start, and the row that was law on the right day."""
    limb = limb_of(timeline, episode)
    row = _row(law, timeline, episode, limb)
    return Period(episode, row, _start(timeline, found, episode, limb))


def limb_of(timeline: Timeline, episode: Episode) -> str | None:
    """Whether the person was removed or kept; None while nobody has said."""
    for event in (episode.opened, *episode.within(timeline, "s135_decided")):
        if "limb" in event.extra:
            return str(event.extra["limb"])
    return None


def _opens(event: Event, timeline: Timeline) -> bool:
    if event.kind in _OPENERS:
        return True
    # An arrival without any decision on record: the decision was not typed yet.
    return event.kind in ARRIVALS and not timeline.of(*_OPENERS, "arrested", "arrived_station")


def _is_second(last: Episode, event: Event) -> bool:
    """A decision under section 135 belongs to its own entry; everything else is a second use."""
    return event.kind == "s136_decided" or last.section == "section136" or last.ended is not None


def _section(event: Event, timeline: Timeline) -> str:
    under_warrant = event.kind in ARRIVALS and timeline.of("s135_warrant_issued")
    kinds = ("s135_decided", "entered_premises")
    return "section135" if event.kind in kinds or under_warrant else "section136"


def _apart(last: Episode, event: Event, back_to_back: timedelta) -> bool:
    return last.ended is not None and event.earliest - last.ended.latest > back_to_back


def _ends(event: Event, last: Episode) -> bool:
    named = event.kind == "ended" and event.extra.get("power") in _MHA
    return event.kind == "other_authority" or named or releases(event, last.opened)


def _row(law: Law, timeline: Timeline, episode: Episode, limb: str | None) -> Row:
    """The row in force on the day that SI 2017/1017 reg 4 makes decisive, not the arrival's."""
    prefix = "S135" if episode.section == "section135" else "S136"
    day = london.day_of(_decisive(timeline, episode, limb).latest)
    if law.holds(f"{prefix}-MAX-OLD", day):
        return law.row(f"{prefix}-MAX-OLD")
    return law.row(f"{prefix}-MAX-{'KEEP' if limb == 'keep' else 'REMOVE'}")


def _decisive(timeline: Timeline, episode: Episode, limb: str | None) -> Event:
    if episode.section == "section135":
        return next(iter(_warrants(timeline, episode)), episode.opened)
    removals = episode.within(timeline, "removal_started") if limb != "keep" else ()
    return next(iter(removals), episode.opened)


def _warrants(timeline: Timeline, episode: Episode) -> list[Event]:
    """The warrant that was executed: the last one issued before."""
    issued = timeline.of("s135_warrant_issued")
    return [event for event in issued if event.earliest <= episode.opened.latest][-1:]


def _start(timeline: Timeline, found: Sequence[Stay], episode: Episode, limb: str | None) -> Start:
    opened = episode.opened
    if opened.kind in ARRIVALS:
        return Start(opened, opened.earliest, provisional=True, reason="decision_not_recorded")
    if limb == "keep" and episode.section == "section135":
        return _from_entry(timeline, episode)
    if limb == "keep":
        return _certainly(opened, opened.earliest)
    if limb is None:
        return Start(opened, opened.earliest, provisional=True, reason="limb_not_recorded")
    if _arrested_here(timeline, found, opened):
        # Kept there, or only held for transport out? Both are argued: the earlier one runs.
        moment = opened.earliest
        return Start(opened, moment, contested=True, advisory=moment, reason="used_in_custody")
    return _from_arrival(timeline, found, episode)


def _from_entry(timeline: Timeline, episode: Episode) -> Start:
    entries = episode.within(timeline, "entered_premises")
    if entries:
        return _certainly(entries[0], entries[0].earliest)
    earliest = next(iter(_warrants(timeline, episode)), episode.opened)
    return Start(earliest, earliest.earliest, provisional=True, reason="entry_not_recorded")


def _from_arrival(timeline: Timeline, found: Sequence[Stay], episode: Episode) -> Start:
    opened = episode.opened
    arrivals = episode.within(timeline, *ARRIVALS)
    advisory = opened.earliest if _in_a_and_e(found, opened) else None
    if not arrivals:
        return Start(opened, opened.earliest, True, False, advisory, "arrival_not_recorded")
    first = arrivals[0]
    moment = max(first.earliest, opened.earliest)
    start = _certainly(first, moment)
    if advisory is not None:
        return Start(first, moment, start.provisional, False, advisory, "used_in_a_and_e")
    if first.kind == "arrived_site" and _entered_later(arrivals):
        # On site or in the building? Both are argued: the earlier one runs.
        return Start(first, moment, start.provisional, True, moment, "arrived_on_site")
    return start


def _certainly(event: Event, moment: datetime) -> Start:
    return Start(event, moment, provisional=not event.occurred_at.certain)


def _entered_later(arrivals: Sequence[Event]) -> bool:
    return any(
        event.kind != "arrived_site" and event.earliest > arrivals[0].earliest for event in arrivals
    )


def _in_a_and_e(found: Sequence[Stay], decided: Event) -> bool:
    return "a_and_e" in (decided.place, place_at(found, decided.earliest))


def _arrested_here(timeline: Timeline, found: Sequence[Stay], decided: Event) -> bool:
    """Whether the person was under arrest at a police station when section 136 was used."""
    held = False
    for event in timeline.of("arrested", "arrived_station", "detention_authorised", "ended"):
        if event.earliest <= decided.earliest:
            held = event.kind != "ended" or not _ends_pace(event)
    return held and STATION in (decided.place, place_at(found, decided.earliest))


def _ends_pace(event: Event) -> bool:
    return ends_everything(event) or event.extra.get("power") == "pace"
