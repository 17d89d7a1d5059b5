"""What an inspector signs and hands over, by command: the same verbs as the pages and the API."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.casework.conftest import happened
from tests.command import triage
from tests.fresh import fresh_record
from triage import casework, clock
from triage.casework import review_live
from triage.casework.service import Service
from triage.record import Account, Actor
from triage.rules_files import load, rules_dir
from triage.settings import Settings
from triage.web import passwords

PASSWORD = "three plain wooden stools"
MARSH = Actor("marsh", "Insp Marsh", "duty_inspector")
RECORD = "TRAINING/INC/0136"
NO_BED = ("--reason", "bed.none_found_yet", "--words", "No bed in the county.")
NO_CREW = ("--reason", "conveyance.none_available")


@pytest.fixture(scope="module")
def kept() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def instance(tmp_path: Path, kept: str) -> Path:
    """Two inspectors, a sergeant, and somebody in A&E for longer than 24 hours."""
    folder = tmp_path / "instance"
    folder.mkdir()
    service, now = opened(folder), clock.now()
    with service.record.writing(now=now) as writing:
        for account, role in (("marsh", "duty_inspector"), ("night", "duty_inspector"),
                              ("okafor", "custody_sergeant")):  # fmt: skip
            writing.add_account(Account(account, f"TRAINING {account.title()}", role, (), kept,
                                        active=True, made_at=now))  # fmt: skip
    at = now - timedelta(hours=25)
    opening = casework.Opening(
        casework.StayKind.SECTION136, "castle_street", RECORD, at, training=True,
        stage="section136", identity=casework.Identity(age=30),
        events=(
            happened("s136_decided", at, limb="remove", consulted="nurse"),
            happened("arrived", at, place="a_and_e"),
        ),
    )  # fmt: skip
    casework.open_stay(service, opening, actor=MARSH, now=now)
    service.record.close()
    return folder


def opened(folder: Path) -> Service:
    record = fresh_record(folder / "triage.db")
    settings = Settings(folder, folder / "triage.db", training=True)
    return Service(record, load(rules_dir(), draft=True), settings)


def asked(instance: Path, *arguments: str, by: str = "marsh", typed: str = PASSWORD):
    return triage(
        "review", *arguments, "--by", by, instance=instance, typed=f"{typed}\n",
        TRIAGE_TRAINING="true", TRIAGE_DRAFT_RULES="true",
    )  # fmt: skip


def seen(instance: Path) -> casework.Case:
    service = opened(instance)
    try:
        found = service.record.reading().open_stay_by_reference(RECORD)
        now = clock.now()
        return review_live.detention(service, found.id, actor=MARSH, now=now).case
    finally:
        service.record.close()


def test_the_review_is_offered_and_taken_by_command_with_what_was_promised(instance):
    before = asked(instance, "handover")
    own = asked(instance, "take")
    offered = asked(instance, "handover", "--to", "night", "--promised", f"{RECORD}=Bed by six.")
    between = seen(instance).handed
    taken = asked(instance, "take", by="night")
    again = asked(instance, "take", by="night")

    assert f"{RECORD}: not handed over" in before.stdout
    assert "--to night: TRAINING Night" in before.stderr
    assert (own.returncode, offered.returncode, taken.returncode) == (2, 0, 0)
    assert [(one.to_account, one.promised, one.taken_by) for one in between] == [
        ("night", "Bed by six.", None),
    ]  # fmt: skip
    assert seen(instance).handed[-1].taken_by == "TRAINING Night"
    assert "Nothing is handed over to you" in again.stderr


def test_what_was_meant_for_another_is_taken_only_where_it_is_named(instance):
    asked(instance, "handover", "--to", "marsh", by="night")
    offered = seen(instance).handed[-1]

    nobody = asked(instance, "take", "--stay", "TRAINING/NONE")
    named = asked(instance, "take", "--stay", RECORD)

    assert offered.by_account == "night"
    assert (nobody.returncode, named.returncode) == (2, 0)
    assert "Nobody waits under TRAINING/NONE" in nobody.stderr


def test_a_gap_is_listed_and_attributed_by_command(instance):
    [gap] = seen(instance).clocks.gaps
    stretch = ("--since", gap.since.isoformat(), "--until", gap.until.isoformat())
    listed = asked(instance, "attribute", RECORD)
    done = asked(instance, "attribute", RECORD, *NO_CREW)
    twice = asked(instance, "attribute", RECORD, *NO_CREW, *stretch)

    assert "--since " in listed.stdout and "--reason bed.none_found_yet" in listed.stderr
    assert (done.returncode, twice.returncode) == (0, 2)
    assert [one.given.code for one in seen(instance).by_hand] == ["conveyance.none_available"]


def test_a_breach_is_listed_explained_and_signed_by_command_and_is_still_a_breach(instance):
    listed = asked(instance, "explain", RECORD)
    codes = asked(instance, "explain", RECORD, "--clock", "permitted_period",
                  "--reason", "bed.none_found_yet")  # fmt: skip
    done = asked(instance, "explain", RECORD, "--clock", "permitted_period", *NO_BED)
    twice = asked(instance, "explain", RECORD, "--clock", "permitted_period", *NO_BED)

    assert "Breach: Permitted period of detention" in listed.stdout
    assert "a code explains nothing" in codes.stderr
    assert (done.returncode, twice.returncode) == (0, 2)
    [breach] = [one for one in seen(instance).passed if one.clock.clock == "permitted_period"]
    assert (breach.clock.state, breach.signed.words) == ("breach", "No bed in the county.")


@pytest.mark.parametrize(
    "act",
    [("handover", "--to", "night"), ("attribute", RECORD, *NO_CREW),
     ("explain", RECORD, "--clock", "permitted_period", *NO_BED)],
)  # fmt: skip
def test_nobody_signs_in_somebody_elses_name_and_the_desk_signs_nothing(instance, act):
    wrong = asked(instance, *act, typed="another password")
    desk = asked(instance, *act, by="okafor")

    assert (wrong.returncode, desk.returncode) == (2, 2)
    assert "This is not their password" in wrong.stderr
    assert "is not for the custody sergeant" in desk.stderr
    case = seen(instance)
    assert (case.handed, case.by_hand, [one for one in case.passed if one.signed]) == ((), (), [])
