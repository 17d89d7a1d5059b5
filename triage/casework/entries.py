"""What one entry of the record says, as values of the domain: a version, its findings, an event.

What was recorded never changes, so what was made of it once is kept beside it.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TypeVar

from triage.casework.stored import unpack
from triage.domain.answers import Details, Person
from triage.domain.disclosure import joined
from triage.domain.findings import Findings
from triage.domain.screening_alerts import Version
from triage.domain.timeline import Event, Moment
from triage.record import Recorded
from triage.record.bodies import Bodies

_Made = TypeVar("_Made")
ROUSE = "rouse"  # in the police part of a screening that starts the rousing clock
FIRST_BY, FIRST_ROLE = "first_by", "first_role"  # in the header of what was moved to its person
_ROUSED = ("marked", "incapable")
PERSON = tuple(each.name for each in fields(Person))


def typed_by(event: Recorded) -> tuple[str, str]:
    """The name and role of whoever typed it first: who moved it to its person is another matter."""
    actor = event.actor
    return event.header.get(FIRST_BY, actor.name), event.header.get(FIRST_ROLE, actor.role)


def once_of(event: Recorded, name: str, make: Callable[[], _Made]) -> _Made:
    """What is made of the parts of an event, kept beside them: what was recorded never changes.

    An event as corrected is made of several, and is read each time.
    """
    parts = event.payloads
    return parts.made(name, make) if isinstance(parts, Bodies) else make()


def event_of(event: Recorded) -> Event | None:
    """The detention event that a recorded event holds; None when it was erased."""

    def read() -> Event | None:
        part = event.payloads.get("police")
        if part is None or "event" not in part:
            return None
        known: Event = unpack(Event, part["event"])
        clinical = event.payloads.get("clinical") or {}
        return replace(
            known,
            id=str(event.seq),
            occurred_at=_by_then(known.occurred_at, event),
            recorded_at=event.recorded_at,
            words=clinical.get("words", known.words),
        )

    return once_of(event, "event", read)


def version_of(event: Recorded) -> Version | None:
    """The version of a screening that a recorded event holds, with all its findings."""

    def read() -> Version | None:
        findings = findings_of(event)
        if findings is None:
            return None
        return Version(
            event.seq,
            event.occurred_at,
            event.recorded_at,
            findings,
            provisional=bool(event.header.get("provisional")),
        )

    return once_of(event, "version", read)


def calls_for_rousing(details: Details) -> bool:
    """Whether somebody was seen so drunk or drugged that they are roused (Annex H)."""
    seen = details.observations.get("intoxication")
    return seen is not None and seen.value in _ROUSED


def answered_of(event: Recorded) -> tuple[int, int] | None:
    """How many core questions a saved version answered, of how many, without reading the rest."""

    def read() -> tuple[int, int] | None:
        findings = (event.payloads.get("police") or {}).get("findings")
        return None if findings is None else (findings["answered"][0], findings["answered"][1])

    return once_of(event, "answered", read)


def findings_of(event: Recorded, *, clinical: bool = True) -> Findings | None:
    """The findings of a saved version; without ``clinical`` as police may see them.

    What holds nothing clinical is read once for both.
    """
    clinical = clinical and "clinical" in event.payloads

    def read() -> Findings | None:
        for group in ("clinical", "police") if clinical else ("police",):
            part = event.payloads.get(group)
            if part and "findings" in part:
                found: Findings = unpack(Findings, part["findings"])
                return found
        return None

    return once_of(event, f"findings {clinical}", read)


def remember_found(event: Recorded, findings: Findings, details: Details) -> None:
    """Keep what a version was made of beside it: reading it back would give the same.

    Only for a version that holds nothing clinical; of the others each part says its own.
    """
    if "clinical" in event.payloads:
        return
    once_of(event, "findings False", lambda: findings)
    once_of(event, "details False", lambda: details)
    once_of(event, ROUSE, lambda: calls_for_rousing(details))


def details_of(event: Recorded, *, clinical: bool = True) -> Details | None:
    """The details of a saved version; without ``clinical`` only what is police-visible."""
    clinical = clinical and "clinical" in event.payloads
    return once_of(event, f"details {clinical}", lambda: _details(event, clinical=clinical))


def _details(event: Recorded, *, clinical: bool) -> Details | None:
    part = event.payloads.get("police")
    if not part or "details" not in part:
        return None
    police: Details = unpack(Details, part["details"])
    told = event.payloads.get("identity") or {}
    person = {name: told[name] for name in PERSON if name in told}
    police = replace(police, person=unpack(Person, person))
    hidden = (event.payloads.get("clinical") or {}).get("details")
    if not clinical or hidden is None:
        return police
    return joined(police, unpack(Details, hidden))


def moment_of(event: Recorded) -> Moment:
    """When what an event says happened, by the time it was typed at the latest."""
    span = event.body.get("moment")
    if span is None:
        return _by_then(Moment.at(event.occurred_at), event)
    found: Moment = unpack(Moment, span)
    return _by_then(found, event)


def _by_then(moment: Moment, event: Recorded) -> Moment:
    """What was typed has happened: a terminal's clock that runs ahead delays no alert."""
    if moment.not_after <= event.recorded_at:
        return moment
    return Moment(min(moment.not_before, event.recorded_at), event.recorded_at)
