"""What one installation may set: where its files lie, who gets mail, how it is reached.

``instance/config.toml`` first, then ``TRIAGE_*`` from the environment, which wins. An unknown key
is refused: a mistyped setting that is silently ignored is a setting that somebody believes in.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from triage.domain.errors import InputError, Problem
from triage.settings import outward
from triage.settings.ways import Mail, Notify, Push, Watchdog, Webhook

__all__ = ["NAMES", "Mail", "Notify", "Push", "Settings", "Watchdog", "Webhook"]


@dataclass(frozen=True)
class Settings:
    """One installation; every path is absolute once loaded."""

    instance: Path
    database: Path
    rules: Path | None = None  # None: the rules that ship with the package
    site: Path | None = None  # None: nothing is laid over the rules
    suites: Path | None = None  # None: the suites of the rulebook's practice folder
    mail: Mail = field(default_factory=Mail)
    notify: Notify = field(default_factory=Notify)
    webhook: Webhook = field(default_factory=Webhook)
    push: Push = field(default_factory=Push)
    watchdog: Watchdog = field(default_factory=Watchdog)
    base_url: str = "http://127.0.0.1:8000"
    trusted_proxy: bool = False
    certificate: Path | None = None
    certificate_key: Path | None = None
    training: bool = False
    draft_rules: bool = False  # rules that nobody signed may speak: for training only
    pass_every_seconds: int = 5
    stale_after_seconds: int = 15
    channel_down_after_seconds: int = 300

    @property
    def leader_lock(self) -> Path:
        """The file whose lock makes one process the leader of the timers."""
        return self.instance / "timers.lock"

    @classmethod
    def load(cls, instance: Path, environment: Mapping[str, str] | None = None) -> "Settings":
        """The settings of one instance folder; raises InputError naming every setting at fault."""
        instance = instance.absolute()
        table = _table(instance / "config.toml")
        table.update(_from_environment(os.environ if environment is None else environment))
        return _read(instance, table)


_PATHS = ("database", "rules", "site", "suites", "certificate", "certificate_key")
_TRUTHS = ("trusted_proxy", "training", "draft_rules")
_NUMBERS = ("pass_every_seconds", "stale_after_seconds", "channel_down_after_seconds")
_TEXTS = ("base_url",)
NAMES = (*_PATHS, *_TRUTHS, *_NUMBERS, *_TEXTS, *outward.NAMES)


def _table(path: Path) -> dict[str, Any]:
    """The flat settings of the file."""
    if not path.exists():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.at("config.toml", f"Cannot be read as TOML: {error}.") from error
    for section in outward.SECTIONS:
        if not isinstance(document.get(section, {}), dict):
            raise InputError.at(section, f"Must be a table: [{section}].")
    return outward.flat(document)


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Each setting that the environment gives, under the name that the file would use."""
    found: dict[str, Any] = {}
    for name in NAMES:
        text = environment.get(f"TRIAGE_{name.upper()}")
        if text is not None:
            found[name] = _from_text(name, text)
    return found


def _from_text(name: str, text: str) -> Any:
    if name in _TRUTHS:
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
            text.lower(), text
        )
    if name in (*_NUMBERS, *outward.NUMBERS):
        return int(text) if text.isdecimal() else text
    if name in outward.TIMEOUTS:
        return float(text) if text.replace(".", "", 1).isdecimal() else text
    return text


def _read(instance: Path, table: dict[str, Any]) -> Settings:
    problems = [
        Problem(name, "Is not a setting.", NAMES)
        for name in table
        if name not in NAMES and name not in outward.TABLES
    ]
    problems += [problem for name in table for problem in _problems(name, table[name])]
    problems += outward.problems(table)
    if table.get("draft_rules") is True and table.get("training") is not True:
        problems.append(Problem("draft_rules", "Needs training = true: nobody signed those rules."))
    if problems:
        raise InputError(problems)
    plain = {name: table[name] for name in (*_TRUTHS, *_NUMBERS, *_TEXTS) if name in table}
    paths = {name: instance / table[name] for name in _PATHS if table.get(name)}
    settings = Settings(instance, paths.pop("database", instance / "triage.db"))
    return replace(
        settings,
        **plain,
        **paths,
        mail=outward.mail(table),
        notify=outward.notify(table),
        webhook=outward.webhook(table),
        push=outward.push(table),
        watchdog=outward.watchdog(table),
    )


def _problems(name: str, value: Any) -> list[Problem]:
    if name in (*_PATHS, *_TEXTS) and not isinstance(value, str):
        return [Problem(name, "Must be text.")]
    if name in _TRUTHS and not isinstance(value, bool):
        return [Problem(name, "Must be true or false.", ("true", "false"))]
    if name in _NUMBERS and not (_whole(value) and 1 <= value <= 600):
        return [Problem(name, "Must be a whole number of seconds from 1 to 600.")]
    return []


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
