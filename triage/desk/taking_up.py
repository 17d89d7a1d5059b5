"""Taking a screening up: what is kept here and what the service keeps, and which of them goes on.

Never merged unasked: where they differ somebody chooses, with the differences before them.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from triage.desk.answering import Answering, done_before
from triage.desk.client import Begun, Contested
from triage.desk.steps import Document, held, steps
from triage.desk.unfinished import Typed
from triage.domain import london
from triage.domain.answers import Person
from triage.domain.facts import age_on
from triage.domain.rulebook import Rulebook
from triage.present import drafts
from triage.present import screening_form as words

_MOST = 8  # differences that are shown; how many more there are is said


@dataclass(frozen=True)
class Choice:
    """One way to go on: its key, its words, and what the form begins with."""

    key: str
    words: str
    typed: Typed
    contested: tuple[Contested, ...] = ()  # different answers that stand at the service
    replaces: bool = False  # what somebody else has typed at the service


@dataclass(frozen=True)
class TakingUp:
    """What has to be asked before the form begins; with one choice and no words nothing has."""

    told: tuple[str, ...]
    choices: tuple[Choice, ...]

    @property
    def asks(self) -> bool:
        """Whether somebody has to choose."""
        return bool(self.told)


def taking_up(
    rulebook: Rulebook, stay: str, here: Typed | None, begun: Begun | None, *, now: datetime
) -> TakingUp:
    """Which screening goes on; ``begun`` is None where the service did not say."""
    anew = Typed(stay, _known(begun.known, now) if begun else {})
    anew.version = (begun.version or None) if begun else None
    if begun is None or begun.saved_at is None:
        return _alone(here, anew, begun)
    if begun.version:
        return _together(stay, here, begun)
    if begun.draft is None:
        return _theirs(here or anew, begun)
    kept_at = london.iso(begun.saved_at)
    there = Typed(stay, dict(begun.draft), told=dict(begun.draft), told_at=kept_at)
    if here is None:
        return TakingUp((), (Choice("", "", there),))
    if here.document == there.document:
        here.told, here.told_at = there.document, kept_at
        return TakingUp((), (Choice("", "", here),))
    return _which(rulebook, here, there, begun)


def _together(stay: str, here: Typed | None, begun: Begun) -> TakingUp:
    """Several may type one screening: what is kept here and there is merged by the service.

    What was typed here and has not arrived goes there at once, made on the state that it was
    typed on; where it differs from what others typed since, both stand and somebody chooses.
    """
    document = dict(begun.draft or {})
    if here is not None:
        if here.version != begun.version:
            here.told = None  # sent at once, so that what others typed comes back with it
        return TakingUp((), (Choice("", "", here, begun.contested),))
    kept_at = london.iso(begun.saved_at) if begun.saved_at else ""
    there = Typed(stay, document, told=dict(document), told_at=kept_at)
    there.version = begun.version
    return TakingUp((), (Choice("", "", there, begun.contested),))


def _alone(here: Typed | None, anew: Typed, begun: Begun | None) -> TakingUp:
    if here is None:
        return TakingUp((), (Choice("", "", anew),))
    if begun is None or here.told is None:
        return TakingUp((), (Choice("", "", here),))
    before = begun.before
    why = words.gone(here.at)
    if before is not None:
        why = drafts.recorded_before(before.by, before.at)
    return TakingUp(
        (why,),
        (
            Choice("1", words.go_on_here(here.at), here),
            Choice("2", words.BEGIN_ANEW, anew),
        ),
    )


def _theirs(mine: Typed, begun: Begun) -> TakingUp:
    told = words.theirs(begun.by or "", begun.saved_at)
    return TakingUp((told,), (Choice("1", words.REPLACE_THEIRS, mine, replaces=True),))


def _which(rulebook: Rulebook, here: Typed, there: Typed, begun: Begun) -> TakingUp:
    mine = (here.at, words.go_on_here(here.at), here)
    kept = (begun.saved_at, words.go_on_there(begun.saved_at), there)
    newer = sorted(
        (mine, kept), key=lambda each: str(each[0] and london.iso(each[0])), reverse=True
    )
    choices = tuple(Choice(str(n), told, typed) for n, (_, told, typed) in enumerate(newer, 1))
    differ = differences(rulebook, here.document, there.document)
    return TakingUp((words.DIFFER, *differ), choices)


def differences(rulebook: Rulebook, here: Document, there: Document) -> Sequence[str]:
    """What was answered otherwise here and there, each in words."""
    one, other = (Answering(rulebook, each, _never) for each in (here, there))
    found = []
    for step in steps(rulebook):
        left, right = held(here, step), held(there, step)
        if _bare(left) != _bare(right):
            said = [
                words.NOT_ASKED_YET if value is None else answering.said(step)
                for value, answering in ((left, one), (right, other))
            ]
            found.append(words.difference(f"{step.number} {step.words}".strip(), *said))
    more = len(found) - _MOST
    return [*found[:_MOST], *([words.more_differ(more)] if more > 0 else [])]


def _never() -> datetime:
    raise AssertionError("Nothing is answered where two are compared.")


def _bare(found: object) -> object:
    return found["value"] if isinstance(found, dict) and "value" in found else found


def _known(known: Document, now: datetime) -> Document:
    """What is known without asking; what is not known is asked."""
    document = copy.deepcopy(dict(known))
    person = {name: said for name, said in document.get("person", {}).items() if said != "unknown"}
    if "date_of_birth" in person:
        born = Person(date_of_birth=date.fromisoformat(person["date_of_birth"]))
        person["age"] = age_on(born, london.day_of(now))
    return document | {"person": person}


def begin(rulebook: Rulebook, typed: Typed) -> set[str]:
    """The steps that are gone through already."""
    all_steps = steps(rulebook)
    before = done_before(all_steps, typed.document)
    return before | {step.id for step in all_steps if step.id in typed.done}
