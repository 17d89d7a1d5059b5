"""One look at the night: who looks, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from triage import casework
from triage.casework import Service, StayView
from triage.demo.night import Night
from triage.demo.player import Player, actor
from triage.record import Actor

Lines = Iterator[str]
DESK, CARE = "okafor", "nair"  # who looks where a scene does not say who


@dataclass(frozen=True)
class Looking:
    """One look at the night: who looks, and when."""

    night: Night
    service: Service
    player: Player
    now: datetime

    def at(self, who: str, *, by: str = DESK) -> StayView:
        """The stay of a person, as somebody may see it."""
        return casework.stay_view(
            self.service, self.player.stay(who), actor=self.as_(by), now=self.now
        )

    def as_(self, by: str) -> Actor:
        return actor(self.night.staff[by])

    def name(self, who: str) -> str:
        return str(self.night.people[who].opening["name"])
