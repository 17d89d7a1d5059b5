"""What one installation may set: where its files lie, who gets mail, how it is reached.

``instance/config.toml`` first, then ``TRIAGE_*`` from the environment, which wins. An unknown key
is refused: a mistyped setting that is silently ignored is a setting that somebody believes in.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from triage.domain.errors import InputError, Problem
from triage.domain.roles import Role


@dataclass(frozen=True)
class Mail:
    """How e-mail leaves; off until a host and a sender are set."""

    host: str = ""
    port: int = 25
    sender: str = ""
    security: str = "starttls"  # none | starttls | tls
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = 5.0
    to: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def on(self) -> bool:
        """Whether mail can leave at all."""
        return bool(self.host and self.sender)


@dataclass(frozen=True)
class Settings:
    """One installation; every path is absolute once loaded."""

    instance: Path
    database: Path
    rules: Path | None = None  # None: the rules that ship with the package
    suites: Path | None = None  # None: the suites of the rulebook's practice folder
    mail: Mail = field(default_factory=Mail)
    base_url: str = "http://127.0.0.1:8000"
    trusted_proxy: bool = False
    certificate: Path | None = None
    certificate_key: Path | None = None
    training: bool = False
    draft_rules: bool = False  # rules that nobody signed may speak: for training only
    pass_every_seconds: int = 5
    stale_after_seconds: int = 15

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


_PATHS = ("database", "rules", "suites", "certificate", "certificate_key")
_TRUTHS = ("trusted_proxy", "training", "draft_rules")
_NUMBERS = ("pass_every_seconds", "stale_after_seconds")
_TEXTS = ("base_url",)
_MAIL_TEXTS = ("host", "sender", "security", "user", "password")
_SECURITY = ("none", "starttls", "tls")
NAMES = tuple(
    [*_PATHS, *_TRUTHS, *_NUMBERS, *_TEXTS]
    + [f"mail_{name}" for name in (*_MAIL_TEXTS, "port", "timeout_seconds")]
)


def _table(path: Path) -> dict[str, Any]:
    """The flat settings of the file: ``[mail] host`` and ``mail_host`` are one name."""
    if not path.exists():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.at("config.toml", f"Cannot be read as TOML: {error}.") from error
    mail = document.pop("mail", {})
    if not isinstance(mail, dict):
        raise InputError.at("mail", "Must be a table: [mail].")
    return document | {f"mail_{name}": value for name, value in mail.items()}


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
    if name in _NUMBERS or name == "mail_port":
        return int(text) if text.isdecimal() else text
    if name == "mail_timeout_seconds":
        return float(text) if text.replace(".", "", 1).isdecimal() else text
    return text


def _read(instance: Path, table: dict[str, Any]) -> Settings:
    problems = [
        Problem(name, "Is not a setting.", NAMES)
        for name in table
        if name not in NAMES and name != "mail_to"
    ]
    problems += [problem for name in table for problem in _problems(name, table[name])]
    problems += _mail_problems(table)
    if table.get("draft_rules") is True and table.get("training") is not True:
        problems.append(Problem("draft_rules", "Needs training = true: nobody signed those rules."))
    if problems:
        raise InputError(problems)
    plain = {name: table[name] for name in (*_TRUTHS, *_NUMBERS, *_TEXTS) if name in table}
    paths = {name: instance / table[name] for name in _PATHS if table.get(name)}
    settings = Settings(instance, paths.pop("database", instance / "triage.db"))
    return replace(settings, **plain, **paths, mail=_mail(table))


def _problems(name: str, value: Any) -> list[Problem]:
    if name in (*_PATHS, *_TEXTS) and not isinstance(value, str):
        return [Problem(name, "Must be text.")]
    if name in _TRUTHS and not isinstance(value, bool):
        return [Problem(name, "Must be true or false.", ("true", "false"))]
    if name in _NUMBERS and not (_whole(value) and 1 <= value <= 600):
        return [Problem(name, "Must be a whole number of seconds from 1 to 600.")]
    return []


def _mail_problems(table: Mapping[str, Any]) -> list[Problem]:
    found = [
        Problem(f"mail_{name}", "Must be text.")
        for name in _MAIL_TEXTS
        if not isinstance(table.get(f"mail_{name}", ""), str)
    ]
    if table.get("mail_security", "starttls") not in _SECURITY:
        found.append(Problem("mail_security", "Is not one of the ways to send.", _SECURITY))
    port, timeout = table.get("mail_port", 25), table.get("mail_timeout_seconds", 5.0)
    if not (_whole(port) and 1 <= port <= 65535):
        found.append(Problem("mail_port", "Must be a port, from 1 to 65535."))
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= 10:
        found.append(Problem("mail_timeout_seconds", "Must be over 0 and at most 10."))
    return found + _addressee_problems(table.get("mail_to", {}))


def _addressee_problems(to: Any) -> list[Problem]:
    if not isinstance(to, dict):
        return [Problem("mail.to", "Must be a table of addresses by role.")]
    found = [
        Problem(f"mail.to.{role}", "Is not a role.", tuple(Role))
        for role in to
        if role not in set(Role)
    ]
    found += [
        Problem(f"mail.to.{role}", "Must be an address or a list of addresses.")
        for role, addresses in to.items()
        if not all(_address(each) for each in _listed(addresses))
    ]
    return found


def _mail(table: Mapping[str, Any]) -> Mail:
    names = [*_MAIL_TEXTS, "port", "timeout_seconds"]
    given = {name: table[f"mail_{name}"] for name in names if f"mail_{name}" in table}
    to = {role: tuple(_listed(each)) for role, each in table.get("mail_to", {}).items()}
    return Mail(**given, to=MappingProxyType(to))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _address(value: Any) -> bool:
    return isinstance(value, str) and "@" in value and not any(c in value for c in "\r\n \t,;<>")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
