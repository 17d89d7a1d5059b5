"""The message that always goes out: whoever hears it no more knows that no alert would arrive.

It is planned by a complete pass, waits in the outbox, is claimed, sent and settled as every alert
is, and by the same senders. Nothing but a time and a proof of who wrote it is in it.
"""

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256

from triage.casework.service import Service
from triage.casework.ways import EMAIL, WATCHDOG
from triage.channels.messages import Message
from triage.domain.london import iso
from triage.record.deliveries import Delivery
from triage.settings import Watchdog

KEY = "watchdog"  # it stands where the key of an alert stands
CODE = "WATCHDOG"
SUBJECT = "Custody Triage watchdog"
_WORDS = "Custody Triage lives. Nothing has to be done."
_KEPT_FOR = timedelta(days=1)
_SAID = re.compile(r"watchdog (\w+) (\S+Z) ([0-9a-f]{32})")


def plan_proof(service: Service, *, now: datetime) -> tuple[str, ...]:
    """Plan the next one by each way on which it is set, once the last is old enough; the keys.

    While one still waits to be sent no other is planned: a hung way is silent, and that is heard.
    """
    every = timedelta(seconds=service.settings.watchdog.every_seconds)
    reading = service.record.reading()
    due = [
        channel
        for channel in _channels(service)
        if (last := reading.last_delivery(KEY, channel)) is None
        or (last.settled_at is not None and abs(now - last.planned_at) >= every)
    ]
    if not due:
        return ()
    with service.record.writing(now=now) as writing:
        writing.forget_deliveries(KEY, now - _KEPT_FOR)
        planned = [
            writing.plan_delivery(
                KEY, step=int(now.timestamp()), round=0, channel=channel, recipient=KEY
            )
            for channel in due
        ]
    return tuple(key for key in planned if key is not None)


def is_proof(delivery: Delivery) -> bool:
    """Whether a message is the one that always goes out."""
    return delivery.alert_key == KEY


def letter(service: Service, delivery: Delivery) -> Message:
    """What is sent: when it was planned, and the proof."""
    told = service.settings.watchdog
    stamp = iso(delivery.planned_at)
    said = f"watchdog {delivery.channel} {stamp} {_proof(told.secret, delivery.channel, stamp)}"
    to = told.mail if delivery.channel == EMAIL else told.url
    about: dict[str, str | int | bool] = {"code": CODE, "level": CODE}
    return Message(delivery.key, (to,), SUBJECT, f"{_WORDS}\n\n{said}", delivery.channel, about)


def heard(said: str, secret: str) -> tuple[str, datetime] | None:
    """By which channel it left and when it was planned; None for what is not ours."""
    found = _SAID.search(said)
    if found is None:
        return None
    channel, stamp, proof = found.groups()
    if not hmac.compare_digest(proof, _proof(secret, channel, stamp)):
        return None
    try:
        return channel, datetime.fromisoformat(stamp)
    except ValueError:
        return None


def _channels(service: Service) -> tuple[str, ...]:
    told: Watchdog = service.settings.watchdog
    if not told.on:
        return ()
    ways = ((EMAIL, told.mail and service.settings.mail.on), (WATCHDOG, told.url))
    return tuple(channel for channel, on in ways if on)


def _proof(secret: str, channel: str, stamp: str) -> str:
    said = f"watchdog|{channel}|{stamp}"
    return hmac.new(secret.encode(), said.encode(), sha256).hexdigest()[:32]
