"""rules/ on disk -> a Rulebook. All or nothing: every fault is listed, nothing is half loaded."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from triage.domain.errors import Fault, RulebookRefused
from triage.domain.rulebook import Rulebook
from triage.rules_files import folder as folders
from triage.rules_files.building import build
from triage.rules_files.folder import CHANGES, site_texts, stamp, texts

__all__ = ["load", "load_texts", "rules_dir", "sign", "site_texts", "stamp", "texts"]

_SIGNATURE_KEYS = re.compile(r"(?m)^\s*(signed_by|signed_on|sha256|rules)\s*=.*\n?")


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
    rulebook, _ = build(folders.of_texts(files, name=folder.name), draft=draft)
    return rulebook


def load_texts(files: Mapping[str, bytes], *, draft: bool = False) -> Rulebook:
    """The rulebook of texts that were read before, by path: what ``load`` makes of a folder.

    Texts that the record kept come back as the very rulebook that they were, signed or not.
    """
    rulebook, _ = build(folders.of_texts(files), draft=draft)
    return rulebook


def sign(folder: Path, *, by: str, on: date) -> str:
    """Signs a folder that has no faults: writes changes.toml and gives the sha256 it covers.

    Raises RulebookRefused where there are faults, ValueError where ``by`` names nobody.
    """
    if not by.strip() or not by.isprintable() or len(by) > 200:
        raise ValueError("Somebody signs the rules by name.")
    contents = folders.read(folder)
    _, count = build(contents, draft=True)
    path = folder / CHANGES
    kept = path.read_text("utf-8") if path.exists() else ""
    head, mark, changes = kept.partition("[[change]]")
    head = _SIGNATURE_KEYS.sub("", head).strip()
    lines = [
        *([head] if head else []),
        f"signed_by = {json.dumps(by, ensure_ascii=False)}",
        f"signed_on = {on.isoformat()}",
        f'sha256 = "{contents.sha256}"',
        f"rules = {count}",
    ]
    text = "\n".join(lines) + "\n" + (f"\n{mark}{changes}" if mark else "")
    fresh = path.with_suffix(".new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)
    return contents.sha256
