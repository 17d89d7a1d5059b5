"""The findings of one screening, as a tired sergeant reads them: first what to do.

No colour carries meaning. Nothing here ever says that somebody is safe: the best that can be said
is that no flags were raised, from how many answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from triage.domain import london
from triage.domain.answers import Marker
from triage.domain.findings import (
    Axis,
    DoNow,
    Findings,
    Flag,
    Need,
    Route,
    RouteStatus,
    ScreenStatus,
    Urgency,
)
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.facts_words import CLOSING, by_why, open_warnings
from triage.present.lines import heading, side_by_side, usable, wrapped
from triage.present.reasons import Reasons
from triage.present.services import services
from triage.present.words import QUIET, answer_words, asked, said

CALL_999 = "EMERGENCY: CALL 999 FIRST."
ACT_NOW = "EMERGENCY: ACT THIS MINUTE. If life is at risk, CALL 999 FIRST."
UNSIGNED = "UNSIGNED RULEBOOK: nobody has signed these rules for use."
_STATUS = {
    ScreenStatus.COMPLETE: "Screening complete: {0} of {1} answers.",
    ScreenStatus.PROVISIONAL: "PROVISIONAL: {0} of {1} answers. What is missing is unknown, "
    "not no.",
    ScreenStatus.REFUSED: "SCREENING REFUSED: {0} of {1} answers. A refusal is unknown, not no.",
    ScreenStatus.CANNOT_SCREEN: "CANNOT BE SCREENED NOW: {0} of {1} answers. Watch and rouse, and "
    "ask when it can be done properly.",
}
_NOTHING = (
    "This is what was asked and seen at this time, and no more. Look and ask again when anything "
    "changes."
)


def in_words(
    findings: Findings,
    *,
    width: int = 80,
    rulebook: Rulebook | None = None,
    who: str = "",
    markers: Sequence[Marker] = (),
) -> str:
    """The findings as plain text, wrapped to ``width``.

    ``rulebook`` lends the words of questions and answers, ``markers`` the days of warnings; ``who``
    stands at the top, so that two sheets are not mixed up.
    """
    return "\n".join(_Sheet(findings, usable(width), rulebook, who, markers).lines()) + "\n"


def cry(acts: Iterable[DoNow]) -> str:
    """The headline over the acts of an emergency: the ambulance first, where they speak of it."""
    return cry_over(act.words for act in acts)


def cry_over(words: Iterable[str]) -> str:
    """The same over acts that came as sentences."""
    return CALL_999 if any("999" in each for each in words) else ACT_NOW


class _Sheet:
    """One set of findings being written."""

    def __init__(
        self,
        findings: Findings,
        width: int,
        rulebook: Rulebook | None,
        who: str,
        markers: Sequence[Marker],
    ) -> None:
        self.findings, self.width, self.rulebook, self.who = findings, width, rulebook, who
        self.markers = markers
        self.reasons = Reasons(width, rulebook)
        found: list[Need | Flag] = [*findings.needs, *findings.flags]
        self.found = sorted(found, key=lambda each: -each.urgency)
        self.emergency = any(each.urgency == Urgency.EMERGENCY for each in found)

    def lines(self) -> Iterator[str]:
        yield from self._first()
        yield from self._to_do()
        yield from self._raised("Found", routine=False)
        yield from self._not_excluded()
        yield from self._raised("Also found", routine=True)
        yield from self._conflicts()
        yield from self._open_warnings()
        yield from self._acts("Do before release", Urgency.SOON, Urgency.ROUTINE)
        yield from self._routes()
        yield from self._rescreen()
        yield from self._last()

    def _text(self, text: str, first: str = "") -> list[str]:
        return wrapped(text, self.width, first=first)

    def _first(self) -> Iterator[str]:
        findings = self.findings
        if self.emergency:
            yield cry(self._urgent())
        if self.who:
            yield from self._text(self.who)
        if findings.nothing_found:
            answered, in_all = findings.answered
            yield f"No flags raised from {answered} of {in_all} answers"
            yield from self._text(_NOTHING)
            return
        if findings.quiet:
            yield from self._text(QUIET.format(*findings.answered))
            return
        yield from self._text(_STATUS[findings.status].format(*findings.answered))

    def _urgent(self) -> list[DoNow]:
        return [act for act in self.findings.do_now if act.urgency == Urgency.EMERGENCY]

    def _to_do(self) -> Iterator[str]:
        yield from self._acts("Do now", Urgency.EMERGENCY)
        yield from self._acts("Do next" if self._urgent() else "Do now", Urgency.URGENT)

    def _acts(self, title: str, *urgencies: Urgency) -> Iterator[str]:
        acts = [act for act in self.findings.do_now if act.urgency in urgencies]
        if not acts:
            return
        yield from heading(title)
        for number, act in enumerate(acts, 1):
            yield from self._text(act.words, f"{number:>2}. ")

    def _raised(self, title: str, *, routine: bool) -> Iterator[str]:
        found = [each for each in self.found if (each.urgency == Urgency.ROUTINE) is routine]
        if not found:
            return
        yield from heading(title)
        for each in found:
            yield from self.reasons.lines(each)

    def _not_excluded(self) -> Iterator[str]:
        """What nobody could rule out, by urgency; each missing answer stands once, where it
        matters most."""
        if not self.findings.not_excluded:
            return
        yield from heading("Could not be excluded")
        listed: set[str] = set()
        for urgency in sorted(Urgency, reverse=True):
            entries = [each for each in self.findings.not_excluded if each.urgency == urgency]
            if not entries:
                continue
            again = self._when(min(each.ask_again_at for each in entries))
            names = "; ".join(said(each.need) for each in entries)
            yield from self._text(f"{urgency.word.upper()}, ask again by {again}: {names}", "")
            missing = [each for entry in entries for each in entry.missing]
            for line in by_why((m for m in missing if m.id not in listed), self.rulebook):
                yield from self._text(line, "  - ")
            listed.update(each.id for each in missing)

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

    def _open_warnings(self) -> Iterator[str]:
        """Which warnings count, and how they stop counting: a denial never does it."""
        counting = open_warnings(self.findings, self.markers)
        if counting:
            yield from heading("Open warnings")
            yield from self._text(f"{'; '.join(counting)}. {CLOSING}")

    def _routes(self) -> Iterator[str]:
        yield from self._axis("Staff must see to", self._of(Axis.DUTY))
        yield from self._axis("Help to offer: the person decides", self._of(Axis.SUPPORT))
        outcomes = self._of(Axis.DISPOSAL)
        if any("evidence_stage" in [m.id for m in route.missing] for route in outcomes):
            return  # left out until an investigator has marked the evidence stage
        yield from self._axis("Outcomes to consider: the police decide", outcomes)

    def _of(self, axis: Axis) -> list[Route]:
        return [route for route in self.findings.routes if route.axis == axis]

    def _axis(self, title: str, routes: list[Route]) -> Iterator[str]:
        by_status = {
            status: [route for route in routes if route.status == status] for status in RouteStatus
        }
        suggested = by_status[RouteStatus.SUGGESTED]
        possible = by_status[RouteStatus.POSSIBLE]
        waiting = by_status[RouteStatus.NEEDS_INFORMATION]
        if not (suggested or possible or waiting):
            return
        yield from heading(title)
        for route in suggested:
            yield from self._text(f"{spans.capital(said(route.route))}{_aim(route)}", "  * ")
            yield from self._services(route)
        if possible:
            yield from self._text(f"Possible as well: {_names(possible)}.", "    ")
            for route in possible:
                yield from self._services(route, said(route.route))
        if waiting:
            yield from self._text(f"Not known until more is answered: {_names(waiting)}.", "  ? ")

    def _services(self, route: Route, whose: str = "") -> Iterator[str]:
        """Where the route leads, and whether somebody is there at the time of the screening."""
        for each in services(route.services, self.rulebook, at=self.findings.at):
            name = f"{spans.capital(whose)}: {each.name}" if whose else each.name
            told = " ".join(part for part in (each.opening, each.hours, each.reach) if part)
            yield from self._text(f"{name}. {told}", "    - ")

    def _rescreen(self) -> Iterator[str]:
        rescreen = self.findings.rescreen
        if rescreen is None:
            return
        yield from heading(f"Screen again by {self._when(rescreen.due_at)}")
        for why in rescreen.why:
            yield from self._text(why, "  - ")

    def _last(self) -> Iterator[str]:
        sources = list(self.reasons.sources())
        if sources:
            yield from heading("Where the reasons come from")
            yield from sources
        yield ""
        for warning in self.findings.warnings:
            yield from self._text(f"Note: {warning}")
        stamp = self.findings.rulebook
        if not stamp.signed and not any("signed" in each for each in self.findings.warnings):
            yield from self._text(UNSIGNED)
        yield from self._text(
            f"Screened {london.text(self.findings.at)}. Rulebook {stamp.fingerprint}, "
            f"law as on {stamp.law_on}. This suggests; people decide."
        )
        yield from self._in_short()

    def _in_short(self) -> Iterator[str]:
        """The worst of it once more at the end, which is what a small screen still shows."""
        grave = [each for each in self.found if each.urgency >= Urgency.URGENT]
        if not grave:
            return
        yield ""
        if self.emergency:
            yield cry(self._urgent())
        for urgency in (Urgency.EMERGENCY, Urgency.URGENT):
            names = [_name(each) for each in grave if each.urgency == urgency]
            if names:
                yield from self._text(f"{urgency.word.upper()}: {'; '.join(names)}")
        yield "What to do stands at the top."

    def _when(self, at: datetime) -> str:
        """The time of day, with the day where it is not the day of the screening."""
        return spans.moment(at, now=self.findings.at)


def _name(found: Need | Flag) -> str:
    return said(found.need if isinstance(found, Need) else found.flag)


def _names(routes: list[Route]) -> str:
    return ", ".join(said(route.route) for route in routes)


def _aim(route: Route) -> str:
    if route.target_minutes is None:
        return ""
    return f": {spans.within(route.target_minutes)}"
