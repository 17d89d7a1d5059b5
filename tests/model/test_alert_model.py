"""Every state of one alert with two engines and a crash between any two steps is visited."""

from dataclasses import replace

import pytest

from tests.depth import depth
from tests.model.alert import Rules, World, explore

WORLDS = {
    "a crash between any two steps": World(crashes=1, corrections=0),
    "a correction at any moment": World(crashes=0, corrections=1),
    "two crashes and a correction": World(crashes=2, corrections=1),
    "two messages and a crash": World(crashes=1, corrections=0, messages=2),
}


@pytest.mark.parametrize("said", list(WORLDS)[: depth(2, 4)])
def test_in_no_reachable_state_is_an_alert_lost_doubled_stuck_or_wrongly_ended(said):
    found = explore(Rules(), start=WORLDS[said])

    print(f"{said}: {found.states} states, {found.moves} moves")
    assert found.flaws == {}
    assert found.states > 50_000


PLANTED = {
    "one_row_per_key": "I1",
    "one_transaction": "I7",
    "claim_compares": "I8",
    "send_then_mark": "L4",
    "leases_end": "L4",
    "repeats_are_marked": "I8",
    "only_the_right_kind_holds": "I5",
    "open_again_without_act": "L6",
    "steps_in_order": "I5",
    "replan_keeps_raised": "I9",
    "cancel_by_two": "I3",
    "plan_before_send": "I7",
}


@pytest.mark.parametrize(("rule", "broken"), PLANTED.items())
def test_a_planted_bug_is_found_with_the_shortest_way_to_it(rule, broken):
    rules = replace(Rules(), **{rule: False})
    if rule == "one_row_per_key":
        rules = replace(rules, look_again=False)
    if rule == "plan_before_send":
        rules = replace(rules, one_transaction=False)

    found = explore(rules, start=World(crashes=1, corrections=0), until=broken)

    ways = {flaw: way for flaw, way in found.flaws.items() if flaw[0] == broken}
    assert ways, f"{rule} off was not seen; only {sorted(found.flaws)}"
    assert all(way[0] == "fact" for way in ways.values())


def test_a_second_acknowledgement_that_winds_the_timer_up_again_is_found():
    found = explore(Rules(sooner_by_asking_again=True), start=World(crashes=0, corrections=0))

    assert {flaw[0] for flaw in found.flaws} == {"L6"}
