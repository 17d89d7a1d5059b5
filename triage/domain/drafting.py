"""A half-finished screening that several people type: each answer with who typed it, and when.

A draft is the fold of what was typed into it, place by place. Answers to different places stand
beside each other. Two answers to one place stand beside each other as well, and the place counts
as unknown until somebody who has seen both chooses: neither is taken for the truth.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triage.domain.draft_places import (
    Document,
    answer_in,
    document_of,
    no_answer,
    places_of,
    said_at,
    same,
    words_in,
)


@dataclass(frozen=True)
class Entry:
    """What one person typed at one place; without a value somebody took out what stood there."""

    place: str  # ``answers.head_knock``; a warning by its kind and origin
    value: Any
    account: str
    at: datetime
    version: int  # of the draft that it made
    beside: bool = False  # typed without having seen the other answer that stood here


@dataclass(frozen=True)
class Draft:
    """What was typed into one draft, in its order."""

    entries: tuple[Entry, ...] = ()
    after: int = 0  # the last state of the draft before it, which was recorded

    @property
    def version(self) -> int:
        """The state that it is in; 0 before anything was ever typed."""
        return max((each.version for each in self.entries), default=self.after)

    def standing(self) -> dict[str, tuple[Entry, ...]]:
        """The different answers at each place: two or more where nobody has chosen yet."""
        return {place: _differing(entries) for place, entries in self.said().items()}

    def said(self) -> dict[str, tuple[Entry, ...]]:
        """What stands at each place, of everybody who did not see the others' when they typed."""
        found: dict[str, tuple[Entry, ...]] = {}
        for entry in self.entries:
            others = found.get(entry.place, ()) if entry.beside else ()
            found[entry.place] = (*_of_others(others, entry.account), entry)
        return {place: entries for place, entries in found.items() if _says(entries)}

    def contested(self) -> dict[str, tuple[Entry, ...]]:
        """The places at which people typed different answers, and no one has chosen."""
        return {place: found for place, found in self.standing().items() if len(found) > 1}

    def places(self) -> dict[str, Any]:
        """What was typed by its place, without the places at which two answers stand."""
        return {place: e[0].value for place, e in self.standing().items() if not e[1:]}

    def document(self) -> dict[str, Any]:
        """What was typed, without the places at which two answers stand."""
        return document_of(self.places())

    def readings(self) -> tuple[str, ...]:
        """Whose answers to take for each way to read what is contested; none where nothing is."""
        return tuple(sorted({e.account for found in self.contested().values() for e in found}))

    def read_as(self, account: str) -> dict[str, Any]:
        """The draft as it would be if this person were right wherever two answers stand."""
        places = {
            place: found[0].value for place, found in self.standing().items() if not found[1:]
        }
        for place, found in self.contested().items():
            mine = next((each for each in found if each.account == account), None)
            if mine is not None:
                places[place] = mine.value
        return document_of(places)

    def as_of(self, version: int) -> "Draft":
        """The draft as somebody saw it then."""
        return replace(self, entries=tuple(e for e in self.entries if e.version <= version))

    def of(self, account: str) -> "Draft":
        """What this person typed, and nobody else."""
        return replace(self, entries=tuple(e for e in self.entries if e.account == account))

    def last_of(self, account: str) -> int:
        """The last state that this person made; 0 where they typed nothing."""
        return max((e.version for e in self.entries if e.account == account), default=0)

    def typed(
        self,
        document: Document,
        *,
        account: str,
        at: datetime,
        made_on: int | None,
        hidden: Callable[[str], bool] = lambda place: False,
    ) -> "Draft":
        """The draft with what this person typed since ``made_on``; the same one where nothing was.

        Without ``made_on`` nobody knows what they have seen: it counts as made on the last state
        that they typed themselves, and chooses nothing. What is ``hidden`` from them is not taken
        out because they do not send it.
        """
        return _Typing(self, document, account, at, made_on, hidden).done()


@dataclass(frozen=True)
class _Typing:
    """One save: which of its places say something new."""

    draft: Draft
    document: Document
    account: str
    at: datetime
    made_on: int | None
    hidden: Callable[[str], bool]

    def done(self) -> Draft:
        seen, now = self.seen, self.draft.said()
        before, mine = places_of(seen.document()), places_of(self.document)
        fresh: list[Entry] = []
        for place in dict.fromkeys((*mine, *before)):
            value, was = mine.get(place), before.get(place)
            if value is None and self.hidden(place):
                continue
            standing = now.get(place, ())
            if self._nothing_new(place, value, was, standing, seen):
                continue
            beside = self._beside(place, value, standing)
            if beside is not None:
                fresh.append(self._entry(place, value, beside=beside))
        if not fresh:
            return self.draft
        return replace(self.draft, entries=(*self.draft.entries, *fresh))

    @property
    def seen(self) -> Draft:
        """What they had before them, as far as anybody knows."""
        if self.made_on is None:
            return self.draft.of(self.account)
        return self.draft.as_of(self.made_on)

    def _nothing_new(
        self, place: str, value: Any, was: Any, standing: tuple[Entry, ...], seen: Draft
    ) -> bool:
        mine = [e for e in self.draft.entries if e.place == place and e.account == self.account]
        since = [each for each in mine if each.version > seen.version]
        if since and same(since[-1].value, value):
            return True  # sent again: no other answer
        if not since and same(value, was) and place not in seen.contested():
            return True  # not touched by them: what others made of it meanwhile stands
        if not standing:
            return value is None
        agreed = len(_differing(standing)) == 1 and same(value, standing[0].value)
        return agreed and all(self._saw(e) or e.account == self.account for e in standing)

    def _beside(self, place: str, value: Any, standing: tuple[Entry, ...]) -> bool | None:
        """Whether it stands beside another answer; None where it leaves what stands as it is."""
        contested = len(_differing(standing)) > 1
        unseen = [
            each
            for each in standing
            if each.account != self.account
            and not self._saw(each)
            and not (no_answer(each.value) and not self.hidden(place))
        ]
        if no_answer(value):
            return None if contested or unseen else False
        if not contested:
            return bool(unseen)
        if all(self._saw(each) for each in standing):
            return False
        mine = next((each for each in standing if each.account == self.account), None)
        return None if mine is not None and same(mine.value, value) else True

    def _saw(self, entry: Entry) -> bool:
        if self.made_on is None or self.hidden(entry.place):
            return False
        return entry.version <= self.made_on

    def _entry(self, place: str, value: Any, *, beside: bool) -> Entry:
        version = self.draft.version + 1
        return Entry(place, value, self.account, self.at, version, beside)


def _differing(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """One of those that say the same, with the words of all: who agree contest nothing."""
    found: list[Entry] = []
    for entry in entries:
        for number, each in enumerate(found):
            if answer_in(entry.value) == answer_in(each.value):
                more = words_in(entry.value)
                if more and more not in words_in(each.value):
                    found[number] = replace(each, value=said_at(each.place, each.value, more))
                break
        else:
            found.append(entry)
    return tuple(found)


def _of_others(entries: tuple[Entry, ...], account: str) -> tuple[Entry, ...]:
    return tuple(each for each in entries if each.account != account)


def _says(entries: tuple[Entry, ...]) -> bool:
    return any(each.value is not None for each in entries)
