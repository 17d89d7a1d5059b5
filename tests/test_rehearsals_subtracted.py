"""Two rehearsals, one taken from the other, point at nobody; exact ones would.

A report leaves the house, and later another: of a week more, or of rules that differ by one more.
Whoever holds both can subtract every cell of one from the same cell of the other.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
import z3

from tests.benchmarks.people import invented
from tests.depth import depth
from triage import rules_files
from triage.cli import rehearsing as command
from triage.domain import small_numbers
from triage.domain.answers import Details
from triage.domain.rulebook import Rulebook
from triage.domain.small_numbers import (
    LEAST_SHOWN,
    Shown,
    rounded,
    rounded_lines,
    rounded_total,
    shown,
    shown_parts,
)
from triage.present.rehearsal import in_words
from triage.present.rehearsal_data import as_json
from triage.rehearsal import code, summary
from triage.rehearsal.rehearsing import Rehearsed, rehearse

COULD_BE = range(-4, 16)  # differences that a reader may think of
RULE, NEXT = "drunk-and-incapable", "drowsy"


@cache
def rulebook() -> Rulebook:
    return rules_files.load(rules_files.rules_dir(), draft=True)


@cache
def crowd() -> tuple[Details, ...]:
    return tuple(invented(rulebook(), 400, seed=11))


def without(*rules: str) -> Rulebook:
    kept = tuple(rule for rule in rulebook().rules if rule.id not in rules)
    return replace(rulebook(), rules=kept)


def rehearsed(new: Rulebook, people: Sequence[Details]) -> Rehearsed:
    rows = [(seq, code(rulebook(), each)) for seq, each in enumerate(people, start=1)]
    return rehearse(rulebook(), new, rows)


Cell = tuple[str, ...]


def cells(value: object, path: Cell = ()) -> Iterator[tuple[Cell, int]]:
    """Every count of a report as data, by where it stands."""
    if isinstance(value, dict):
        named = next((value[key] for key in ("need", "rule") if key in value), "")
        for key, each in value.items():
            yield from cells(each, (*path, *([named] if named else []), key))
    elif isinstance(value, list):
        for each in value:
            yield from cells(each, path)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path, value


def subtracted(first: Rehearsed, second: Rehearsed) -> set[int]:
    """The differences that one report taken from the other shows."""
    one, other = (dict(cells(as_json(each.shown()))) for each in (first, second))
    return {abs(other[cell] - one[cell]) for cell in one.keys() & other.keys()}


def a_week_more() -> tuple[Rehearsed, Rehearsed]:
    """The same rules over some people, and over the same and three more of them."""
    return rehearsed(without(RULE), crowd()[:-3]), rehearsed(without(RULE), crowd())


def a_rule_more() -> tuple[Rehearsed, Rehearsed]:
    """The same people under rules that lack one, and under rules that lack another besides."""
    return rehearsed(without(RULE), crowd()), rehearsed(without(RULE, NEXT), crowd())


@pytest.mark.parametrize("pair", [a_week_more, a_rule_more])
def test_two_reports_subtracted_show_no_small_number(pair) -> None:
    differences = subtracted(*pair())

    assert differences
    assert differences & set(range(1, LEAST_SHOWN)) == set()


@pytest.mark.parametrize("pair", [a_week_more, a_rule_more])
def test_exact_counts_with_small_ones_hidden_would_show_them(
    pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: as it was, each report hides its small numbers and the two give them away."""
    monkeypatch.setattr(summary, "rounded", shown)
    monkeypatch.setattr(
        summary, "rounded_lines", lambda lines: tuple(shown_parts(line) for line in lines)
    )

    assert subtracted(*pair()) & set(range(1, LEAST_SHOWN)) != set()


def test_the_report_says_so_in_words() -> None:
    text = " ".join(in_words(rehearsed(without(RULE), crowd()).shown(), width=80).split())

    assert (
        "Every count is rounded to the nearest 5 by itself and every total is added up from what "
        "is shown, so that two such reports, of overlapping days or of nearly equal rules, give "
        "nobody away when one is taken from the other."
    ) in text


def test_what_stays_in_the_house_is_exact() -> None:
    found = rehearsed(without(RULE), crowd())

    lost = [each for each in found.people() if each.need == "alcohol"]
    ways = found.tally.changes["alcohol"].ways["sex"]
    assert len(lost) == int(ways.sum()) and len(lost) % 5 != 0


