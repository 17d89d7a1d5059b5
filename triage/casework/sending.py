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
from triage.casework.holding import settle_held
from triage.casework.service import Service, suites_of
from triage.casework.ways import Send, by_its_channel, ways_of
from triage.channels.messages import Message, Outcome, Sent
from triage.domain.london import text
from triage.domain.roles import role_words
from triage.present.alerts import level_words
from triage.record import Alert, Reading, Writing
from triage.record.deliveries import NOT_TRIED, Delivery, DeliveryState

__all__ = ["Send", "mail", "send_planned"]

NO_ADDRESS, NOT_NEWS = NOT_TRIED  # nobody has one for this role; the alert is over, or old
AT_ONCE = 20  # messages claimed at once
LEASE = timedelta(seconds=30)  # longer than they can take, and short for somebody waiting
_THREADS = 10  # two rounds of at most ten seconds each end before the lease does
_AGAIN = (timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5))
_URGENT_LEVELS = ("A1", "A2", "SYS1", "SYS2")
_HELD_WHILE_WITH_SOMEBODY = ("A2", "A3", "A4")  # an emergency is never held
_STALE = timedelta(hours=1)  # an emergency is sent by itself however late, and says so
_OVERTAKEN_AFTER = timedelta(minutes=10)  # the next rounds of an alert have long said it again
_MOST_TOGETHER = 1000
_CODES = 10  # codes in one digest; the board has them all
_NEXT_TIME = (Outcome.UNKNOWN, "with the next ones")
DRILL = "drill"
_SEVEREST = ("A1", "SYS1", "A2", "SYS2", "A3", "A4")
_PRACTICE = "DRILL, nobody is in danger. "
_URGENT = {level: level_words(level).upper() for level in _SEVEREST}  # as on the board


def send_planned(service: Service, *, now: datetime, send: Send, channel: str | None = None) -> int:
    """Send what is planned, by one channel or by all, the most severe first; how many tries."""
    with service.record.writing(now=now) as writing:
        settle_held(service, writing, now=now)
        writing.settle_overtaken(now - _OVERTAKEN_AFTER)
        claimed = writing.claim_deliveries(
            AT_ONCE, LEASE, channel=channel, planned_before=now - _STALE
        )
        late = () if claimed else _claim_late(writing, channel, now)
    if late:
        return send_together(service, late, now=now, send=send)
    if not claimed:
        return 0
    reading = service.record.reading()
    letters = [_letter(service, reading, each, now) for each in claimed]
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="sending") as pool:
        outcomes = list(pool.map(lambda letter: _try(send, letter), letters))
    with service.record.writing(now=now) as writing:
        for delivery, letter, sent in zip(claimed, letters, outcomes, strict=True):
            _settle(writing, delivery, letter, sent, now)
    return len(claimed)


def _claim_late(writing: Writing, channel: str | None, now: datetime) -> tuple[Delivery, ...]:
    """What an outage has left behind and is about no emergency: it leaves in one message each."""
    return writing.claim_deliveries(
        _MOST_TOGETHER, LEASE, channel=channel, stale=True, planned_before=now - _STALE
    )


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
        to = _addresses(service, reading, alert, each, now)
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
    count = Counter(_URGENT[alert.level] for alert in alerts.values())
    kinds = ", ".join(f"{count[word]} {word}" for word in _URGENT.values() if count[word])
    codes = [code_of(key) for key in alerts]
    more = f" and {len(codes) - _CODES} more" if len(codes) > _CODES else ""
    repeat = any(delivery.tries > 1 for delivery, _ in rows)
    since = min(delivery.planned_at for delivery, _ in rows)
    words = (
        f"LATE, {len(codes)} together: messages could not leave since {text(since)}. Still open: "
        f"{kinds}. Go to the board. Codes {', '.join(codes[:_CODES])}{more}. (late)"
        f"{' (repeat)' if repeat else ''}"
    )
    worst = min((alert.level for alert in alerts.values()), key=_SEVEREST.index)
    about: dict[str, str | int | bool] = {
        "code": codes[0], "level": worst, "suite": "", "role": first.recipient,
        "waiting_minutes": max(_waits(alert, now) for alert in alerts.values()),
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


def _letter(
    service: Service, reading: Reading, delivery: Delivery, now: datetime
) -> Message | None:
    """The message as it stands now; None when there is nothing left to say."""
    if proof.is_proof(delivery):
        return proof.letter(service, delivery)
    alert = reading.alert(delivery.alert_key)
    if alert is None or not alert.is_open:
        return None
    old = now - delivery.planned_at > _STALE
    suite = dict(suites_of(service)).get(alert.suite or "") or alert.suite or "All suites"
    subject, words = _words(alert, delivery, now, suite=suite, late=old)
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
    """Whoever has the role now: by the rota, else the address that the site has set for it.

    Of two nurses the one who is with somebody is not rung for what the other can take.
    """
    role = delivery.recipient
    away = reading.away(now) if alert.level in _HELD_WHILE_WITH_SOMEBODY else frozenset()
    contacts = [
        duty.contact
        for duty in reading.rota(now, alert.suite)
        if duty.role == role and duty.contact and duty.account not in away
    ]
    for way in ways_of(service.settings):
        if way.name == delivery.channel:
            return way.addresses(role, contacts)
    return ()


def _words(
    alert: Alert, delivery: Delivery, now: datetime, *, suite: str, late: bool
) -> tuple[str, str]:
    """Subject and text: the suite, how urgent, how long it waits, and the code. Nothing else."""
    code = code_of(alert.key)
    marks = [mark for mark, holds in (("repeat", delivery.tries > 1), ("late", late)) if holds]
    text = (
        f"{_PRACTICE if alert.source == DRILL else ''}"
        f"{suite}: 1 {_URGENT[alert.level]} waiting "
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
