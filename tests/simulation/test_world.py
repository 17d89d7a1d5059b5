"""What the simulated world must get right, or it accuses the service of what it did itself."""

import shutil

import pytest

from tests.simulation.world import World, quick_folder, staff
from triage import casework
from triage.casework import passes


@pytest.fixture
def world():
    """One installation that has adopted its rules and made its first pass."""
    folder = quick_folder()
    made = World(folder)
    casework.adopt(made.service, actor=staff("administrator"), now=made.now)
    made.run_pass()
    yield made
    made.close()
    shutil.rmtree(folder)


def a_pass_of_another_and_a_failing_one_of_ours(world, monkeypatch):
    """The second engine makes a whole pass within one of the first, which then breaks off."""
    real, asked = passes._plan_missing, []

    def breaks_off(service, now, memory):
        if service.record is not world.record:
            return real(service, now, memory)
        if not asked:
            asked.append(True)
            world.other_engine()
        raise ZeroDivisionError

    monkeypatch.setattr(passes, "_plan_missing", breaks_off)
    assert world.run_pass() is None
    assert asked
    return [each for each in world.outside.flaws if each.startswith("W0")]


def test_the_beat_of_a_second_engine_is_not_counted_against_the_first(world, monkeypatch):
    assert a_pass_of_another_and_a_failing_one_of_ours(world, monkeypatch) == []


def test_a_beat_of_its_own_is_counted_although_a_second_engine_has_beaten_too(world, monkeypatch):
    real = world.other_engine

    def beats_as_well():
        real()
        with world.record.writing(now=world.timers_now) as writing:
            writing.heartbeat()

    monkeypatch.setattr(world, "other_engine", beats_as_well)

    assert a_pass_of_another_and_a_failing_one_of_ours(world, monkeypatch) == [
        "W0 a pass that was not complete beat all the same"
    ]
