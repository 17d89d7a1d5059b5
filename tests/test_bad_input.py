"""Whatever is handed in: a sentence and an exit code that means it, never a trace.

Assurance notes, section 5. The files go through the real command; what a file may say is besides
searched at random in ``tests/schemas/test_screen_schema.py``.
"""

import json
import os
from pathlib import Path

import pytest

from tests.command import CONTRACT, ROOT, triage
from triage.schemas.documents import MOST_BYTES

ENDLESS = Path("/dev/zero")
RYAN = json.loads((CONTRACT / "screen-ryan.json").read_text())


def ryan(**changes: object) -> bytes:
    """Ryan's screening with some parts changed; None takes a part out."""
    document = {**RYAN, **changes}
    return json.dumps({key: part for key, part in document.items() if part is not None}).encode()


PERSON, RECORD = RYAN["person"], RYAN["record"]
NOT_READABLE = {
    "empty": b"",
    "blank": b" \n\t\n",
    "no-text": b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe",
    "nul": b'{"nation": "eng\x00land"}',
    "utf-16": '{"nation": "england"}'.encode("utf-16"),
    "broken-utf-8": b'{"nation": "\xc3\x28"}',
    "broken-json": b'{"nation": "england",',
    "trailing": b'{"nation": "england"} {}',
    "a-list": b"[1, 2]",
    "a-number": b"17",
    "null": b"null",
    "nan": b'{"arrests_12m": NaN}',
    "infinity": b'{"arrests_12m": -Infinity}',
    "overflow": b'{"arrests_12m": 1e999}',
    "endless-number": b'{"arrests_12m": ' + b"9" * 5000 + b"}",
    "same-key-twice": b'{"nation": "england", "nation": "wales"}',
    "lone-surrogate": b'{"nation": "\\ud800"}',
    "control": b'{"nation": "\\u001b[2J"}',
    "a-million-brackets": b"[" * 1_000_000,
    "a-million-braces": b'{"a":' * 1_000_000,
    "deep-and-closed": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "ten-megabytes": b'{"words": "' + b"a" * 10_000_000 + b'"}',
    "ten-megabytes-of-quotes": b'{"words": "' + b'\\"' * 4_990_000,
}
NOT_TOML = {
    "broken": b"nation = england",
    "same-key-twice": b'nation = "england"\nnation = "wales"',
    "nan": b"arrests_12m = nan",
    "infinity": b"arrests_12m = -inf",
    "deep": b"a = " + b"[" * 100_000,
    "dotted": b"a." * 100_000 + b"a = 1",
    "endless-number": b"a = 1" + b"0" * 5000,
    "a-time-without-offset": b"at = 2026-10-24T18:40:00",
    "only-a-time": b"at = 18:40:00",
}
NOT_USABLE = {
    "nothing-in-it": b"{}",
    "unknown-key": ryan(natoin="england"),
    "wrong-type": ryan(nation=7),
    "null-inside": ryan(stage=None, offence=None, person=None),
    "negative-age": ryan(person=PERSON | {"age": -1}),
    "huge-age": ryan(person=PERSON | {"age": 10**29}),
    "age-as-text": ryan(person=PERSON | {"age": "24"}),
    "age-true": ryan(person=PERSON | {"age": True}),
    "age-and-birth-disagree": ryan(person=PERSON | {"date_of_birth": "1990-01-01"}),
    "born-tomorrow": ryan(person={"date_of_birth": "2026-12-24"}),
    "no-such-day": ryan(person={"date_of_birth": "1990-02-30"}),
    "person-a-list": ryan(person=[]),
    "answers-a-list": ryan(answers=[]),
    "answer-an-object": ryan(answers={"head_knock": {}}),
    "answer-nested": ryan(answers={"head_knock": {"value": {"value": "no"}}}),
    "answer-a-list": ryan(answers={"head_knock": ["no"]}),
    "many-not-a-list": ryan(answers={"conditions": "diabetes"}),
    "many-unknown": ryan(answers={"conditions": ["diabetes", "gout"]}),
    "many-of-objects": ryan(answers={"conditions": [{}]}),
    "observation-a-number": ryan(observations={"rouse": 1}),
    "observation-true": ryan(observations={"rouse": True}),
    "time-without-offset": ryan(at="2026-10-24T18:40:00"),
    "year-zero": ryan(at="0000-01-01T00:00:00Z"),
    "far-future": ryan(at="9999-12-31T23:59:59-14:00"),
    "repeated-hour": ryan(at={"london": "2026-10-25T01:30"}),
    "missing-hour": ryan(at={"london": "2026-03-29T01:30"}),
    "markers-an-object": ryan(record=RECORD | {"markers": {}}),
    "marker-unknown": ryan(record=RECORD | {"markers": [{"kind": "odd", "origin": "pnc"}]}),
    "closed-by-nobody": ryan(record=RECORD | {"markers": [
        {"kind": "suicidal", "origin": "pnc", "closed": {"on": "2026-01-01"}}]}),
    "a-long-key": ryan(**{"x" * 100_000: 1}),
    "ten-thousand-answers": ryan(answers={f"a{number}": "no" for number in range(10_000)}),
}  # fmt: skip


