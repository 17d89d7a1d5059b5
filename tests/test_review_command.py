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


def test_the_wait_report_leaves_out_small_numbers_unless_it_stays_inside(instance):
    leaving = asked(instance, "waits", "--by", "marsh", *STRETCH)
    inside = asked(instance, "waits", "--by", "marsh", *STRETCH, "--inside", "--format", "csv")

    assert (leaving.returncode, inside.returncode) == (0, 0)
    assert "fewer than 5" in leaving.stdout
    assert "TRAINING/INC" not in leaving.stdout
    assert "TRAINING/INC/0001" in inside.stdout


def test_the_pack_is_written_as_three_files(instance, tmp_path):
    done = asked(instance, "pack", "--by", "marsh", *STRETCH, "--out", str(tmp_path / "out"))

    assert done.returncode == 0
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
