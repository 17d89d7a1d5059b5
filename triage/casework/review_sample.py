"""The dip sample: every high-risk record of a review and some by chance, repeatable by a seed."""

import random
from dataclasses import dataclass

from triage.casework.review import Review
from triage.casework.review_case import Case, Finding
from triage.domain import london
from triage.domain.clocks import ClockState


@dataclass(frozen=True)
class SampleLine:
    """One record of a dip sample: why it was chosen, and what was found in it."""

    case: Case
    why: tuple[str, ...]  # empty: by chance
    finding: Finding | None


@dataclass(frozen=True)
class Sample:
    """A dip sample: all high-risk records, and some by chance; the seed makes it repeatable."""

    name: str
    of: int  # how many records it was drawn from
    lines: tuple[SampleLine, ...]


def sample(found: Review, *, chosen: int, seed: int) -> Sample:
    """All high-risk records of a review, and ``chosen`` others by chance; the same for a seed."""
    name = f"{london.day_of(found.since)}/{london.day_of(found.until)}/{chosen}/{seed}"
    inside = sorted(
        (
            case
            for case in found.cases
            if any(found.since <= w.began < found.until for w in case.waits)
        ),
        key=lambda case: (case.reference, case.stay),
    )
    risky = {case.stay: high_risk(case) for case in inside}
    rest = [case for case in inside if not risky[case.stay]]
    drawn = {case.stay for case in random.Random(seed).sample(rest, min(chosen, len(rest)))}
    lines = tuple(
        SampleLine(case, risky[case.stay], _last_finding(case, name))
        for case in inside
        if risky[case.stay] or case.stay in drawn
    )
    return Sample(name, len(inside), lines)


def high_risk(case: Case) -> tuple[str, ...]:
    """Why a record is always looked at: none of these is a judgement on anybody."""
    said = case.clocks
    signs = (
        ("cannot_be_evaluated", said is None),
        ("breach", any(one.clock.state is ClockState.BREACH for one in case.passed)),
        ("against_the_law", bool(said and said.unlawful)),
        ("emergency_alert", case.worst == "A1"),
        ("police_station", any(row.values.get("station_hours") not in (None, "not_asked")
                               for row in case.returned)),
        ("under_18", any(row.values.get("age_group") == "under_18" for row in case.returned)),
        ("absconded", any(event.kind == "absconded" for event in case.story)),
    )  # fmt: skip
    return tuple(name for name, holds in signs if holds)


def _last_finding(case: Case, sample: str) -> Finding | None:
    return next((one for one in reversed(case.findings) if one.sample == sample), None)
