"""What several people have typed into one half-finished screening: who sees what of it, and who
hears what became of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.casework.entries import details_of as details_recorded
from triage.domain import draft_places
from triage.domain.answers import Answer, Details
from triage.domain.disclosure import HEALTH, is_clinical
from triage.domain.drafting import Draft, Entry
from triage.domain.roles import Group, Verb, may, reads
from triage.domain.rulebook import Rulebook
from triage.present import drafts as words
from triage.record import Actor, DraftRecorded, Reading, Writing


@dataclass(frozen=True)
class TypedBy:
    """Who typed the answer at one place, and when."""

    place: str
    by: str
    at: datetime
    mine: bool


@dataclass(frozen=True)
class Contested:
    """One of the different answers that stand at one place until somebody chooses.

    Without a value it is one that this role may not read.
    """

    place: str
    value: Any
    by: str
    at: datetime
    mine: bool


@dataclass(frozen=True)
class Meanwhile:
    """Somebody recorded the screening that was being typed: who, when, and what is not in it."""

    seq: int
    by: str
    at: datetime
    version: int  # the state of the draft that was recorded
    not_in_it: tuple[str, ...]  # the places of answers that whoever hears this has typed


@dataclass(frozen=True)
class Shown:
    """A draft as one person may see it."""

    version: int
    document: Mapping[str, Any]
    typed: tuple[TypedBy, ...]
    contested: tuple[Contested, ...]


@dataclass(frozen=True)
class Eyes:
    """Whoever looks at a draft, and what of it is not for them."""

    rulebook: Rulebook
    reading: Reading | Writing
    actor: Actor
    now: datetime

    def hidden(self, place: str) -> bool:
        """Whether this belongs to health staff, and this person is none of them."""
        if reads(self.actor.role, Group.CLINICAL):
            return False
        if place.startswith(f"{draft_places.MARKERS}."):
            return place.rstrip("+").endswith(f":{HEALTH}")
        return is_clinical(self.rulebook, place.rpartition(".")[2])

    def sees(self, entry: Entry) -> bool:
        """Whether they may read this answer: what they typed themselves they know."""
        if entry.account == self.actor.account:
            return True
        return may(self.actor.role, Verb.SAVE_DRAFT) and not self.hidden(entry.place)

    def shown(self, draft: Draft) -> Shown:
        """The draft as they may see it."""
        standing = draft.standing()
        alone = {place: found[0] for place, found in standing.items() if len(found) == 1}
        seen = {place: entry for place, entry in alone.items() if self.sees(entry)}
        document = draft_places.document_of({place: entry.value for place, entry in seen.items()})
        typed = tuple(
            TypedBy(e.place, self.name(e.account), e.at, e.account == self.actor.account)
            for e in seen.values()
        )
        contested = tuple(
            self._contested(entry) for found in draft.contested().values() for entry in found
        )
        return Shown(draft.version, document, typed, contested)

    def _contested(self, entry: Entry) -> Contested:
        value = entry.value if self.sees(entry) else None
        mine = entry.account == self.actor.account
        return Contested(entry.place, value, self.name(entry.account), entry.at, mine)

    def name(self, account: str) -> str:
        """The name of whoever has this account."""
        found = self.reading.account(account)
        if account == self.actor.account:
            return self.actor.name
        return account if found is None else found.name

    def meanwhile(
        self, recorded: DraftRecorded, document: Mapping[str, Any], mine: Details | None
    ) -> Meanwhile:
        """Who recorded the draft that they went on with, and what of theirs is not in it."""
        event = self.reading.event(recorded.seq)
        assert event is not None  # what was recorded is an event of the record
        clinical = reads(self.actor.role, Group.CLINICAL)
        there = details_recorded(event, clinical=clinical)
        missing: tuple[str, ...] = ()
        if mine is not None and there is not None:
            typed = draft_places.places_of(document)
            missing = tuple(each for each in _missing(mine, there) if each in typed)
        by = event.actor.name
        return Meanwhile(recorded.seq, by, event.recorded_at, recorded.version, missing)


def told_of(eyes: Eyes, draft: Draft, place: str) -> str:
    """Who said what at a place where different answers stand, and when."""
    return words.two_answers([said_of(eyes, e) for e in draft.contested().get(place, ())])


def said_of(eyes: Eyes, entry: Entry) -> tuple[str, datetime, str]:
    """Who typed this, when, and what it says in words."""
    value = words.value_words(eyes.rulebook, entry.place, entry.value)
    return eyes.name(entry.account), entry.at, value


def meanings(eyes: Eyes, draft: Draft) -> tuple[Mapping[str, Any], ...]:
    """The documents that a draft may mean: first the cautious one, in which all that is contested
    is unknown, then as it is if each of those who disagree is right. Each says what it is."""
    contested = draft.contested()
    cautious = draft_places.places_of(draft.document())
    read = [cautious]
    for account in draft.readings():
        read.append(draft_places.places_of(draft.read_as(account)))
    for place in contested:
        told = told_of(eyes, draft, place)
        for places in read:
            said = (
                draft_places.said_at(place, places[place], told)
                if place in places
                else draft_places.without_answer(place, told)
            )
            if said is not None:
                places[place] = said
    return tuple(draft_places.document_of(places) for places in read)


def _missing(mine: Details, there: Details) -> Iterator[str]:
    """The places at which something was typed that the recorded version does not hold."""
    for part in ("answers", "observations"):
        recorded: Mapping[str, Answer] = getattr(there, part)
        for id, answer in getattr(mine, part).items():
            if answer.value is not None and answer.value != _value(recorded.get(id)):
                yield f"{part}.{id}"
    for name in ("nation", "stage", "offence", "arrests_12m", "domestic", "place",
                 "interpreter_present", "appropriate_adult_present", "admits"):  # fmt: skip
        said = getattr(mine, name)
        if said is not None and said != getattr(there, name):
            yield name
    for name in ("age", "date_of_birth", "age_on_document"):
        said = getattr(mine.person, name)
        if said is not None and said != getattr(there.person, name):
            yield f"person.{name}"
    for name in ("sex", "age_source"):
        said = getattr(mine.person, name)
        if said not in ("unknown", getattr(there.person, name)):
            yield f"person.{name}"
    yield from _record_missing(mine, there)


def _record_missing(mine: Details, there: Details) -> Iterator[str]:
    recorded = {(each.kind, each.origin) for each in there.record.markers}
    for marker in mine.record.markers:
        if (marker.kind, marker.origin) not in recorded:
            yield f"{draft_places.MARKERS}.{marker.kind}:{marker.origin}"
    if mine.record.checked and not there.record.checked:
        yield "record.checked"
    for name in ("property", "force_used", "hospital_today", "breath_ug", "drug_test",
                 "managed_by", "appropriate_adult_before", "instruction_open"):  # fmt: skip
        said = getattr(mine.record, name)
        if said is not None and said != getattr(there.record, name):
            yield f"record.{name}"


def _value(answer: Answer | None) -> object:
    return None if answer is None else answer.value
