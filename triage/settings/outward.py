"""How messages leave: each way is off until it is configured, and each waits only so long."""

import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from triage.domain.errors import Problem
from triage.domain.roles import Role
from triage.settings.ways import Addresses, Mail, Notify, Push, Watchdog, Webhook

LONGEST_WAIT = 10.0  # seconds, for one message by one way, whatever the other side does
SECTIONS = ("mail", "notify", "webhook", "push", "watchdog")
TABLES: Mapping[str, str] = MappingProxyType(  # tables of addresses, and what one looks like
    {"mail_to": "email", "notify_sms": "number", "notify_email": "email", "push_to": "push"}
)
TEXTS = (
    *("mail_host", "mail_sender", "mail_security", "mail_user", "mail_password"),
    *("notify_api_key", "notify_base_url", "notify_sms_template", "notify_email_template"),
    *("webhook_url", "webhook_secret"),
    *("watchdog_secret", "watchdog_mail", "watchdog_url"),
)
TIMEOUTS = tuple(f"{section}_timeout_seconds" for section in SECTIONS if section != "watchdog")
NUMBERS = ("mail_port", "watchdog_every_seconds")
NAMES = (*TEXTS, *NUMBERS, *TIMEOUTS)
_SHORTEST_SECRET = 16
_SECURITY = ("none", "starttls", "tls")
_KEY = re.compile(r"[\w-]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}"
                  r"-[0-9a-f]{12}")  # fmt: skip
_TEMPLATE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"\+?[0-9][0-9 ]{6,18}[0-9]")


def flat(document: dict[str, Any]) -> dict[str, Any]:
    """Every section as flat names: ``[mail] host`` and ``mail_host`` are one name.

    A section that is no table stays under its own name, which is no setting.
    """
    found = {name: value for name, value in document.items() if name not in SECTIONS}
    for section in SECTIONS:
        table = document.get(section, {})
        if isinstance(table, dict):
            found |= {f"{section}_{name}": value for name, value in table.items()}
        else:
            found[section] = table
    return found


def problems(table: Mapping[str, Any]) -> list[Problem]:
    """Everything about the ways out that cannot be used."""
    found = [
        Problem(name, "Must be text.") for name in TEXTS if not isinstance(table.get(name, ""), str)
    ]
    if found:
        return found
    if table.get("mail_security", "starttls") not in _SECURITY:
        found.append(Problem("mail_security", "Is not one of the ways to send.", _SECURITY))
    if not _whole(table.get("mail_port", 25), 65535):
        found.append(Problem("mail_port", "Must be a port, from 1 to 65535."))
    if not _whole(table.get("watchdog_every_seconds", 60), 600):
        words = "Must be a whole number of seconds from 1 to 600."
        found.append(Problem("watchdog_every_seconds", words))
    found += [each for name in TIMEOUTS for each in _timeout(name, table.get(name, 5.0))]
    found += _shapes(table)
    for name, shape in TABLES.items():
        found += _addressees(name.replace("_", ".", 1), table.get(name, {}), shape)
    return found


def mail(table: Mapping[str, Any]) -> Mail:
    """How e-mail leaves."""
    names = ("host", "port", "sender", "security", "user", "password", "timeout_seconds")
    return Mail(**_given(table, "mail", names), to=_by_role(table.get("mail_to", {})))


def notify(table: Mapping[str, Any]) -> Notify:
    """How GOV.UK Notify is reached."""
    names = ("api_key", "base_url", "sms_template", "email_template", "timeout_seconds")
    return Notify(
        **_given(table, "notify", names),
        sms=_by_role(table.get("notify_sms", {})),
        email=_by_role(table.get("notify_email", {})),
    )


def webhook(table: Mapping[str, Any]) -> Webhook:
    """Which other system hears of alerts."""
    return Webhook(**_given(table, "webhook", ("url", "secret", "timeout_seconds")))


def push(table: Mapping[str, Any]) -> Push:
    """Who is reached through apprise."""
    return Push(
        **_given(table, "push", ("timeout_seconds",)), to=_by_role(table.get("push_to", {}))
    )


def watchdog(table: Mapping[str, Any]) -> Watchdog:
    """Where the message goes whose absence is heard."""
    return Watchdog(**_given(table, "watchdog", ("secret", "mail", "url", "every_seconds")))


def _whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _timeout(name: str, value: Any) -> list[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [Problem(name, "Must be a number of seconds.")]
    return [] if 0 < value <= LONGEST_WAIT else [Problem(name, "Must be over 0 and at most 10.")]


def _shapes(table: Mapping[str, Any]) -> Iterable[Problem]:
    asked: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("notify_api_key", _looks(_KEY), "Is not a key of GOV.UK Notify: name-service-secret."),
        ("notify_sms_template", _looks(_TEMPLATE), "Is not the id of a template."),
        ("notify_email_template", _looks(_TEMPLATE), "Is not the id of a template."),
        ("notify_base_url", safe_url, "Must begin with https://."),
        ("webhook_url", safe_url, "Must be an address that begins with https://."),
        ("watchdog_url", safe_url, "Must be an address that begins with https://."),
        ("watchdog_mail", is_email, "Must be an address."),
        ("watchdog_secret", _long_enough, "Must be at least 16 characters that nobody can guess."),
    )
    for name, good, sentence in asked:
        if table.get(name) and not good(table[name]):
            yield Problem(name, sentence)


def safe_url(url: str) -> bool:
    """Whether what is sent there is encrypted, or never leaves this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or not url.isascii() or not url.isprintable() or " " in url or parts.username:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _looks(shape: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: shape.fullmatch(text) is not None


def _long_enough(secret: str) -> bool:
    return len(secret) >= _SHORTEST_SECRET


def _addressees(name: str, to: Any, shape: str) -> list[Problem]:
    if not isinstance(to, dict):
        return [Problem(name, "Must be a table of addresses by role.")]
    found = [
        Problem(f"{name}.{role}", "Is not a role.", tuple(Role))
        for role in to
        if role not in set(Role)
    ]
    good = {"email": is_email, "number": is_number, "push": is_push}[shape]
    found += [
        Problem(f"{name}.{role}", _SENTENCES[shape])
        for role, addresses in to.items()
        if not all(isinstance(each, str) and good(each) for each in _listed(addresses))
    ]
    return found


_SENTENCES = {
    "email": "Must be an address or a list of addresses.",
    "number": "Must be a telephone number or a list of them.",
    "push": "Must be an address of apprise, such as ntfys://host/topic, or a list of them.",
}


def is_email(text: str) -> bool:
    """Whether this could be an address, and nothing that could add a line to a letter."""
    return "@" in text and not any(c in text for c in "\r\n \t,;<>")


def is_number(text: str) -> bool:
    """Whether this could be a telephone number."""
    return _NUMBER.fullmatch(text) is not None


def is_push(text: str) -> bool:
    """Whether this has the shape of an address of apprise."""
    scheme, mark, rest = text.partition("://")
    return bool(scheme.isalnum() and mark and rest and text.isprintable() and " " not in text)


def _given(table: Mapping[str, Any], section: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: table[f"{section}_{name}"] for name in names if f"{section}_{name}" in table}


def _by_role(table: Mapping[str, Any]) -> Addresses:
    return MappingProxyType({role: tuple(_listed(each)) for role, each in table.items()})


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
