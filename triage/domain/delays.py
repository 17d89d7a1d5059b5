"""Who was waited for, and for how long: minutes by partner and agreed reason, never by a worker.

Waits may overlap: each partner's is counted in full. Minutes of the detention in which nobody was
recorded as waited for are "unattributed".
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from triage.domain.clocks import Delay, Gap
from triage.domain.custody_care import INTOXICATED
from triage.domain.permitted import Held
from triage.domain.timeline import Timeline
from triage.domain.whereabouts import ARRIVALS

Wait = tuple[str, str, datetime, datetime]  # partner, reason, from, until

# What is waited for: partner, reason, what begins the wait, what ends it.
_WAITS = (
    ("amhp", "waiting_to_arrive", ("amhp_told",), ("amhp_arrived", "assessment_began")),
    ("doctor", "waiting_to_arrive", ("doctor_told",), ("doctor_arrived", "assessment_began")),
    ("bed", "none_found_yet", ("bed_requested",), ("bed_found",)),
    ("conveyance", "on_the_way", ("removal_started", "left_place"), (*ARRIVALS, "transferred")),
    ("place_of_safety", "handover", ("handover_offered",), ("handover_accepted", "police_left")),
)
_REFUSALS = ("no", "full", "refused", "closed")


def delays(timeline: Timeline, held: Sequence[Held]) -> tuple[Delay, ...]:
    """The minutes of each use of section 136 or 135, by partner and reason, longest first."""
    minutes: dict[tuple[str, str], int] = {}
    for one in held:
        begins = one.episode.opened.earliest
        ends = one.episode.ended.latest if one.episode.ended else timeline.at
        waits = list(_waits(timeline, one, ends))
        free = sum((gap.until - gap.since for gap in _free(waits, begins, ends)), timedelta())
        unattributed = [("unattributed", "gap", begins, begins + free)]
        for partner, reason, since, until in [*waits, *unattributed]:
            spent = int((until - since) / timedelta(minutes=1))
            minutes[partner, reason] = minutes.get((partner, reason), 0) + spent
    found = [Delay(*who, spent) for who, spent in minutes.items() if spent > 0]
    return tuple(sorted(found, key=lambda delay: (-delay.minutes, delay.partner, delay.reason)))


def gaps(timeline: Timeline, held: Sequence[Held]) -> tuple[Gap, ...]:
    """The stretches of each use of section 136 or 135 in which nobody was waited for, in order."""
    return tuple(
        gap
        for one in held
        for begins in (one.episode.opened.earliest,)
        for ends in (one.episode.ended.latest if one.episode.ended else timeline.at,)
        for gap in _free(list(_waits(timeline, one, ends)), begins, ends)
    )


def _waits(timeline: Timeline, held: Held, ends: datetime) -> Iterator[Wait]:
    for partner, reason, begin_kinds, end_kinds in _WAITS:
        yield from _stretches(timeline, held, partner, reason, begin_kinds, end_kinds, ends)
    yield from _refused(timeline, held, ends)
    for event in timeline.events:
        if event.reason in INTOXICATED and held.episode.holds(event.earliest):
            began = held.episode.within(timeline, "assessment_began", "rousing_ended")
            until = next((one.latest for one in began if one.latest >= event.earliest), ends)
            yield "none", "intoxication", event.earliest, until
            return


def _stretches(
    timeline: Timeline,
    held: Held,
    partner: str,
    reason: str,
    begin_kinds: Sequence[str],
    end_kinds: Sequence[str],
    ends: datetime,
) -> Iterator[Wait]:
    since: datetime | None = None
    for event in held.episode.within(timeline, *begin_kinds, *end_kinds):
        if event.kind in begin_kinds:
            since = since or event.earliest
        elif since is not None:
            yield partner, reason, since, event.latest
            since = None
    if since is not None and since < ends:
        yield partner, reason, since, ends


def _refused(timeline: Timeline, held: Held, ends: datetime) -> Iterator[Wait]:
    """From the first place that said no to the first arrival, or the first one that said yes."""
    asked = held.episode.within(timeline, "place_asked")
    refused = [event for event in asked if event.extra.get("answer") in _REFUSALS]
    if not refused:
        return
    first = refused[0].earliest
    taken = [event.latest for event in asked if event.extra.get("answer") in ("yes", "accepted")]
    came = held.episode.within(timeline, *ARRIVALS, "transferred")
    until = [moment for moment in (*taken, *(event.latest for event in came)) if moment > first]
    yield "place_of_safety", "refused", first, min([*until, ends])


def _free(waits: Sequence[Wait], begins: datetime, ends: datetime) -> Iterator[Gap]:
    """The parts of the stretch that no wait covers."""
    reached = begins
    for _, _, since, until in sorted(waits, key=lambda wait: wait[2]):
        if since > reached:
            yield Gap(reached, min(since, ends))
        reached = max(reached, until)
        if reached >= ends:
            return
    if reached < ends:
        yield Gap(reached, ends)
