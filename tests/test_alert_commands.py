"""``triage alerts``, ``ack``, ``drill`` and ``channel`` in a real process, over a real record."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.casework.conftest import everything_no, happened
from tests.channels.servers import says, server
from tests.channels.test_email import Inbox, mail_server
from tests.command import triage
from tests.fresh import fresh_record
from triage import casework, clock
from triage.casework.codes import code_of
from triage.casework.service import Service
from triage.domain.roles import Role
from triage.present import alert_sheet
from triage.record import Account, Actor
from triage.rules_files import load, rules_dir
from triage.settings import Settings
from triage.web import passwords

PASSWORD = "three plain wooden stools"
# Initials and a cell that no code has by chance: codes are letters without vowels.
NOBODY = ("M7", "UU", "Underhill", "TRAINING/CS")
PEOPLE = {
    "okafor": (Role.CUSTODY_SERGEANT, ("castle_street",)),
    "nair": (Role.LIAISON_NURSE, ()),
    "marsh": (Role.DUTY_INSPECTOR, ()),
    "brook": (Role.CUSTODY_SERGEANT, ("dock_road",)),
}


@pytest.fixture(scope="module")
def kept() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def instance(tmp_path: Path, kept: str) -> Path:
    """Four people and one emergency in Castle Street, of somebody TRAINING in cell M7."""
    folder = tmp_path / "instance"
    folder.mkdir()
    now = clock.now()
    service = opened(folder)
    with service.record.writing(now=now) as writing:
        for name, (role, suites) in PEOPLE.items():
            writing.add_account(Account(name, f"TRAINING {name.title()}", role, suites, kept,
                                        active=True, made_at=now))  # fmt: skip
    actor = Actor("okafor", "TRAINING Okafor", Role.CUSTODY_SERGEANT, None, ("castle_street",))
    opening = casework.Opening(
        kind=casework.StayKind.CUSTODY, suite="castle_street", reference="TRAINING/CS/0001/26",
        opened_at=now, training=True, cell="M7",
        identity=casework.Identity(name="Ursula Underhill"),
    )  # fmt: skip
    stay = casework.open_stay(service, opening, actor=actor, now=now).stay
    casework.record_rousing(service, stay, casework.Visit(now, rouse=False), actor=actor, now=now)
    service.record.close()
    return folder


def opened(folder: Path) -> Service:
    record = fresh_record(folder / "triage.db")
    settings = replace(Settings(folder, folder / "triage.db"), training=True)
    return Service(record, load(rules_dir(), draft=True), settings)


def asked(instance: Path, *arguments: str, typed: str = "", **environment: str):
    return triage(
        *arguments, instance=instance, typed=typed, TRIAGE_TRAINING="true",
        TRIAGE_DRAFT_RULES="true", **environment,
    )  # fmt: skip


def listed(instance: Path, by: str = "okafor") -> list[dict]:
    return json.loads(asked(instance, "alerts", "--by", by, "--json").stdout)["alerts"]


def test_the_list_says_how_bad_who_is_told_and_what_happens_next_and_names_nobody(instance):
    done = asked(instance, "alerts", "--by", "okafor")

    assert done.returncode == 0
    assert "EMERGENCY, Castle Street" in done.stdout
    assert "Nobody has it. If nobody takes it, the next people are told at" in done.stdout
    assert "custody healthcare professional" in done.stdout
    assert not any(each in done.stdout for each in NOBODY)


def test_the_list_for_a_program_holds_the_same_and_nobody_detained(instance):
    done = asked(instance, "alerts", "--by", "okafor", "--json")

    told = json.loads(done.stdout)
    worst = told["alerts"][0]
    assert told["schema"] == "triage.alerts/1"
    assert (worst["level"], worst["suite"], worst["state"]) == ("A1", "castle_street", "raised")
    assert worst["code"] == code_of(worst["key"])
    assert not any(each in done.stdout for each in NOBODY)


def test_who_is_to_be_screened_again_is_told_in_words_and_to_a_program(instance):
    service, now = opened(instance), clock.now()
    actor = Actor("okafor", "TRAINING Okafor", Role.CUSTODY_SERGEANT, None, ("castle_street",))
    (stay,) = (each.id for each in service.record.reading().open_stays())
    details = everything_no(at=now - timedelta(minutes=2))
    casework.record_screening(service, stay, details, actor=actor, now=now)
    happening = happened("charged", now - timedelta(minutes=1))
    casework.record_event(service, stay, happening, actor=actor, now=now)
    service.record.close()

    words = asked(instance, "alerts", "--by", "okafor").stdout
    data = json.loads(asked(instance, "alerts", "--by", "okafor", "--json").stdout)
    elsewhere = json.loads(asked(instance, "alerts", "--by", "brook", "--json").stdout)

    (line,) = data["screen_again"]
    assert line["words"].startswith("Screen again: after the charge ")
    assert f"{line['code']}  Castle Street: {line['words']} By " in words
    assert elsewhere["screen_again"] == []


def test_another_suite_sees_nothing_of_it_and_may_not_ask(instance):
    assert [each for each in listed(instance, "brook") if each["suite"]] == []
    refused = asked(instance, "alerts", "--by", "brook", "--suite", "castle_street")

    assert refused.returncode == 2
    assert "is not signed in for the suite" in refused.stderr


def test_an_alert_is_taken_by_its_letters_as_police_and_as_a_clinician(instance):
    code = listed(instance)[0]["code"]
    desk = asked(instance, "ack", code.lower(), "--by", "okafor", typed=f"{PASSWORD}\n")
    nurse = asked(instance, "ack", code, "--by", "nair", "--json", typed=f"{PASSWORD}\n")

    assert (desk.returncode, nurse.returncode) == (0, 0)
    assert desk.stdout.startswith(f"{code} is taken by police.")
    assert json.loads(nurse.stdout)["kind"] == "clinical"
    held = listed(instance)[0]["held_by"]
    assert {(each["name"], each["kind"]) for each in held} == {
        ("TRAINING Okafor", "police"), ("TRAINING Nair", "clinical"),
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["", "not this one\n"])
def test_nobody_takes_an_alert_in_the_name_of_somebody_else(instance, typed):
    code = listed(instance)[0]["code"]
    done = asked(instance, "ack", code, "--by", "okafor", typed=typed)

    assert done.returncode == 2
    assert "This is not their password." in done.stderr
    assert listed(instance)[0]["state"] == "raised"


def test_letters_that_no_open_alert_has_are_refused(instance):
    done = asked(instance, "ack", "ZZZZ", "--by", "okafor", "--json", typed=f"{PASSWORD}\n")

    assert done.returncode == 2
    assert json.loads(done.stderr)["errors"][0]["field"] == "KEY"


def test_an_alert_of_another_suite_is_not_theirs_to_take(instance):
    key = listed(instance)[0]["key"]
    done = asked(instance, "ack", key, "--by", "brook", typed=f"{PASSWORD}\n")

    assert done.returncode == 2
    assert listed(instance)[0]["state"] == "raised"


# Drills --------------------------------------------------------------------------------------


def on_the_rota(instance: Path, **more: str):
    now = clock.now()
    said = {"suite": "castle_street", "role": "liaison_nurse", "account": "nair",
            "from": (now - timedelta(hours=1)).isoformat(),
            "to": (now + timedelta(hours=9)).isoformat()} | more  # fmt: skip
    options = [word for name, value in said.items() for word in (f"--{name}", value)]
    return asked(instance, "rota", "add", "--by", "marsh", *options)


def test_the_rota_is_kept_by_command(instance):
    added = on_the_rota(instance, contact="nair@example.test")
    listed = asked(instance, "rota", "list", "--by", "marsh")
    wrong = on_the_rota(instance, account="okafor")
    not_theirs = asked(instance, "rota", "list", "--by", "nair")
    dropped = asked(instance, "rota", "drop", added.stdout.strip(), "--by", "marsh")
    after = asked(instance, "rota", "list", "--by", "marsh")

    assert f"{added.stdout.strip()}  Castle Street, Liaison nurse: TRAINING Nair" in listed.stdout
    assert "nair@example.test" in listed.stdout
    assert listed.stdout.rstrip().endswith("(now)")
    assert (wrong.returncode, "This account has another role." in wrong.stderr) == (2, True)
    assert not_theirs.returncode == 2
    assert dropped.stdout == "It is off the rota.\n"
    assert after.stdout == "Nobody stands on the rota from now on.\n"


def test_a_drill_is_started_taken_and_reported_by_shift(instance):
    on_the_rota(instance)
    started = asked(instance, "drill", "start", "--by", "marsh", "--json")
    [key] = json.loads(started.stdout)["keys"]
    asked(instance, "ack", key, "--by", "nair", typed=f"{PASSWORD}\n")
    asked(instance, "tick")
    words = asked(instance, "drill", "report", "--by", "marsh")
    told = json.loads(asked(instance, "drill", "report", "--by", "marsh", "--json").stdout)

    [drilled] = told["drills"]
    assert (drilled["who"], drilled["state"]) == ("nair", "taken")
    assert "1 of 1 taken in time" in words.stdout
    assert f"liaison nurse nair: taken after {drilled['seconds']} s" in words.stdout


def test_without_a_rota_there_is_nobody_to_drill_and_that_is_said(instance):
    done = asked(instance, "drill", "start", "--by", "marsh")

    assert done.returncode == 2
    assert "Nobody is on the rota here now" in done.stderr


def test_a_sergeant_does_not_order_drills(instance):
    for verb in ("start", "report"):
        assert asked(instance, "drill", verb, "--by", "okafor").returncode == 2


@pytest.mark.parametrize(
    ("at", "shift"),
    [
        ("2026-10-24T18:00:00", "Sat 24 Oct 2026 night"),  # 19:00 BST
        ("2026-10-24T17:59:00", "Sat 24 Oct 2026 day"),
        ("2026-10-25T06:59:00", "Sat 24 Oct 2026 night"),  # 06:59 GMT, after the clocks went back
        ("2026-10-25T07:00:00", "Sun 25 Oct 2026 day"),
    ],
)
def test_a_night_shift_belongs_to_the_day_on_which_it_began(at, shift):
    assert alert_sheet.shift_of(datetime.fromisoformat(at).replace(tzinfo=UTC)) == shift


# Channels ------------------------------------------------------------------------------------


def test_every_channel_is_off_until_it_is_configured_and_says_what_it_needs(tmp_path):
    done = triage("channel", "list", "--json", instance=tmp_path)

    told = json.loads(done.stdout)["channels"]
    assert [(each["name"], each["on"]) for each in told] == [
        ("email", False), ("sms", False), ("notify_email", False), ("webhook", False),
        ("push", False),
    ]  # fmt: skip
    assert all(each["needs"] for each in told)


@pytest.mark.parametrize("name", ["email", "sms", "notify_email", "webhook", "push"])
def test_a_test_by_a_channel_that_is_off_says_so(tmp_path, name):
    done = triage("channel", "test", name, "--to", "x", instance=tmp_path)

    assert done.returncode == 2
    assert f"{name} is off until it is configured" in done.stderr


def test_a_test_letter_arrives_and_says_that_it_is_a_test(tmp_path):
    inbox = Inbox()
    with mail_server(inbox) as door:
        done = triage(
            "channel", "test", "email", "--to", "desk@example.test", instance=tmp_path,
            TRIAGE_MAIL_HOST="127.0.0.1", TRIAGE_MAIL_PORT=str(door.port),
            TRIAGE_MAIL_SENDER="triage@example.test", TRIAGE_MAIL_SECURITY="none",
        )  # fmt: skip

    assert (done.returncode, len(inbox.letters)) == (0, 1)
    assert b"TEST, nobody is in danger." in inbox.letters[0].content


@pytest.mark.parametrize(("status", "code"), [(200, 0), (500, 1), (403, 1)])
def test_a_test_by_webhook_is_worth_what_the_other_side_answers(tmp_path, status, code):
    with server(says(status)) as here:
        done = triage("channel", "test", "webhook", "--json", instance=tmp_path,
                      TRIAGE_WEBHOOK_URL=f"{here.url}/hook")  # fmt: skip

    assert done.returncode == code
    assert (json.loads(done.stdout)["outcome"] == "sent") == (code == 0)
    assert here.requests[0].json["words"].startswith("TEST, nobody is in danger.")


def test_an_address_that_a_channel_cannot_use_is_refused(tmp_path):
    done = triage(
        "channel", "test", "email", "--to", "not an address", instance=tmp_path,
        TRIAGE_MAIL_HOST="127.0.0.1", TRIAGE_MAIL_SENDER="triage@example.test",
    )  # fmt: skip

    assert done.returncode == 2
    assert "Must be an address." in done.stderr
