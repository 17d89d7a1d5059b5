"""Detentions under Section 136 or 135 wherever the person is held, and people held on no power."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from triage.casework.faults import one_record
from triage.casework.history import History
from triage.casework.lines_136 import Section136Line, Section136List
from triage.casework.looking import Look, identity_of, order, timers_of
from triage.casework.planning import detention_clocks
from triage.casework.powers import where_now
from triage.casework.service import Service
from triage.casework.views import looking, open_in
from triage.domain.clocks import Clocks, ClockState, Power
from triage.domain.roles import Verb
from triage.record import Actor, Stay

_PASSED = (ClockState.BREACH, ClockState.OVERDUE, ClockState.TARGET_MISSED)


def section136_list(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    kept_open: bool = False,
) -> Section136List:
    """Detentions under Section 136 or 135, and people held on no recorded power.

    The first to lapse first; whoever is held without a power stands above them all.
    """
    looked = looking(
        service,
        Verb.VIEW_SECTION136,
        "section136",
        suites,
        actor=actor,
        now=now,
        kept_open=kept_open,
    )
    with service.record.reading() as reading:
        look = Look(service, reading, now)
        lines = [_line(service, look, stay, now) for stay in open_in(reading, looked)]
        found = sorted((line for line in lines if line is not None), key=_order)
        return Section136List(now, timers_of(service, reading, now), tuple(found))


def _line(service: Service, look: Look, stay: Stay, now: datetime) -> Section136Line | None:
    look.knows(stay)
    history = History(stay, look.events(stay.id))
    # A record that cannot be read has its emergency; the line stays, because the person does.
    (said, where), readable = one_record(
        lambda: (detention_clocks(service, history, now=now), where_now(history, now)),
        lambda: (None, None),
    )
    mental_health = stay.kind == "section136" or (said is not None and _of_136(said))
    if said is not None and not mental_health and (said.powers or not said.clocks):
        return None
    line = replace(_made(look, history, said, now), unreadable=not readable)
    return line if where is None else replace(line, place=where.place, where=where.known)


def _made(look: Look, history: History, said: Clocks | None, now: datetime) -> Section136Line:
    stay = history.stay
    power = _first_to_lapse(said.powers if said else (), now)
    lapses = power.lapses_at if power is not None else None
    clocks = said.clocks if said else ()
    alerts = [alert for alert in look.reading.alerts_of(stay.id) if alert.is_open]
    return Section136Line(
        stay=stay.id,
        suite=stay.suite or "",
        reference=stay.reference or "",
        initials=identity_of(stay).initials,
        place=stay.place,
        cell=stay.cell,
        power=power,
        none_since=_none_since(history, said) if said is not None and power is None else None,
        lapses_at=lapses,
        left_seconds=None if lapses is None else int((lapses - now).total_seconds()),
        running=tuple(c for c in clocks if c.state is ClockState.RUNNING),
        passed=tuple(c for c in clocks if c.state in _PASSED),
        unlawful=said.unlawful if said else (),
        delays=said.delays if said else (),
        alerts=tuple(sorted(look.lines(alerts), key=order)),
    )


def _of_136(said: Clocks) -> bool:
    return any(clock.of in ("section136", "section135") for clock in said.clocks)


def _first_to_lapse(powers: Sequence[Power], now: datetime) -> Power | None:
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return min(powers, key=lambda power: (power.lapses_at or far, power.since), default=None)


def _none_since(history: History, said: Clocks) -> datetime | None:
    """Since when no power has been recorded: the last end or lapse, else the beginning."""
    return said.no_power_since or history.stay.opened_at


def _order(line: Section136Line) -> tuple[bool, float, str]:
    lapses = float("inf") if line.lapses_at is None else line.lapses_at.timestamp()
    return (line.power is not None, lapses, line.stay)
