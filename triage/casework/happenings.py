"""Putting one detention event on the record, in the groups that its parts belong to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from triage.casework.acts import own_words
from triage.casework.stored import pack
from triage.domain.roles import Group
from triage.domain.timeline import Event
from triage.record import Actor, EventKind, NewEvent, Recorded, Writing


def append_event(
    writing: Writing,
    stay: str,
    event: Event,
    *,
    actor: Actor,
    kind: EventKind = EventKind.DETENTION_EVENT,
    clinical: bool | None = None,
    header: Mapping[str, Any] | None = None,
) -> Recorded:
    """Append one event of a detention; the words of health staff are clinical, the rest police.

    ``clinical`` says it of words that somebody else typed first: what health staff wrote stays
    theirs whoever moves it. An uncertain time stands in the chain at its earliest possible moment,
    as the law reads it.
    """
    theirs = own_words(actor) is Group.CLINICAL if clinical is None else clinical
    payloads: dict[str, Mapping[str, Any]] = {
        "police": {"event": pack(_plain(event, actor, theirs=theirs))}
    }
    if event.words and theirs:
        payloads["clinical"] = {"words": event.words}
    return writing.append(
        NewEvent(
            kind,
            actor,
            event.occurred_at.not_before,
            stay=stay,
            header={"kind": event.kind, "certain": event.occurred_at.certain, **(header or {})},
            payloads=payloads,
            corrects=_number(event.corrects),
        )
    )


def _plain(event: Event, actor: Actor, *, theirs: bool) -> Event:
    """The event as it is kept: its number is the record's, and who typed it is known."""
    kept = replace(
        event,
        id="",
        recorded_at=None,
        role=event.role or actor.role,
        by=event.by or actor.name,
    )
    return replace(kept, words=None) if theirs else kept


def _number(corrects: str | None) -> int | None:
    return int(corrects) if corrects is not None and corrects.isdecimal() else None
