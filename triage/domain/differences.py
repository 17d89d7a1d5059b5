"""What a correction changed: due times that moved, times that passed, what is against the law.

Two answers of the clocks for the same moment are laid side by side: one without the correction and
one with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triage.domain.clocks import Clock, Clocks, ClockState, Unlawful

_LATE = (ClockState.BREACH, ClockState.OVERDUE, ClockState.TARGET_MISSED)


class What(StrEnum):
    """In which way the answer is another one now."""

    MOVED = "moved"  # a due time moved
    PASSED = "passed"  # a time counts as passed that did not before
    MENDED = "mended"  # a time that counted as passed did not pass after all
    UNLAWFUL = "unlawful"  # something is against the law that was not before
    LAWFUL = "lawful"  # something is not against the law after all


@dataclass(frozen=True)
class Difference:
    """One thing that is different since a correction."""

    what: What
    clock: str | None = None
    was: datetime | None = None  # the due time before
    now: datetime | None = None  # the due time since
    state: ClockState | None = None  # breach, overdue or target missed, never one for another
    unlawful: Unlawful | None = None


def differences(before: Clocks, after: Clocks) -> tuple[Difference, ...]:
    """What is different in the second answer, clocks first; nothing when they agree."""
    return tuple([*_of_clocks(before, after), *_of_law(before, after)])


def _of_clocks(before: Clocks, after: Clocks) -> Iterator[Difference]:
    was, now = _by_start(before), _by_start(after)
    for key, clock in now.items():
        old = was.get(key)
        if old is not None and old.due_at != clock.due_at:
            yield Difference(What.MOVED, clock.clock, old.due_at, clock.due_at)
        if clock.state in _LATE and (old is None or old.state not in _LATE):
            yield Difference(What.PASSED, clock.clock, now=clock.due_at, state=clock.state)
    for key, old in was.items():
        new = now.get(key)
        if old.state in _LATE and (new is None or new.state not in _LATE):
            yield Difference(What.MENDED, old.clock, was=old.due_at, state=old.state)


def _by_start(said: Clocks) -> dict[tuple[str, str | None], Clock]:
    """The clocks by name and by what started them: a moved start is still the same start."""
    return {(clock.clock, clock.start_event): clock for clock in said.clocks}


def _of_law(before: Clocks, after: Clocks) -> Iterator[Difference]:
    was = {(one.event, one.law_row, one.words): one for one in before.unlawful}
    now = {(one.event, one.law_row, one.words): one for one in after.unlawful}
    yield from (Difference(What.UNLAWFUL, unlawful=one) for k, one in now.items() if k not in was)
    yield from (Difference(What.LAWFUL, unlawful=one) for k, one in was.items() if k not in now)
