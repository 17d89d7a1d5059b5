"""Whatever is done to the file behind the service's back is found, and where."""

from pathlib import Path

import pytest

from tests.record.people import NAIR, OKAFOR, at, happened, opened, screened
from tests.record.sabotage import behind_the_back, hash_anew
from triage.record import NoStore, Record, verify
from triage.record.engine import DatabaseError
from triage.record.schema_record import TRIGGERS


@pytest.fixture
def night(record: Record) -> Record:
    """Ten events about two people, two looks, and an anchor of both ends."""
    for number, stay in enumerate(("s-1", "s-2")):
        with record.writing(now=at(10 * number + 9)) as writing:
            writing.append(opened(stay, 10 * number))
            writing.append(screened(stay, 10 * number + 1))
            for minute in (2, 3, 4):
                writing.append(happened(stay, "health_check", 10 * number + minute))
    record.log_access(OKAFOR, "stay:police", "s-1", None, at(20))
    record.log_access(NAIR, "stay:clinical", "s-1", None, at(21))
    record.anchor(at(22))
    return record


def words(path: Path) -> list[str]:
    return [flaw.words for flaw in verify(path, full=True).flaws]


def test_an_untouched_record_is_whole(night: Record):
    found = verify(night.path, full=True)

    assert (found.ok, found.events, found.accesses, found.anchors) == (True, 10, 2, 1)


def test_an_edited_event_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("update events set occurred_at = '2026-10-24T19:00:00Z' where seq = 3")

    assert words(night.path) == ["Event 3 was edited."]


@pytest.mark.parametrize(
    "change",
    [
        'header = \'{"kind":"visit"}\'',  # beside the packed one
        "more = cast(more || x'00' as blob)",
        "more = null",
        "more = substr(more, 1, 20)",
        "more = (select more from events where seq = 1)",
        "more = x''",
    ],
)
def test_a_changed_header_or_hash_of_a_part_is_located(night: Record, change: str):
    with behind_the_back(night.path) as file:
        file.execute(f"update events set {change} where seq = 3")  # noqa: S608  our own list

    assert words(night.path)[0] == "Event 3 was edited."


