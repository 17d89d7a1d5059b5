"""``triage review`` in a real process, over a few invented detentions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cases.review.detentions import events, stories
from tests.command import triage
from triage import casework
from triage.casework.service import Service
from triage.record import Account, Actor, Record
from triage.rules_files import load, rules_dir
from triage.settings import Settings

NOW = datetime(2026, 10, 24, 19, 50, tzinfo=UTC)
INSPECTOR = Actor("marsh", "Insp Marsh", "duty_inspector")
WEEKS = ("--from", "2026-06-01", "--to", "2026-06-28")
STRETCH = ("--from", "2026-06-29", "--to", "2026-09-27")


@pytest.fixture(scope="module")
def instance(tmp_path_factory) -> Path:
    """A training instance with twelve detentions, an inspector and a sergeant."""
    folder = tmp_path_factory.mktemp("instance")
    record = Record.open(folder / "triage.db", create=True)
    settings = Settings(folder, folder / "triage.db", training=True)
    service = Service(record, load(rules_dir(), draft=True), settings)
    for story in stories()[:12]:
        opening = casework.Opening(
            kind=casework.StayKind.SECTION136, suite="castle_street", reference=story.record,
            opened_at=story.decided, training=True, events=events(story),
        )  # fmt: skip
        casework.open_stay(service, opening, actor=INSPECTOR, now=NOW)
    with record.writing(now=NOW) as writing:
        for account, role in (("marsh", "duty_inspector"), ("okafor", "custody_sergeant")):
            made = Account(account, account, role, (), None, active=True, made_at=NOW)
            writing.add_account(made)
    record.close()
    return folder


def asked(instance: Path, *arguments: str):
    return triage("review", *arguments, instance=instance, TRIAGE_TRAINING="true")


def test_the_wait_report_is_what_left_unless_it_stays_inside(instance, tmp_path):
    early = asked(instance, "waits", "--by", "marsh", *WEEKS)
    packed = asked(instance, "pack", "--by", "marsh", *WEEKS, "--weeks", "4",
                   "--out", str(tmp_path))  # fmt: skip
    leaving = asked(instance, "waits", "--by", "marsh", *WEEKS)
    inside = asked(instance, "waits", "--by", "marsh", *STRETCH, "--inside", "--format", "csv")

    assert (early.returncode, packed.returncode) == (2, 0)
    assert "Nothing has left for these days and suites" in early.stderr
    assert "1 June 2026 to 28 June 2026: leaves, as known at" in packed.stderr
    assert (leaving.returncode, inside.returncode) == (0, 0)
    assert "Fit to leave" in leaving.stdout or "Counts of one to four" in leaving.stdout
    assert "TRAINING/INC" not in leaving.stdout
    assert "TRAINING/INC/0001" in inside.stdout


def test_the_pack_is_written_as_three_files(instance, tmp_path):
    done, again = (
        asked(instance, "pack", "--by", "marsh", *STRETCH, "--out", str(tmp_path / out))
        for out in ("out", "again")
    )

    assert (done.returncode, again.returncode) == (0, 0)
    assert "21 September 2026 to 27 September 2026: left before" in again.stderr
    for file in ("html", "csv"):
        name = f"section-136-pack.{file}"
        assert (tmp_path / "out" / name).read_text() == (tmp_path / "again" / name).read_text()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "section-136-pack.csv", "section-136-pack.html", "section-136-pack.xlsx",
    ]  # fmt: skip
    assert (tmp_path / "out" / "section-136-pack.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_return_says_what_is_missing_and_the_rows_are_exact(instance):
    counted = asked(instance, "return", "--by", "marsh", "--year", "2026-07-01")
    rows = asked(instance, "return", "--by", "marsh", "--year", "2026-07-01", "--rows")

    assert "Target missed: Method of transport, 100.0% of 12 not recorded" in counted.stderr
    assert rows.stdout.count("TRAINING/INC/") == 12


def test_a_sample_is_the_same_for_a_seed(instance):
    first, again = (
        asked(instance, "sample", "--by", "marsh", *STRETCH, "--seed", "7", "-n", "2").stdout
        for _ in range(2)
    )

    assert first == again
    assert "records, sample 2026-06-29/2026-09-28/2/7" in first


def test_the_list_as_known_before_anything_was_typed_is_empty(instance):
    known = (NOW - timedelta(days=30)).isoformat()
    then = asked(instance, "list", "--by", "marsh", "--as-known-at", known)
    now = asked(instance, "list", "--by", "marsh")

    assert "AS KNOWN AT" in then.stdout and "Nobody is detained" in then.stdout
    assert "Breach: Permitted period of detention" in now.stdout


@pytest.mark.parametrize(
    ("by", "why"), [("okafor", "is not for the custody sergeant"), ("nobody", "no active account")]
)
def test_the_command_is_for_whoever_may_review_and_says_so(instance, by, why):
    refused = asked(instance, "list", "--by", by)

    assert refused.returncode == 2
    assert why in refused.stderr


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("--weeks", "13", "--to", "2026-09-27"), "has left already (all suites)"),
        (("--to", "2026-09-23"), "Ask for 14 September 2026 to 20 September 2026"),
        (("--to", "2026-09-20", "--as-known-at", "2026-09-21T09:00:00Z"), "as it was known when"),
    ],
)
def test_a_pack_that_could_be_subtracted_from_another_does_not_leave(instance, tmp_path, said, why):
    asked(instance, "pack", "--by", "marsh", *STRETCH, "--out", str(tmp_path))  # its last week
    refused = asked(instance, "pack", "--by", "marsh", *said, "--out", str(tmp_path / "no"))
    inside = asked(instance, "pack", "--by", "marsh", *said, "--inside",
                   "--out", str(tmp_path / "inside"))  # fmt: skip

    assert (refused.returncode, inside.returncode) == (2, 0)
    assert why in refused.stderr
    assert not (tmp_path / "no").exists()


def test_the_counts_of_a_year_that_is_not_over_stay_inside(instance):
    leaving = asked(instance, "return", "--by", "marsh", "--year", "2126-07-01")
    inside = asked(instance, "return", "--by", "marsh", "--year", "2026-07-01", "--inside")

    assert (leaving.returncode, inside.returncode) == (2, 0)
    assert "Its return leaves when it is over" in leaving.stderr
