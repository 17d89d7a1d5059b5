"""What an entry typed late shows of alerts that stand: about another time, or never true.

What was late stays late: only what the record, with this entry in it, would never have called for
is ended here, with the entry that shows it. If that entry is corrected, the alert opens again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from triage.casework.clock_steps import base_of, moved
from triage.casework.entries import event_of, moment_of
from triage.casework.history import DETENTION
from triage.casework.overtaking import family, timed_sources
from triage.casework.planning import called_for, ladder
from triage.casework.service import Service
from triage.domain.clocks import Clock, Clocks
from triage.domain.differences import What
from triage.record import Actor, Alert, EventKind, NewEvent, Recorded, Writing
from triage.record.events import stamp_or_none

ENDED = (str(What.MOVED), str(What.MENDED))  # the reasons; no person's own word


def mend_alerts(
    service: Service,
    writing: Writing,
    said: Clocks,
    unwanted: Sequence[Alert],
    because: Recorded,
    *,
    actor: Actor,
    now: datetime,
) -> tuple[tuple[Clock, ...], tuple[Alert, ...]]:
    """End the alerts that would never have been, had this entry been known in time.

    Which clocks moved, and which alerts were never true. ``unwanted`` are open alerts that the
    record does not call for any more; what another entry did to them is not said of this one.
    """
    if not unwanted or because.stay is None or because.kind not in _TELLS:
        return (), ()
    without = called_for(service, writing, because.stay, now=now, but_for=because)
    ours = [alert for alert in unwanted if alert.key in without]
    went = tuple(moved(said, ours, because))
    for alert, clock in went:
        _end_moved(writing, alert, clock, because, actor, now)
    about_a_time = {alert.key for alert, _ in went}
    never = [
        alert
        for alert in ours
        if alert.key not in about_a_time and _was_in_time(service, alert, because)
    ]
    for alert in never:
        _end_never_true(writing, alert, because, actor, now)
    return tuple(dict.fromkeys(clock for _, clock in went)), tuple(never)


_TELLS = (*DETENTION, EventKind.RELEASED)


def _was_in_time(service: Service, alert: Alert, because: Recorded) -> bool:
    """Whether the entry speaks of a time by which the alert, one of the clocks', was not due yet.

    A visit that was missed and made later ends nothing here. Of what is called for at once, only
    that somebody had left ends any: whether a power that is recorded afterwards stood, a person
    answers for.
    """
    if _by_when(because) > alert.due_at:
        return False
    if family(alert, timed_sources(service)) is not None:
        return True
    at_once = {row["code"] for row in ladder(service).get("event", ())}
    return because.kind is EventKind.RELEASED and alert.source in at_once


def _by_when(because: Recorded) -> datetime:
    """The latest that it can have happened: what is known roughly was not surely in time."""
    event = event_of(because) if because.kind in DETENTION else None
    return moment_of(because).not_after if event is None else event.latest


def _end_moved(
    writing: Writing, alert: Alert, clock: Clock, because: Recorded, actor: Actor, now: datetime
) -> None:
    """What was counted from a base that does not stand."""
    header = {
        "did": because.header["kind"],
        "clock": clock.clock,
        "due_now": stamp_or_none(clock.due_at),
        "counts_from": base_of(writing, clock),
        "counts_since": stamp_or_none(clock.started_at),
    }
    _end(writing, alert, What.MOVED, because, header, actor, now)


def _end_never_true(
    writing: Writing, alert: Alert, because: Recorded, actor: Actor, now: datetime
) -> None:
    header = {
        "did": because.header.get("kind", because.kind),
        "happened_at": stamp_or_none(_by_when(because)),
        "typed_at": stamp_or_none(because.recorded_at),
        "was_due": stamp_or_none(alert.due_at),
    }
    _end(writing, alert, What.MENDED, because, header, actor, now)


def _end(
    writing: Writing,
    alert: Alert,
    why: What,
    because: Recorded,
    header: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    told = {"key": alert.key, "reason": str(why), "by_event": because.seq, **header}
    writing.append(NewEvent(EventKind.ALERT_CLOSED, actor, now, stay=alert.stay, header=told))
    writing.drop_unsent(alert.key)
