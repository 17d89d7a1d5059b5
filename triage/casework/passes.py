"""One pass of the timers: plan what is missing, raise what is due, climb, send, then beat.

Every step is its own transaction, and each looks again at the state before it writes: two passes
at once raise each alert once. What goes wrong with one record becomes that record's emergency and
harms no other. The heartbeat is written last, so that a half-dead loop does not beat.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from triage.casework import lifeline
from triage.casework.called_again import bring_back, lacks_somebody
from triage.casework.chains import strayed
from triage.casework.faults import fault
from triage.casework.history import History
from triage.casework.holding import look_again
from triage.casework.planning import cannot, replan, wanted
from triage.casework.raising import climb, raise_due
from triage.casework.sending import Send, send_planned
from triage.casework.service import Service
from triage.casework.timers_clock import keep_clock
from triage.record import Alert, Stay, StoreError, Writing
from triage.record.engine import EngineError

_log = logging.getLogger(__name__)
_BATCH = 100  # alerts in one transaction: few enough for a desk that waits its turn
_CHECK_EVERY = timedelta(seconds=15)
_FULL_ROUND = timedelta(minutes=1)  # each open stay is planned anew at least this often


@dataclass(frozen=True)
class Pass:
    """What one pass did."""

    at: datetime
    planned: int
    raised: tuple[str, ...]  # keys, in the order in which they were raised
    climbed: tuple[str, ...]
    reopened: tuple[str, ...]
    sent: int
    failed: tuple[str, ...]  # stays that could not be evaluated: each has an A1 now
    beat: bool  # the heartbeat was written, because the pass was complete


@dataclass
class Memory:
    """What a running process knows of its last passes, to look at each stay no more than needed.

    Forgetting it costs time and nothing else: a pass without memory looks at every open stay.
    """

    looked: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    anchored_at: datetime | None = None
    checked_at: datetime | None = None
    clocks_at: datetime | None = None
    waits_seen: int = 0  # up to this event, every wait of an open alert was found in order

    def fresh(self, stay: str, rulebook: str, now: datetime) -> bool:
        """Whether this stay was looked at a short while ago, under the same rules.

        Each act plans its own stay in its own transaction; this second look is the safety net.
        """
        seen = self.looked.get(stay)
        if seen is None or seen[0] != rulebook:
            return False
        return timedelta(0) <= now - seen[1] < _FULL_ROUND


def tick(
    service: Service,
    *,
    now: datetime,
    send: Send | None,
    memory: Memory | None = None,
    clock: Mapping[str, Any] | None = None,
) -> Pass:
    """One complete pass; safe to run in several processes at once, and at any time.

    Without ``send`` the messages stay planned for somebody else to send, so that a channel that
    hangs keeps nobody from raising the next alert. ``clock`` is what the timers know of their
    clock; a complete pass keeps it for the process after this one.
    """
    planned, failed = _plan_missing(service, now, memory)
    raised, unraised = _raise_all(service, now)
    climbed, reopened, unclimbed = _climb_all(service, now, memory)
    complete = not (unraised or unclimbed)
    _check_the_net(service, now, memory, complete=complete)
    look_again(service, now=now)
    sent = 0 if send is None else send_planned(service, now=now, send=send)
    if complete:
        with service.record.writing(now=now) as writing:
            detail = {"raised": len(raised), "climbed": len(climbed), "failed": len(failed)}
            writing.forget_replies()
            writing.heartbeat(detail=detail)
            keep_clock(writing, clock)
        _anchor(service, now, memory)
    return Pass(now, planned, raised, climbed, reopened, sent, failed, complete)


def _anchor(service: Service, now: datetime, memory: Memory | None) -> None:
    """Note the ends of the chains outside the file, once a minute; a full disk stops no timer."""
    last = None if memory is None else memory.anchored_at
    if last is not None and timedelta(0) <= now - last < _FULL_ROUND:
        return
    try:
        service.record.anchor(now)
    except OSError as error:
        _log.error("the ends of the record cannot be noted: %s", fault(error))
        return
    if memory is not None:
        memory.anchored_at = now


def _check_the_net(
    service: Service, now: datetime, memory: Memory | None, *, complete: bool
) -> None:
    """Look whether the net itself is whole; what goes wrong with that look harms no alert."""
    last = None if memory is None else memory.checked_at
    if complete and last is not None and timedelta(0) <= now - last < _CHECK_EVERY:
        return
    try:
        lifeline.check(service, now=now, complete=complete)
    except (EngineError, StoreError):
        raise
    except Exception as error:
        _log.error("the net cannot be checked: %s", fault(error))
        return
    if memory is not None:
        memory.checked_at = now if complete else None


def _plan_missing(
    service: Service, now: datetime, memory: Memory | None
) -> tuple[int, tuple[str, ...]]:
    """Derive the plan of open stays again; write only where the outbox differs from it.

    Without any law there is nothing to derive it from: what was planned stands, and the system
    alert about the rules says it once for everybody.
    """
    if not service.rulebook.law.rows:
        return 0, ()
    planned = 0
    failed = []
    rulebook = service.rulebook.fingerprint
    for stay in service.record.reading().open_stays():
        if memory is not None and memory.fresh(stay.id, rulebook, now):
            continue
        changed, evaluated = _plan_one(service, stay, now)
        planned += changed
        if not evaluated:
            failed.append(stay.id)
        if memory is not None:  # what cannot be evaluated has its emergency, and is no hot loop
            memory.looked[stay.id] = (rulebook, now)
    return planned, tuple(failed)


def _plan_one(service: Service, stay: Stay, now: datetime) -> tuple[int, bool]:
    """How many planned alerts changed, and whether the stay could be evaluated."""
    try:
        if not _differs(service, stay, now):
            return 0, True
    except (EngineError, StoreError):
        raise
    except Exception as error:
        _log.error("stay %s cannot be evaluated: %s", stay.id, fault(error))
    with service.record.writing(now=now) as writing:
        done = replan(service, writing, stay.id, now=now)
        bring_back(service, writing, stay.id, done, now=now)
        if done.change is None:
            return 0, True
        changes = len(done.change.added) + len(done.change.changed) + len(done.change.dropped)
        return changes, done.wanted is not None


def _differs(service: Service, stay: Stay, now: datetime) -> bool:
    """Whether the outbox lacks, or holds too much of, what this stay calls for."""
    with service.record.reading() as reading:
        calls_for = wanted(service, History.read(reading, stay), now=now)
        known = {alert.key: alert for alert in reading.alerts_of(stay.id)}
        lacks = lacks_somebody(service, reading, stay.id, calls_for, now=now)
    keys = {f"{stay.id}:{each.key}": each for each in calls_for.alerts}
    missing = keys.keys() - known.keys()
    needless = {k for k, alert in known.items() if alert.state == "planned"} - keys.keys()
    moved = any(
        known[key].state == "planned" and known[key].due_at != each.due_at
        for key, each in keys.items()
        if key in known
    )
    return bool(missing or needless or moved) or lacks


def _raise_all(service: Service, now: datetime) -> tuple[tuple[str, ...], bool]:
    """Raise everything that is due, in order of severity; whether anything could not be."""
    raised: list[str] = []
    stuck: set[str] = set()
    while True:
        due = [a for a in service.record.reading().alerts_due(now, _BATCH + len(stuck))]
        due = [alert for alert in due if alert.key not in stuck]
        if not due:
            return tuple(raised), bool(stuck)
        try:
            raised += _raise_batch(service, [alert.key for alert in due], now)
        except (EngineError, StoreError):
            raise
        except Exception:
            raised += _one_by_one(service, due, stuck, now)


def _raise_batch(service: Service, keys: Sequence[str], now: datetime) -> tuple[str, ...]:
    with service.record.writing(now=now) as writing:
        return raise_due(service, writing, _still(writing, keys, "planned"), now=now)


def _one_by_one(
    service: Service, due: Sequence[Alert], stuck: set[str], now: datetime
) -> list[str]:
    """After a batch failed: each by itself, and the one at fault becomes an emergency."""
    raised: list[str] = []
    for alert in due:
        try:
            raised += _raise_batch(service, [alert.key], now)
        except (EngineError, StoreError):
            raise
        except Exception as error:
            _log.error("alert %s cannot be raised: %s", alert.key, fault(error))
            stuck.add(alert.key)
            if alert.stay is not None:
                with service.record.writing(now=now) as writing:
                    cannot(writing, alert.stay, now=now)
    return raised


def _climb_all(
    service: Service, now: datetime, memory: Memory | None
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    climbed: list[str] = []
    reopened: list[str] = []
    stuck = False
    due = [*service.record.reading().alerts_to_climb(now), *_set_back(service, now, memory)]
    for alert in due:
        try:
            with service.record.writing(now=now) as writing:
                for still in _due_to_climb(writing, [alert.key], now):
                    done = climb(service, writing, still, now=now)
                    (reopened if done == "reopened" else climbed).append(still.key)
        except (EngineError, StoreError):
            raise
        except Exception as error:
            _log.error("alert %s cannot climb: %s", alert.key, fault(error))
            stuck = True
    return tuple(climbed), tuple(reopened), stuck


def _still(writing: Writing, keys: Iterable[str], state: str) -> list[Alert]:
    """Those that are still in this state, now that nobody else can write."""
    found = (writing.alert(key) for key in keys)
    return [alert for alert in found if alert is not None and alert.state == state]


def _set_back(service: Service, now: datetime, memory: Memory | None) -> list[Alert]:
    """Open alerts whose next step is far ahead because the wall clock was set back meanwhile.

    Looked at once a minute: a jump may fall between two processes, where nobody sees it. A wait
    that was in order only becomes shorter while time passes, so that only those are looked at to
    which something has happened since; where time went back, all of them.
    """
    last, seen = (None, 0) if memory is None else (memory.clocks_at, memory.waits_seen)
    if last is not None and timedelta(0) <= now - last < _FULL_ROUND:
        return []
    if last is None or now < last:
        seen = 0
    with service.record.reading() as reading:
        head = reading.head()
        found = [a for a in reading.waiting_since(seen) if strayed(reading, a, now=now)]
    if memory is not None:
        memory.clocks_at = now
        memory.waits_seen = head if not found else 0  # what strayed is looked at until it is mended
    return found


def _due_to_climb(writing: Writing, keys: Iterable[str], now: datetime) -> list[Alert]:
    found = (writing.alert(key) for key in keys)
    return [
        alert
        for alert in found
        if alert is not None
        and alert.is_open
        and alert.step_due_at is not None
        and (alert.step_due_at <= now or strayed(writing, alert, now=now))
    ]
