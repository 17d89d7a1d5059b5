"""Quiet hours: a message that may wait is held until the shift of whoever it is for begins.

Only the message waits. The alert stands on the board and in the list from its first second, and its
chain climbs on to those who are on duty. What is urgent is never held, nor any limit of law. Hours
and rota are looked at again in every pass: who comes earlier hears of it earlier.
"""

from collections.abc import Iterator
from datetime import datetime

from triage.casework.planning import ladder
from triage.casework.service import Service
from triage.domain.cover import next_on_duty
from triage.domain.ladder import MAY_BE_HELD, may_wait
from triage.record import Reading, Writing
from triage.record.held import Waiting


def held_until(
    service: Service,
    reading: Reading | Writing,
    *,
    level: str,
    source: str,
    suite: str | None,
    role: str,
    now: datetime,
) -> datetime | None:
    """When the shift begins that a message to this role waits for; None when it leaves at once.

    Somebody whom the rota names is there, whatever the signed hours say.
    """
    if not may_wait(ladder(service), level, source):
        return None
    coming = next_on_duty(service.rulebook.practice.get("suites", {}), suite, role, now)
    if coming is None or coming <= now:
        return None
    on_rota = [
        duty.starts_at
        for duty in reading.rota_from(now)
        if duty.suite == suite and duty.role == role
    ]
    begins = min([coming, *on_rota])
    return begins if begins > now else None


def look_again(service: Service, *, now: datetime) -> None:
    """Let go what no longer has to wait, and hold what has to; writes only where that changes."""
    with service.record.reading() as reading:
        changes = any(_changes(service, reading, now))
    if changes:
        with service.record.writing(now=now) as writing:
            settle_held(service, writing, now=now)


def settle_held(service: Service, writing: Writing, *, now: datetime) -> None:
    """The same within a transaction, such as the one that claims what is sent."""
    for message, until in tuple(_changes(service, writing, now)):
        if until is None:
            writing.let_go(message.key)
        else:
            writing.hold_delivery(message.key, until)


def _changes(
    service: Service, reading: Reading | Writing, now: datetime
) -> Iterator[tuple[Waiting, datetime | None]]:
    """Each message that waits otherwise than it should, and until when it should."""
    known: dict[tuple[str, str, str | None, str], datetime | None] = {}
    for each in reading.waiting_messages(MAY_BE_HELD):
        about = (each.level, each.source, each.suite, each.role)
        if about not in known:
            known[about] = held_until(
                service,
                reading,
                level=each.level,
                source=each.source,
                suite=each.suite,
                role=each.role,
                now=now,
            )
        if known[about] != each.held_until:
            yield each, known[about]
