"""What happened is recorded once, in order, and what it adds up to follows in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.record.people import NAIR, OKAFOR, at, happened, opened, screened, wanted
from triage.domain.errors import InputError
from triage.record import EventKind, NewEvent, Record, ReferenceInUse, UnknownEvent


def test_an_event_is_read_back_as_it_was_recorded(record: Record):
    with record.writing(now=at(1)) as writing:
        said = writing.append(opened("s-1"))

    assert record.reading().stay_events("s-1") == (said,)
    assert record.reading().event(said.seq) == said


def test_an_act_that_fails_leaves_nothing(record: Record):
    with pytest.raises(RuntimeError, match="power"), record.writing(now=at(1)) as writing:
        writing.append(opened("s-1"))
        raise RuntimeError("power")

    assert record.reading().head() == 0
    assert record.reading().open_stays() == ()


def test_a_stay_is_what_its_events_leave(record: Record):
    with record.writing(now=at(60)) as writing:
        writing.append(opened("s-1"))
        writing.append(happened("s-1", "arrived", 20, place="a_and_e"))
        writing.append(screened("s-1", 30))

    stay = record.reading().stay("s-1")

    assert stay is not None
    assert (stay.place, stay.screening_urgency, stay.opened_at) == ("a_and_e", "urgent", at(0))
    assert stay.reference == "TRAINING/s-1"


def test_an_event_typed_late_takes_its_place_in_the_night(record: Record):
    with record.writing(now=at(60)) as writing:
        writing.append(opened("s-1"))
        writing.append(happened("s-1", "arrived", 40, place="a_and_e"))
        late = writing.append(happened("s-1", "arrived", 20, place="police_station"))

    assert late.late
    assert record.reading().stay("s-1").place == "a_and_e"


def test_recorded_at_never_decreases_when_the_clock_goes_back(record: Record):
    with record.writing(now=at(120)) as writing:
        writing.append(opened("s-1"))
    with record.writing(now=at(1)) as writing:
        after = writing.append(happened("s-1", "arrived", 1))

    assert after.recorded_at == at(120)


def test_what_has_not_happened_yet_is_refused_beyond_two_minutes(record: Record):
    with record.writing(now=at(0)) as writing:
        ahead = writing.append(opened("s-1", 2))

    assert ahead.ahead
    with pytest.raises(InputError), record.writing(now=at(0)) as writing:
        writing.append(opened("s-2", 2.1))


def test_two_open_stays_never_share_a_custody_record_number(record: Record):
    with record.writing(now=at(1)) as writing:
        writing.append(opened("s-1"))

    with pytest.raises(ReferenceInUse) as refused, record.writing(now=at(2)) as writing:
        writing.append(opened("s-2", reference="TRAINING/s-1"))

    assert refused.value.stay == "s-1"


def test_a_correction_of_an_event_that_is_not_there_is_refused(record: Record):
    with pytest.raises(UnknownEvent), record.writing(now=at(1)) as writing:
        writing.append(NewEvent(EventKind.CORRECTED, OKAFOR, at(0), corrects=7))


def test_a_raised_alert_is_left_alone_by_planning(record: Record):
    with record.writing(now=at(1)) as writing:
        writing.append(opened("s-1"))
        writing.plan("s-1", [wanted("rouse:due:1", 30), wanted("visit:due:1", 60)])
    with record.writing(now=at(31)) as writing:
        writing.raise_alert("s-1:rouse:due:1", actor=NAIR, late_seconds=60)
        change = writing.plan("s-1", [wanted("visit:due:1", 65), wanted("visit:due:2", 120)])

    states = {one.key: (one.state, one.due_at) for one in record.reading().alerts_of("s-1")}

    assert change.raised_unwanted == ("s-1:rouse:due:1",)
    assert states == {
        "s-1:rouse:due:1": ("raised", at(30)),
        "s-1:visit:due:1": ("planned", at(65)),
        "s-1:visit:due:2": ("planned", at(120)),
    }


def test_what_is_being_written_is_seen_by_nobody_else_before_it_is_kept(record: Record):
    others = ThreadPoolExecutor(1)
    with record.in_line() as first, record.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))
        seen = (first.head(), others.submit(lambda: record.reading().head()).result())

    assert (seen, record.reading().head()) == ((1, 0), 1)


def test_whoever_writes_next_finds_the_pages_as_the_last_one_left_them(record: Record):
    """One connection goes with the turn; SQLite reads nothing again that nobody else wrote."""
    used, threads = [], [ThreadPoolExecutor(1) for _ in range(3)]

    def write() -> None:
        with record.writing(now=at(0)) as writing:
            writing.append(opened(f"s-{len(used)}"))
            used.append(writing._connection)

    for thread in threads:
        thread.submit(write).result()

    assert used == [used[0]] * 3
    assert record.reading()._connection is not used[0]


def test_nested_writing_is_refused(record: Record):
    with (
        record.writing(now=at(0)),
        pytest.raises(RuntimeError, match="one act"),
        record.writing(now=at(0)),
    ):
        pass


def test_a_withdrawn_release_opens_the_stay_again(record: Record):
    with record.writing(now=at(60)) as writing:
        writing.append(opened("s-1"))
        release = writing.append(NewEvent(EventKind.RELEASED, OKAFOR, at(50), stay="s-1"))
    assert record.reading().open_stays() == ()

    with record.writing(now=at(61)) as writing:
        withdrawal = NewEvent(EventKind.WITHDRAWN, OKAFOR, at(61), corrects=release.seq)
        writing.append(withdrawal)
        correction = replace(withdrawal, kind=EventKind.CORRECTED, corrects=1, occurred_at=at(3))
        writing.append(correction)

    (stay,) = record.reading().open_stays()
    assert stay.opened_at == at(3)


def test_the_board_shows_open_stays_with_what_is_open_and_due(record: Record):
    with record.writing(now=at(31)) as writing:
        writing.append(opened("s-1"))
        writing.append(opened("s-2", suite="dock"))
        writing.plan("s-1", [wanted("a:due:1", 30, "A1"), wanted("b:due:1", 60)])
        writing.raise_alert("s-1:a:due:1", actor=NAIR)

    (row,) = record.reading().board_rows(["castle"])

    assert (row.stay.id, row.open_alerts, row.top_level) == ("s-1", 1, "A1")
    assert row.next_due_at == at(60)


def test_a_withdrawn_screening_is_kept_but_no_longer_the_last(record: Record):
    with record.writing(now=at(60)) as writing:
        writing.append(opened("s-1"))
        first = writing.append(screened("s-1", 10))
        second = writing.append(screened("s-1", 20))
        withdrawal = writing.append(NewEvent("withdrawn", NAIR, at(30), corrects=second.seq))
    reading = record.reading()

    assert reading.last_screening("s-1").seq == first.seq
    assert [row.stands for row in reading.screenings("s-1")] == [True, False]

    with record.writing(now=at(61)) as writing:
        writing.append(NewEvent("withdrawn", NAIR, at(61), corrects=withdrawal.seq))
    assert reading.last_screening("s-1").seq == second.seq


def test_a_stay_moved_to_the_right_person_forgets_who_it_was_not(record: Record):
    with record.writing(now=at(60)) as writing:
        writing.append(opened("s-1"))
        writing.append(NewEvent(EventKind.WRONG_PERSON, NAIR, at(30), stay="s-1", person="p-2"))

    stay = record.reading().stay("s-1")

    assert (stay.person, stay.identity) == ("p-2", {"reference": "TRAINING/s-1"})
