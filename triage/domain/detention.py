"""All clocks of one detention at one moment: the one door into the law of this service.

What happened is always computed, in whatever order it was typed; only impossible input is refused.
Nothing here reads the wall clock: the moment is part of the input.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from triage.domain import (
    alerts,
    birthdays,
    custody_care,
    pace,
    pace_reviews,
    pauses,
    permitted,
    powers,
    section136,
    station,
    timeline,
    waits,
    whereabouts,
)
from triage.domain.clocks import AlertState, Clocks, PlannedAlert, Unlawful
from triage.domain.dated import Law
from triage.domain.delays import delays, gaps
from triage.domain.permitted import Held
from triage.domain.powers import Spell
from triage.domain.timeline import Detention, Event, Timeline
from triage.domain.watches import Finding, Watch
from triage.domain.whereabouts import STATION

_MOMENT = timedelta(microseconds=1)
FIRST_EVENT_MINUTES = 5  # to type the first event of a detention, where the ladder names no time


@dataclass(frozen=True)
class _Read:
    """A detention as read once: what the clocks, the alerts and the powers all rest on."""

    line: Timeline
    stays: tuple[whereabouts.Stay, ...]
    held: tuple[Held, ...]
    custodies: tuple[tuple[pace.Custody, pace.Limits], ...]
    spells: tuple[Spell, ...]


def clocks(law: Law, ladder: Mapping[str, Any], detention: Detention) -> Clocks:
    """Powers, clocks, planned alerts, unlawful events and delays, as known at ``detention.at``.

    Raises InputError for what cannot be: a naive time, an unknown kind, one id twice, a correction
    of an unknown event, an age that disagrees with the date of birth.
    """
    now = _evaluate(law, ladder, detention)
    if not timeline.corrections(detention):
        return now
    return replace(now, alerts=_with_withdrawn(law, ladder, detention, now.alerts))


def would_be_unlawful(
    law: Law, ladder: Mapping[str, Any], detention: Detention, event: Event
) -> tuple[Unlawful, ...]:
    """What would be against the law if this event happened: empty when it may be authorised.

    Fresh findings about the event itself, and nothing that already stands without it.
    """
    with_it = replace(detention, events=(*detention.events, event))
    return tuple(one for one in clocks(law, ladder, with_it).unlawful if one.event == event.id)


def _evaluate(law: Law, ladder: Mapping[str, Any], detention: Detention) -> Clocks:
    line = timeline.as_known(detention)
    first = line.events[0].earliest if line.events else detention.at
    birthdays.refuse_two_ages(detention.person, min(first, detention.at), detention.at)
    read = _read(law, ladder, detention, line)
    found = list(_findings(law, ladder, detention, read))
    watches = list(_watches(law, detention, read))
    return Clocks(
        at=detention.at,
        powers=tuple(one.power for one in read.spells if one.stands(detention.at)),
        clocks=tuple(watch.clock for watch in watches),
        alerts=alerts.plan(ladder, watches, found, detention.at),
        unlawful=tuple(_unlawful(ladder, found, line)),
        delays=delays(line, read.held, tuple(_arrested_waits(read))),
        warnings=tuple(_warnings(law, detention, read)),
        gaps=gaps(line, read.held),
        no_power_since=powers.none_since(read.spells, read.stays, detention.at),
    )


def _read(law: Law, ladder: Mapping[str, Any], detention: Detention, line: Timeline) -> _Read:
    stays = whereabouts.stays(line)
    back_to_back = timedelta(minutes=ladder.get("back_to_back_minutes", 60))
    episodes = section136.episodes(line, back_to_back)
    held = tuple(permitted.held_of(law, line, stays, episode) for episode in episodes)
    custodies = tuple(
        (custody, pace.limits(law, line, detention, custody))
        for custody in pace.custodies(law, line, stays)
    )
    return _Read(line, stays, held, custodies, powers.spells(line, held, custodies))


def _arrested_waits(read: _Read) -> Iterator[waits.Wait]:
    for custody, _ in read.custodies:
        wait = waits.arrested(read.line, read.stays, custody, read.held)
        if wait is not None:
            yield wait


def _watches(law: Law, detention: Detention, read: _Read) -> Iterator[Watch]:
    for held in read.held:
        yield from permitted.watches(law, read.line, read.stays, held, detention.nation)
        for stretch in station.at_station(law, read.stays, held):
            yield from station.watches(law, read.line, held, stretch)
    for custody, limits in read.custodies:
        yield from pace_reviews.watches(law, read.line, custody)
        yield from pace.watches(law, read.line, custody, limits)
    if read.held or read.custodies:
        of = "station" if read.held else "pace"
        yield from custody_care.watches(law, read.line, read.stays, of)


def _findings(
    law: Law, ladder: Mapping[str, Any], detention: Detention, read: _Read
) -> Iterator[Finding]:
    for held in read.held:
        yield from permitted.findings(read.line, held)
        stretches = station.at_station(law, read.stays, held)
        yield from station.findings(law, read.line, detention, held, stretches)
    for custody, limits in read.custodies:
        yield from limits.findings
        yield from pace_reviews.findings(read.line, custody)
    yield from custody_care.findings(read.line)
    since = detention.held_since
    typing = timedelta(minutes=ladder.get("first_event_minutes", FIRST_EVENT_MINUTES))
    said_by = None if since is None else since + typing
    yield from powers.findings(read.line, read.spells, read.stays, said_by)


def _unlawful(
    ladder: Mapping[str, Any], findings: Sequence[Finding], line: Timeline
) -> Iterator[Unlawful]:
    for finding in sorted(findings, key=lambda finding: finding.began):
        if not finding.unlawful or finding.began > line.at:
            continue
        about = finding.event.id if finding.event else None
        ended = finding.ended if finding.ended and finding.ended <= line.at else None
        yield Unlawful(
            event=about,
            words=alerts.words_of(ladder, finding),
            law_row=finding.law_row,
            began=finding.began,
            ended=ended,
            over_seconds=None if finding.over is None else int(finding.over.total_seconds()),
            corrected=not line.corrected.isdisjoint((about, *finding.rests_on)),
        )


def _warnings(law: Law, detention: Detention, read: _Read) -> Iterator[str]:
    yield from read.line.warnings
    for held in read.held:
        yield from held.judged.warnings
        yield from station.warnings(read.line, held)
        if held.period.start.reason in ("limb_not_recorded", "decision_not_recorded"):
            said = held.period.start.reason.replace("_", " ")
            yield f"{said}: the clock runs from the earliest moment that it can have begun"
    for custody, limits in read.custodies:
        yield from limits.warnings
        yield from pace_reviews.warnings(read.line, custody)
    for arrest in pauses.uncounted_unsaid(read.line):
        yield (
            "nobody has said whether an exception to the three hours after a section 46A arrest "
            f"applies: they are counted, the earlier reading: {arrest.id}"
        )
    at_station = [stay for stay in read.stays if stay.place == STATION]
    if read.held and (at_station or read.line.of("station_proposed", "station_authorised")):
        if birthdays.age_is_unknown(detention.person):
            yield "nobody knows the age: treat the person as under 18 if they appear so"
        if any(row.id == station.CLOSED for row in law.pending()):
            yield "change expected: police stations stop being places of safety (2025 Act, s48)"
    only_pace = read.custodies and not any(held.episode.ended is None for held in read.held)
    if only_pace and read.line.of("mha_assessment_requested"):
        yield "PACE gives no power to hold for a Mental Health Act assessment or to wait for a bed"


def _with_withdrawn(
    law: Law,
    ladder: Mapping[str, Any],
    detention: Detention,
    now: tuple[PlannedAlert, ...],
) -> tuple[PlannedAlert, ...]:
    """The plan with what a correction took away: withdrawn, naming the correction.

    An alert that comes back after it was withdrawn gets a new key, because a withdrawn one is
    final: ``...:2``.
    """
    withdrawn: dict[str, PlannedAlert] = {}
    times: dict[str, int] = {}
    for correction in timeline.corrections(detention):
        before, after = _around(law, ladder, detention, correction)
        for key, alert in before.items():
            if alert.state is AlertState.RAISED and key not in after:
                times[key] = times.get(key, 0) + 1
                name = _numbered(key, times[key])
                withdrawn[name] = replace(
                    alert, key=name, event=correction.id, state=AlertState.WITHDRAWN
                )
    standing = [replace(one, key=_numbered(one.key, times.get(one.key, 0) + 1)) for one in now]
    return (*standing, *withdrawn.values())


def _numbered(key: str, time: int) -> str:
    return key if time == 1 else f"{key}:{time}"


def _around(
    law: Law, ladder: Mapping[str, Any], detention: Detention, correction: Event
) -> tuple[dict[str, PlannedAlert], dict[str, PlannedAlert]]:
    """The alerts just before a correction was typed, and with it, seen from the same moment."""
    typed = correction.recorded_at
    moment = detention.at if typed is None else min(typed, detention.at)
    if typed is None:
        others = tuple(event for event in detention.events if event.corrects is None)
        before = replace(detention, events=others)
        after = detention
    else:
        before = replace(detention, at=moment, as_known_at=typed - _MOMENT)
        after = replace(detention, at=moment, as_known_at=typed)
    return _by_key(law, ladder, before), _by_key(law, ladder, after)


def _by_key(law: Law, ladder: Mapping[str, Any], detention: Detention) -> dict[str, PlannedAlert]:
    return {alert.key: alert for alert in _evaluate(law, ladder, detention).alerts}
