"""The speed of the rules that is promised, each as a ratio inside one run, each with its twin.

``python -m tests.benchmarks.rules`` prints the same figures. Milliseconds are only printed, because
they say as much about the machine as about us, besides those that are promised of loading.
"""

import gc
from collections.abc import Iterator

import pytest

from tests.benchmarks import rules
from tests.benchmarks.rules import ALL_CHANGED, BARE, DECIDING, HAND, OURS, SCREEN
from tests.depth import depth
from triage import rules_files
from triage.domain.rulebook import Rulebook

AS_A_TRICK, AS_DOCUMENTED = 6, 60  # times as fast as a peer
READY = 25.0  # milliseconds of the processor per 100 rules, all else in the folder included
PEERS = {
    "zen-engine, one array (a trick)": AS_A_TRICK,
    "zen-engine, decision (documented)": AS_DOCUMENTED,
    "rule-engine, as documented": AS_DOCUMENTED,
}


@pytest.fixture(scope="module")
def rulebook() -> Iterator[Rulebook]:
    book = rules_files.load(rules_files.rules_dir(), draft=True)
    gc.freeze()
    yield book
    gc.unfreeze()


@pytest.fixture(scope="module")
def took(rulebook: Rulebook) -> dict[str, float]:
    return rules.one_at_a_time(rulebook, depth(100, 300), depth(7, 15))


def in_time(milliseconds: float) -> bool:
    """The one promise that is no ratio: nothing else on the machine does what loading does."""
    return milliseconds <= READY


def kept(took: dict[str, float], way: str, base: str, most: float) -> bool:
    return took[way] <= most * took[base]


def test_an_explained_evaluation_costs_no_more_than_one_written_by_hand(took: dict[str, float]):
    assert kept(took, OURS, HAND, 1.0)


def test_one_with_the_deciding_answers_costs_at_most_three_times_that(took: dict[str, float]):
    assert kept(took, DECIDING, HAND, 3.0)


@pytest.mark.parametrize(("peer", "times"), PEERS.items())
def test_no_peer_comes_near(took: dict[str, float], peer: str, times: int):
    if peer not in took:
        pytest.skip("The peer is not installed: it is in the extra bench.")

    assert rules.against(took, peer)[0] >= times


def test_what_costs_more_than_is_promised_is_told(took: dict[str, float]):
    """The twin: the whole screening does far more than evaluate, and the same check says so."""
    assert not kept(took, SCREEN, HAND, 3.0)
    assert not kept({**took, OURS: took[SCREEN]}, OURS, HAND, 1.0)


def test_a_million_screenings_are_rehearsed_in_six_times_their_bare_read(rulebook: Rulebook):
    took = rules.a_million(rulebook, 1_000_000, rounds=depth(1, 3))

    assert kept(took, ALL_CHANGED, BARE, 6.0)
    assert not kept({**took, ALL_CHANGED: 7 * took[BARE]}, ALL_CHANGED, BARE, 6.0)


def test_a_hundred_rules_are_ready_in_25_milliseconds(rulebook: Rulebook):
    assert in_time(rules.loading(rulebook, depth(40, 100)))
    assert not in_time(READY + 0.1)
