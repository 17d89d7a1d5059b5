"""The ways out of the building that this installation has, and whom each reaches.

Each is off until it is configured. Texts and pushes interrupt people, so only what is urgent or
about the service itself goes that way; what needs attention this shift is mail and the board.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from triage.channels.email import Email
from triage.channels.messages import Message, Outcome, Sent
from triage.channels.notify import Notify
from triage.channels.push import Push
from triage.channels.webhook import Webhook
from triage.settings import Settings
from triage.settings.outward import is_email, is_number

Send = Callable[[Message], Sent]
EMAIL, SMS, NOTIFY_EMAIL, WEBHOOK, PUSH = "email", "sms", "notify_email", "webhook", "push"
WATCHDOG = "watchdog"  # by which no alert goes: the message whose absence is heard
NAMES = (EMAIL, SMS, NOTIFY_EMAIL, WEBHOOK, PUSH)
_URGENT = ("A1", "A2", "SYS1", "SYS2")
_ALL = (*_URGENT, "A3")  # A4 is the board only


@dataclass(frozen=True)
class Way:
    """One channel as it is configured: for which levels, to whom, and how."""

    name: str
    levels: tuple[str, ...]
    to: Mapping[str, tuple[str, ...]]  # addresses by role
    send: Send
    everybody: tuple[str, ...] = ()  # an address that hears for every role
    takes: Callable[[str], bool] = lambda contact: False  # a contact of the rota that it can use

    def addresses(self, role: str, contacts: Iterable[str]) -> tuple[str, ...]:
        """Whoever is on the rota, else whom the site has set for the role."""
        on_duty = tuple(dict.fromkeys(each for each in contacts if self.takes(each)))
        return on_duty or self.to.get(role, ()) or self.everybody


def ways_of(settings: Settings) -> tuple[Way, ...]:
    """The ways that are on here."""
    told, notify, hook = settings.mail, settings.notify, settings.webhook
    found: list[Way] = []
    if told.on:
        email = Email(
            told.host, told.port, told.sender, told.security, told.user, told.password,
            told.timeout_seconds,
        )  # fmt: skip
        found.append(Way(EMAIL, _ALL, told.to, email.send, takes=is_email))
    if notify.sms_on:
        sms = _notify(settings, notify.sms_template, by_sms=True)
        found.append(Way(SMS, _URGENT, notify.sms, sms.send, takes=is_number))
    if notify.email_on:
        letters = _notify(settings, notify.email_template, by_sms=False)
        found.append(Way(NOTIFY_EMAIL, _ALL, notify.email, letters.send, takes=is_email))
    if hook.on:
        post = Webhook(hook.url, hook.secret, hook.timeout_seconds)
        found.append(Way(WEBHOOK, _ALL, {}, post.send, everybody=(hook.url,)))
    if settings.push.on:
        push = Push(settings.push.timeout_seconds)
        found.append(Way(PUSH, _URGENT, settings.push.to, push.send))
    if settings.watchdog.on and settings.watchdog.url:
        beat = Webhook(settings.watchdog.url, settings.watchdog.secret, hook.timeout_seconds)
        found.append(Way(WATCHDOG, (), {}, beat.send))
    return tuple(found)


def channels_on(settings: Settings, level: str) -> tuple[str, ...]:
    """The channels by which people hear of an alert of this level here, by name."""
    return tuple(way.name for way in ways_of(settings) if level in way.levels)


def by_its_channel(settings: Settings) -> Send:
    """Sends each message by the way that its delivery names; one that is off by now says so."""
    ways = {way.name: way.send for way in ways_of(settings)}

    def send(message: Message) -> Sent:
        way = ways.get(message.channel)
        if way is None:
            return Sent(Outcome.OFF, f"{message.channel} is not configured any more")
        return way(message)

    return send


def _notify(settings: Settings, template: str, *, by_sms: bool) -> Notify:
    told = settings.notify
    return Notify(told.api_key, template, by_sms, told.base_url, told.timeout_seconds)
