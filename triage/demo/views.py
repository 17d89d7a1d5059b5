"""What a scene shows, as lines of plain text: the views of casework in the words of ``present``.

Nothing is worked out here that a page would not show as well; only the two sums for the meetings,
minutes by partner and needs without a route, are added up from those views.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from triage import casework
from triage.casework import Section136Line, Service, StayView
from triage.demo.night import Night
from triage.demo.player import Player, actor
from triage.domain import london
from triage.domain.clocks import Clock, Delay
from triage.domain.explaining import explained
from triage.domain.walk import Walk
from triage.present import alerts as alert_words
from triage.present import board as board_words
from triage.present import explanation, spans
from triage.present import found as found_words
from triage.present import section136 as section136_words
from triage.present import stay as stay_words
from triage.present.words import role as partner_words
from triage.present.words import said
from triage.record import Actor

Lines = Iterator[str]
_DESK, _CARE = "okafor", "nair"  # who looks where a scene does not say who
_MOST_ACTS, _MOST_CHANGES = 4, 8


@dataclass(frozen=True)
class Looking:
    """One look at the night: who looks, and when."""

    night: Night
    service: Service
    player: Player
    now: datetime

    def at(self, who: str, *, by: str = _DESK) -> StayView:
        """The stay of a person, as somebody may see it."""
        return casework.stay_view(
            self.service, self.player.stay(who), actor=self.as_(by), now=self.now
        )

    def as_(self, by: str) -> Actor:
        return actor(self.night.staff[by])

    def name(self, who: str) -> str:
        return str(self.night.people[who].opening["name"])


def shown(look: Looking, what: str) -> tuple[str, ...]:
    """The lines of one thing that a scene shows, such as ``worklist:nair``."""
    view, *names = what.split(":")
    return tuple(_VIEWS[view](look, *names))


def _screening(look: Looking, who: str) -> Lines:
    findings = look.at(who, by=_CARE).findings
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
        yield f"Not excluded: {spans.listed([said(e.need) for e in findings.not_excluded])}."
    suggested = [said(r.route) for r in findings.routes if r.status.value == "suggested"]
    if suggested:
        yield f"Routes: {', '.join(suggested)}."


def _decisions(look: Looking, who: str) -> Lines:
    for one in look.at(who, by=_CARE).decisions:
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
    for card in pressing:
        told = [card.more] if "is told" in card.more else []
        yield f"{card.level_words.upper()}: {' '.join([card.headline, *told])}"
        yield f"    {' '.join(card.facts)}"
    fewer = len(cards) - len(pressing)
    if fewer:
        yield f"and {spans.count(fewer, 'less urgent alert', 'less urgent alerts')}."


def _why(look: Looking, who: str, need: str) -> Lines:
    view, rulebook = look.at(who, by=_CARE), look.service.rulebook
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


def _worklist(look: Looking, by: str) -> Lines:
    who = look.as_(by)
    found = casework.worklist(look.service, (), actor=who, now=look.now)
    yield board_words.worklist_heading(found)
    for line in found.lines:
        words = board_words.waiting(line, role=who.role, now=look.now)
        yield f"{words.urgency.upper()}  {words.who}, {words.where}"
        yield f"    {' '.join(words.facts)}"
        yield f"    {words.why_here}"


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


def _officers(look: Looking, who: str) -> Lines:
    """What a wait costs the streets: officers times the time from arrival to handover."""
    number = look.night.people[who].officers
    for clock in _clocks(look, who):
        if clock.clock == "handover" and clock.started_at and clock.ended_at:
            waited = clock.ended_at - clock.started_at
            wall = _wall(clock.ended_at) - _wall(clock.started_at)
            yield f"Handover took {spans.span(waited.total_seconds())}."
            yield f"    The wall clock would have said {spans.span(wall.total_seconds())}."
            hours = spans.span(number * waited.total_seconds())
            yield f"    Officer-hours: {number} officers, {hours}."


def _clocks(look: Looking, who: str) -> tuple[Clock, ...]:
    said = look.at(who).clocks
    return () if said is None else said.clocks


def _delays(look: Looking, who: str) -> tuple[Delay, ...]:
    said = look.at(who).clocks
    return () if said is None else said.delays


def _wall(at: datetime) -> datetime:
    return london.to_wall(at).replace(tzinfo=UTC)


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
        told = entry.parts.get("event")
        if entry.kind in ("detention_event", "authorisation") and isinstance(told, Mapping):
            line = stay_words.entry(entry, now=look.now)
            details = [board_words.place(told["place"])] if told.get("place") else []
            details += [f"answer: {value}" for value in _answer(told)]
            details += [str(told["words"])] if told.get("words") else []
            said = "; ".join(map(spans.plain, details))
            yield f"{line.when}  {line.what}{': ' if said else ''}{said}"


def _answer(told: Mapping[str, object]) -> list[str]:
    extra = told.get("extra")
    return [str(extra["answer"])] if isinstance(extra, Mapping) and "answer" in extra else []


def _release(look: Looking, who: str) -> Lines:
    gaps = casework.release_check(
        look.service, look.player.stay(who), actor=look.as_(_DESK), now=look.now
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
        yield f"Typed: 01:32. Asked: {error}"
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


def _minutes(look: Looking) -> Lines:
    """Minutes by partner, over everybody who was held under Section 136 this night."""
    total: Counter[tuple[str, str]] = Counter()
    people = 0
    for who, held in look.night.people.items():
        if held.opening["kind"] == "section136" and look.player.has(who):
            people += 1
            for delay in _delays(look, who):
                total[delay.partner, delay.reason] += delay.minutes
    detentions = spans.count(people, "Section 136 detention", "Section 136 detentions")
    yield f"Minutes by partner, over {detentions} tonight:"
    for (partner, reason), minutes in total.most_common():
        who, why = partner_words(partner), spans.plain(reason)
        yield f"    {minutes:>5} min  {spans.capital(who)}: {why}"
    yield "    Waits overlap: each partner's is counted in full."


def _no_route(look: Looking) -> Lines:
    """One line for the commissioner: needs for which somebody found no route."""
    needs: Counter[str] = Counter()
    for who in look.night.people:
        if look.player.has(who):
            for one in look.at(who, by=_CARE).decisions:
                if one.outcome == "none_exists" and one.need:
                    needs[one.need] += 1
    words = ", ".join(f"{said(need)} {number}" for need, number in sorted(needs.items()))
    yield f"For the commissioner, needs with no route tonight: {words or 'none recorded'}."


_VIEWS: Mapping[str, Callable[..., Lines]] = MappingProxyType(
    {
        "screening": _screening,
        "decisions": _decisions,
        "alerts": _alerts,
        "why": _why,
        "worklist": _worklist,
        "section136": _section136,
        "officers": _officers,
        "refused": _refused,
        "events": _events,
        "release": _release,
        "left": _left,
        "repeated": _repeated,
        "handover": _handover,
        "minutes": _minutes,
        "no_route": _no_route,
    }
)
KINDS = tuple(_VIEWS)
