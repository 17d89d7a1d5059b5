"""Putting right what was recorded: a wrong time, what never happened, two people who are one."""

from dataclasses import dataclass
from datetime import datetime

from triage.casework.acts import Ids, allow, once, own_words, stay_for, time_notices
from triage.casework.after import Settled, settle
from triage.casework.changed import WHY, changed_by
from triage.casework.history import DETENTION, History
from triage.casework.planning import detention_clocks
from triage.casework.service import Service
from triage.casework.stored import pack
from triage.domain.clocks import Clocks
from triage.domain.differences import Difference
from triage.domain.errors import InputError, NotAllowed, TriageError
from triage.domain.roles import Verb
from triage.domain.timeline import Moment
from triage.present import leaving as words
from triage.present.changes import moves_with, opening_words
from triage.record import Actor, EventKind, NewEvent, Recorded, Stay, Writing
from triage.record.alert_fold import ALERT_KINDS


@dataclass(frozen=True)
class Correction:
    """What was wrong about one event: its time, or that it happened at all."""

    reason: str
    occurred_at: Moment | None = None  # the right time
    withdrawn: bool = False  # it did not happen


@dataclass(frozen=True)
class Corrected:
    """A correction on the record; the first version stays readable for ever."""

    seq: int
    corrects: int
    stay: str | None
    clocks: Clocks | None
    withdrawn_alerts: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()  # older events that are impossible now: shown, kept
    notices: tuple[str, ...] = ()
    repeated: bool = False
    changes: tuple[Difference, ...] = ()  # what is different since, clock by clock


@dataclass(frozen=True)
class Linked:
    """Two people who are one, or one who is two."""

    seq: int
    person: str
    other: str


