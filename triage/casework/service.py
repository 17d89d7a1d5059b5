"""What every verb stands on: one record, one rulebook, one installation's settings."""

import hashlib
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from triage.casework.in_force import InForce, Trouble, choose, require_rules
from triage.casework.stored import pack
from triage.domain.errors import InputError, NotAllowed
from triage.domain.rulebook import Rulebook
from triage.record import Actor, EventKind, NewEvent, Record, StoreError
from triage.record.events import as_json
from triage.rules_files import load_texts, rules_dir, site_texts, stamp, texts
from triage.settings import Settings

LOOK_EVERY = timedelta(seconds=5)
_NO_TEXTS = "The texts of the rules in use are not kept here. Tell whoever runs this service."
_RELOADER = Actor("timers", "Timers", "timers")


@dataclass(frozen=True)
class Service:
    """Handed to every verb; holds no state of its own.

    ``trouble`` says why the rules folder does not speak, where it does not. ``watch`` is shared by
    all that serve one folder: ``fresh`` asks it, once for each piece of work, so that no piece of
    work sees two rulebooks.
    """

    record: Record
    rulebook: Rulebook
    settings: Settings
    trouble: Trouble | None = None
    watch: "Watch | None" = None

    def fresh(self, now: datetime) -> "Service":
        """The same service with the rulebook that speaks now."""
        if self.watch is None:
            return self
        force = self.watch.look(now)
        if force.rulebook is self.rulebook and force.trouble is self.trouble:
            return self
        return replace(self, rulebook=force.rulebook, trouble=force.trouble)


@dataclass
class Watch:
    """Looks at the rules folder while the service runs; what is in force changes as one piece.

    A changed folder is read when two looks in a row saw the same, so that one that is just being
    copied is not taken for a broken one. What was signed and read goes on until a signed one comes.
    """

    record: Record
    settings: Settings
    force: InForce
    seen: str
    looked_at: datetime | None = None
    _changing: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, now: datetime) -> InForce:
        """What is in force; looks at the folder if nobody has for a few seconds."""
        if self._lock.acquire(blocking=False):
            try:
                if self.looked_at is None or abs(now - self.looked_at) >= LOOK_EVERY:
                    self.looked_at = now
                    self._look(now)
            finally:
                self._lock.release()
        return self.force

    def _look(self, now: datetime) -> None:
        there = stamp(_folder(self.settings), self.settings.site)
        if there == self.seen:
            self._changing = ""
            return
        if there != self._changing:
            self._changing = there
            return
        try:
            force = _in_force(self.record, self.settings)
            _keep(self.record, force, actor=_RELOADER, now=now)
        except (StoreError, InputError):
            return  # nothing is taken into force that the record does not hold: at the next look
        self.force, self.seen, self._changing = force, there, ""


def service(settings: Settings, *, create: bool = False) -> Service:
    """The service of one installation; ``create`` makes or migrates its record first.

    A rules folder that is refused or that nobody signed never stops it: ``trouble`` says what is
    wrong with it and what speaks instead. Raises NoStore or OlderSchema when the record is not
    there or not migrated, InputError when the file of the suites cannot be used.
    """
    if create:
        settings.instance.mkdir(parents=True, exist_ok=True)
    record = Record.open(settings.database, create=create)
    try:
        seen = stamp(_folder(settings), settings.site)
        force = _in_force(record, settings)
    except BaseException:
        record.close()
        raise
    watch = Watch(record, settings, force, seen)
    return Service(record, force.rulebook, settings, force.trouble, watch)


def adopt(service: Service, *, actor: Actor, now: datetime) -> bool:
    """Keep the rulebook's texts in the record, so that each decision can be run again later.

    Returns whether it is new here; then every open stay is planned anew by the next pass. A
    rulebook that came out of the record has nothing to be kept.
    """
    force = service.watch.force if service.watch else _of_folder(service)
    return _keep(service.record, force, actor=actor, now=now)


def rulebook_texts(service: Service) -> Mapping[str, bytes]:
    """The texts of the rulebook that speaks, by path, with what a site lays over it.

    Raises NotAllowed where nobody may be screened, or where nobody kept the texts.
    """
    require_rules(service.trouble)
    fingerprint = service.rulebook.fingerprint
    kept = service.record.reading().rulebook_files(fingerprint)
    if kept is not None:
        return kept
    force = service.watch.force if service.watch else _of_folder(service)
    if force.files is None or force.rulebook.fingerprint != fingerprint:
        raise NotAllowed(_NO_TEXTS)
    return force.files


def suites_of(service: Service) -> tuple[tuple[str, str], ...]:
    """The suites that are set up here, by id and name."""
    table = service.rulebook.practice.get("suites", {})
    return tuple((each["id"], each.get("name", each["id"])) for each in table.get("suite", ()))


def own_suites(service: Service) -> Mapping[str, Any] | None:
    """The suites of a file of this installation, as they are in force; None where it has none."""
    found: Mapping[str, Any] | None = service.rulebook.practice.get("suites")
    return None if service.settings.suites is None else found


def suites_stamp(service: Service) -> str:
    """Changes when the suites in force do: their own file is no part of what is signed."""
    told = as_json(pack(own_suites(service) or {}))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _folder(settings: Settings) -> Path:
    return settings.rules or rules_dir()


def _in_force(record: Record, settings: Settings) -> InForce:
    force = choose(
        _folder(settings), record.reading(), site=settings.site, draft=settings.draft_rules
    )
    if settings.suites is None:
        return force
    practice = {**force.rulebook.practice, "suites": _suites(settings.suites)}
    return replace(force, rulebook=replace(force.rulebook, practice=MappingProxyType(practice)))


def _of_folder(service: Service) -> InForce:
    """The texts of a rulebook that a caller loaded by hand, if the folder still is that one."""
    files = {**texts(_folder(service.settings)), **site_texts(service.settings.site)}
    same = load_texts(files).fingerprint == service.rulebook.fingerprint
    return InForce(service.rulebook, files=files if same else None)


def _suites(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError.at("suites", f"The file {path.name} cannot be used: {error}.") from error


def _keep(record: Record, force: InForce, *, actor: Actor, now: datetime) -> bool:
    if force.files is None:
        return False
    book = force.rulebook
    with record.writing(now=now) as writing:
        new = writing.keep_rulebook(
            book.fingerprint, force.files, signed=book.signed, adopted_at=now
        )
        if new:
            header = {"rulebook": book.fingerprint, "signed": book.signed}
            writing.append(NewEvent(EventKind.RULEBOOK_ADOPTED, actor, now, header=header))
    return new
