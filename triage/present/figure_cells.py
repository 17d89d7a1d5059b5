"""One figure as a cell of a table: what is shown, and the records behind it.

What leaves the force has no record number and no small number; what stays inside has both. The key
of a figure is the same in both, so that a partner and an inspector can speak about the same one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.domain.small_numbers import Shown, shown_parts, shown_parts_of_hidden
from triage.present import review_words as words

_ROUND = 300  # seconds


@dataclass(frozen=True)
class Cell:
    """One figure: what is shown, and the records behind it (none where it leaves)."""

    key: str
    text: str
    number: float | None = None  # for a spreadsheet: a count, or minutes
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One row of a table."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One table of figures."""

    id: str
    caption: str
    first: str  # the heading of the labels
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""


def records_of(made: Iterable[Sheet]) -> Mapping[str, tuple[str, ...]]:
    """The records behind each figure."""
    return {cell.key: cell.records for sheet in made for line in sheet.lines for cell in line.cells}


def flat(made: Iterable[Sheet]) -> Iterator[tuple[Sheet, Line, str, Cell]]:
    """Every figure with its table, row and column."""
    for sheet in made:
        for line in sheet.lines:
            for column, cell in zip(sheet.columns, line.cells, strict=True):
                yield sheet, line, column, cell


def counts_of(
    counts: Sequence[int], *, leaving: bool, total_shown: bool = True
) -> tuple[Shown, ...]:
    """The parts of a total, as they may be shown; the total may be left out in another table."""
    if not leaving:
        return tuple(Shown(count) for count in counts)
    return shown_parts(counts) if total_shown else shown_parts_of_hidden(counts)


def count_cell(key: str, count: Shown, records: tuple[str, ...], *, leaving: bool) -> Cell:
    """One count, with the records behind it unless it leaves."""
    return Cell(key, count_text(count), count.count, () if leaving else records)


def count_text(count: Shown) -> str:
    """A count in words."""
    if count.count is not None:
        return f"{count.count:,}"
    return words.FEW if count.few else words.HIDDEN


def time_cell(
    key: str, seconds: float | None, records: tuple[str, ...], *, leaving: bool, exists: bool
) -> Cell:
    """One length of time; rounded where it leaves, and a dash where there is none."""
    if seconds is None:
        return Cell(key, words.HIDDEN if exists else words.NONE)
    if leaving:
        seconds = round(seconds / _ROUND) * _ROUND
    return Cell(key, words.length(seconds), seconds / 60, () if leaving else records)
