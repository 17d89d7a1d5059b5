"""The weekly multi-agency pack: two pages, the same figures as CSV and as a workbook.

What leaves has no record number and no small number. What stays inside has both, and says so.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from triage.domain import london
from triage.domain.annual_return import Row
from triage.domain.errors import InputError
from triage.domain.published import Kind, Period, days
from triage.domain.waits import WaitKind
from triage.present import charts, figure_cells, figures, spans
from triage.present import review_words as words
from triage.present.charts import Histogram, Run
from triage.present.figure_cells import Sheet
from triage.present.figures import Figures, weekly_medians

if TYPE_CHECKING:
    from triage.casework import Review

TREND_WEEKS = 13
BOM = "\ufeff"  # so that Excel reads UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NO_XLSX = 'Workbooks need one more package: pip install "custody-triage[xlsx]"'
_NOTES = (words.NEVER_ADDED, words.OVERLAP, words.FROM_ENTRIES)


def trend_from(last: date) -> date:
    """The Monday with which a trend to this day begins, where nobody says a first day."""
    return last - timedelta(days=last.weekday(), weeks=TREND_WEEKS - 1)


@dataclass(frozen=True)
class Pack:
    """One pack: what stands on its first page and what on its second."""

    title: str
    stretch: str
    suites: str
    known: str
    leaving: bool
    left: bool  # what leaves is a draft until it left
    status: str
    first: tuple[Sheet, ...]
    second: tuple[Sheet, ...]
    histogram: Histogram
    run: Run
    notes: tuple[str, ...]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every table of the pack."""
        return (*self.first, *self.second)


_FIRST = (*(f"waits_{kind}" for kind in WaitKind), "officers_hours")
_SECOND = (
    "ledger", "ledger_arrested", "passed", "detention_by_suite", "detention_by_place", "places",
)  # fmt: skip


def pack(found: "Review", practice: Mapping[str, Any], *, weeks: int, leaving: bool) -> Pack:
    """The pack of the last ``weeks`` of a review.

    Inside, its two charts show the whole review; a draft of what leaves shows its own weeks alone.
    """
    week = replace(found, since=max(found.since, found.until - timedelta(weeks=weeks)))
    if leaving:
        first, after = london.day_of(week.since), london.day_of(week.until)
        made = figures.leaving(week, practice)
        return leaving_pack(made, Period(Kind.PACK, first, after, found.suites), (made,))
    sheets = figures.sheets(week, practice, leaving=False)
    trend, monday = legs_weeks(found), london.day_of(found.since)
    return _pack(
        sheets,
        stretch=stretch(week),
        suites=found.suites,
        known="" if found.as_known_at is None else f"As known at {london.text(found.as_known_at)}.",
        left=None,
        histogram=charts.histogram(found.measured, *figures.TREND),
        run=charts.run_chart(found.measured, *figures.TREND, first=monday, weeks=trend),
    )


def leaving_pack(
    made: Figures, period: Period, before: Iterable[Figures], *, left_at: datetime | None = None
) -> Pack:
    """The pack of figures that leave, or left at a moment.

    Its run chart has the weeks of ``before``, which left by themselves: a week that did not leave
    is a gap.
    """
    medians = {week: hours for each in before for week, hours in weekly_medians(each).items()}
    weeks = max(period.weeks, TREND_WEEKS)
    mondays = [period.after - timedelta(weeks=n) for n in range(weeks, 0, -1)]
    run = [(monday, medians.get(monday.isoformat())) for monday in mondays]
    known = "" if left_at is None else f"As known at {london.text(left_at)}, when it left."
    return _pack(
        made.tables,
        stretch=days(period.first, period.after),
        suites=period.suites,
        known=known,
        left=left_at is not None,
        histogram=charts.histogram_of(made.bars, *figures.TREND, words.LEFT_OUT),
        run=charts.run_of(run, *figures.TREND),
    )


def _pack(
    sheets: Sequence[Sheet],
    *,
    stretch: str,
    suites: Sequence[str],
    known: str,
    left: bool | None,
    histogram: Histogram,
    run: Run,
) -> Pack:
    made = {sheet.id: sheet for sheet in sheets}
    leaving = left is not None
    status = words.INSIDE_ONLY if left is None else words.FIT if left else words.DRAFT
    return Pack(
        title="Section 136 and custody waits: multi-agency pack",
        stretch=stretch,
        suites=", ".join(spans.named(suite) for suite in suites) or "All suites",
        known=known,
        leaving=leaving,
        left=bool(left),
        status=status,
        first=tuple(made[id] for id in _FIRST if id in made),
        second=tuple(made[id] for id in _SECOND if id in made),
        histogram=histogram,
        run=run,
        notes=(*_NOTES, *((words.LEAVING, words.ONCE) if leaving else (words.INSIDE,))),
    )


