"""What was typed at the desk and is not finished: whole on disk after every answer."""

import json
import os
from pathlib import Path
from typing import Any

ENDING = ".unfinished.json"


def keep(path: Path, document: dict[str, Any]) -> None:
    """Write it whole and for its owner alone; a write that breaks leaves the old one."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(document, file, ensure_ascii=True, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
