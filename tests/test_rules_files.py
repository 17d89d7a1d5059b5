"""The rules folder on disk: every fault is listed, nothing is half loaded, an edit is noticed."""

import gc
import random
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from tests.depth import depth
from tests.rulebooks import SMALL
from triage.domain.errors import RulebookRefused
from triage.rules_files import load, sign
from triage.rules_files.folder import MAX_FILE

TODAY = date(2026, 11, 23)
NAME = "Sergeant Invented (training)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "rules"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(RulebookRefused) as refused:
        load(folder)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize("problem", ["", "wrong = 1\n"])
@pytest.mark.parametrize("collecting", [True, False])
def test_loading_leaves_the_garbage_collector_as_it_was(
    folder: Path, *, collecting: bool, problem: str
) -> None:
    with (folder / "screening" / "actions.toml").open("a") as actions:
        actions.write(problem)
    before = gc.isenabled()
    (gc.enable if collecting else gc.disable)()

    try:
        with suppress(RulebookRefused):
            load(folder)

        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()


_LEFT_OVER = """
import gc, sys
from pathlib import Path
from triage.rules_files import load

folder = Path(sys.argv[1])
before = load(folder)
gc.collect()
gc.disable()
loaded = load(folder)
print(gc.collect())
circle = []
circle.append(circle)
del circle
print(gc.collect())
"""


def test_loading_leaves_nothing_that_only_the_collector_would_free(folder: Path) -> None:
    """Why the collector may rest meanwhile. The twin is a circle, which it does find."""
    done = subprocess.run(
        [sys.executable, "-c", _LEFT_OVER, folder], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["0", "1"]


# Signing -----------------------------------------------------------------------------------------


def test_a_signed_folder_loads_as_signed_by_somebody(folder: Path) -> None:
    total = sign(folder, by=NAME, on=TODAY)

    rulebook = load(folder)

    assert rulebook.signature is not None
    assert (rulebook.signed, rulebook.warnings) == (True, ())
    assert (rulebook.signature.by, rulebook.signature.on) == (NAME, TODAY)
    assert (rulebook.fingerprint, rulebook.signature.rules) == (total[:16], 10)


def test_a_folder_that_nobody_signed_loads_with_a_warning(folder: Path) -> None:
    assert load(folder).warnings == ("Nobody has signed these rules.",)
    assert load(folder, draft=True).warnings == ()
    assert load(folder).signed is False


def test_an_edit_after_the_signature_is_noticed(folder: Path) -> None:
    sign(folder, by=NAME, on=TODAY)
    edit(folder, "screening/rules.toml", "A knock and drowsy.", "A knock, and drowsy.")

    rulebook = load(folder)

    assert rulebook.signed is False
    assert "edited after Sergeant Invented (training) signed" in rulebook.warnings[0]


def test_a_renamed_file_is_noticed(folder: Path) -> None:
    sign(folder, by=NAME, on=TODAY)
    (folder / "screening/rules.toml").rename(folder / "screening/other.toml")

    assert load(folder).signed is False


def test_signing_again_keeps_the_list_of_changes(folder: Path) -> None:
    change = '[[change]]\non = 2026-11-23\nwhat = "First rules"\nwho = "Nobody"\nsource = "Test"\n'
    (folder / "changes.toml").write_text("# Newest first.\n\n" + change, "utf-8")

    sign(folder, by='A "quoted" name', on=TODAY)
    sign(folder, by=NAME, on=TODAY)

    text = (folder / "changes.toml").read_text("utf-8")
    assert (text.count("signed_by"), text.count("[[change]]"), load(folder).signed) == (1, 1, True)
    assert load(folder).changes[0]["what"] == "First rules"


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 300])
def test_nobody_cannot_sign(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="by name"):
        sign(folder, by=name, on=TODAY)


def test_a_folder_with_faults_cannot_be_signed(folder: Path) -> None:
    edit(folder, "screening/rules.toml", "rouse >= pain", "rouse >= pan")

    with pytest.raises(RulebookRefused):
        sign(folder, by=NAME, on=TODAY)
    assert not (folder / "changes.toml").exists()


