"""A backup is proved before it is called one, never overwrites, and brings nothing erased back."""

from pathlib import Path

import pytest

from tests.record.people import NAIR, OKAFOR, at, happened, opened, screened
from tests.record.sabotage import behind_the_back, bodies
from triage.record import BackupRefused, Group, NoStore, Record, backup, restore, restore_drill
from triage.record.health import healthcheck, where


@pytest.fixture
def night(record: Record) -> Record:
    with record.writing(now=at(9)) as writing:
        writing.append(opened("s-1"))
        writing.append(screened("s-1", 5))
    record.anchor(at(9))
    return record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "second-disk"


def test_a_backup_is_made_while_the_record_is_in_use(night: Record, folder: Path):
    with night.writing(now=at(10)) as writing:
        writing.append(happened("s-1", "arrived", 10))
        made = backup(night.path, folder, now=at(10))

    assert (made.events, made.anchors) == (2, 1)
    assert sorted(file.name for file in folder.iterdir()) == [
        "triage-20261024T195000Z.db",
        "triage-20261024T195000Z.db.sha256",
    ]


def test_a_backup_never_overwrites(night: Record, folder: Path):
    first = backup(night.path, folder, now=at(10))
    before = first.file.read_bytes()

    with pytest.raises(BackupRefused, match="exists already"):
        backup(night.path, folder, now=at(10))
    with pytest.raises(BackupRefused, match="another folder"):
        backup(night.path, night.path.parent, now=at(10))
    assert first.file.read_bytes() == before


def test_a_record_that_was_tampered_with_gives_no_backup(night: Record, folder: Path):
    with behind_the_back(night.path) as file:
        file.execute("update events set role = 'x' where seq = 1")

    with pytest.raises(BackupRefused, match="Event 1 was edited"):
        backup(night.path, folder, now=at(10))
    assert list(folder.iterdir()) == []


def test_a_drill_restores_the_newest_backup_and_says_what_it_lacks(night: Record, folder: Path):
    backup(night.path, folder, now=at(10))
    with night.writing(now=at(12)) as writing:
        writing.append(happened("s-1", "arrived", 11))

    drill = restore_drill(night.path, folder, now=at(20))

    assert drill.ok, drill.checks
    assert (drill.events, drill.missing_events, drill.missing_since) == (2, 1, at(12))
    assert night.reading().head() == 3


def test_a_drill_fails_on_a_backup_with_one_flipped_bit(night: Record, folder: Path):
    """The twin: the drill can fail."""
    made = backup(night.path, folder, now=at(10))
    spoiled = bytearray(made.file.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    made.file.write_bytes(spoiled)

    assert not restore_drill(night.path, folder, now=at(20)).ok


def test_a_drill_fails_when_the_backup_is_of_another_record(
    night: Record, folder: Path, tmp_path: Path
):
    other = Record.open(tmp_path / "other" / "triage.db", create=True)
    with other.writing(now=at(9)) as writing:
        writing.append(opened("s-9"))
    other.close()
    backup(tmp_path / "other" / "triage.db", folder, now=at(10))

    drill = restore_drill(night.path, folder, now=at(20))

    assert [check.words for check in drill.checks if not check.ok] == [
        "The backup is the beginning of the record in use."
    ]


def test_without_a_backup_there_is_no_drill(night: Record, folder: Path):
    with pytest.raises(NoStore):
        restore_drill(night.path, folder, now=at(20))


def test_what_was_erased_stays_erased_in_a_restored_week_old_backup(
    night: Record, folder: Path, tmp_path: Path
):
    made, stored = backup(night.path, folder, now=at(10)), bodies(night.path, "s-1")
    with night.writing(now=at(20)) as writing:
        writing.erase_stay("s-1", list(Group), actor=NAIR, reason="retention")
    night.scrub()
    assert stored and all(chunk in made.file.read_bytes() for chunk in stored)

    target = tmp_path / "new-machine" / "triage.db"
    restored = restore(made.file, target, beside=night.path, actor=OKAFOR, now=at(30))

    assert restored.erased_again == 3
    bytes_left = b"".join(file.read_bytes() for file in target.parent.iterdir())
    assert [chunk for chunk in stored if chunk in bytes_left] == []
    with pytest.raises(BackupRefused, match="nothing was overwritten"):
        restore(made.file, target, beside=night.path, actor=OKAFOR, now=at(30))


def test_a_drill_repeats_erasures_too(night: Record, folder: Path):
    backup(night.path, folder, now=at(10))
    with night.writing(now=at(20)) as writing:
        writing.erase_stay("s-1", list(Group), actor=NAIR, reason="retention")

    drill = restore_drill(night.path, folder, now=at(30))

    assert drill.ok, drill.checks
    assert drill.checks[1].words == "It opens, and 3 erasures since were repeated."


def test_where_says_where_everything_lies(night: Record):
    found = where(night.path)

    assert (found.path, found.exists, found.engine_safe) == (night.path, True, True)
    assert found.schema == found.schema_of_this_release
    assert where(night.path.with_name("none.db")).exists is False


def test_health_is_told_in_sentences(night: Record):
    assert healthcheck(night.path, now=at(10)).problems[0] == "The timers have never run."

    with night.writing(now=at(10)) as writing:
        writing.heartbeat()
    fresh = healthcheck(night.path, now=at(10))
    stale = healthcheck(night.path, now=at(12))

    assert "timers" not in " ".join(fresh.problems)
    assert (fresh.events, fresh.open_stays) == (2, 1)
    assert "The timers last ran 2 min 00 s ago." in stale.problems
    assert (
        healthcheck(night.path.with_name("none.db"), now=at(10))
        .problems[0]
        .startswith("There is no record at")
    )
