"""Recording a screening that others were typing too: what is in it, and what stays behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.casework.drafts import Eyes, Recording, recording
from triage.domain import drafting
from triage.domain.answers import Details
from triage.present import drafts as words
from triage.record import DraftRecorded, Recorded, Writing
from triage.schemas.screen import details_of


@dataclass(frozen=True)
class TakenApart:
    """What is recorded, and what stays behind of the draft that it was made from."""

    details: Details
    recording: Recording | None
    draft: drafting.Draft
    notices: tuple[str, ...]


def taken_apart(
    eyes: Eyes,
    stay: str,
    sent: Mapping[str, Any] | None,
    details: Details,
    *,
    made_on: int | None,
) -> TakenApart:
    """What is recorded of ``sent``, and what of others is not in it, with who typed it."""
    kept = eyes.reading.draft(stay)
    draft = drafting.Draft() if kept is None else kept.typed
    if all(each.account == eyes.actor.account for each in draft.entries):
        return TakenApart(details, None, draft, ())
    found = recording(eyes, draft, sent or {}, made_on=made_on)
    if sent is not None and found.document != drafting.document_of(drafting.places_of(sent)):
        document = {**sent, **_empty(sent), **found.document}
        details = details_of(document, eyes.rulebook, now=eyes.now, at=details.at)
    notices = tuple(words.not_chosen(place) for place in found.unknown)
    if found.left.entries:
        by = [eyes.name(account) for account in found.by]
        places = list(dict.fromkeys(each.place for each in found.left.entries))
        notices = (words.left_out(by, places), *notices)
    return TakenApart(details, found, draft, notices)


def leave_behind(eyes: Eyes, mine: TakenApart, recorded: Recorded) -> None:
    """Take the draft away, but for what others typed that is not in what was recorded."""
    writing, stay = eyes.reading, recorded.stay or ""
    assert isinstance(writing, Writing)
    if not mine.draft.entries:
        return
    accounts = tuple(dict.fromkeys(each.account for each in mine.draft.entries))
    writing.draft_was_recorded(DraftRecorded(stay, mine.draft.version, recorded.seq, accounts))
    left = None if mine.recording is None else mine.recording.left
    if left is None or not left.entries:
        writing.drop_draft(stay)
        return
    writing.save_draft(stay, left, left.entries[-1].account)


def _empty(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What has places of its own is made of them alone: one may have been taken out."""
    return {name: {} for name, value in sent.items() if isinstance(value, Mapping)}
