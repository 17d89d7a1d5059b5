"""Everything that left, taken together: added, subtracted, by week and suite, with a solver.

The reader holds whatever left, in whatever order it was asked for, and knows what the tables count.
Each small number of a week in a suite must still be able to be any of one to four.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product
from types import MappingProxyType

import pytest
import z3

from tests.cases.review.detentions import FIRST
from tests.depth import depth
from triage.domain.errors import InputError
from triage.domain.legs import LEGS, Leg, LegState, Measured
from triage.domain.published import MOST_WEEKS, Period, in_the_way, pack_period
from triage.domain.waits import WaitKind
from triage.present import review_words as words
from triage.present.figures_waits import waits_sheet

MONDAY = FIRST.date()
WEEKS = 5
TODAY = MONDAY + timedelta(weeks=WEEKS)
SUITES = ("a", "b")
LEG = "assessment_begins"
COLUMNS = ("Finished", "Still waiting", "Not recorded", "Wrong order")
STATES = (LegState.FINISHED, LegState.OPEN, LegState.NOT_RECORDED, LegState.OUT_OF_ORDER)
Atom = tuple[date, str, LegState]


def world(dice: random.Random) -> tuple[Measured, ...]:
    """Invented waits of five weeks in two suites, few of each outcome."""
    weights = [dice.random() ** 2 for _ in LegState]
    made = []
    for number in range(dice.randrange(30, 90)):
        state = dice.choices(tuple(LegState), weights)[0]
        leg = Leg(state, dice.randrange(90_000) if state is LegState.FINISHED else None)
        began = FIRST + timedelta(hours=dice.randrange(24 * 7 * WEEKS - 2))
        made.append(
            Measured(
                f"T/{number}", f"s-{number}", WaitKind.DETENTION, dice.choice("aab"), "home",
                began, MappingProxyType(dict.fromkeys(LEGS, leg)),
            )
        )  # fmt: skip
    return tuple(made)


def asks(dice: random.Random) -> list[Period]:
    """What somebody asks for, one after another: any weeks, any suites, again and again."""
    made = []
    for _ in range(12):
        first, after = sorted(dice.sample(range(WEEKS + 1), 2))
        suites = dice.choice(((), ("a",), ("b",), ("a", "b")))
        days = (MONDAY + timedelta(weeks=first), MONDAY + timedelta(weeks=after))
        made.append(pack_period(*days, suites, today=TODAY))
    return made


def as_allowed(asked: Sequence[Period]) -> list[Period]:
    """What of it leaves."""
    left: list[Period] = []
    for each in asked:
        if each not in left and in_the_way(each, left) is None:
            left.append(each)
    return left


@dataclass
class Reader:
    """Somebody with a solver, and one unknown for each week, suite and outcome."""

    solver: z3.Solver
    atoms: dict[Atom, z3.ArithRef]

    @classmethod
    def of_nothing(cls) -> "Reader":
        weeks = [MONDAY + timedelta(weeks=week) for week in range(WEEKS)]
        atoms = {atom: z3.Int(str(atom)) for atom in product(weeks, SUITES, LegState)}
        reader = cls(z3.Solver(), atoms)
        for number in atoms.values():
            reader.solver.add(number >= 0)
        return reader

    def reads(self, period: Period, measured: Sequence[Measured]) -> None:
        """The table of one period: each outcome, and how many there are in all."""
        mine = [one for one in measured if within(one, period)]
        sheet = waits_sheet(mine, WaitKind.DETENTION, leaving=True)
        whole = z3.Sum([self.sum_of(period, state) for state in LegState])
        self.solver.add(whole == len(mine) if len(mine) >= 5 else whole <= 4)
        for line in sheet.lines:
            if line.label != words.LEGS[LEG]:
                continue
            row = [line.cells[sheet.columns.index(column)].text for column in COLUMNS]
            for state, text in zip(STATES, row, strict=True):
                self.learns(self.sum_of(period, state), text, row)

    def sum_of(self, period: Period, state: LegState) -> z3.ArithRef:
        return z3.Sum(
            [
                number
                for (week, suite, of), number in self.atoms.items()
                if of is state and in_period(week, suite, period)
            ]
        )

    def learns(self, number: z3.ArithRef, text: str, row: Sequence[str]) -> None:
        if text.isdecimal():
            self.solver.add(number == int(text))
        elif text == words.FEW:
            self.solver.add(number >= 1, number <= 4)
        elif any(each != words.HIDDEN for each in row):
            self.solver.add(number >= 5)

    def finds_out(self, measured: Sequence[Measured]) -> list[Atom]:
        """The small numbers of a week in a suite that the tables tell something more about."""
        truth = dict.fromkeys(self.atoms, 0)
        for one in measured:
            truth[one.week, one.suite, one.legs[LEG].state] += 1
        told = z3.And([number == truth[atom] for atom, number in self.atoms.items()])
        assert self.solver.check(told) == z3.sat  # the truth is one of the possible worlds
        return [
            atom
            for atom, number in self.atoms.items()
            if 0 < truth[atom] < 5
            and any(self.solver.check(number == value) == z3.unsat for value in range(1, 5))
        ]


def in_period(week: date, suite: str, period: Period) -> bool:
    suites = period.suites or SUITES
    return period.first <= week < period.after and suite in suites


def within(one: Measured, period: Period) -> bool:
    return in_period(one.week, one.suite, period)


def found_out(seed: int, *, checked: bool) -> list[Atom]:
    """What comes out of one history of asking, with the rule or without it."""
    dice = random.Random(seed)
    measured, asked, reader = world(dice), asks(dice), Reader.of_nothing()
    for period in as_allowed(asked) if checked else asked:
        reader.reads(period, measured)
    return reader.finds_out(measured)


@pytest.mark.parametrize("seed", range(depth(30, 400)))
def test_nobody_works_out_a_small_number_from_whatever_left_in_whatever_order(seed):
    assert found_out(seed, checked=True) == []


def test_without_the_rule_small_numbers_are_worked_out_from_what_left():
    """The twin: each table is careful by itself, and thirteen less twelve is one."""
    leaks = [found_out(seed, checked=False) for seed in range(10)]

    assert sum(bool(each) for each in leaks) >= 8


@pytest.mark.parametrize("seed", range(20))
def test_no_day_of_a_suite_leaves_twice(seed):
    left = as_allowed(asks(random.Random(seed)))

    assert left
    covered = [
        (MONDAY + timedelta(days=day), suite)
        for period in left
        for day in range(7 * WEEKS)
        for suite in SUITES
        if in_period(MONDAY + timedelta(days=day), suite, period)
    ]
    assert len(covered) == len(set(covered))
    assert all(in_the_way(before, [after]) is None for before, after in pairwise(left))


@pytest.mark.parametrize(
    ("first", "after", "nearest"),
    [
        (0, 6, "22 June 2026 to 28 June 2026"),  # six days: the last whole week before its end
        (1, 8, "29 June 2026 to 5 July 2026"),
        (WEEKS * 7 - 7, WEEKS * 7 + 7, "27 July 2026 to 2 August 2026"),  # a week not over
        (-7 * MOST_WEEKS, 7, "6 April 2026 to 5 July 2026"),  # fourteen weeks
        (7, 7, "29 June 2026 to 5 July 2026"),  # no day at all
    ],
)
def test_what_is_not_whole_weeks_that_are_over_is_refused_with_what_to_ask_for(
    first, after, nearest
):
    days = (MONDAY + timedelta(days=first), MONDAY + timedelta(days=after))

    with pytest.raises(InputError, match="covers whole weeks") as refused:
        pack_period(*days, (), today=TODAY)

    assert f"Ask for {nearest}," in str(refused.value)