def legs_weeks(found: "Review") -> int:
    """How many weeks a review spans, begun ones included."""
    return max(1, -(-int((found.until - found.since).total_seconds()) // (7 * 24 * 3600)))


def stretch(found: "Review") -> str:
    """From which day to which, both included."""
    last = london.day_of(found.until - timedelta(seconds=1))
    return days(london.day_of(found.since), last + timedelta(days=1))


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(sheets: Sequence[Sheet], *, leaving: bool) -> str:
    """Every figure on a line of its own, with its key; inside with its record numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    head = ["figure", "table", "row", "column", "shown", "number"]
    writer.writerow(head if leaving else [*head, "records"])
    for sheet, line, column, cell in figure_cells.flat(sheets):
        number = "" if cell.number is None else f"{cell.number:g}"
        row = [cell.key, sheet.caption, line.label, column, cell.text, number]
        writer.writerow(
            [guarded(each) for each in (row if leaving else [*row, " ".join(cell.records)])]
        )
    return BOM + out.getvalue()


def rows_as_csv(rows: Sequence[Row]) -> str:
    """The annual return, a line for each detention: exact, and not to be published."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(rows[0].values) if rows else []
    writer.writerow(["record", "suite", "decided_at_london", *names, "missing"])
    for row in rows:
        said = [_answer(row.values[name]) for name in names]
        decided = london.text(row.decided_at)
        cells = [row.record, row.suite, decided, *said, " ".join(row.missing)]
        writer.writerow([guarded(each) for each in cells])
    return BOM + out.getvalue()


def _answer(value: str | None) -> str:
    return {None: "not_recorded", "not_asked": ""}.get(value, value or "")


def as_xlsx(sheets: Sequence[Sheet], *, leaving: bool) -> bytes:
    """A workbook: a sheet of figures, and inside one that leads from each to its records.

    Raises InputError where the package that writes workbooks is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise InputError.at("xlsx", NO_XLSX) from error
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    page = book.add_worksheet("Figures")
    page.set_column(0, 0, 46)
    page.set_column(1, 7, 18)
    at = 0
    for sheet in sheets:
        page.write_string(at, 0, sheet.caption, bold)
        for column, heading in enumerate(sheet.columns, 1):
            page.write_string(at, column, heading, bold)
        for line in sheet.lines:
            at += 1
            page.write_string(at, 0, line.label)
            for column, cell in enumerate(line.cells, 1):
                page.write_string(at, column, cell.text)
        at += 2
    _raw(book, sheets, bold)
    if not leaving:
        _records(book, sheets, bold)
    book.close()
    return out.getvalue()


def _raw(book: Any, sheets: Sequence[Sheet], bold: Any) -> None:
    """The figures as numbers: counts, and times in minutes."""
    page = book.add_worksheet("Numbers")
    for column, heading in enumerate(("Figure", "Table", "Row", "Column", "Number")):
        page.write_string(0, column, heading, bold)
        page.set_column(column, column, 32)
    for at, (sheet, line, heading, cell) in enumerate(figure_cells.flat(sheets), 1):
        for place, text in enumerate((cell.key, sheet.caption, line.label, heading)):
            page.write_string(at, place, text)
        if cell.number is not None:
            page.write_number(at, 4, cell.number)


def _records(book: Any, sheets: Sequence[Sheet], bold: Any) -> None:
    page = book.add_worksheet("Records")
    page.set_column(0, 1, 44)
    for column, heading in enumerate(("Figure", "Record")):
        page.write_string(0, column, heading, bold)
    at = 0
    for key, records in figure_cells.records_of(sheets).items():
        for record in records:
            at += 1
            page.write_string(at, 0, key)
            page.write_string(at, 1, record)


def as_text(sheets: Sequence[Sheet], *, leaving: bool) -> str:
    """The tables for a terminal; a column is as wide as its widest figure."""
    lines = [words.LEAVING if leaving else words.INSIDE]
    for sheet in sheets:
        heads = (sheet.first, *sheet.columns)
        rows = [heads, *((line.label, *(c.text for c in line.cells)) for line in sheet.lines)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
        lines += ["", sheet.caption]
        lines += ["  ".join(_cell(text, widths, i) for i, text in enumerate(row)) for row in rows]
        lines += [sheet.note] if sheet.note else []
    return "\n".join(lines) + "\n"


def _cell(text: str, widths: Sequence[int], place: int) -> str:
    return text.ljust(widths[0]) if place == 0 else text.rjust(widths[place])
