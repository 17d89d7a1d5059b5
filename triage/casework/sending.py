"""Sending: messages are claimed under a lease, sent outside the transaction, and then settled.

Whoever dies between sending and settling leaves a claim whose lease ends: it is sent again under
the same key, marked as a repeat. A doubled page costs a sigh; a lost one may cost a life.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from triage.casework.codes import code_of
from triage.casework.service import Service
from triage.casework.ways import Send, by_its_channel, ways_of
from triage.channels.messages import Message, Outcome, Sent
from triage.domain.roles import role_words
from triage.record import Alert, Reading
from triage.record.deliveries import NOT_TRIED, Delivery, DeliveryState

__all__ = ["Send", "mail", "send_planned"]

NO_ADDRESS, NOT_NEWS = NOT_TRIED  # nobody has one for this role; the alert is over, or old
AT_ONCE = 20  # messages claimed at once
LEASE = timedelta(seconds=30)  # longer than they can take, and short for somebody waiting
_THREADS = 10  # two rounds of at most ten seconds each end before the lease does
_AGAIN = (timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5))
_URGENT_LEVELS = ("A1", "A2", "SYS1", "SYS2")
_STALE = timedelta(hours=1)  # an emergency is sent however late, and says so
_NEVER_STALE = ("A1", "SYS1")
DRILL = "drill"
_PRACTICE = "DRILL, nobody is in danger. "
_URGENT = {
    "A1": "EMERGENCY",
    "A2": "URGENT",
    "A3": "SOON",
    "A4": "ROUTINE",
    "SYS1": "EMERGENCY OF THE SERVICE",
    "SYS2": "FAULT OF THE SERVICE",
}


def send_planned(service: Service, *, now: datetime, send: Send, channel: str | None = None) -> int:
    """Send what is planned, by one channel or by all, the most severe first; how many tries."""
    with service.record.writing(now=now) as writing:
        claimed = writing.claim_deliveries(AT_ONCE, LEASE, channel=channel)
    if not claimed:
        return 0
    reading = service.record.reading()
    letters = [_letter(service, reading, each, now) for each in claimed]
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="sending") as pool:
        outcomes = list(pool.map(lambda letter: _try(send, letter), letters))
    with service.record.writing(now=now) as writing:
        for delivery, letter, sent in zip(claimed, letters, outcomes, strict=True):
            again = _again(delivery, letter, sent, now)
            writing.record_delivery(
                delivery.key, _STATES[sent.outcome], outcome=sent.reason, try_again_at=again
            )
    return len(claimed)


def mail(service: Service) -> Send:
    """Every way out of this installation; each is off until it is configured."""
    return by_its_channel(service.settings)


_STATES = {
    Outcome.SENT: DeliveryState.SENT,
    Outcome.FAILED: DeliveryState.FAILED,
    Outcome.UNKNOWN: DeliveryState.UNKNOWN,
    Outcome.OFF: DeliveryState.FAILED,
}


def _try(send: Send, letter: Message | None) -> Sent:
    if letter is None:
        return Sent(Outcome.FAILED, NOT_NEWS)
    if not letter.to:
        return Sent(Outcome.FAILED, NO_ADDRESS)
    try:
        return send(letter)
    except Exception as error:  # a channel that breaks must not break the pass
        return Sent(Outcome.UNKNOWN, type(error).__name__)


def _again(
    delivery: Delivery, letter: Message | None, sent: Sent, now: datetime
) -> datetime | None:
    """When to try again: an unknown outcome always is; what was refused for good never.

    What is urgent is tried again every thirty seconds, however often that failed.
    """
    if sent.outcome is not Outcome.UNKNOWN:
        return None
    if letter is not None and letter.about.get("level") in _URGENT_LEVELS:
        return now + _AGAIN[0]
    return now + _AGAIN[min(delivery.tries, len(_AGAIN)) - 1]


def _letter(
    service: Service, reading: Reading, delivery: Delivery, now: datetime
) -> Message | None:
    """The message as it stands now; None when there is nothing left to say."""
    alert = reading.alert(delivery.alert_key)
    if alert is None or not alert.is_open:
        return None
    old = now - delivery.planned_at > _STALE
    if old and alert.level not in _NEVER_STALE:
        return None  # the board and the handover carry it; yesterday's mail is noise
    subject, words = _words(alert, delivery, now, late=old)
    return Message(
        delivery.key,
        _addresses(service, reading, alert, delivery, now),
        subject,
        words,
        delivery.channel,
        _about(alert, delivery, now, late=old),
    )


def _addresses(
    service: Service, reading: Reading, alert: Alert, delivery: Delivery, now: datetime
) -> tuple[str, ...]:
    """Whoever has the role now: by the rota, else the address that the site has set for it."""
    role = delivery.recipient
    contacts = [
        duty.contact
        for duty in reading.rota(now, alert.suite)
        if duty.role == role and duty.contact
    ]
    for way in ways_of(service.settings):
        if way.name == delivery.channel:
            return way.addresses(role, contacts)
    return ()


def _words(alert: Alert, delivery: Delivery, now: datetime, *, late: bool) -> tuple[str, str]:
    """Subject and text: the suite, how urgent, how long it waits, and the code. Nothing else."""
    code = code_of(alert.key)
    marks = [mark for mark, holds in (("repeat", delivery.tries > 1), ("late", late)) if holds]
    text = (
        f"{_PRACTICE if alert.source == DRILL else ''}"
        f"{(alert.suite or 'All suites').replace('_', ' ')}: 1 {_URGENT[alert.level]} waiting "
        f"{_waits(alert, now)} min for the {role_words(delivery.recipient)}. Go to the board. "
        f"Code {code}." + "".join(f" ({mark})" for mark in marks)
    )
    return f"Custody alert {code}", text


def _about(
    alert: Alert, delivery: Delivery, now: datetime, *, late: bool
) -> dict[str, str | int | bool]:
    """The same for a program; what the words do not say is not here either."""
    return {
        "code": code_of(alert.key),
        "level": alert.level,
        "suite": alert.suite or "",
        "role": delivery.recipient,
        "waiting_minutes": _waits(alert, now),
        "repeat": delivery.tries > 1,
        "late": late,
        "drill": alert.source == DRILL,
    }


def _waits(alert: Alert, now: datetime) -> int:
    return max(0, int((now - (alert.raised_at or alert.due_at)).total_seconds()) // 60)
