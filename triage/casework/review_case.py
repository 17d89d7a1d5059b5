"""One stay as a review sees it: its waits and clocks, what passed, who was told, who signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from triage.domain import legs
from triage.domain.annual_return import Row
from triage.domain.attributed import Attribution
from triage.domain.clocks import Clock, Clocks
from triage.domain.legs import Measured
from triage.domain.london import iso
from triage.domain.shares import Share
from triage.domain.timeline import Detention, Event
from triage.domain.waits import Wait, WaitKind
from triage.domain.whereabouts import Where


@dataclass(frozen=True)
class Signed:
    """A breach explained: why, in whose name; the breach stays a fact."""

    seq: int
    reason: str  # an agreed code
    words: str
    by: str
    role: str
    at: datetime


@dataclass(frozen=True)
class Passed:
    """A time that passed: breach, overdue or target missed, and who explained it, if anybody."""

    clock: Clock
    signed: Signed | None

    @property
    def key(self) -> str:
        """What an explanation names: the clock and when it started."""
        return clock_key(self.clock.clock, self.clock.started_at)


@dataclass(frozen=True)
class Told:
    """Who was told something by the service, and whether anybody took it."""

    at: datetime
    source: str
    step: str
    to: tuple[str, ...]
    taken_by: str | None
    over_at: datetime | None = None  # closed by somebody, or overtaken by what was done


@dataclass(frozen=True)
class Finding:
    """What a reviewer found in a dip sample, and what was put right."""

    seq: int
    sample: str
    finding: str
    words: str
    fix: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ByHand:
    """A stretch that was nobody's, given to an agreed reason by somebody who knows why."""

    seq: int
    given: Attribution
    words: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Handed:
    """The last handover of one detention: both names, what was promised, whether it was taken."""

    seq: int
    by: str
    by_account: str
    to: str
    to_account: str
    at: datetime
    promised: str
    taken_by: str | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """One stay as a review sees it: waits, clocks, what passed, who was told and asked."""

    stay: str
    reference: str
    suite: str
    kind: str
    initials: str
    cell: str | None
    opened_at: datetime
    closed_at: datetime | None
    detention: Detention
    clocks: Clocks | None  # None: it cannot be evaluated; an emergency says so
    waits: tuple[Wait, ...]
    story: tuple[Event, ...]  # what happened, corrections folded in
    passed: tuple[Passed, ...]
    told: tuple[Told, ...]
    returned: tuple[Row, ...]
    given: Mapping[str, str]  # what was answered for the return
    findings: tuple[Finding, ...]
    where: Where
    by_hand: tuple[ByHand, ...] = ()
    handed: tuple[Handed, ...] = ()
    shares: tuple[Share, ...] = ()  # what of its minutes belongs to which wait
    worst: str | None = None  # the highest level of an alert that no clock raised

    @property
    def asked(self) -> tuple[Event, ...]:
        """The places of safety that were asked, in order."""
        return tuple(event for event in self.story if event.kind == "place_asked")

    @property
    def is_detention(self) -> bool:
        """Whether section 136 or 135 was used in this stay."""
        return any(wait.kind is WaitKind.DETENTION for wait in self.waits)

    @property
    def measured(self) -> tuple[Measured, ...]:
        """Its waits, measured."""
        officers = self.given.get("officers", "")
        return tuple(
            Measured(
                record=self.reference,
                stay=self.stay,
                kind=wait.kind,
                suite=self.suite,
                place=wait.place or "unknown",
                began=wait.began,
                legs=legs.legs_of(wait),
                officers=int(officers) if officers.isdecimal() else None,
            )
            for wait in self.waits
        )


def clock_key(clock: str, started_at: datetime | None) -> str:
    """The name of one run of one clock."""
    return f"{clock}:{iso(started_at) if started_at else ''}"
