"""Minutes that nobody was recorded as waited for, given to a partner and an agreed reason by hand.

An inspector who knows why nothing moved says so afterwards. Only minutes of a gap can be given
away: what is counted from entries stays as it is counted, and no worker is ever named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.domain.clocks import Delay, Gap

_GAP = ("unattributed", "gap")


@dataclass(frozen=True)
class Attribution:
    """A stretch of time that somebody gave to an agreed reason; the code is partner.reason."""

    code: str
    since: datetime
    until: datetime


_DETENTION = "detention"  # only the gaps of a detention are attributed


def given(
    delays: Sequence[Delay], gaps: Sequence[Gap], attributions: Sequence[Attribution]
) -> tuple[Delay, ...]:
    """The delays with attributed minutes under their reasons, longest first.

    Where two attributions overlap the later one counts. Parts of a minute stay unattributed, so
    nothing is invented by rounding: the sum stays what it was.
    """
    of_detentions = [delay for delay in delays if delay.wait == _DETENTION]
    minutes = {(delay.partner, delay.reason): delay.minutes for delay in of_detentions}
    for code, taken in _taken(gaps, attributions).items():
        partner, _, reason = code.partition(".")
        spent = min(int(taken / timedelta(minutes=1)), minutes.get(_GAP, 0))
        minutes[partner, reason] = minutes.get((partner, reason), 0) + spent
        minutes[_GAP] = minutes.get(_GAP, 0) - spent
    found = [Delay(*who, spent) for who, spent in minutes.items() if spent > 0]
    found.sort(key=lambda delay: (-delay.minutes, delay.partner, delay.reason))
    return (*found, *(delay for delay in delays if delay.wait != _DETENTION))


def left(gaps: Iterable[Gap], attributions: Sequence[Attribution]) -> tuple[Gap, ...]:
    """What is still nobody's, in order."""
    rest = tuple(gaps)
    for one in attributions:
        rest = tuple(part for gap in rest for part in _without(gap, one.since, one.until))
    return rest


def _taken(gaps: Sequence[Gap], attributions: Sequence[Attribution]) -> dict[str, timedelta]:
    """How much of the gaps each reason takes; the last word on a stretch is the one that counts."""
    found: dict[str, timedelta] = {}
    rest = tuple(gaps)
    for one in reversed(attributions):
        before = _length(rest)
        rest = left(rest, (one,))
        found[one.code] = found.get(one.code, timedelta()) + before - _length(rest)
    return found


def _length(gaps: Iterable[Gap]) -> timedelta:
    return sum((gap.until - gap.since for gap in gaps), timedelta())


def _without(gap: Gap, since: datetime, until: datetime) -> tuple[Gap, ...]:
    if until <= gap.since or since >= gap.until:
        return (gap,)
    parts = (Gap(gap.since, min(since, gap.until)), Gap(max(until, gap.since), gap.until))
    return tuple(part for part in parts if part.until > part.since)