# Faults ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("screening/rules.toml", "rouse >= pain", "rouse >= pan", "Did you mean pain?"),
        ("screening/rules.toml", 'emergency"', 'emergncy"', "is one of routine, soon"),
        ("screening/rules.toml", "needs = { physical", "needs = { fysical", "is not one of needs"),
        ("screening/rules.toml", '["hospital_now"]', '["hospital"]', "is not an action"),
        ("screening/rules.toml", '["custody_sergeant"]', '["sergeant"]', "is not an addressee"),
        ("screening/rules.toml", 'do = ["hospital_now"]', "", "needs at least one action"),
        ("screening/rules.toml", "lesson =", "leson =", "Did you mean lesson?"),
        ("screening/rules.toml", 'confidence = "read"', 'confidence = "sure"', "confidence is one"),
        ("screening/rules.toml", "2026-11-23", '"2026-11-23"', "without quotes"),
        ("screening/rules.toml", 'because = "Cannot be woken."', "", "because is missing"),
        ("screening/rules.toml", 'id = "drugs"', 'id = "head-knock"', "Two of the same id"),
        ("screening/rules.toml", 'if_unknown = "soon"', 'if_unknown = "emergency"', "above the"),
        ("screening/rules.toml", 'law = "NEW"', 'law = "NEWER"', "is not a row of law/"),
        ("screening/rules.toml", "closed_by = ", "closed_by = 'confused' #", "declared to close"),
        ("screening/rules.toml", "tell_police", "# tell_police", "It reads a clinical fact"),
        ("screening/rules.toml", "[[conflict]]", "[[conflct]]", "Did you mean conflict?"),
        ("screening/rules.toml", "raises = [", "raises = 3 #", "list of texts"),
        ("screening/questions.toml", 'nothing = "no"', 'nothing = "nil"', "one of the options"),
        ("screening/questions.toml", 'nothing = "no"', "", "declares its harmless answer"),
        ("screening/questions.toml", '["no", "No"]', '["no"]', 'a list of ["id", "words"]'),
        ("screening/questions.toml", '["no", "No"]', '["knock_red", "No"]', "same id"),
        ("screening/questions.toml", 'id = "head_knock"', 'id = "Head"', "small letters"),
        ("screening/questions.toml", 'id = "head_knock"', 'id = "confused"', "Two of the same id"),
        (
            "screening/questions.toml",
            "count(drugs_month)",
            "count(drugs_mont)",
            "Did you mean drugs_mon",
        ),
        (
            "screening/questions.toml",
            'branch = "drugs_today"',
            'branch = "which_today in (opioid)"',
            "depend on each other in a circle",
        ),
        ("screening/facts.toml", 'id = "age"', 'id = "height"', "hold no fact of this name"),
        ("screening/facts.toml", 'concerning = "down"', 'concerning = "left"', "concerning is"),
        ("screening/definitions.toml", 'id = "child"', 'id = "not"', "no word of ours"),
        ("screening/actions.toml", "rank = 1", 'rank = "one"', "a whole number"),
        ("routes/routes.toml", 'id = "womens_centre"', 'id = "womans_centre"', "Did you mean wom"),
        ("routes/routes.toml", 'axis = "support"', 'axis = "duty"', "does not stand on the duty"),
        ("routes/routes.toml", 'exclude = "child"', "", "leaves children out"),
        ("routes/routes.toml", '["evidence_ready", ', '["offence", ', "is not a yes or no fact"),
        ("routes/routes.toml", 'route = "womens_centre"', 'route = "gp"', "route is one of"),
        ("law/law.toml", 'kind = "law"', 'kind = "practice"', "names its owner"),
        ("law/law.toml", 'kind = "law"', 'kind = "law"\nin_force_to = 2026-01-01', "in_force_to"),
        ("law/law.toml", "[[row]]", "[[rows]]", "Here stand only [[row]]"),
        ("practice/rescreen.toml", "emergency = 15", "", "emergency is missing"),
        ("practice/rescreen.toml", "[default]", "[standard]", "not known here"),
    ],
)
def test_each_fault_is_told_in_a_sentence_with_its_place(
    folder: Path, file: str, old: str, new: str, sentence: str
) -> None:
    edit(folder, file, old, new)

    told = faults(folder)

    assert any(sentence in fault for fault in told), told


