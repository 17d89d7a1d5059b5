"""A newcomer walks through "Change a rule in ten minutes" word for word, in real processes.

Every command is taken out of rules/README.md as it is printed there; what the newcomer edits by
hand is what its sentences say. A step that the guide gains or loses has to be walked here too.
"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.command import ROOT, triage
from tests.depth import depth
from tests.rulebooks import person, real
from triage import casework, clock, rules_files
from triage.domain.answers import Marker
from triage.domain.findings import Urgency
from triage.domain.london import day_of
from triage.record import Actor, Record
from triage.settings import Settings

GUIDE = (ROOT / "rules" / "README.md").read_text("utf-8")
TEN = GUIDE.partition("## Change a rule in ten minutes")[2].partition("\n## ")[0]
STEPS: Mapping[int, str] = {
    int(number): " ".join(words.split())
    for number, words in re.findall(r"(?ms)^(\d)\. (.*?)(?=^\d\. |^\S)", TEN)
}
COMMAND = re.compile(r"`((?:cp|triage|TRIAGE_RULES=)[^`]+)`")
PERSON, CHANGE = re.findall(r"(?s)```toml\n(.*?)```", TEN)
SERGEANT = Actor("okafor", "PS Okafor", "custody_sergeant", "desk-1")
Ran = subprocess.CompletedProcess[str]


def commands(step: int) -> list[str]:
    """What a step of the guide says to type, in its order."""
    return COMMAND.findall(STEPS[step])


def edited(path: Path, rule: str, old: str, new: str) -> None:
    """A newcomer's edit: inside one rule, and nowhere else."""
    text = path.read_text("utf-8")
    start = text.index(f'id = "{rule}"')
    end = text.index("[[", start)
    assert text.count(old, start, end) == 1
    path.write_text(text[:start] + text[start:end].replace(old, new) + text[end:], "utf-8")


