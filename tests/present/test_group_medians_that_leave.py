"""Medians by group: that one is not shown says that few finished, and must say no more."""

import random
from types import MappingProxyType

import pytest
import z3

from tests.cases.review.detentions import FIRST
from tests.depth import depth
from triage.domain.legs import LEGS, Leg, LegState, Measured
from triage.domain.waits import WaitKind
from triage.present import figures_waits
from triage.present import review_words as words
from triage.present.figures_waits import groups_sheet

LEG = "assessment_begins"
COLUMN = "Median to assessment"


def waits(finished: dict[str, tuple[int, int]]) -> list[Measured]:
    """Waits by suite: how many there were, and how many of them finished."""
    made = []
    for suite, (count, done) in finished.items():
        for number in range(count):
            state = LegState.FINISHED if number < done else LegState.OPEN
            leg = Leg(state, 3600 if number < done else None)
            made.append(Measured(f"T/{suite}/{number}", f"s-{suite}-{number}", WaitKind.DETENTION,
                                 suite, "home", FIRST,
                                 MappingProxyType(dict.fromkeys(LEGS, leg))))  # fmt: skip
    return made


def finds_out(finished: dict[str, tuple[int, int]]) -> list[str]:
    """The suites of which a reader learns more than that few finished; the total is known."""
    sheet = groups_sheet(waits(finished), WaitKind.DETENTION, "suite", leaving=True)
    medians = [line.cells[sheet.columns.index(COLUMN)].text for line in sheet.lines]
    anything = any(text != words.HIDDEN for text in medians)
    solver, unknown = z3.Solver(), {}
    for suite, line, text in zip(sorted(finished), sheet.lines, medians, strict=True):
        number = unknown[suite] = z3.Int(suite)
        waited = line.cells[0].text
        solver.add(number >= 0)
        if waited.isdecimal():
            solver.add(number <= int(waited))
            if text == words.NONE:
                solver.add(number == 0)
            elif text != words.HIDDEN:
                solver.add(number >= 5)
            elif anything:
                solver.add(number >= 1, number <= 4)
    solver.add(z3.Sum(list(unknown.values())) == sum(done for _, done in finished.values()))
    assert solver.check() == z3.sat
    return [
        suite
        for suite, line in zip(sorted(finished), sheet.lines, strict=True)
        if anything and line.cells[0].text.isdecimal() and 0 < finished[suite][1] < 5
        and any(solver.check(unknown[suite] == value) == z3.unsat for value in range(1, 5))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(depth(80, 800)))
def test_no_median_that_is_left_out_tells_how_few_finished(seed):
    dice = random.Random(seed)
    suites = {}
    for name in "abcd"[: dice.randrange(2, 5)]:
        count = dice.randrange(5, 20)
        suites[name] = (count, dice.randrange(count + 1))

    assert finds_out(suites) == []


def test_of_two_suites_with_few_finished_the_total_would_tell_both(monkeypatch):
    """The twin: eight finished in two suites of few are four in each."""
    eight = {"a": (9, 4), "b": (12, 4), "c": (9, 0)}
    careful = finds_out(eight)
    monkeypatch.setattr(figures_waits, "medians_tell_nothing", lambda *_: True)

    assert (careful, finds_out(eight)) == ([], ["a", "b"])


def test_medians_by_group_are_shown_where_they_tell_nothing():
    shown = groups_sheet(waits({"a": (30, 25), "b": (20, 18), "c": (9, 3)}), WaitKind.DETENTION,
                         "suite", leaving=True)  # fmt: skip

    assert [line.cells[1].text for line in shown.lines] == ["1 h 00 min", "1 h 00 min", "not shown"]
