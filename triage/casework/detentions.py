"""What happens during a detention: events, authorities, visits, rousing."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from triage.casework.acts import Ids, allow, once, stay_for, time_notices
from triage.casework.after import Settled, settle
from triage.casework.clock_steps import base_of
from triage.casework.entries import event_of
from triage.casework.happenings import append_event
from triage.casework.history import History
from triage.casework.legal_decisions import check_decision
from triage.casework.planning import ladder
from triage.casework.service import Service
from triage.domain.clocks import Clock, Clocks, Unlawful
from triage.domain.detention import would_be_unlawful
from triage.domain.errors import InputError, NotAllowed
from triage.domain.legal_owner import DECIDED
from triage.domain.roles import Role, Verb
from triage.domain.timeline import KINDS, Event, Moment
from triage.present import leaving
from triage.present.changes import NEVER_TRUE, moved_words
from triage.record import Actor, EventKind, NewEvent, Reading, Recorded, Stay, Writing

# What somebody gives leave for, before it happens.
AUTHORITIES = (
    "station_proposed", "station_authorised", "extension_authorised", "superintendent_approved",
    "detention_authorised", "pace_extended", "s136_decided", "s135_decided", DECIDED,
)  # fmt: skip
_RANKS = {Role.DUTY_INSPECTOR: "inspector", Role.CUSTODY_SERGEANT: "sergeant"}
_KINDS = {"visit": EventKind.VISIT, "rouse": EventKind.ROUSING}
_SAME_WORDS = timedelta(hours=1)
_FEW_WORDS = 3  # "asleep, breathing" may well be true of two people


@dataclass(frozen=True)
class EventSaved:
    """Something that is now on the record, and what the clocks say with it."""

    seq: int
    stay: str
    clocks: Clocks | None  # None only when they could not be worked out: then an A1 stands
    unlawful: tuple[Unlawful, ...]  # what this event itself is, if it is against the law
    late: bool = False
    notices: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class Visit:
    """One visit: when it was made, what was seen; when it was typed is the record's business."""

    occurred_at: datetime
    seen: str = ""  # words about this person alone; the same words for two people are refused
    rouse: bool | None = None  # a rousing check: passed, not passed; None: no rousing was due


