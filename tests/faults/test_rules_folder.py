"""The rules that ship, cut at every line of every file and edited at random.

Whatever is left of the folder is refused or unsigned, with the reason; it is never taken for
signed, never a traceback, and never without an end. The last signed rulebook goes on.
"""

import random
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.depth import depth
from triage.domain.errors import RulebookRefused
from triage.rules_files import building, load_texts, rules_dir, sign, signature, texts

ON = date(2026, 11, 23)
BY = "Invented Lead (training)"
FILES = sorted(texts(rules_dir()))
ENDLESS = 300  # seconds: not how fast it is, but when we stop waiting for something endless
Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules that ship, signed by nobody real."""
    copy = Path(shutil.copytree(rules_dir(), tmp_path_factory.mktemp("cut") / "rules"))
    sign(copy, by=BY, on=ON)
    return copy


@pytest.fixture(scope="module")
def whole(folder: Path) -> Files:
    return texts(folder)


@contextmanager
def an_end() -> Iterator[None]:
    """What never ends is a failure here, and does not hold up the run for ever."""

    def ended(*_: Any) -> None:
        raise TimeoutError("It has no end.")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(ENDLESS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def flaw(files: Files) -> str:
    """What is wrong with how these texts were taken; empty where they were refused as they
    should be, or are unsigned and say so."""
    try:
        with an_end():
            rulebook = load_texts(files)
    except RulebookRefused as refused:
        told = [str(fault) for fault in refused.faults]
        dumb = [each for each in told if not each.strip().endswith((".", "?"))]
        return "" if told and not dumb else f"refused without a sentence: {dumb}"
    except Exception as error:
        return f"not a refusal but {error!r}"
    if rulebook.signed:
        return f"taken for signed by {rulebook.signature and rulebook.signature.by}"
    said = ("were edited after", "Nobody has signed these rules.")
    return "" if any(each in rulebook.warnings[0] for each in said) else "unsigned and not said"


def cuts_of(content: bytes, file: str) -> list[int]:
    """Before how many of its lines a file is cut: all of them at full depth, else a few."""
    count = len(content.splitlines())
    few = min(count, depth(3, count))
    return sorted(random.Random(f"{file} 20261123").sample(range(count), few))


def cut(content: bytes, at: int) -> bytes:
    return b"".join(content.splitlines(keepends=True)[:at])


@pytest.mark.parametrize("file", FILES)
def test_a_shipped_file_cut_before_any_line_is_refused_or_unsigned(whole: Files, file: str):
    content = whole[file]

    flaws = {
        at + 1: found
        for at in cuts_of(content, file)
        if (found := flaw({**whole, file: cut(content, at)}))
    }

    assert flaws == {}


@pytest.mark.parametrize("file", FILES)
def test_a_shipped_file_that_is_gone_is_refused_or_unsigned(whole: Files, file: str):
    left = {name: content for name, content in whole.items() if name != file}

    assert flaw(left) == ""


JUNK: Sequence[bytes] = (
    b"", b" ", b"\n", b"\0", b"\xe2", b"\xff", b"(", b'"', b"'", b"[", b"]]", b"{", b"}", b"=",
    b"#", b"0", b"-1", b"9" * 400, b"not ", b" or always", b" and never", b"nan", b"\\u0000",
    b"[[rule]]\n", b"[[change]]\n", b"2026-02-30", b"((((((((((", b"signed_by = \"Nobody\"\n",
)  # fmt: skip


def edited(whole: Files, chance: random.Random) -> tuple[str, dict[str, bytes]]:
    """The folder after one random edit, and what was done."""
    file, other = chance.sample(FILES, 2)
    content = whole[file]
    lines = content.splitlines(keepends=True)
    at, to = chance.randrange(len(content)), chance.randrange(len(lines))
    line = chance.randrange(len(lines))
    kind = chance.choice(("bit", "bytes", "bytes", "gone", "twice", "moved", "swapped", "renamed"))
    after = dict(whole)
    match kind:
        case "bit":
            turned = bytes([content[at] ^ 1 << chance.randrange(8)])
            after[file] = content[:at] + turned + content[at + 1 :]
        case "bytes":
            end = at + chance.choice((0, 0, 1, 1, 20, 400))
            after[file] = content[:at] + chance.choice(JUNK) + content[end:]
        case "gone":
            after[file] = b"".join(lines[:line] + lines[line + 1 :])
        case "twice":
            after[file] = b"".join(lines[: line + 1] + lines[line:])
        case "moved":
            moved = lines.pop(line)
            after[file] = b"".join([*lines[:to], moved, *lines[to:]])
        case "swapped":
            after[file], after[other] = whole[other], content
        case _:
            after[f"{file.removesuffix('.toml')}-2.toml"] = after.pop(file)
    return f"{file}: {kind} at byte {at}, line {line + 1} (to {to + 1}, {other})", after


def test_a_folder_edited_anywhere_is_refused_or_unsigned(whole: Files):
    chance = random.Random(20261123)
    flaws = {}
    for _ in range(depth(60, 2_000)):
        done, after = edited(whole, chance)
        if after != whole and (found := flaw(after)):
            flaws[done] = found

    assert flaws == {}


def test_a_whole_folder_is_signed_as_it_was(whole: Files):
    """The twin: nothing was done to it, and that is no refusal."""
    assert flaw(whole) == f"taken for signed by {BY}"


def test_a_signature_that_left_the_list_of_changes_and_the_names_out_would_be_found(
    whole: Files, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(signature, "_sum", lambda sha256, changes: sha256)
    folder = Path(shutil.copytree(rules_dir(), tmp_path / "rules"))
    sign(folder, by=BY, on=ON)
    lazily = texts(folder)
    other = lazily["changes.toml"].replace(BY.encode(), b"Somebody Else")
    last = len(lazily["changes.toml"].splitlines()) - 1

    assert flaw({**lazily, "changes.toml": other}) == "taken for signed by Somebody Else"
    assert "taken for signed" in flaw({**lazily, "changes.toml": cut(other, last)})


def test_a_reader_that_breaks_or_has_no_end_would_be_found(
    whole: Files, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*_: Any, **__: Any) -> Any:
        raise KeyError("when")

    def waits(*_: Any, **__: Any) -> Any:
        signal.raise_signal(signal.SIGALRM)  # as it comes after ENDLESS seconds

    monkeypatch.setattr(building._Builder, "unique", breaks)
    broken = flaw(whole)
    monkeypatch.setattr(building._Builder, "unique", waits)
    endless = flaw(whole)

    assert broken == "not a refusal but KeyError('when')"
    assert endless == "not a refusal but TimeoutError('It has no end.')"