@dataclass
class Desk:
    """A newcomer's folder, with a copy of the rules and a service's record beside it."""

    folder: Path

    def typed(self, command: str, **instead: str) -> Ran:
        """One command as it stands in the guide, in this folder."""
        for word, real_word in instead.items():
            command = command.replace(word, real_word)
        words = shlex.split(command)
        if words[0] == "triage":
            return triage(*words[1:], cwd=self.folder, instance=self.folder / "instance")
        if words[0] == "cp":
            return self._ran(words, {}, self.folder)
        name, _, value = words[0].partition("=")
        assert words[1:4] == ["python", "-m", "pytest"], command
        return self._ran([sys.executable, *words[2:], "-q"], {name: value}, ROOT)

    def _ran(self, words: list[str], more: Mapping[str, str], cwd: Path) -> Ran:
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), **more}
        return subprocess.run(
            words, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=3_000
        )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The rules that ship, and a record with screenings of six people with such a warning."""
    folder = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(rules_files.rules_dir(), folder / "rules")
    (folder / "instance").mkdir()
    path = folder / "instance" / "triage.db"
    record = Record.open(path, create=True)
    service = casework.Service(record, real(), Settings(folder, path, training=True))
    now = clock.now() - timedelta(days=1)
    for number in range(6):
        opening = casework.Opening(
            kind=casework.StayKind.CUSTODY,
            suite="castle_street",
            reference=f"TRAINING/CS/{number:04}/26",
            opened_at=now,
            training=True,
            cell=str(number),
        )
        stay = casework.open_stay(service, opening, actor=SERGEANT, now=now).stay
        warned = replace(person(real(), markers=(Marker("alcohol", "pnc"),)), at=now)
        casework.record_screening(service, stay, warned, actor=SERGEANT, now=now)
    record.close()
    return Desk(folder)


def step_1(desk: Desk) -> None:
    copy, where = commands(1)
    assert desk.typed(where).stdout.startswith("rules ")
    assert desk.typed(copy).returncode == 0
    alcohol = desk.folder / "new-rules" / "screening" / "alcohol.toml"
    assert "Change `soon` to `urgent`" in STEPS[1]
    edited(alcohol, "alcohol-on-record", '"soon"', '"urgent"')
    text = alcohol.read_text("utf-8")
    source = re.search(r'(?s)id = "alcohol-on-record".*?source = (".*?")\n', text)
    assert source is not None
    edited(alcohol, "alcohol-on-record", source[1], '"Our own review (training)"')


def step_2(desk: Desk) -> None:
    [check] = commands(2)
    done = desk.typed(check)
    assert (done.returncode, done.stdout.partition("\n")[0]) == (0, "No faults.")


def step_3(desk: Desk) -> None:
    [diff] = commands(3)
    shown = desk.typed(diff).stdout
    assert re.findall(r"(?m)^[~+-] (.*)$", shown) == [
        "rules alcohol-on-record: needs", "rules alcohol-on-record: source",
    ]  # fmt: skip
    assert "now alcohol = urgent" in shown


def step_4(desk: Desk) -> None:
    explain, screen = commands(4)
    (desk.folder / "person.toml").write_text(PERSON, "utf-8")
    why, sheet = desk.typed(explain), desk.typed(screen)
    unsigned = desk.typed(screen.replace(" --draft", ""))
    assert why.stdout.startswith("Alcohol-on-record: Yes (urgent)."), why.stdout + why.stderr
    assert "\nURGENT: alcohol\n" in sheet.stdout
    assert ("Nobody has signed" in sheet.stdout, "Nobody has signed" in unsigned.stdout) == (
        False, True,
    )  # fmt: skip


def step_5(desk: Desk) -> None:
    rehearse, people, show = commands(5)
    summary, listed = desk.typed(rehearse), desk.typed(people)
    assert summary.returncode == 0, summary.stderr
    assert "alcohol" in summary.stdout.lower()
    number = re.search(r"(?m)^ *(\d+)  TRAINING/CS/0003/26 ", listed.stdout)
    assert number, listed.stdout
    assert "(alcohol-on-record)" in desk.typed(show, NUMBER=number[1]).stdout


def step_6(desk: Desk) -> None:
    people, proofs = commands(6)
    own = {"/path/to": str(desk.folder)}
    done = desk.typed(people, **own)
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.fullmatch(r"\S+ \S+ python -m pytest tests/proofs", f"walk {proofs}")
    if depth(0, 1):
        proved = desk.typed(proofs, **own)
        assert proved.returncode == 0, proved.stdout[-3000:]


def step_7(desk: Desk) -> None:
    changes = desk.folder / "new-rules" / "changes.toml"
    above, first, below = changes.read_text("utf-8").partition("[[change]]")
    changes.write_text(f"{above}{CHANGE}\n{first}{below}", "utf-8")
    assert "above the first `[[change]]`" in STEPS[7]
    step_2(desk)


def step_8(desk: Desk) -> None:
    sheet, sign = commands(8)
    printed = desk.typed(sheet).stdout
    assert "A warning about drinking, on record, is seen before interview" in " ".join(
        printed.split()
    )
    days = [day_of(clock.now())]
    done = desk.typed(sign)
    days.append(day_of(clock.now()))  # somebody may sign at midnight
    names = "Your name, clinical lead and Another name, custody lead"
    said = " ".join(done.stdout.split())
    assert any(f"Signed by {names} on {day}." in said for day in days), done.stderr


def step_9(desk: Desk) -> None:
    where = commands(9)[0]
    shutil.rmtree(desk.folder / "rules")
    shutil.move(desk.folder / "new-rules", desk.folder / "rules")
    read = str(desk.folder / "rules")
    said = triage(*shlex.split(where)[1:], cwd=desk.folder, TRIAGE_RULES=read)
    sheet = triage("screen", "person.toml", cwd=desk.folder, TRIAGE_RULES=read)
    assert "Signed by Your name, clinical lead and" in said.stdout
    assert "signed" not in sheet.stdout.lower()
    (rule,) = [r for r in rules_files.load(desk.folder / "rules").rules
               if r.id == "alcohol-on-record"]  # fmt: skip
    assert rule.needs == (("alcohol", Urgency.URGENT),)


WALK: Mapping[int, Callable[[Desk], None]] = {
    1: step_1, 2: step_2, 3: step_3, 4: step_4, 5: step_5,
    6: step_6, 7: step_7, 8: step_8, 9: step_9,
}  # fmt: skip


def test_a_newcomer_changes_rehearses_and_signs_a_rule_by_the_guide_alone(desk: Desk) -> None:
    assert list(STEPS) == list(WALK)
    for step in WALK.values():
        step(desk)


def test_the_written_people_find_a_rule_that_was_changed_for_the_worse(tmp_path: Path) -> None:
    """The twin of step 6: a newcomer who makes a package less urgent hears of it by name."""
    folder = Path(shutil.copytree(rules_files.rules_dir(), tmp_path / "new-rules"))
    edited(
        folder / "screening" / "drugs.toml", "swallowed-package",
        'drugs = "emergency", physical_health = "emergency"',
        'drugs = "urgent", physical_health = "emergency"',
    )  # fmt: skip

    done = Desk(tmp_path).typed(commands(6)[0], **{"/path/to": str(tmp_path)})

    assert done.returncode == 1
    assert "V05-swallowed-a-wrap" in done.stdout


def test_a_list_of_changes_that_is_edited_after_the_signature_shows_as_unsigned(
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(rules_files.rules_dir(), tmp_path / "new-rules"))
    rules_files.sign(folder, by="Your name, clinical lead", on=date(2026, 11, 23))
    changes = folder / "changes.toml"
    changes.write_text(changes.read_text("utf-8").replace("First rulebook", "Nothing"), "utf-8")

    said = triage("where", "--rules", folder, instance=tmp_path)

    assert "NOT SIGNED: changed since Your name, clinical lead signed" in said.stdout
