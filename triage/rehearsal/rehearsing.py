"""The rehearsal of a changed rulebook, or of another day's law, over recorded screenings.

Nothing is recorded by it and nobody is alerted. Every run holds a sample of its verdicts against
the core, one person at a time; where they differ there is no result at all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import compress, islice
from operator import methodcaller

from triage.domain.dated import Law
from triage.domain.findings import Urgency
from triage.domain.needs import ORDER
from triage.domain.rehearsal import PersonChange, Rehearsal
from triage.domain.rulebook import Rulebook
from triage.rehearsal.checking import CodedRow, DetailsOf, Sampled, TwinDiffers, check
from triage.rehearsal.coding import Coding, coding_of, days_of
from triage.rehearsal.comparing import Comparison, Tally
from triage.rehearsal.machine import BLOCK, Block
from triage.rehearsal.places import DAY, ETHNICITY, TAG
from triage.rehearsal.summary import summary

Seqs = tuple[int, ...]
Codes = tuple[bytes, ...]
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
        """All that was counted, as it may leave: small numbers left out, the others rounded."""
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
    sample: int = 200,
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
    for tag, seqs, codes in batches(rows):
        run.count(tag, seqs, codes)
        read += len(seqs)
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

    def count(self, tag: bytes, seqs: Seqs, codes: Codes) -> None:
        """Counts a batch of rows of one coding; what cannot be read is counted as that."""
        comparison = self.comparisons.get(tag)
        if comparison is None:
            self.unreadable += len(seqs)
            return
        whole = _whole(comparison.coding, seqs, codes)
        self.unreadable += len(seqs) - len(whole[0])
        kept = whole if self.since is None else _since(self.since, *whole)
        self.earlier += len(whole[0]) - len(kept[0])
        if kept[0]:
            self._count(comparison, *kept)

    def _count(self, comparison: Comparison, seqs: Seqs, codes: Codes) -> None:
        # The first batch gives most of the sample, since nobody knows how many more there are.
        wanted = max(1, (self.wanted - len(self.sampled)) // 3)
        found = comparison.tally(Block.of(comparison.coding, seqs, codes), wanted)
        self.tally.add(found)
        self.sampled += [(comparison, (seqs[place], codes[place])) for place in found.sampled]


def batches(rows: Iterable[CodedRow]) -> Iterator[tuple[bytes, Seqs, Codes]]:
    """Rows in batches of one coding: its tag, the numbers of the screenings, their codes."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BLOCK)):
        seqs, codes = zip(*batch, strict=True)
        first = codes[0][TAG:DAY]
        if all(map(methodcaller("startswith", first), codes)):
            yield first, seqs, codes
            continue
        for tag in sorted({code[TAG:DAY] for code in codes}):
            yield tag, *_only([code[TAG:DAY] == tag for code in codes], seqs, codes)


def _whole(coding: Coding, seqs: Seqs, codes: Codes) -> tuple[Seqs, Codes]:
    """The rows that are neither cut nor grown."""
    if all(map(coding.is_whole, set(map(len, codes)))):
        return seqs, codes
    return _only([coding.is_whole(len(code)) for code in codes], seqs, codes)


def _since(day: date, seqs: Seqs, codes: Codes) -> tuple[Seqs, Codes]:
    """The rows of screenings on this day or later."""
    first = days_of(day).to_bytes(2, "big")  # in a row the greater byte stands first
    return _only([code[DAY:ETHNICITY] >= first for code in codes], seqs, codes)


def _only(kept: Sequence[bool], seqs: Seqs, codes: Codes) -> tuple[Seqs, Codes]:
    return tuple(compress(seqs, kept)), tuple(compress(codes, kept))


def on_the_law_of(rulebook: Rulebook, day: date) -> Rulebook:
    """The same rulebook with the law as it stands on one day, whatever the day of a screening."""
    rows = {
        row_id: replace(
            row, in_force_from=date.min if row.holds_on(day) else None, in_force_to=None
        )
        for row_id, row in rulebook.law.rows.items()
    }
    return replace(rulebook, law=Law(rows))