def test_changed_words_of_a_packing_are_told(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("update packings set words = x'00' where name = '1-told'")

    assert words(night.path) == ["The words of packing 1-told changed."]


def test_an_edited_event_with_its_own_hash_made_to_fit_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("update events set role = 'custody_hcp' where seq = 3")
        later = file.execute("select seq, prev, hash from events where seq > 3").fetchall()
        hash_anew(file, 3)
        for row in later:
            file.execute("update events set prev = :prev, hash = :hash where seq = :seq", dict(row))

    assert words(night.path) == [
        "Event 4 does not follow 3: one of them was put in or hashed anew."
    ]


def test_an_event_whose_text_is_no_text_any_more_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("update events set actor = cast(x'50ff' as text) where seq = 3")

    assert words(night.path) == ["Event 3 was edited."]


def test_a_deleted_event_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("delete from events where seq = 4")

    assert words(night.path) == ["Event 4 to 4: deleted."]


def test_an_inserted_event_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("update payloads set seq = seq + 1 where seq > 5")
        file.execute("update events set seq = seq + 100 where seq > 5")
        file.execute("update events set seq = seq - 99 where seq > 100")
        file.execute("insert into events select 6, kind, stay, person, occurred_at, recorded_at,"
                     " account, actor, role, terminal, corrects, header, digests, prev, hash, more"
                     " from events where seq = 5")  # fmt: skip

    assert "Event 6 does not follow 5: one of them was put in or hashed anew." in words(night.path)
    assert "Event 6 was edited." in words(night.path)


def test_an_edited_payload_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute(
            """update payloads set body = cast('{"answers":{"head_knock":"no"}}' as blob)"""
            """ where seq = 2 and "group" = 'police'"""
        )

    assert words(night.path) == ["Part police of event 2 was edited."]


def test_a_payload_that_went_without_an_erasure_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("""delete from payloads where seq = 2 and "group" = 'clinical'""")

    assert words(night.path) == ["Part clinical of event 2 is gone without an erasure."]


def test_an_erasure_without_its_event_is_no_excuse(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("""delete from payloads where seq = 2 and "group" = 'clinical'""")
        file.execute("insert into erasures values (2, 'clinical', 9)")

    assert words(night.path) == ["Part clinical of event 2 was erased by no event naming it."]


def test_a_payload_put_into_an_event_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("insert into payloads values (3, 'police', zeroblob(16), cast('{}' as blob))")

    assert words(night.path) == ["Part police was put into event 3."]


def test_a_cut_tail_is_found_against_the_anchors(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("delete from events where seq > 8")
        file.execute("delete from access_log where seq > 1")

    flaws = words(night.path)

    assert [flaw.split(":")[0] for flaw in flaws] == ["The tail was cut", "The tail was cut"]


def test_a_cut_tail_is_not_seen_without_the_anchors(night: Record):
    """The twin: what the anchors are for."""
    with behind_the_back(night.path) as file:
        file.execute("delete from events where seq > 8")
    night.path.with_name("anchors.log").unlink()

    assert words(night.path) == []


def test_a_chain_that_was_hashed_anew_is_found_against_the_anchors(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("update events set occurred_at = '2026-10-24T19:00:00Z' where seq = 3")
        hash_anew(file, 3)

    (flaw,) = words(night.path)

    assert flaw.startswith("Event 10 is not the one that stood at the anchor")


def test_a_chain_that_was_hashed_anew_is_not_seen_without_the_anchors(night: Record):
    """The twin: a plain chain proves nothing against somebody who hashes it anew."""
    with behind_the_back(night.path) as file:
        file.execute("update events set occurred_at = '2026-10-24T19:00:00Z' where seq = 3")
        hash_anew(file, 3)
    night.path.with_name("anchors.log").unlink()

    assert words(night.path) == []


def test_a_changed_look_is_located(night: Record):
    with behind_the_back(night.path) as file:
        file.execute("update access_log set account = 'nobody' where seq = 1")

    assert words(night.path) == ["Look 1 was edited."]


def test_lost_triggers_are_named(night: Record):
    with behind_the_back(night.path):
        pass
    assert words(night.path) == []

    night.reading()._connection.execute("drop trigger events_are_not_edited")
    assert words(night.path) == ["The trigger events_are_not_edited is gone."]


def test_only_what_is_new_is_walked_after_a_clean_verification(night: Record):
    verify(night.path, remember_at=at(23))
    with night.writing(now=at(24)) as writing:
        writing.append(happened("s-1", "health_check", 24))

    found = verify(night.path)

    assert (found.since, found.events, found.ok) == (10, 1, True)


def test_an_event_verified_before_and_changed_since_begins_the_walk_anew(night: Record):
    verify(night.path, remember_at=at(23))
    with behind_the_back(night.path) as file:
        file.execute("update events set role = 'custody_hcp' where seq = 10")
        hash_anew(file, 10)

    found = verify(night.path)

    assert found.since == 0
    assert found.flaws[0].words == "Event 10 is not the one that was verified last."


def test_a_torn_last_anchor_is_no_flaw_but_an_unreadable_line_is(night: Record):
    log = night.path.with_name("anchors.log")
    log.write_text(log.read_text() + "5f 1")
    assert words(night.path) == []

    log.write_text(log.read_text() + "\n")
    assert words(night.path) == ["Line 2 of anchors.log cannot be read."]


def test_differences_in_recomputing_are_explained_and_are_no_flaw(night: Record):
    found = verify(
        night.path,
        full=True,
        recompute=lambda event: "another urgency" if event.kind == "screening_saved" else None,
    )

    assert found.ok
    assert found.recomputed == 10
    assert [(one.seq, one.words) for one in found.differences] == [
        (2, "another urgency"),
        (7, "another urgency"),
    ]


def test_a_record_that_is_not_there_is_said_plainly(tmp_path: Path):
    with pytest.raises(NoStore, match="triage migrate"):
        Record.open(tmp_path / "none.db")
    with pytest.raises(NoStore):
        verify(tmp_path / "none.db")


def _refusals() -> list[str]:
    return [
        "update events set kind = 'note' where seq = 1",
        "delete from events where seq = 10",
        "insert or replace into events select * from events where seq = 10",
        "insert into events select seq + 50, kind, stay, person, occurred_at, recorded_at,"
        " account, actor, role, terminal, corrects, header, digests, prev, hash, more"
        " from events where seq = 1",
        "update payloads set body = zeroblob(1) where seq = 2",
        "delete from payloads where seq = 2",
        "insert into erasures values (2, 'police', 1)",
        "update access_log set what = '' where seq = 1",
        "delete from access_log where seq = 1",
        "insert or replace into access_log select * from access_log where seq = 2",
    ]


@pytest.mark.parametrize("statement", _refusals())
def test_the_triggers_refuse_what_is_not_appending(night: Record, statement: str):
    with pytest.raises(DatabaseError):
        night.reading()._connection.execute(statement)

    assert words(night.path) == []


def test_every_trigger_stands_after_all_migrations(record: Record):
    rows = record.reading()._connection.execute(
        "select name from sqlite_schema where type = 'trigger'"
    )

    assert {row["name"] for row in rows} == set(TRIGGERS)
