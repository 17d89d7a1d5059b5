"""What a desk's screen must sound for: the worst thing that nobody there has taken yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triage.casework.acts import allow
from triage.casework.drills import DRILL
from triage.casework.service import Service
from triage.domain.roles import CLINICAL_ROLES, Role, Verb
from triage.record import Actor, Alert, EventKind, NewEvent, Reading

SOUND_TEST = "sound_test"
_DESK = (Role.CUSTODY_SERGEANT, Role.DETENTION_OFFICER)


class Ring(StrEnum):
    """How a screen sounds."""

    QUIET = ""
    CHIME = "chime"  # now and then: something urgent waits
    SIREN = "siren"  # until somebody takes it


_RINGS = {"A1": Ring.SIREN, "SYS1": Ring.SIREN, "A2": Ring.CHIME, "SYS2": Ring.CHIME}
_ORDER = (Ring.QUIET, Ring.CHIME, Ring.SIREN)


@dataclass(frozen=True)
class Waiting:
    """The worst that waits for whoever sits at a screen: how it sounds, and how many there are."""

    ring: Ring
    number: int


def ringing(reading: Reading, *, role: str, suites: tuple[str, ...]) -> Waiting:
    """What waits for this role in these suites; none named is all of them.

    An emergency rings at every desk of its suite until police have taken it; what police took
    still rings for the clinician it is for, and the other way round.
    """
    waiting = [
        _RINGS[alert.level]
        for alert in reading.open_alerts(suites or None)
        if alert.level in _RINGS and _waits_for(alert, role)
    ]
    worst = max(waiting, key=_ORDER.index, default=Ring.QUIET)
    return Waiting(worst, waiting.count(worst))


def note_sound_test(service: Service, *, heard: bool, actor: Actor, now: datetime) -> None:
    """Record that somebody tested the sound of their screen, and whether they heard it."""
    allow(actor, Verb.VIEW_BOARD)
    header = {"about": SOUND_TEST, "heard": heard}
    with service.record.writing(now=now) as writing:
        writing.append(NewEvent(EventKind.NOTE, actor, now, header=header))
        if heard:
            writing.heartbeat(_name(actor.account), {"terminal": actor.terminal or ""})


def sound_tested_at(reading: Reading, account: str) -> datetime | None:
    """When somebody last heard the sound of their screen."""
    beat = reading.last_heartbeat(_name(account))
    return None if beat is None else beat.at


def _name(account: str) -> str:
    return f"{SOUND_TEST}:{account}"


def _waits_for(alert: Alert, role: str) -> bool:
    if alert.state == "in_hand":
        return False
    clinical = role in CLINICAL_ROLES
    if (alert.clinical_ack_at if clinical else alert.police_ack_at) is not None:
        return False
    if alert.source != DRILL and role in _DESK and _RINGS[alert.level] is Ring.SIREN:
        return True
    return role in alert.to_roles
