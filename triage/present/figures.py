"""The figures of a review as tables: exact inside, and fit to leave with small numbers left out.

Each figure has a key that is the same in both, so that a partner and an inspector can speak about
the same one; inside, each key leads to the numbers of the records behind it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triage.domain import legs
from triage.domain.annual_return import Counted
from triage.domain.clocks import ClockState
from triage.domain.ledger import LedgerLine
from triage.domain.legs import Group, Measured, Summary
from triage.domain.small_numbers import Shown, shown, shown_parts
from triage.domain.waits import WaitKind
from triage.present import review_words as words
from triage.present import section136 as clock_words

if TYPE_CHECKING:
    from triage.casework import Review

_ENOUGH_FOR_MEDIAN, _ENOUGH_FOR_NINETIETH = 5, 10
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


def sheets(found: "Review", practice: Mapping[str, Any], *, leaving: bool) -> tuple[Sheet, ...]:
    """Every table of a review."""
    measured = found.measured
    made = [waits_sheet(measured, kind, leaving=leaving) for kind in WaitKind]
    made.append(officers_sheet(measured, leaving=leaving))
    made += [
        groups_sheet(measured, kind, by, leaving=leaving)
        for kind in (WaitKind.DETENTION, WaitKind.ARRESTED)
        for by in words.GROUPS
    ]
    made.append(ledger_sheet(found.ledger, practice, leaving=leaving))
    made.append(passed_sheet(found, leaving=leaving))
    made.append(places_sheet(found, leaving=leaving))
    return tuple(sheet for sheet in made if sheet.lines or sheet.note == words.TOO_FEW)


def records_of(made: Iterable[Sheet]) -> Mapping[str, tuple[str, ...]]:
    """The records behind each figure."""
    return {cell.key: cell.records for sheet in made for line in sheet.lines for cell in line.cells}


# One wait in its legs -------------------------------------------------------------------------


def waits_sheet(measured: Sequence[Measured], kind: WaitKind, *, leaving: bool) -> Sheet:
    """One kind of wait: each leg with its median, ninetieth, longest, and what is missing."""
    everybody = legs.report(measured, kind, "all")
    if leaving and everybody and 0 < len(everybody[0].records) < _ENOUGH_FOR_MEDIAN:
        caption = f"{words.WAITS[kind]}: {words.FEW} in all"
        return Sheet(f"waits_{kind}", caption, "Leg", (), (), words.TOO_FEW)
    columns = ("Finished", "Median", "90th", "Longest", "Still waiting", "Not recorded",
               "Wrong order")  # fmt: skip
    lines = [
        _leg_line(f"{kind}.{summary.leg}", words.LEGS[summary.leg], group, summary, leaving=leaving)
        for group in everybody
        for summary in group.legs
    ]
    count = len(everybody[0].records) if everybody else 0
    total = _count_text(shown(count)) if leaving else str(count)
    caption = f"{words.WAITS[kind]}: {total} in all"
    return Sheet(f"waits_{kind}", caption, "Leg", columns, tuple(lines), words.NINETIETH)


def _leg_line(key: str, label: str, group: Group, leg: Summary, *, leaving: bool) -> Line:
    listed = (leg.finished, leg.open, leg.not_recorded, leg.out_of_order)
    absent = len(group.records) - sum(len(each) for each in listed)
    counts = _counts([*(len(each) for each in listed), absent], leaving=leaving)
    told = Shown(len(leg.finished)) if _tells_enough(counts) else counts[0]
    names = ("finished", "open", "not_recorded", "out_of_order")
    made = {
        name: _count(f"{key}.{name}", count, records, leaving=leaving)
        for name, count, records in zip(names, counts[:4], listed, strict=True)
    }
    times = _times(key, leg, told, leaving=leaving)
    return Line(label, (made["finished"], *times, made["open"], made["not_recorded"],
                        made["out_of_order"]))  # fmt: skip


def _tells_enough(counts: Sequence[Shown]) -> bool:
    """Whether the first count is known to be no small one, though it may be left out.

    A count that is left out beside "fewer than 5" is five or more; where no part of the line is
    shown, nobody can tell, and then its times are left out too.
    """
    return not counts[0].few and any(each.few or each.count is not None for each in counts)


def _times(key: str, leg: Summary, count: Shown, *, leaving: bool) -> tuple[Cell, Cell, Cell]:
    kept = () if leaving else leg.finished
    many = len(leg.finished) if count.count is not None else 0
    median = leg.median if not leaving or many >= _ENOUGH_FOR_MEDIAN else None
    ninetieth = leg.ninetieth if not leaving or many >= _ENOUGH_FOR_NINETIETH else None
    longest = None if leaving else leg.longest  # the longest wait is one person's
    return (
        _time(f"{key}.median", median, kept, leaving=leaving, exists=leg.median is not None),
        _time(f"{key}.ninetieth", ninetieth, kept, leaving=leaving, exists=leg.median is not None),
        _time(f"{key}.longest", longest, kept, leaving=leaving, exists=leg.median is not None),
    )


def officers_sheet(measured: Sequence[Measured], *, leaving: bool) -> Sheet:
    """Officers x hours, where somebody said how many officers waited."""
    hours = legs.officer_hours(measured)
    counts = _counts([len(hours.counted), len(hours.not_counted)], leaving=leaving)
    spent = hours.seconds if not leaving or counts[0].count else None
    exists = bool(hours.counted)
    cells = (
        _count("officers.counted", counts[0], hours.counted, leaving=leaving),
        _time("officers.hours", spent, hours.counted, leaving=leaving, exists=exists),
        _count("officers.not_counted", counts[1], hours.not_counted, leaving=leaving),
    )
    columns = ("Waits counted", "Officers x hours", "Number of officers not recorded")
    lines = (Line("Officers", cells),) if hours.counted or hours.not_counted else ()
    return Sheet("officers_hours", "Officers x hours", "Who", columns, lines)


# Groups ---------------------------------------------------------------------------------------


def groups_sheet(measured: Sequence[Measured], kind: WaitKind, by: str, *, leaving: bool) -> Sheet:
    """One kind of wait by suite, place, hour or week."""
    groups = legs.report(measured, kind, by)
    counts = _counts([len(group.records) for group in groups], leaving=leaving)
    columns = ("Waits", "Median to assessment", "Median whole wait", "90th whole wait")
    lines = tuple(
        Line(words.group(by, group.value), _group_cells(kind, group, count, leaving=leaving))
        for group, count in zip(groups, counts, strict=True)
    )
    name = words.GROUPS[by]
    caption = f"{words.WAITS[kind]}, by {name[:1].lower()}{name[1:]}"
    return Sheet(f"{kind}_by_{by}", caption, words.GROUPS[by], columns, lines)


def _group_cells(kind: WaitKind, group: Group, count: Shown, *, leaving: bool) -> tuple[Cell, ...]:
    key = f"{kind}.{group.by}.{group.value}"
    by_leg = {leg.leg: leg for leg in group.legs}
    cells = [_count(f"{key}.waits", count, group.records, leaving=leaving)]
    for name in ("assessment_begins", "whole"):
        leg = by_leg[name]
        # A hidden group hides its times; a shown one with few finished waits does too.
        few = shown(len(leg.finished)) if count.count is not None else count
        median, ninetieth, _ = _times(f"{key}.{name}", leg, few, leaving=leaving)
        cells += [median] if name == "assessment_begins" else [median, ninetieth]
    return tuple(cells)


# Ledger, what passed, places ------------------------------------------------------------------


def ledger_sheet(
    lines: Sequence[LedgerLine], practice: Mapping[str, Any], *, leaving: bool
) -> Sheet:
    """Minutes by partner and agreed reason."""
    partners, reasons = words.partners(practice), words.reasons(practice)
    made = []
    for line in lines:
        count = shown(len(line.records)) if leaving else Shown(len(line.records))
        spent = line.minutes * 60 if count.count is not None else None
        label = f"{partners.get(line.partner, line.partner)}: {reasons.get(line.code, line.reason)}"
        cells = (
            _count(f"ledger.{line.code}.records", count, line.records, leaving=leaving),
            _time(f"ledger.{line.code}.minutes", spent, line.records, leaving=leaving, exists=True),
        )
        made.append(Line(label, cells))
    return Sheet(
        "ledger", "Delay ledger, Section 136 and 135", "Partner and agreed reason",
        ("Detentions", "Time"), tuple(made), words.OVERLAP,
    )  # fmt: skip


def passed_sheet(found: "Review", *, leaving: bool) -> Sheet:
    """What passed, each by its own word, and how much of it is explained and signed."""
    behind: dict[tuple[ClockState, str], tuple[list[str], list[str]]] = {}
    for case, one in found.passed:
        signed, open_ones = behind.setdefault((one.clock.state, one.clock.clock), ([], []))
        (signed if one.signed else open_ones).append(case.reference)
    order = tuple(words.PASSED)
    lines = []
    for (state, clock), (signed, open_ones) in sorted(
        behind.items(), key=lambda each: (order.index(each[0][0]), each[0][1])
    ):
        key = f"{state}.{clock}"
        total = shown(len(signed) + len(open_ones)) if leaving else None
        parts = _counts([len(signed), len(open_ones)], leaving=leaving)
        every = tuple(signed) + tuple(open_ones)
        label = f"{words.PASSED[state]}: {clock_words.clock_name(clock).casefold()}"
        cells = (
            _count(f"{key}.all", total or Shown(len(every)), every, leaving=leaving),
            _count(f"{key}.signed", parts[0], tuple(signed), leaving=leaving),
            _count(f"{key}.unsigned", parts[1], tuple(open_ones), leaving=leaving),
        )
        lines.append(Line(label, cells))
    return Sheet(
        "passed", "Times that passed", "What passed",
        ("Times", "Explained and signed", "Not explained"), tuple(lines),
        "Breach: a limit of the Mental Health Act or its regulations. Overdue: a PACE or Code C "
        "time. Target missed: guidance or agreed practice.",
    )  # fmt: skip


def places_sheet(found: "Review", *, leaving: bool) -> Sheet:
    """The places of safety that were asked, and what they answered."""
    answers: dict[tuple[str, str], list[str]] = {}
    for case in found.detentions:
        for event in case.asked:
            said = str(event.extra.get("answer") or "no answer recorded")
            answers.setdefault((words.place(event.place), said), []).append(case.reference)
    ordered = sorted(answers.items())
    counts = _counts([len(records) for _, records in ordered], leaving=leaving)
    lines = tuple(
        Line(
            f"{where}: {said}",
            (_count(f"asked.{where}.{said}", count, tuple(records), leaving=leaving),),
        )
        for ((where, said), records), count in zip(ordered, counts, strict=True)
    )
    return Sheet(
        "places", "Places of safety that were asked", "Place and answer", ("Times",), lines
    )


def return_sheets(counted: Iterable[Counted], *, leaving: bool) -> tuple[Sheet, ...]:
    """The annual return, field by field; the missing ones stand in their own line."""
    made = []
    for one in counted:
        labels = dict(one.field.codes)
        parts = [*(len(records) for _, records in one.codes), len(one.missing)]
        counts = _counts(parts, leaving=leaving)
        listed = [*one.codes, ("not_recorded", one.missing)]
        lines = tuple(
            Line(
                labels.get(code, "Not recorded" if code == "not_recorded" else code),
                (_count(f"return.{one.field.id}.{code}", count, records, leaving=leaving),),
            )
            for (code, records), count in zip(listed, counts, strict=True)
        )
        mark = "" if one.field.confidence == "read" else f" ({one.field.confidence} list)"
        made.append(Sheet(f"return_{one.field.id}", f"{one.field.words}{mark}", "Code",
                          ("Detentions",), lines))  # fmt: skip
    return tuple(made)


# Cells ----------------------------------------------------------------------------------------


def _counts(counts: Sequence[int], *, leaving: bool) -> tuple[Shown, ...]:
    return shown_parts(counts) if leaving else tuple(Shown(count) for count in counts)


def _count(key: str, count: Shown, records: tuple[str, ...], *, leaving: bool) -> Cell:
    return Cell(key, _count_text(count), count.count, () if leaving else records)


def _count_text(count: Shown) -> str:
    if count.count is not None:
        return f"{count.count:,}"
    return words.FEW if count.few else words.HIDDEN


def _time(
    key: str, seconds: float | None, records: tuple[str, ...], *, leaving: bool, exists: bool
) -> Cell:
    if seconds is None:
        return Cell(key, words.HIDDEN if exists else words.NONE)
    if leaving:
        seconds = round(seconds / _ROUND) * _ROUND
    return Cell(key, words.length(seconds), seconds / 60, () if leaving else records)


def flat(made: Iterable[Sheet]) -> Iterator[tuple[Sheet, Line, str, Cell]]:
    """Every figure with its table, row and column."""
    for sheet in made:
        for line in sheet.lines:
            for column, cell in zip(sheet.columns, line.cells, strict=True):
                yield sheet, line, column, cell
