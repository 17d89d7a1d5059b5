"""The findings of one screening for a page: the same words as in the terminal, in parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.domain.answers import Marker
from triage.domain.findings import (
    Axis,
    DoNow,
    FactUsed,
    Findings,
    Missing,
    Reason,
    Route,
    RouteStatus,
    ScreenStatus,
    Urgency,
)
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.facts_words import CLOSING, open_warnings
from triage.present.services import ServiceWords, services
from triage.present.words import QUIET, WHY_MISSING, answer_words, asked, said

_STATUS = {
    ScreenStatus.COMPLETE: "Screening complete: {0} of {1} answers.",
    ScreenStatus.PROVISIONAL: "Provisional: {0} of {1} answers. What is missing is unknown, not "
    "no.",
    ScreenStatus.REFUSED: "Screening refused: {0} of {1} answers. A refusal is unknown, not no.",
    ScreenStatus.CANNOT_SCREEN: "Cannot be screened now: {0} of {1} answers. Watch and rouse; ask "
    "again when it can be done properly.",
}
_AXES = {
    Axis.DUTY: "Staff must see to",
    Axis.SUPPORT: "Help to offer: the person decides",
    Axis.DISPOSAL: "Outcomes the police may consider: the police decide",
}
FIRST_999 = "Call 999 first. Then read on."


@dataclass(frozen=True)
class ReasonWords:
    """One reason: why, what it rests on, where the rule comes from."""

    because: str
    facts: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class NeedWords:
    """One need or flag with its urgency in words and every reason."""

    name: str
    level: str
    level_words: str
    reasons: tuple[ReasonWords, ...]
    count: str = ""  # of what is missing, in words


@dataclass(frozen=True)
class RouteWords:
    """One route that a human could choose."""

    id: str
    name: str
    status: str
    note: str
    services: tuple[ServiceWords, ...] = ()


@dataclass(frozen=True)
class _Where:
    """What the routes are looked up in: the rulebook with its services, the moment, the suite."""

    rulebook: Rulebook | None
    now: datetime
    suite: str | None


@dataclass(frozen=True)
class Found:
    """The findings, ready to be shown in this order."""

    headline: str
    emergency: str
    acts: tuple[tuple[str, str], ...]  # urgency, words: what cannot wait
    later: tuple[str, ...]  # what is done before release
    needs: tuple[NeedWords, ...]
    not_excluded: tuple[NeedWords, ...]
    routine: tuple[NeedWords, ...]
    conflicts: tuple[tuple[str, str, str], ...]  # what, said, on record
    warnings: tuple[str, ...]  # those that count, each with its day
    routes: tuple[tuple[str, tuple[RouteWords, ...]], ...]
    waiting: tuple[RouteWords, ...]  # routes of which it is not known yet whether they fit
    rescreen: str
    notes: tuple[str, ...]
    closing: str = CLOSING  # how a warning stops counting


def found(
    findings: Findings,
    *,
    rulebook: Rulebook | None,
    now: datetime,
    suite: str | None = None,
    markers: Sequence[Marker] = (),
) -> Found:
    """The findings in words; what could not be excluded stands above what is routine.

    With ``suite``, only the services that serve it stand under their routes. ``markers`` lend the
    days of warnings.
    """
    where = _Where(rulebook, now, suite)
    every = [_need(n.need, n.urgency, n.reasons, rulebook) for n in findings.needs]
    every += [_need(f.flag, f.urgency, f.reasons, rulebook) for f in findings.flags]
    routine = tuple(each for each in every if each.level == "routine")
    emergency = any(act.urgency is Urgency.EMERGENCY for act in findings.do_now)
    return Found(
        headline=_headline(findings),
        emergency=FIRST_999 if emergency else "",
        acts=tuple((act.urgency.word, act.words) for act in findings.do_now if _now(act)),
        later=tuple(act.words for act in findings.do_now if not _now(act)),
        needs=tuple(sorted((e for e in every if e not in routine), key=_worst_first)),
        not_excluded=tuple(
            NeedWords(
                spans.capital(said(each.need)),
                each.urgency.word,
                spans.capital(each.urgency.word),
                (_missing(each.missing, each.ask_again_at, rulebook, now),),
                spans.count(len(each.missing), "answer missing", "answers missing"),
            )
            for each in findings.not_excluded
        ),
        routine=routine,
        conflicts=tuple(
            (asked(rulebook, c.id), answer_words(rulebook, c.id, c.said), c.record)
            for c in findings.conflicts
        ),
        warnings=open_warnings(findings, markers),
        routes=tuple(_routes(findings, where)),
        waiting=tuple(
            _route(each, where)
            for each in findings.routes
            if each.status is RouteStatus.NEEDS_INFORMATION and each.axis is not Axis.DISPOSAL
        ),
        rescreen=_rescreen(findings, now),
        notes=findings.warnings,
    )


def _now(act: DoNow) -> bool:
    return act.urgency >= Urgency.URGENT


def _worst_first(need: NeedWords) -> int:
    return -Urgency.of(need.level)


def _headline(findings: Findings) -> str:
    if findings.nothing_found:
        answered, core = findings.answered
        return (
            f"No flags raised from {answered} of {core} answers. This says what was asked and seen "
            "at this time. Look and ask again if anything changes."
        )
    if findings.quiet:
        return QUIET.format(*findings.answered)
    return _STATUS[findings.status].format(*findings.answered)


def _need(
    name: str, urgency: Urgency, reasons: tuple[Reason, ...], rulebook: Rulebook | None
) -> NeedWords:
    words = urgency.word
    return NeedWords(
        spans.capital(said(name)),
        words,
        spans.capital(words),
        tuple(_reason(each, rulebook) for each in reasons),
    )


def _reason(reason: Reason, rulebook: Rulebook | None) -> ReasonWords:
    unsure = "" if reason.confidence.value == "read" else f" ({reason.confidence.value})"
    return ReasonWords(
        reason.because,
        tuple(_fact(fact, rulebook) for fact in reason.facts),
        f"{reason.source}{unsure}",
    )


def _fact(fact: FactUsed, rulebook: Rulebook | None) -> str:
    known = fact.status == "answered" or fact.value is not None
    words = (
        answer_words(rulebook, fact.id, fact.value)
        if known
        else WHY_MISSING.get(fact.status, fact.status)
    )
    return f"{spans.capital(asked(rulebook, fact.id))}: {words} ({spans.plain(fact.source)})"


def _missing(
    missing: tuple[Missing, ...], again: datetime, rulebook: Rulebook | None, now: datetime
) -> ReasonWords:
    facts = tuple(
        f"{spans.capital(asked(rulebook, each.id))}: {WHY_MISSING.get(each.why, each.why)}"
        for each in missing
    )
    return ReasonWords(f"Ask again by {spans.moment(again, now=now)}.", facts, "")


def _routes(findings: Findings, where: _Where) -> list[tuple[str, tuple[RouteWords, ...]]]:
    """Routes by whose act they are; disposal stays hidden until the evidence stage is marked."""
    shown = []
    for axis, title in _AXES.items():
        routes = [r for r in findings.routes if r.axis is axis and _is_shown(r)]
        if routes:
            shown.append((title, tuple(_route(each, where) for each in routes)))
    return shown


def _is_shown(route: Route) -> bool:
    if route.axis is Axis.DISPOSAL:
        return route.status is RouteStatus.SUGGESTED
    return route.status in (RouteStatus.SUGGESTED, RouteStatus.POSSIBLE)


def _route(route: Route, where: _Where) -> RouteWords:
    notes = list(route.why)
    if route.status is RouteStatus.NEEDS_INFORMATION:
        missing = [asked(where.rulebook, each.id) for each in route.missing]
        notes = [f"First ask: {spans.listed(missing)}."]
    if route.target_minutes is not None:
        notes.append(f"Aim: {spans.within(route.target_minutes)}.")
    status = spans.capital(spans.plain(route.status.value))
    name = spans.capital(said(route.route))
    led_to = services(route.services, where.rulebook, at=where.now, suite=where.suite)
    return RouteWords(route.route, name, status, " ".join(notes), led_to)


def _rescreen(findings: Findings, now: datetime) -> str:
    if findings.rescreen is None:
        return ""
    why = " ".join(findings.rescreen.why)
    return f"Screen again by {spans.due(findings.rescreen.due_at, now=now)}. {why}"
