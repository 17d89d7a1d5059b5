"""What others wrote lies here as it came."""

import tomllib
from hashlib import sha256
from pathlib import Path

import triage.web

STATIC = Path(triage.web.__file__).parent / "static"
OURS = {
    "triage.css", "review.css", "copy.js", "docs.css", "docs.js", "siren.js", "siren_worker.js",
    "sound.js", "sound_test.js", "live.js", "screening.js", "icon.svg", "vendored.toml",
}  # fmt: skip
PAPERS = {"LICENSE.txt", "NOTICE.txt", "swagger-ui-bundle.js.LICENSE.txt"}


def listed() -> dict[str, str]:
    document = tomllib.loads((STATIC / "vendored.toml").read_text(encoding="utf-8"))
    return {each["path"]: each["sha256"] for each in document["file"]}


def test_every_vendored_file_has_the_hash_that_it_came_with():
    found = {path: sha256((STATIC / path).read_bytes()).hexdigest() for path in listed()}

    assert found == listed()


def test_every_static_file_is_ours_or_listed():
    files = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    theirs = {path for path in files if path not in OURS and Path(path).name not in PAPERS}

    assert theirs == set(listed())


def test_every_vendored_file_has_a_licence_beside_it():
    folders = {(STATIC / path).parent for path in listed()}

    assert all((folder / "LICENSE.txt").is_file() for folder in folders)
