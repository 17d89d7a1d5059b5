"""Which power is recorded for holding somebody, from when to when, and since when none is.

A statement about the record, never a finding of law: a power that nobody recorded may exist. Not
knowing is told to somebody at once all the same, because the person is being held meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.domain import pace
from triage.domain.clocks import Power
from triage.domain.permitted import Held
from triage.domain.timeline import Event, Timeline
from triage.domain.watches import Finding
from triage.domain.whereabouts import ARRIVALS, Stay, ends_everything

Custodies = Sequence[tuple[pace.Custody, pace.Limits]]


@dataclass(frozen=True)
class Spell:
    """One power as recorded: until when it stood, and by which event that ended, if by one."""

    power: Power
    until: datetime | None = None
    ended: Event | None = None  # None: it lapsed by itself, or still stands

    def stands(self, at: datetime) -> bool:
        """Whether it neither ended nor lapsed by then."""
        return self.power.since <= at and (self.until is None or at < self.until)


def spells(line: Timeline, held: Sequence[Held], custodies: Custodies) -> tuple[Spell, ...]:
    """Every power on record, those of the Mental Health Act first."""
    found = [spell for one in held for spell in _mental_health(line, one)]
    return (*found, *(_pace(line, custody, limits) for custody, limits in custodies))


def none_since(found: Sequence[Spell], stays: Sequence[Stay], at: datetime) -> datetime | None:
    """Since when no power is recorded; None while one is, and while nobody was ever there."""
    if any(spell.stands(at) for spell in found):
        return None
    ends = [spell.until for spell in found if spell.until is not None]
    return max(ends, default=stays[0].since if stays else None)


def findings(
    line: Timeline, found: Sequence[Spell], stays: Sequence[Stay], to_be_said_by: datetime | None
) -> Iterator[Finding]:
    """That somebody has not left and no power is recorded, from the moment in which that began.

    A lapse calls people by itself; a second alert for the same moment would only hide the first.
    ``to_be_said_by`` is when an event must say what the record claims: that the person is detained.
    """
    since = none_since(found, stays, line.at)
    here = _here_since(stays)
    if not found and here is None and to_be_said_by is not None:
        yield Finding("no_power", None, "S136-PURPOSE", to_be_said_by, unlawful=False)
    elif since is not None and here is not None:
        last = max((one for one in found if one.until == since), default=None, key=_by_an_event)
        came, began = here
        if began > since or last is None:
            yield Finding("no_power", came, "S136-PURPOSE", max(began, since), unlawful=False)
        elif last.ended is not None:
            row = "PACE-NO-MHA" if last.power.power == "pace" else "S136-PURPOSE"
            yield Finding("no_power", last.ended, row, since, unlawful=False)


def _by_an_event(spell: Spell) -> bool:
    return spell.ended is not None


def _here_since(stays: Sequence[Stay]) -> tuple[Event, datetime] | None:
    """By which event, and when, the person came who is still here; moves do not count as new."""
    if not stays or stays[-1].until is not None:
        return None
    first = stays[-1]
    for before in reversed(stays[:-1]):
        if before.until is None or before.until < first.since:
            break
        first = before
    return first.came, first.since


def _mental_health(line: Timeline, held: Held) -> Iterator[Spell]:
    opened, ended = held.episode.opened, held.episode.ended
    if opened.kind not in ARRIVALS:  # an arrival alone records no power
        power = Power(held.episode.section, opened.earliest, _by(opened), held.lapses)
        yield _spell(line, power, ended, _escape(line, held))
    if ended is not None and ended.kind == "other_authority":
        name = f"section {ended.extra.get('section', 'not recorded')}"
        after = (one for one in line.of("ended") if one.latest > ended.latest)
        released = next((one for one in after if ends_everything(one)), None)
        yield _spell(line, Power(name, ended.earliest, _by(ended), None), released)


def _escape(line: Timeline, held: Held) -> Event | None:
    """The escape of somebody who is still away: nobody is held."""
    if not held.away or held.away[-1][1] is not None:
        return None
    out = held.away[-1][0]
    return next(one for one in line.of("absconded") if one.earliest == out)


def _pace(line: Timeline, custody: pace.Custody, limits: pace.Limits) -> Spell:
    authorised = custody.within(line, "detention_authorised")
    since = authorised[0] if authorised else custody.opened
    lapses = None if custody.charged else limits.lapses
    ends = (
        one for one in line.events if one.latest == custody.ended and pace.ends(one, custody.opened)
    )
    ended = next(ends, None) if custody.ended is not None else None
    return _spell(
        line, Power("pace", since.earliest, _by(since), lapses), ended, custody.on_bail(line)
    )


def _spell(line: Timeline, power: Power, *ends: Event | None) -> Spell:
    """The power until the first thing that ends it; ended at the very lapse is ended by somebody.

    A limit that has not been reached yet ends nothing.
    """
    ended = min((one for one in ends if one is not None), key=lambda one: one.latest, default=None)
    lapsed = power.lapses_at is not None and power.lapses_at <= line.at
    if lapsed and (ended is None or ended.latest > power.lapses_at):  # type: ignore[operator]
        return Spell(power, power.lapses_at)
    return Spell(power, None if ended is None else ended.latest, ended)


def _by(event: Event) -> str | None:
    return event.by or event.role or event.rank
