"""Facts that decided something, gathered by who said them."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from triage.domain import london
from triage.domain.findings import FactUsed, Missing
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.words import WHY_MISSING, answer_words, asked, said

NO_ANSWER = "No answer"
_ORIGINS: Mapping[str, str] = MappingProxyType(
    {
        "said": "Said",
        "observed": "Seen",
        "person": "Known",
        "stay": "Known",
        "record": "Record",
        "officer": "Officers",
        "property": "Property",
        "pnc": "PNC",
        "family": "Family said",
        "log": "Incident log",
        "health": "Health staff",
        "earlier_screening": "Earlier screening",
        "instrument": "Measured",
    }
)


def origin(source: str) -> str:
    """Where a fact comes from, as people say it."""
    return _ORIGINS.get(source, spans.capital(spans.plain(source)))


def by_origin(facts: Iterable[FactUsed], rulebook: Rulebook | None) -> str:
    """Facts on one line: ``Seen: O6 confused (yes). Said: Q11 last drink (a lot).``

    What the rules themselves found is left out: it is no fact of the person.
    """
    gathered: dict[str, list[str]] = {}
    for fact in facts:
        if fact.source != "rule":
            where, words = _fact(fact, rulebook)
            gathered.setdefault(where, []).append(words)
    return " ".join(f"{where}: {', '.join(words)}." for where, words in gathered.items())


def _fact(fact: FactUsed, rulebook: Rulebook | None) -> tuple[str, str]:
    name = asked(rulebook, fact.id)
    when = f", {london.short(fact.asked_at)}" if fact.asked_at else ""
    if fact.id == "marker":
        return origin(fact.source), said(str(fact.value))
    if fact.value is None and fact.status in WHY_MISSING:
        return NO_ANSWER, f"{name} ({WHY_MISSING[fact.status]}{when})"
    return origin(fact.source), f"{name} ({answer_words(rulebook, fact.id, fact.value)}{when})"


def by_why(missing: Iterable[Missing], rulebook: Rulebook | None) -> list[str]:
    """Missing answers, a line for each reason for which they are missing, as they are asked."""
    unique = dict.fromkeys(missing)
    lines = []
    for why in dict.fromkeys(each.why for each in unique):
        ids = sorted((each.id for each in unique if each.why == why), key=_order(rulebook))
        names = ", ".join(asked(rulebook, each) for each in ids)
        title = spans.capital(WHY_MISSING.get(why, spans.plain(why)))
        lines.append(f"{title}: {names}")
    return lines


def _order(rulebook: Rulebook | None) -> Callable[[str], tuple[int, str]]:
    """The place of a fact on the desk screen: what is looked at, then what is asked."""
    names = (*rulebook.observations, *rulebook.questions) if rulebook else ()
    places = {name: place for place, name in enumerate(names)}
    return lambda name: (places.get(name, len(places)), name)
