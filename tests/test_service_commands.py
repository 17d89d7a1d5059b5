"""The commands that keep the service: one sentence for whatever stands in the way, and no trace."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.command import CONTRACT, ROOT
from tests.command import triage as real
from tests.record.sabotage import behind_the_back
from triage import casework, clock
from triage.cli import main
from triage.cli.store import BACKUPS
from triage.domain.findings import Urgency
from triage.record import Actor, EventKind, Record
from triage.record.engine import connect
from triage.rules_files import rules_dir
from triage.schemas import documents
from triage.schemas.screen import details_of
from triage.settings import Settings

NIGHT = datetime(2026, 10, 24, 19, 40, tzinfo=UTC)
# The superuser as anybody else: no mode of a file keeps the powers out that are left away here.
WITHOUT_POWERS = (
    "setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all",
)  # fmt: skip
OKAFOR = Actor("okafor", "PS Okafor", "custody_sergeant", "castle-desk-1")


class Said(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def command(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """The command with its real faults and exit codes, in this process because that is fast."""
    monkeypatch.setenv("TRIAGE_INSTANCE", str(instance))
    monkeypatch.setenv("TRIAGE_TRAINING", "true")
    monkeypatch.setenv("TRIAGE_DRAFT_RULES", "true")
    mask = os.umask(0o022)

    def run(*arguments: str | Path) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Said(int(ended.value.code or 0), out, err)

    yield run
    os.umask(mask)


@pytest.fixture
def kept(command: Command, instance: Path) -> Path:
    """An instance with a record in which one stay was opened and screened."""
    assert command("migrate").code == 0
    service = casework.service(Settings.load(instance))
    casework.adopt(service, actor=OKAFOR, now=NIGHT)
    opening = casework.Opening(
        casework.StayKind.CUSTODY, "castle_street", "TRAINING/CS/0412/26", NIGHT, training=True
    )
    stay = casework.open_stay(service, opening, actor=OKAFOR, now=NIGHT).stay
    with (CONTRACT / "screen-marcus.json").open("rb") as file:
        details = details_of(documents.read(file), service.rulebook, now=NIGHT, at=NIGHT)
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NIGHT)
    service.record.close()
    return instance / "triage.db"


# What is in use --------------------------------------------------------------------------------


def signed_copy(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A signed rules folder that the service has gone by once; its fingerprint."""
    subprocess.run(["cp", "-r", rules_dir(), folder], check=True)
    assert command("rules", "sign", "--by", "Training Lead", folder).code == 0
    monkeypatch.setenv("TRIAGE_RULES", str(folder))
    monkeypatch.setenv("TRIAGE_DRAFT_RULES", "false")
    assert command("migrate").code == command("tick").code == 0
    found = re.search(r"Rulebook (\w+):", command("where").out)
    assert found is not None
    return found[1]


