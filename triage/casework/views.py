"""The lists that the desk looks at: the board and the alerts. Each look is logged."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from triage.casework.acts import allow, allow_suite
from triage.casework.entries import answered_of
from triage.casework.faults import one_record
from triage.casework.lines import (
    AlertLine,
    AlertList,
    Board,
    BoardRow,
    Holder,
    Timers,
)
from triage.casework.looking import (
    SEVERITY,
    Look,
    identity_of,
    next_due,
    order,
    screen_again,
    taken,
    timers_of,
    why,
)
from triage.casework.looks import Seen, log_look
from triage.casework.powers import Held, held
from triage.casework.service import Service
from triage.domain.asking_again import AFTER
from triage.domain.asking_again import SOURCE as ASKED_AGAIN
from triage.domain.roles import Verb
from triage.domain.whereabouts import Known, Where
from triage.record import Actor, Reading, Stay


def timers(service: Service, *, now: datetime) -> Timers:
    """When the timers last ran a complete pass, and whether that is too long ago."""
    return timers_of(service, service.record.reading(), now)


def board(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    kept_open: bool = False,
) -> Board:
    """Everybody in these suites, the most urgent first."""
    looked = looking(
        service, Verb.VIEW_BOARD, "board", suites, actor=actor, now=now, kept_open=kept_open
    )
    with service.record.reading() as reading:
        look = Look(service, reading, now)
        rows = [_row(service, look, stay, now) for stay in open_in(reading, looked)]
        rows.sort(key=_board_order)
        return Board(now, looked, timers_of(service, reading, now), tuple(rows))


def alert_list(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    kept_open: bool = False,
) -> AlertList:
    """Open alerts of these suites: by level, then what nobody has, then the oldest first."""
    looked = looking(
        service, Verb.VIEW_BOARD, "alerts", suites, actor=actor, now=now, kept_open=kept_open
    )
    with service.record.reading() as reading:
        look = Look(service, reading, now)
        lines = sorted(look.lines(reading.open_alerts(looked or None)), key=order)
        shown = tuple(with_why(line) for line in lines)
        planned = reading.planned_steps(ASKED_AGAIN, AFTER, looked or None)
        return AlertList(now, timers_of(service, reading, now), shown, look.lines(planned))


def looking(
    service: Service,
    verb: Verb,
    what: str,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    kept_open: bool = False,
) -> tuple[str, ...]:
    """Let somebody look at some suites, and log that they did; no suites named is all of theirs."""
    allow(actor, verb)
    asked = tuple(suites) or actor.suites
    for suite in asked:
        allow_suite(actor, suite)
    named = f"{what}: {', '.join(asked) or 'all'}"
    log_look(service, Seen(named, named), actor=actor, now=now, kept_open=kept_open)
    return asked


def open_in(reading: Reading, suites: Sequence[str]) -> tuple[Stay, ...]:
    """The open stays of some suites; none named is all."""
    stays = reading.open_stays()
    return tuple(stay for stay in stays if not suites or stay.suite in suites)


def _row(service: Service, look: Look, stay: Stay, now: datetime) -> BoardRow:
    look.knows(stay)
    alerts = look.reading.alerts_of(stay.id)
    lines = sorted(look.lines(a for a in alerts if a.is_open), key=order)

    def read() -> tuple[tuple[int, int] | None, Held]:
        last = None if stay.screening is None else look.reading.event(stay.screening)
        answered = None if last is None else answered_of(last)
        return answered, held(service, look, stay)

    unread = Held(None, Where(stay.place, Known.THERE))
    (answered, known), readable = one_record(read, lambda: (None, unread))
    return BoardRow(
        stay=stay.id,
        kind=stay.kind or "",
        suite=stay.suite or "",
        reference=stay.reference or "",
        initials=identity_of(stay).initials,
        cell=stay.cell,
        place=known.where.place,
        stage=stay.stage or "",
        opened_at=stay.opened_at or now,
        training=stay.training,
        urgency=_highest([line.urgency for line in lines], stay.screening_urgency),
        open_alerts=len(lines),
        untaken=sum(not taken(line) for line in lines),
        open_findings=len({line.finding for line in lines}),
        untaken_findings=len({line.finding for line in lines if not taken(line)}),
        top=with_why(lines[0]) if lines else None,
        next_due=next_due(alerts, now),
        holders=holders_of(lines),
        screening=stay.screening_status,
        answered=answered,
        power=known.power,
        unreadable=not readable,
        screen_again=screen_again(alerts),
        where=known.where.known,
    )


def _highest(open_now: Iterable[str], screened: str | None) -> str | None:
    words = [*open_now, *([screened] if screened else [])]
    return max(words, key=lambda word: SEVERITY[word], default=None)


def holders_of(lines: Sequence[AlertLine]) -> tuple[Holder, ...]:
    """Everybody who has something of this person, once each, since they first had it."""
    found: dict[tuple[str, str], Holder] = {}
    having = (each for line in lines for each in line.holders if each.first)
    for holder in sorted(having, key=lambda each: each.since):
        found.setdefault((holder.account, holder.kind), holder)
    return tuple(sorted(found.values(), key=lambda each: (each.kind, each.since)))


def _board_order(row: BoardRow) -> tuple[object, ...]:
    """The urgency that is shown, then what nobody has, then whoever has been here longest.

    What the eye reads first decides: a person shown as an emergency never stands below one shown
    as urgent, whether or not an alert about it is still open.
    """
    urgency = SEVERITY[row.urgency] if row.urgency else 0
    return (-urgency, not row.untaken, row.opened_at, row.stay)


def with_why(line: AlertLine) -> AlertLine:
    """The same line, saying why it stands where it stands."""
    return replace(line, why_here=why(line))
