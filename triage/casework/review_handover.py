"""One inspector hands the review to the next: 24 hours always cross a shift.

Each detention carries its own handover: who gave it, to whom, what was promised, and who took it.
Nothing is handed over until the receiver says so; until then it is with whoever had it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.casework.acts import Ids, allow, allow_suite, once, stay_for
from triage.casework.history import History
from triage.casework.review_case import Handed
from triage.casework.review_cases import HANDED, TAKEN, handed_of
from triage.casework.service import Service
from triage.domain.errors import InputError, NotAllowed
from triage.domain.roles import Role, Verb
from triage.record import Account, Actor, EventKind, NewEvent, Writing


@dataclass(frozen=True)
class Receiver:
    """Somebody who could take over."""

    account: str
    name: str


def receivers(service: Service, *, actor: Actor) -> tuple[Receiver, ...]:
    """The other inspectors who could take over."""
    allow(actor, Verb.HAND_OVER_REVIEW)
    accounts = service.record.reading().accounts()
    return tuple(Receiver(e.account, e.name) for e in accounts if _could(e, actor))


def hand_over(
    service: Service,
    to: str,
    promised: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> tuple[Handed, ...]:
    """Offer these detentions to another inspector, each with what was promised about it.

    ``promised`` names each stay that was read, with words that may be empty. Raises InputError for
    somebody who cannot take over, and for nobody to hand over.
    """
    allow(actor, Verb.HAND_OVER_REVIEW)
    if not promised:
        raise InputError.at("stay", "Nobody is handed over.")
    account = service.record.reading().account(to)
    if account is None or not _could(account, actor):
        raise InputError.at("to", "Say which inspector takes over.")

    def do(writing: Writing) -> tuple[Handed, ...]:
        return tuple(
            _offer(writing, stay, account, words.strip(), actor, now)
            for stay, words in promised.items()
        )

    def again(writing: Writing, _: Ids) -> tuple[Handed, ...]:
        return tuple(_as_it_stands(writing, stay, actor) for stay in promised)

    body = {"to": to, "promised": dict(promised)}
    verb = Verb.HAND_OVER_REVIEW
    return once(service, verb, body, do, again, actor=actor, now=now, key=key)


def take_over(
    service: Service,
    seqs: Sequence[int],
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> tuple[Handed, ...]:
    """Take what was handed over; from now on it is with this inspector, by name.

    Whoever takes it is on the record, also where it was meant for somebody else. Raises NotAllowed
    for what nobody offers any more, and to whoever offered it.
    """
    allow(actor, Verb.HAND_OVER_REVIEW)
    if not seqs:
        raise InputError.at("seq", "Nothing is handed over to you.")

    def do(writing: Writing) -> tuple[Handed, ...]:
        return tuple(_take(writing, seq, actor, now) for seq in seqs)

    def again(writing: Writing, _: Ids) -> tuple[Handed, ...]:
        offers = (writing.event(seq) for seq in seqs)
        stays = [offer.stay for offer in offers if offer is not None and offer.stay is not None]
        return tuple(_as_it_stands(writing, stay, actor) for stay in stays)

    verb, body = Verb.HAND_OVER_REVIEW, {"take": list(seqs)}
    return once(service, verb, body, do, again, actor=actor, now=now, key=key)


def _could(account: Account, actor: Actor) -> bool:
    inspector = account.active and account.role == Role.DUTY_INSPECTOR
    return inspector and account.account != actor.account


def _offer(
    writing: Writing, stay: str, to: Account, words: str, actor: Actor, now: datetime
) -> Handed:
    found = stay_for(writing, stay, actor)
    allow_suite(Actor(to.account, to.name, to.role, suites=to.suites), found.suite)
    header = {"note": HANDED, "account": to.account}
    part = {"to": to.name, "promised": words}
    return _written(writing, stay, header, part, actor, now)


def _take(writing: Writing, seq: int, actor: Actor, now: datetime) -> Handed:
    about = writing.event(seq) if 0 < seq < 2**63 else None
    if about is None or about.stay is None or about.header.get("note") != HANDED:
        raise InputError.at("seq", "There is no handover with this number.")
    history = History.read(writing, stay_for(writing, about.stay, actor))
    last = handed_of(history)
    if last is None or last.seq != seq or last.taken_by is not None:
        raise NotAllowed("This was taken, or offered anew, since the page was read. Look again.")
    if about.actor.account == actor.account:
        raise NotAllowed("Whoever hands over does not take over: another inspector does.")
    return _written(writing, about.stay, {"note": TAKEN, "about": seq}, {}, actor, now)


def _written(
    writing: Writing,
    stay: str,
    header: Mapping[str, object],
    part: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> Handed:
    event = NewEvent(
        EventKind.NOTE, actor, now, stay=stay, header=header, payloads={"police": part}
    )
    writing.append(event)
    return _as_it_stands(writing, stay, actor)


def _as_it_stands(writing: Writing, stay: str, actor: Actor) -> Handed:
    found = handed_of(History.read(writing, stay_for(writing, stay, actor)))
    assert found is not None  # it was written, and a handover is never taken off the record
    return found
