"""The rows of rules/law and the one ladder, as they stand on disk."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triage.domain.dated import Confidence, Kind, Law, Row

RULES = Path(__file__).resolve().parent.parent / "rules"
_ABSENT = {"in_force_from": None, "in_force_to": None, "owner": ""}


def _row(table: Mapping[str, Any]) -> Row:
    named = {"kind": Kind(table["kind"]), "confidence": Confidence(table["confidence"])}
    return Row(**{**_ABSENT, **table, **named})


def _tables(path: Path) -> list[dict[str, Any]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))["row"]


ROWS = [_row(table) for path in sorted((RULES / "law").glob("*.toml")) for table in _tables(path)]
LAW = Law({row.id: row for row in ROWS})
LADDER = tomllib.loads((RULES / "practice" / "alerts.toml").read_text(encoding="utf-8"))
