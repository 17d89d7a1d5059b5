"""What others type into the same screening, taken into the one that stands at this desk.

Nothing that was typed here since is replaced, and nothing counts as seen that was not taken in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.desk.answering import Answering
from triage.desk.client import Contested
from triage.desk.steps import Document, Step
from triage.domain.draft_places import MARKERS, places_of, same, with_places
from triage.domain.rulebook import Rulebook
from triage.present import drafts as words


@dataclass(frozen=True)
class TakenIn:
    """What came of an answer of the service: which places changed here, and whether all did."""

    document: Document
    changed: tuple[str, ...]
    came: int  # how many answers of others
    whole: bool  # the document is what the service keeps: its state counts as seen here


def taken_in(here: Document, sent: Document, kept: Mapping[str, Any]) -> TakenIn:
    """The document ``here`` with what others typed; ``sent`` is what the service had of it.

    What was typed here after it was sent stays as it is.
    """
    mine, ours, theirs = places_of(here), places_of(sent), places_of(kept)
    changes: dict[str, Any] = {}
    whole = True
    for place in dict.fromkeys((*ours, *theirs)):
        if same(theirs.get(place), ours.get(place)):
            continue
        if same(mine.get(place), ours.get(place)):
            changes[place] = theirs.get(place)
        elif not same(mine.get(place), theirs.get(place)):
            whole = False
    document = with_places(here, changes) if changes else here
    came = sum(value is not None for value in changes.values())
    return TakenIn(document, tuple(changes), came, whole)


def take_in(answering: Answering, found: TakenIn) -> None:
    """Put what others typed into the screening; what was taken out of it is asked again."""
    if not found.changed:
        return
    answering.document.clear()
    answering.document.update(found.document)
    now = places_of(answering.document)
    for step in answering.steps:
        place = ".".join(step.place)
        if place in found.changed:
            (answering.done.add if place in now else answering.done.discard)(step.id)
        elif step.origin and any(each.startswith(f"{MARKERS}.") for each in found.changed):
            answering.done.add(step.id)


def to_choose(rulebook: Rulebook, contested: Sequence[Contested]) -> dict[str, str]:
    """By place, who answered what and when, where it has to be chosen."""
    return words.choose(rulebook, [(e.place, e.by, e.at, e.value) for e in contested])


def about(step: Step, chosen: Mapping[str, str]) -> str:
    """What has to be known before this step is answered again; nothing where nobody differs."""
    place = ".".join(step.place)
    told = [said for at, said in chosen.items() if at == place or _marker(step, at)]
    return " ".join(told)


def _marker(step: Step, place: str) -> bool:
    return bool(step.origin) and place.startswith(f"{MARKERS}.") and f":{step.origin}" in place
