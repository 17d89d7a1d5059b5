"""A test send by each way out: what is on here, and whether a message really leaves by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from triage.casework.ways import EMAIL, NAMES, NOTIFY_EMAIL, PUSH, SMS, WEBHOOK, ways_of
from triage.channels.messages import Message, Sent
from triage.domain.errors import InputError
from triage.settings import Settings
from triage.settings.outward import is_email, is_number, is_push

SUBJECT = "Custody Triage test"
WORDS = (
    "TEST, nobody is in danger. Custody Triage can send to you by this way. Nothing has to be done."
)
NEEDS: Mapping[str, str] = MappingProxyType(
    {
        EMAIL: "mail host and sender",
        SMS: "notify api_key and sms_template",
        NOTIFY_EMAIL: "notify api_key and email_template",
        WEBHOOK: "webhook url",
        PUSH: "push.to, an address of apprise for a role",
    }
)
_FITS: Mapping[str, tuple[Callable[[str], bool], str]] = MappingProxyType(
    {
        EMAIL: (is_email, "Must be an address."),
        SMS: (is_number, "Must be a telephone number."),
        NOTIFY_EMAIL: (is_email, "Must be an address."),
        PUSH: (is_push, "Must be an address of apprise, such as ntfys://host/topic."),
    }
)


@dataclass(frozen=True)
class ChannelState:
    """One way out of this installation: on, or what has to be set before it is."""

    name: str
    on: bool
    levels: tuple[str, ...]
    roles: tuple[str, ...]  # for whom an address is set; the rota may add people
    needs: str


def channel_states(settings: Settings) -> tuple[ChannelState, ...]:
    """Every channel there is, in the order in which they are written about."""
    ways = {way.name: way for way in ways_of(settings)}
    return tuple(
        ChannelState(name, True, ways[name].levels, tuple(sorted(ways[name].to)), "")
        if name in ways
        else ChannelState(name, False, (), (), NEEDS[name])
        for name in NAMES
    )


def send_test(settings: Settings, name: str, to: tuple[str, ...], *, now: datetime) -> Sent:
    """Send one message that says that it is a test, by the way an alert would go; never raises
    for what the other side does.

    Raises InputError for a channel that is off and for an address that it cannot use.
    """
    way = next((each for each in ways_of(settings) if each.name == name), None)
    if name not in NAMES:
        raise InputError.at("NAME", "is not one of the channels", NAMES)
    if way is None:
        raise InputError.at("NAME", f"{name} is off until it is configured: {NEEDS[name]}.")
    key = f"test:{name}:{now:%Y%m%dT%H%M%S.%f}Z"
    about: dict[str, str | int | bool] = {"code": "TEST", "level": "TEST", "drill": True}
    addresses = _addresses(name, to, way.everybody)
    return way.send(Message(key, addresses, SUBJECT, WORDS, name, about))


def _addresses(name: str, to: tuple[str, ...], everybody: tuple[str, ...]) -> tuple[str, ...]:
    if name == WEBHOOK:
        if to:
            raise InputError.at("--to", "A webhook has one address: the one that is set.")
        return everybody
    fits, problem = _FITS[name]
    if not to:
        raise InputError.at("--to", "Say who should get the test.")
    if not all(fits(each) for each in to):
        raise InputError.at("--to", problem)
    return to
