"""What every verb stands on: one record, one rulebook, one installation's settings."""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from triage.domain.rulebook import Rulebook
from triage.record import Actor, EventKind, NewEvent, Record
from triage.rules_files import load, rules_dir
from triage.settings import Settings


@dataclass(frozen=True)
class Service:
    """Handed to every verb; holds no state of its own."""

    record: Record
    rulebook: Rulebook
    settings: Settings


def service(settings: Settings, *, create: bool = False) -> Service:
    """The service of one installation; ``create`` makes or migrates its record first.

    Raises RulebookRefused when the rules have faults, NoStore or OlderSchema when the record is
    not there or not migrated.
    """
    folder = settings.rules or rules_dir()
    rulebook = load(folder)
    if settings.suites is not None:
        suites = tomllib.loads(settings.suites.read_text(encoding="utf-8"))
        practice = {**rulebook.practice, "suites": suites}
        rulebook = replace(rulebook, practice=MappingProxyType(practice))
    if create:
        settings.instance.mkdir(parents=True, exist_ok=True)
    return Service(Record.open(settings.database, create=create), rulebook, settings)


def adopt(service: Service, *, actor: Actor, now: datetime) -> bool:
    """Keep the rulebook's texts in the record, so that each decision can be run again later.

    Returns whether it is new here; then every open stay is planned anew by the next pass.
    """
    folder = service.settings.rules or rules_dir()
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    book = service.rulebook
    with service.record.writing(now=now) as writing:
        new = writing.keep_rulebook(book.fingerprint, files, signed=book.signed, adopted_at=now)
        if new:
            header = {"rulebook": book.fingerprint, "signed": book.signed}
            writing.append(NewEvent(EventKind.RULEBOOK_ADOPTED, actor, now, header=header))
    return new


def suites_of(service: Service) -> tuple[tuple[str, str], ...]:
    """The suites that are set up here, by id and name."""
    table = service.rulebook.practice.get("suites", {})
    return tuple((each["id"], each.get("name", each["id"])) for each in table.get("suite", ()))
