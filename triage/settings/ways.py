"""What each way out of an installation needs to be on; each is off until it is configured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Addresses = Mapping[str, tuple[str, ...]]


def nobody() -> Addresses:
    """No address for any role."""
    return MappingProxyType({})


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
    to: Addresses = field(default_factory=nobody)

    @property
    def on(self) -> bool:
        """Whether mail can leave at all."""
        return bool(self.host and self.sender)


@dataclass(frozen=True)
class Notify:
    """GOV.UK Notify; off until a key and a template are set.

    The template of texts has one field, ``((message))``; that of e-mail also ``((subject))``.
    """

    api_key: str = field(default="", repr=False)
    base_url: str = "https://api.notifications.service.gov.uk"
    sms_template: str = ""
    email_template: str = ""
    timeout_seconds: float = 5.0
    sms: Addresses = field(default_factory=nobody)  # numbers by role
    email: Addresses = field(default_factory=nobody)

    @property
    def sms_on(self) -> bool:
        """Whether texts can leave."""
        return bool(self.api_key and self.sms_template)

    @property
    def email_on(self) -> bool:
        """Whether Notify's e-mail can leave."""
        return bool(self.api_key and self.email_template)


@dataclass(frozen=True)
class Webhook:
    """One address of another system that hears of every alert; off until it is set.

    With a secret each request carries ``X-Triage-Signature: sha256=`` and the HMAC of its body.
    """

    url: str = ""
    secret: str = field(default="", repr=False)
    timeout_seconds: float = 5.0

    @property
    def on(self) -> bool:
        """Whether anything is sent there."""
        return bool(self.url)


@dataclass(frozen=True)
class Push:
    """Teams, ntfy and the like, through apprise: its addresses by role; off until there is one.

    Such an address is a secret: whoever has it can write there.
    """

    timeout_seconds: float = 5.0
    to: Addresses = field(default_factory=nobody, repr=False)

    @property
    def on(self) -> bool:
        """Whether anybody is reached this way."""
        return bool(self.to)


@dataclass(frozen=True)
class Watchdog:
    """The message that always goes out, so that its absence is heard; off until there is a secret.

    It leaves by the outbox and the senders of every alert: as mail to ``mail``, as a POST to
    ``url``. Whoever listens there knows it by the secret.
    """

    secret: str = field(default="", repr=False)
    mail: str = ""
    url: str = ""
    every_seconds: int = 60

    @property
    def on(self) -> bool:
        """Whether it goes out at all."""
        return bool(self.secret and (self.mail or self.url))
