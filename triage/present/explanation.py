"""Why something was found or not: what speaks for it, what stands against it, whom to ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.disclosure import SAID
from triage.domain.explaining import Ask, Explanation, RuleExplained
from triage.domain.findings import Findings
from triage.domain.needs import FLAGS, NEEDS
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.facts_words import by_origin, by_why
from triage.present.lines import usable, wrapped
from triage.present.words import WHY_MISSING, asked, said

if TYPE_CHECKING:
    from triage.casework.explanations import Why

NO_SCREENING = (
    "No screening of this stay can be read, so nothing was found and nothing was ruled out."
)
LEAD = (
    "A screen misses people. Choose what you expected to find: here stands what speaks against "
    "it, what nobody knows, and the one answer that would tell."
)
POLICE_HALF = (
    "This is worked out from what the desk itself knows. What health staff were told is not in it."
)
_HOLDS = {True: "Yes", False: "No", None: "Nobody can tell yet"}
_OUTCOMES = {
    "not_found": "not found",
    "not_called_for": "nothing calls for it",
    "not_available": "not available",
    "needs_information": "more has to be known first",
}
_WHO = {
    "said": "the person, who can be asked",
    "observed": "whoever goes and looks",
    "record": "whoever checks the record",
    "property": "whoever has the property",
    "officer": "the officers who brought the person",
    "person": "whoever finds out who the person is",
    "stay": "the custody officer",
}


def in_words(explanation: Explanation, *, width: int, rulebook: Rulebook) -> str:
    """The explanation as plain text, wrapped to ``width``."""
    return "\n".join(_lines(explanation, usable(width), rulebook))


def _lines(explanation: Explanation, width: int, rulebook: Rulebook) -> Iterator[str]:
    outcome = _OUTCOMES.get(explanation.outcome, spans.plain(explanation.outcome))
    name = explanation.id if explanation.kind in ("rule", "modifier") else said(explanation.id)
    yield from wrapped(f"{spans.capital(name)}: {_HOLDS[explanation.holds]} ({outcome}).", width)
    if explanation.ask is not None:
        yield from wrapped(_to_ask(explanation.ask, rulebook), width)
    for rule in explanation.rules:
        yield ""
        yield from _rule(rule, width, rulebook)


def _to_ask(ask: Ask, rulebook: Rulebook) -> str:
    alone = "This answer alone could settle it" if ask.alone else "This answer would help"
    why = WHY_MISSING.get(ask.why, spans.plain(ask.why))
    who = _WHO.get(ask.who, spans.plain(ask.who))
    return f"{alone}: {asked(rulebook, ask.id)} ({why}). Who could say: {who}."


def _rule(rule: RuleExplained, width: int, rulebook: Rulebook) -> Iterator[str]:
    urgency = f", {rule.urgency.word}" if rule.urgency else ""
    yield from wrapped(f"{rule.id}{urgency}: {_HOLDS[rule.holds]}. {rule.because}", width)
    yield from wrapped(f"If {rule.text}", width, first="    ")
    for title, facts in (("For it. ", rule.facts), ("Against it. ", rule.against)):
        words = by_origin(facts, rulebook)
        if words:
            yield from wrapped(f"{title}{words}", width, first="    ")
    for line in by_why(rule.missing, rulebook):
        yield from wrapped(line, width, first="    ")


# On a page -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleCard:
    """One rule or route before one person, part by part."""

    title: str
    because: str
    written: str  # the condition as it stands in the rules
    facts: str
    against: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Why one thing was found, or why not."""

    title: str
    lead: str
    ask: str
    rules: tuple[RuleCard, ...]


def choices(
    findings: Findings | None, rulebook: Rulebook
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What can be asked about: what was not found first, by heading, each as (id, words)."""
    if findings is None:
        return ()
    found = {each.need for each in findings.needs} | {each.flag for each in findings.flags}
    routes = {each.route for each in findings.routes if each.status == "suggested"}
    names = [*NEEDS, *FLAGS]
    ways = [route.id for route in rulebook.routes]
    groups = (
        ("Not found", [name for name in names if name not in found]),
        ("Routes that were not suggested", [name for name in ways if name not in routes]),
        ("Found", [name for name in names if name in found]),
        ("Routes that were suggested", [name for name in ways if name in routes]),
    )
    return tuple(
        (heading, tuple((name, spans.capital(said(name))) for name in each))
        for heading, each in groups
        if each
    )


def page(why: "Why", rulebook: Rulebook, *, now: datetime) -> Page | None:
    """The page of one explanation; None where nothing was chosen or nobody was screened."""
    told = why.explanation
    if told is None or why.screened_at is None:
        return None
    outcome = _OUTCOMES.get(told.outcome, spans.plain(told.outcome))
    if told.holds is None:
        outcome = "nobody can tell yet, so it is not excluded"
    title = f"{spans.capital(said(told.id))}: {outcome}"
    when = f"From the answers of {spans.moment(why.screened_at, now=now)}."
    if not why.whole:
        when = f"{when} {POLICE_HALF}"
    if why.held_back:
        title, when = f"{spans.capital(said(told.id))}: found", f"{when} {SAID}"
    ask = _to_ask(told.ask, rulebook) if told.ask is not None else ""
    return Page(title, when, ask, tuple(_card(rule, rulebook) for rule in told.rules))


def _card(rule: RuleExplained, rulebook: Rulebook) -> RuleCard:
    urgency = f" It would be {rule.urgency.word}." if rule.urgency and not rule.holds else ""
    name = spans.capital(rule.id.replace("-", " ").replace("_", " "))
    return RuleCard(
        title=f"{name}: {_HOLDS[rule.holds].lower()}.{urgency}",
        because=rule.because,
        written=rule.text,
        facts=by_origin(rule.facts, rulebook),
        against=by_origin(rule.against, rulebook),
        missing=tuple(by_why(rule.missing, rulebook)),
    )
