"""The rules folder is cut, edited, unsigned or gone: the last signed rulebook goes on serving."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.casework.conftest import (
    NOW,
    OKAFOR,
    custody,
    everything_no,
    happened,
    keys,
    minutes,
    opened,
    section136,
)
from tests.depth import depth
from triage import casework
from triage.casework import in_force
from triage.casework.in_force import NOBODY_SCREENS
from triage.domain.errors import InputError, NotAllowed
from triage.record import EventKind
from triage.rules_files import load, load_texts, rules_dir, sign, texts
from triage.settings import Settings

SIGNED_ON = date(2026, 11, 23)
RULES = "screening/head_injury.toml"


@pytest.fixture(scope="session")
def signed_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules that ship, signed by nobody real."""
    folder = tmp_path_factory.mktemp("signed") / "rules"
    shutil.copytree(rules_dir(), folder)
    sign(folder, by="Training Lead (invented)", on=SIGNED_ON)
    return folder


@pytest.fixture
def folder(signed_copy: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(signed_copy, tmp_path / "rules"))


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> Settings:
    return Settings(tmp_path, tmp_path / "triage.db", rules=folder)


@pytest.fixture
def started(settings: Settings) -> Iterator[list[casework.Service]]:
    """Services that a test starts; their records are closed after it."""
    running: list[casework.Service] = []
    yield running
    for each in running:
        each.record.close()


def start(settings: Settings, started: list[casework.Service]) -> casework.Service:
    service = casework.service(settings, create=True)
    started.append(service)
    casework.adopt(service, actor=OKAFOR, now=NOW)
    return service


def edit(folder: Path, old: str = "drowsiness", new: str = "sleepiness") -> None:
    path = folder / RULES
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def unsign(folder: Path) -> None:
    (folder / "changes.toml").unlink()


def test_a_signed_folder_speaks_and_nothing_is_said_about_it(settings, started, signed_copy):
    service = start(settings, started)

    assert service.trouble is None
    assert service.rulebook == load(signed_copy)


def test_texts_from_the_record_make_the_rulebook_that_the_folder_made(settings, started, folder):
    service = start(settings, started)
    files = service.record.reading().rulebook_files(service.rulebook.fingerprint)

    assert files == texts(folder)
    assert load_texts(files) == service.rulebook


