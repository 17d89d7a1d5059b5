"""What a screening found: needs with reasons, what could not be excluded, conflicts, routes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TypeVar

from triage.domain.answers import Value
from triage.domain.dated import Confidence

_T = TypeVar("_T")


def like(made: _T, **changes: object) -> _T:
    """A value like one that was made already, with some fields changed.

    ``dataclasses.replace`` says the same, but it goes through the constructor of a frozen class,
    field by field; a screening makes dozens of reasons and routes of which one or two fields
    differ from rulebook to person, and this makes them three times as fast.
    """
    new = object.__new__(type(made))
    fields = vars(new)
    fields.update(vars(made))
    fields.update(changes)
    return new


class Urgency(IntEnum):
    """How soon a person must act; the highest always wins."""

    ROUTINE = 1
    SOON = 2
    URGENT = 3
    EMERGENCY = 4

    word: str  # for it, as in the rules and the contracts

    def __init__(self, _: int) -> None:
        self.word = self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Urgency":
        """The urgency that a word names; raises KeyError for any other word."""
        return cls[word.upper()]


class ScreenStatus(StrEnum):
    """How far the screening itself got; only COMPLETE can say that nothing was found."""

    COMPLETE = "complete"
    PROVISIONAL = "provisional"
    REFUSED = "refused"
    CANNOT_SCREEN = "cannot_screen"


class Axis(StrEnum):
    """Whose act a route is: staff must, the person decides, or the police decide."""

    DUTY = "duty"
    SUPPORT = "support"
    DISPOSAL = "disposal"


class RouteStatus(StrEnum):
    """Whether a human could choose the route now."""

    SUGGESTED = "suggested"
    POSSIBLE = "possible"
    NEEDS_INFORMATION = "needs_information"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True)
class FactUsed:
    """One fact that decided a rule, with where it came from."""

    id: str
    value: Value | None
    status: str
    source: str
    asked_at: datetime | None = None
    group: str = "police"


@dataclass(frozen=True)
class Reason:
    """One rule that holds, in its own words, with what it rests on."""

    rule: str
    urgency: Urgency
    because: str
    do: tuple[str, ...]
    tell: tuple[str, ...]
    source: str
    confidence: Confidence
    lesson: str | None
    facts: tuple[FactUsed, ...]
    tell_police: str | None = None


@dataclass(frozen=True)
class Need:
    """One need that was found, at its highest urgency, with every reason for it."""

    need: str
    urgency: Urgency
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Flag:
    """Something about the screen or the stay, not about the person's needs."""

    flag: str
    urgency: Urgency
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Missing:
    """One answer that is missing, and why: refused, unable, not_asked."""

    id: str
    why: str

    def __hash__(self) -> int:
        # Asked for very often, where doubles are left out; an id has one reason at a time.
        return hash(self.id)


@dataclass(frozen=True)
class NotExcluded:
    """A need that could not be ruled out, what to ask, and when to ask again."""

    need: str
    urgency: Urgency
    rules: tuple[str, ...]
    missing: tuple[Missing, ...]
    ask_again_at: datetime


@dataclass(frozen=True)
class Conflict:
    """What the person said against what the record holds; the riskier stands."""

    id: str
    said: str
    record: str


@dataclass(frozen=True)
class DoNow:
    """One act that staff should do now, and the rules that ask for it."""

    action: str
    urgency: Urgency
    words: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """One route that a human could choose, or why it is not open."""

    route: str
    axis: Axis
    status: RouteStatus
    basis: str  # duty | compelled | voluntary
    decided_by: str
    why: tuple[str, ...]
    missing: tuple[Missing, ...]
    target_minutes: int | None
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rescreen:
    """When the whole screening is due again, and why."""

    due_at: datetime
    why: tuple[str, ...]


@dataclass(frozen=True)
class RulebookStamp:
    """Which rulebook gave these findings, and as the law stood on which day."""

    fingerprint: str
    law_on: str
    signed: bool


@dataclass(frozen=True)
class Findings:
    """The whole result of one screening."""

    at: datetime
    rulebook: RulebookStamp
    status: ScreenStatus
    nothing_found: bool
    answered: tuple[int, int]  # core questions with an answer, core questions in all
    needs: tuple[Need, ...]
    flags: tuple[Flag, ...]
    not_excluded: tuple[NotExcluded, ...]
    conflicts: tuple[Conflict, ...]
    do_now: tuple[DoNow, ...]
    routes: tuple[Route, ...]
    rescreen: Rescreen | None
    warnings: tuple[str, ...] = ()

    def timed(self, by: timedelta) -> "Findings":
        """The same found so much later, or earlier: what is asked again moves along."""
        again = self.rescreen
        return like(
            self,
            at=self.at + by,
            rescreen=None if again is None else like(again, due_at=again.due_at + by),
            not_excluded=tuple(
                like(each, ask_again_at=each.ask_again_at + by) for each in self.not_excluded
            ),
        )

    @property
    def quiet(self) -> bool:
        """Complete and nothing raised, and yet an answer is missing: not the same as nothing
        found."""
        raised = self.needs or self.flags or self.not_excluded or self.conflicts
        return self.status is ScreenStatus.COMPLETE and not (raised or self.nothing_found)
