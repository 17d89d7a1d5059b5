"""What a stay calls for from now on, written to the outbox in the transaction of the act.

Planning never blocks recording: when it raises, the event stands and an emergency says that the
record cannot be evaluated. What had been planned before then stays planned.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triage.casework.entries import once_of
from triage.casework.faults import fault
from triage.casework.history import History
from triage.casework.kept_alerts import CANNOT, as_planned, cannot_be_evaluated, kept, needs_of
from triage.casework.referrals import referral_alerts
from triage.casework.service import Service
from triage.domain.asking_again import SOURCE as ASKED_AGAIN
from triage.domain.asking_again import asking_again
from triage.domain.attributed import given, left
from triage.domain.clocks import AlertState, Clocks, PlannedAlert
from triage.domain.findings import like
from triage.domain.ladder import reached
from triage.domain.roles import Role
from triage.domain.screening_alerts import plan
from triage.domain.unmoved import Said, clocks_since
from triage.record import EventKind, PlanChange, Recorded, StoreError, Writing
from triage.record.engine import EngineError

_log = logging.getLogger(__name__)
_AFTER_THEY_LEFT = ("A1", "A2")


@dataclass(frozen=True)
class Wanted:
    """Everything that a stay calls for, with the needs behind each alert."""

    alerts: tuple[PlannedAlert, ...]
    needs: Mapping[str, str]
    clocks: Clocks
    withdrawn: Mapping[str, str]  # key without the stay -> the event that took it away
    found: Mapping[str, int]  # key without the stay -> how many screenings found it
    newest: Mapping[str, str]  # key without the stay -> what the last of them said of it
    joined: Mapping[str, int]  # key without the stay -> where a new reason last joined it


@dataclass(frozen=True)
class Planned:
    """What planning did in this transaction."""

    wanted: Wanted | None  # None: the record could not be evaluated
    keys: tuple[str, ...]  # with the stay
    change: PlanChange | None


def wanted(service: Service, history: History, *, now: datetime) -> Wanted:
    """What this stay calls for: a pure function of its events, the rulebook and the moment.

    Once the person has left, nothing is planned ahead any more; what was urgent stays urgent. A
    clock that runs all the same is watched: the record says that they are held.
    ``now`` is never before what the record holds: a pass or a request that took its time and then
    waited for others must not plan as if they had not happened.
    """
    if history.events:  # of all events the last was recorded last, whatever the wall clock did
        now = max(now, history.events[-1].recorded_at)
    said = detention_clocks(service, history, now=now)
    again = service.rulebook.rescreen
    moments = frozenset(kind for moment in again.after for kind in moment.events)
    screened = (
        *plan(history.versions, history.ended_alerts),
        *asking_again(
            history.versions,
            history.happened(moments, at=now) if history.versions else (),
            again,
            history.ended_alerts,
            now=now,
        ),
    )
    here = history.stay.is_open
    alerts = [e.alert for e in screened if here or e.alert.level in _AFTER_THEY_LEFT]
    alerts += referral_alerts(service.rulebook, history)
    alerts += _of_somebody_else(history) if here else ()
    timed = _kept_of(history).timed(said.alerts)
    running = frozenset() if here else _still_running(said)
    alerts += [
        each
        for each in timed
        if each.state is not AlertState.WITHDRAWN
        and (here or each.due_at <= now or (each.clock, each.event) in running)
    ]
    return Wanted(
        tuple(alerts),
        {each.alert.key: "+".join(each.needs) for each in screened},
        said,
        {each.key: each.event or "" for each in timed if each.state is AlertState.WITHDRAWN},
        {each.alert.key: each.found for each in screened},
        {each.alert.key: each.newest for each in screened if each.newest},
        {each.alert.key: each.joined for each in screened if each.joined},
    )


def _still_running(said: Clocks) -> frozenset[tuple[str, str | None]]:
    """The clocks that run although the person has left, with what began them.

    Leaving ends every clock; one that something typed later began, or began again, is watched: the
    record says that somebody is held.
    """
    return frozenset(
        (clock.clock, clock.start_event)
        for clock in said.clocks
        if clock.ended_at is None and clock.started_at is not None
    )


def _of_somebody_else(history: History) -> tuple[PlannedAlert, ...]:
    """A screening that rested on another person's record is made again, and nobody waits for it."""
    found = history.standing(EventKind.WRONG_PERSON)
    asked = max((each.seq for each in history.versions), default=None)
    if not found or asked is None or found[-1].seq < asked:
        return ()
    return (
        PlannedAlert(
            key=f"{ASKED_AGAIN}:wrong_person:{found[-1].seq}",
            clock=None,
            event=str(found[-1].seq),
            level="A2",
            due_at=found[-1].recorded_at,
            to=(Role.CUSTODY_SERGEANT,),
            state=AlertState.PLANNED,
            late_seconds=0,
            words=(
                "This stay was kept for the wrong person. What the last screening found rested on "
                "another person's record: screen again now, and read the right record."
            ),
        ),
    )


