"""The command as people and programs call it: real processes, the worked cases word for word."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.command import CONTRACT, ROOT, triage
from triage.domain.findings import Urgency

SCREENS = sorted(path.stem for path in CONTRACT.glob("screen-*.json") if "expect" not in path.stem)
CLOCKS = sorted(path.stem for path in CONTRACT.glob("clocks-*.json") if "expect" not in path.stem)


def expected(name: str) -> dict[str, Any]:
    return json.loads((CONTRACT / f"{name}.expect.json").read_text())


def screened(name: str, *options: str) -> dict[str, Any]:
    done = triage("screen", CONTRACT / f"{name}.json", "--json", "--draft", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# The worked cases ------------------------------------------------------------------------------


def shortfalls(want: Mapping[str, Any], got: Mapping[str, Any], words: str) -> Iterator[str]:
    """Each way in which findings and words fall short of what a worked case expects."""
    needs = {each["need"]: Urgency.of(each["urgency"]) for each in got["needs"]}
    flags = {each["flag"] for each in got["flags"]}
    suggested = {each["route"] for each in got["routes"] if each["status"] == "suggested"}
    for key, value in want.items():
        match key:
            case "exit" | "why":
                continue
            case "status" | "nothing_found":
                fine = got[key] == value
            case "needs_at_least":
                fine = all(needs.get(need, 0) >= Urgency.of(least) for need, least in value.items())
            case "flags":
                fine = set(value) <= flags
            case "routes_suggested":
                fine = set(value) <= suggested
            case "routes_suggested_only":
                fine = set(value) == suggested
            case "rescreen":
                fine = got["rescreen"] is not None
            case "words":
                fine = all(each in words for each in value)
            case "words_never":
                fine = not any(each.lower() in words.lower() for each in value)
            case "why_not":
                fine = not set(value) & set(needs)
            case _:
                fine = False
        if not fine:
            yield f"{key}: {value}"


@pytest.mark.parametrize("name", SCREENS)
def test_the_worked_screenings_find_what_they_must(name):
    words = triage("screen", CONTRACT / f"{name}.json")

    assert words.returncode == expected(name)["exit"]
    assert list(shortfalls(expected(name), screened(name), words.stdout)) == []


def test_a_screening_that_missed_something_would_be_seen():
    got = screened("screen-marcus")
    words = triage("screen", CONTRACT / "screen-marcus.json").stdout
    got["needs"] = [each for each in got["needs"] if each["need"] != "head_injury"]
    got["rescreen"] = None

    assert list(shortfalls(expected("screen-marcus"), got, words + "Low Risk")) == [
        "needs_at_least: {'head_injury': 'emergency'}",
        "rescreen: present",
        "words_never: ['just drunk', 'low risk']",
    ]


@pytest.mark.parametrize("name", CLOCKS)
def test_the_worked_detentions_keep_their_clocks(name):
    want = expected(name)
    done = triage("clocks", CONTRACT / f"{name}.json", "--json", "--draft")
    got = json.loads(done.stdout)["clocks"]

    assert done.returncode == want["exit"]
    for clock in want["clocks"]:
        assert clock in [{key: each[key] for key in clock} for each in got]


def test_a_time_that_happened_twice_is_refused_with_both_readings(tmp_path):
    want = expected("clocks-tomasz")["without_fold"]
    detention = json.loads((CONTRACT / "clocks-tomasz.json").read_text())
    del detention["events"][4]["occurred_at"]["fold"]
    (tmp_path / "night.json").write_text(json.dumps(detention))

    done = triage("clocks", tmp_path / "night.json", "--json")

    [problem] = json.loads(done.stderr)["errors"]
    assert done.returncode == want["exit"]
    assert problem["field"] == want["field"]
    assert all(name in problem["problem"] for name in want["names"])


def test_the_output_has_every_part_of_the_contract():
    got = screened("screen-denise")

    assert got["schema"] == "triage.screen/1"
    assert got["at"] == "2026-10-24T19:50:00Z"
    assert got["at_london"] == "Sat 24 Oct 2026 20:50 BST"
    assert set(got) == {
        "schema", "at", "at_london", "rulebook", "status", "nothing_found", "answered", "needs",
        "flags", "not_excluded", "conflicts", "do_now", "routes", "rescreen", "warnings",
    }  # fmt: skip
    assert set(got["needs"][0]["reasons"][0]) == {
        "rule", "urgency", "because", "do", "tell", "source", "confidence", "lesson", "facts",
    }  # fmt: skip


def test_disposals_wait_for_the_evidence_stage_and_are_not_in_the_words():
    disposals = [each for each in screened("screen-denise")["routes"] if each["axis"] == "disposal"]
    waiting = [each for each in disposals if each["status"] == "needs_information"]
    words = triage("screen", CONTRACT / "screen-denise.json").stdout

    assert disposals
    assert all("evidence_stage" in [m["id"] for m in each["missing"]] for each in waiting)
    assert "caution" not in words.lower()


# Options ---------------------------------------------------------------------------------------


def test_the_moment_of_the_command_wins_over_the_file():
    assert screened("screen-ryan", "--at", "2026-10-25T01:30:00+00:00")["at_london"] == (
        "Sun 25 Oct 2026 01:30 GMT"
    )


def test_a_screening_can_come_through_a_pipe_as_json_or_as_toml():
    document = (CONTRACT / "screen-ryan.json").read_text()
    as_toml = """
        at = 2026-10-24T18:40:00Z
        nation = "england"
        stage = "arrest"
        offence = "theft"
        arrests_12m = 0
        everything_else = "no"
        person = {age = 24, age_source = "document", sex = "male"}
    """

    for typed in (document, as_toml):
        done = triage("screen", "-", "--json", typed=typed)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["nothing_found"] is True


def test_law_can_be_rehearsed_and_an_unknown_row_is_refused_with_the_nearest():
    rows = triage("rules", "list", "--unverified").stdout
    row = rows.partition("Passed but not in force".upper())[2].splitlines()[2].split(":")[0][2:]

    good = triage("screen", CONTRACT / "screen-ryan.json", "--assume", f"{row}=2026-01-01")
    bad = triage("screen", CONTRACT / "screen-ryan.json", "--assume", f"{row}X=2026-01-01")
    worse = triage("screen", CONTRACT / "screen-ryan.json", "--assume", f"{row}=soon")

    assert good.returncode == 0, good.stderr
    assert (bad.returncode, f"did you mean {row}?" in bad.stderr) == (2, True)
    assert (worse.returncode, "ROW=DATE" in worse.stderr) == (2, True)


def test_an_answer_that_is_no_option_is_refused_with_what_is_allowed(tmp_path):
    file = tmp_path / "screen.json"
    document = json.loads((CONTRACT / "screen-ryan.json").read_text())
    document["answers"] |= {"head_knock": "maybe", "hed_knock": "no"}
    file.write_text(json.dumps(document))

    done = triage("screen", file, "--json")
    words = triage("screen", file)

    assert (done.returncode, done.stdout) == (2, "")
    error = json.loads(done.stderr)
    assert error["status"] == 422
    assert error["errors"][0] == {
        "field": "answers.head_knock",
        "problem": "is not one of the answers allowed here",
        "allowed": ["no", "knock_only", "knock_red", "refused", "unable", "not_asked"],
    }
    assert error["errors"][1]["problem"] == "is not one of the answers; did you mean head_knock?"
    assert "answers.head_knock: is not one of the answers allowed here." in words.stderr


def test_the_words_fit_a_narrow_a_wide_and_a_piped_terminal():
    for columns, most in (("30", 40), ("80", 80), ("300", 100)):
        done = triage("screen", CONTRACT / "screen-denise.json", COLUMNS=columns)

        assert max(map(len, done.stdout.splitlines())) <= most
        assert "\x1b" not in done.stdout


def test_a_terminal_that_knows_no_unicode_still_shows_everything():
    done = triage(
        "screen", CONTRACT / "screen-marcus.json", LC_ALL="C", PYTHONUTF8="0",
        PYTHONIOENCODING="ascii:strict", PYTHONCOERCECLOCALE="0",
    )  # fmt: skip

    assert done.returncode == 0
    assert done.stdout.startswith("EMERGENCY: CALL 999 FIRST")


# The rulebook ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path) -> Path:
    """A rules folder of our own, which a test may change."""
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))


def change(folder: Path, old: str, new: str) -> None:
    for path in (folder / "screening").glob("*.toml"):
        text = path.read_text()
        if old in text:
            path.write_text(text.replace(old, new, 1))
            return
    raise AssertionError(f"{old} is not in the rules")


def test_signing_covers_every_byte_and_an_edit_shows_as_unsigned(folder):
    signed = triage("rules", "sign", "--by", "Training Lead", folder)
    first = triage("rules", "check", folder)
    change(folder, "A head sign together", "A head sign, together")
    second = triage("rules", "check", folder)

    assert signed.returncode == 0, signed.stderr
    assert "Signed by Training Lead on " in first.stdout
    assert "NOT SIGNED: changed since Training Lead signed" in second.stdout
    assert "UNSIGNED" in triage("screen", CONTRACT / "screen-ryan.json", "--rules", folder,
                                "--draft").stdout  # fmt: skip


def test_nobody_signs_without_a_name(folder):
    done = triage("rules", "sign", "--by", " ", folder)

    assert (done.returncode, "--by: " in done.stderr) == (2, True)


def test_the_sheet_is_printed_before_anybody_signs_and_two_may_sign(folder):
    sheet = triage("rules", "sign", folder)
    untouched = triage("rules", "check", folder)
    signed = triage("rules", "sign", "--by", "A, clinical lead", "--by", "B, custody lead", folder)
    one_missing = triage("rules", "sign", "--by", "A", "--by", "", folder)

    assert sheet.stdout.startswith("SIGN-OFF SHEET, RULEBOOK ")
    assert "NOT SIGNED: nobody has signed" in untouched.stdout
    assert "Signed by A, clinical lead and B, custody lead on " in signed.stdout
    assert (one_missing.returncode, "--by: " in one_missing.stderr) == (2, True)


def test_a_source_that_nobody_looked_up_for_a_year_is_warned_of_and_is_no_fault(folder):
    change(folder, "checked_on = 2026-11-23", "checked_on = 2020-01-31")

    done = triage("rules", "check", folder)

    assert done.returncode == 0
    assert "No faults." in done.stdout
    assert "was last checked more than a year ago." in done.stdout
    assert "was checked on 31 January 2020." in " ".join(done.stdout.split())


def test_a_rulebook_with_faults_is_refused_with_every_fault(folder):
    change(folder, "head_sign and (not_fully_awake or confused)", "hed_sign and confused")
    change(folder, 'ordered = true\nnothing = "no"', 'ordered = "yes"\nnothing = "no"')

    done = triage("screen", CONTRACT / "screen-ryan.json", "--rules", folder)
    as_json = triage("screen", CONTRACT / "screen-ryan.json", "--rules", folder, "--json")

    assert (done.returncode, done.stdout) == (3, "")
    assert "hed_sign" in done.stderr
    assert "head_sign" in done.stderr
    assert len(json.loads(as_json.stderr)["errors"]) >= 2


def test_every_one_of_many_faults_is_told_with_its_file_line_and_id(folder):
    for path in (folder / "screening").glob("*.toml"):
        path.write_text(
            path.read_text().replace('tell = ["custody_sergeant"', 'tell = ["sargeant"')
        )

    done = triage("rules", "check", folder)

    faults = [line for line in done.stderr.splitlines() if "is not an addressee" in line]
    assert done.returncode == 3
    assert len(faults) > 100
    assert all(re.match(r"  screening/\w+\.toml:\d+ \[[\w-]+\]: tell: sargeant", f) for f in faults)


def test_two_rulebooks_are_compared_by_what_they_say(folder):
    change(folder, "A head sign together", "A sign on the head together")

    changed = triage("rules", "diff", ROOT / "rules", folder).stdout
    same = triage("rules", "diff", ROOT / "rules", ROOT / "rules").stdout

    assert "~ rules head-sign-and-drowsy: because\n    was A head sign" in changed
    assert "    now A sign on the head together" in changed
    assert same == "Both say the same.\n"


def test_a_rule_explains_itself_with_and_without_a_person():
    alone = triage("rules", "explain", "head-sign-and-drowsy").stdout
    person = triage(
        "rules", "explain", "head-sign-and-drowsy", CONTRACT / "screen-marcus.json"
    ).stdout
    nearly = triage("rules", "explain", "head-sign-and-drowzy")

    assert "when: head_sign and (not_fully_awake or confused)" in alone
    assert person.startswith("Head-sign-and-drowsy: Yes (emergency).")
    assert (nearly.returncode, "head-sign-and-drowsy" in nearly.stderr) == (2, True)


def test_the_rulebook_can_be_read_out():
    questions = triage("rules", "questions").stdout
    rules = triage("rules", "list").stdout
    unverified = triage("rules", "list", "--unverified").stdout

    assert "Q05 head_knock: Have you had a knock to the head" in questions
    assert "SCREENING/HEAD_INJURY.TOML: 5 RULES" in rules
    assert "head-sign-and-drowsy: head injury emergency" in rules
    assert "CC-VISIT (pace, unverified)" in unverified


def test_where_says_what_is_in_use(tmp_path):
    done = triage("where", instance=tmp_path)

    assert done.returncode == 0
    for part in (ROOT / "rules", tmp_path / "triage.db", "python", "pysqlite3"):
        assert str(part) in done.stdout


def test_settings_choose_the_rules(folder, tmp_path):
    change(folder, "A head sign together", "A sign on the head together")

    done = triage("where", instance=tmp_path, TRIAGE_RULES=str(folder))

    assert str(folder) in done.stdout
