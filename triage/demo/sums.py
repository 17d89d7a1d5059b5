"""What the night adds up to for the meetings: officer-hours, minutes by partner, missing routes.

Each figure is a sum of what the pages show; nothing is counted here for the first time.
"""

from collections import Counter
from datetime import UTC, datetime

from triage.demo.looking import CARE, Lines, Looking
from triage.domain import london
from triage.domain.clocks import Clock, Delay
from triage.present import spans
from triage.present.words import role as partner_words
from triage.present.words import said


def officers(look: Looking, who: str) -> Lines:
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


def minutes(look: Looking) -> Lines:
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


def no_route(look: Looking) -> Lines:
    """One line for the commissioner: needs for which somebody found no route."""
    needs: Counter[str] = Counter()
    for who in look.night.people:
        if look.player.has(who):
            for one in look.at(who, by=CARE).decisions:
                if one.outcome == "none_exists" and one.need:
                    needs[one.need] += 1
    words = ", ".join(f"{said(need)} {number}" for need, number in sorted(needs.items()))
    yield f"For the commissioner, needs with no route tonight: {words or 'none recorded'}."
