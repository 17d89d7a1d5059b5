"""One message about one alert: in which words it leaves, and to whom at this moment."""

from datetime import datetime, timedelta

from triage.casework import proof
from triage.casework.codes import code_of
from triage.casework.service import Service, suites_of
from triage.casework.ways import ways_of
from triage.channels.messages import Message
from triage.domain.roles import role_words
from triage.present.alerts import level_words
from triage.record import Alert, Reading, Writing
from triage.record.deliveries import Delivery

DRILL = "drill"
SEVEREST = ("A1", "SYS1", "A2", "SYS2", "A3", "A4")
URGENT = {level: level_words(level).upper() for level in SEVEREST}  # as on the board
STALE = timedelta(hours=1)  # an emergency is sent by itself however late, and says so
_HELD_WHILE_WITH_SOMEBODY = ("A2", "A3", "A4")  # an emergency is never held
_PRACTICE = "DRILL, nobody is in danger. "


def letter_of(
    service: Service, reading: Reading, delivery: Delivery, now: datetime
) -> Message | None:
    """The message as it stands now; None when there is nothing left to say."""
    if proof.is_proof(delivery):
        return proof.letter(service, delivery)
    alert = reading.alert(delivery.alert_key)
    if alert is None or not alert.is_open:
        return None
    old = now - delivery.planned_at > STALE
    subject, words = _words(alert, delivery, now, suite=suite_words(service, alert), late=old)
    return Message(
        delivery.key,
        addresses_of(service, reading, alert, delivery, now),
        subject,
        words,
        delivery.channel,
        _about(alert, delivery, now, late=old),
    )


def suite_words(service: Service, alert: Alert) -> str:
    """The suite of an alert as people name it."""
    return dict(suites_of(service)).get(alert.suite or "") or alert.suite or "All suites"


def addresses_of(
    service: Service, reading: Reading | Writing, alert: Alert, delivery: Delivery, now: datetime
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
        f"{suite}: 1 {URGENT[alert.level]} waiting "
        f"{waits(alert, now)} min for the {role_words(delivery.recipient)}. Go to the board. "
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
        "waiting_minutes": waits(alert, now),
        "repeat": delivery.tries > 1,
        "late": late,
        "drill": alert.source == DRILL,
    }


def waits(alert: Alert, now: datetime) -> int:
    """For how many whole minutes an alert has been raised."""
    return max(0, int((now - (alert.raised_at or alert.due_at)).total_seconds()) // 60)