def test_a_report_begins_with_a_whole_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two reports that begin on days of one week begin on the same Monday."""
    began = set()
    for day in range(16, 23):  # Monday to Sunday
        monkeypatch.setattr("triage.domain.london.day_of", lambda at, d=day: date(2026, 11, d))
        began.add(command._since("14d"))

    assert began == {date(2026, 11, 2)}


# Every table that there could be, read with a solver ---------------------------------------------


class Reader:
    """Somebody who holds two reports of nearly the same people, each parted in several ways, and
    knows how far from the truth a count that is shown can be."""

    def __init__(self, off: int = small_numbers.ROUNDED_TO // 2) -> None:
        self.solver, self.off = z3.Solver(), off

    def reads(self, name: str, lines: Sequence[Sequence[Shown]]) -> list[list[z3.ArithRef]]:
        """One report: its cells, and that every line counts the same people."""
        numbers = [
            [z3.Int(f"{name}.{row}.{place}") for place in range(len(line))]
            for row, line in enumerate(lines)
        ]
        for row, line in zip(numbers, lines, strict=True):
            for number, part in zip(row, line, strict=True):
                self.solver.add(number >= 0, *self._says(number, part))
            self.solver.add(z3.Sum(row) == z3.Sum(numbers[0]))
        return numbers

    def _says(self, number: z3.ArithRef, part: Shown) -> list[z3.BoolRef]:
        if part.few:
            return [number >= 1, number <= 4]
        if part.count is None:
            return []
        if part.count == 0:
            return [number == 0]
        return [number >= max(5, part.count - self.off), number <= part.count + self.off]

    def could_be(self, what: z3.ArithRef, value: int) -> bool:
        return bool(self.solver.check(what == value) == z3.sat)


def worlds(number: int) -> Iterator[tuple[list[list[int]], list[list[int]]]]:
    """Invented tables: people parted by sex and by age, and the same with one to four more."""
    dice = random.Random(20261123)
    for _ in range(number):
        size, more = dice.choice((8, 15, 24, 40)), dice.randint(1, 4)
        people = [(dice.choice((0, 0, 1)), dice.randrange(4)) for _ in range(size + more)]
        yield parted(people[:size]), parted(people)


def parted(people: Sequence[tuple[int, int]]) -> list[list[int]]:
    return [
        [sum(each[0] == sex for each in people) for sex in range(2)],
        [sum(each[1] == age for each in people) for age in range(4)],
    ]


def possible(before: Shown, after: Shown, off: int) -> set[int]:
    """The differences that two cells leave open, whatever stands around them."""
    reader = Reader(off)
    ((one,),), ((other,),) = reader.reads("a", [[before]]), reader.reads("b", [[after]])
    return {value for value in COULD_BE if reader.could_be(other - one, value)}


def told_too_much(
    before: list[list[int]], after: list[list[int]], report, off: int = 2
) -> list[str]:
    """The small differences about which both reports together say more than their rounding."""
    reader, shown_ = Reader(off), (report(before), report(after))
    first, second = (reader.reads(n, lines) for n, lines in zip("ab", shown_, strict=True))
    found = []
    for row, line in enumerate(before):
        for place, count in enumerate(line):
            truth = after[row][place] - count
            if not 0 < truth < LEAST_SHOWN:
                continue
            alone = possible(*(each[row][place] for each in shown_), off)
            difference = second[row][place] - first[row][place]
            together = {value for value in COULD_BE if reader.could_be(difference, value)}
            hidden = any(each[row][place] == Shown(None) for each in shown_)
            if len(together) < 2 or not (hidden or together == alone):
                found.append(f"{row}.{place}: {count} -> {after[row][place]}")
    return found


def test_no_two_tables_together_tell_a_difference_of_one_to_four() -> None:
    """Whatever else both reports say, what two cells leave open stays open: two at least."""
    found = [
        told
        for before, after in worlds(depth(25, 1_500))
        for told in told_too_much(before, after, rounded_lines)
    ]

    assert found == []


def exact(lines: Sequence[Sequence[int]]) -> tuple[tuple[Shown, ...], ...]:
    return tuple(shown_parts(line) for line in lines)


def each_alone(lines: Sequence[Sequence[int]]) -> tuple[tuple[Shown, ...], ...]:
    return tuple(tuple(rounded(count) for count in line) for line in lines)


def test_a_line_that_would_tell_more_than_its_rounding_is_not_shown() -> None:
    """Twelve and twelve are at most 24, three times eight are at least 24: all would be known."""
    men_and_women, by_age = [12, 12], [8, 8, 8]

    reader = Reader()
    cells_ = reader.reads("naive", each_alone([men_and_women, by_age]))
    assert [value for value in range(20) if reader.could_be(cells_[0][0], value)] == [12]

    assert rounded_lines([men_and_women, by_age]) == (
        (Shown(10), Shown(10)),
        (Shown(None), Shown(None), Shown(None)),
    )


def test_the_reader_with_the_solver_finds_what_exact_tables_tell() -> None:
    found = [
        told for before, after in worlds(25) for told in told_too_much(before, after, exact, 0)
    ]

    assert found != []


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, Shown(0)), (1, Shown(None, few=True)), (4, Shown(None, few=True)), (5, Shown(5)),
     (7, Shown(5)), (8, Shown(10)), (12, Shown(10)), (13, Shown(15)), (1002, Shown(1000))],
)  # fmt: skip
def test_a_count_is_rounded_to_the_nearest_five_and_a_small_one_is_not_shown(
    count: int, expected: Shown
) -> None:
    assert rounded(count) == expected
    assert small_numbers.ROUNDED_TO == 5


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([0, 0], Shown(0)), ([3, 0], Shown(None, few=True)), ([3, 4], Shown(5)),
     ([12, 3], Shown(10)), ([12, 12], Shown(20)), ([2, 2, 4], Shown(5))],
)  # fmt: skip
def test_a_total_is_added_up_from_what_is_shown(counts: list[int], expected: Shown) -> None:
    assert rounded_total([rounded(count) for count in counts]) == expected
