"""changes.toml: who signed the folder, over which bytes, and what changed."""

from collections.abc import Mapping
from typing import Any

from triage.domain.errors import Fault
from triage.domain.rulebook import Signature
from triage.rules_files.folder import CHANGES, Folder
from triage.rules_files.table import Table


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


def unsigned(signature: Signature | None) -> str:
    """The warning about a folder whose signature does not stand."""
    if signature is None:
        return "Nobody has signed these rules."
    return f"The rules were edited after {signature.by} signed them on {signature.on}."
