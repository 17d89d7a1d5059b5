"""Who was waited for, and for how long: minutes by partner and agreed reason, never by a worker.

Of a detention under section 136 or 135, and of an arrested person who waits for an assessment or a
bed; the two are never added together. Waits may overlap: each partner's is counted in full. Minutes
in which nobody was recorded as waited for are "unattributed".
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.domain.clocks import Delay, Gap
from triage.domain.custody_care import INTOXICATED
from triage.domain.permitted import Held
from triage.domain.timeline import Event, Timeline
from triage.domain.waits import Wait as Waited
from triage.domain.waits import WaitKind
from triage.domain.whereabouts import ARRIVALS

Wait = tuple[str, str, datetime, datetime]  # partner, reason, from, until


@dataclass(frozen=True)
class Window:
    """One wait as the ledger counts it: which, from when to when, and the events inside it."""

    wait: WaitKind
    begins: datetime
    ends: datetime
    events: tuple[Event, ...]

    def of(self, *kinds: str) -> list[Event]:
        """The events of these kinds, oldest first."""
        return [event for event in self.events if event.kind in kinds]


# What is waited for: partner, reason, what begins the wait, what ends it.
_WAITS = (
    ("amhp", "waiting_to_arrive", ("amhp_told",), ("amhp_arrived", "assessment_began")),
    ("doctor", "waiting_to_arrive", ("doctor_told",), ("doctor_arrived", "assessment_began")),
    ("bed", "none_found_yet", ("bed_requested",), ("bed_found",)),
    ("conveyance", "on_the_way", ("removal_started", "left_place"), (*ARRIVALS, "transferred")),
    ("place_of_safety", "handover", ("handover_offered",), ("handover_accepted", "police_left")),
)
_REFUSALS = ("no", "full", "refused", "closed")


def delays(
    timeline: Timeline, held: Sequence[Held], arrested: Sequence[Waited] = ()
) -> tuple[Delay, ...]:
    """The minutes of each wait by partner and reason, longest first; detentions before arrests."""
    windows = [detained_window(timeline, one) for one in held]
    windows += [arrested_window(timeline, one) for one in arrested]
    return delays_in(windows)


def delays_in(windows: Iterable[Window]) -> tuple[Delay, ...]:
    """The minutes of some windows by partner and reason, in the same order."""
    minutes: dict[tuple[WaitKind, str, str], int] = {}
    for window in windows:
        waits = list(_waits(window))
        free = sum((gap.until - gap.since for gap in gaps_in(window)), timedelta())
        unattributed = [("unattributed", "gap", window.begins, window.begins + free)]
        for partner, reason, since, until in [*waits, *unattributed]:
            spent = int((until - since) / timedelta(minutes=1))
            key = window.wait, partner, reason
            minutes[key] = minutes.get(key, 0) + spent
    found = [
        Delay(partner, reason, spent, wait.value)
        for (wait, partner, reason), spent in minutes.items()
        if spent > 0
    ]
    order = {wait.value: number for number, wait in enumerate(WaitKind)}
    return tuple(
        sorted(found, key=lambda one: (order[one.wait], -one.minutes, one.partner, one.reason))
    )


def gaps(timeline: Timeline, held: Sequence[Held]) -> tuple[Gap, ...]:
    """The stretches of each use of section 136 or 135 in which nobody was waited for, in order."""
    windows = (detained_window(timeline, one) for one in held)
    return tuple(gap for window in windows for gap in gaps_in(window))


def detained_window(timeline: Timeline, held: Held) -> Window:
    """One use of section 136 or 135, from the decision to its end."""
    episode = held.episode
    ends = episode.ended.latest if episode.ended else timeline.at
    inside = tuple(
        event
        for event in timeline.events
        if event.latest >= episode.opened.earliest
        and (episode.ended is None or event.earliest <= episode.ended.latest)
    )
    return Window(WaitKind.DETENTION, episode.opened.earliest, ends, inside)


def arrested_window(timeline: Timeline, wait: Waited) -> Window:
    """The wait of one arrested person for an assessment or a bed."""
    ends = wait.ended or timeline.at
    inside = tuple(
        event for event in timeline.events if event.latest >= wait.began and event.earliest <= ends
    )
    return Window(WaitKind.ARRESTED, wait.began, max(wait.began, ends), inside)


def _waits(window: Window) -> Iterator[Wait]:
    for partner, reason, begin_kinds, end_kinds in _WAITS:
        yield from _stretches(window, partner, reason, begin_kinds, end_kinds)
    yield from _refused(window)
    for event in window.events:
        if event.reason in INTOXICATED and window.begins <= event.earliest < window.ends:
            began = window.of("assessment_began", "rousing_ended")
            until = next((one.latest for one in began if one.latest >= event.earliest), window.ends)
            yield "none", "intoxication", event.earliest, until
            return


def _stretches(
    window: Window,
    partner: str,
    reason: str,
    begin_kinds: Sequence[str],
    end_kinds: Sequence[str],
) -> Iterator[Wait]:
    since: datetime | None = None
    for event in window.of(*begin_kinds, *end_kinds):
        if event.kind in begin_kinds:
            since = since or event.earliest
        elif since is not None:
            yield partner, reason, since, event.latest
            since = None
    if since is not None and since < window.ends:
        yield partner, reason, since, window.ends


def _refused(window: Window) -> Iterator[Wait]:
    """From the first place that said no to the first arrival, or the first one that said yes."""
    asked = window.of("place_asked")
    refused = [event for event in asked if event.extra.get("answer") in _REFUSALS]
    if not refused:
        return
    first = refused[0].earliest
    taken = [event.latest for event in asked if event.extra.get("answer") in ("yes", "accepted")]
    came = window.of(*ARRIVALS, "transferred")
    until = [moment for moment in (*taken, *(event.latest for event in came)) if moment > first]
    yield "place_of_safety", "refused", first, min([*until, window.ends])


def gaps_in(window: Window) -> Iterator[Gap]:
    """The parts of one window in which nobody was waited for."""
    reached, ends = window.begins, window.ends
    for _, _, since, until in sorted(_waits(window), key=lambda wait: wait[2]):
        if since > reached:
            yield Gap(reached, min(since, ends))
        reached = max(reached, until)
        if reached >= ends:
            return
    if reached < ends:
        yield Gap(reached, ends)
