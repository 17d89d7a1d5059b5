"""What a rehearsal of a changed rulebook says, as it may leave the house.

Small numbers are left out and every other count is rounded, for rehearsals are made again and
again: of other days, of nearly the same rules. No two of them may give a person away together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from triage.domain.findings import Urgency
from triage.domain.small_numbers import Shown


class Way(StrEnum):
    """How a need or flag of one person would change."""

    GAINS = "gains"
    MORE_URGENT = "more_urgent"
    LESS_URGENT = "less_urgent"
    LOSES = "loses"


@dataclass(frozen=True)
class Counted:
    """Who had a need before, and how many change which way."""

    before: Shown
    ways: Mapping[Way, Shown]


@dataclass(frozen=True)
class NeedChange:
    """How one need or flag would change, for everybody and by group."""

    need: str
    everybody: Counted
    groups: Mapping[str, Mapping[str, Counted]]  # dimension -> group -> counts
    emergencies_lost: Shown  # an emergency before, and less than that after


@dataclass(frozen=True)
class Crossing:
    """How many screenings something comes to hold for, and ceases to hold for."""

    id: str
    gains: Shown
    loses: Shown


@dataclass(frozen=True)
class Rehearsal:
    """Who would gain and who would lose, if another rulebook had been used."""

    old: str  # fingerprints
    new: str
    screenings: Shown
    first: date | None  # London days of the screenings
    last: date | None
    checked: Shown  # verdicts held one by one against the screening itself
    earlier: Shown  # screenings left out: older than asked for
    unreadable: int  # screenings left out: nobody knows any more how they were coded
    groups: Mapping[str, Mapping[str, Shown]]  # who was screened
    needs: tuple[NeedChange, ...]
    rules: tuple[Crossing, ...]
    not_excluded: tuple[Crossing, ...]


@dataclass(frozen=True)
class PersonChange:
    """One need or flag of one screening, before and after. For the site's own eyes only."""

    seq: int
    need: str
    before: Urgency | None
    after: Urgency | None
