"""The review in words: the live list, one detention, PACE reviews, the dip sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from triage.domain import london
from triage.domain.clocks import ClockState
from triage.domain.roles import role_words
from triage.domain.waits import Stage, Wait, WaitKind
from triage.present import review_words as words
from triage.present import section136 as clock_words
from triage.present import spans
from triage.present.board import name, power_name, whereabouts
from triage.present.events import KIND_WORDS
from triage.present.unlawful import unlawful_words

if TYPE_CHECKING:
    from triage.casework import Case, LiveLine, Passed, SampleLine, Told

NOBODY = "Nobody is detained under Section 136 or 135 or waits for an assessment or a bed."
_WORST = {ClockState.BREACH: 0, ClockState.OVERDUE: 1, ClockState.TARGET_MISSED: 2}


@dataclass(frozen=True)
class WaitWords:
    """One wait: since when, how long, and who acts next."""

    kind: str
    since: str
    lasted: str
    next: str
    over: bool
    officers: str  # how many officers wait, and what that comes to; empty for other waits
    record: str  # the kind of event that would end this stage
    record_words: str
    stages: tuple[tuple[str, str, str, str], ...]  # stage, when, after how long, who


@dataclass(frozen=True)
class PassedWords:
    """One time that passed, and who signed why."""

    state: str
    words: str
    when: str
    signed: str
    clock: str
    started: str


@dataclass(frozen=True)
class Line:
    """One person on the live list."""

    stay: str
    who: str
    where: str
    level: str
    power: str
    lapses: str
    lapse_passed: bool
    waits: tuple[WaitWords, ...]
    passed: tuple[PassedWords, ...]
    unlawful: tuple[str, ...]
    told: tuple[str, ...]
    asked: tuple[str, ...]
    delays: tuple[str, ...]


def line(one: "LiveLine", practice: Mapping[str, Any], *, at: datetime) -> Line:
    """One person who waits: the power recorded, what lapses, who is waited for, who was told."""
    case = one.case
    passed = tuple(passed_words(each, at=at) for each in sorted(case.passed, key=_worst))
    unlawful = tuple(unlawful_words(each) for each in case.clocks.unlawful) if case.clocks else ()
    lapsed = one.lapses_at is not None and one.lapses_at <= at
    over = case.closed_at is not None
    breach = any(each.state == ClockState.BREACH for each in passed)
    alarm = not over and (one.power is None or lapsed)
    level = "emergency" if alarm or breach else "urgent" if passed else "none"
    here = words.place(case.where.place) if over else whereabouts(case.where)
    cell = f"cell {case.cell}" if case.cell else here
    return Line(
        stay=case.stay,
        who=name(case.initials),
        where=", ".join(part for part in (cell, spans.named(case.suite), case.reference) if part),
        level=level,
        power=_ended(case, at) if over else _power(one, at),
        lapses="" if over else _lapses(one, at),
        lapse_passed=lapsed and not over,
        waits=tuple(_wait(wait, one, practice, at) for wait in case.waits),
        passed=passed,
        unlawful=unlawful,
        told=tuple(_told(each, at) for each in case.told),
        asked=tuple(
            f"{words.place(event.place)}: {spans.plain(str(event.extra.get('answer') or 'no answer recorded'))}, "  # noqa: E501
            f"asked at {spans.moment(event.earliest, now=at)}"
            for event in case.asked
        ),
        delays=_delays(case, practice),
    )


def _worst(one: "Passed") -> tuple[int, str]:
    return (_WORST[one.clock.state], one.clock.clock)


def _ended(case: "Case", at: datetime) -> str:
    return f"Left at {spans.moment(case.closed_at or at, now=at)}"


def _power(one: "LiveLine", at: datetime) -> str:
    if one.case.clocks is None:
        return "This record cannot be evaluated: keep its times by hand"
    if one.power is None:
        return f"Power recorded: none {spans.since(_none_since(one), now=at)}"
    by = f", by {one.power.set_by}" if one.power.set_by else ""
    since = spans.since(one.power.since, now=at)
    return f"Power recorded: {power_name(one.power.power)}{by}, {since}"


def _none_since(one: "LiveLine") -> datetime:
    """Since when no power has been recorded: the lapse, else the last end, else the beginning."""
    ends = ("ended", "other_authority", "bailed")
    ended = [event.latest for event in one.case.story if event.kind in ends]
    return one.lapses_at or max(ended, default=one.case.opened_at)


def _lapses(one: "LiveLine", at: datetime) -> str:
    if one.lapses_at is None:
        return "" if one.power is None else "No time of lapse"
    verb = "Lapses" if one.lapses_at > at else "Lapsed"
    return f"{verb} at {spans.due(one.lapses_at, now=at)}"


def _wait(wait: Wait, one: "LiveLine", practice: Mapping[str, Any], at: datetime) -> WaitWords:
    partners = words.partners(practice)
    awaited = next(
        ((stage, owner) for kind, stage, owner in one.awaited
         if kind is wait.kind and wait.ended is None),
        None,
    )  # fmt: skip
    return WaitWords(
        kind=words.WAITS[wait.kind],
        since=spans.moment(wait.began, now=at) + (" at the earliest" if wait.provisional else ""),
        lasted=words.length(wait.lasted(at).total_seconds()),
        next="" if awaited is None else _next(wait.kind, *awaited, partners),
        over=wait.ended is not None,
        officers=_officers(wait, one.case, at),
        record=""
        if awaited is None
        else _ENDS_STAGE.get((wait.kind, awaited[0]), awaited[0].value),
        record_words="" if awaited is None else _record_words(wait.kind, awaited[0]),
        stages=tuple(_stages(wait, at)),
    )


# The event that ends a stage where it has another name than the stage.
_ENDS_STAGE = {
    (WaitKind.OFFICERS, Stage.ENDED): "handover_accepted",
    (WaitKind.DETENTION, Stage.MOVED): "left_place",
    (WaitKind.ARRESTED, Stage.MOVED): "left_place",
}


def _officers(wait: Wait, case: "Case", at: datetime) -> str:
    """Officers x hours so far, where somebody said how many; never guessed."""
    if wait.kind is not WaitKind.OFFICERS or wait.ended is not None:
        return ""
    told = case.given.get("officers", "")
    if not told:
        return "Number of officers not recorded"
    spent = words.length(int(told) * wait.lasted(at).total_seconds())
    return f"{spans.count(int(told), 'officer', 'officers')}: {spent} of officers' time so far"


def _record_words(kind: WaitKind, stage: Stage) -> str:
    """What the button says: the event in the words of the list of events."""
    id = _ENDS_STAGE.get((kind, stage), stage.value)
    return f"Record: {KIND_WORDS.get(id, words.STAGES[stage])}"


def _next(kind: WaitKind, stage: Stage, owner: str, partners: Mapping[str, str]) -> str:
    who = partners.get(owner, spans.plain(owner))
    if kind is WaitKind.OFFICERS:
        return f"Next: handover accepted. It is for: {who}"
    what = "The end of the detention" if stage is Stage.ENDED else words.STAGES[stage]
    return f"Next: {what[:1].lower() + what[1:] if not what.startswith('AMHP') else what}. It is for: {who}"  # noqa: E501


def _stages(wait: Wait, at: datetime) -> list[tuple[str, str, str, str]]:
    made = []
    for each in sorted(wait.reached, key=lambda one: one.not_before):
        about = "" if each.not_before == each.not_after else "from "
        after = words.length(max(0.0, (each.not_before - wait.began).total_seconds()))
        who = ", ".join(part for part in (each.by, spans.plain(each.role or "")) if part)
        when = about + spans.moment(each.not_before, now=at)
        made.append((words.STAGES[each.stage], when, after, who or "not recorded"))
    return made


def passed_words(one: "Passed", *, at: datetime) -> PassedWords:
    """One time that passed, by its own word, and why, where somebody signed."""
    clock = one.clock
    over = f", {words.length(clock.over_seconds)} over" if clock.over_seconds else ""
    due = f"was due {spans.moment(clock.due_at, now=at)}{over}" if clock.due_at else ""
    signed = (
        f"Explained by {one.signed.by}, {spans.moment(one.signed.at, now=at)}: {one.signed.words}"
        if one.signed
        else "Not explained yet"
    )
    return PassedWords(
        state=clock.state.value,
        words=f"{words.PASSED[clock.state]}: {clock_words.clock_name(clock.clock)}",
        when=due,
        signed=signed,
        clock=clock.clock,
        started=london.iso(clock.started_at) if clock.started_at else "",
    )


def _told(one: "Told", at: datetime) -> str:
    to = spans.listed([role_words(role) for role in one.to]) or "nobody"
    taken = f"; {one.taken_by} took it" if one.taken_by else "; nobody took it"
    taken += f", over at {spans.moment(one.over_at, now=at)}" if one.over_at else ", open"
    what = spans.small(clock_words.clock_name(one.source))
    return f"{spans.moment(one.at, now=at)}, {what}: {to}{taken}"


def _delays(case: "Case", practice: Mapping[str, Any]) -> tuple[str, ...]:
    partners, reasons = words.partners(practice), words.reasons(practice)
    return tuple(
        f"{partners.get(d.partner, d.partner)}, "
        f"{reasons.get(f'{d.partner}.{d.reason}', spans.plain(d.reason))}: "
        f"{words.length(d.minutes * 60)}"
        for d in (case.clocks.delays if case.clocks else ())
    )


def sampled(one: "SampleLine") -> tuple[str, str]:
    """Why a record is in the sample, and what was found in it."""
    why = spans.listed([words.WHY_SAMPLED[each] for each in one.why]) or "by chance"
    if one.finding is None:
        return spans.capital(why), "Not looked at yet"
    fix = f" Fix: {one.finding.fix}" if one.finding.fix else ""
    found = words.FINDINGS[one.finding.finding]
    return spans.capital(why), f"{found}: {one.finding.words}{fix} ({one.finding.by})"


def as_of(at: datetime, known: datetime | None) -> str:
    """The line that says from when a view is, and whether it is a view of then."""
    if known is None:
        return f"As of {london.text(at)}."
    return f"AS KNOWN AT {london.text(known)}: nothing that was typed later is in it."
