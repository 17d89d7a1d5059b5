"""What happened, and what is authorised, on a real terminal: small, large, and line by line."""

from pathlib import Path

from tests.desk.glass import AS_IT_IS, ASKS, Glass
from tests.desk.people import OKAFOR, PASSWORD, SECOND, opened
from tests.desk.test_full_terminal import at_the_board
from tests.machine import needs_tmux
from triage import casework, clock

pytestmark = needs_tmux


def what_happened(instance: Path) -> list[str]:
    """The kinds of event about the second person, as they stand on the record."""
    service = opened(instance)
    stay = service.record.reading().open_stay_by_reference(SECOND)
    assert stay is not None
    view = casework.stay_view(service, stay.id, actor=OKAFOR, now=clock.now())
    service.record.close()
    return [each.what for each in view.timeline if each.what in ("pace_review_done", "charged")]


def test_a_review_fits_the_glass_from_the_list_to_the_record(any_glass: Glass, instance: Path):
    at_the_board(any_glass, instance)
    any_glass.type("2", "Enter", "e")
    listed = any_glass.shown(until="PACE review done", at_rest=AS_IT_IS)
    any_glass.type("pace review done", "Enter")
    form = any_glass.shown(until="Anything else, in words", at_rest=AS_IT_IS)
    any_glass.type("Enter", "1", "Enter", "Enter", "TRAINING Marsh", "Enter", "3", "Enter")
    any_glass.type("Enter", "Enter", "Enter")
    over = any_glass.shown(until="READ IT OVER", at_rest=AS_IT_IS)
    before = what_happened(instance)
    any_glass.type("y")
    any_glass.shown(until="Enter now puts it on the record", at_rest=AS_IT_IS)
    any_glass.type("Enter")
    done = any_glass.shown(until="PACE review done: on the record, entry", at_rest=AS_IT_IS)

    assert (before, what_happened(instance)) == ([], ["pace_review_done"])
    assert any(line.startswith("== GIVE AN AUTHORITY: PACE") for line in listed)
    assert any(line.startswith(" > When did it happen?") for line in form)
    assert "  Who: TRAINING Marsh" in over and "  Rank: Inspector" in over
    assert [line for line in over if line.startswith("Not said: ")]
    assert over[-1].startswith("y, then Enter, records it")
    assert done[-1].startswith("s screen")
    for page in (listed, form, over, done):
        assert len(page) == any_glass.rows
        assert max(map(len, page)) <= any_glass.columns


def test_a_charge_is_recorded_line_by_line(glass: Glass, instance: Path):
    glass.run("desk", "--by", "okafor", "--plain", instance=instance, more=ASKS)
    glass.shown(until="Password:", at_rest=("Password:",))
    glass.type(PASSWORD, "Enter")
    glass.shown(until="opens somebody")
    glass.type("0002/26", "Enter")
    glass.turned(glass.shown(until="Victor Vane"), asks="goes on", until="e event")
    glass.type("e", "Enter")
    glass.turned(glass.shown(until="WHAT HAPPENED"), asks="goes on", until="A number, or some")
    for typed in ("charged", "", "", ""):
        glass.type(typed, "Enter")
    glass.shown(until="READ IT OVER: CHARGED")
    glass.type("y", "Enter")
    glass.shown(until="Charged: on the record, entry")

    assert what_happened(instance) == ["charged"]