def test_every_fault_is_listed_with_file_line_and_id(folder: Path) -> None:
    edit(folder, "screening/rules.toml", "rouse >= pain", "rouse >= pan")
    edit(folder, "routes/routes.toml", '"drug_test == positive"', '"drug_tst == positive"')

    assert faults(folder) == [
        "routes/routes.toml:59 [drug_test_required_assessment] when: drug_tst is not a question, "
        "observation, fact or definition. Did you mean drug_test?",
        "screening/rules.toml:2 [cannot-be-woken] when: pan is not an option of rouse. "
        "Did you mean pain?",
    ]


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("screening/extra.toml", b"\xff\xfe", "is not UTF-8"),
        ("screening/extra.toml", b"a = ", "is not TOML"),
        ("screening/extra.toml", b"a = " + b"[" * 20_000, "is not TOML"),
        ("screening/extra.toml", b"#" * (MAX_FILE + 1), "is larger than"),
        ("screening/extra.toml", b"rule = 3", "Here stand only"),
        ("screening/extra.json", b"{}", "Only .toml and .md"),
        ("extra.toml", b"", "in no known part"),
        ("law/extra.toml", b"[[row]]\nid = 3", "id should be a text"),
        ("instruments/broken.toml", b"id = 'broken'", "instruments/broken.toml"),
    ],
)
def test_a_file_that_does_not_belong_is_named(
    folder: Path, file: str, content: bytes, sentence: str
) -> None:
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_bytes(content)

    assert any(sentence in fault for fault in faults(folder))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("needs = drugs", "screening/rules.toml:4 [file] The file is not TOML: "),
        ('id = "twice"', "screening/rules.toml:4 [file] The file is not TOML: "),
        ("note_id =", "screening/rules.toml:4 [file] The file is not TOML: "),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_the_line(
    folder: Path, line: str, fault: str
) -> None:
    lines = (folder / "screening/rules.toml").read_text("utf-8").splitlines()
    lines.insert(3, line)
    (folder / "screening/rules.toml").write_text("\n".join(lines), "utf-8")

    assert [each[: len(fault)] for each in faults(folder)] == [fault]


def test_the_rules_are_the_same_where_the_fast_reader_is_not_installed() -> None:
    """Two readers of one file could differ; on our rules they do not."""
    shown = "import hashlib; from triage.rules_files import load, rules_dir; " + (
        "print(hashlib.sha256(repr(load(rules_dir(), draft=True)).encode()).hexdigest())"
    )
    without = f"import sys; sys.modules['rtoml'] = None; {shown}"
    said = [
        subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
        for text in (shown, without)
    ]

    assert said[0].stdout == said[1].stdout != ""


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "There is no rules folder here." in faults(tmp_path / "nowhere")[0]


# Whatever happens to the files ------------------------------------------------------------------


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.toml") if path.name != "changes.toml")


def test_a_file_cut_at_any_line_is_refused_or_unsigned(folder: Path) -> None:
    sign(folder, by=NAME, on=TODAY)
    chance = random.Random(1)

    for path in _files(folder):
        whole = path.read_text("utf-8")
        lines = whole.splitlines(keepends=True)
        cuts = chance.sample(range(len(lines)), min(len(lines), depth(8, len(lines))))
        for cut in cuts:
            path.write_text("".join(lines[:cut]), "utf-8")
            assert _refused_or_unsigned(folder), (path.name, cut)
        path.write_text(whole, "utf-8")


def test_a_file_edited_anywhere_is_refused_or_unsigned(folder: Path) -> None:
    sign(folder, by=NAME, on=TODAY)
    chance = random.Random(2)
    files = _files(folder)

    for _ in range(depth(60, 5_000)):
        path = chance.choice(files)
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        junk = chance.choice([b"", b"\0", b"(", b'"', b"[", b"0", b"\xe2", b"=", b"x" * 50])
        path.write_bytes(whole[:place] + junk + whole[place + 1 :])
        assert path.read_bytes() == whole or _refused_or_unsigned(folder), (path.name, place, junk)
        path.write_bytes(whole)


def test_a_check_that_trusts_the_count_of_rules_alone_would_be_found_out(folder: Path) -> None:
    sign(folder, by=NAME, on=TODAY)
    edit(folder, "screening/actions.toml", "Hospital now.", "Hospital later.")

    rulebook = load(folder)

    assert rulebook.signature is not None
    assert rulebook.signature.rules == len(rulebook.rules)  # the count alone says nothing
    assert rulebook.signed is False


def _refused_or_unsigned(folder: Path) -> bool:
    try:
        return not load(folder).signed
    except RulebookRefused as refused:
        return bool(refused.faults)
