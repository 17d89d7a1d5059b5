"""Options and files that several commands share."""

import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triage.domain.errors import InputError, Problem

if TYPE_CHECKING:
    from triage.domain.rulebook import Rulebook
    from triage.settings import Settings

RULES = click.option(
    "--rules", metavar="DIR", help="Use this rules folder instead of the one in use."
)
ASSUME = click.option(
    "--assume",
    multiple=True,
    metavar="ROW=DATE",
    help="Rehearse: take a row of law as in force from a day. Can be given more than once.",
)
AT = click.option(
    "--at",
    metavar="TIME",
    help="The moment to look from, such as 2026-10-25T00:40:00Z. Wins over the file; else now.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON instead of words.")


def document(file: str) -> dict[str, Any]:
    """The object in a JSON or TOML file, or on standard input for ``-``; raises InputError."""
    from triage.schemas import documents

    if file == "-":
        return documents.read(sys.stdin.buffer)
    try:
        with Path(file).open("rb") as stream:
            return documents.read(stream, name=file)
    except (OSError, ValueError) as error:
        raise InputError.at("", f"{_shown(file)}: {_why(error)}") from None
    except InputError as error:
        raise InputError(
            Problem(f"{_shown(file)} {each.field}".strip(), each.problem) for each in error.problems
        ) from None


def settings() -> "Settings":
    """The settings of the instance folder: ``TRIAGE_INSTANCE``, else ``instance`` right here."""
    from triage.settings import Settings

    return Settings.load(Path(os.environ.get("TRIAGE_INSTANCE", "instance")))


def rules_folder(folder: str | None) -> Path:
    """The rules folder that a command means: as given, else as set, else as shipped."""
    from triage import rules_files

    return Path(folder) if folder else settings().rules or rules_files.rules_dir()


def rulebook(folder: str | None, assume: Sequence[str] = (), *, draft: bool = False) -> "Rulebook":
    """The rulebook of a folder, by default the one in use, with rows assumed for rehearsal.

    The site's file lies over both, so that comparing them shows what the folders say differently.
    """
    from triage import rules_files

    loaded = rules_files.load(rules_folder(folder), site=settings().site, draft=draft)
    return loaded.assume(_assumed(each, loaded) for each in assume) if assume else loaded


def moment(text: str | None, option: str = "--at") -> datetime | None:
    """The moment that an option gives, or None when it was not given; raises InputError."""
    if text is None:
        return None
    from marshmallow import ValidationError

    from triage.schemas.fields import AwareUTC
    from triage.schemas.refusals import input_error

    try:
        return AwareUTC().deserialize(text)
    except ValidationError as error:
        raise input_error(error, under=option) from None


def password() -> str:
    """A password as it is typed and not shown, or read as one line where nobody types."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, err=True)
        return typed
    return sys.stdin.readline().rstrip("\n")


def _assumed(text: str, rulebook: "Rulebook") -> tuple[str, date]:
    row, _, day = text.partition("=")
    if row not in rulebook.law.rows:
        near = get_close_matches(row, rulebook.law.rows, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InputError.at("--assume", f"no row of law has this name{hint}", rulebook.law.rows)
    try:
        return row, date.fromisoformat(day)
    except ValueError:
        raise InputError.at("--assume", "must be ROW=DATE, with a day such as 2026-11-23") from None


def _shown(file: str) -> str:
    """The name of a file, short and printable."""
    name = "".join(each if each.isprintable() else "?" for each in file)
    return name if len(name) <= 60 else f"...{name[-57:]}"


def _why(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "is a folder, not a file"
        case PermissionError():
            return "may not be read; ask who owns it"
        case OSError():
            return f"cannot be read: {error.strerror or 'the system refused'}"
    return "is not the name of a file"
