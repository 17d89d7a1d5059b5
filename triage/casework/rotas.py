"""The rota of a site: who answers for a role in a suite, from when to when, and where nobody does.

Without a rota the signed hours alone say who is there. Once a role stands on the rota of a suite,
a stretch without anybody is a hole in the net: the step is skipped and the desk is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from triage.casework.acts import allow
from triage.casework.duty import empty_slots, set_duty
from triage.casework.service import Service, suites_of
from triage.domain.errors import InputError
from triage.domain.london import iso
from triage.domain.roles import Role, Verb
from triage.record import Account, Actor, Reading
from triage.record.operations import Duty
from triage.settings.outward import is_email, is_number

LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class EmptySlot:
    """A role that a suite keeps on its rota, and for which nobody can come now."""

    suite: str
    role: str


@dataclass(frozen=True)
class Rota:
    """Who is on duty now and later, the first first; and what is empty now."""

    at: datetime
    duties: tuple[Duty, ...]
    empty: tuple[EmptySlot, ...]


def rota(service: Service, *, actor: Actor, now: datetime) -> Rota:
    """The rota of the suites of whoever asks, from now on."""
    allow(actor, Verb.SET_ROTA)
    with service.record.reading() as reading:
        theirs = [e for e in reading.rota_from(now) if not actor.suites or e.suite in actor.suites]
        empty = [
            EmptySlot(suite, role)
            for suite, role in empty_slots(service, reading, now)
            if not actor.suites or suite in actor.suites
        ]
    return Rota(now, tuple(theirs), tuple(empty))


def put_on_rota(
    service: Service,
    *,
    suite: str,
    role: str,
    starts_at: datetime,
    ends_at: datetime,
    account: str | None = None,
    name: str = "",
    contact: str | None = None,
    actor: Actor,
    now: datetime,
) -> Duty:
    """Say who answers for a role in a suite for a stretch; the same said twice is one entry.

    ``account`` is somebody with this role; without one, ``name`` says who it is, such as a service
    that is on call. ``contact`` is where the rota reaches them: an address or a telephone number.
    """
    allow(actor, Verb.SET_ROTA)
    if suite not in (known := [id for id, _ in suites_of(service)]):
        raise InputError.at("suite", "Is not one of the suites.", known)
    if role not in set(Role):
        raise InputError.at("role", "Is not a role.", Role)
    if contact and not (is_email(contact) or is_number(contact)):
        raise InputError.at("contact", "Must be an e-mail address or a telephone number.")
    if ends_at <= now:
        raise InputError.at("ends_at", "That time has passed.")
    if ends_at - starts_at > LONGEST:
        raise InputError.at("ends_at", "An entry is for at most 31 days.")
    who = _somebody(service.record.reading(), account, role, suite) if account else None
    shown = name.strip() or (who.name if who else "")
    if not shown:
        raise InputError.at("name", "Who is it? Name an account, or say the name.")
    key = _id(suite, role, account or shown, starts_at)
    duty = Duty(key, suite, role, account or None, shown, contact or None, starts_at, ends_at)
    set_duty(service, duty, actor=actor, now=now)
    return duty


def _somebody(reading: Reading, account: str, role: str, suite: str) -> Account:
    found = reading.account(account)
    if found is None or not found.active:
        raise InputError.at("account", "There is no active account with this name.")
    if found.role != role:
        raise InputError.at("account", "This account has another role.")
    if found.suites and suite not in found.suites:
        raise InputError.at("account", "This account is not for this suite.")
    return found


def _id(suite: str, role: str, who: str, starts_at: datetime) -> str:
    """The id of an entry, of which nothing can be read: it stands in an address."""
    said = f"{suite}|{role}|{who.casefold()}|{iso(starts_at)}"
    return sha256(said.encode()).hexdigest()[:16]
