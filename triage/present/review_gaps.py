"""The gaps of a detention in words: when nobody was recorded as waited for, and who said why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from triage.domain.clocks import Gap
from triage.present import review_words as words
from triage.present import spans

if TYPE_CHECKING:
    from triage.casework import ByHand, Case

_LEAST = timedelta(minutes=1)
LONGEST_SHOWN = 10


@dataclass(frozen=True)
class GapWords:
    """One stretch that is nobody's; the two moments go back with the form."""

    since: str
    until: str
    words: str


@dataclass(frozen=True)
class ByHandWords:
    """One stretch that somebody gave to an agreed reason, and the entry to put right."""

    seq: int
    words: str
    by: str


@dataclass(frozen=True)
class LongGap:
    """One of the longest gaps of a report, and the detention to look at."""

    stay: str
    reference: str
    words: str


def gaps(case: "Case", *, at: datetime) -> tuple[GapWords, ...]:
    """What is still unattributed in one detention, in order."""
    return tuple(
        GapWords(gap.since.isoformat(), gap.until.isoformat(), _stretch(gap, at))
        for gap in (case.clocks.gaps if case.clocks else ())
        if gap.until - gap.since >= _LEAST
    )


def by_hand(case: "Case", practice: Mapping[str, Any], *, at: datetime) -> tuple[ByHandWords, ...]:
    """What was attributed by hand in one detention, and by whom."""
    partners, reasons = words.partners(practice), words.reasons(practice)
    return tuple(_by_hand(one, partners, reasons, at) for one in case.by_hand)


def longest(gaps: Iterable[tuple["Case", Gap]], *, at: datetime) -> tuple[LongGap, ...]:
    """The longest gaps over many detentions."""
    found = sorted(
        (
            (gap.until - gap.since, case.reference, case, gap)
            for case, gap in gaps
            if gap.until - gap.since >= _LEAST
        ),
        key=lambda each: (-each[0], each[1], each[3].since),
    )
    return tuple(
        LongGap(case.stay, case.reference, _stretch(gap, at))
        for _, _, case, gap in found[:LONGEST_SHOWN]
    )


def _stretch(gap: Gap, at: datetime) -> str:
    spent = words.length((gap.until - gap.since).total_seconds())
    return f"{_between(gap.since, gap.until, at)}: {spent}"


def _between(since: datetime, until: datetime, at: datetime) -> str:
    return f"{spans.moment(since, now=at)} to {spans.moment(until, now=at)}"


def _by_hand(
    one: "ByHand", partners: Mapping[str, str], reasons: Mapping[str, str], at: datetime
) -> ByHandWords:
    partner = one.given.code.partition(".")[0]
    why = f"{partners.get(partner, partner)}, {reasons.get(one.given.code, one.given.code)}"
    said = f" {one.words}" if one.words else ""
    return ByHandWords(
        one.seq,
        f"{_between(one.given.since, one.given.until, at)}: {why}.{said}",
        f"{one.by}, {spans.moment(one.at, now=at)}",
    )
