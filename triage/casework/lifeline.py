"""Is the safety net whole? What is wrong with the service becomes an alert like any other.

Looked at in each pass: the rules, whether the pass was complete, whether each channel still gets
anything out, and whether each slot of the rota has somebody in it. What is over ends by itself and
says so; what a person closed while it still stands comes back after an hour.
"""

import logging
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from triage.casework import drills
from triage.casework.duty import slot_is_empty
from triage.casework.raising import ROTA, empty_slot
from triage.casework.service import Service
from triage.casework.system_alerts import (
    SYS1,
    SYS2,
    System,
    end_system,
    last_ended,
    open_ones,
    raise_system,
)
from triage.domain.london import text
from triage.domain.roles import Role
from triage.record import Alert, Reading

_log = logging.getLogger(__name__)
ENGINE, RULES, DISK, CHANNEL = "engine", "rules", "disk", "channel"
CLOSED_BUT_STANDS = timedelta(hours=1)
STOOD_STILL = timedelta(minutes=2)
LOOK_BACK = timedelta(days=7)  # how far back a rota or a message still says something about now
SPACE_NEEDED = 500_000_000  # bytes; or a twentieth of the disk

INCOMPLETE = System(
    ENGINE,
    "pass",
    SYS1,
    "The timers cannot finish a pass: an alert could not be raised or climb. Watch the clocks of "
    "every open stay by hand, and tell whoever runs this service.",
)
_OVER: Mapping[str, str] = {
    ENGINE: "It is over: a pass was complete again.",
    RULES: "It is over: the rules folder speaks again.",
    DISK: "It is over: there is space again.",
    CHANNEL: "It is over: a message left by this channel again.",
    ROTA: "It is over: somebody covers now.",
    drills.FAILING: "It is over: a drill was taken in time.",
}
_NOT_BY_ITSELF = ("gap",)  # the step of an alert that only a person may end


def check(service: Service, *, now: datetime, complete: bool) -> tuple[str, ...]:
    """Raise what is wrong now and end what is over; the keys that were raised."""
    drills.settle(service, now=now)
    with service.record.reading() as reading:
        wrong = _wrong(service, reading, now, complete=complete)
        standing = open_ones(reading)
        fresh = [each for each in wrong if not _stands_or_rests(reading, standing, each, now)]
    over = [alert for alert in standing if _is_over(alert, wrong)]
    if not (fresh or over):
        return ()
    with service.record.writing(now=now) as writing:
        for alert in over:
            still = writing.alert(alert.key)
            if still is not None and still.is_open:
                end_system(writing, still, _OVER[alert.source], now=now)
        raised = [raise_system(service, writing, each, now=now) for each in fresh]
    return tuple(alert.key for alert in raised if alert is not None)


def engine_failed(service: Service, *, now: datetime) -> None:
    """Say that a pass broke off; where even that cannot be recorded, the siren of the desks does.

    The next complete pass ends it.
    """
    try:
        with service.record.writing(now=now) as writing:
            raise_system(service, writing, INCOMPLETE, now=now)
    except Exception as error:  # the heartbeat stays away, and that is what the desks hear
        _log.error("a failed pass cannot be recorded either: %s", type(error).__name__)


def stood_still(service: Service, *, now: datetime) -> None:
    """Say from when to when nobody kept the clocks; asked once, when the timers begin to lead."""
    beat = service.record.reading().last_heartbeat()
    if beat is None or now - beat.at < STOOD_STILL:
        return
    words = (
        f"The timers stood still from {text(beat.at)} to {text(now)}. What fell due then is "
        "raised now, late. Look at every open stay."
    )
    with service.record.writing(now=now) as writing:
        raise_system(service, writing, System(ENGINE, "gap", SYS2, words), now=now)


def disk(service: Service, *, now: datetime) -> None:
    """Say early that the disk of the record fills up, and that it is over."""
    usage = shutil.disk_usage(service.settings.database.parent)
    words = (
        f"Only {usage.free // 1_000_000} MB of disk are left for the record. When none is left "
        "nothing can be recorded. Make space now."
    )
    about = System(DISK, "space", SYS1, words)
    low = usage.free < SPACE_NEEDED or usage.free * 20 < usage.total
    with service.record.reading() as reading:
        standing = [each for each in open_ones(reading) if about.is_about(each)]
        rests = _stands_or_rests(reading, standing, about, now)
    if low and not rests:
        with service.record.writing(now=now) as writing:
            raise_system(service, writing, about, now=now)
    if standing and not low:
        with service.record.writing(now=now) as writing:
            end_system(writing, standing[0], _OVER[DISK], now=now)


def _wrong(
    service: Service, reading: Reading, now: datetime, *, complete: bool
) -> tuple[System, ...]:
    found = [] if complete else [INCOMPLETE]
    if service.trouble is not None:
        found.append(System(RULES, "folder", SYS1, service.trouble.words))
    found += _channels_down(service, reading, now)
    found += _empty_slots(service, reading, now)
    found += drills.failing(reading, now=now)
    return tuple(found)


def _channels_down(service: Service, reading: Reading, now: datetime) -> Iterable[System]:
    """Channels by which nothing has left for too long, although something should have."""
    longest = timedelta(seconds=service.settings.channel_down_after_seconds)
    for channel in reading.channels_failing(now - LOOK_BACK):
        if now - channel.since < longest:
            continue
        last = channel.last_sent_at
        before = f"the last one did at {text(last)}" if last else "none has ever left by it"
        words = (
            f"No message has left by {channel.channel} since {text(channel.since)} ({before}). "
            "Alerts stand on the board; ring people until it works."
        )
        yield System(CHANNEL, channel.channel, SYS2, words)


def _empty_slots(service: Service, reading: Reading, now: datetime) -> Iterable[System]:
    """Roles that a suite keeps on a rota, or had an alert for, and for whom nobody can come."""
    kept = {(duty.suite, duty.role) for duty in reading.rota_from(now - LOOK_BACK)}
    open_now = {(a.suite, a.step) for a in open_ones(reading) if a.source == ROTA}
    known = _suites(service)
    asked: set[tuple[str | None, str]] = {*(each for each in kept if each[0] in known), *open_now}
    for suite, role in sorted(asked, key=str):
        if role in set(Role) and slot_is_empty(service, reading, suite, role, now):
            yield empty_slot(suite, role)


def _suites(service: Service) -> set[str]:
    table: Mapping[str, Any] = service.rulebook.practice.get("suites", {})
    return {each["id"] for each in table.get("suite", ())}


def _stands_or_rests(
    reading: Reading, standing: Sequence[Alert], about: System, now: datetime
) -> bool:
    """Whether it stands already, or a person closed it less than an hour ago."""
    if any(about.is_about(alert) for alert in standing):
        return True
    last = last_ended(reading, about)
    by_a_person = last is not None and last.closed_by != "timers"
    return bool(
        last is not None
        and by_a_person
        and last.closed_at is not None
        and now - last.closed_at < CLOSED_BUT_STANDS
    )


def _is_over(alert: Alert, wrong: Sequence[System]) -> bool:
    if alert.source not in _OVER or alert.source == DISK or alert.step in _NOT_BY_ITSELF:
        return False
    return not any(each.is_about(alert) for each in wrong)
