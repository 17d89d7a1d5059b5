"""What a scene shows, as lines of plain text: the views of casework in the words of ``present``.

Nothing is worked out here that a page would not show as well.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from triage import casework
from triage.casework import Section136Line
from triage.demo import sums
from triage.demo.looking import CARE, DESK, Lines, Looking
from triage.domain import london
from triage.domain.explaining import explained
from triage.domain.walk import Walk
from triage.present import alerts as alert_words
from triage.present import explanation, spans
from triage.present import found as found_words
from triage.present import section136 as section136_words
from triage.present import stay as stay_words
from triage.present import timeline as timeline_words
from triage.present import worklist as worklist_words
from triage.present.facts_words import by_origin
from triage.present.forms import HAPPENED_TWICE
from triage.present.words import said

_MOST_ACTS, _MOST_CHANGES, _MOST_NAMED = 4, 8, 5


def shown(look: Looking, what: str) -> tuple[str, ...]:
    """The lines of one thing that a scene shows, such as ``worklist:nair``."""
    view, *names = what.split(":")
    return tuple(_VIEWS[view](look, *names))


def _screening(look: Looking, who: str) -> Lines:
    findings = look.at(who, by=CARE).findings
    if findings is None:
        yield "There is no screening yet."
        return
    found = found_words.found(findings, rulebook=look.service.rulebook, now=look.now)
    if found.emergency:
        yield found.emergency.upper()
    yield found.headline
    for number, (_, words) in enumerate(found.acts[:_MOST_ACTS], 1):
        yield f"  {number}. {words}"
    if len(found.acts) > _MOST_ACTS:
        yield f"     and {len(found.acts) - _MOST_ACTS} more"
    for need in findings.needs:
        yield f"{need.urgency.word.upper()} {said(need.need)}: {need.reasons[0].because}"
    for what, answer, record in found.conflicts:
        yield f"Said: {what}: {answer}. On record: {record}"
    if findings.not_excluded:
        yield f"Not excluded: {_some([said(each.need) for each in findings.not_excluded])}."
    suggested = [said(r.route) for r in findings.routes if r.status.value == "suggested"]
    if suggested:
        yield f"Routes: {', '.join(suggested)}."


def _decisions(look: Looking, who: str) -> Lines:
    for one in look.at(who, by=CARE).decisions:
        line = stay_words.decision(one, now=look.now)
        yield f"{line.when}  {line.words} ({line.by})"


def _alerts(look: Looking, who: str) -> Lines:
    cards = [
        alert_words.card(line, role="custody_sergeant", now=look.now)
        for line in look.at(who).alerts
    ]
    pressing = [card for card in cards if not alert_words.less_urgent(card)]
    if not cards:
        yield f"No open alert about {look.name(who)}."
    shown = ""
    for card in pressing:
        told = [card.more] if "is told" in card.more else []
        words = f"{card.level_words.upper()}: {' '.join([card.headline, *told])}"
        if words != shown:
            yield words
        yield f"    {' '.join(card.facts)}"
        shown = words
    fewer = len(cards) - len(pressing)
    if fewer:
        yield f"and {spans.count(fewer, 'less urgent alert', 'less urgent alerts')}."


def _why(look: Looking, who: str, need: str) -> Lines:
    view, rulebook = look.at(who, by=CARE), look.service.rulebook
    if view.findings is None or not view.screenings:
        return
    details = view.screenings[-1].details
    walk = Walk.over(rulebook.program, rulebook.program.read(details, rulebook.law))
    found = explained(rulebook, walk, view.findings, need)
    words = explanation.in_words(found, width=100, rulebook=rulebook).split("\n\n")
    yield f"Why not {need}?"
    yield " ".join(" ".join(words[0].split()).split())
    for rule in found.rules[:2]:
        yield f"    Nearest rule {rule.id}: {rule.because}"
        against = by_origin(rule.against, rulebook)
        if against:
            yield f"    Against it. {against}"


def _some(words: list[str]) -> str:
    """The first few of many; what stands first weighs most."""
    more = len(words) - _MOST_NAMED
    return spans.listed(words) if more <= 1 else f"{', '.join(words[:_MOST_NAMED])} and {more} more"


def _worklist(look: Looking, by: str) -> Lines:
    who = look.as_(by)
    found = casework.worklist(look.service, (), actor=who, now=look.now)
    yield worklist_words.heading(found)
    for line in found.lines:
        words = worklist_words.row(line, of=len(found.lines), now=look.now)
        left = f", {words.left[:1].lower()}{words.left[1:]}" if words.left else ""
        yield f"{words.urgency.upper()}  {words.who}, {words.where}{left}"
        yield f"    {words.headline} {words.waits}. {words.has_it}."
        yield f"    {words.why}"


def _section136(look: Looking, who: str) -> Lines:
    line = _line136(look, who)
    if line is None:
        yield f"{look.name(who)} is not on the Section 136 list any more."
        return
    words = section136_words.detention(line, now=look.now)
    yield f"{words.who}, {words.where}"
    yield f"    {words.power}."
    if line.lapses_at is not None:
        yield f"    {words.lapses}."
    yield from (f"    Against the law: {each}" for each in words.unlawful)
    for clock in (*words.passed, *words.running):
        yield f"    {clock.state_words.upper()}  {clock.name}: {clock.when}"
    if words.delays:
        yield f"    Waits: {'; '.join(words.delays)}."


def _line136(look: Looking, who: str) -> Section136Line | None:
    found = casework.section136_list(look.service, (), actor=look.as_("marsh"), now=look.now)
    stay = look.player.stay(who)
    return next((line for line in found.lines if line.stay == stay), None)


def _refused(look: Looking, who: str) -> Lines:
    """What somebody asked leave for, and the law that forbids it."""
    for entry in look.at(who).timeline:
        asked = entry.parts.get("refused")
        if entry.kind == "note" and asked:
            when = spans.moment(entry.recorded_at, now=look.now)
            yield f"{when}  {entry.by} asked for: {spans.plain(str(asked))}. REFUSED."
            for row in entry.parts.get("law_rows", ()):
                yield f"    The law: {look.service.rulebook.law.row(row).source}."
    yield from _events(look, who)


def _events(look: Looking, who: str) -> Lines:
    """What happened, in the order in which it happened."""
    for entry in look.at(who).timeline:
        if entry.kind in ("detention_event", "authorisation") and entry.parts.get("event"):
            line = timeline_words.entry(entry, now=look.now)
            said = "; ".join(line.details)
            yield f"{line.when}  {line.what}{': ' if said else ''}{said}"


def _release(look: Looking, who: str) -> Lines:
    gaps = casework.release_check(
        look.service, look.player.stay(who), actor=look.as_(DESK), now=look.now
    )
    yield f"Release check of {look.name(who)}: {spans.count(len(gaps), 'gap', 'gaps')}."
    for number, gap in enumerate(gaps, 1):
        yield f"  {number}. {stay_words.gap(gap)}"


def _left(look: Looking, who: str) -> Lines:
    view = look.at(who)
    for entry in view.timeline:
        if entry.kind == "released":
            when = spans.moment(entry.occurred_at, now=look.now)
            yield f"{when}  {look.name(who)} left: {entry.parts.get('handed_to')}."
            yield f"    Plan: {entry.parts.get('plan')}."
            yield f"    Left open: {spans.count(len(entry.parts.get('gaps', ())), 'gap', 'gaps')}."


def _repeated(look: Looking) -> Lines:
    """The question that a repeated hour asks."""
    try:
        london.from_wall(datetime(2026, 10, 25, 1, 32))  # noqa: DTZ001 a wall time on purpose
    except london.RepeatedTime as error:
        yield f"Typed: 01:32. Asked: {HAPPENED_TWICE}"
        yield f"    First: {london.text(error.first)}. Second: {london.text(error.second)}."


def _handover(look: Looking, suite: str, by: str) -> Lines:
    found = casework.handover(look.service, (suite,), actor=look.as_(by), now=look.now)
    since = "the beginning" if found.since is None else spans.moment(found.since, now=look.now)
    kinds = Counter(change.kind for change in found.changes)
    counted = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
    yield f"{spans.named(suite)}, since {since}: {counted}."
    here = [change for change in found.changes if change.kind != "left"]
    for change in here[:_MOST_CHANGES]:
        urgency = alert_words.urgency_words(change.urgency)
        due = change.next_due
        following = f"next {spans.moment(due.at, now=look.now)}: {due.words}" if due else ""
        open_now = spans.count(len(change.open_alerts), "open alert", "open alerts")
        cell = f", cell {change.cell}" if change.cell else ""
        yield f"{urgency.upper()}  {change.initials}{cell} ({change.kind}), {open_now}; {following}"


_VIEWS: Mapping[str, Callable[..., Lines]] = MappingProxyType(
    {
        "screening": _screening,
        "decisions": _decisions,
        "alerts": _alerts,
        "why": _why,
        "worklist": _worklist,
        "section136": _section136,
        "officers": sums.officers,
        "refused": _refused,
        "events": _events,
        "release": _release,
        "left": _left,
        "repeated": _repeated,
        "handover": _handover,
        "minutes": sums.minutes,
        "no_route": sums.no_route,
    }
)
KINDS = tuple(_VIEWS)
