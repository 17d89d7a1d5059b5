"""Months of four suites on the real record, with compound faults, checked after every event.

Replay one seed: ``TRIAGE_SEED=14 pytest tests/simulation/test_month.py -k one_seed -s``.
"""

import os
from pathlib import Path

import pytest

from tests.depth import depth
from tests.simulation.month import Month, Plan, unpoison

SEEDS = Path(__file__).with_name("seeds.txt")
QUIET = Plan(days=depth(6, 30), arrivals_a_day=2.0, detentions_a_day=0.3, faults_a_day=0)
SHORT = Plan(days=depth(4, 30), arrivals_a_day=2.0, detentions_a_day=0.5)


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


def test_in_a_quiet_month_nothing_breaks_and_a_nurse_hears_of_few_things(tmp_path):
    month = Month(tmp_path, 1, QUIET, faults=()).run()

    told(month)
    shifts = month.pages_per_nurse_shift()
    days = [number for day, number in shifts.items() if "night" not in day]
    people = month.ledger.counted["stay_opened"]
    print(f"pages a shift: mean {sum(days) / month.plan.days:.1f}, most {max(days, default=0)}")
    print(f"pages a person: {sum(shifts.values()) / people:.1f}")
    assert month.ledger.flaws == []
    assert month.ledger.counted["alert_raised"] > 50


@pytest.mark.parametrize("seed", known_seeds()[: depth(1, 1_000)])
def test_a_seed_that_once_found_something_finds_nothing_any_more(tmp_path, seed):
    month = Month(tmp_path, seed, SHORT).run()

    told(month)
    assert month.ledger.flaws == []


@pytest.mark.skipif(depth(0, 1) == 0, reason="many months belong to the soak")
@pytest.mark.parametrize("seed", range(1_000, 1_000 + depth(1, 200)))
def test_no_seed_finds_anything(tmp_path, seed):
    month = Month(tmp_path, seed, SHORT).run()

    told(month)
    assert month.ledger.flaws == []


@pytest.mark.skipif("TRIAGE_SEED" not in os.environ, reason="no seed was asked for")
def test_one_seed_with_its_whole_log(tmp_path):
    month = Month(tmp_path, int(os.environ["TRIAGE_SEED"]), SHORT)
    try:
        month.run()
    finally:
        print("\n".join(month.world.log))
        told(month)
    assert month.ledger.flaws == []
