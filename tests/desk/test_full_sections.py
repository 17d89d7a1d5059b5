"""What stands on the screen of one person, from the sheet of a real service."""

from tests.desk.doors import Suite
from triage.desk.full.sections import sections
from triage.present.desk import Sheet


def screen(sheet: Sheet) -> dict[str, str]:
    """What each part says, on 80 columns, as running text."""
    return {
        title: " ".join(" ".join(line.plain.split()) for line in lines)
        for title, lines in sections(sheet, 80)
    }


def test_what_was_found_before_is_seen_before_anybody_screens_again(suite: Suite):
    here, before = suite.here(), suite.stays["untaken"]
    person = suite.service.record.reading().stay(before).person
    new = here.open_stay(
        {"kind": "custody", "suite": "castle_street", "reference": "TRAINING/CS/0043/26",
         "opened_at": "2026-10-25T02:00:00Z", "person": person}, "key-open-1",
    )  # fmt: skip
    shown = screen(here.sheet(new.stay))
    nothing = screen(here.sheet(suite.stays["emergency"]))

    assert "On record from before: Suicide and self-harm." in shown["Now"]
    assert "Suicide and self-harm: Urgent" in shown["Found"]
    assert "Now: Not screened yet" in shown["Found"]
    assert "from before" not in nothing["Now"]
    assert "Before and now" not in nothing["Found"]
