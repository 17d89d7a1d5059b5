"""rules/ on disk -> a Rulebook. All or nothing: every fault is listed, nothing is half loaded."""

import gc
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from triage.domain.errors import Fault, RulebookRefused
from triage.domain.rulebook import Rulebook
from triage.rules_files import folder as folders
from triage.rules_files.building import build
from triage.rules_files.folder import CHANGES, site_texts, stamp, texts
from triage.rules_files.signature import signed_changes

__all__ = ["load", "load_texts", "rules_dir", "sign", "site_texts", "stamp", "texts"]


def rules_dir() -> Path:
    """The folder that ships with the service: beside the package, or inside the wheel."""
    inside = Path(__file__).parent.parent / "_rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent / "rules"


def load(folder: Path, *, site: Path | None = None, draft: bool = False) -> Rulebook:
    """The rulebook of a folder. Raises RulebookRefused with every fault.

    A folder that is not signed, or was edited since, loads with ``signed`` False and a warning;
    ``draft`` leaves the warning out. ``site`` is the file that a site lays over the folder.
    """
    try:
        files = {**folders.texts(folder), **site_texts(site)}
    except OSError as error:
        named = site if site is not None and error.filename == str(site) else folder
        why = f"It cannot be read: {error.strerror or 'the system refused'}."
        raise RulebookRefused([Fault(named.name, None, "file", why)]) from error
    return _built(files, folder.name, draft=draft)


def load_texts(files: Mapping[str, bytes], *, draft: bool = False) -> Rulebook:
    """The rulebook of texts that were read before, by path: what ``load`` makes of a folder.

    Texts that the record kept come back as the very rulebook that they were, signed or not.
    """
    return _built(files, "rules", draft=draft)


def _built(files: Mapping[str, bytes], name: str, *, draft: bool) -> Rulebook:
    """Nothing is collected meanwhile: of all that is made here nearly all stays, and what goes is
    freed as it goes, so that looking for lost circles, over and over, would find none."""
    collecting = gc.isenabled()
    if collecting:  # whoever finds it off leaves it off, so that two at once leave it as it was
        gc.disable()
    try:
        rulebook, _ = build(folders.of_texts(files, name=name), draft=draft)
        return rulebook
    finally:
        if collecting:
            gc.enable()


def sign(folder: Path, *, by: str, on: date) -> str:
    """Signs a folder that has no faults: writes changes.toml and gives the sha256 of the rest.

    The signature covers every byte of both: who signed, when, and the list of changes as well.

    Raises RulebookRefused where there are faults, ValueError where ``by`` names nobody.
    """
    if not by.strip() or not by.isprintable() or len(by) > 200:
        raise ValueError("Somebody signs the rules by name.")
    contents = folders.read(folder)
    _, count = build(contents, draft=True)
    path = folder / CHANGES
    kept = path.read_bytes() if path.exists() else b""
    text = signed_changes(kept, sha256=contents.sha256, by=by, on=on, rules=count)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(text)
    fresh.replace(path)
    return contents.sha256
