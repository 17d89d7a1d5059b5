"""Whether the wall clock jumped, and which moment the timers go by until it has caught up.

It reads no clock: each look is handed both, the one on the wall and the one that nobody can set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_STEP_SECONDS = 2.0  # a jump of the wall clock beyond this is an event
_SLEWED = 0.0005  # a clock that is set right without a jump goes this much faster or slower


@dataclass
class ClockWatch:
    """Sees when the wall clock jumps, against a clock that nobody can set.

    After a jump back the timers go on from where they were, so that nothing that is due waits for
    the wall clock to catch up, until it has caught up with the moment of the jump; a jump that
    only takes back an earlier one is followed. What it knows outlives the process in the record.
    """

    wall: datetime | None = None
    running: float = 0.0
    boot: str = ""  # which start of the machine ``running`` counts from
    lag: timedelta = timedelta(0)  # by how much the wall clock is behind the time that has passed
    ahead: timedelta = timedelta(0)  # jumps forward that have not been taken back
    mark: datetime | None = None  # once the wall clock shows this, it has caught up
    moved: timedelta = timedelta(0)  # how far the timers' moment went back at the last look
    since: int = 0  # the event that noted the first jump forward that was not taken back

    def step(self, wall: datetime, running: float) -> float:
        """By how many seconds the wall clock jumped since the last look; 0.0 at the very first."""
        before, self.wall = self.wall, wall
        passed, self.running = running - self.running, running
        self.moved = timedelta(0)
        if before is None:
            return 0.0
        jumped = (wall - before).total_seconds() - passed
        if abs(jumped) > _STEP_SECONDS + passed * _SLEWED:
            self._follow(timedelta(seconds=jumped))
        elif self.mark is not None and wall >= self.mark:
            self.moved, self.lag, self.mark = -self.lag, timedelta(0), None
        return jumped

    def go_on(
        self,
        kept: Mapping[str, Any],
        wall: datetime,
        running: float,
        boot: str,
        *,
        recorded: datetime | None = None,
    ) -> None:
        """Begin where the last process was; after a restart of the machine as far as is known.

        Since then no time can have passed backwards: a wall clock that shows less was set back.
        Where no process ever kept anything, the moment of what was last ``recorded`` stands for it.
        """
        self.boot = boot
        if not kept:
            if recorded is not None and recorded > wall:
                self.wall, self.running = recorded, running
            return
        self.wall, self.running = datetime.fromisoformat(kept["wall"]), kept["running"]
        self.lag, self.ahead = timedelta(seconds=kept["lag"]), timedelta(seconds=kept["ahead"])
        self.mark = datetime.fromisoformat(kept["mark"]) if kept["mark"] else None
        self.since = kept["since"]
        if kept["boot"] != boot or running < self.running:
            self.running = running - max(0.0, (wall - self.wall).total_seconds())

    def kept(self) -> Mapping[str, Any]:
        """What the next process must know."""
        assert self.wall is not None, "step() looks at the clock first"
        return {
            "wall": self.wall.isoformat(),
            "running": self.running,
            "boot": self.boot,
            "lag": self.lag.total_seconds(),
            "ahead": self.ahead.total_seconds(),
            "mark": self.mark.isoformat() if self.mark else None,
            "since": self.since,
        }

    def now(self) -> datetime:
        """The moment for the timers: the wall clock, or later where that was set back."""
        assert self.wall is not None, "step() looks at the clock first"
        return self.wall + self.lag

    def _follow(self, jumped: timedelta) -> None:
        none = timedelta(0)
        if jumped > none:
            self.ahead += max(none, jumped - self.lag)
            self.lag = max(none, self.lag - jumped)
        else:
            taken_back = min(self.ahead, -jumped)
            self.ahead -= taken_back
            self.lag += -jumped - taken_back
            self.moved = -taken_back
        self.mark = self.now() if self.lag else None
