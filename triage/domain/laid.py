"""What a site's own file adds to the rulebook and tightens, so that it can be read and signed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Change:
    """One key of what was added or tightened: as it was (empty where nothing stood), as it is."""

    key: str
    was: str
    now: str


@dataclass(frozen=True)
class LaidOver:
    """One thing that a site's file adds or tightens."""

    kind: str  # service | contact | what a [[tighten]] names: rule, route, row, rescreen, ...
    of: str
    changes: tuple[Change, ...]
    why: str = ""  # of what is tightened


@dataclass(frozen=True)
class Laid:
    """A site's file: whose it is, when it was checked, and all that it adds and tightens."""

    file: str
    owner: str
    checked_on: date
    over: tuple[LaidOver, ...]
