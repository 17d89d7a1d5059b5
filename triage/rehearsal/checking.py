"""Holds what the twin counted against the core, person by person, on a sample of every run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from triage.domain.answers import Details
from triage.domain.needs import ORDER
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.domain.sweep import Swept, sweeping
from triage.rehearsal.comparing import Comparison, Tally
from triage.rehearsal.machine import Block

CodedRow = tuple[int, bytes]  # the number of the screening's event, and its code
Sampled = tuple[Comparison, CodedRow]
DetailsOf = Callable[[int], Details | None]
Levels = Mapping[str, tuple[int, int]]  # of each need and flag: found, and not excluded
Change = tuple[str, int, int]
SCREENED = 25  # of the sample, about so many are screened as at the desk


class TwinDiffers(RuntimeError):
    """The batch evaluation and the core disagree: nothing that it counted can be trusted."""


def check(
    sampled: Sequence[Sampled],
    old: Rulebook,
    new: Rulebook,
    tally: Tally,
    details_of: DetailsOf | None = None,
) -> None:
    """Holds the levels and the counted changes of some screenings against the core's.

    Some are screened as at the desk; the rest go through the core's sweep, which is quicker and
    gives the same levels. Raises TwinDiffers at the first that is not the same.
    """
    if not sampled:
        return
    counted = _counted(tally, [seq for _, (seq, _) in sampled])
    sweeps = sweeping(old), sweeping(new)
    every = max(1, len(sampled) // SCREENED)
    place = 0
    for comparison, rows in _by_coding(sampled):
        for (seq, code), quick in zip(rows, _quick(comparison, rows), strict=True):
            details = details_of(seq) if details_of is not None else None
            details = comparison.coding.read_back(code) if details is None else details
            core = swept_levels(sweeps[0](details)), swept_levels(sweeps[1](details))
            for mine, theirs in zip(quick, core, strict=True):
                _agree(seq, mine, theirs)
            if counted.get(seq, set()) != _changes(*core):
                raise TwinDiffers(f"Screening {seq}: what was counted is not what the core finds.")
            if place % every == 0:
                _agree(seq, quick[0], levels_of(old, details))
                _agree(seq, quick[1], levels_of(new, details))
            place += 1


def swept_levels(swept: Swept) -> Levels:
    """The levels that the core's sweep finds; what is not excluded counts above what is found."""
    _, found, open_ = swept
    pairs = zip(ORDER, found, open_, strict=True)
    return {name: (level, more if more > level else 0) for name, level, more in pairs}


def levels_of(rulebook: Rulebook, details: Details) -> Levels:
    """What the core finds: the level of every need and flag, and the level not excluded."""
    findings = screen(rulebook, details)
    found = {need.need: int(need.urgency) for need in findings.needs}
    found |= {flag.flag: int(flag.urgency) for flag in findings.flags}
    open_ = {each.need: int(each.urgency) for each in findings.not_excluded}
    return {name: (found.get(name, 0), open_.get(name, 0)) for name in ORDER}


def _by_coding(sampled: Iterable[Sampled]) -> Iterable[tuple[Comparison, list[CodedRow]]]:
    found: dict[bytes, tuple[Comparison, list[CodedRow]]] = {}
    for comparison, row in sampled:
        found.setdefault(comparison.coding.tag, (comparison, []))[1].append(row)
    return found.values()


def _quick(comparison: Comparison, rows: list[CodedRow]) -> Iterator[tuple[Levels, Levels]]:
    """What the twin says of each row under both rulebooks."""
    block = Block.of(comparison.coding, *zip(*rows, strict=True))
    both = comparison.levels(block)
    for place in range(len(rows)):
        old, new = (
            {name: (int(found[place]), int(open_[place])) for name, (found, open_) in each.items()}
            for each in both
        )
        yield old, new


def _agree(seq: int, mine: Levels, theirs: Levels) -> None:
    for name in ORDER:
        if mine[name] != theirs[name]:
            raise TwinDiffers(
                f"Screening {seq}: {name} (found, not excluded) is {mine[name]} in the batch"
                f" and {theirs[name]} in the core."
            )


def _changes(old: Levels, new: Levels) -> set[Change]:
    pairs = ((name, old[name][0], new[name][0]) for name in ORDER)
    return {(name, before, after) for name, before, after in pairs if before != after}


def _counted(tally: Tally, wanted: Sequence[int]) -> Mapping[int, set[Change]]:
    """The changes that were counted for these screenings."""
    found: dict[int, set[Change]] = {}
    for name, change in tally.changes.items():
        for seqs, levels in zip(change.seqs, change.levels, strict=True):
            here = np.isin(seqs, wanted)
            for seq, before, after in zip(
                seqs[here].tolist(), *levels[:, here].tolist(), strict=True
            ):
                found.setdefault(seq, set()).add((name, before, after))
    return found