def assert_refused(done, *codes: int) -> None:
    assert done.returncode in codes, done.stderr[:2000]
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert 20 < len(done.stderr) <= 4096 + 4096 * ("a-long" in str(done.args))
    assert any(line.strip().endswith((".", "?", "!")) for line in done.stderr.splitlines())


@pytest.mark.parametrize("name", NOT_READABLE)
def test_what_cannot_be_read_is_refused_in_a_sentence(name):
    assert_refused(triage("screen", "-", typed=NOT_READABLE[name]), 2)


@pytest.mark.parametrize("name", NOT_TOML)
def test_toml_that_cannot_be_read_or_used_is_refused_in_a_sentence(name, tmp_path):
    (tmp_path / "screen.toml").write_bytes(NOT_TOML[name])

    assert_refused(triage("screen", tmp_path / "screen.toml"), 2)


@pytest.mark.parametrize("name", NOT_USABLE)
def test_what_cannot_be_used_is_refused_in_a_sentence(name):
    assert_refused(triage("screen", "-", typed=NOT_USABLE[name]), 2)


@pytest.mark.parametrize("name", ["empty", "nul", "broken-json", "a-list", "a-million-brackets"])
def test_the_clocks_refuse_what_cannot_be_read_too(name):
    assert_refused(triage("clocks", "-", typed=NOT_READABLE[name]), 2)


def test_the_line_of_a_fault_is_named():
    broken = b'{"nation": "england",\n"stage": "arrest",\n"offence" "theft"}'

    assert "line 3" in triage("screen", "-", typed=broken).stderr
    assert "lines 1 and 2" in triage("screen", "-", typed=b'{"a": 1,\n "a": 2}').stderr


def test_an_age_that_disagrees_with_the_birth_names_both():
    done = triage("screen", "-", "--json", typed=NOT_USABLE["age-and-birth-disagree"])

    [error] = json.loads(done.stderr)["errors"]
    assert error["field"] == "person.age"
    assert "age 24 and date_of_birth 1990-01-01 disagree" in error["problem"]


def test_every_fault_of_a_file_is_named_at_once():
    typed = ryan(nation="scotland", stage="asleep", answers={"head_knock": "x", "medicine": 3})

    errors = json.loads(triage("screen", "-", "--json", typed=typed).stderr)["errors"]

    assert {each["field"] for each in errors} == {
        "nation", "stage", "answers.head_knock", "answers.medicine",
    }  # fmt: skip


def test_what_was_typed_is_not_told_back():
    typed = ryan(answers={"head_knock": "secret words of a person"})

    assert "secret" not in triage("screen", "-", typed=typed).stderr


