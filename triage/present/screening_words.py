"""The findings of one screening, as a tired sergeant reads them: first what to do.

No colour carries meaning. Nothing here ever says that somebody is safe: the best that can be said
is that no flags were raised, from how many answers.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from triage.domain import london
from triage.domain.dated import Confidence
from triage.domain.findings import (
    Axis,
    FactUsed,
    Findings,
    Flag,
    Missing,
    Need,
    NotExcluded,
    Reason,
    Route,
    RouteStatus,
    ScreenStatus,
    Urgency,
)
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.lines import heading, side_by_side, usable, wrapped
from triage.present.words import WHY_MISSING, answer_words, asked, said

CALL_999 = "CALL 999 FIRST. Then read on."
ACT_NOW = "EMERGENCY: ACT THIS MINUTE. If life is at risk, CALL 999 FIRST."
_STATUS = {
    ScreenStatus.COMPLETE: "Screening complete: {answered} of {asked} answers.",
    ScreenStatus.PROVISIONAL: "PROVISIONAL: {answered} of {asked} answers. "
    "What is missing is unknown, not no.",
    ScreenStatus.REFUSED: "SCREENING REFUSED: {answered} of {asked} answers. "
    "A refusal is unknown, not no.",
    ScreenStatus.CANNOT_SCREEN: "CANNOT BE SCREENED NOW: {answered} of {asked} answers. "
    "Watch and rouse; ask again when it can be done properly.",
}
_ORIGINS = {
    "answer": "said",
    "observation": "seen",
    "person": "details",
    "stay": "details",
}
_UNSURE = {
    Confidence.INFERRED: "inferred, not read in the source",
    Confidence.UNVERIFIED: "NOT VERIFIED: not to be relied on as law",
}


def in_words(findings: Findings, *, width: int = 80, rulebook: Rulebook | None = None) -> str:
    """The findings as plain text, wrapped to ``width``; ``rulebook`` lends the words of answers."""
    return "\n".join(_Words(findings, usable(width), rulebook).lines()) + "\n"


class _Words:
    """One set of findings being written; sources are numbered as they are first used."""

    def __init__(self, findings: Findings, width: int, rulebook: Rulebook | None) -> None:
        self.findings, self.width, self.rulebook = findings, width, rulebook
        self.sources: dict[tuple[str, Confidence], int] = {}

    def lines(self) -> Iterator[str]:
        found: list[Need | Flag] = [*self.findings.needs, *self.findings.flags]
        found.sort(key=lambda each: -each.urgency)
        yield from self._first()
        yield from self._acts("Do now", (Urgency.EMERGENCY, Urgency.URGENT))
        yield from self._found("Found", [f for f in found if f.urgency > Urgency.ROUTINE])
        yield from self._not_excluded()
        yield from self._found("Also found", [f for f in found if f.urgency == Urgency.ROUTINE])
        yield from self._conflicts()
        yield from self._acts("Do before release", (Urgency.SOON, Urgency.ROUTINE))
        yield from self._routes()
        yield from self._rescreen()
        yield from self._sources()
        yield from self._last()

    def _text(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        return wrapped(text, self.width, first=first, rest=rest)

    def _first(self) -> Iterator[str]:
        emergencies = [act for act in self.findings.do_now if act.urgency == Urgency.EMERGENCY]
        found: list[Need | Flag] = [*self.findings.needs, *self.findings.flags]
        if any(each.urgency == Urgency.EMERGENCY for each in found):
            life = any("999" in act.words for act in emergencies)
            yield from self._text(f"EMERGENCY: {CALL_999}" if life else ACT_NOW)
        answered, asked_in_all = self.findings.answered
        if self.findings.nothing_found:
            yield from self._text(f"No flags raised from {answered} of {asked_in_all} answers.")
            yield from self._text(
                "This says what was asked and seen, at this time. Look and ask again if anything "
                "changes."
            )
            return
        status = _STATUS[self.findings.status]
        yield from self._text(status.format(answered=answered, asked=asked_in_all))

    def _acts(self, title: str, urgencies: tuple[Urgency, ...]) -> Iterator[str]:
        acts = [act for act in self.findings.do_now if act.urgency in urgencies]
        if not acts:
            return
        yield from heading(title)
        for number, act in enumerate(acts, 1):
            yield from self._text(act.words, f"{number:>2}. ")

    def _found(self, title: str, found: Iterable[Need | Flag]) -> Iterator[str]:
        for number, each in enumerate(found):
            if not number:
                yield from heading(title)
            name = said(each.need if isinstance(each, Need) else each.flag)
            yield from self._text(f"{each.urgency.word.upper()}: {name}")
            for reason in each.reasons:
                yield from self._reason(reason, beside=each.urgency)

    def _reason(self, reason: Reason, *, beside: Urgency) -> Iterator[str]:
        milder = "" if reason.urgency == beside else f" ({reason.urgency.word})"
        yield from self._text(f"{reason.because}{milder} [{self._source(reason)}]", "  - ")
        for fact in reason.facts:
            yield from self._text(self._fact(fact), "      ", "        ")
        if reason.tell:
            tell = spans.listed([said(role) for role in reason.tell])
            yield from self._text(f"Tell: {tell}.", "    ", "      ")

    def _fact(self, fact: FactUsed) -> str:
        known = fact.status == "answered" or fact.value is not None
        value = answer_words(self.rulebook, fact.id, fact.value) if known else ""
        words = value if known else WHY_MISSING.get(fact.status, fact.status)
        origin = _ORIGINS.get(fact.source, spans.plain(fact.source))
        when = f", {london.short(fact.asked_at)}" if fact.asked_at else ""
        return f"{asked(self.rulebook, fact.id)}: {words} ({origin}{when})"

    def _source(self, reason: Reason) -> int:
        return self.sources.setdefault((reason.source, reason.confidence), len(self.sources) + 1)

    def _not_excluded(self) -> Iterator[str]:
        entries = self.findings.not_excluded
        if not entries:
            return
        yield from heading("Could not be excluded")
        for each in entries:
            again = self._when(each.ask_again_at)
            yield from self._text(
                f"{each.urgency.word.upper()}: {said(each.need)}. Ask again by {again}."
            )
            for line in _by_why(each):
                yield from self._text(self._missing(*line), "  - ")

    def _missing(self, why: str, missing: list[Missing]) -> str:
        names = ", ".join(asked(self.rulebook, each.id) for each in missing)
        return f"{spans.capital(WHY_MISSING.get(why, why))}: {names}"

    def _conflicts(self) -> Iterator[str]:
        if not self.findings.conflicts:
            return
        yield from heading("Said, and on record")
        yield from self._text("These differ. The riskier stands until somebody has checked.")
        yield from side_by_side("SAID", "ON RECORD", self.width)
        for each in self.findings.conflicts:
            words = answer_words(self.rulebook, each.id, each.said)
            left = f"{asked(self.rulebook, each.id)}: {words}"
            yield from side_by_side(left, each.record, self.width)

    def _routes(self) -> Iterator[str]:
        shown = {
            Axis.DUTY: "Staff must see to",
            Axis.SUPPORT: "Help to offer: the person decides",
        }
        if any(route.status == RouteStatus.SUGGESTED for route in self._of(Axis.DISPOSAL)):
            shown[Axis.DISPOSAL] = "Outcomes the police may consider: the police decide"
        for axis, title in shown.items():
            yield from self._axis(title, self._of(axis))

    def _of(self, axis: Axis) -> list[Route]:
        return [route for route in self.findings.routes if route.axis == axis]

    def _axis(self, title: str, routes: list[Route]) -> Iterator[str]:
        suggested = [r for r in routes if r.status == RouteStatus.SUGGESTED]
        possible = [r for r in routes if r.status == RouteStatus.POSSIBLE]
        waiting = [r for r in routes if r.status == RouteStatus.NEEDS_INFORMATION]
        if not (suggested or possible or waiting):
            return
        yield from heading(title)
        for route in suggested:
            target = f" Aim: {_span(route.target_minutes)}." if route.target_minutes else ""
            yield from self._text(f"{spans.capital(said(route.route))}.{target}", "  * ")
        if possible:
            names = ", ".join(said(route.route) for route in possible)
            yield from self._text(f"Possible as well: {names}.", "    ")
        for route in waiting:
            missing = ", ".join(asked(self.rulebook, each.id) for each in route.missing)
            yield from self._text(
                f"{spans.capital(said(route.route))}: first ask {missing}.", "  ? "
            )

    def _rescreen(self) -> Iterator[str]:
        rescreen = self.findings.rescreen
        if rescreen is None:
            return
        yield from heading(f"Screen again by {self._when(rescreen.due_at)}")
        for why in rescreen.why:
            yield from self._text(why, "  - ")

    def _sources(self) -> Iterator[str]:
        if not self.sources:
            return
        yield from heading("Where the reasons come from")
        for (source, confidence), number in self.sources.items():
            unsure = _UNSURE.get(confidence)
            yield from self._text(f"{source} ({unsure})" if unsure else source, f"[{number}] ")

    def _last(self) -> Iterator[str]:
        stamp = self.findings.rulebook
        yield ""
        for warning in self.findings.warnings:
            yield from self._text(f"Note: {warning}")
        if not stamp.signed:
            yield from self._text("UNSIGNED RULEBOOK: nobody has signed these rules for use.")
        yield from self._text(
            f"Screened {london.text(self.findings.at)}. Rulebook {stamp.fingerprint}, "
            f"law as on {stamp.law_on}. This suggests; people decide."
        )

    def _when(self, at: datetime) -> str:
        """The time of day, with the day where it is not the day of the screening."""
        return spans.moment(at, now=self.findings.at)


def _by_why(each: NotExcluded) -> Iterator[tuple[str, list[Missing]]]:
    """What is missing, gathered by the reason for which it is missing."""
    for why in dict.fromkeys(missing.why for missing in each.missing):
        yield why, [missing for missing in each.missing if missing.why == why]


def _span(minutes: int) -> str:
    return (
        "at once"
        if minutes == 0
        else f"within {spans.span(timedelta(minutes=minutes).total_seconds())}"
    )
