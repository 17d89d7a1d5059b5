"""Release: what is still open, what was handed to whom, and the true time of it."""

from dataclasses import dataclass
from datetime import datetime

from triage.casework.acts import Ids, allow, once, stay_for, time_notices
from triage.casework.after import settle
from triage.casework.departure import Gap, Release
from triage.casework.faults import one_record
from triage.casework.gaps import gaps_of, where_unread
from triage.casework.history import History
from triage.casework.kept_alerts import RELEASE, add
from triage.casework.service import Service
from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.roles import Role, Verb
from triage.present import leaving as words
from triage.present.changes import NEVER_TRUE
from triage.present.leaving import REASONS
from triage.record import Actor, EventKind, NewEvent, Reading, Recorded, Stay, Writing


@dataclass(frozen=True)
class Released:
    """A stay that has ended, with the gaps that were left open and why."""

    seq: int
    stay: str
    gaps: tuple[Gap, ...]
    late: bool = False
    notices: tuple[str, ...] = ()
    repeated: bool = False


def release_check(
    service: Service, stay: str, *, actor: Actor, now: datetime, release: Release | None = None
) -> tuple[Gap, ...]:
    """What is still open, most urgent first; with ``release``, what it would leave open."""
    allow(actor, Verb.VIEW_STAY)
    reading = service.record.reading()
    return _gaps(service, reading, stay_for(reading, stay, actor), now, release)


def release(
    service: Service,
    stay: str,
    leaving: Release,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Released:
    """Record that somebody left, at the true time.

    With gaps and no reason an InputError lists the gaps and the reasons of one key each; one of
    them is "not_given".
    """
    allow(actor, Verb.RELEASE)
    notices = time_notices(leaving.occurred_at, now)

    def do(writing: Writing) -> Released:
        here = stay_for(writing, stay, actor)
        if not here.is_open:
            raise NotAllowed(words.ended_already(*_first(writing, here), now=now))
        _refuse_before_they_came(here, leaving, now)
        gaps = _gaps(service, writing, here, now, leaving)
        _ask_reason(leaving, gaps)
        recorded = writing.append(_left(stay, leaving, gaps, actor))
        if gaps and leaving.reason == "not_given":
            add(writing, stay, [_unexplained(recorded, now)])
        settled = settle(service, writing, stay, actor=actor, now=now, because=recorded)
        writing.drop_draft(stay)
        never = (NEVER_TRUE,) if settled.never_true else ()
        return Released(recorded.seq, stay, gaps, recorded.late, (*notices, *never))

    def again(writing: Writing, ids: Ids) -> Released:
        recorded = writing.event(ids["seq"])
        assert recorded is not None  # remembered ids are ids of the record
        return Released(recorded.seq, stay, (), recorded.late, repeated=True)

    body = {"stay": stay, "leaving": leaving}
    return once(service, Verb.RELEASE, body, do, again, actor=actor, now=now, key=key)


def _refuse_before_they_came(here: Stay, leaving: Release, now: datetime) -> None:
    """A slip, or the wrong one of two hours of the same name: nobody was ever here for it.

    An arrival that is still to come was typed under a clock that ran ahead: that refuses nothing.
    """
    if here.opened_at is not None and leaving.occurred_at < here.opened_at <= now:
        raise InputError.at("occurred_at", words.before_they_came(here.opened_at, now=now))


def _first(writing: Writing, stay: Stay) -> tuple[Recorded | None, datetime | None]:
    """Who was first: the release by which the stay ended, where one stands, and its time."""
    history = History.read(writing, stay)
    left = history.standing(EventKind.RELEASED)
    return (left[-1], history.when(left[-1])) if left else (None, None)


def _gaps(
    service: Service,
    reading: Reading | Writing,
    stay: Stay,
    now: datetime,
    leaving: Release | None,
) -> tuple[Gap, ...]:
    history = History.read(reading, stay)
    alerts = reading.alerts_of(stay.id)

    def gaps(of: History) -> tuple[Gap, ...]:
        return gaps_of(service.rulebook, of, alerts, now=now, leaving=leaving)

    found, _ = one_record(lambda: gaps(history), lambda: where_unread(gaps(History(stay, ()))))
    return found


def _ask_reason(leaving: Release, gaps: tuple[Gap, ...]) -> None:
    if leaving.reason is not None and leaving.reason not in REASONS:
        raise InputError.at("reason", "Is not one of the reasons.", REASONS)
    if gaps and leaving.reason is None:
        why = "Something is still open. Why does the person leave now?"
        open_still = [Problem(f"gaps.{gap.id}", gap.words) for gap in gaps]
        raise InputError([Problem("reason", why, tuple(REASONS)), *open_still])


def _left(stay: str, leaving: Release, gaps: tuple[Gap, ...], actor: Actor) -> NewEvent:
    return NewEvent(
        EventKind.RELEASED,
        actor,
        leaving.occurred_at,
        stay=stay,
        header={"gaps": [gap.id for gap in gaps], "reason": leaving.reason, "to": leaving.to},
        payloads={
            "police": {
                "handed_to": leaving.handed_to,
                "told": list(leaving.told),
                "plan": leaving.plan,
                "transport": leaving.transport,
                "words": leaving.words,
                **_handed_over(leaving),
            }
        },
    )


def _handed_over(leaving: Release) -> dict[str, object]:
    """Papers and medicine, where anything was said of them."""
    papers = {"papers": list(leaving.papers)} if leaving.papers else {}
    return papers | ({"medicine": leaving.medicine} if leaving.medicine else {})


def _unexplained(recorded: Recorded, now: datetime) -> PlannedAlert:
    """Somebody left with gaps and no reason: the inspector hears of it at once."""
    return PlannedAlert(
        key=f"{RELEASE}:gaps:{recorded.seq}",
        clock=None,
        event=str(recorded.seq),
        level="A2",
        due_at=now,
        to=(Role.DUTY_INSPECTOR,),
        state=AlertState.PLANNED,
        late_seconds=0,
        words="Left with something still open, and no reason was given. See what can be done now.",
    )
