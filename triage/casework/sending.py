"""Sending: messages are claimed under a lease, sent outside the transaction, and then settled.

Whoever dies between sending and settling leaves a claim whose lease ends: it is sent again under
the same key, marked as a repeat. A doubled page costs a sigh; a lost one may cost a life.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from triage.casework import proof
from triage.casework.codes import code_of
from triage.casework.held_letters import MOST_CODES, Held, claim_held, held_message
from triage.casework.holding import settle_held
from triage.casework.letters import (
    SEVEREST,
    STALE,
    URGENT,
    addresses_of,
    letter_of,
    waits,
)
from triage.casework.service import Service
from triage.casework.ways import Send, by_its_channel
from triage.channels.messages import Message, Outcome, Sent
from triage.domain.london import text
from triage.record import Alert, Writing
from triage.record.deliveries import NOT_TRIED, Delivery, DeliveryState

__all__ = ["Send", "mail", "send_planned"]

NO_ADDRESS, NOT_NEWS = NOT_TRIED  # nobody has one for this role; the alert is over, or old
AT_ONCE = 20  # messages claimed at once
LEASE = timedelta(seconds=30)  # longer than they can take, and short for somebody waiting
_THREADS = 10  # two rounds of at most ten seconds each end before the lease does
_AGAIN = (timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5))
_URGENT_LEVELS = ("A1", "A2", "SYS1", "SYS2")
_OVERTAKEN_AFTER = timedelta(minutes=10)  # the next rounds of an alert have long said it again
_MOST_TOGETHER = 1000
_NEXT_TIME = (Outcome.UNKNOWN, "with the next ones")


def send_planned(service: Service, *, now: datetime, send: Send, channel: str | None = None) -> int:
    """Send what is planned, by one channel or by all, the most severe first; how many tries."""
    with service.record.writing(now=now) as writing:
        settle_held(service, writing, now=now)
        writing.settle_overtaken(now - _OVERTAKEN_AFTER)
        claimed = writing.claim_deliveries(
            AT_ONCE, LEASE, channel=channel, planned_before=now - STALE
        )
        held = None if claimed else _claim_held(service, writing, channel, now)
        late = () if claimed or held else _claim_late(writing, channel, now)
    if held:
        return _send_held(service, held, now=now, send=send)
    if late:
        return send_together(service, late, now=now, send=send)
    if not claimed:
        return 0
    reading = service.record.reading()
    letters = [letter_of(service, reading, each, now) for each in claimed]
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="sending") as pool:
        outcomes = list(pool.map(lambda letter: _try(send, letter), letters))
    with service.record.writing(now=now) as writing:
        for delivery, letter, sent in zip(claimed, letters, outcomes, strict=True):
            _settle(writing, delivery, letter, sent, now)
    return len(claimed)


def _claim_late(writing: Writing, channel: str | None, now: datetime) -> tuple[Delivery, ...]:
    """What an outage has left behind and is about no emergency: it leaves in one message each."""
    return writing.claim_deliveries(
        _MOST_TOGETHER, LEASE, channel=channel, stale=True, planned_before=now - STALE
    )


def _claim_held(
    service: Service, writing: Writing, channel: str | None, now: datetime
) -> Held | None:
    """What was held for a shift that has begun: it leaves in one message to each reader."""
    known: dict[tuple[str, str, str | None, str], tuple[str, ...]] = {}

    def addresses(alert: Alert, delivery: Delivery) -> tuple[str, ...]:
        about = (delivery.channel, delivery.recipient, alert.suite, alert.level)
        if about not in known:
            known[about] = addresses_of(service, writing, alert, delivery, now)
        return known[about]

    found = claim_held(writing, LEASE, channel=channel, addresses=addresses)
    return found if found.letters or found.over else None


def _send_held(service: Service, held: Held, *, now: datetime, send: Send) -> int:
    """Send the letters of what was held, and settle each message of them; how many tries."""
    reading = service.record.reading()
    letters = [held_message(service, reading, each, now) for each in held.letters]
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="sending") as pool:
        outcomes = list(pool.map(lambda letter: _try(send, letter), letters))
    with service.record.writing(now=now) as writing:
        for each, letter, sent in zip(held.letters, letters, outcomes, strict=True):
            for delivery, _ in each.rows:
                _settle(writing, delivery, letter, sent, now)
        for delivery in held.over:
            _settle(writing, delivery, None, Sent(Outcome.FAILED, NOT_NEWS), now)
    return len(letters) + len(held.over)


def send_together(
    service: Service, claimed: Sequence[Delivery], *, now: datetime, send: Send
) -> int:
    """Send late messages together, one for each channel and addressee; how many tries.

    Nobody reads two hundred mails of the last three hours; one that says how many wait is read.
    """
    reading = service.record.reading()
    alerts = {each.key: reading.alert(each.alert_key) for each in claimed}
    still = [d for d in claimed if (a := alerts[d.key]) is not None and a.is_open]
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[Delivery, Alert]]] = {}
    for each in still:
        alert = alerts[each.key]
        assert alert is not None, "only what is still open is kept"
        to = addresses_of(service, reading, alert, each, now)
        groups.setdefault((each.channel, to), []).append((each, alert))
    now_sent = list(groups.items())[:AT_ONCE]  # more would outlast the lease
    letters = [_digest(channel, to, rows, now) for (channel, to), rows in now_sent]
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="sending") as pool:
        outcomes = list(pool.map(lambda letter: _try(send, letter), letters))
    settled = {
        delivery.key: (letter, sent)
        for (_, rows), letter, sent in zip(now_sent, letters, outcomes, strict=True)
        for delivery, _ in rows
    }
    with service.record.writing(now=now) as writing:
        for each in claimed:
            over = alerts[each.key] is None or each not in still
            letter, sent = settled.get(
                each.key, (None, Sent(*((Outcome.FAILED, NOT_NEWS) if over else _NEXT_TIME)))
            )
            _settle(writing, each, letter, sent, now)
    return len(letters)


def _settle(
    writing: Writing, delivery: Delivery, letter: Message | None, sent: Sent, now: datetime
) -> None:
    """Note how a try ended, and when the next one is; without a next one it is over."""
    again = _again(delivery.tries, letter, sent, now)
    if sent.outcome is Outcome.UNKNOWN:
        state = DeliveryState.UNKNOWN if again else DeliveryState.FAILED
    else:
        state = _STATES[sent.outcome]
    writing.record_delivery(delivery.key, state, outcome=sent.reason, try_again_at=again)


def _digest(
    channel: str, to: tuple[str, ...], rows: Sequence[tuple[Delivery, Alert]], now: datetime
) -> Message:
    """One message about many: how many wait, how bad, since when, and the first codes."""
    first = rows[0][0]
    alerts = {alert.key: alert for _, alert in rows}
    count = Counter(URGENT[alert.level] for alert in alerts.values())
    kinds = ", ".join(f"{count[word]} {word}" for word in URGENT.values() if count[word])
    codes = [code_of(key) for key in alerts]
    more = f" and {len(codes) - MOST_CODES} more" if len(codes) > MOST_CODES else ""
    repeat = any(delivery.tries > 1 for delivery, _ in rows)
    since = min(delivery.planned_at for delivery, _ in rows)
    words = (
        f"LATE, {len(codes)} together: messages could not leave since {text(since)}. Still open: "
        f"{kinds}. Go to the board. Codes {', '.join(codes[:MOST_CODES])}{more}. (late)"
        f"{' (repeat)' if repeat else ''}"
    )
    worst = min((alert.level for alert in alerts.values()), key=SEVEREST.index)
    about: dict[str, str | int | bool] = {
        "code": codes[0], "level": worst, "suite": "", "role": first.recipient,
        "waiting_minutes": max(waits(alert, now) for alert in alerts.values()),
        "repeat": repeat, "late": True, "drill": False, "together": len(codes),
    }  # fmt: skip
    key = f"together:{min(delivery.key for delivery, _ in rows)}"
    return Message(key, to, f"Custody alerts, late: {len(codes)} together", words, channel, about)


def mail(service: Service) -> Send:
    """Every way out of this installation; each is off until it is configured."""
    return by_its_channel(service.settings)


_STATES = {
    Outcome.SENT: DeliveryState.SENT,
    Outcome.FAILED: DeliveryState.FAILED,
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


def _again(tries: int, letter: Message | None, sent: Sent, now: datetime) -> datetime | None:
    """When to try again: an unknown outcome always is; what was refused for good never.

    What is urgent is tried again every thirty seconds, however often that failed. The proof of
    life is never tried again: a younger one follows it.
    """
    if sent.outcome is not Outcome.UNKNOWN or _is_proof(letter):
        return None
    if letter is not None and letter.about.get("level") in _URGENT_LEVELS:
        return now + _AGAIN[0]
    return now + _AGAIN[min(tries, len(_AGAIN)) - 1]


def _is_proof(letter: Message | None) -> bool:
    return letter is not None and letter.about.get("code") == proof.CODE
