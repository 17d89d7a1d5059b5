"""Recording a screening that others were typing too: what is in it, and what stays behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.casework.drafts import Eyes, Recording, recording
from triage.domain import drafting
from triage.domain.answers import Details
from triage.domain.errors import InputError
from triage.domain.findings import Findings
from triage.present import drafts as words
from triage.record import DraftRecorded, Recorded, Writing
from triage.schemas.screen import details_of, so_far


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
    evaluate: Callable[[Details], Findings | None],
) -> TakenApart:
    """What is recorded of ``sent``, and what of others is not in it, with who typed it."""
    kept = eyes.reading.draft(stay)
    draft = drafting.Draft() if kept is None else kept.typed
    if all(each.account == eyes.actor.account for each in draft.entries):
        return TakenApart(details, None, draft, ())
    typed = sent or {}

    def meant(document: Mapping[str, Any]) -> Details:
        whole = {**_without_answers(typed), **document}
        # A stage or an offence about which two differ is not known in what is recorded.
        return details_of(so_far(whole), eyes.rulebook, now=eyes.now, at=details.at)

    def finds(document: Mapping[str, Any]) -> frozenset[object]:
        try:
            return _held(evaluate(meant(document)))
        except InputError:
            return frozenset()  # something without which nothing can be recorded was left out

    found = recording(eyes, draft, typed, made_on=made_on, finds=finds)
    if sent is not None and found.document != drafting.document_of(drafting.places_of(sent)):
        details = meant(found.document)
    notices = tuple(words.not_chosen(place) for place in found.unknown)
    notices += tuple(words.kept_as_it_is(place) for place in found.kept)
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


def _without_answers(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what has a place in it: one of them may have been taken out."""
    shell: dict[str, Any] = {}
    for name, said in sent.items():
        if isinstance(said, Mapping):
            shell[name] = {}
        elif said in ("", None):
            shell[name] = said
    return shell


def _held(findings: Findings | None) -> frozenset[object]:
    """Each rule that holds, with its urgency."""
    if findings is None:
        return frozenset()
    found = [reason for each in findings.needs for reason in each.reasons]
    found += [reason for each in findings.flags for reason in each.reasons]
    return frozenset((each.rule, each.urgency) for each in found)
