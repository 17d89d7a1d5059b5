"""The clocks agree with a slow reading of the law that shares nothing with them."""

import ast
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.domain import clocks_reference, permitted_reference
from tests.law_on_disk import LAW
from tests.told import event, numbered, rows_changed, told, wall
from triage.domain.clocks import Clocks, ClockState
from triage.domain.dated import Law
from triage.domain.timeline import Event

SLOW = settings(
    max_examples=depth(60, 20_000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
START = wall("2026-10-24 22:00")  # over the night on which the clocks go back
LATE = (ClockState.BREACH, ClockState.OVERDUE)
Fact = clocks_reference.Fact


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


@st.composite
def at_the_station(draw) -> list[Fact]:
    """A night of checks, reviews and sleep, each in a minute of its own."""
    minutes = sorted(draw(st.sets(st.integers(1, 700), max_size=24)))
    facts: list[Fact] = []
    for minute in minutes:
        kind = draw(st.sampled_from(["health_check", "health_check", "behaviour_review",
                                     "fell_asleep", "fell_asleep", "woke"]))  # fmt: skip
        said: dict = {}
        if kind == "health_check":
            said["waking"] = draw(st.sampled_from(["not_needed", "not_needed", "needed"]))
        elif kind == "behaviour_review":
            said["conditions"] = "exist"
        facts.append((minute, kind, said))
    return facts


@st.composite
def in_custody(draw) -> list[Fact]:
    """A detention without charge with hospital visits, questioning there, and reviews."""
    minutes = sorted(draw(st.sets(st.integers(2, 2000), max_size=10)))
    facts: list[Fact] = []
    out = False
    for minute in minutes:
        kinds = ["pace_review_done", "back_from_hospital" if out else "left_for_hospital"]
        kind = draw(st.sampled_from([*kinds, "questioned"] if out else kinds))
        said: dict = {"until": minute + draw(st.integers(1, 90))} if kind == "questioned" else {}
        out = kind == "left_for_hospital" or (out and kind != "back_from_hospital")
        facts.append((minute, kind, said))
    return facts


def as_events(facts: list[Fact]) -> list[Event]:
    roles = {"health_check": "custody_hcp", "behaviour_review": "custody_sergeant"}
    events = []
    for minute, kind, said in facts:
        more = {name: at(value) if name == "until" else value for name, value in said.items()}
        if kind in roles:
            more["role"] = roles[kind]
        if kind == "pace_review_done":
            more["rank"] = "inspector"
        events.append(event(kind, at(minute), **more))
    return events


def station(facts: list[Fact], now: int, law: Law = LAW) -> Clocks:
    opening = [
        event("s136_decided", at(0), limb="keep", consulted="nurse", rank="inspector",
              place="police_station"),
    ]  # fmt: skip
    return told(*numbered([*opening, *as_events(facts)]), at=at(now), law=law)


def custody(facts: list[Fact], now: int, law: Law = LAW) -> Clocks:
    opening = [event("arrived_station", at(0)), event("detention_authorised", at(1))]
    return told(*numbered([*opening, *as_events(facts)]), at=at(now), law=law)


def rounds(said: Clocks, name: str) -> list[tuple[datetime, bool]]:
    return sorted((one.due_at, one.state in LATE) for one in said.clocks
                  if one.clock == name and one.due_at is not None)  # fmt: skip


def read(found: list[tuple[int, bool]]) -> list[tuple[datetime, bool]]:
    return sorted((at(due), late) for due, late in found)


def seen(facts: list[Fact], now: int) -> list[Fact]:
    return [fact for fact in facts if fact[0] <= now]


@SLOW
@given(at_the_station(), st.integers(1, 900))
def test_health_checks_agree_with_a_walk_through_the_night(facts, now):
    said = station(facts, now)

    assert rounds(said, "health_check") == read(
        clocks_reference.health_checks(seen(facts, now), 0, now)
    )


@SLOW
@given(at_the_station(), st.integers(1, 900))
def test_reviews_of_behaviour_agree_asleep_and_awake(facts, now):
    said = station(facts, now)

    assert rounds(said, "behaviour_review") == read(
        clocks_reference.behaviour_reviews(seen(facts, now), 0, now)
    )


@SLOW
@given(in_custody(), st.integers(2, 2600))
def test_24_hours_agree_with_counting_minutes_around_the_hospital(facts, now):
    (clock,) = [one for one in custody(facts, now).clocks if one.clock == "pace_24h"]

    assert clock.due_at == at(clocks_reference.counted(seen(facts, now), 0, 24 * 60, now))


@SLOW
@given(in_custody(), st.integers(2, 2600))
def test_section_40_reviews_agree_whether_early_late_or_around_the_hospital(facts, now):
    said = custody(facts, now)

    found = [pair for n in ("1", "2", "n") for pair in rounds(said, f"pace_review_{n}")]
    assert sorted(found) == read(clocks_reference.reviews(seen(facts, now), 1, now))


PLANTED = {
    "REG4_CHECK": (31, [(31, "health_check", {"waking": "needed"})], "health_check"),
    "REG5_REVIEW": (61, [(61, "behaviour_review", {"conditions": "exist"})], "behaviour_review"),
    "PACE_R1": (7, [], "pace_review_1"),
}


@pytest.mark.parametrize("row", PLANTED)
def test_the_walk_catches_a_planted_length(row):
    value, facts, clock = PLANTED[row]
    walk = {
        "health_check": clocks_reference.health_checks(facts, 0, 40),
        "behaviour_review": clocks_reference.behaviour_reviews(facts, 0, 70),
        "pace_review_1": clocks_reference.reviews(facts, 1, 70),
    }[clock]
    now = 40 if clock == "health_check" else 70
    law = rows_changed(LAW, **{row: value})
    said = (custody if clock.startswith("pace") else station)(facts, now, law)

    assert rounds(said, clock) != read(walk)


def test_the_walk_catches_relief_that_outlasts_waking(monkeypatch):
    from triage.domain import sleep

    facts: list[Fact] = [
        (10, "health_check", {"waking": "not_needed"}),
        (20, "fell_asleep", {}),
        (100, "woke", {}),
    ]
    monkeypatch.setattr(sleep.Relief, "due", lambda self, last, hourly, longest: last + longest)

    said = station(facts, 120)

    assert rounds(said, "behaviour_review") != read(
        clocks_reference.behaviour_reviews(facts, 0, 120)
    )


IN_HOSPITAL: list[Fact] = [
    (100, "left_for_hospital", {}),
    (200, "questioned", {"until": 250}),
    (400, "back_from_hospital", {}),
]


@pytest.mark.parametrize(
    ("unheard", "differs"),
    [((), False), (("questioned",), True), (("left_for_hospital", "back_from_hospital"), True)],
)
def test_the_walk_catches_a_service_that_does_not_hear_of_the_hospital(unheard, differs):
    """The twin of the two readings around the hospital: without a plant they agree."""
    heard = [fact for fact in IN_HOSPITAL if fact[1] not in unheard]

    said = custody(heard, 1000)

    walk = clocks_reference.counted(IN_HOSPITAL, 0, 24 * 60, 1000)
    [clock] = [one for one in said.clocks if one.clock == "pace_24h"]
    assert (clock.due_at != at(walk)) is differs
    first = read(clocks_reference.reviews(IN_HOSPITAL, 1, 1000))
    assert (rounds(said, "pace_review_1") != first) is differs


@pytest.mark.parametrize("reference", [clocks_reference, permitted_reference])
def test_the_slow_readings_share_nothing_with_the_service(reference):
    tree = ast.parse(Path(str(reference.__file__)).read_text(encoding="utf-8"))
    names = [
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]

    assert set(names) <= {"datetime"}