def detention_clocks(service: Service, history: History, *, now: datetime) -> Clocks:
    """What the clocks of this stay say now, with the minutes that somebody attributed by hand."""
    kept = _kept_of(history)
    found = clocks_since(kept.said, service.rulebook.law, ladder(service), history.detention(now))
    kept.said, said = found, found.clocks
    by_hand = history.attributions
    if not by_hand:
        return said
    delays, gaps = given(said.delays, said.gaps, by_hand), left(said.gaps, by_hand)
    return replace(said, delays=delays, gaps=gaps)


@dataclass
class _Kept:
    """What the clocks of one stay said last; what they had read decides whether it still holds."""

    said: Said | None = None
    _timed: tuple[tuple[PlannedAlert, ...], tuple[PlannedAlert, ...]] = ((), ())

    def timed(self, alerts: tuple[PlannedAlert, ...]) -> tuple[PlannedAlert, ...]:
        """The alerts of the clocks as they are planned; the same again for the very same ones."""
        of, named = self._timed
        if of is not alerts:
            named = tuple(like(one, key=_key(one.key), to=reached(one.to)) for one in alerts)
            self._timed = alerts, named
        return named


def _kept_of(history: History) -> _Kept:
    """It stands beside the first event of the stay, and is forgotten with it."""
    return once_of(history.events[0], "clocks", _Kept) if history.events else _Kept()


def ladder(service: Service) -> Mapping[str, Any]:
    """The ladder that the rulebook in force holds."""
    found: Mapping[str, Any] = service.rulebook.practice.get("alerts", {})
    return found


def replan(service: Service, writing: Writing, stay: str, *, now: datetime) -> Planned:
    """Make the outbox agree with the record of this stay; never raises for what is in it."""
    found = writing.stay(stay)
    if found is None:
        return Planned(None, (), None)
    try:
        calls_for = wanted(service, History.read(writing, found), now=now)
        known = writing.alerts_of(stay)
        change = writing.plan(stay, [*calls_for.alerts, *kept(known, stay)], needs=calls_for.needs)
    except (EngineError, StoreError):
        raise
    except Exception as error:
        # Whatever it was, nobody must hear of it later than now; the id alone goes to the log.
        _log.error("stay %s cannot be evaluated: %s", stay, fault(error))
        return cannot(writing, stay, now=now)
    return Planned(calls_for, tuple(f"{stay}:{each.key}" for each in calls_for.alerts), change)


def cannot(writing: Writing, stay: str, *, now: datetime) -> Planned:
    """Plan the emergency that says so, once; everything that was planned before stays planned."""
    known = writing.alerts_of(stay)
    ours = [alert for alert in known if alert.source == CANNOT]
    standing = [as_planned(alert, stay) for alert in known if alert.state == "planned"]
    if not any(alert.is_open or alert.state == "planned" for alert in ours):
        standing.append(cannot_be_evaluated(now, len(ours) + 1))
    change = writing.plan(stay, standing, needs=needs_of(known, stay))
    return Planned(None, tuple(f"{stay}:{each.key}" for each in standing), change)


def called_for(
    service: Service,
    writing: Writing,
    stay: str,
    *,
    now: datetime,
    but_for: Recorded | None = None,
) -> frozenset[str]:
    """The keys of what the record of this stay calls for; none where it cannot be evaluated.

    ``but_for`` is one entry that is left out of it.
    """
    found = writing.stay(stay)
    try:
        calls_for = None
        if found is not None:
            history = History.read(writing, found)
            if but_for is not None:
                history = history.without(but_for)
            calls_for = wanted(service, history, now=now)
    except (EngineError, StoreError):
        raise
    except Exception as error:
        _log.error("stay %s cannot be evaluated: %s", stay, fault(error))
        return frozenset()
    return frozenset(f"{stay}:{each.key}" for each in (calls_for.alerts if calls_for else ()))


def _key(key: str) -> str:
    """A key of three parts; the second time that an alert comes back stands in its episode."""
    parts = key.split(":")
    return key if len(parts) <= 3 else ":".join([*parts[:2], "-".join(parts[2:])])
