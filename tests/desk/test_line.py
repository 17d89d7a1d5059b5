"""The screening line by line, typed into a real process, with back, stop, resume and a cut line."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.command import ROOT, triage
from triage import rules_files
from triage.desk.glass import WIDTH
from triage.desk.keyboard import Keys
from triage.desk.line import NONE_LEFT, PRIVATE, normal_lines
from triage.desk.steps import AGAIN, ALL_NORMAL, BACK, REFUSED, SKIP, STOP, UNABLE, Takes, steps
from triage.desk.typed import other_keys
from triage.present.lines import wrapped
from triage.present.questions import SEEN_NORMAL

RULEBOOK = rules_files.load(rules_files.rules_dir(), draft=True)
STEPS = steps(RULEBOOK)
COMMANDS = {REFUSED, UNABLE, SKIP, BACK, STOP, AGAIN}
DETAILS = {
    "person.age": "40", "person.sex": "2", "nation": "1", "stage": "1", "offence": "h",
    "arrests_12m": "0",
}  # fmt: skip


def harmless(step) -> str:
    """The key of the harmless answer."""
    if step.id in DETAILS:
        return DETAILS[step.id]
    if step.takes is Takes.KEYS:
        return "n"
    if step.takes is Takes.TEXT:
        return "s"
    nothing = step.question.nothing if step.question else False
    wanted = (nothing, None) if not step.is_question else (nothing,)
    return next(option.key for option in step.options if option.value in wanted)


def typed(*changes: tuple[str, str], until: str = "") -> str:
    """What a sergeant types for somebody of whom nothing is found, but for some changes."""
    other = dict(changes)
    lines = ["a", "y"]
    for step in STEPS:
        if step.id == until:
            return "\n".join(lines) + "\n"
        if not step.is_observation and (step.gate is None or step.id in other):
            lines.append(other[step.id] if step.id in other else harmless(step))
    return "\n".join([*lines, *["n"] * 20]) + "\n"  # branches that may hold come last


def kept(folder: Path) -> dict:
    [file] = (folder / "screenings").iterdir()
    return json.loads(file.read_text())


# Keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_every_key_is_single_unique_and_no_command(step):
    keys = [option.key for option in step.options]
    commands = COMMANDS | ({ALL_NORMAL} if step.is_observation else set())

    assert len(set(keys)) == len(keys)
    assert all(len(key) == 1 for key in keys)
    assert not set(keys) & commands
    assert step.options or step.takes in (Takes.NUMBER, Takes.TEXT)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_each_question_fits_a_terminal_of_80_by_24_with_its_keys_on_one_line(step):
    private = wrapped(PRIVATE, WIDTH) if step.private else []
    options = [wrapped(each.words, WIDTH, first=f"   {each.key}  ") for each in step.options]
    keys = wrapped(other_keys(step), WIDTH, first="   ")
    above = ["", *private, *wrapped(f"{step.number} {step.words}", WIDTH)]

    assert len(keys) == 1
    assert len(above) + sum(map(len, options)) + len([*keys, "> "]) <= 24


def test_n_never_stands_for_something_grave_but_a_plain_no():
    for step in STEPS:
        for option in step.options:
            if option.key == "n":
                assert option.value in ("no", "none", "never", False, None)
    rouse = next(step for step in STEPS if step.id == "observations.rouse")

    assert [option.key for option in rouse.options] == ["1", "2", "3", "4"]


def test_what_keeps_people_alive_is_looked_at_before_anything_is_asked():
    assert STEPS[0].id == "observations.rouse"
    asked = [step.is_question for step in STEPS]
    assert asked == sorted(asked)
    assert {step.place[1] for step in STEPS if step.is_question} == set(RULEBOOK.questions)
    assert {step.place[1] for step in STEPS if step.is_observation} == set(RULEBOOK.observations)


def typing(*bursts: str) -> Keys:
    """A keyboard on which so many bursts of keys are typed."""
    return Keys(iter(bursts).__next__)


def test_a_burst_of_keys_is_taken_one_by_one():
    keyboard = typing("nn\x1b[Ay\n", "\x1bOB", "2")

    assert [keyboard.key() for _ in range(7)] == [
        "n", "n", "\x1b[A", "y", "\n", "\x1bOB", "2",
    ]  # fmt: skip


def test_none_of_these_needs_no_enter_and_several_do():
    keyboard = typing("n", "1", "5", "\x7f", "4\r1", "2", "\n", "\x04")

    assert [keyboard.several("n") for _ in range(4)] == ["n", "14", "12", None]


def test_keys_typed_ahead_are_not_lost_on_a_real_terminal(tmp_path):
    """All keys of a quiet screening in one burst, long before the questions are there."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    env = os.environ | {
        "TRIAGE_INSTANCE": str(tmp_path), "PYTHONPATH": str(ROOT), "TERM": "xterm",
    }  # fmt: skip
    os.write(ours, b"ay\r40\r21")
    process = subprocess.Popen(
        [sys.executable, "-m", "triage.cli", "screen"],
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=ROOT,
    )  # fmt: skip
    os.write(ours, b"1h0\rnnnnnnnn11nnnq")
    _, said = process.communicate()
    os.close(ours)
    os.close(theirs)

    document = kept(tmp_path)
    assert (document["person"], document["offence"]) == ({"age": 40, "sex": "male"},
                                                         "breach_of_peace")  # fmt: skip
    assert list(document["answers"]) == [
        "language_help", "says_why_here", "first_time_in_cell", "ill_or_hurt", "head_knock",
    ]  # fmt: skip
    assert b"Q06" in said


