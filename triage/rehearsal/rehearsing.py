"""The rehearsal of a changed rulebook, or of another day's law, over recorded screenings.

Nothing is recorded by it and nobody is alerted. Every run holds a sample of its verdicts against
the core, one person at a time; where they differ there is no result at all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from triage.domain.dated import Law
from triage.domain.findings import Urgency
from triage.domain.needs import ORDER
from triage.domain.rehearsal import PersonChange, Rehearsal
from triage.domain.rulebook import Rulebook
from triage.rehearsal.checking import CodedRow, DetailsOf, Sampled, TwinDiffers, check
from triage.rehearsal.coding import Coding, coding_of, day_of
from triage.rehearsal.comparing import Comparison, Tally
from triage.rehearsal.machine import BLOCK, Block
from triage.rehearsal.places import DAY, TAG
from triage.rehearsal.summary import summary

__all__ = ["Rehearsed", "TwinDiffers", "on_the_law_of", "rehearse"]


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal counted."""

    old: Rulebook
    new: Rulebook
    tally: Tally
    checked: int  # screenings whose verdicts were held against the core
    earlier: int  # screenings left out because they are older than asked for
    unreadable: int  # screenings of a coding that nobody handed in

    def people(self) -> Iterator[PersonChange]:
        """Each change of each screening, need by need. For the site's own eyes only."""
        changes = self.tally.changes
        for need in (name for name in ORDER if name in changes):
            change = changes[need]
            for seqs, levels in zip(change.seqs, change.levels, strict=True):
                rows = zip(seqs.tolist(), *levels.tolist(), strict=True)
                for seq, before, after in rows:
                    yield PersonChange(seq, need, _urgency(before), _urgency(after))

    def shown(self) -> Rehearsal:
        """All that was counted, with small numbers left out."""
        return summary(
            self.tally,
            old=self.old.fingerprint,
            new=self.new.fingerprint,
            checked=self.checked,
            earlier=self.earlier,
            unreadable=self.unreadable,
        )


def rehearse(
    old: Rulebook,
    new: Rulebook,
    rows: Iterable[CodedRow],
    *,
    codings: Iterable[Coding] = (),
    since: date | None = None,
    details_of: DetailsOf | None = None,
    sample: int = 100,
    progress: Callable[[int], object] = lambda rows: None,
) -> Rehearsed:
    """What would change if ``new`` had been the rulebook instead of ``old``.

    ``codings`` are those of older rulebooks under which rows may have been coded. ``details_of``
    gives what a screening really recorded, so that the check covers the codes too; without it
    the check reads the codes back. ``progress`` is told how many rows were read so far.
    Raises TwinDiffers when a sampled verdict is not the core's.
    """
    known = {each.tag: each for each in (*codings, coding_of(old), coding_of(new))}
    run = _Run({tag: Comparison.of(old, new, each) for tag, each in known.items()}, since, sample)
    read = 0
    for tag, batch in batches(rows):
        run.count(tag, batch)
        read += len(batch)
        progress(read)
    check(run.sampled, old, new, run.tally, details_of)
    return Rehearsed(old, new, run.tally, len(run.sampled), run.earlier, run.unreadable)


def _urgency(level: int) -> Urgency | None:
    return Urgency(level) if level else None


@dataclass
class _Run:
    """One rehearsal under way."""

    comparisons: Mapping[bytes, Comparison]
    since: date | None
    wanted: int  # about how many screenings to check
    tally: Tally = field(default_factory=Tally)
    sampled: list[Sampled] = field(default_factory=list)
    earlier: int = 0
    unreadable: int = 0

    def count(self, tag: bytes, batch: list[CodedRow]) -> None:
        """Counts a batch of rows of one coding; what cannot be read is counted as that."""
        comparison = self.comparisons.get(tag)
        whole = [] if comparison is None else _whole(comparison.coding, batch)
        self.unreadable += len(batch) - len(whole)
        since = self.since
        kept = whole if since is None else [row for row in whole if day_of(row[1]) >= since]
        self.earlier += len(whole) - len(kept)
        if comparison is None or not kept:
            return
        # The first block gives most of the sample, since nobody knows how many more there are.
        wanted = max(2, (self.wanted - len(self.sampled)) // 3)
        found = comparison.tally(Block.of(comparison.coding, *zip(*kept, strict=True)), wanted)
        self.tally.add(found)
        self.sampled += [(comparison, kept[place]) for place in found.sampled]


def batches(rows: Iterable[CodedRow]) -> Iterator[tuple[bytes, list[CodedRow]]]:
    """Rows in batches of one coding."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BLOCK)):
        tags = {code[TAG:DAY] for _, code in batch}
        if len(tags) == 1:
            yield tags.pop(), batch
            continue
        for tag in sorted(tags):
            yield tag, [row for row in batch if row[1][TAG:DAY] == tag]


def _whole(coding: Coding, batch: list[CodedRow]) -> list[CodedRow]:
    """The rows of a batch that are neither cut nor grown."""
    sizes = {len(code) for _, code in batch}
    if all(coding.is_whole(size) for size in sizes):
        return batch
    return [row for row in batch if coding.is_whole(len(row[1]))]


def on_the_law_of(rulebook: Rulebook, day: date) -> Rulebook:
    """The same rulebook with the law as it stands on one day, whatever the day of a screening."""
    rows = {
        row_id: replace(
            row, in_force_from=date.min if row.holds_on(day) else None, in_force_to=None
        )
        for row_id, row in rulebook.law.rows.items()
    }
    return replace(rulebook, law=Law(rows))
