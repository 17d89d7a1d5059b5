"""Records as earlier releases left them."""

import gzip
import shutil
from pathlib import Path

from triage.record.dictionaries import words
from triage.record.engine import connect

_RECORDS = Path(__file__).parent / "records"


def kept(release: str, path: Path) -> Path:
    """A record of that release at this path, with its anchors beside it."""
    path.write_bytes(gzip.decompress((_RECORDS / f"{release}.db.gz").read_bytes()))
    shutil.copy(_RECORDS / f"{release}.anchors.log", path.with_name("anchors.log"))
    if release == "schema-5":
        _with_words(path, "2")
    return path


def _with_words(path: Path, name: str) -> None:
    """Put back the words of a packing: they lie beside the program, to the byte."""
    connection = connect(path)
    connection.execute(
        "insert into packings (name, words) values (:name, :words)",
        {"name": name, "words": words(name)},
    )
    connection.close()
