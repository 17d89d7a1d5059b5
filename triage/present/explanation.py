"""Why something was found or not: what speaks for it, what stands against it, whom to ask."""

from collections.abc import Iterator

from triage.domain.explaining import Ask, Explanation, RuleExplained
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.facts_words import by_origin, by_why
from triage.present.lines import usable, wrapped
from triage.present.words import WHY_MISSING, asked, said

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
