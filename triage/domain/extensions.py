"""Extensions of the permitted period: which of them stand, and why the others lengthen nothing.

Section 136B: the doctor responsible for the examination, before the 24 hours expire, because of the
person's condition and nothing else, for a stated length of up to 12 hours; and with a
superintendent's approval where the person is at a police station and will be assessed there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.domain import london, ranks
from triage.domain.dated import Law
from triage.domain.section136 import Period
from triage.domain.timeline import Event, Timeline
from triage.domain.watches import Finding
from triage.domain.whereabouts import STATION, Stay, place_at

Away = tuple[datetime, datetime | None]  # escaped, retaken


@dataclass(frozen=True)
class Extension:
    """An extension that stands: from when it stood, and when the period lapses with it."""

    event: Event
    stands_from: datetime
    lapses: datetime


@dataclass(frozen=True)
class Judged:
    """What became of the extensions of one period."""

    standing: Extension | None
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]


def judge(
    law: Law, timeline: Timeline, found: Sequence[Stay], period: Period, away: Sequence[Away]
) -> Judged:
    """The first extension that stands lengthens the period; what does not stand lengthens nothing.

    A second one that would stand is not counted either: the Act speaks of one authorisation.
    """
    standing: list[Extension] = []
    findings: list[Finding] = []
    for event in period.episode.within(timeline, "extension_authorised"):
        fault = _fault(law, period, event, away)
        if fault is not None:
            findings.append(_fallen(period, event, fault))
            continue
        stands_from = _stands_from(law, timeline, found, period, event)
        if stands_from is not None:
            lapses = period.lapses + timedelta(hours=_hours(event) or 0)
            standing.append(Extension(event, stands_from, lapses))
        else:
            findings.append(_without_approval(timeline, period, event))
    first = min(standing, key=lambda one: one.stands_from, default=None)
    return Judged(first, tuple(findings), tuple(_warnings(standing, first)))


def _fallen(period: Period, event: Event, fault: tuple[str, Event, str]) -> Finding:
    """What is wrong with it; of one that came too late, by how much, and too late for what."""
    code, _, row = fault
    late = code == "extension_late" and event.latest >= period.lapses
    over = event.latest - period.lapses if late else None
    rests_on = (period.start.event.id,) if code == "extension_late" else ()
    return Finding(code, event, row, event.latest, over=over, rests_on=rests_on)


def _fault(
    law: Law, period: Period, event: Event, away: Sequence[Away]
) -> tuple[str, Event, str] | None:
    """What is wrong with an extension in itself: code, event, law row."""
    most = law.row("S136B-EXT").value
    hours = _hours(event)
    # Uncertainty is read towards the earlier alarm: late if it may have been late.
    in_time = period.start.moment <= event.earliest and event.latest < period.lapses
    old = period.row.id.endswith("-OLD")
    absent = any(out <= event.latest and (back is None or event.earliest < back)
                 for out, back in away)  # fmt: skip
    faults = (
        ("extension_old_law", "S136B-EXT", old),
        ("extension_length", "S136B-EXT", hours is None or not 1 <= hours <= int(str(most))),
        ("extension_ground", "S136B-GROUND", event.extra.get("ground") != "condition"),
        ("extension_doctor", "S136B-EXT", event.role not in (None, "doctor")),
        ("extension_late", "S136B-WHEN", not in_time),
        ("extension_while_absent", "S138-RETAKE-B", absent),
    )
    return next(((code, event, row) for code, row, wrong in faults if wrong), None)


def _hours(event: Event) -> int | None:
    hours = event.extra.get("hours")
    return hours if isinstance(hours, int) and not isinstance(hours, bool) else None


def _stands_from(
    law: Law, timeline: Timeline, found: Sequence[Stay], period: Period, event: Event
) -> datetime | None:
    """From when the extension stands; None while it lacks the superintendent it needs."""
    if law.holds("MHA25-S48-EXT", london.day_of(event.latest)):
        return event.latest
    if place_at(found, event.latest) != STATION:
        return event.latest
    if _assessed_at(timeline, period, event) not in (None, STATION):
        return event.latest
    approvals = [
        approval.latest
        for approval in period.episode.within(timeline, "superintendent_approved")
        if approval.latest < period.lapses and ranks.may_be(approval, "superintendent")
    ]
    return max(event.latest, approvals[0]) if approvals else None


def _assessed_at(timeline: Timeline, period: Period, event: Event) -> str | None:
    """Where the assessment will be carried out or finished, as last said before the lapse."""
    said = [event] if event.place else []
    changes = period.episode.within(timeline, "assessment_place_changed")
    said += [change for change in changes if change.latest < period.lapses]
    return max(said, key=lambda one: one.latest).place if said else None


def _without_approval(timeline: Timeline, period: Period, event: Event) -> Finding:
    if timeline.at < period.lapses:  # it can still be approved
        code, began = "extension_needs_superintendent", event.latest
        return Finding(code, event, "S136B-SUPT", began, None, unlawful=False)
    return Finding("extension_superintendent", event, "S136B-SUPT", period.lapses, None)


def _warnings(standing: Sequence[Extension], first: Extension | None) -> list[str]:
    more = [one.event.id for one in standing if one is not first]
    words = []
    if more:
        words.append(f"a second extension is not counted, take advice: {', '.join(more)}")
    if first is not None and first.event.role is None:
        words.append(f"the extension does not say that a doctor gave it: {first.event.id}")
    return words
