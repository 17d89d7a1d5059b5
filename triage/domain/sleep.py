"""Regulation 6: when sleep makes the behaviour review three-hourly, and when that ends.

The person must be asleep, and the last health check must have found no need to wake them more
often. Waking, or a check that finds such a need, ends it; then the review is due at the later of an
hour after the last one and that moment. It never touches the 30-minute health check.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.domain.timeline import Event, Timeline


@dataclass(frozen=True)
class Relief:
    """The stretches in which reviews are three-hourly; the last may still be open."""

    stretches: tuple[tuple[datetime, datetime | None], ...]

    @classmethod
    def of(cls, timeline: Timeline, since: datetime, roles: Sequence[str | None]) -> "Relief":
        """The stretches of relief in one stay at a station that began then."""
        asleep = untroubled = False
        open_since: datetime | None = None
        stretches: list[tuple[datetime, datetime | None]] = []
        for event in timeline.of("fell_asleep", "woke", "health_check"):
            if event.latest < since or (event.kind == "health_check" and event.role not in roles):
                continue
            asleep, untroubled = _after(event, asleep=asleep, untroubled=untroubled)
            if asleep and untroubled and open_since is None:
                open_since = event.latest
            elif open_since is not None and not (asleep and untroubled):
                stretches.append((open_since, event.earliest))
                open_since = None
        if open_since is not None:
            stretches.append((open_since, None))
        return cls(tuple(stretches))

    def due(self, last: datetime, hourly: timedelta, longest: timedelta) -> datetime:
        """When the next review is due after the last one."""
        usual = last + hourly
        for begins, ends in self.stretches:
            if begins < usual and (ends is None or ends > usual):
                return min(last + longest, ends or last + longest)
        return usual


def _after(event: Event, *, asleep: bool, untroubled: bool) -> tuple[bool, bool]:
    if event.kind == "health_check":
        return asleep, event.extra.get("waking") == "not_needed"
    return event.kind == "fell_asleep", untroubled