def correct(
    service: Service,
    seq: int,
    correction: Correction,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Corrected:
    """Correct one event by another; everything that rests on it is worked out again."""
    allow(actor, Verb.CORRECT)
    notices = _check(correction, now)

    def do(writing: Writing) -> Corrected:
        about, stay = mended(writing, seq, actor)
        if correction.withdrawn:
            _refuse_to_lose(History.read(writing, stay), about)
        before = _warnings(service, writing, stay, now)
        recorded = writing.append(correcting(about, correction, actor))
        settled, gone = settled_after(service, writing, recorded, actor, now)
        said = settled.clocks
        fresh = () if said is None else tuple(w for w in said.warnings if w not in before)
        fresh += _impossible(writing, stay)
        changes = changed_by(service, History.read(writing, stay), recorded)
        told = (*notices, *_not_the_arrival(about, correction, said, now))
        return Corrected(recorded.seq, seq, stay.id, said, gone, fresh, told, changes=changes)

    def again(writing: Writing, ids: Ids) -> Corrected:
        return Corrected(ids["seq"], seq, ids["stay"], None, repeated=True)

    body = {"seq": seq, "correction": correction}
    return once(service, Verb.CORRECT, body, do, again, actor=actor, now=now, key=key)


def link_person(
    service: Service, person: str, other: str, *, reason: str, actor: Actor, now: datetime
) -> Linked:
    """Say that two records are one person; their past stays feed each other from now on."""
    return _link(service, EventKind.PERSON_LINKED, person, other, reason, actor, now)


def unlink_person(
    service: Service, person: str, other: str, *, reason: str, actor: Actor, now: datetime
) -> Linked:
    """Say that they are two people after all."""
    return _link(service, EventKind.PERSON_UNLINKED, person, other, reason, actor, now)


def _check(correction: Correction, now: datetime) -> tuple[str, ...]:
    if not correction.reason.strip():
        raise InputError.at("reason", "What was wrong?")
    if correction.withdrawn == (correction.occurred_at is not None):
        raise InputError.at("occurred_at", "Give the right time, or say that it did not happen.")
    if correction.occurred_at is None:
        return ()
    return time_notices(correction.occurred_at.not_after, now)


def _impossible(writing: Writing, before: Stay) -> tuple[str, ...]:
    """What cannot both be true of the stay itself since a correction: shown, and kept."""
    here = writing.stay(before.id)
    if here is None or here.opened_at is None:
        return ()
    found = []
    if here.closed_at is not None and here.closed_at < here.opened_at:
        found.append(words.LEFT_BEFORE)
    other = writing.open_stays_by_reference(here.reference) if here.is_open else ()
    if not before.is_open and len(other) > 1:
        found.append(words.TWO_OF_ONE_NUMBER)
    return tuple(found)


def _not_the_arrival(
    about: Recorded, correction: Correction, said: Clocks | None, now: datetime
) -> tuple[str, ...]:
    """What whoever corrects an opening must hear where no PACE clock counts from it."""
    if about.kind is not EventKind.STAY_OPENED or correction.withdrawn:
        return ()
    told = None if moves_with(about.seq, said) else opening_words(about.seq, said, now=now)
    return () if told is None else (told,)


def mended(writing: Writing, seq: int, actor: Actor) -> tuple[Recorded, Stay]:
    """The event that is corrected, at the root of its corrections, and its stay."""
    about = writing.event(seq) if 0 < seq < 2**63 else None
    if about is None or about.stay is None or about.kind in _NOT_CORRECTED:
        raise InputError.at("seq", "There is nothing with this number that can be corrected.")
    stay = stay_for(writing, about.stay, actor)
    history = History.read(writing, stay)
    if seq in history.withdrawn:
        raise NotAllowed("This was withdrawn already, by a named correction.")
    return about, stay


_NOT_CORRECTED = ALERT_KINDS | {EventKind.WITHDRAWN, EventKind.ERASED}


def _refuse_to_lose(history: History, about: Recorded) -> None:
    """A stay whose opening is taken away is on no list and no clock: not while it holds entries."""
    if about.kind is not EventKind.STAY_OPENED:
        return
    entries = history.standing(*DETENTION, EventKind.SCREENING_SAVED, EventKind.ROUTE_DECISION)
    if entries:
        raise NotAllowed(
            "This entry opens the stay, and the stay holds other entries: without it no list and "
            "no clock would have the person. Move or withdraw those first; if the person has "
            "left, record the release."
        )


def correcting(about: Recorded, correction: Correction, actor: Actor) -> NewEvent:
    """The event that corrects or withdraws another."""
    payloads: dict[str, dict[str, object]] = {"police": {}}
    payloads.setdefault(own_words(actor), {})[WHY] = correction.reason
    moment = correction.occurred_at
    if moment is not None and not moment.certain:
        payloads["police"]["moment"] = pack(moment)
    return NewEvent(
        EventKind.WITHDRAWN if moment is None else EventKind.CORRECTED,
        actor,
        about.occurred_at if moment is None else moment.not_before,
        corrects=about.seq,
        payloads={group: part for group, part in payloads.items() if part},
    )


def settled_after(
    service: Service, writing: Writing, recorded: Recorded, actor: Actor, now: datetime
) -> tuple[Settled, tuple[str, ...]]:
    """What stands after a correction, and which alerts it took away."""
    stay = recorded.stay or ""
    before = {alert.key for alert in writing.alerts_of(stay) if alert.state == "withdrawn"}
    settled = settle(service, writing, stay, actor=actor, now=now, because=recorded)
    after = {alert.key for alert in writing.alerts_of(stay) if alert.state == "withdrawn"}
    return settled, tuple(sorted(after - before))


def _warnings(service: Service, writing: Writing, stay: Stay, now: datetime) -> tuple[str, ...]:
    try:
        return detention_clocks(service, History.read(writing, stay), now=now).warnings
    except TriageError:
        return ()  # it could not be worked out before either; the correction may mend it


def _link(
    service: Service,
    kind: EventKind,
    person: str,
    other: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Linked:
    allow(actor, Verb.LINK)
    if person == other:
        raise InputError.at("other", "These are the same record.")
    with service.record.writing(now=now) as writing:
        for each in (person, other):
            if writing.person(each) is None:
                raise InputError.at("person", "There is no person with this id.")
        event = NewEvent(
            kind, actor, now, person=person, header={"with": other},
            payloads={"police": {"why": reason}},
        )  # fmt: skip
        return Linked(writing.append(event).seq, person, other)
