"""Which versions are running."""

import sys
from importlib.metadata import PackageNotFoundError, version


def own() -> str:
    """The version of this service; a bare checkout that nobody installed says so."""
    return _of("custody-triage") or "not installed (running from the folder)"


def parts() -> dict[str, str]:
    """The versions that matter when something behaves differently on another machine."""
    names = ("click", "marshmallow", "flask", "pysqlite3")
    found = {name: _of(name) or "missing" for name in names}
    return {"python": sys.version.split()[0], **found}


def _of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
