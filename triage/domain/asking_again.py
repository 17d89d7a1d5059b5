"""When the screening of one stay is asked for again: what it left open, and what happened since.

Principle 6: after an interview, a charge, bad news and the like everything is asked again. That is
one line for a person, however much has happened: the newest moment leads, the others are named.
It is over when a screening is recorded of that moment or later; what was asked before it, and only
typed after it, ends nothing. Some moments, such as a change of the custody officer, happen to a
whole suite at once: they ask only of those whose screening left something to ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.findings import ScreenStatus, Urgency
from triage.domain.london import day_of, iso, to_wall
from triage.domain.roles import Role
from triage.domain.rulebook import NewMoment, RescreenPlan
from triage.domain.screening_alerts import LONGEST, Plan, Version, shortened

SOURCE = "rescreen"
AFTER = "after"  # the step of an alert that rests on what happened since


@dataclass(frozen=True)
class Happened:
    """Something of the stay that may ask for a new screening."""

    kind: str
    at: datetime  # the latest that it can have happened
    recorded_at: datetime
    seq: int


@dataclass(frozen=True)
class _Since:
    """One new moment that no screening has followed yet."""

    moment: NewMoment
    happened: Happened

    @property
    def due_at(self) -> datetime:
        return self.happened.at + timedelta(minutes=self.moment.within_minutes)


def asking_again(
    versions: Sequence[Version],
    happened: Sequence[Happened],
    again: RescreenPlan,
    closed: Mapping[str, int],
    *,
    now: datetime,
) -> tuple[Plan, ...]:
    """What is to be asked again: the screening as a whole, and answers that are still missing.

    ``closed`` says by which event a named person closed which alert, by its key. Nobody who was
    never screened is screened *again*: the board says that louder.
    """
    if not versions:
        return ()
    last = max(versions, key=_asked)
    by_itself = _by_itself(last, versions, happened, again)
    since = _after_closing(_since(versions, happened, again), closed)
    found = _one_line(since, by_itself, closed, now)
    return tuple(found + _missing(last))


def _asked(version: Version) -> tuple[datetime, int]:
    """The order in which somebody was asked: what is typed late of an earlier hour is not last."""
    return version.at, version.seq


def _one_line(
    since: list[_Since], by_itself: Plan | None, closed: Mapping[str, int], now: datetime
) -> list[Plan]:
    """One plan of both: an alert that has been raised is joined, one that has not gives way."""
    if not since:
        return [] if by_itself is None else [by_itself]
    if by_itself is None or by_itself.alert.key in closed:
        standing = [] if by_itself is None else [by_itself]
        return [*standing, _after(since, None, now)]
    if since[0].happened.recorded_at >= by_itself.alert.due_at:
        words = _words(since, by_itself.alert.words, now)
        return [replace(by_itself, found=1 + len(since), newest=words)]
    return [_after(since, by_itself, now)]


def _since(
    versions: Sequence[Version], happened: Sequence[Happened], again: RescreenPlan
) -> list[_Since]:
    """What no screening has followed, in the order in which it was typed."""
    asked = [each.at for each in versions if not each.provisional]
    seen = max(asked) if asked else min(each.at for each in versions)
    quiet = _settled(max(versions, key=_asked))
    found = [
        _Since(moment, each)
        for each in happened
        for moment in again.after
        if each.kind in moment.events and each.at > seen and not (quiet and moment.if_unsettled)
    ]
    return sorted(found, key=lambda each: (each.happened.recorded_at, each.happened.seq))


def _settled(last: Version) -> bool:
    """Whether a screening is complete, and nothing in it is urgent, unclear or contradicted."""
    found = last.findings
    graded = [each.urgency for each in found.needs]
    graded += [each.urgency for each in found.flags]
    graded += [each.urgency for each in found.not_excluded]
    complete = found.status is ScreenStatus.COMPLETE and not last.provisional
    return complete and not found.conflicts and all(each < Urgency.URGENT for each in graded)


def _after_closing(since: list[_Since], closed: Mapping[str, int]) -> list[_Since]:
    """Those since somebody last closed such an alert by hand; all of them while none is newer."""
    for number, first in enumerate(since):
        ended = closed.get(_key(first))
        if ended is None:
            return since[number:]
        newer = [each for each in since[number + 1 :] if each.happened.seq > ended]
        if not newer:
            return since[number:]
        return _after_closing(newer, closed)
    return since


def _key(first: _Since) -> str:
    return f"{SOURCE}:{AFTER}:{first.happened.seq}"


def _after(since: list[_Since], by_itself: Plan | None, now: datetime) -> Plan:
    due = [each.due_at for each in since]
    why = ""
    if by_itself is not None:
        due.append(by_itself.alert.due_at)
        why = by_itself.alert.words
    words = _words(since, why, now)
    planned = _planned(_key(since[0]), since[0].happened.seq, min(due), words)
    return Plan(planned, ("rescreen_due",), found=len(since), newest=words)


def _words(since: list[_Since], why: str, now: datetime) -> str:
    """The newest moment first, each other kind once, then why it was due by itself."""
    newest_first = sorted(since, key=lambda each: (each.happened.at, each.happened.seq))[::-1]
    told = list({each.moment.id: each for each in reversed(newest_first)}.values())
    told.sort(key=newest_first.index)
    first, *others = [f"{each.moment.words} {_time(each.happened.at, now)}" for each in told]
    also = f"Also: {', '.join(others)}." if others else ""
    parts = (f"Screen again: after {first}.", also, why)
    return shortened(" ".join(part for part in parts if part), LONGEST)


def _time(at: datetime, now: datetime) -> str:
    wall = to_wall(at)
    return f"at {wall:%H:%M}" if day_of(at) == day_of(now) else f"on {wall:%a at %H:%M}"


def _by_itself(
    last: Version, versions: Sequence[Version], happened: Sequence[Happened], again: RescreenPlan
) -> Plan | None:
    """When the last version said that the screening is due again, as far as that still stands."""
    rescreen = last.findings.rescreen
    if rescreen is None:
        return None
    over = _answered(last, versions, happened, again)
    why = tuple(each for each in rescreen.why if each not in over)
    if not why:
        return None
    due_at = rescreen.due_at if why == rescreen.why else _due(last, why, again)
    words = " ".join(("Screening is due again.", *why))
    key = f"{SOURCE}:due-{iso(due_at).replace(':', '')}:1"
    return Plan(_planned(key, last.seq, due_at, shortened(words, LONGEST)), ("rescreen_due",))


def _answered(
    last: Version, versions: Sequence[Version], happened: Sequence[Happened], again: RescreenPlan
) -> set[str]:
    """Reasons that this version has itself answered: it was asked after the moment they speak of.

    Somebody who was charged stays charged: without this each new screening would ask for the next.
    """
    before = {
        why
        for each in versions
        if not each.provisional and _asked(each) < _asked(last)
        if each.findings.rescreen is not None
        for why in each.findings.rescreen.why
    }
    by_id = {rule.id: rule.why for rule in again.rules}
    return {
        by_id[moment.covers]
        for moment in again.after
        if moment.covers in by_id
        and not last.provisional
        and (
            by_id[moment.covers] in before
            or any(e.kind in moment.events and e.at <= last.at for e in happened)
        )
    }


def _due(last: Version, why: tuple[str, ...], again: RescreenPlan) -> datetime:
    """When what is left is due, by the rules in force; one that is not known there waits least."""
    minutes = {rule.why: rule.after_minutes for rule in again.rules}
    status = again.by_status.get(last.findings.status)
    left = [found for each in why if (found := minutes.get(each, status)) is not None]
    rescreen = last.findings.rescreen
    assert rescreen is not None  # asked only where the last version is due again
    if len(left) < len(why):
        return rescreen.due_at
    return max(rescreen.due_at, last.at + timedelta(minutes=min(left)))


def _missing(last: Version) -> list[Plan]:
    """The answers that could still change something urgent."""
    pressing = [e for e in last.findings.not_excluded if e.urgency >= Urgency.URGENT]
    if not pressing:
        return []
    soonest = min(each.ask_again_at for each in pressing)
    needs = tuple(dict.fromkeys(each.need for each in pressing))
    key = f"ask_again:due-{iso(soonest).replace(':', '')}:1"
    return [Plan(_planned(key, last.seq, soonest, "Could not be excluded: ask again."), needs)]


def _planned(key: str, event: int, due_at: datetime, words: str) -> PlannedAlert:
    return PlannedAlert(
        key=key,
        clock=None,
        event=str(event),
        level="A3",
        due_at=due_at,
        to=(Role.CUSTODY_SERGEANT,),
        state=AlertState.PLANNED,
        late_seconds=0,
        words=words,
    )
