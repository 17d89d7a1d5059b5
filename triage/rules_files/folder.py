"""The bytes of a rules folder: read within limits, parsed as TOML, and covered by one signature."""

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

from triage.domain.errors import Fault

CHANGES = "changes.toml"
SITE = ".site/"  # a hidden folder: no file of a rules folder itself can ever stand there
MAX_FILE = 512 * 1024
MAX_FILES = 400
_AT_LINE = re.compile(r"at line (\d+),? column \d+")


def _reader() -> tuple[Callable[[str], dict[str, Any]], type[ValueError]]:
    """The fast reader of TOML with its error; the standard one where no wheel of it is built."""
    try:
        fast = import_module("rtoml")
    except ImportError:
        return tomllib.loads, tomllib.TOMLDecodeError
    return fast.loads, fast.TomlParsingError


_loads, _NotToml = _reader()


@dataclass(frozen=True)
class Source:
    """One file of the folder: its path inside it, its text, and what the text says."""

    file: str
    text: str
    data: dict[str, Any]

    @cached_property
    def part(self) -> str:
        """The part of the folder that the file stands in; of a file at the top, its own name."""
        return self.file.partition("/")[0]

    def line_of(self, key: str, value: str) -> int | None:
        """The line on which ``key = "value"`` stands."""
        found = re.search(rf'(?m)^\s*{re.escape(key)}\s*=\s*"{re.escape(value)}"', self.text)
        return None if found is None else self.text.count("\n", 0, found.end()) + 1

    def line_of_key(self, key: str) -> int | None:
        """The line on which a key or table of the top first stands."""
        found = re.search(rf"(?m)^[ \t]*\[{{0,2}}[ \t]*{re.escape(key)}\b", self.text)
        return None if found is None else self.text.count("\n", 0, found.end()) + 1


@dataclass(frozen=True)
class Folder:
    """All that stands in a rules folder."""

    sources: tuple[Source, ...]
    sha256: str  # over every file besides changes.toml, by path and bytes
    faults: tuple[Fault, ...]
    sites: tuple[Source, ...] = ()  # what a site lays over it, which nobody's signature covers
    total: str = ""  # over the site's file as well
    changes: bytes = b""  # changes.toml, which the signature covers beside the sum

    @property
    def fingerprint(self) -> str:
        """The name of all that speaks: the folder, and what the site lays over it."""
        return (self.total or self.sha256)[:16]


def read(folder: Path) -> Folder:
    """What stands in a folder, with a fault for each file that cannot be read as it should be."""
    return of_texts(texts(folder), name=folder.name)


def texts(folder: Path) -> dict[str, bytes]:
    """The bytes of every visible file by its path inside the folder, read within limits.

    One file more than the limit is read, and one byte more of a long one, so that both are faults.
    """
    return {name: _bytes(path) for name, path in _paths(folder)[: MAX_FILES + 1]}


def site_texts(site: Path | None) -> dict[str, bytes]:
    """The bytes of a site's file, as they stand among the texts of the folder it is laid over."""
    return {} if site is None else {f"{SITE}{site.name}": _bytes(os.fspath(site))}


def stamp(folder: Path, site: Path | None = None) -> str:
    """Something that changes when a file of the folder or of the site does; reads none of them."""
    total = hashlib.sha256()
    paths = [path for _, path in _paths(folder)[: MAX_FILES + 1]]
    for path in [*paths, *([] if site is None else [os.fspath(site)])]:
        try:
            at = Path(path).stat()
            seen = f"{at.st_mtime_ns}:{at.st_size}:{at.st_ino}"
        except OSError:
            seen = "gone"
        total.update(f"{path}:{seen}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def of_texts(files: Mapping[str, bytes], *, name: str = "rules") -> Folder:
    """The same, of bytes that were read before: from a folder, or from the record."""
    faults: list[Fault] = []
    contents = [(file, files[file]) for file in sorted(files) if not file.startswith(SITE)]
    laid = [(file, files[file]) for file in sorted(files) if file.startswith(SITE)]
    if not contents:
        faults.append(Fault(name, None, "folder", "There is no rules folder here."))
    if len(contents) > MAX_FILES:
        faults.append(Fault(name, None, "folder", f"More than {MAX_FILES} files are not read."))
        contents = contents[:MAX_FILES]
    sources = []
    for file, content in contents:
        source = _source(file, content, faults)
        if source is not None:
            sources.append(source)
    sites = tuple(source for each in laid if (source := _site(*each, faults)) is not None)
    total = _digest([*contents, *laid]) if laid else ""
    changes = files.get(CHANGES, b"")
    return Folder(tuple(sources), _digest(contents), tuple(faults), sites, total, changes)


def _site(file: str, content: bytes, faults: list[Fault]) -> Source | None:
    """A site's file, under the name that its own people gave it."""
    name = file.removeprefix(SITE)
    if name.endswith(".toml"):
        return _source(name, content, faults)
    faults.append(Fault(ascii(name)[1:-1], None, "file", "A site's file is a .toml file."))
    return None


def _paths(folder: Path) -> list[tuple[str, str]]:
    """Every visible file: its path inside the folder, by which they are ordered, and the whole."""
    top = os.fspath(folder)
    found = []
    for root, folders, files in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        inside = root[len(top) :].replace(os.sep, "/").strip("/")
        for name in files:
            if not name.startswith("."):
                found.append((f"{inside}/{name}" if inside else name, f"{root}{os.sep}{name}"))
    return sorted(found)


def _bytes(path: str) -> bytes:
    with BufferedReader(FileIO(path)) as file:
        # Room is asked for by what the file says of itself: room for the longest, seventy times
        # over, cost more than reading them. Of one that says too little the rest is read as well.
        said = min(os.fstat(file.fileno()).st_size, MAX_FILE)
        content = file.read(said + 1)
        return content if len(content) <= said else content + file.read(MAX_FILE - said)


def _digest(contents: Iterable[tuple[str, bytes]]) -> str:
    """One sum over paths and bytes. Lengths stand between, so nothing can slide from one file
    into the next."""
    total = hashlib.sha256()
    for file, content in contents:
        if file != CHANGES:
            name = file.encode("utf-8", "surrogateescape")
            total.update(b"%d:%b%d:" % (len(name), name, len(content)))
            total.update(content)
    return total.hexdigest()


def _source(file: str, content: bytes, faults: list[Fault]) -> Source | None:
    if file.endswith(".md"):
        return None
    shown = ascii(file)[1:-1]
    if not file.endswith(".toml"):
        faults.append(Fault(shown, None, "file", "Only .toml and .md files belong here."))
        return None
    if len(content) > MAX_FILE:
        faults.append(Fault(shown, None, "file", f"The file is larger than {MAX_FILE} bytes."))
        return None
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
        return Source(file, text, _loads(text))
    except UnicodeDecodeError:
        faults.append(Fault(shown, None, "file", "The file is not UTF-8 text."))
    except _NotToml as error:
        at = _AT_LINE.search(str(error))
        line = int(at.group(1)) if at else None
        faults.append(Fault(shown, line, "file", f"The file is not TOML: {error}."))
    except (ValueError, RecursionError):
        faults.append(Fault(shown, None, "file", "The file is not TOML that can be read."))
    return None
