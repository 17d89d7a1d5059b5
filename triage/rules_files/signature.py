"""changes.toml: who signed the folder, over which bytes, and what changed."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from triage.domain.errors import Fault
from triage.domain.rulebook import Signature
from triage.rules_files.folder import CHANGES, Folder
from triage.rules_files.table import Table

_KEYS = re.compile(rb"(?m)^[ \t]*(?:signed_by|signed_on|sha256|rules)[ \t]*=.*\n?")
_FIRST_CHANGE = re.compile(rb"(?m)^[ \t]*\[\[[ \t]*change\b")
_SUM = re.compile(rb'(?m)^sha256 = "[0-9a-f]*"')


def signature_of(
    folder: Folder, faults: list[Fault]
) -> tuple[Signature | None, tuple[Mapping[str, Any], ...]]:
    """Who signed the folder, if anybody did, and the list of changes."""
    source = next((s for s in folder.sources if s.file == CHANGES), None)
    if source is None:
        return None, ()
    changes = tuple(
        _change(Table(source, t, faults, key="what")) for t in _dicts(source.data.get("change", []))
    )
    head = {k: v for k, v in source.data.items() if k != "change"}
    if not head:
        return None, changes
    table = Table(source, head, faults, key="signed_by")
    signature = Signature(
        table.text("signed_by"),
        table.day("signed_on"),
        table.text("sha256"),
        table.whole("rules", 0, 1_000_000),
    )
    table.end()
    return signature, changes


def _change(table: Table) -> Mapping[str, Any]:
    change = {
        "on": table.day("on"),
        "what": table.text("what"),
        "who": table.text("who"),
        "source": table.text("source", ""),
    }
    table.end()
    return change


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def signed_changes(kept: bytes, *, sha256: str, by: str, on: date, rules: int) -> bytes:
    """changes.toml as it is signed: what stood above the list of changes, the signature, the list.

    ``sha256`` is the sum over the rest of the folder, and ``rules`` how many rules it holds.
    """
    first = _FIRST_CHANGE.search(kept)
    start = len(kept) if first is None else first.start()
    head, changes = _KEYS.sub(b"", kept[:start]).strip(), kept[start:]
    lines = [
        f"signed_by = {json.dumps(by, ensure_ascii=False)}",
        f"signed_on = {on.isoformat()}",
        'sha256 = ""',
        f"rules = {rules}",
    ]
    signature = "".join(f"{line}\n" for line in lines).encode()
    text = (head and head + b"\n") + signature + (changes and b"\n" + changes)
    return _SUM.sub(b'sha256 = "%b"' % _sum(sha256, text).encode(), text, count=1)


def holds(signature: Signature | None, folder: Folder, rules: int) -> bool:
    """Whether this signature stands under these very bytes, changes.toml itself included."""
    return signature is not None and (signature.sha256, signature.rules) == (
        _sum(folder.sha256, folder.changes),
        rules,
    )


def _sum(sha256: str, changes: bytes) -> str:
    """The sum over the rest of the folder and every byte of changes.toml but this sum itself."""
    bare = _SUM.sub(b'sha256 = ""', changes, count=1)
    return hashlib.sha256(b"%b:%b" % (sha256.encode(), bare)).hexdigest()


def unsigned(signature: Signature | None) -> str:
    """The warning about a folder whose signature does not stand."""
    if signature is None:
        return "Nobody has signed these rules."
    return f"The rules were edited after {signature.by} signed them on {signature.on}."
