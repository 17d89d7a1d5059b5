"""The chain of one alert: who is told when, frozen in the moment in which the alert is raised.

A rule that changes later does not stretch a running alert; who the people behind the roles are is
looked up each time. Time starts the next step, never a channel's success or failure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from triage.domain.roles import CLINICAL_ROLES, Role

ADDRESSEES = "addressees"
HELD_OFF_DUTY = "off duty only, never for a limit of law"  # what a level says of quiet hours
MAY_BE_HELD = ("A3", "A4")  # whatever a site writes, nothing more urgent waits for a morning
_ROLES = frozenset(Role)
_THROUGH = {"superintendent": Role.DUTY_INSPECTOR, "legal_owner": Role.DUTY_INSPECTOR}


@dataclass(frozen=True)
class ChainStep:
    """One step: after so many minutes, these roles."""

    after_minutes: int
    to: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """The whole shape of an alert's chain."""

    addressees: tuple[str, ...]
    copied: tuple[str, ...]  # it stands on their list; they are not called before the last step
    steps: tuple[ChainStep, ...]
    repeat_minutes: int | None
    act_minutes: int | None

    def frozen(self) -> list[Any]:
        """The whole shape as a short list, to stand in the event that raises an alert."""
        steps = [[each.after_minutes, *each.to] for each in self.steps]
        return [
            list(self.addressees),
            list(self.copied),
            steps,
            self.repeat_minutes,
            self.act_minutes,
        ]

    @classmethod
    def thawed(cls, frozen: Sequence[Any]) -> "Chain":
        """The shape that ``frozen`` wrote; nothing at all is a chain that never climbs."""
        if not frozen:
            return cls((), (), (), None, None)
        addressees, copied, steps, repeat, act = frozen
        shape = tuple(ChainStep(each[0], tuple(each[1:])) for each in steps)
        return cls(tuple(addressees), tuple(copied), shape, repeat, act)

    def roles(self, step: int) -> tuple[str, ...]:
        """Who is called at a step; past the last one everybody of the last, again and again."""
        if not self.steps:
            return ()
        named = self.steps[min(step, len(self.steps) - 1)].to
        roles = [
            each
            for name in named
            for each in (self.addressees if name == ADDRESSEES else (name,))
            if step >= len(self.steps) - 1 or each not in self.copied or each in self.addressees
        ]
        return tuple(dict.fromkeys(roles))

    def shown(self, step: int) -> tuple[str, ...]:
        """On whose list it stands at a step: those called, and those copied."""
        return tuple(dict.fromkeys([*self.roles(step), *(self.copied if step == 0 else ())]))

    def after(self, step: int) -> timedelta | None:
        """How long after the start of a round a step falls due; None when there is no such step."""
        if step < len(self.steps):
            return timedelta(minutes=self.steps[step].after_minutes)
        if self.repeat_minutes is None or not self.steps:
            return None
        repeats = step - len(self.steps) + 1
        last = self.steps[-1].after_minutes
        return timedelta(minutes=last + repeats * self.repeat_minutes)

    def due(self, step: int, began: datetime) -> datetime | None:
        """When a step of a round that began then falls due."""
        after = self.after(step)
        return None if after is None else began + after

    def crossed(self, began: datetime, now: datetime, step: int) -> int:
        """The highest step that time has reached by now, at least ``step``."""
        reached = [n for n, each in enumerate(self.steps) if began + _minutes(each) <= now]
        step = max([step, *reached])
        if step < len(self.steps) - 1 or not self.repeat_minutes:
            return step
        past = now - began - _minutes(self.steps[-1])
        return max(step, len(self.steps) - 1 + past // timedelta(minutes=self.repeat_minutes))


def _minutes(step: ChainStep) -> timedelta:
    return timedelta(minutes=step.after_minutes)


def reached(tell: Iterable[str]) -> tuple[Role, ...]:
    """The roles of this service that these addressees are reached through, in one order.

    A partner who is no user here is reached through whoever calls them, and nobody named means
    the desk: an alert without an addressee would be nobody's.
    """
    return _reached(tuple(tell))


@lru_cache(maxsize=512)
def _reached(tell: tuple[str, ...]) -> tuple[Role, ...]:
    named = [_THROUGH.get(each) or (Role(each) if each in set(Role) else None) for each in tell]
    roles = {role for role in named if role is not None} or {Role.CUSTODY_SERGEANT}
    return tuple(role for role in Role if role in roles)


def chain(ladder: Mapping[str, Any], level: str, addressees: Sequence[str]) -> Chain:
    """The chain for an alert of this level, as the ladder stands now. SYS1 climbs as A1."""
    row: Mapping[str, Any] = ladder.get("levels", {}).get(level.replace("SYS", "A"), {})
    steps = row.get("chain", ())
    climbs = "acknowledge_minutes" in row
    return Chain(
        addressees=tuple(each for each in addressees if each in _ROLES),
        copied=tuple(row.get("copy_to", ())),
        steps=tuple(ChainStep(each["after_minutes"], tuple(each["to"])) for each in steps),
        repeat_minutes=row.get("repeat_minutes") if climbs else None,
        act_minutes=row.get("act_minutes"),
    )


def may_wait(ladder: Mapping[str, Any], level: str, source: str) -> bool:
    """Whether messages about this wait for the shift of those who are off duty.

    Only where the level says so, and only what the ladder names: everything else counts as a
    limit of law, and those are never held.
    """
    row: Mapping[str, Any] = ladder.get("levels", {}).get(level, {})
    if level not in MAY_BE_HELD or row.get("quiet_hours") != HELD_OFF_DUTY:
        return False
    return source in ladder.get("may_wait", ())


def is_held(addressees: Sequence[str], *, police: bool, clinical: bool) -> bool:
    """Whether the acknowledgements that stand stop the chain.

    Whatever is meant for a clinician needs a clinician; the rest needs the police.
    """
    needs_clinician = any(each in CLINICAL_ROLES for each in addressees)
    return clinical if needs_clinician else police or clinical
