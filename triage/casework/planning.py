"""What a stay calls for from now on, written to the outbox in the transaction of the act.

Planning never blocks recording: when it raises, the event stands and an emergency says that the
record cannot be evaluated. What had been planned before then stays planned.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triage.casework.entries import once_of
from triage.casework.faults import fault
from triage.casework.history import History
from triage.casework.referrals import referral_alerts
from triage.casework.service import Service
from triage.domain.alerts import stamp
from triage.domain.asking_again import SOURCE as ASKED_AGAIN
from triage.domain.asking_again import asking_again
from triage.domain.attributed import given, left
from triage.domain.clocks import AlertState, Clocks, PlannedAlert
from triage.domain.findings import like
from triage.domain.ladder import reached
from triage.domain.roles import Role
from triage.domain.screening_alerts import plan
from triage.domain.unmoved import Said, clocks_since
from triage.record import Alert, EventKind, PlanChange, StoreError, Writing
from triage.record.engine import EngineError

_log = logging.getLogger(__name__)
CANNOT = "cannot_be_evaluated"
RELEASE = "release"  # the source of alerts that a release itself plans
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
    if not found or not history.versions or found[-1].seq < history.versions[-1].seq:
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
        change = writing.plan(stay, [*calls_for.alerts, *_kept(known, stay)], needs=calls_for.needs)
    except (EngineError, StoreError):
        raise
    except Exception as error:
        # Whatever it was, nobody must hear of it later than now; the id alone goes to the log.
        _log.error("stay %s cannot be evaluated: %s", stay, fault(error))
        return cannot(writing, stay, now=now)
    return Planned(calls_for, tuple(f"{stay}:{each.key}" for each in calls_for.alerts), change)


def called_for(service: Service, writing: Writing, stay: str, *, now: datetime) -> frozenset[str]:
    """The keys of what the record of this stay calls for; none where it cannot be evaluated."""
    found = writing.stay(stay)
    try:
        calls_for = (
            None if found is None else wanted(service, History.read(writing, found), now=now)
        )
    except (EngineError, StoreError):
        raise
    except Exception as error:
        _log.error("stay %s cannot be evaluated: %s", stay, fault(error))
        return frozenset()
    return frozenset(f"{stay}:{each.key}" for each in (calls_for.alerts if calls_for else ()))


def done(calls_for: Wanted, alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """The open alerts about something that has been done since, or has ended."""
    running, over = (_moments(calls_for.clocks, ended=ended) for ended in (False, True))
    return tuple(
        alert
        for alert in alerts
        if alert.is_open and (of := (alert.source, moment_of(alert))) in over and of not in running
    )


def runs(calls_for: Wanted, alert: Alert) -> bool:
    """Whether the clock that this alert is a step of is running, for the same moment."""
    return (alert.source, moment_of(alert)) in _moments(calls_for.clocks, ended=False)


def _moments(said: Clocks, *, ended: bool) -> frozenset[tuple[str, str]]:
    return frozenset(
        (clock.clock, stamp(moment))
        for clock in said.clocks
        if (clock.ended_at is not None) is ended
        for moment in (clock.due_at, clock.started_at)
        if moment is not None
    )


def add(writing: Writing, stay: str, alerts: Sequence[PlannedAlert]) -> None:
    """Plan some alerts beside everything that is planned already."""
    known = [alert for alert in writing.alerts_of(stay) if alert.state == "planned"]
    writing.plan(
        stay, [*(_as_planned(alert, stay) for alert in known), *alerts], needs=_needs(known, stay)
    )


def cannot_be_evaluated(now: datetime, episode: int) -> PlannedAlert:
    """The emergency that stands when a record cannot be evaluated."""
    return PlannedAlert(
        key=f"{CANNOT}:record:{episode}",
        clock=None,
        event=None,
        level="A1",
        due_at=now,
        to=(Role.CUSTODY_SERGEANT, Role.DUTY_INSPECTOR),
        state=AlertState.PLANNED,
        late_seconds=0,
        words="This record cannot be evaluated. Keep its checks and times by hand now.",
    )


def cannot(writing: Writing, stay: str, *, now: datetime) -> Planned:
    """Plan the emergency that says so, once; everything that was planned before stays planned."""
    known = writing.alerts_of(stay)
    ours = [alert for alert in known if alert.source == CANNOT]
    standing = [_as_planned(alert, stay) for alert in known if alert.state == "planned"]
    if not any(alert.is_open or alert.state == "planned" for alert in ours):
        standing.append(cannot_be_evaluated(now, len(ours) + 1))
    change = writing.plan(stay, standing, needs=_needs(known, stay))
    return Planned(None, tuple(f"{stay}:{each.key}" for each in standing), change)


def _kept(known: Sequence[Alert], stay: str) -> list[PlannedAlert]:
    """What other acts planned, which no plan of screenings and clocks knows."""
    return [
        _as_planned(alert, stay)
        for alert in known
        if alert.state == "planned" and alert.source in (RELEASE, CANNOT)
    ]


def _needs(known: Sequence[Alert], stay: str) -> dict[str, str]:
    return {_short(alert.key, stay): alert.need for alert in known if alert.need}


def _as_planned(alert: Alert, stay: str) -> PlannedAlert:
    return PlannedAlert(
        key=_short(alert.key, stay),
        clock=None,
        event=None,
        level=alert.level,
        due_at=alert.due_at,
        to=alert.to_roles,
        state=AlertState.PLANNED,
        late_seconds=0,
        words=alert.words or "",
    )


def _short(key: str, stay: str) -> str:
    return key.removeprefix(f"{stay}:")


def _key(key: str) -> str:
    """A key of three parts; the second time that an alert comes back stands in its episode."""
    parts = key.split(":")
    return key if len(parts) <= 3 else ":".join([*parts[:2], "-".join(parts[2:])])


def moment_of(alert: Alert) -> str:
    """The moment of the clock that an alert is a step of, as its key names it."""
    return alert.episode.partition("-")[0]