@pytest.mark.parametrize("fault", ["cut", "edited", "unsigned", "empty", "gone"])
def test_a_service_starts_with_the_last_signed_rulebook_and_says_why(
    settings, started, folder, fault
):
    good = start(settings, started).rulebook
    if fault == "cut":
        text = (folder / RULES).read_bytes()
        (folder / RULES).write_bytes(text[: len(text) // 2])
    elif fault == "edited":
        edit(folder)
    elif fault == "unsigned":
        unsign(folder)
    else:
        shutil.rmtree(folder)
        if fault == "empty":
            folder.mkdir()

    service = start(settings, started)

    assert service.rulebook == good
    assert service.trouble is not None
    assert service.trouble.screening
    assert "The rules in the folder 'rules' are " in service.trouble.words
    assert f"The last signed rulebook, {good.fingerprint}, goes on" in service.trouble.words
    stay = opened(service)
    saved = casework.record_screening(service, stay, everything_no(), actor=OKAFOR, now=NOW)
    assert saved.findings is not None
    assert saved.findings.rulebook.fingerprint == good.fingerprint


def damaged(folder: Path, draw: random.Random) -> str:
    """Cut one file of a folder at a random line, or change a byte of it; says what was done."""
    path = draw.choice(sorted(each for each in folder.rglob("*") if each.is_file()))
    content = path.read_bytes()
    if draw.random() < 0.5:
        lines = content.splitlines(keepends=True)
        at = draw.randrange(len(lines))
        path.write_bytes(b"".join(lines[:at]))
        return f"{path.name} cut before line {at + 1}"
    at = draw.randrange(len(content))
    path.write_bytes(
        content[:at] + bytes([content[at] ^ 1 << draw.randrange(7)]) + content[at + 1 :]
    )
    return f"{path.name} byte {at} changed"


def test_a_folder_cut_at_any_line_or_changed_anywhere_never_speaks(settings, started, folder):
    good = start(settings, started)
    reading = good.record.reading()
    draw = random.Random(20261123)
    spoke = {}
    for _ in range(depth(25, 2000)):
        whole = texts(folder)
        done = damaged(folder, draw)
        force = in_force.choose(folder, reading, draft=False)
        if force.rulebook != good.rulebook or force.trouble is None:
            spoke[done] = force.trouble
        for file, content in whole.items():
            (folder / file).write_bytes(content)

    assert spoke == {}
    assert in_force.choose(folder, reading, draft=False).trouble is None


def test_a_signature_that_was_not_held_against_the_bytes_would_be_caught(
    settings, started, folder, monkeypatch
):
    """The twin: believe whoever wrote the signature, and an edited folder speaks."""
    good = start(settings, started)
    edit(folder)
    believing = lambda files: replace(load(folder, draft=True), signed=True)  # noqa: E731
    monkeypatch.setattr(in_force, "load_texts", believing)

    force = in_force.choose(folder, good.record.reading(), draft=False)

    assert force.trouble is None
    assert force.rulebook != good.rulebook


def test_without_any_signed_rulebook_nobody_is_screened_and_the_clocks_go_on(
    settings, started, folder
):
    unsign(folder)
    service = start(settings, started)
    stay = opened(service, section136())

    with pytest.raises(NotAllowed) as refused:
        casework.record_screening(service, stay, everything_no(), actor=OKAFOR, now=NOW)
    with pytest.raises(NotAllowed):
        casework.save_draft(service, stay, {}, actor=OKAFOR, now=NOW)

    assert str(refused.value) == NOBODY_SCREENS
    assert any(alert.source == "permitted_period" for alert in keys(service, stay).values())
    done = casework.tick(service, now=NOW + minutes(181), send=lambda message: None)
    assert f"{stay}:permitted_period:after_3h" in {key.rsplit(":", 1)[0] for key in done.raised}


def test_with_no_rules_at_all_what_was_planned_is_raised_and_climbs(
    settings, started, folder, monkeypatch
):
    first = start(settings, started)
    stay = opened(first, section136())
    shutil.rmtree(folder)
    monkeypatch.setattr(in_force, "rules_dir", lambda: folder)
    with first.record.writing(now=NOW) as writing:
        writing._connection.execute("delete from rulebook_files")
    service = start(settings, started)
    assert service.rulebook is in_force.BARE

    late = NOW + minutes(181)
    raised = casework.tick(service, now=late, send=lambda message: None).raised
    climbed = casework.tick(service, now=late + minutes(2), send=lambda message: None).climbed

    due = [key for key in raised if ":permitted_period:after_3h:" in key]
    assert len(due) == 1
    assert due[0] in climbed
    assert not any(a.source == "cannot_be_evaluated" for a in keys(service, stay).values())


def test_with_no_rules_at_all_what_happens_is_still_recorded(
    settings, started, folder, monkeypatch
):
    first = start(settings, started)
    stay = opened(first, section136(place="police_station"))
    bare = replace(first, rulebook=in_force.BARE)

    visited = casework.record_visit(bare, stay, casework.Visit(NOW), actor=OKAFOR, now=NOW)
    moved = casework.record_event(
        bare, stay, happened("left_place", NOW + minutes(5)), actor=OKAFOR, now=NOW + minutes(5)
    )
    other = opened(bare, custody(7))

    recorded = {event.seq for event in first.record.reading().stay_events(stay)}
    assert {visited.seq, moved.seq} <= recorded
    for each in (stay, other):
        assert any(a.source == "cannot_be_evaluated" for a in keys(bare, each).values())


def test_rules_that_were_used_unsigned_and_then_signed_as_they_are_go_on_when_they_are_cut(
    settings, started, folder
):
    """The record had kept them as the draft that they were, and would have had nothing signed."""
    unsign(folder)
    start(replace(settings, training=True, draft_rules=True), started)
    sign(folder, by="Training Lead (invented)", on=SIGNED_ON)
    good = start(settings, started).rulebook
    edit(folder)

    service = start(settings, started)

    assert (service.rulebook, service.rulebook.signed) == (good, True)
    assert service.trouble is not None
    assert service.trouble.screening


def test_a_training_service_may_be_served_by_rules_that_nobody_signed(settings, started, folder):
    unsign(folder)
    training = replace(settings, training=True, draft_rules=True)

    service = start(training, started)

    assert service.trouble is None
    assert not service.rulebook.signed
    with pytest.raises(InputError, match="training"):
        Settings.load(settings.instance, {"TRIAGE_DRAFT_RULES": "true"})


def test_a_running_service_keeps_its_rules_while_the_folder_is_broken(settings, started, folder):
    service = start(settings, started)
    edit(folder)

    first = service.fresh(NOW)
    second = service.fresh(NOW + minutes(1))

    assert first.trouble is None  # it may be in the middle of being copied
    assert second.rulebook == service.rulebook
    assert second.trouble is not None
    assert second.trouble.screening


def test_a_running_service_takes_up_a_newly_signed_folder_and_keeps_it_in_the_record(
    settings, started, folder
):
    service = start(settings, started)
    edit(folder)
    sign(folder, by="Training Lead (invented)", on=SIGNED_ON)

    for step in range(2):
        now = service.fresh(NOW + minutes(step))

    assert now.trouble is None
    assert now.rulebook == load(folder)
    reading = service.record.reading()
    assert reading.last_signed_rulebook() == now.rulebook.fingerprint
    adopted = reading.rare_events(EventKind.RULEBOOK_ADOPTED)
    assert [each.header["rulebook"] for each in adopted] == [
        now.rulebook.fingerprint, service.rulebook.fingerprint,
    ]  # fmt: skip


def test_a_signed_folder_of_an_earlier_day_can_be_brought_back(settings, started, folder):
    """The last adopted counts, not the newest signature."""
    before = texts(folder)
    earlier = start(settings, started).rulebook
    edit(folder)
    sign(folder, by="Training Lead (invented)", on=SIGNED_ON)
    start(settings, started)
    for file, content in before.items():
        (folder / file).write_bytes(content)
    again = casework.service(settings)
    started.append(again)
    casework.adopt(again, actor=OKAFOR, now=NOW + minutes(1))
    unsign(folder)

    assert start(settings, started).rulebook == earlier


# A site's file ------------------------------------------------------------------------------------

GOOD_SITE = """
owner = "Custody lead (training)"
checked_on = 2026-11-23

[[tighten]]
status = "refused"
minutes = 30
why = "Agreed with healthcare here (training)"
"""
LOOSE_SITE = GOOD_SITE.replace("minutes = 30", "minutes = 600")


def again_after(service: casework.Service) -> int:
    return service.rulebook.rescreen.by_status["refused"]


def test_a_sites_file_speaks_with_the_folder_and_is_kept_with_it(settings, started, folder):
    site = folder.parent / "eastmere.toml"
    site.write_text(GOOD_SITE, "utf-8")

    service = start(replace(settings, site=site), started)

    kept = service.record.reading().rulebook_files(service.rulebook.fingerprint)
    assert service.trouble is None
    assert service.rulebook == load(folder, site=site)
    assert kept == {**texts(folder), ".site/eastmere.toml": GOOD_SITE.encode()}
    assert (service.rulebook.signed, again_after(service)) == (True, 30)


@pytest.mark.parametrize("fault", ["loose", "cut", "gone"])
def test_a_sites_file_that_cannot_be_used_leaves_the_last_good_one_going_on(
    settings, started, folder, fault
):
    site = folder.parent / "eastmere.toml"
    site.write_text(GOOD_SITE, "utf-8")
    laid = replace(settings, site=site)
    good = start(laid, started).rulebook
    if fault == "gone":
        site.unlink()
    else:
        site.write_text(LOOSE_SITE if fault == "loose" else GOOD_SITE[:-20], "utf-8")

    service = start(laid, started)

    assert (service.rulebook, again_after(service)) == (good, 30)
    assert service.trouble is not None
    assert service.trouble.screening
    assert "The site's file 'eastmere.toml' " in service.trouble.words
    assert f"The last signed rulebook, {good.fingerprint}, goes on" in service.trouble.words


def test_a_sites_first_file_is_refused_and_the_rules_speak_without_it(settings, started, folder):
    site = folder.parent / "eastmere.toml"
    site.write_text(LOOSE_SITE, "utf-8")

    service = start(replace(settings, site=site), started)

    assert service.rulebook == load(folder)
    assert service.trouble is not None
    assert service.trouble.words == (
        "The site's file 'eastmere.toml' is refused: eastmere.toml:6 [refused] minutes: 600 is "
        "not shorter than 60. A site's file can only shorten. The rules go on being used without "
        "anything laid over them."
    )


def test_a_sites_file_that_is_mended_is_taken_up_while_the_service_runs(settings, started, folder):
    site = folder.parent / "eastmere.toml"
    site.write_text(LOOSE_SITE, "utf-8")
    service = start(replace(settings, site=site), started)
    before = again_after(service.fresh(NOW))
    site.write_text(GOOD_SITE, "utf-8")

    seen = [service.fresh(NOW + minutes(each)) for each in (1, 2)]

    assert before == 60
    assert [(again_after(each), each.trouble is None) for each in seen] == [(60, False), (30, True)]


def test_a_folder_that_is_refused_goes_back_to_the_last_rules_with_what_lay_over_them(
    settings, started, folder
):
    site = folder.parent / "eastmere.toml"
    site.write_text(GOOD_SITE, "utf-8")
    laid = replace(settings, site=site)
    good = start(laid, started).rulebook
    edit(folder)

    service = start(laid, started)

    assert (service.rulebook, again_after(service)) == (good, 30)
    assert "The rules in the folder 'rules' are not used." in service.trouble.words
