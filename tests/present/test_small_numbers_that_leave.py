"""What leaves gives no small number away: a reader with a solver adds and subtracts every table.

The reader knows the tables, their totals, which of them count the same people, and the method: that
"not shown" beside other counts is five or more. Whatever is one to four in truth must still be able
to be any of the four.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

import pytest
import z3

from tests.cases.review.detentions import FIRST
from tests.depth import depth
from triage.domain.annual_return import Counted, ReturnField
from triage.domain.ledger import LedgerLine
from triage.domain.legs import LEGS, OFFICER_LEGS, Leg, LegState, Measured
from triage.domain.waits import WaitKind
from triage.present import charts, figures
from triage.present import review_words as words
from triage.present.figure_cells import Sheet
from triage.present.figures_waits import groups_sheet, officers_sheet, waits_sheet

HOUR = 3600
WORLDS = depth(40, 600)


@dataclass
class Reader:
    """Somebody who holds every table that left, and a solver."""

    solver: z3.Solver = field(default_factory=z3.Solver)
    small: dict[str, tuple[z3.ArithRef, int]] = field(default_factory=dict)

    def reads(self, name: str, text: str, truth: int, *, beside: Iterable[str] = ()) -> z3.ArithRef:
        """One figure; ``beside`` are the other figures of its row."""
        number = z3.Int(name)
        self.solver.add(number >= 0)
        if text.replace(",", "").isdecimal():
            assert int(text.replace(",", "")) == truth
            assert not 0 < truth < 5, f"{name} is shown"
            self.solver.add(number == truth)
        elif text in (words.FEW, "<5"):
            self.solver.add(number >= 1, number <= 4)
        elif any(each not in (words.HIDDEN, "…") for each in beside):
            self.solver.add(number >= 5)
        self.remember(name, number, truth)
        return number

    def remember(self, name: str, number: z3.ArithRef, truth: int) -> None:
        """What must not be found out, if it is a small number."""
        if 0 < truth < 5:
            self.small[name] = (number, truth)

    def finds_out(self) -> list[str]:
        """The small numbers about which the tables say more than that they are small."""
        assert self.solver.check() == z3.sat  # the truth is one of the possible worlds
        return [
            f"{name} cannot be {value}"
            for name, (number, _) in self.small.items()
            for value in range(1, 5)
            if self.solver.check(number == value) == z3.unsat
        ]


def world(seed: int) -> list[Measured]:
    """Some invented waits, few of each kind of outcome."""
    dice = random.Random(seed)
    made = []
    for kind in (WaitKind.DETENTION, WaitKind.OFFICERS):
        weights = [dice.random() ** 2 for _ in LegState]
        for number in range(dice.randrange(2, 70)):
            states = dice.choices(tuple(LegState), weights, k=len(LEGS))
            names = OFFICER_LEGS if kind is WaitKind.OFFICERS else tuple(LEGS)
            legs = {
                name: Leg(state, dice.randrange(30 * HOUR) if state is LegState.FINISHED else None)
                for name, state in zip(names, states, strict=False)
            }
            made.append(
                Measured(
                    f"T/{kind}/{number}",
                    f"s-{number}",
                    kind,
                    dice.choice(("a", "a", "a", "b")),
                    dice.choice(("a_and_e", "a_and_e", "home")),
                    FIRST + timedelta(hours=dice.randrange(24 * 7 * 4)),
                    MappingProxyType(legs),
                    dice.choice((None, 1, 2)),
                )
            )
    return made


def texts(sheet: Sheet, row: str, columns: tuple[str, ...]) -> list[str]:
    [line] = [line for line in sheet.lines if line.label == row]
    return [line.cells[sheet.columns.index(column)].text for column in columns]


def reads_waits(reader: Reader, measured: list[Measured], kind: WaitKind) -> None:
    """The legs, the groups and the histogram of one kind of wait."""
    mine = [one for one in measured if one.kind is kind]
    sheet = waits_sheet(measured, kind, leaving=True)
    total = z3.Int(f"{kind} in all")
    reader.solver.add(total == len(mine) if len(mine) >= 5 else z3.And(total >= 1, total <= 4))
    if not sheet.lines:
        return
    columns = ("Finished", "Still waiting", "Not recorded", "Wrong order")
    states = (LegState.FINISHED, LegState.OPEN, LegState.NOT_RECORDED, LegState.OUT_OF_ORDER)
    for leg in mine[0].legs:
        row = texts(sheet, words.LEGS[leg], columns)
        truths = [sum(one.legs[leg].state is state for one in mine) for state in states]
        parts = [
            reader.reads(f"{kind}.{leg}.{column}", text, truth, beside=row)
            for column, text, truth in zip(columns, row, truths, strict=True)
        ]
        absent = z3.Int(f"{kind}.{leg}.absent")
        reader.solver.add(absent >= 0, z3.Sum([*parts, absent]) == total)
        reader.remember(f"{kind}.{leg}.absent", absent, len(mine) - sum(truths))
    for by in ("suite", "place") if kind is WaitKind.DETENTION else ():
        grouped = groups_sheet(measured, kind, by, leaving=True)
        row = [line.cells[0].text for line in grouped.lines]
        values = sorted({getattr(one, by) for one in mine})
        parts = [
            reader.reads(f"{kind}.{by}.{value}", text,
                         sum(getattr(one, by) == value for one in mine), beside=row)
            for value, text in zip(values, row, strict=True)
        ]  # fmt: skip
        reader.solver.add(z3.Sum(parts) == total)


def reads_histogram(reader: Reader, measured: list[Measured]) -> None:
    leg = "assessment_begins"
    shown = charts.histogram(measured, WaitKind.DETENTION, leg, leaving=True)
    exact = charts.histogram(measured, WaitKind.DETENTION, leg)
    row = [text for _, text in shown.rows]
    parts = [
        reader.reads(f"bar {label}", text, int(truth), beside=row)
        for (label, text), (_, truth) in zip(shown.rows, exact.rows, strict=True)
    ]
    finished = z3.Int(f"{WaitKind.DETENTION}.{leg}.Finished")
    reader.solver.add(z3.Sum(parts) == finished)


def reads_officers(reader: Reader, measured: list[Measured]) -> None:
    shown, exact = (officers_sheet(measured, leaving=each) for each in (True, False))
    for line, truth in zip(shown.lines, exact.lines, strict=True):
        row = [line.cells[0].text, line.cells[2].text]
        truths = [int(truth.cells[0].text), int(truth.cells[2].text)]
        parts = [reader.reads(f"officers {i}", row[i], truths[i], beside=row) for i in range(2)]
        finished = z3.Int(f"{WaitKind.OFFICERS}.whole.Finished")
        reader.solver.add(z3.Sum(parts) == finished)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_no_small_number_comes_back_by_adding_up_waits_groups_bars_and_officers(seed):
    measured, reader = world(seed), Reader()
    for kind in (WaitKind.DETENTION, WaitKind.OFFICERS):
        reads_waits(reader, measured, kind)
    reads_histogram(reader, measured)
    reads_officers(reader, measured)

    assert reader.finds_out() == []


def field_of(id: str, codes: tuple[str, ...], only_if: str | None = None) -> ReturnField:
    return ReturnField(id, id, tuple((code, code) for code in codes), False, only_if, "read")


def counted(dice: random.Random, asked: ReturnField, records: list[str]) -> Counted:
    weights = [dice.random() ** 3 for _ in range(len(asked.codes) + 1)]
    drawn = dice.choices([*(code for code, _ in asked.codes), None], weights, k=len(records))
    of = {
        code: tuple(r for r, d in zip(records, drawn, strict=True) if d == code)
        for code in dict.fromkeys([*(c for c, _ in asked.codes), None])
    }
    codes = tuple((code, of[code]) for code, _ in asked.codes)
    return Counted(asked, codes, of[None], len(records))


@pytest.mark.parametrize("seed", range(WORLDS))
def test_no_small_number_comes_back_by_adding_up_the_annual_return(seed):
    """What is asked only of those whom police drove adds up to how many police drove."""
    dice = random.Random(seed)
    records = [f"T/{number}" for number in range(dice.randrange(1, 80))]
    transport = field_of("transport", ("ambulance", "police_vehicle", "none"))
    first = counted(dice, transport, records)
    driven = list(dict(first.codes)["police_vehicle"])
    reason = counted(dice, field_of("reason", ("late", "risk"), "police_vehicle"), driven)
    asked = counted(dice, field_of("asked", ("yes", "no"), "police_vehicle"), driven)
    reader = Reader()
    total = z3.Int("all")  # nothing that leaves says it, but any other field adds up to it
    known = total == len(records) if len(records) >= 5 else z3.And(total >= 1, total <= 4)
    reader.solver.add(known)

    for one, sheet in zip(
        (first, reason, asked),
        figures.return_sheets((first, reason, asked), leaving=True),
        strict=True,
    ):
        row = [line.cells[0].text for line in sheet.lines]
        truths = [*(len(behind) for _, behind in one.codes), len(one.missing)]
        names = [f"{one.field.id}.{code}" for code, _ in one.codes] + [f"{one.field.id}.missing"]
        parts = [
            reader.reads(name, text, truth, beside=row)
            for name, text, truth in zip(names, row, truths, strict=True)
        ]
        whole = z3.Int("transport.police_vehicle") if one is not first else total
        reader.solver.add(z3.Sum(parts) == whole)

    assert reader.finds_out() == []


@pytest.mark.parametrize("count", range(1, 31))
def test_a_line_of_the_ledger_tells_no_small_rest_of_the_detentions(count):
    line = LedgerLine("bed", "none_found_yet", 600, tuple(f"T/{n}" for n in range(count)))
    [shown] = figures.ledger_sheet([line], {}, of=30, leaving=True).lines
    reader = Reader()

    number = reader.reads("ledger", shown.cells[0].text, count)
    reader.solver.add(number <= 30)
    reader.remember("the rest", 30 - number, 30 - count)

    assert reader.finds_out() == []
    assert (shown.cells[1].text == words.HIDDEN) is (count < 5)


def test_the_reader_finds_out_what_is_left_open_by_one_table_alone():
    """The twin: each table for itself is careful, and the second gives the first away."""
    reader = Reader()
    drove = ("20", words.FEW, words.HIDDEN)
    parts = [reader.reads(str(i), drove[i], (20, 3, 7)[i], beside=drove) for i in range(3)]
    reader.solver.add(z3.Sum(parts) == 30)
    assert reader.finds_out() == []

    reasons = [reader.reads(f"reason {i}", text, 7) for i, text in enumerate(("7",))]
    reader.solver.add(z3.Sum(reasons) == parts[2])

    assert reader.finds_out() == ["1 cannot be 1", "1 cannot be 2", "1 cannot be 4"]
