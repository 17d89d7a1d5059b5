"""An arrested person's wait stands in a ledger of its own, and is never added to a detention's."""

from datetime import timedelta

import pytest

from tests.casework.conftest import MARSH, NOW, happened
from triage import casework
from triage.casework import review
from triage.present import figure_cells, figures, pack
from triage.present import review_words as words

HOUR = timedelta(hours=1)


@pytest.fixture
def seen(service):
    """Six people at a station waited two hours for a bed; one was then detained for six more."""
    began = NOW - timedelta(hours=9)
    for number in range(6):
        events = [
            happened("arrived_station", began),
            happened("mha_assessment_requested", began + HOUR),
            happened("bed_requested", began + HOUR),
        ]
        if number == 0:
            decided = began + 3 * HOUR
            events += [
                happened("s136_decided", decided, place="police_station", limb="keep",
                         consulted="nurse"),
                happened("bed_requested", decided),
            ]  # fmt: skip
        else:
            events.append(happened("bed_found", began + 3 * HOUR))
        opening = casework.Opening(
            casework.StayKind.CUSTODY, "castle_street", f"TRAINING/A/{number}", began,
            training=True, stage="arrest", identity=casework.Identity(age=30),
            events=tuple(events),
        )  # fmt: skip
        casework.open_stay(service, opening, actor=MARSH, now=NOW)
    since, until = NOW - timedelta(days=1), NOW + HOUR
    return review.review(service, (), since=since, until=until, actor=MARSH, now=NOW)


def sheet(made, id):
    return next(one for one in made if one.id == id)


def bed_of(made, id):
    [line] = [one for one in sheet(made, id).lines if ".bed." in one.cells[0].key]
    return line


def test_minutes_of_arrested_people_are_a_ledger_of_their_own_with_its_records(service, seen):
    made = figures.sheets(seen, service.rulebook.practice, leaving=False)

    bed, held = bed_of(made, "ledger_arrested"), bed_of(made, "ledger")
    assert [cell.text for cell in bed.cells] == ["6", "12 h 00 min"]
    assert sorted(bed.cells[0].records) == [f"TRAINING/A/{number}" for number in range(6)]
    assert [cell.text for cell in held.cells] == ["1", "6 h 00 min"]
    keys = [cell.key for _, _, _, cell in figure_cells.flat(made)]
    assert len(keys) == len(set(keys))


def test_what_leaves_of_both_ledgers_has_no_record_and_no_small_number(service, seen):
    made = pack.pack(seen, service.rulebook.practice, weeks=1, leaving=True)

    arrested, held = bed_of(made.second, "ledger_arrested"), bed_of(made.second, "ledger")
    assert [cell.text for cell in held.cells] == [words.FEW, words.HIDDEN]
    assert arrested.cells[0].text == "6"
    assert not [cell for _, _, _, cell in figure_cells.flat(made.sheets) if cell.records]
    assert words.NEVER_ADDED in made.notes
