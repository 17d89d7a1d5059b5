"""Alerts raised in one act stand in one event, and are read as if each had one of its own."""

from dataclasses import asdict, replace

import pytest

from tests.record.people import OKAFOR, at, opened
from triage.record import EventKind, Group, NewEvent, Record, alert_fold, verify
from triage.record.raisings import apart, raising_of, together
from triage.record.rebuilding import rebuild

STAY = "s-1"


def raising(step: str, words: str, *, clinical: bool = False) -> NewEvent:
    """What is recorded of one alert that is raised."""
    header = {
        "key": f"{STAY}:screening:{step}:1", "suite": "castle", "source": "screening",
        "step": step, "episode": "1", "level": "A2", "due_at": at(5), "to": ["custody_sergeant"],
        "chain": [], "late_seconds": 0, "clinical": clinical, "step_due_at": at(15),
    }  # fmt: skip
    group = Group.CLINICAL if clinical else Group.POLICE
    part = {"words": words, "need": "alcohol"}
    return NewEvent(
        EventKind.ALERT_RAISED, OKAFOR, at(5), STAY, header=header, payloads={group: part}
    )


THREE = (
    raising("urgent", "Drinks heavily."),
    raising("soon", "Has fits.", clinical=True),
    raising("routine", "A woman with something to offer help for."),
)


def raised(record: Record, *events: NewEvent) -> Record:
    """The record with a stay and these events in one transaction."""
    with record.writing(now=at(5)) as writing:
        writing.append(opened(STAY))
        for event in events:
            writing.append(event)
    return record


def alerts_of(record: Record) -> list[dict[str, object]]:
    """The alerts, but for the numbers of their events."""
    found = record.reading().alerts_of(STAY)
    return [asdict(replace(alert, raised_seq=None)) for alert in found]


def test_alerts_raised_at_once_are_one_event_with_their_parts_by_group(record: Record):
    raised(record, together(THREE))

    event = record.reading().event(2)
    assert record.reading().head() == 2
    assert event.kind is EventKind.ALERTS_RAISED
    assert event.alert_keys == tuple(one.header["key"] for one in THREE)
    assert dict(event.payloads) == {
        "police": {"told": {THREE[n].header["key"]: THREE[n].payloads["police"] for n in (0, 2)}},
        "clinical": {"told_clinical": {THREE[1].header["key"]: THREE[1].payloads["clinical"]}},
    }


def test_read_apart_each_says_what_an_event_of_its_own_says(record: Record, tmp_path):
    raised(record, together(THREE))
    alone = raised(Record.open(tmp_path / "alone.db", create=True), *THREE)

    ones = apart(record.reading().event(2))

    said = [(one.kind, dict(one.header), dict(one.payloads), one.occurred_at) for one in ones]
    assert said == [
        (one.kind, dict(one.header), dict(one.payloads), one.occurred_at)
        for one in alone.reading().all_events()
        if one.kind is EventKind.ALERT_RAISED
    ]
    assert [one.seq for one in ones] == [2, 2, 2]
    assert alerts_of(record) == alerts_of(alone)
    alone.close()


def test_one_alert_is_recorded_as_it_always_was(record: Record):
    raised(record, together(THREE[:1]))

    event = record.reading().event(2)
    assert (event.kind, apart(event)) == (EventKind.ALERT_RAISED, (event,))
    assert raising_of(event, THREE[0].header["key"]) is event


def test_what_raised_one_of_them_is_found_by_its_key_and_no_other(record: Record):
    raised(record, together(THREE))
    event = record.reading().event(2)

    assert raising_of(event, THREE[1].header["key"]).body["words"] == "Has fits."
    with pytest.raises(KeyError):
        raising_of(event, f"{STAY}:screening:another:1")


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (Group.POLICE, [None, "Has fits.", None]),
        (Group.CLINICAL, ["Drinks heavily.", None, "A woman with something to offer help for."]),
    ],
)
def test_the_police_part_and_the_clinical_part_age_by_themselves(
    record: Record, gone: Group, left: list[str | None]
):
    raised(record, together(THREE))
    with record.writing(now=at(20)) as writing:
        writing.erase([(2, gone)], actor=OKAFOR, reason="retention")

    reading = record.reading()
    assert [reading.alert(one.header["key"]).words for one in THREE] == left
    assert [one.body.get("words") for one in apart(reading.event(2))] == left
    assert rebuild(record.path, keep=False).same
    assert verify(record.path, full=True).ok


def test_a_record_with_alerts_raised_together_is_rebuilt_to_the_same_rows(record: Record):
    raised(record, together(THREE))
    before = alerts_of(record)

    assert rebuild(record.path).same
    assert alerts_of(record) == before
    assert len(before) == len(THREE)


def test_a_fold_that_lost_one_of_them_would_be_found(
    record: Record, monkeypatch: pytest.MonkeyPatch
):
    """The twin: an alert that is on the record and on no list."""
    monkeypatch.setattr(alert_fold, "apart", lambda event: apart(event)[:2])
    raised(record, together(THREE))
    monkeypatch.undo()

    found = {table.table: table.different for table in rebuild(record.path).tables}
    assert found["alerts"] == (THREE[2].header["key"],)
    assert len(alerts_of(record)) == len(THREE)


def test_an_event_from_which_one_was_taken_out_breaks_the_chain(record: Record):
    raised(record, together(THREE))
    connection = record.reading()._connection
    connection.execute("drop trigger events_are_not_edited")
    connection.execute(
        "update events set more = (select more from events where seq = 1) where seq = 2"
    )

    found = [flaw.words for flaw in verify(record.path, full=True).flaws if flaw.where == "events"]
    assert found == ["Event 2 was edited."]