# All of it looked at and normal ----------------------------------------------------------------


SEEN = {
    each.id: {"value": each.nothing, "words": SEEN_NORMAL}
    for each in RULEBOOK.observations.values()
}


@pytest.mark.parametrize(
    "then", ["q", "n", "", "a", "yn", "ny", "1y", "y y", "40"],
)  # fmt: skip
def test_one_key_alone_says_of_nobody_that_they_were_looked_at(then, tmp_path):
    """Nor do two, where the second is not y and Enter by itself."""
    done = triage("screen", typed=f"a\n{then}\nq\n", instance=tmp_path)

    assert list((tmp_path / "screenings").iterdir()) == []
    assert then == "q" or "Nothing was taken." in done.stderr


def test_the_rest_is_taken_as_normal_by_a_second_key_and_each_says_how(tmp_path):
    """The twin: y and Enter takes them."""
    triage("screen", typed="a\ny\nq\n", instance=tmp_path)

    assert kept(tmp_path) == {"observations": SEEN}


def test_what_was_seen_otherwise_is_left_by_the_act_for_the_rest(tmp_path):
    """Also what cannot be told, and what somebody went back to."""
    triage("screen", typed="2\nu\nb\na\ny\nq\n", instance=tmp_path)

    seen = kept(tmp_path)["observations"]
    assert seen == SEEN | {"rouse": "voice", "answers_questions": "unknown"}


def test_where_nothing_is_left_the_act_for_the_rest_takes_nothing(tmp_path):
    done = triage("screen", typed="a\ny\nb\na\nq\n", instance=tmp_path)

    assert NONE_LEFT in done.stderr
    assert "Taken: 33" in done.stderr
    assert kept(tmp_path) == {"observations": SEEN}


def test_what_is_about_to_be_taken_stands_on_one_glass_in_words_of_the_rulebook():
    looks = [step for step in STEPS if step.is_observation]

    lines = normal_lines(RULEBOOK, looks)

    assert len(lines) + len("> ".splitlines()) <= 24
    flat = " ".join(" ".join(lines).split())
    assert [step.words for step in looks if step.words not in flat] == []
    assert "AWAKE AND ALERT: Can they be woken?" in flat
    assert flat.endswith(f"y and Enter takes these {len(looks)}. Anything else takes none of them.")


# A whole screening -----------------------------------------------------------------------------


