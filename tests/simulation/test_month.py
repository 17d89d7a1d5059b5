"""Months of four suites on the real record, with compound faults, checked after every event.

Replay one seed, with its whole log: ``python -m tests.simulation.replay 14``.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.depth import depth
from tests.simulation.month import Month, Plan, unpoison
from tests.simulation.world import quick_folder
from triage.domain import screening_alerts
from triage.domain.findings import Urgency
from triage.domain.roles import Role
from triage.domain.screening_alerts import LEVELS

SEEDS = Path(__file__).with_name("seeds.txt")
# 1,200 people a month in four suites, as the assurance notes ask (1.7); P42 gives the budget.
QUIET = Plan(
    days=depth(1, 30), arrivals_a_day=40.0, detentions_a_day=0.5, faults_a_day=0, careless=0.03,
    ordinary=True, unroused=0.001,
)  # fmt: skip
PAGES_PER_NURSE = 12  # in twelve hours of her duty
BAD = Plan(days=30, arrivals_a_day=2.0, detentions_a_day=0.5)


@pytest.fixture
def folder():
    """Where a month keeps its record: in memory, since no power is cut here."""
    made = quick_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture(autouse=True)
def mended():
    """What a seed poisoned is whole again."""
    yield
    unpoison()


def known_seeds():
    """Every seed that ever found something, kept for ever."""
    lines = SEEDS.read_text(encoding="utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]


def told(month):
    """What the month was like, for whoever reads the output."""
    counted = month.ledger.counted
    levels = {name: number for name, number in sorted(counted.items()) if name[:5] == "level"}
    people = counted.get("stay_opened", 0)
    print(
        f"seed {month.seed}: {month.plan.days} days, {people} people, {month.ledger.seq} events, "
        f"{month.passes} passes; {levels}; faults: {', '.join(month.faults) or 'none'}"
    )


def test_in_a_quiet_month_a_nurse_is_paged_less_than_agreed(folder):
    month = Month(folder, 1, QUIET, faults=()).run()

    told(month)
    shifts, letters = month.nurse_shifts(pages=True), month.nurse_shifts(pages=False)
    people = month.ledger.counted["stay_opened"]
    mean = sum(shifts) / len(shifts)
    print(
        f"pages per nurse per 12 h of duty: mean {mean:.1f}, most {max(shifts):.1f}, agreed "
        f"{PAGES_PER_NURSE} (one nurse, four suites, {people} people); "
        f"letters that interrupt nobody: mean {sum(letters) / len(letters):.1f}"
    )
    assert month.ledger.flaws == []
    assert 0 < mean <= PAGES_PER_NURSE


def test_a_month_in_which_everything_pages_the_nurse_is_over_the_budget(folder, monkeypatch):
    nurse = (Role.LIAISON_NURSE,)
    monkeypatch.setattr(screening_alerts, "addressees", lambda tell, urgency: nurse)
    monkeypatch.setitem(LEVELS, Urgency.ROUTINE, "A2")
    monkeypatch.setitem(LEVELS, Urgency.SOON, "A2")

    month = Month(folder, 1, replace(QUIET, days=0.5), faults=()).run()

    shifts = month.nurse_shifts(pages=True)
    assert sum(shifts) / len(shifts) > PAGES_PER_NURSE


@pytest.mark.parametrize("seed", known_seeds()[: depth(1, 1_000)])
def test_a_seed_that_once_found_something_finds_nothing_any_more(folder, seed):
    month = Month(folder, seed, BAD).run()

    told(month)
    assert month.ledger.flaws == []


@pytest.mark.parametrize("seed", range(1_000, 1_000 + depth(1, 200)))
def test_no_seed_finds_anything(folder, seed):
    month = Month(folder, seed, BAD).run()

    told(month)
    assert month.ledger.flaws == []
