"""Whether the message that always goes out still comes back, by which way and how fast.

A channel that accepts and drops says "sent" for ever. Only what comes back shows that a message
sent now would arrive somewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from triage.casework.proof import heard
from triage.casework.ways import EMAIL, WATCHDOG

NAMES: Mapping[str, str] = {EMAIL: "e-mail", WATCHDOG: "POST"}


@dataclass(frozen=True)
class Back:
    """The youngest message that came back by one way."""

    planned_at: datetime  # by the clock of the service
    came_at: datetime  # by the clock of whoever listens


@dataclass
class Listening:
    """What came back since somebody listens; told from the threads of the doors."""

    secret: str = field(repr=False)
    ways: tuple[str, ...]
    silence: timedelta
    began: datetime
    apart: timedelta = timedelta(0)  # by how much the clock of the service is ahead of ours
    _back: dict[str, Back] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def hear(self, way: str, said: str, *, now: datetime) -> bool:
        """Take note of what came by a way; False for what is not ours, or not news."""
        found = heard(said, self.secret)
        if found is None or found[0] != way:
            return False
        with self._lock:
            before = self._back.get(way)
            if before is not None and found[1] <= before.planned_at:
                return False  # an old copy is no sign of life
            self._back[way] = Back(found[1], now)
        return True

    def problems(self, *, now: datetime) -> tuple[str, ...]:
        """By which ways nothing has come back for too long, in sentences."""
        found = []
        for way in self.ways:
            back = self._back.get(way)
            since = max(self.began, self._lived(back)) if back else self.began
            if now - since < self.silence:
                continue
            last = "since it is listened for" if back is None else f"for {_span(now - since)}"
            found.append(
                f"Nothing has come back by {NAMES[way]} {last}: an alert may reach nobody that way."
            )
        return tuple(found)

    def round_trips(self, *, now: datetime) -> tuple[tuple[str, float, float], ...]:
        """Of each way: its name, how many seconds the last took, and how long ago it came."""
        return tuple(
            (
                NAMES[way],
                max(0.0, (back.came_at + self.apart - back.planned_at).total_seconds()),
                max(0.0, (now - back.came_at).total_seconds()),
            )
            for way in self.ways
            if (back := self._back.get(way)) is not None
        )

    def _lived(self, back: Back) -> datetime:
        """When the service lived for certain, by our clock: as it planned what came back."""
        return min(back.came_at, back.planned_at - self.apart)


def _span(gap: timedelta) -> str:
    minutes, seconds = divmod(int(gap.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
