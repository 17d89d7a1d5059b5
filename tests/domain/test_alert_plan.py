"""The plan of alerts: no breach without one, keys made of facts, withdrawn only by a correction."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.domain.test_section136 import as_events, facts
from tests.law_on_disk import LADDER, LAW
from tests.told import ADULT, CHILD, event, numbered, planned, raised, told, wall
from triage.domain.clocks import AlertState, Clocks, ClockState
from triage.domain.detention import clocks
from triage.domain.timeline import KINDS, Detention, Event, Moment
from triage.schemas.clocks import ROLES

SLOW = settings(
    max_examples=depth(60, 3000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
LATE = (ClockState.BREACH, ClockState.OVERDUE, ClockState.TARGET_MISSED)
DECIDED = event("s136_decided", "2026-06-01 09:00", limb="remove", consulted="nurse")
ARRIVED = event("arrived", "2026-06-01 10:00", place="health_based_place_of_safety")
NAMELESS = ("Against the law:", "A time limit has passed that the ladder")
START = wall("2026-10-24 20:00")

ANYTHING = st.tuples(
    st.sampled_from([kind for kind in KINDS if kind != "corrected"]),
    st.integers(0, 2400),
    st.sampled_from(["police_station", "a_and_e", "health_based_place_of_safety", "home", None]),
    st.sampled_from([None, *ROLES]),
    st.sampled_from([None, "sergeant", "inspector", "superintendent"]),
    st.sampled_from([None, "intoxicated", "staff"]),
)
NAMED: dict[str, st.SearchStrategy[Any]] = {
    "risk": st.booleans(),
    "no_other_place": st.booleans(),
    "hcp_available": st.booleans(),
    "basis": st.sampled_from(["offence", "section_46a", "other_force", "moved_between_forces"]),
    "exception": st.booleans(),
    "area": st.sampled_from(["ours", "other"]),
    "mode": st.sampled_from(["in_person", "phone", "video"]),
    "phone_reason": st.just("snow"),
    "transport": st.sampled_from(["ambulance", "police_vehicle"]),
    "ambulance_requested": st.sampled_from(["yes", "no"]),
    "vehicle_reason": st.just("crew_refused"),
    "station_reason": st.just("conditions_met"),
    "limb": st.sampled_from(["remove", "keep"]),
    "consulted": st.sampled_from(["nurse", "no"]),
    "waking": st.sampled_from(["needed", "not_needed"]),
    "conditions": st.sampled_from(["exist", "ended"]),
    "assessed_sooner": st.booleans(),
    "distress_likely": st.booleans(),
    "decision": st.sampled_from(["move", "stay", "left"]),
    "received": st.sampled_from(["written", "telephone", "in_person"]),
    "hours": st.sampled_from([0, 1, 12, 13, 36, 40]),
    "ground": st.sampled_from(["condition", "no_bed"]),
    "power": st.sampled_from(["section136", "pace", "all"]),
    "passed": st.booleans(),
    "minutes": st.sampled_from([5, 30, 60]),
    "until": st.integers(0, 3000).map(lambda minute: START + timedelta(minutes=minute)),
    "answer": st.sampled_from(["full", "yes"]),
    "outcome": st.just("admitted"),
    "section": st.just("2"),
}


@st.composite
def anything(draw) -> tuple[Event, ...]:
    """Any events in any order, most of them nonsense: what happened is always computed."""
    events = []
    for kind, minute, place, role, rank, reason in draw(st.lists(ANYTHING, max_size=14)):
        said = {name: draw(NAMED[name]) for name in KINDS[kind] if draw(st.booleans())}
        common = {"place": place, "role": role, "rank": rank, "reason": reason}
        given = {name: value for name, value in common.items() if value is not None}
        events.append(event(kind, START + timedelta(minutes=minute), **given, **said))
    return numbered(events)


def late_without_alert(said: Clocks) -> list[str]:
    """Clocks that are late with no raised alert for that very due time."""
    told_of = {(one.clock, one.due_at) for one in said.alerts if one.state is AlertState.RAISED}
    return [
        one.clock
        for one in said.clocks
        if one.state in LATE
        and (one.clock, one.due_at) not in told_of
        and not (one.clock == "advisory_lapse" and ("permitted_period", one.due_at) in told_of)
    ]


@SLOW
@given(anything(), st.integers(0, 4000))
def test_nothing_is_late_without_an_alert_whatever_happened(events, minute):
    said = told(*events, at=START + timedelta(minutes=minute), indictable=True)

    assert late_without_alert(said) == []
    assert len({one.key for one in said.alerts}) == len(said.alerts)
    assert not [one for one in said.alerts if one.words.startswith(NAMELESS)]


def test_a_ladder_that_forgets_a_limit_is_caught_and_somebody_is_told_loudly():
    forgetful = {**LADDER, "step": [one for one in LADDER["step"] if one["step"] != "due"]}
    detention = Detention(wall("2026-06-02 11:00"), "england", ADULT, (DECIDED, ARRIVED))

    said = clocks(LAW, forgetful, detention)

    assert late_without_alert(said) == []
    lapsed = raised(said)["permitted_period:due:20260602T090000Z"]
    assert (lapsed.level, lapsed.to) == ("A1", ("custody_sergeant", "duty_inspector"))


def test_the_check_for_silent_breaches_can_fail():
    said = told(DECIDED, ARRIVED, at="2026-06-02 11:00")
    silenced = replace(said, alerts=())

    assert "permitted_period" in late_without_alert(silenced)


@SLOW
@given(anything(), st.integers(0, 4000), st.integers(0, 4000))
def test_one_key_never_has_two_due_times(events, minute, later):
    first = told(*events, at=START + timedelta(minutes=minute))
    second = told(*events, at=START + timedelta(minutes=minute + later))

    due = {one.key: one.due_at for one in first.alerts}
    moved = [one.key for one in second.alerts if due.get(one.key, one.due_at) != one.due_at]
    assert moved == []


@SLOW
@given(facts(), st.integers(0, 3000), st.integers(1, 600))
def test_what_was_raised_stays_raised_as_time_passes(found, minute, later):
    events, at = as_events(found), found[-1][0] + timedelta(minutes=minute)

    before = raised(told(*events, at=at))
    after = raised(told(*events, at=at + timedelta(minutes=later)))

    # What still waits for a superintendent is settled, one way or the other, at the lapse.
    waiting = {key for key in before if key.startswith("extension_needs_superintendent")}
    assert before.keys() - waiting <= after.keys()


def test_practice_steps_and_the_lapse_are_planned_from_the_first_minute():
    said = told(DECIDED, ARRIVED, at="2026-06-01 10:00")

    steps = {
        key.split(":")[1]: one.due_at
        for key, one in planned(said).items()
        if one.clock == "permitted_period"
    }
    assert steps == {
        "after_3h": wall("2026-06-01 13:00"),
        "after_6h": wall("2026-06-01 16:00"),
        "after_12h": wall("2026-06-01 22:00"),
        "after_18h": wall("2026-06-02 04:00"),
        "before_120": wall("2026-06-02 08:00"),
        "before_60": wall("2026-06-02 09:00"),
        "before_15": wall("2026-06-02 09:45"),
        "due": wall("2026-06-02 10:00"),
    }


def test_after_an_extension_the_alerts_move_and_what_was_raised_stays():
    longer = event(
        "extension_authorised", "2026-06-02 09:30", role="doctor", hours=4, ground="condition"
    )

    said = told(DECIDED, ARRIVED, longer, at="2026-06-02 09:50")

    assert {key for key in raised(said) if ":before_" in key} == {
        "permitted_period:before_120:20260602T090000Z",
        "permitted_period:before_60:20260602T090000Z",
    }
    assert {key for key in planned(said) if ":before_" in key} == {
        "permitted_period:before_120:20260602T130000Z",
        "permitted_period:before_60:20260602T130000Z",
        "permitted_period:before_15:20260602T130000Z",
    }


def test_a_short_extension_does_not_raise_steps_that_lie_before_it():
    longer = event(
        "extension_authorised", "2026-06-02 09:50", role="doctor", hours=1, ground="condition"
    )

    said = told(DECIDED, ARRIVED, longer, at="2026-06-02 09:51")

    assert "permitted_period:before_120:20260602T100000Z" not in raised(said)
    assert "permitted_period:before_60:20260602T100000Z" in planned(said)


def test_a_release_at_the_very_lapse_raises_nothing_for_the_lapse():
    released = event("ended", "2026-06-02 10:00")

    said = told(DECIDED, ARRIVED, released, at="2026-06-02 10:30")

    assert "permitted_period:due:20260602T090000Z" not in raised(said)


def test_nothing_is_planned_for_a_moment_that_a_pause_keeps_moving():
    station = event("arrived_station", "2026-06-01 09:00")
    left = event("left_for_hospital", "2026-06-01 10:00")

    said = told(station, left, at="2026-06-01 12:00")

    assert [key for key in planned(said) if key.startswith("pace_")] == []


def test_a_late_typed_arrival_says_by_how_much_the_alert_is_late():
    typed_late = replace(ARRIVED, recorded_at=wall("2026-06-01 12:00"))

    said = told(DECIDED, typed_late, at="2026-06-01 12:01")

    alert = raised(said)["handover:due:20260601T100000Z"]
    assert alert.late_seconds == 3600


def test_a_correction_withdraws_what_no_longer_holds_and_is_named():
    wrong = replace(ARRIVED, recorded_at=wall("2026-06-01 10:01"))
    right = Event(
        "fix",
        "corrected",
        Moment.at(wall("2026-06-01 10:50")),
        recorded_at=wall("2026-06-01 11:10"),
        corrects=ARRIVED.id,
    )

    said = told(DECIDED, wrong, right, at="2026-06-01 11:15")

    gone = {one.key: one.event for one in said.alerts if one.state is AlertState.WITHDRAWN}
    assert gone == {"handover:due:20260601T100000Z": "fix"}


def test_an_alert_that_comes_back_after_it_was_withdrawn_has_a_new_key():
    wrong = replace(ARRIVED, recorded_at=wall("2026-06-01 10:01"))
    fixes = [
        Event("f1", "corrected", Moment.at(wall("2026-06-01 10:50")), wall("2026-06-01 11:10")),
        Event("f2", "corrected", Moment.at(wall("2026-06-01 10:00")), wall("2026-06-01 11:20")),
    ]
    fixes = [replace(one, corrects=ARRIVED.id) for one in fixes]

    said = told(DECIDED, wrong, *fixes, at="2026-06-01 11:30")

    states = {one.key: one.state for one in said.alerts if one.clock == "handover"}
    assert states == {
        "handover:due:20260601T100000Z": AlertState.WITHDRAWN,
        "handover:due:20260601T100000Z:2": AlertState.RAISED,
    }


def test_the_words_of_alerts_name_nobody():
    decided = replace(DECIDED, by="PC Training Surname", words="Surname, born 1990")
    came = event("arrived", "2026-06-01 10:00", place="police_station", by="PS Surname")

    said = told(decided, came, at="2026-06-02 12:00", person=CHILD)

    assert said.alerts != ()
    assert not [one for one in said.alerts if "Surname" in one.words + one.key]


def test_every_sentence_on_the_ladder_belongs_to_a_finding_of_the_core():
    folder = Path(__file__).resolve().parents[2] / "triage" / "domain"
    codes = {row["code"] for row in LADDER["event"]}

    source = "".join(
        path.read_text(encoding="utf-8")
        for path in folder.glob("*.py")
        if "Finding" in path.read_text(encoding="utf-8")
    )

    assert [code for code in codes if f'"{code}"' not in source] == ["cannot_be_evaluated"]
    assert all(row["words"].endswith(".") and row["to"] for row in LADDER["event"])
    assert all(row["words"][-1] in ".?" and row["to"] for row in LADDER["step"])
