"""Facts that decided something, gathered by who said them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from triage.domain import london
from triage.domain.answers import Marker
from triage.domain.facts import closed
from triage.domain.findings import FactUsed, Findings, Flag, Missing, Need
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.words import WHY_MISSING, answer_words, asked, said

NO_ANSWER = "No answer"
CLOSING = (
    "However old, a warning counts until a custody officer or a health professional closes it by"
    " name, with the day and the reason; it then stays to be seen. What the person says closes"
    " nothing."
)
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


def open_warnings(findings: Findings, markers: Sequence[Marker] = ()) -> tuple[str, ...]:
    """The warnings that count: where each comes from, what it says, and of which day it is.

    ``markers`` lend the days; a warning without one says so, and nothing is said of days where
    no markers are at hand.
    """
    found: list[Need | Flag] = [*findings.needs, *findings.flags]
    found.sort(key=lambda each: -each.urgency)
    facts = (fact for each in found for reason in each.reasons for fact in reason.facts)
    counting = dict.fromkeys((f.source, str(f.value)) for f in facts if f.id == "marker")
    return tuple(
        f"{origin(source)}: {said(kind)}{_days(source, kind, markers, findings.at)}"
        for source, kind in counting
    )


def _days(source: str, kind: str, markers: Sequence[Marker], at: datetime) -> str:
    """The days of the warnings of one kind from one source, the newest first."""
    today = london.day_of(at)
    same = [m for m in markers if (m.origin, m.kind) == (source, kind) and not closed(m, today)]
    if not same:
        return ""
    dated = sorted((m.on for m in same if m.on is not None), reverse=True)
    days = [spans.day(on) for on in dict.fromkeys(dated)]
    return f" ({', '.join([*days, *(['no date'] if len(dated) < len(same) else [])])})"


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