def record_event(
    service: Service,
    stay: str,
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> EventSaved:
    """Record what happened, at its true time. Never refused for law: marked unlawful instead."""
    allow(actor, Verb.RECORD_EVENT)
    return _record(service, Verb.RECORD_EVENT, stay, event, actor=actor, now=now, key=key)


def authorise(
    service: Service,
    stay: str,
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> EventSaved:
    """Give an authority now. Raises NotAllowed with the law when it would be unlawful.

    That somebody asked for what the law forbids goes on the record all the same.
    """
    allow(actor, Verb.AUTHORISE)
    if event.kind not in AUTHORITIES:
        raise InputError.at("kind", "Is not an authority that is given.", AUTHORITIES)
    given = event if event.kind == DECIDED else _with_rank(event, actor)
    here = stay_for(service.record.reading(), stay, actor)
    if event.kind == DECIDED:
        check_decision(service, here, event, actor=actor, now=now)
    against = _against(service, here, given, now)
    if against:
        _note_refusal(service, stay, given, against, actor=actor, now=now)
        words = " ".join(dict.fromkeys(each.words for each in against))
        raise NotAllowed(words, law_row=against[0].law_row, field="kind")
    return _record(service, Verb.AUTHORISE, stay, given, actor=actor, now=now, key=key)


def _with_rank(event: Event, actor: Actor) -> Event:
    """The authority with the rank of whoever gives it; the legal owner has none of ours."""
    return replace(event, rank=event.rank or _RANKS.get(Role(actor.role)))


def record_visit(
    service: Service,
    stay: str,
    visit: Visit,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> EventSaved:
    """Record a visit to somebody in a cell; with ``rouse`` it is a rousing check as well."""
    allow(actor, Verb.RECORD_VISIT)
    kind = "visit" if visit.rouse is None else "rouse"
    extra = {} if visit.rouse is None else {"passed": visit.rouse}
    event = Event(
        id="",
        kind=kind,
        occurred_at=Moment.at(visit.occurred_at),
        words=visit.seen or None,
        extra=MappingProxyType(extra),
    )
    _refuse_bulk(service.record.reading(), stay, visit, actor, now)
    return _record(service, Verb.RECORD_VISIT, stay, event, actor=actor, now=now, key=key)


def record_rousing(
    service: Service,
    stay: str,
    visit: Visit,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> EventSaved:
    """Record a rousing check; one that was not passed is an emergency at once (Annex H)."""
    if visit.rouse is None:
        raise InputError.at("rouse", "Was the person roused?", ("true", "false"))
    return record_visit(service, stay, visit, actor=actor, now=now, key=key)


def _record(
    service: Service,
    verb: Verb,
    stay: str,
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
) -> EventSaved:
    if event.kind not in KINDS:
        raise InputError.at("kind", "Is not a kind of event.", KINDS)
    notices = time_notices(event.occurred_at.not_after, now)

    def do(writing: Writing) -> EventSaved:
        here = stay_for(writing, stay, actor)
        _refuse_strange_correction(writing, here, event)
        kind = EventKind.AUTHORISATION if verb is Verb.AUTHORISE else _KINDS.get(event.kind)
        recorded = append_event(
            writing, stay, event, actor=actor, kind=kind or EventKind.DETENTION_EVENT
        )
        settled = settle(service, writing, stay, actor=actor, now=now, because=recorded)
        went = tuple(_moved(writing, each, now) for each in settled.moved)
        never = (NEVER_TRUE,) if settled.never_true else ()
        return _saved(recorded, settled, (*notices, *went, *_beyond(here, event), *never))

    def again(writing: Writing, ids: Ids) -> EventSaved:
        recorded = writing.event(ids["seq"])
        assert recorded is not None  # remembered ids are ids of the record
        settled = settle(service, writing, stay, actor=actor, now=now)
        return replace(_saved(recorded, settled, ()), repeated=True)

    body = {"stay": stay, "event": replace(event, recorded_at=None)}
    return once(service, verb, body, do, again, actor=actor, now=now, key=key)


def _beyond(here: Stay, event: Event) -> tuple[str, ...]:
    """That somebody was seen while they were not here: recorded, and said to whoever typed it."""
    if not here.is_open:
        return (leaving.SEEN_AFTER_THEY_LEFT,)
    began = here.opened_at
    early = began is not None and event.occurred_at.not_after < began
    return (leaving.SEEN_BEFORE_THEY_CAME,) if early and event.kind in _KINDS else ()


def _moved(writing: Writing, clock: Clock, now: datetime) -> str:
    """What whoever types it late must hear: an alert that stood was about another time."""
    since, due = clock.started_at or now, clock.due_at or now
    return moved_words(clock.clock, due, base_of(writing, clock), since, now=now)


def _saved(recorded: Recorded, settled: Settled, notices: tuple[str, ...]) -> EventSaved:
    mine = str(recorded.seq)
    said = settled.clocks
    unlawful = () if said is None else tuple(e for e in said.unlawful if e.event == mine)
    return EventSaved(
        recorded.seq, recorded.stay or "", said, unlawful, recorded.late, tuple(notices)
    )


def _against(service: Service, stay: Stay, event: Event, now: datetime) -> tuple[Unlawful, ...]:
    """What the law says against this authority, if it were given.

    One that is timed a moment ahead is looked at as of then: left out of the detention as later
    than now, it would meet no law at all.
    """
    then = max(now, event.latest)
    history = History.read(service.record.reading(), stay)
    about = replace(event, id="about-to", recorded_at=now, corrects=None)
    try:
        return would_be_unlawful(
            service.rulebook.law, ladder(service), history.detention(then), about
        )
    except Exception as error:
        raise NotAllowed(
            "This record cannot be checked against the law, so nothing can be authorised on it "
            "here. Decide by the book, and record what was decided as what happened."
        ) from error


def _note_refusal(
    service: Service,
    stay: str,
    event: Event,
    against: tuple[Unlawful, ...],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    header = {"refused": event.kind, "law_rows": [each.law_row for each in against]}
    with service.record.writing(now=now) as writing:
        writing.append(NewEvent(EventKind.NOTE, actor, now, stay=stay, header=header))


def _refuse_strange_correction(writing: Writing, stay: Stay, event: Event) -> None:
    """An event may correct another one of the same stay only; anything else is a slip."""
    if event.corrects is None:
        if event.kind == "corrected":
            raise InputError.at("corrects", "Which event does it correct?")
        return
    number = int(event.corrects) if event.corrects.isdecimal() else 0
    about = writing.event(number) if 0 < number < 2**63 else None
    if about is None or about.stay != stay.id:
        raise InputError.at("corrects", "Names no event of this stay.")


def _refuse_bulk(reading: Reading, stay: str, visit: Visit, actor: Actor, now: datetime) -> None:
    """One text for more than one person is refused: an inquest found pasted observations.

    What was seen of somebody is written for that person alone.
    """
    words = visit.seen.casefold().split()
    if len(words) <= _FEW_WORDS:
        return
    here = stay_for(reading, stay, actor)
    for other in reading.open_stays(here.suite):
        if other.id != stay and words in _recent_words(reading, other.id, actor, now):
            raise InputError.at(
                "seen", "The same words were typed for somebody else. Say what you saw of this one."
            )


def _recent_words(reading: Reading, stay: str, actor: Actor, now: datetime) -> list[list[str]]:
    made = reading.events_of_kinds(stay, EventKind.VISIT, EventKind.ROUSING)
    found = [
        event_of(each)
        for each in made
        if each.actor.account == actor.account and now - each.recorded_at <= _SAME_WORDS
    ]
    return [(each.words or "").casefold().split() for each in found if each is not None]
