"""The relevant time of PACE section 41: from when the 24, 36 and 96 hours are counted.

Usually arrival at the first police station; the arrest itself when it was made at a station. Of
somebody whom another force arrested for us it is arrival in our area, but at the latest 24 hours
after the arrest, or after they left the other force's station (s41(3), (5)).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.domain.dated import Law
from triage.domain.timeline import Event
from triage.domain.whereabouts import STATION, Stay, place_at

Within = Callable[..., tuple[Event, ...]]
OTHER_FORCE = "other_force"  # arrested in another area, for us, and brought to us
FORCE_CELL = "moved_between_forces"  # held there for something else, then brought to us


@dataclass(frozen=True)
class Relevant:
    """The event that sets the relevant time, the moment, and how sure that is."""

    event: Event
    moment: datetime
    certain: bool = True
    reason: str | None = None


def relevant_time(law: Law, found: Sequence[Stay], opened: Event, within: Within) -> Relevant:
    """The relevant time of one detention, as far as it is recorded."""
    arrivals = [event for event in within(*_ARRIVE) if _at_a_station(event)]
    basis = opened.extra.get("basis")
    if opened.kind == "arrested" and basis in (OTHER_FORCE, FORCE_CELL):
        return _from_elsewhere(law, opened, within, arrivals)
    if opened.kind == "arrested" and STATION in (
        opened.place,
        place_at(found, opened.earliest - timedelta(seconds=1)),
    ):
        return Relevant(opened, opened.earliest)
    if arrivals:
        return Relevant(arrivals[0], arrivals[0].earliest)
    return Relevant(opened, opened.earliest, certain=False)


_ARRIVE = ("arrived_station", "arrived", "transferred", "answered_bail")


def _at_a_station(event: Event) -> bool:
    """Street bail is answered at a station: that is the arrival (s41(2))."""
    return event.kind in ("arrived_station", "answered_bail") or event.place == STATION


def _from_elsewhere(law: Law, opened: Event, within: Within, arrivals: Sequence[Event]) -> Relevant:
    ours = [event for event in arrivals if event.extra.get("area") != "other"]
    theirs = [event for event in arrivals if event.extra.get("area") == "other"]
    before = ours[0].latest if ours else None
    asked = [one for one in within("questioned") if before is None or one.latest <= before]
    if asked:  # questioned there about the offence: the usual rule (s41(3)(c), s41(5)(c))
        first = next(iter(theirs or ours), opened)
        return Relevant(first, first.earliest, first is not opened, "questioned_in_the_other_area")
    if opened.extra.get("basis") == OTHER_FORCE:
        counted, row = opened, "PACE-REL-AREA"
    else:  # the earliest moment at which they can have left
        counted, row = next(iter(within("left_place")), opened), "PACE-REL-MOVED"
    latest = counted.earliest + law.row(row).length()
    if not ours:  # they may have arrived at any moment since: the earliest runs
        return Relevant(opened, opened.earliest, certain=False)
    if ours[0].earliest <= latest:
        return Relevant(ours[0], ours[0].earliest, reason="arrived_in_our_area")
    return Relevant(counted, latest, reason="24_hours_after_the_other_area")