def test_where_names_the_rulebook_that_speaks_while_the_folder_may_not(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "rules"
    signed = signed_copy(command, folder, monkeypatch)
    whole = command("where")
    with (folder / "screening" / "head_injury.toml").open("a") as file:
        file.write("half a line")

    said = command("where")

    assert "in use" not in whole.out
    assert said.code == 0
    assert "REFUSED with 1 fault: see triage rules check" in said.out
    assert f"The last signed rulebook, {signed}, goes on being used." in said.out


def test_where_says_that_nobody_can_be_screened_by_rules_that_nobody_signed(
    command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRIAGE_DRAFT_RULES", "false")
    before = command("where")
    command("migrate")

    said = command("where")

    assert "in use" not in before.out  # no record, no service
    assert "Nobody can be screened here now: there is no signed rulebook." in said.out


# Making, keeping and proving the record --------------------------------------------------------


def test_the_record_is_made_once_and_then_nothing_has_to_be_changed(
    command: Command, instance: Path
):
    first, second = command("migrate"), command("migrate")

    assert (first.code, second.code) == (0, 0)
    assert "is ready: m001" in first.out
    assert "nothing had to be changed" in second.out
    assert (instance / "triage.db").stat().st_mode & 0o007 == 0


def test_a_whole_record_is_said_to_be_whole_and_the_next_time_only_the_rest_is_walked(
    command: Command, kept: Path
):
    first, second = command("verify"), command("verify")

    assert (first.code, second.code) == (0, 0)
    assert "The record is whole: " in first.out
    assert re.search(r"The record is whole: 0 events .* since event [1-9]", second.out)


def test_a_record_edited_behind_our_back_is_a_fault_that_names_the_event(
    command: Command, kept: Path
):
    with behind_the_back(kept) as connection:
        connection.execute("update events set actor = 'Nobody' where seq = 2")

    said = command("verify", "--full")

    assert said.code == 1
    assert re.search(r"^FAULT .*2", said.out, re.MULTILINE)


def test_screenings_run_again_under_their_own_rules_give_the_same(
    command: Command, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Even when the rules in use are others by now: the old ones are kept in the record."""
    others = tmp_path / "rules"
    subprocess.run(["cp", "-r", rules_dir(), others], check=True)
    path = others / "screening" / "head_injury.toml"
    path.write_text(path.read_text().replace("A head sign together", "A sign on the head together"))
    monkeypatch.setenv("TRIAGE_RULES", str(others))

    said = command("verify", "--full", "--recompute")

    assert said.code == 0
    assert ", 0 differ." in said.out


def test_a_screening_that_comes_out_differently_is_explained(
    command: Command, kept: Path, monkeypatch: pytest.MonkeyPatch
):
    """The twin: an engine that forgets the emergencies is found out, by event and by part."""
    from triage.casework import recomputing

    def forgetful(rulebook, details):
        from dataclasses import replace

        found = recomputing_screen(rulebook, details)
        return replace(
            found, needs=tuple(n for n in found.needs if n.urgency is not Urgency.EMERGENCY)
        )

    recomputing_screen = recomputing.screen
    monkeypatch.setattr(recomputing, "screen", forgetful)

    said = command("verify", "--recompute")

    assert said.code == 0
    assert re.search(
        r"^Event \d+: .*need head_injury by rule [\w-]+: emergency then, not there now",
        said.out,
        re.MULTILINE,
    )
    assert ", 1 differ." in said.out


def test_rebuilding_gives_the_same_rows_and_says_so_when_it_did_not(command: Command, kept: Path):
    same = command("rebuild")
    with behind_the_back(kept) as connection:
        connection.execute("update stays set cell = '99'")
    other = command("rebuild")
    mended = command("rebuild")

    assert (same.code, other.code, mended.code) == (0, 1, 0)
    assert "Every row had been right." in same.out
    assert "stays: 1 rows; had differed: s-" in other.out


def test_a_backup_is_proved_tried_and_brought_back(
    command: Command, kept: Path, instance: Path, tmp_path: Path
):
    second = tmp_path / "second disk"
    made = command("backup", second)
    tried = command("restore", "--drill", second)
    command("verify", "--full")
    for name in ("triage.db", "triage.db-wal", "triage.db-shm"):
        (instance / name).unlink(missing_ok=True)
    back = command("restore", made.out.strip())
    again = command("verify", "--full")

    assert [said.code for said in (made, tried, back, again)] == [0, 0, 0, 0]
    assert "FAILED" not in tried.out
    assert "Nothing recorded since would be lost." in tried.out
    assert "The record is whole" in again.out


def test_a_drill_says_what_a_restore_would_lose(command: Command, kept: Path, instance: Path):
    command("backup")
    service = casework.service(Settings.load(instance))
    opening = casework.Opening(
        casework.StayKind.CUSTODY, "castle_street", "TRAINING/CS/0413/26", NIGHT, training=True
    )
    casework.open_stay(service, opening, actor=OKAFOR, now=NIGHT)
    service.record.close()

    tried = command("restore", "--drill")

    assert tried.code == 0
    assert re.search(r"[1-9]\d* recorded since would be lost, since ", tried.out)


def test_a_backup_that_was_changed_does_not_carry_us(command: Command, kept: Path, instance: Path):
    made = Path(command("backup").out.strip())
    made.chmod(0o600)
    made.write_bytes(made.read_bytes().replace(b"TRAINING", b"TRAILING", 1))

    tried = command("restore", "--drill")

    assert tried.code == 1
    assert "FAILED  The backup is what was sealed" in tried.out


def test_nothing_is_restored_over_a_record(command: Command, kept: Path):
    made = command("backup").out.strip()
    before = kept.read_bytes()

    said = command("restore", made)

    assert (said.code, "nothing was overwritten" in said.err) == (1, True)
    assert kept.read_bytes() == before


# The timers from cron, and how it is -----------------------------------------------------------


def test_one_pass_by_hand_raises_what_is_due_and_beats(command: Command, kept: Path):
    before = command("healthcheck")
    first, second = command("tick"), command("tick")
    after = command("healthcheck")

    assert (before.code, first.code, second.code, after.code) == (1, 0, 0, 0)
    assert "The timers have never run." in before.out
    assert re.match(r"Raised [1-9]", first.out)
    assert second.out.startswith("Raised 0, ")
    assert after.out.startswith("Healthy: ")


def test_timers_that_stopped_are_said_with_how_long_ago(command: Command, kept: Path):
    record = Record.open(kept)
    long_ago = clock.now() - timedelta(hours=3)
    with record.writing(now=long_ago) as writing:
        writing.heartbeat()
    record.close()

    said = command("healthcheck")

    assert said.code == 1
    assert "The timers last ran 3 h 00 min ago." in said.out


# Who may sign in -------------------------------------------------------------------------------


def test_an_account_begins_with_a_link_and_can_be_shut_out_and_let_in(command: Command, kept: Path):
    added = command(
        "account", "add", "Okafor", "--role", "custody_sergeant", "--suite", "castle_street",
        "--shown", "PS Okafor",
    )  # fmt: skip
    again = command("account", "add", "okafor", "--role", "custody_sergeant")
    waiting = command("account", "list")
    off, shut = command("account", "off", "okafor"), command("account", "list")
    on, link = command("account", "on", "okafor"), command("account", "link", "okafor")

    assert re.fullmatch(r"http://127.0.0.1:8000/welcome/[\w-]{43}\n", added.out)
    assert added.out != link.out
    assert (again.code, "There is an account with this name" in again.err) == (2, True)
    assert (
        "okafor              Waits for a password  custody sergeant; castle_street" in waiting.out
    )
    assert "okafor              Shut out" in shut.out
    assert "every session is over" in off.out
    assert on.out == "PS Okafor may sign in.\n"


def test_somebody_gets_another_role_and_keeps_their_suites_unless_others_are_said(
    command: Command, kept: Path
):
    command("account", "add", "bell", "--role", "liaison_nurse", "--suite", "castle_street",
            "--shown", "Nurse Bell")  # fmt: skip
    promoted = command("account", "change", "bell", "--role", "lead_nurse")
    wider = command("account", "change", "bell", "--all-suites")

    record = Record.open(kept)
    acts = record.reading().rare_events(EventKind.ACCESS_GRANTED)
    account = record.reading().account("bell")
    record.close()
    assert promoted.out == "Nurse Bell is lead nurse in Castle Street, from now on.\n"
    assert wider.out == "Nurse Bell is lead nurse in all suites, from now on.\n"
    assert account is not None and (account.role, account.suites) == ("lead_nurse", ())
    assert [each.header["act"] for each in acts[:2]] == ["account_changed"] * 2
    assert "account bell is now lead nurse, by Command line." in command("verify").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("account", "change", "x"), "--role: say the role, --suite or --all-suites"),
        (("account", "change", "x", "--role", "boss"), "--role: is not one of the roles"),
        (("account", "change", "x", "--role", "lead_nurse"), "nobody has an account"),
        (("account", "add", "x", "--role", "custody_sergeant"), "NAME: Use 3 to 40 small letters"),
        (("account", "add", "okafor", "--role", "boss"), "--role: is not one of the roles"),
        (
            ("account", "add", "okafor", "--role", "duty_inspector", "--suite", "moon"),
            "--suite: is not one of the suites. Allowed: castle_street",
        ),
        (("account", "off", "nobody"), "nobody has an account with this name"),
        (("token", "add", "T!"), "TERMINAL: Use 3 to 40 small letters"),
        (("token", "revoke", "desk-9"), "no terminal of this name has a token"),
        (("restore",), "FROM: name the backup file"),
        (("restore", "gone.db"), "FROM: there is no such file"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    command: Command, kept: Path, arguments: tuple[str, ...], said: str
):
    told = command(*arguments)

    assert (told.code, told.out) == (2, "")
    assert said in told.err


def test_a_token_is_shown_once_and_can_be_shut_out(command: Command, kept: Path):
    added = command("token", "add", "castle-desk-1", "--suite", "castle_street")
    listed = command("token", "list")
    revoked, after = command("token", "revoke", "castle-desk-1"), command("token", "list")

    assert re.fullmatch(r"[\w-]{43}\n", added.out)
    assert added.out.strip() not in listed.out
    assert "castle-desk-1           in use    castle_street; since " in listed.out
    assert revoked.code == 0
    assert "castle-desk-1           shut out" in after.out


def test_who_may_come_in_is_changed_on_the_chain_and_verify_says_so(command: Command, kept: Path):
    before = command("verify").out
    command("account", "add", "okafor", "--role", "custody_sergeant", "--shown", "PS Okafor")
    command("account", "off", "okafor")
    command("token", "add", "castle-desk-1")
    command("token", "revoke", "castle-desk-1")
    after = command("verify").out

    record = Record.open(kept)
    acts = record.reading().rare_events(EventKind.ACCESS_GRANTED)
    record.close()
    assert [(each.header["act"], each.actor.account) for each in reversed(acts)] == [
        ("account_made", "command_line"),
        ("link_made", "command_line"),
        ("account_off", "command_line"),
        ("token_made", "command_line"),
        ("token_revoked", "command_line"),
    ]
    assert "Who may come in" not in before
    assert "changed 5 times; last by event" in after
    assert "token of terminal castle-desk-1 shut out, by Command line." in after


# What stands in the way ------------------------------------------------------------------------

NEEDS_A_RECORD = [
    ("serve",), ("tick",), ("verify",), ("verify", "--recompute"), ("rebuild",), ("backup",),
    ("account", "list"), ("token", "list"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", NEEDS_A_RECORD, ids=" ".join)
def test_without_a_record_each_command_says_that_there_is_none(
    command: Command, instance: Path, arguments: tuple[str, ...]
):
    said = command(*arguments)

    assert (said.code, said.out) == (1, "")
    assert "There is no record at " in said.err
    assert not instance.exists()  # a disk that is not there must not become an empty record


@pytest.mark.parametrize("arguments", [*NEEDS_A_RECORD, ("migrate",)], ids=" ".join)
def test_a_record_of_a_newer_release_is_left_alone_by_each_command(
    command: Command, kept: Path, arguments: tuple[str, ...]
):
    newer = connect(kept)
    newer.execute("pragma user_version = 99")
    newer.close()
    before = kept.read_bytes()

    said = command(*arguments)

    assert said.code == 1
    assert "newer release" in said.err
    assert kept.read_bytes() == before


def test_health_without_a_record_is_bad_health(command: Command, instance: Path):
    said = command("healthcheck")

    assert (said.code, "There is no record at " in said.out) == (1, True)


@pytest.mark.parametrize("arguments", [("tick",), ("rebuild",), ("account", "off", "okafor")])
def test_a_record_that_another_process_holds_is_said_to_be_held(
    command: Command, kept: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
):
    from triage.record import turns

    if arguments[0] == "account":
        command("account", "add", "okafor", "--role", "custody_sergeant")
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.05)
    holder = Record.open(kept)
    with holder.writing(now=NIGHT):
        said = command(*arguments)
    holder.close()

    assert (said.code, "Another process holds the record" in said.err) == (1, True)


def test_an_instance_that_is_a_file_is_one_sentence(command: Command, instance: Path):
    instance.write_text("not a folder")

    for name in ("migrate", "serve"):
        said = command(name)
        assert said.code in (1, 2)
        assert str(instance) in said.err


@pytest.mark.parametrize("name", ["migrate", "tick", "rebuild", "serve"])
def test_a_disk_that_cannot_be_written_is_one_sentence(kept: Path, tmp_path: Path, name: str):
    """The record belongs to somebody else and its folder too, as after a restore by hand."""
    kept.chmod(0o444)
    able = os.access(kept, os.W_OK)  # the superuser, whom no mode of a file keeps out
    above = [each for each in kept.parents if Path("/tmp") in each.parents]
    modes = {folder: folder.stat().st_mode for folder in above}
    for folder in above:
        folder.chmod(0o555)
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
           "TRIAGE_INSTANCE": str(kept.parent)}  # fmt: skip
    done = subprocess.run(
        [*(WITHOUT_POWERS if able else ()), sys.executable, "-m", "triage.cli", name],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    for folder, mode in modes.items():  # whoever is not the superuser goes on writing here
        folder.chmod(mode)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert re.search(r"read-only|cannot be (written|opened|made)", done.stderr)


# Where it listens ------------------------------------------------------------------------------


def test_beyond_this_machine_it_wants_a_certificate_or_a_proxy(command: Command, kept: Path):
    plain = command("serve", "--host", "0.0.0.0")
    alone = command("serve", "--cert", "paper.pem")
    gone = command("serve", "--cert", "paper.pem", "--key", "paper.key")

    assert [said.code for said in (plain, alone, gone)] == [2, 2, 2]
    assert "nothing would be encrypted" in plain.err
    assert "belong together" in alone.err
    assert "There is no file paper.pem" in gone.err


def test_a_port_that_is_taken_is_said_before_anything_starts(command: Command, kept: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = command("serve", "--port", str(other.getsockname()[1]))

    assert (said.code, "cannot be listened on" in said.err) == (2, True)
    assert said.out == ""


def test_rules_that_cannot_speak_are_said_aloud_and_the_clocks_go_on(
    command: Command, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "rules").mkdir()
    monkeypatch.setenv("TRIAGE_RULES", str(tmp_path / "rules"))

    said = command("tick")

    assert (said.code, "The rules in the folder 'rules' are refused" in said.err) == (0, True)


def test_help_names_every_command_at_once():
    said = real("--help")

    assert said.returncode == 0
    for name in ("serve", "tick", "healthcheck", "migrate", "verify", "backup", "account", "token"):
        assert re.search(rf"^  {name} ", said.stdout, re.MULTILINE)


def test_the_backups_of_an_instance_lie_in_one_folder(command: Command, kept: Path):
    made = Path(command("backup").out.strip())

    assert made.parent == kept.parent / BACKUPS
    assert made.stat().st_mode & 0o007 == 0
