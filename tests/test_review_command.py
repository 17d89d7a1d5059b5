"""``triage review`` in a real process, over a few invented detentions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cases.review.detentions import events, stories
from tests.command import triage
from tests.fresh import fresh_record
from triage import casework
from triage.casework import review_published
from triage.casework.service import Service
from triage.present import pack as packing
from triage.record import Account, Actor, Record
from triage.rules_files import load, rules_dir
from triage.settings import Settings

NOW = datetime(2026, 10, 24, 19, 50, tzinfo=UTC)
INSPECTOR = Actor("marsh", "Insp Marsh", "duty_inspector")
WEEKS = ("--from", "2026-06-01", "--to", "2026-06-28")
OVER = ("--from", "2024-07-01", "--to", "2024-09-29")  # in a year that is over
STRETCH = ("--from", "2026-06-29", "--to", "2026-09-27")


@pytest.fixture(scope="module")
def instance(tmp_path_factory) -> Path:
    """A training instance with twelve detentions, an inspector and a sergeant."""
    folder = tmp_path_factory.mktemp("instance")
    record = fresh_record(folder / "triage.db")
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
    packed = asked(instance, "pack", "--by", "marsh", *WEEKS, "--weeks", "4", "--leave",
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
    week = ("--by", "marsh", *STRETCH)
    done = asked(instance, "pack", *week, "--leave", "--out", str(tmp_path / "out"))
    again = asked(instance, "pack", *week, "--out", str(tmp_path / "again"))

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
    asked(instance, "pack", "--by", "marsh", *STRETCH, "--leave", "--out", str(tmp_path))  # a week
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


@pytest.fixture
def fresh(tmp_path) -> Path:
    """An instance of which nothing has left, with six detentions of a year that is over."""
    folder = tmp_path / "fresh"
    folder.mkdir()
    record = fresh_record(folder / "triage.db")
    settings = Settings(folder, folder / "triage.db", training=True)
    service = Service(record, load(rules_dir(), draft=True), settings)
    for each in stories()[:6]:
        story = replace(each, decided=each.decided - timedelta(weeks=104))
        opening = casework.Opening(
            kind=casework.StayKind.SECTION136, suite="castle_street", reference=story.record,
            opened_at=story.decided, training=True, events=events(story),
        )  # fmt: skip
        casework.open_stay(service, opening, actor=INSPECTOR, now=NOW)
    with record.writing(now=NOW) as writing:
        made = Account("marsh", "marsh", "duty_inspector", (), None, active=True, made_at=NOW)
        writing.add_account(made)
    record.close()
    return folder


def published(instance: Path) -> int:
    record = Record.open(instance / "triage.db")
    found = len(record.reading().published_figures())
    record.close()
    return found


def test_a_pack_is_shown_as_a_draft_and_leaves_by_a_naming_act_alone(fresh, tmp_path):
    weeks = ("pack", "--by", "marsh", *OVER, "--weeks", "13", "--out", str(tmp_path / "out"))
    draft = asked(fresh, *weeks)
    before = (published(fresh), (tmp_path / "out").exists())
    left = asked(fresh, *weeks, "--leave")
    after = (published(fresh), (tmp_path / "out" / "section-136-pack.csv").exists())

    assert (draft.returncode, left.returncode) == (0, 0)
    assert (before, after) == ((0, False), (1, True))
    assert "DRAFT: these figures have not left the force" in draft.stdout
    assert "TRAINING/INC" not in draft.stdout
    told = draft.stdout.partition("Held back, and why")[2]
    assert "shown as fewer than 5: so few could point at somebody." in told
    assert "longest waits not shown: the longest wait is one person's." in told
    assert "the annual return of their year cannot either" in told
    assert "No file is written. To let them leave, ask the same again with --leave." in told


def test_what_the_draft_showed_is_what_leaves(fresh):
    weeks = (*OVER, "--by", "marsh")
    draft = asked(fresh, "pack", *weeks, "--weeks", "13").stdout
    asked(fresh, "pack", *weeks, "--weeks", "13", "--leave", "--out", str(fresh / "out"))
    record = Record.open(fresh / "triage.db")
    [left] = review_published.left(Service(record, None, None), actor=INSPECTOR)
    record.close()

    assert packing.as_text(left.figures.tables, leaving=True) in draft


def test_the_counts_of_a_year_are_shown_as_a_draft_and_leave_by_a_naming_act_alone(fresh):
    year = ("return", "--by", "marsh", "--year", "2024-07-01")
    draft = asked(fresh, *year)
    before = published(fresh)
    left = asked(fresh, *year, "--leave", "--format", "csv")
    again = asked(fresh, *year, "--format", "csv")

    assert (draft.returncode, left.returncode, again.returncode) == (0, 0, 0)
    assert (before, published(fresh)) == (0, 1)
    assert "no weekly pack with a day of this year can leave any more" in draft.stdout
    assert "1 April 2024 to 31 March 2025: leaves, as known at" in left.stderr
    assert "1 April 2024 to 31 March 2025: left before, as known at" in again.stderr
    assert left.stdout == again.stdout and "TRAINING/INC" not in left.stdout


def test_once_a_pack_of_the_year_has_left_its_return_can_not(fresh, tmp_path):
    weeks = ("pack", "--by", "marsh", *OVER, "--out", str(tmp_path))
    year = ("return", "--by", "marsh", "--year", "2024-07-01")
    asked(fresh, *weeks)  # a draft stands in nobody's way
    free = asked(fresh, *year)
    asked(fresh, *weeks, "--leave")
    shut = asked(fresh, *year)
    refused = asked(fresh, *year, "--leave")

    assert [each.returncode for each in (free, shut, refused)] == [0, 2, 2]
    assert "The pack of 23 September 2024 to 29 September 2024 has left already" in refused.stderr
    assert published(fresh) == 1


@pytest.mark.parametrize("exact", [("pack", "--inside"), ("return", "--rows")])
def test_exact_figures_do_not_leave(fresh, exact):
    refused = asked(fresh, *exact, "--by", "marsh", "--leave")

    assert refused.returncode == 2
    assert "Exact figures do not leave" in refused.stderr
    assert published(fresh) == 0


def test_thirteen_weeks_are_counted_back_from_the_last_day_that_is_asked_for(instance):
    """However long ago that was: nobody has to say a first day as well."""
    old = asked(instance, "waits", "--by", "marsh", "--to", "2020-03-29", "--inside")

    assert (old.returncode, old.stderr) == (0, "")
