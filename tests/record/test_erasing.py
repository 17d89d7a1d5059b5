"""Erasure takes the part and every copy of it, and leaves a chain that still verifies."""

from pathlib import Path

import pytest

from tests.record.people import NAIR, OKAFOR, at, drafted, opened, screened, wanted
from tests.record.sabotage import bodies
from triage.record import ErasureHeld, EventKind, Group, NewEvent, Record, UnknownEvent, verify
from triage.record.rebuilding import rebuild

LONG = " ".join(f"{number} fits since childhood" for number in range(60))


def every_byte(path: Path) -> bytes:
    """The database, its WAL and whatever else lies beside it."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


@pytest.fixture
def stay(record: Record) -> Record:
    """One stay with a screening in two parts, a raised alert and a draft."""
    with record.writing(now=at(10)) as writing:
        writing.append(opened("s-1", name="Canary Tester"))
        writing.append(screened("s-1", 5))
        writing.plan("s-1", [wanted("head:x:1", 5, words="Canary in the alert")])
        writing.raise_alert("s-1:head:x:1", actor=NAIR)
        writing.save_draft("s-1", drafted({"words": "canary in the draft"}, "okafor"), "okafor")
    return record


def test_an_erased_part_is_gone_and_the_chain_still_verifies(stay: Record):
    with stay.writing(now=at(20)) as writing:
        writing.erase([(2, Group.CLINICAL)], actor=NAIR, reason="retention", stay="s-1")

    screening = stay.reading().last_screening("s-1")

    assert screening.event.payloads["clinical"] is None
    assert screening.event.payloads["police"] is not None
    assert verify(stay.path, full=True).ok


def test_codes_that_stood_for_all_answers_go_with_the_first_part(stay: Record):
    assert stay.reading().screening_codes() == ((2, bytes.fromhex("0102ff")),)

    with stay.writing(now=at(20)) as writing:
        writing.erase([(2, Group.CLINICAL)], actor=NAIR, reason="retention")

    assert stay.reading().screening_codes() == ()


def test_not_one_byte_of_what_was_erased_remains_in_the_files(record: Record):
    with record.writing(now=at(10)) as writing:
        writing.append(opened("s-1", name="Canary Tester"))
        writing.append(screened("s-1", 5, long=LONG))
        writing.plan("s-1", [wanted("head:x:1", 5, words="Canary in the alert")])
        writing.raise_alert("s-1:head:x:1", actor=NAIR)
        writing.save_draft("s-1", drafted({"words": "canary in the draft"}, "okafor"), "okafor")
    before, stored = every_byte(record.path), bodies(record.path, "s-1")
    assert len(stored) > 10 and all(chunk in before for chunk in stored)
    assert b"Canary Tester" in before and b"canary in the draft" in before

    with record.writing(now=at(20)) as writing:
        writing.erase_stay("s-1", list(Group), actor=NAIR, reason="retention")
    record.scrub()

    after = every_byte(record.path)
    assert [chunk for chunk in stored if chunk in after] == []
    assert b"canary" not in after.lower()
    assert b"TRAINING/s-1" not in after
    assert verify(record.path, full=True).ok


def test_without_the_scrub_the_wal_would_still_hold_it(stay: Record):
    """The twin: the byte search can fail."""
    stored = bodies(stay.path, "s-1")
    with stay.writing(now=at(20)) as writing:
        writing.erase_stay("s-1", list(Group), actor=NAIR, reason="retention")

    assert [chunk for chunk in stored if chunk not in every_byte(stay.path)] == []


def test_a_record_rebuilt_after_an_erasure_is_the_same(stay: Record):
    with stay.writing(now=at(20)) as writing:
        writing.erase_stay("s-1", list(Group), actor=NAIR, reason="retention")

    assert rebuild(stay.path).same
    found = stay.reading().stay("s-1")
    assert (found.identity, found.reference, found.suite) == (None, None, "castle")
    assert stay.reading().person("p-s-1").identity is None
    assert stay.reading().alert("s-1:head:x:1").words is None


def test_a_hold_stops_the_erasure_until_it_is_lifted(stay: Record):
    hold = NewEvent(
        EventKind.HOLD_PLACED, OKAFOR, at(11), person="p-s-1", header={"reason": "death in custody"}
    )
    with stay.writing(now=at(11)) as writing:
        placed = writing.append(hold)
    with pytest.raises(ErasureHeld), stay.writing(now=at(20)) as writing:
        writing.erase_stay("s-1", list(Group), actor=NAIR, reason="retention")
    assert stay.reading().last_screening("s-1").event.payloads["clinical"] is not None

    with stay.writing(now=at(21)) as writing:
        writing.append(NewEvent(EventKind.HOLD_LIFTED, OKAFOR, at(21), corrects=placed.seq))
        writing.erase_stay("s-1", list(Group), actor=NAIR, reason="retention")
    assert stay.reading().last_screening("s-1").event.payloads["clinical"] is None


def test_what_is_not_there_cannot_be_erased(stay: Record):
    with pytest.raises(UnknownEvent), stay.writing(now=at(20)) as writing:
        writing.erase([(1, Group.CLINICAL)], actor=NAIR, reason="retention")

    assert stay.reading().head() == 3


def test_an_erased_event_writes_nothing_of_what_was_erased(stay: Record):
    with stay.writing(now=at(20)) as writing:
        erased = writing.erase([(2, Group.CLINICAL)], actor=NAIR, reason="retention", stay="s-1")

    assert erased.header == {"reason": "retention", "parts": [[2, "clinical"]]}
    assert erased.payloads == {}
