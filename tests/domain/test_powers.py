"""Which power is recorded, since when none is, and who is told that nobody knows."""

import pytest

from tests.told import event, planned, raised, told, wall
from triage.domain import powers
from triage.domain.timeline import Event

DECIDED = event("s136_decided", "2026-06-01 09:00", limb="remove", consulted="nurse")
ARRIVED = event("arrived", "2026-06-01 10:00", place="a_and_e")
STATION = event("arrived_station", "2026-06-01 09:00")


def no_power(said) -> list[tuple[str | None, object]]:
    """The alerts that no power is recorded: about which event, since when."""
    return [
        (one.event, one.due_at) for key, one in raised(said).items() if key.startswith("no_power:")
    ]


def test_pace_ended_and_the_person_waits_for_a_bed_so_somebody_is_told_at_once():
    ended = event("ended", "2026-06-01 15:00", power="pace")
    asked = event("bed_requested", "2026-06-01 14:00")

    said = told(STATION, asked, ended, at="2026-06-01 15:00")

    assert no_power(said) == [("ended", wall("2026-06-01 15:00"))]
    (alert,) = [one for key, one in raised(said).items() if key.startswith("no_power:")]
    assert alert.to == ("duty_inspector", "custody_sergeant")
    assert "unlawful" not in alert.words.casefold()
    assert said.no_power_since == wall("2026-06-01 15:00")
    assert said.unlawful == ()


def test_another_power_that_stands_means_that_nobody_is_called():
    decided = event("s136_decided", "2026-06-01 14:30", limb="keep", consulted="nurse",
                    place="police_station")  # fmt: skip
    ended = event("ended", "2026-06-01 15:00", power="pace")

    said = told(STATION, decided, ended, at="2026-06-01 15:00")

    assert no_power(said) == []
    assert said.no_power_since is None


@pytest.mark.parametrize(
    "gone",
    [
        event("ended", "2026-06-01 15:00"),
        event("left_place", "2026-06-01 15:00"),
        event("bailed", "2026-06-01 15:00"),
    ],
    ids=lambda one: one.kind,
)
def test_nobody_is_called_about_somebody_who_has_left(gone: Event):
    said = told(STATION, gone, at="2026-06-01 16:00")

    assert no_power(said) == []


def test_a_lapse_has_its_own_alert_and_gets_no_second_one():
    said = told(DECIDED, ARRIVED, at="2026-06-02 10:30")

    assert no_power(said) == []
    assert "permitted_period:due:20260602T090000Z" in raised(said)
    assert said.no_power_since == wall("2026-06-02 10:00")


def test_an_arrival_without_any_decision_calls_somebody_until_one_is_recorded():
    said = told(ARRIVED, at="2026-06-01 10:05")
    mended = told(ARRIVED, DECIDED, at="2026-06-01 10:05")

    assert no_power(said) == [("arrived", wall("2026-06-01 10:00"))]
    assert no_power(mended) == []


def test_a_stay_called_section_136_without_any_event_of_it_calls_somebody():
    said = told(at="2026-06-01 10:05", held_since=wall("2026-06-01 10:00"))
    typing = told(at="2026-06-01 10:04", held_since=wall("2026-06-01 10:00"))

    assert no_power(said) == [(None, wall("2026-06-01 10:05"))]
    assert no_power(typing) == [] and len(planned(typing)) == 1


def test_taken_back_to_the_station_after_the_period_lapsed_is_held_on_nothing_recorded():
    escaped = event("absconded", "2026-06-01 12:00")
    back = event("retaken", "2026-06-02 15:00", place="a_and_e")

    said = told(DECIDED, ARRIVED, escaped, back, at="2026-06-02 15:00")

    assert no_power(said) == [("retaken", wall("2026-06-02 15:00"))]
    assert ("retaken", "S138-RETAKE-B") in [(one.event, one.law_row) for one in said.unlawful]


def test_a_move_between_places_is_no_new_arrival_without_a_power():
    ended = event("ended", "2026-06-01 15:00", power="section136")
    moved = event("transferred", "2026-06-01 16:00", place="health_based_place_of_safety")

    said = told(DECIDED, ARRIVED, ended, moved, at="2026-06-01 16:30")

    assert no_power(said) == [("ended", wall("2026-06-01 15:00"))]


def test_recorded_under_another_section_is_recorded():
    other = event("other_authority", "2026-06-01 15:00", section="2")

    said = told(DECIDED, ARRIVED, other, at="2026-06-03 15:00")

    assert [one.power for one in said.powers] == ["section 2"]
    assert no_power(said) == []


def test_arrested_after_bail_the_person_is_held_under_pace_again():
    bailed = event("bailed", "2026-06-01 15:00")
    again = event("arrested", "2026-06-20 15:00", id="again", basis="section_46a")
    back = event("arrived_station", "2026-06-20 15:40", id="back")

    said = told(STATION, bailed, again, back, at="2026-06-20 16:00")

    assert [one.power for one in said.powers] == ["pace"]
    assert no_power(said) == []


def test_silencing_the_finding_would_be_seen(monkeypatch):
    ended = event("ended", "2026-06-01 15:00", power="pace")
    monkeypatch.setattr(powers, "findings", lambda *_: ())

    said = told(STATION, ended, at="2026-06-01 15:00")

    assert no_power(said) == [] and said.no_power_since is not None


def test_visits_go_on_while_no_power_is_recorded():
    ended = event("ended", "2026-06-01 15:00", power="pace")

    said = told(STATION, ended, at="2026-06-01 15:01")

    going = [one for one in said.clocks if one.clock == "visit" and one.ended_at is None]
    assert len(going) == 1
