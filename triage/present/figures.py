"""The figures of a review as tables: exact inside, and fit to leave with small numbers left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from triage.domain.annual_return import Counted
from triage.domain.clocks import ClockState
from triage.domain.ledger import LedgerLine
from triage.domain.small_numbers import Shown, shown, shown_of
from triage.domain.waits import WaitKind
from triage.present import charts, spans
from triage.present import review_words as words
from triage.present import section136 as clock_words
from triage.present.figure_cells import Line, Sheet, count_cell, counts_of, time_cell
from triage.present.figures_waits import groups_sheet, officers_sheet, waits_sheet

if TYPE_CHECKING:
    from triage.casework import Review

TREND = (WaitKind.DETENTION, "assessment_begins")  # what the two charts of a pack show


@dataclass(frozen=True)
class Figures:
    """All that leaves of one period: its tables, and the bars of its histogram."""

    tables: tuple[Sheet, ...]
    bars: tuple[Shown, ...] = ()


# Two ledgers of two waits: a minute of an arrest is never added to one of a detention.
_LEDGERS: Mapping[WaitKind, tuple[str, str, str]] = MappingProxyType(
    {
        WaitKind.DETENTION: ("ledger", "Delay ledger, Section 136 and 135", "Detentions"),
        WaitKind.ARRESTED: (
            "ledger_arrested",
            "Delay ledger, arrested people waiting for an assessment or a bed",
            "People",
        ),
    }
)


def leaving(found: "Review", practice: Mapping[str, Any]) -> Figures:
    """What may leave of a review, and nothing but it."""
    return Figures(
        sheets(found, practice, leaving=True),
        charts.bars_of(found.measured, *TREND, leaving=True),
    )


def weekly_medians(made: Figures) -> Mapping[str, float]:
    """The median hours of each week that its own table shows, by its Monday."""
    kind, leg = TREND
    return {
        line.cells[0].key.removeprefix(f"{kind}.week.").removesuffix(".waits"): cell.number / 60
        for sheet in made.tables
        if sheet.id == f"{kind}_by_week"
        for line in sheet.lines
        for cell in line.cells
        if cell.key.endswith(f".{leg}.median") and cell.number is not None
    }


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
    made.append(ledger_sheet(found.ledger, practice, of=len(found.detentions), leaving=leaving))
    arrested = len(found.arrested)
    made.append(
        ledger_sheet(
            found.arrested_ledger, practice, of=arrested, leaving=leaving, kind=WaitKind.ARRESTED
        )
    )
    made.append(passed_sheet(found, leaving=leaving))
    made.append(places_sheet(found, leaving=leaving))
    return tuple(sheet for sheet in made if sheet.lines or sheet.note == words.TOO_FEW)


def ledger_sheet(
    lines: Sequence[LedgerLine],
    practice: Mapping[str, Any],
    *,
    of: int,
    leaving: bool,
    kind: WaitKind = WaitKind.DETENTION,
) -> Sheet:
    """Minutes by partner and agreed reason, over ``of`` records of one kind of wait."""
    id, caption, whom = _LEDGERS[kind]
    partners, reasons = words.partners(practice), words.reasons(practice)
    made = []
    for line in lines:
        count = shown_of(len(line.records), of) if leaving else Shown(len(line.records))
        spent = None if count.few else line.minutes * 60
        label = f"{partners.get(line.partner, line.partner)}: {reasons.get(line.code, line.reason)}"
        cells = (
            count_cell(f"{id}.{line.code}.records", count, line.records, leaving=leaving),
            time_cell(
                f"{id}.{line.code}.minutes", spent, line.records, leaving=leaving, exists=True
            ),
        )
        made.append(Line(label, cells))
    columns = (whom, "Time")
    return Sheet(id, caption, "Partner and agreed reason", columns, tuple(made), words.OVERLAP)


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
        parts = counts_of([len(signed), len(open_ones)], leaving=leaving)
        every = tuple(signed) + tuple(open_ones)
        label = f"{words.PASSED[state]}: {spans.small(clock_words.clock_name(clock))}"
        cells = (
            count_cell(f"{key}.all", total or Shown(len(every)), every, leaving=leaving),
            count_cell(f"{key}.signed", parts[0], tuple(signed), leaving=leaving),
            count_cell(f"{key}.unsigned", parts[1], tuple(open_ones), leaving=leaving),
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
    for case, event in found.asked:
        said = str(event.extra.get("answer") or "no answer recorded")
        answers.setdefault((words.place(event.place), said), []).append(case.reference)
    ordered = sorted(answers.items())
    counts = counts_of([len(records) for _, records in ordered], leaving=leaving)
    lines = tuple(
        Line(
            f"{where}: {said}",
            (count_cell(f"asked.{where}.{said}", count, tuple(records), leaving=leaving),),
        )
        for ((where, said), records), count in zip(ordered, counts, strict=True)
    )
    return Sheet(
        "places", "Places of safety that were asked", "Place and answer", ("Times",), lines
    )


def return_sheets(counted: Iterable[Counted], *, leaving: bool) -> tuple[Sheet, ...]:
    """The annual return, field by field; the missing ones stand in their own line."""
    made: list[Sheet] = []
    hidden: set[str] = set()  # codes whose number is left out: no other field may give it away
    for one in counted:
        labels = dict(one.field.codes)
        parts = [*(len(records) for _, records in one.codes), len(one.missing)]
        total = one.field.only_if not in hidden
        counts = counts_of(parts, leaving=leaving, total_shown=total)
        hidden |= {code for (code, _), count in zip(one.codes, counts, strict=False)
                   if count.count is None}  # fmt: skip
        listed = [*one.codes, ("not_recorded", one.missing)]
        lines = tuple(
            Line(
                labels.get(code, "Not recorded" if code == "not_recorded" else code),
                (count_cell(f"return.{one.field.id}.{code}", count, records, leaving=leaving),),
            )
            for (code, records), count in zip(listed, counts, strict=True)
        )
        mark = "" if one.field.confidence == "read" else f" ({one.field.confidence} list)"
        made.append(Sheet(f"return_{one.field.id}", f"{one.field.words}{mark}", "Code",
                          ("Detentions",), lines))  # fmt: skip
    return tuple(made)
