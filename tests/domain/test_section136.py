"""The permitted period of section 136 and 135: MHA 1983 s135, s136, s136B, s138."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.domain import permitted_reference
from tests.law_on_disk import LADDER, LAW
from tests.told import ADULT, event, listed, numbered, rows_changed, the, told, wall
from triage.domain import extensions
from triage.domain.answers import Person
from triage.domain.birthdays import LONG_AGO, adult_since
from triage.domain.clocks import ClockState, Power
from triage.domain.detention import clocks, would_be_unlawful
from triage.domain.errors import InputError
from triage.domain.timeline import Detention, Event, Moment

DECIDED = event("s136_decided", "2026-06-01 09:00", limb="remove", consulted="nurse")
ARRIVED = event("arrived", "2026-06-01 10:00", place="health_based_place_of_safety")
LONGER = event(
    "extension_authorised", "2026-06-02 09:00", role="doctor", hours=6, ground="condition"
)
SLOW = settings(
    max_examples=depth(60, 3000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def lapse(*events: Event, at: str = "2026-06-01 11:00", **rest) -> datetime | None:
    return the(told(*events, at=at, **rest), "permitted_period").due_at


def test_a_transfer_does_not_restart_the_clock():
    moved = event("transferred", "2026-06-01 20:00", place="a_and_e")

    assert lapse(DECIDED, ARRIVED, moved, at="2026-06-01 21:00") == wall("2026-06-02 10:00")


def test_held_at_the_very_second_of_the_lapse_is_a_breach_with_nothing_over():
    said = the(told(DECIDED, ARRIVED, at="2026-06-02 10:00"), "permitted_period")

    assert (said.state, said.over_seconds) == (ClockState.BREACH, 0)


def test_released_at_the_very_second_of_the_lapse_is_met():
    ended = event("ended", "2026-06-02 10:00")

    said = the(told(DECIDED, ARRIVED, ended, at="2026-06-02 12:00"), "permitted_period")

    assert (said.state, said.over_seconds) == (ClockState.MET, None)


def test_one_second_over_is_a_breach_because_the_act_has_no_grace():
    ended = event("ended", wall("2026-06-02 10:00") + timedelta(seconds=1))

    said = the(told(DECIDED, ARRIVED, ended, at="2026-06-02 12:00"), "permitted_period")

    assert (said.state, said.over_seconds) == (ClockState.BREACH, 1)


def test_an_extension_adds_to_the_end_of_the_24_hours_not_to_its_signing():
    assert lapse(DECIDED, ARRIVED, LONGER, at="2026-06-02 09:30") == wall("2026-06-02 16:00")


@pytest.mark.parametrize(
    ("wrong", "row"),
    [
        ({"ground": "no_bed"}, "S136B-GROUND"),
        ({"ground": "no_amhp"}, "S136B-GROUND"),
        ({"hours": 0}, "S136B-EXT"),
        ({"hours": 13}, "S136B-EXT"),
        ({"hours": True}, "S136B-EXT"),
    ],
)
def test_an_invalid_extension_lengthens_nothing_and_names_the_law(wrong, row):
    bad = replace(LONGER, extra={**LONGER.extra, **wrong})

    said = told(DECIDED, ARRIVED, bad, at="2026-06-02 09:30")

    assert the(said, "permitted_period").due_at == wall("2026-06-02 10:00")
    assert listed(said) == [(bad.id, row)]


def test_only_a_doctor_extends():
    by_police = replace(LONGER, role="duty_inspector")

    said = told(DECIDED, ARRIVED, by_police, at="2026-06-02 09:30")

    assert the(said, "permitted_period").due_at == wall("2026-06-02 10:00")
    assert listed(said) == [(by_police.id, "S136B-EXT")]


def test_an_extension_known_only_roughly_is_late_if_it_may_have_been_late():
    roughly = Moment(wall("2026-06-02 09:50"), wall("2026-06-02 10:05"))
    doubtful = replace(LONGER, occurred_at=roughly)

    said = told(DECIDED, ARRIVED, doubtful, at="2026-06-02 10:30")

    assert the(said, "permitted_period").due_at == wall("2026-06-02 10:00")
    assert listed(said) == [(doubtful.id, "S136B-WHEN")]


def test_a_second_extension_is_not_counted():
    second = replace(LONGER, id="second", occurred_at=Moment.at(wall("2026-06-02 09:10")))

    said = told(DECIDED, ARRIVED, LONGER, second, at="2026-06-02 09:30")

    assert the(said, "permitted_period").due_at == wall("2026-06-02 16:00")
    assert said.warnings == ("a second extension is not counted, take advice: second",)


def test_the_power_line_says_who_and_when_and_when_it_lapses():
    decided = replace(DECIDED, by="PC Training")

    said = told(decided, ARRIVED, at="2026-06-01 11:00")

    assert said.powers == (
        Power("section136", wall("2026-06-01 09:00"), "PC Training", wall("2026-06-02 10:00")),
    )


def test_after_the_lapse_no_power_is_recorded():
    assert told(DECIDED, ARRIVED, at="2026-06-02 10:00").powers == ()


def test_a_release_in_the_minute_of_the_decision_does_not_end_what_begins():
    released = event("ended", "2026-06-01 09:00")

    said = told(DECIDED, released, ARRIVED, at="2026-06-01 11:00")

    assert the(said, "permitted_period").state is ClockState.RUNNING


def test_somebody_who_left_in_the_minute_of_the_decision_is_held_under_nothing():
    left = event("ended", "2026-06-01 09:00", power="all")

    said = told(DECIDED, left, at="2026-06-02 11:00")

    clock = the(said, "permitted_period")
    assert (clock.state, clock.ended_at) == (ClockState.MET, wall("2026-06-01 09:00"))
    assert said.powers == ()


def test_a_decision_recorded_after_a_release_of_the_same_minute_is_not_ended_by_it():
    left = event("ended", "2026-06-01 09:00", power="all")

    said = told(left, DECIDED, ARRIVED, at="2026-06-01 11:00")

    assert the(said, "permitted_period").state is ClockState.RUNNING


def test_an_arrival_typed_before_its_decision_is_watched_from_the_arrival():
    said = told(ARRIVED, at="2026-06-01 11:00")

    clock = the(said, "permitted_period")
    assert (clock.due_at, clock.provisional, said.powers) == (
        wall("2026-06-02 10:00"),
        True,
        (),
    )


def test_what_is_later_than_the_moment_asked_for_is_left_out_and_said():
    said = told(DECIDED, ARRIVED, LONGER, at="2026-06-02 08:00")

    assert the(said, "permitted_period").due_at == wall("2026-06-02 10:00")
    assert said.warnings == (
        "left out, because later than the moment asked for: extension_authorised",
    )


def test_what_was_known_then_leaves_out_what_was_typed_later():
    typed_late = replace(ARRIVED, recorded_at=wall("2026-06-01 12:00"))

    said = told(DECIDED, typed_late, at="2026-06-01 11:00", as_known_at=wall("2026-06-01 11:00"))

    clock = the(said, "permitted_period")
    assert (clock.start_event, clock.provisional) == ("s136_decided", True)


def test_a_correction_that_it_never_happened_takes_the_event_away():
    gone = event(
        "corrected", "2026-06-02 09:00", corrects="extension_authorised", reason="wrong_person"
    )

    assert lapse(DECIDED, ARRIVED, LONGER, gone, at="2026-06-02 09:30") == wall("2026-06-02 10:00")


def test_a_correction_of_a_correction_counts_last():
    first = event("corrected", "2026-06-01 09:50", id="c1", corrects="arrived")
    second = event("corrected", "2026-06-01 09:55", id="c2", corrects="c1")

    assert lapse(DECIDED, ARRIVED, first, second) == wall("2026-06-02 09:55")


@pytest.mark.parametrize(
    ("events", "field"),
    [
        ((DECIDED, DECIDED), "events[1].id"),
        ((event("corrected", "2026-06-01 09:50", corrects="nobody"),), "events[0].corrects"),
        ((event("corrected", "2026-06-01 09:50"),), "events[0].corrects"),
        (
            (
                event("corrected", "2026-06-01 09:50", id="a", corrects="b"),
                event("corrected", "2026-06-01 09:50", id="b", corrects="a"),
            ),
            "events[0].corrects",
        ),
        ((event("teleported", "2026-06-01 09:50"),), "events[0].kind"),
        (
            (replace(DECIDED, occurred_at=Moment.at(datetime(2026, 6, 1))),),  # noqa: DTZ001
            "events[0].occurred_at",
        ),
    ],
)
def test_only_the_impossible_is_refused_and_the_field_is_named(events, field):
    with pytest.raises(InputError) as refused:
        told(*events, at="2026-06-01 11:00")

    assert refused.value.problems[0].field == field


def test_two_ages_that_disagree_are_refused():
    person = Person(age=40, date_of_birth=wall("2000-06-01 00:00").date())

    with pytest.raises(InputError) as refused:
        told(DECIDED, at="2026-06-01 11:00", person=person)

    assert refused.value.problems[0].field == "person.age"


def test_whoever_appears_or_is_documented_under_18_counts_as_a_child():
    assert adult_since(Person(age=17, age_source="appears")) is None
    assert adult_since(Person(age=19, age_on_document=17)) is None
    assert adult_since(Person(age=19)) == LONG_AGO


def test_what_somebody_is_about_to_authorise_is_judged_before_it_happens():
    detention = Detention(wall("2026-06-02 10:30"), "england", ADULT, (DECIDED, ARRIVED))
    too_late = event(
        "extension_authorised", "2026-06-02 10:30", role="doctor", hours=2, ground="condition"
    )

    (found,) = would_be_unlawful(LAW, LADDER, detention, too_late)

    assert (found.event, found.law_row) == (too_late.id, "S136B-WHEN")


def test_released_from_pace_in_the_cell_and_then_removed_runs_from_arrival():
    station = event("arrived_station", "2026-06-01 07:00")
    released = event("ended", "2026-06-01 08:50", power="pace")

    said = told(station, released, DECIDED, ARRIVED, at="2026-06-01 11:00")

    clock = the(said, "permitted_period")
    assert (clock.start_event, clock.contested) == ("arrived", False)


def test_the_taking_to_another_place_at_the_very_lapse_is_already_unlawful():
    moved = event("transferred", "2026-06-02 10:00", place="a_and_e")

    said = told(DECIDED, ARRIVED, moved, at="2026-06-02 10:30")

    assert listed(said) == [("transferred", "S136-TRANSFER")]


def test_an_extension_given_after_the_retaking_does_not_reach_back_to_the_escape():
    out = event("absconded", "2026-06-01 20:00")
    back = event("retaken", "2026-06-01 20:30", place="a_and_e")

    said = told(DECIDED, ARRIVED, out, back, LONGER, at="2026-06-02 09:30")

    assert the(said, "retake").due_at == wall("2026-06-02 10:00")
    assert the(said, "permitted_period").due_at == wall("2026-06-02 16:00")


def test_what_happens_at_the_very_moment_asked_for_counts():
    said = told(DECIDED, ARRIVED, at="2026-06-01 10:00")

    assert (the(said, "permitted_period").start_event, said.warnings) == ("arrived", ())


# ------------------------------------------------------------------ random detentions
BEGINS = wall("2026-10-24 08:00")
PLACES = ["police_station", "a_and_e", "health_based_place_of_safety"]
AFTER = st.sampled_from(
    [
        "arrived_site",
        "entered_building",
        "arrived",
        "transferred",
        "left_place",
        "extension_authorised",
        "extension_authorised",
        "superintendent_approved",
        "absconded",
        "retaken",
    ]
)


@st.composite
def facts(draw) -> list[tuple[datetime, str, dict]]:
    """One use of section 136 over the autumn change, then whatever happens next."""
    minutes = sorted(draw(st.sets(st.integers(0, 2300), min_size=1, max_size=9)))
    told_of: list[tuple[datetime, str, dict]] = []
    for number, minute in enumerate(minutes):
        kind = "s136_decided" if number == 0 else draw(AFTER)
        said: dict = {"place": draw(st.sampled_from(PLACES))}
        if kind == "s136_decided":
            said = {"limb": draw(st.sampled_from(["remove", "keep"]))}
        elif kind == "extension_authorised":
            said["hours"] = draw(st.sampled_from([None, 0, 1, 4, 12, 13]))
            said["ground"] = draw(st.sampled_from(["condition", "condition", "no_bed"]))
            said["role"] = draw(st.sampled_from(["doctor", "doctor", "amhp"]))
        elif kind in ("left_place", "absconded", "retaken", "superintendent_approved"):
            said = {}
        told_of.append((BEGINS + timedelta(minutes=minute), kind, said))
    return told_of


def as_events(found: list[tuple[datetime, str, dict]]) -> tuple[Event, ...]:
    return numbered(
        event(kind, when, **{name: value for name, value in said.items() if value is not None})
        for when, kind, said in found
    )


def test_the_slow_reading_of_the_act_agrees():
    @SLOW
    @given(facts())
    def agrees(found):
        at = BEGINS + timedelta(days=4)
        clock = the(told(*as_events(found), at=at), "permitted_period")
        if clock.due_at is None:  # escaped on the way in and never retaken: nothing began
            assert clock.reason == "escaped_on_the_way"
            return
        expected = permitted_reference.lapse(found)

        assert clock.due_at == expected
        assert expected - clock.started_at in {timedelta(hours=hours) for hours in range(24, 37)}

    agrees()


def test_the_slow_reading_catches_a_planted_25_hours():
    planted = rows_changed(LAW, S136_MAX_KEEP=25)
    found = [(BEGINS, "s136_decided", {"limb": "keep"})]

    clock = the(told(*as_events(found), at=BEGINS, law=planted), "permitted_period")

    assert clock.due_at != permitted_reference.lapse(found)


LENGTHENS_NOTHING = ("S136B-", "S136-TRANSFER", "S138-", "NO-CONSEC")


def without_unlawful(events: tuple[Event, ...], said) -> tuple[Event, ...]:
    names = {one.event for one in said.unlawful if one.law_row.startswith(LENGTHENS_NOTHING)}
    return tuple(one for one in events if one.id not in names)


def lengthened(events: tuple[Event, ...], at: datetime) -> bool:
    """Whether what is marked unlawful makes the period longer than it would be without it."""
    said = told(*events, at=at)
    rest = told(*without_unlawful(events, said), at=at)
    with_it, without = the(said, "permitted_period").due_at, the(rest, "permitted_period").due_at
    return with_it is not None and without is not None and with_it > without


def test_no_unlawful_event_lengthens_a_lawful_period():
    @SLOW
    @given(facts(), st.integers(0, 3000))
    def never(found, minutes):
        at = found[0][0] + timedelta(minutes=minutes)

        assert not lengthened(as_events(found), at)

    never()


def test_a_planted_fault_that_counts_late_extensions_is_caught(monkeypatch):
    late = replace(LONGER, occurred_at=Moment.at(wall("2026-06-02 10:00")))
    events, at = (DECIDED, ARRIVED, late), wall("2026-06-02 11:00")
    honest = told(*events, at=at)

    monkeypatch.setattr(extensions, "_fault", lambda *_: None)
    planted = told(*events, at=at)

    before, after = the(honest, "permitted_period"), the(planted, "permitted_period")
    assert before.due_at is not None and after.due_at is not None
    assert after.due_at > before.due_at


def test_the_order_of_typing_does_not_matter():
    @SLOW
    @given(facts(), st.randoms(use_true_random=False))
    def same(found, random):
        events, at = as_events(found), BEGINS + timedelta(days=2)
        shuffled = list(events)
        random.shuffle(shuffled)

        assert told(*events, at=at) == told(*shuffled, at=at)

    same()


@SLOW
@given(facts(), st.integers(1, 600), st.integers(0, 8))
def test_a_corrected_time_counts_as_if_it_had_been_typed_right(found, shift, which):
    events, at = as_events(found), BEGINS + timedelta(days=4)
    wrong = events[which % len(events)]
    moved = Moment.at(wrong.earliest + timedelta(minutes=shift, seconds=30))
    typed_right = tuple(
        replace(one, occurred_at=moved) if one.id == wrong.id else one for one in events
    )
    correction = Event("fix", "corrected", moved, corrects=wrong.id)

    corrected, right = told(*events, correction, at=at), told(*typed_right, at=at)

    marked = tuple(replace(one, corrected=False) for one in corrected.unlawful)
    assert (corrected.clocks, marked, corrected.powers) == (
        right.clocks,
        right.unlawful,
        right.powers,
    )


def test_the_answer_is_the_same_each_time_it_is_asked():
    detention = Detention(wall("2026-06-02 09:30"), "england", ADULT, (DECIDED, ARRIVED, LONGER))

    assert clocks(LAW, LADDER, detention) == clocks(LAW, LADDER, detention)
