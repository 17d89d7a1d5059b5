"""The timeline of a person for the eye: a row of routine checks under one line that opens."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from triage.present import spans
from triage.present.timeline import Entry, entry, is_about_alert

if TYPE_CHECKING:
    from triage.casework import TimelineEntry

_FEWEST = 3  # fewer visits in a row than this are shown one by one


@dataclass(frozen=True)
class Chapter:
    """Entries in a row: one that stands for itself, or many routine checks under one line."""

    entries: tuple[Entry, ...]
    words: str = ""  # empty where the entries are shown one by one


def chapters(entries: Iterable["TimelineEntry"], *, now: datetime) -> tuple[Chapter, ...]:
    """What happened, the latest first; a row of routine visits is one line that opens.

    A visit that was late, corrected or has words, and a rousing check that was not passed, always
    stands for itself.
    """
    lines = [entry(each, now=now) for each in entries if not is_about_alert(each)]
    return tuple(_chapters(reversed(lines)))


def _chapters(lines: Iterable[Entry]) -> Iterator[Chapter]:
    for routine, group in groupby(lines, key=lambda each: each.routine):
        row = tuple(group)
        if routine and len(row) >= _FEWEST:
            many = spans.count(len(row), "visit or rousing check", "visits and rousing checks")
            words = f"{many}, {row[-1].when} to {row[0].when}, nothing else noted"
            yield Chapter(row, words)
        else:
            yield from (Chapter((each,)) for each in row)