# Files and folders -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["screen", "clocks"])
def test_files_that_are_none_are_refused_in_a_sentence(command, tmp_path):
    for name in ("nowhere.json", ".", "a" * 5000, "", "a/b/c", "nowhere\n.json"):
        assert_refused(triage(command, tmp_path / name if len(name) < 99 else name), 2)


def test_an_unreadable_file_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "closed.json"
    file.write_bytes(ryan())
    file.chmod(0)
    if os.access(file, os.R_OK):  # whoever may read everything is given something nobody can
        file = Path("/proc/self/mem")
        if not file.exists():
            pytest.skip("Nothing here is unreadable for this user.")

    assert_refused(triage("screen", file), 2)


@pytest.mark.skipif(not ENDLESS.exists(), reason="There is no endless file here.")
def test_an_endless_file_is_refused_in_a_sentence():
    assert_refused(triage("screen", ENDLESS), 2)


def test_a_file_that_is_longer_than_anything_that_is_read_is_refused_in_a_sentence(tmp_path):
    """On every system; nothing else is wrong with it."""
    (tmp_path / "long.json").write_bytes(ryan() + b" " * MOST_BYTES)
    done = triage("screen", tmp_path / "long.json")

    assert_refused(done, 2)
    assert "larger than 10 MB" in done.stderr


def test_a_rules_folder_that_is_none_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "nowhere", tmp_path / "empty", ROOT / "pyproject.toml"):
        assert_refused(triage("screen", CONTRACT / "screen-ryan.json", "--rules", folder), 2, 3)
        assert_refused(triage("rules", "check", folder), 2, 3)


@pytest.mark.parametrize("typed", [b"\x00", b"\xff", b"[[rule]]\nid = 3", b"a = " + b"[" * 9999])
def test_a_broken_file_among_the_rules_is_refused_in_a_sentence(typed, tmp_path):
    (tmp_path / "screening").mkdir()
    (tmp_path / "screening" / "questions.toml").write_bytes(typed)

    assert_refused(triage("rules", "check", tmp_path), 3)


def test_a_setting_that_cannot_be_used_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "config.toml").write_text("databse = 'x'")

    assert_refused(triage("where", instance=tmp_path), 2)
    assert_refused(triage("screen", CONTRACT / "screen-ryan.json", instance=tmp_path), 2)


# Usage -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["scren"],
        ["screen", "--jsn"],
        ["screen", "a", "b"],
        ["screen", "x.json", "--resume", "y.json"],
        ["clocks"],
        ["rules"],
        ["rules", "sign", "--by"],
        ["rules", "explain"],
        ["rules", "diff", "a"],
        ["rules", "explain", "no_such_thing_at_all"],
        ["screen", str(CONTRACT / "screen-ryan.json"), "--at", "yesterday"],
        ["screen", str(CONTRACT / "screen-ryan.json"), "--at", "2026-10-24T18:40"],
        ["screen", str(CONTRACT / "screen-ryan.json"), "--assume", "X"],
        ["clocks", str(CONTRACT / "clocks-kieran.json"), "--as-known-at", "then"],
        ["screen", "\udcff.json"],
    ],
    ids=lambda arguments: " ".join(arguments)[:30].encode("ascii", "replace").decode(),
)
def test_a_command_that_is_none_is_refused_in_a_sentence(arguments):
    assert_refused(triage(*arguments), 2)


def test_usage_faults_are_json_too_where_json_was_asked_for():
    done = triage("screen", "--json", "--jsn")

    assert (done.returncode, json.loads(done.stderr)["status"]) == (2, 422)


def test_our_own_fault_says_so_without_a_word_of_the_input(tmp_path):
    """The twin of every test above: a fault of ours is seen, and is not called bad input."""
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import triage.domain.screening as s\n"
        "def screen(*_): raise ValueError('secret words')\n"
        "s.screen = screen\n"
    )

    done = triage(
        "screen", CONTRACT / "screen-ryan.json", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}"
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Our fault")
    assert "ValueError" in done.stderr
    assert "secret" not in done.stderr
