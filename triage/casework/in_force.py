"""Which rulebook speaks: the signed folder, else the last signed one that the record keeps.

A folder that is cut, edited or unsigned is said to be so, loudly, and is not screened with. Where
there is no signed rulebook at all nobody is screened here, while the clocks and alerts of open
stays go on with the best that there is: a time limit does not wait for a signature.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from triage.domain.errors import NotAllowed, RulebookRefused
from triage.domain.roles import Role
from triage.domain.rulebook import RescreenPlan, Rulebook
from triage.record import Reading
from triage.rules_files import load_texts, rules_dir, site_texts, texts

_log = logging.getLogger(__name__)
NOBODY_SCREENS = (
    "Nobody can be screened here now: there is no signed rulebook. Use the paper form, and tell "
    "whoever runs this service. Alerts and the clocks of open stays go on."
)
WITHOUT_SITE = "The rules go on being used without anything laid over them."
_MOST_TRIED = 20  # older rulebooks that are looked at before we give up
_LONGEST_REASON = 200


@dataclass(frozen=True)
class Trouble:
    """Why the rules folder does not speak, and what speaks instead."""

    reason: str  # one sentence: which folder, what is wrong with it
    instead: str  # one sentence: what goes on, and with what
    screening: bool  # whether people can be screened all the same

    @property
    def words(self) -> str:
        """Everything there is to say, for a banner and an alert."""
        return f"{self.reason} {self.instead}"


@dataclass(frozen=True)
class InForce:
    """The rulebook that speaks; the texts it came from, unless the record has them already."""

    rulebook: Rulebook
    trouble: Trouble | None = None
    files: Mapping[str, bytes] | None = None


def require_rules(trouble: Trouble | None) -> None:
    """Raise NotAllowed, saying what to do instead, unless people can be screened here."""
    if trouble is not None and not trouble.screening:
        raise NotAllowed(NOBODY_SCREENS)


def choose(folder: Path, reading: Reading, *, draft: bool, site: Path | None = None) -> InForce:
    """The rulebook that speaks, from a folder and what the record keeps; never raises for either.

    ``draft`` lets a folder that nobody signed speak: for training only. ``site`` is laid over the
    folder; where it is refused, the last signed rulebook with what was laid over it goes on.
    """
    found = _looked_at(folder)
    loaded, reason, unlaid = found.rulebook, found.reason, ""
    may_speak = loaded is not None and (loaded.signed or draft)
    if may_speak and site is not None:
        laid = _laid(found, site)
        found, unlaid = (found, laid) if isinstance(laid, str) else (laid, "")
        loaded, reason = found.rulebook, unlaid
    if loaded is not None and may_speak and not unlaid:
        return InForce(loaded, files=found.files)
    kept = _last_kept(reading, signed=True)
    if kept is not None:
        told = f"The last signed rulebook, {kept.fingerprint}, goes on being used."
        return InForce(kept, Trouble(reason, told, screening=True))
    if loaded is not None and may_speak:
        return InForce(loaded, Trouble(reason, WITHOUT_SITE, screening=True), found.files)
    unfit = Trouble(reason, NOBODY_SCREENS, screening=False)
    if loaded is not None:
        return InForce(loaded, unfit, found.files)
    for_clocks = _last_kept(reading, signed=False) or _looked_at(rules_dir()).rulebook
    return InForce(for_clocks or BARE, unfit)


@dataclass(frozen=True)
class _Looked:
    """What stands in a folder: its texts, its rulebook if it is one, and why it may not speak."""

    files: Mapping[str, bytes] | None
    rulebook: Rulebook | None
    reason: str


def _looked_at(folder: Path) -> _Looked:
    named = f"The rules in the folder {folder.name!r}"
    read = _read(lambda: texts(folder), f"{named} are refused", f"{named} cannot be read")
    if isinstance(read, str):
        return _Looked(None, None, read)
    files, rulebook = read
    why = rulebook.warnings[0] if rulebook.warnings else "Nobody has signed these rules."
    return _Looked(files, rulebook, f"{named} are not used. {why}")


def _laid(found: _Looked, site: Path) -> _Looked | str:
    """The same with a site's file over it, or the sentence why that file is not used."""
    named = f"The site's file {site.name!r}"
    read = _read(
        lambda: {**(found.files or {}), **site_texts(site)},
        f"{named} is refused",
        f"{named} cannot be read",
    )
    return read if isinstance(read, str) else _Looked(*read, "")


def _read(
    texts_of: Callable[[], Mapping[str, bytes]], refusal: str, unread: str
) -> tuple[Mapping[str, bytes], Rulebook] | str:
    """Texts and the rulebook that they make, or one sentence why they make none."""
    try:
        files = texts_of()
        return files, load_texts(files)
    except RulebookRefused as refused:
        first = str(refused.faults[0])[:_LONGEST_REASON] if refused.faults else ""
        more = f" (and {len(refused.faults) - 1} more)" if len(refused.faults) > 1 else ""
        return f"{refusal}: {first}{more}"
    except OSError as error:
        return f"{unread}: {error.strerror or 'the system refused'}."
    except Exception as error:  # a folder that breaks our own reading must not stop the service
        _log.error("the rules break the reader: %s", type(error).__name__)
        return f"{unread}: our reader broke on it."


def _last_kept(reading: Reading, *, signed: bool) -> Rulebook | None:
    """The rulebook that was adopted last; its own texts say whether it is signed."""
    kept = [*reversed(reading.rulebook_fingerprints(signed_only=signed))]
    for fingerprint in kept[:_MOST_TRIED]:
        try:
            rulebook = load_texts(reading.rulebook_files(fingerprint) or {})
        except RulebookRefused:
            continue  # an older release's rules, which this release cannot read
        if rulebook.fingerprint == fingerprint and (rulebook.signed or not signed):
            return rulebook
    return None


def _levels() -> dict[str, Any]:
    """The ladder of last resort: without any rules, alerts still find and climb to people."""
    everybody = [role.value for role in Role if role is not Role.ADMINISTRATOR]
    chain = [
        {"after_minutes": 0, "to": ["addressees", Role.CUSTODY_SERGEANT.value]},
        {"after_minutes": 2, "to": everybody},
    ]
    urgent = {"acknowledge_minutes": 2, "act_minutes": 10, "repeat_minutes": 2, "chain": chain}
    slow = {**urgent, "act_minutes": 60, "repeat_minutes": 20}
    return {"A1": urgent, "A2": slow, "A3": slow, "A4": {"chain": chain[:1]}}


BARE = Rulebook(
    fingerprint="none",
    signed=False,
    questions={},
    observations={},
    facts={},
    definitions={},
    actions={},
    rules=(),
    modifiers=(),
    conflicts=(),
    routes=(),
    no_route={},
    services=(),
    rescreen=RescreenPlan({}, (), {}),
    practice=MappingProxyType({"alerts": MappingProxyType({"levels": _levels()})}),
)
