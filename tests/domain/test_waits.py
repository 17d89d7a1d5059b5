"""Three waits of three different people, in stages; and the figures made of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from tests.law_on_disk import LADDER, LAW
from triage.domain import legs, statistics
from triage.domain.answers import Person
from triage.domain.clocks import Delay
from triage.domain.ledger import LedgerLine, ledger
from triage.domain.legs import Leg, LegState, Measured
from triage.domain.timeline import Detention, Event, Moment
from triage.domain.waits import Stage, Wait, WaitKind, waits

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
ADULT = Person(age=40, age_source="document")


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def found(*told: tuple[int, str, dict[str, object]], until: int = 2000) -> tuple[Wait, ...]:
    events = []
    for number, (minute, kind, said) in enumerate(told):
        extra = {name: value for name, value in said.items() if name not in ("place", "role")}
        event = Event(f"e{number}", kind, Moment.at(at(minute)), extra=MappingProxyType(extra))  # type: ignore[arg-type]
        events.append(replace(event, place=said.get("place"), role=said.get("role")))  # type: ignore[arg-type]
    return waits(LAW, LADDER, Detention(at(until), "england", ADULT, tuple(events)))


DECIDED = (0, "s136_decided", {"limb": "remove"})
ARRIVED = (30, "arrived", {"place": "a_and_e"})


def of(found: tuple[Wait, ...], kind: WaitKind) -> list[Wait]:
    return [wait for wait in found if wait.kind is kind]


def test_a_person_detained_in_hospital_and_the_officers_with_them_are_two_waits():
    made = found(DECIDED, ARRIVED, (80, "handover_accepted", {}), (400, "ended", {}))

    assert [(wait.kind, wait.began, wait.ended) for wait in made] == [
        (WaitKind.DETENTION, at(30), at(400)),
        (WaitKind.OFFICERS, at(30), at(80)),
    ]


def test_officers_at_their_own_police_station_do_not_wait_to_hand_over():
    made = found(DECIDED, (30, "arrived", {"place": "police_station"}), (400, "ended", {}))

    assert of(made, WaitKind.OFFICERS) == []


def test_officers_who_move_somebody_on_from_a_station_wait_at_the_next_place():
    made = found(
        DECIDED,
        (30, "arrived", {"place": "police_station"}),
        (90, "transferred", {"place": "health_based_place_of_safety"}),
        (100, "police_left", {}),
    )

    [officers] = of(made, WaitKind.OFFICERS)
    assert (officers.began, officers.ended, officers.place) == (
        at(90), at(100), "health_based_place_of_safety",
    )  # fmt: skip


def test_an_arrested_person_waits_from_the_request_even_when_pace_has_ended():
    made = found(
        (0, "arrested", {}),
        (20, "arrived_station", {"place": "police_station"}),
        (60, "mha_assessment_requested", {}),
        (200, "assessment_began", {}),
        (260, "assessment_finished", {"outcome": "bed needed"}),
        (270, "bed_requested", {}),
        (500, "ended", {"power": "pace"}),
        (900, "bed_found", {}),
        (960, "left_place", {}),
    )

    [wait] = made
    assert (wait.kind, wait.began, wait.ended) == (WaitKind.ARRESTED, at(60), at(960))
    assert [each.stage for each in wait.reached if each.stage is Stage.MOVED] == [Stage.MOVED]


def test_an_ordinary_arrest_is_nobodys_wait():
    assert found((0, "arrested", {}), (20, "arrived_station", {}), (400, "charged", {})) == ()


def test_section_136_used_in_custody_ends_one_wait_and_begins_another():
    made = found(
        (0, "arrested", {}),
        (20, "arrived_station", {"place": "police_station"}),
        (60, "mha_assessment_requested", {}),
        (300, "s136_decided", {"limb": "remove", "place": "police_station"}),
        (360, "arrived", {"place": "a_and_e"}),
    )

    assert [(wait.kind, wait.began, wait.ended) for wait in made] == [
        (WaitKind.DETENTION, at(300), None),
        (WaitKind.ARRESTED, at(60), at(300)),
        (WaitKind.OFFICERS, at(360), None),
    ]


def test_nobody_waits_in_a_place_that_they_have_left():
    made = found(DECIDED, ARRIVED, (100, "absconded", {}))

    assert of(made, WaitKind.DETENTION)[0].ended == at(100)


@pytest.mark.parametrize(
    ("told", "awaited"),
    [
        ((), Stage.AMHP_TOLD),
        (("amhp_told",), Stage.AMHP_ARRIVED),
        (("amhp_told", "amhp_arrived"), Stage.DOCTOR_TOLD),
        (("amhp_told", "amhp_arrived", "doctor_told"), Stage.DOCTOR_ARRIVED),
        (("amhp_told", "assessment_began"), Stage.ASSESSMENT_FINISHED),
        (("assessment_began", "assessment_finished"), Stage.ENDED),
        (("assessment_finished", "bed_requested"), Stage.BED_FOUND),
        (("assessment_finished", "bed_requested", "bed_found"), Stage.MOVED),
    ],
)
def test_the_stage_that_is_waited_for(told: tuple[str, ...], awaited: Stage):
    made = found(DECIDED, ARRIVED, *((60 + i, kind, {}) for i, kind in enumerate(told)))

    assert of(made, WaitKind.DETENTION)[0].awaited() is awaited


def test_a_leg_is_finished_open_missing_or_the_wrong_way_round_and_never_guessed():
    [wait] = of(
        found(
            DECIDED,
            ARRIVED,
            (20, "amhp_told", {}),  # on the way in: nobody waited
            (200, "doctor_arrived", {}),
            (250, "assessment_finished", {}),
            (240, "bed_requested", {}),
        ),
        WaitKind.DETENTION,
    )

    assert dict(legs.legs_of(wait)) == {
        "amhp_told": Leg(LegState.FINISHED, 0),
        "amhp_arrives": Leg(LegState.OPEN),
        "doctor_arrives": Leg(LegState.NOT_RECORDED),
        "assessment_begins": Leg(LegState.OPEN),
        "assessment_lasts": Leg(LegState.NOT_RECORDED),
        "bed_found": Leg(LegState.OPEN),
        "moved": Leg(LegState.ABSENT),
        "whole": Leg(LegState.OPEN),
    }


def test_an_arrival_known_roughly_is_measured_at_its_longest():
    rough = reached_between(30, 50)
    [wait] = of(found(DECIDED, ARRIVED, (90, "assessment_began", {})), WaitKind.DETENTION)
    widened = replace(wait, reached=(rough, *wait.reached[1:]))

    assert legs.leg_of(widened, "assessment_begins") == Leg(LegState.FINISHED, 3600)


def reached_between(first: int, last: int):
    from triage.domain.waits import Reached

    return Reached(Stage.BEGAN, "e1", at(first), at(last))


def test_waits_of_two_kinds_are_never_in_one_figure():
    made = found(DECIDED, ARRIVED, (80, "handover_accepted", {}), (400, "ended", {}))
    measured = [
        Measured("TRAINING/1", "s", w.kind, "castle_street", "a_and_e", w.began, legs.legs_of(w), 2)
        for w in made
    ]

    [group] = legs.report(measured, WaitKind.DETENTION, "all")
    assert group.records == ("TRAINING/1",)
    assert group.legs[-1].median == 370 * 60
    assert legs.officer_hours(measured).seconds == 2 * 50 * 60


def test_the_median_and_the_ninetieth_are_those_of_a_hand():
    assert statistics.median([5, 1, 9]) == 5
    assert statistics.median([1, 2, 3, 10]) == 2.5
    assert statistics.ninetieth(list(range(1, 11))) == 9
    assert statistics.ninetieth([7]) == 7
    assert statistics.ninetieth(list(range(1, 12))) == 10
    with pytest.raises(ValueError, match="no values"):
        statistics.median([])


def test_the_natural_limits_are_266_mean_moving_ranges_from_the_mean():
    chart = statistics.xmr([10, 12, 11, 13, 40])

    assert chart is not None
    assert (chart.mean, chart.moving_range) == (17.2, 8.0)
    assert chart.upper == pytest.approx(17.2 + 2.66 * 8)
    assert chart.lower == 0  # 17.2 - 21.28 is no waiting time
    assert chart.signals == (4,)
    assert statistics.xmr([5]) is None


def test_eight_in_a_row_on_one_side_are_a_signal():
    chart = statistics.xmr([9, 11] * 6 + [8, 8, 8, 8, 8, 8, 8, 8])

    assert chart is not None
    assert chart.signals == tuple(range(12, 20))


def test_the_bins_of_a_histogram_hold_each_value_once():
    assert statistics.bins([0, 1.9, 2, 5, 30], (0, 2, 4, 24)) == (2, 1, 1, 1)


def test_a_ledger_sums_a_reason_and_counts_a_record_once():
    lines = ledger(
        [
            ("A", (Delay("amhp", "waiting_to_arrive", 60), Delay("unattributed", "gap", 5))),
            ("B", (Delay("amhp", "waiting_to_arrive", 30),)),
            ("A", (Delay("amhp", "waiting_to_arrive", 10),)),
        ]
    )

    assert lines == (
        LedgerLine("amhp", "waiting_to_arrive", 100, ("A", "B")),
        LedgerLine("unattributed", "gap", 5, ("A",)),
    )