def test_the_quiet_road_ends_with_no_flags_raised(tmp_path):
    done = triage("screen", "--draft", typed=typed(), instance=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("No flags raised from 29 of 29 answers\n")
    assert "All asked." in done.stderr
    assert "IN PRIVATE" in done.stderr


YOUNG = (("person.age", "24"), ("answers.made_to_do_things", "n"), ("answers.in_care", "n"))


@pytest.mark.parametrize(("source", "child"), [("1", False), ("3", True), ("s", True)])
def test_somebody_young_is_no_child_once_a_document_says_so(source, child, tmp_path):
    """Without the question nobody under 25 could be screened here without a doubt left over."""
    lines = typed(*YOUNG, ("person.age_source", source))

    done = triage("screen", "--json", typed=lines, instance=tmp_path)

    found = json.loads(done.stdout)
    named = {each["need"] for each in found["needs"] + found["not_excluded"]}
    assert ("youth" in named, found["nothing_found"]) == (child, not child)


def test_an_answer_on_the_way_changes_the_end(tmp_path):
    """The twin of the quiet road: the same keys but one."""
    done = triage(
        "screen", "--json", typed=typed(("answers.self_harm_now", "r")), instance=tmp_path
    )

    found = json.loads(done.stdout)
    assert found["nothing_found"] is False
    assert "suicide_self_harm" in [each["need"] for each in found["not_excluded"] + found["needs"]]


def test_an_emergency_is_called_out_before_the_next_question(tmp_path):
    done = triage("screen", typed="4\nq\n", instance=tmp_path)

    alarm, _, after = done.stderr.partition("CALL 999")
    assert "Can they answer simple questions" in alarm
    assert "O2 " not in alarm.rpartition("Cannot be woken")[2]
    assert "O2 " in after


def test_each_new_emergency_is_called_out_under_its_headline_and_none_twice(tmp_path):
    lines = typed(("answers.head_knock", "2"), ("answers.swallowed_or_hidden", "y"))

    said = triage("screen", typed=lines, instance=tmp_path).stderr

    alarms = re.findall(r"!{40}\n(.*?)\n!{40}", said, re.DOTALL)
    assert len(alarms) == 2
    assert all(each.startswith("EMERGENCY: ") for each in alarms)
    acts = [line for each in alarms for line in each.splitlines()[1:]]
    assert len(acts) == len(set(acts))


def test_no_alarm_without_an_emergency(tmp_path):
    done = triage("screen", typed="1\n1\nq\n", instance=tmp_path)

    assert "!!!!" not in done.stderr
    assert "ACT THIS MINUTE" not in done.stderr


def test_a_branch_is_asked_only_while_its_gate_may_hold(tmp_path):
    quiet = triage("screen", typed=typed(), instance=tmp_path / "a").stderr
    drinks = typed(("answers.drinks_daily", "2"), ("answers.alcohol_withdrawal", "n"))
    daily = triage("screen", typed=drinks, instance=tmp_path / "b").stderr
    refused = triage(
        "screen",
        typed=typed(("answers.drinks_daily", "r"), ("answers.alcohol_withdrawal", "n")),
        instance=tmp_path / "c",
    ).stderr

    assert "Q13" not in quiet
    assert "Q13" in daily
    assert "Q13" in refused


# Back, stop, resume, cut -----------------------------------------------------------------------


def test_back_shows_what_was_said_and_takes_another_answer(tmp_path):
    until = "answers.self_harm_now"
    again = f"{typed(until=until)}b\n4\nq\n"

    done = triage("screen", typed=again, instance=tmp_path)

    assert "(now: never; Enter keeps it)" in done.stderr
    assert kept(tmp_path)["answers"]["self_harm_ever"]["value"] == "within_7d"


def test_enter_keeps_what_was_said(tmp_path):
    done = triage(
        "screen", typed=f"{typed(until='answers.self_harm_now')}b\n\nq\n", instance=tmp_path
    )

    assert done.returncode == 0
    assert kept(tmp_path)["answers"]["self_harm_ever"]["value"] == "never"


def test_enter_alone_is_no_answer(tmp_path):
    done = triage("screen", typed="\n\nq\n", instance=tmp_path)

    assert "Nothing was typed" in done.stderr
    assert list((tmp_path / "screenings").iterdir()) == []


@pytest.mark.parametrize("end", ["q\n", ""], ids=["stopped", "line-cut"])
def test_stopping_keeps_everything_and_resume_goes_on_where_it_was(end, tmp_path):
    first = typed(until="answers.low_or_hopeless")
    stopped = triage("screen", typed=first + end, instance=tmp_path)
    [file] = (tmp_path / "screenings").iterdir()
    rest = typed()[len(first) :]

    other = triage("screen", typed="q\n", instance=tmp_path)
    resumed = triage("screen", "--draft", "--resume", file, typed=rest, instance=tmp_path)

    assert (stopped.returncode, stopped.stdout) == (0, "")
    assert f"triage screen --resume {file}" in stopped.stderr
    assert f"triage screen --resume {file}" in other.stderr
    assert resumed.stdout.startswith("No flags raised from 29 of 29 answers\n")
    assert not file.exists()
    assert resumed.stderr.count("Q20") == 0


def test_a_finished_screening_can_be_screened_again_from_its_file(tmp_path):
    triage("screen", typed=typed(("answers.head_knock", "2")), instance=tmp_path)
    [file] = (tmp_path / "screenings").iterdir()

    done = triage("screen", file, "--json", instance=tmp_path)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["needs"][0]["need"] == "head_injury"
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_screening_is_not_written_over(tmp_path):
    file = tmp_path / "other.json"
    file.write_text('{"answers": {"head_knock": "maybe"}}')

    done = triage("screen", "--resume", file, typed="1\n", instance=tmp_path)

    assert done.returncode == 2
    assert file.read_text() == '{"answers": {"head_knock": "maybe"}}'


def test_nothing_that_was_answered_is_lost_when_the_process_is_killed(tmp_path):
    def answered(lines: Sequence[str]) -> dict:
        env = os.environ | {
            "TRIAGE_INSTANCE": str(tmp_path), "PYTHONPATH": str(ROOT), "TERM": "dumb",
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "triage.cli", "screen", "--resume", tmp_path / "one.json"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=ROOT, text=True, bufsize=1,
        )  # fmt: skip
        assert process.stdin and process.stderr
        for line in lines:
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
        seen = ""
        while "Q06" not in seen:  # the question after the last answer is on the screen
            seen += process.stderr.read(1)
        process.kill()  # at once, on every system
        process.communicate()
        return json.loads((tmp_path / "one.json").read_text())

    document = answered(typed(until="answers.swallowed_or_hidden").splitlines())

    assert document["answers"]["head_knock"]["value"] == "no"
    assert document["record"]["checked"] is True
    assert document["observations"] == SEEN
