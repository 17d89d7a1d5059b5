"""What a typed answer does to a release: the same line by line and on the full screen."""

import copy
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.desk.moments import Twice, moment
from triage.desk.parts import PARTS, Asks, Part, about, shown
from triage.desk.steps import SKIP, Document
from triage.desk.typed import NoAnswer
from triage.domain import london
from triage.domain.errors import InputError
from triage.present import leaving as words

CLEAR = "d"
NAMES = tuple(part.name for part in PARTS)
PLACES: Mapping[str, str] = {str(key): id for key, (id, _) in enumerate(words.PLACES, 1)}
REASONS: Mapping[str, str] = {str(key): id for key, id in enumerate(words.REASONS, 1)}


@dataclass(frozen=True)
class Took:
    """What came of what was typed: whether the part is answered by it, and what is to be said.

    ``twice`` where the time happened twice, and somebody has to say which it was.
    """

    answered: bool
    words: str = ""
    twice: Twice | None = None


@dataclass
class Releasing:
    """One release on its way, as its draft holds it; ``now`` is the time of the service.

    In the draft stand what was typed so far, ``leaving`` as the API takes it, what was gone
    through, what is half typed, and the key under which it is sent.
    """

    draft: Document
    now: Callable[[], datetime]

    @property
    def said(self) -> Document:
        """How somebody leaves, as the API takes it."""
        said: Document = self.draft.setdefault("leaving", {})
        return said

    @property
    def asked(self) -> list[str]:
        """The parts that somebody has been through, with or without a word to keep."""
        asked: list[str] = self.draft.setdefault("asked", [])
        return asked

    @property
    def half(self) -> dict[str, str]:
        """What was typed on the full screen and not entered, by part."""
        half: dict[str, str] = self.draft.setdefault("half", {})
        return half

    def next(self) -> int:
        """The first part that nobody was asked about or that is half typed; else behind the last.

        What somebody typed and forgot to enter is asked for again before anything is recorded.
        """
        open_ = (n for n, name in enumerate(NAMES) if name not in self.asked or self.half.get(name))
        return next(open_, len(PARTS))

    def take(self, part: Part, typed: str) -> Took:
        """Write down what was typed for one part."""
        match part.asks:
            case Asks.TIME:
                took = self._time(typed)
            case Asks.ONE:
                took = self._place(typed)
            case Asks.LINES:
                took = self._line(part.name, typed)
            case _:
                took = self._text(part.name, typed)
        if took.answered:
            self._answered(part.name)
        return took

    def take_moment(self, found: datetime) -> Took:
        """When they left, as one moment."""
        self.said["occurred_at"] = london.iso(found)
        self._answered("occurred_at")
        return Took(True, f"Left: {london.text(found)}.")

    def take_reason(self, typed: str) -> bool:
        """Why anything stays open, by its key; whether it was one of them."""
        if typed in REASONS:
            self.said["reason"] = REASONS[typed]
        return typed in REASONS

    def so_far(self) -> Document:
        """How they would leave, as it was typed until now: another value than what is typed on."""
        return copy.deepcopy(self.said)

    def sending(self) -> tuple[Document, str]:
        """What is sent to the record, and its key.

        Another document than one of which nobody knows whether it arrived has a key of its own.
        """
        document = self.so_far()
        if self.draft.get("sent") not in (None, document):
            self.draft["key"] = secrets.token_urlsafe(16)
        self.draft["sent"] = document
        return document, str(self.draft["key"])

    def answered_for(self) -> None:
        """The service has said that what was sent is not on the record."""
        self.draft.pop("sent", None)

    def mend(self, error: InputError) -> tuple[int, tuple[str, ...]]:
        """The part that a fault is about, else behind the last; and what is wrong, in words.

        Raises the error where it is about no part of a release.
        """
        faulty = [about(each.field) for each in error.problems]
        parts = [name for name in faulty if name in NAMES]
        if not parts and "reason" not in faulty:
            raise error
        told = tuple(
            f"NOT RECORDED YET. {_label(name)}{each.problem}"
            for each, name in zip(error.problems, faulty, strict=True)
            if name != "gaps"
        )
        self.draft["asked"] = [each for each in self.asked if each not in parts]
        return min(map(NAMES.index, parts), default=len(PARTS)), told

    def read_over(self) -> Sequence[tuple[str, str]]:
        """Every part with what was said of it."""
        return [
            (words.LABELS[part.name], shown(part, held) if held else words.NOTHING_SAID)
            for part in PARTS
            for held in (self.said.get(part.name),)
        ]

    def typed(self) -> Sequence[tuple[str, str]]:
        """All that was typed, the half of it too; nothing where nothing was."""
        entered = [
            (words.LABELS[part.name], shown(part, self.said[part.name]))
            for part in PARTS
            if self.said.get(part.name)
        ]
        half = [(words.LABELS[name], each) for name, each in self.half.items() if each]
        return [*entered, *half]

    def _answered(self, name: str) -> None:
        if name not in self.asked:
            self.asked.append(name)
        self.half.pop(name, None)

    def _time(self, typed: str) -> Took:
        if not typed and "occurred_at" in self.said:
            return Took(True)
        found = moment(typed, now=self.now())
        if isinstance(found, Twice):
            return Took(False, words.TWICE, found)
        if isinstance(found, NoAnswer):
            return Took(False, found.why)
        return self.take_moment(found)

    def _place(self, typed: str) -> Took:
        if typed in PLACES:
            self.said["to"] = PLACES[typed]
            return Took(True)
        if not typed and "to" in self.said:
            return Took(True)
        return Took(False, f"Press one of: {' '.join(PLACES)}.")

    def _text(self, name: str, typed: str) -> Took:
        if not typed and name not in self.said:
            return Took(False, words.NOTHING_TYPED)
        if typed.lower() == SKIP:
            self.said.pop(name, None)
        elif typed:
            self.said[name] = typed
        return Took(True)

    def _line(self, name: str, typed: str) -> Took:
        """Some lines, one after the other, until one is empty."""
        if not typed or typed.lower() == SKIP:
            return Took(True)
        if typed.lower() == CLEAR:
            self.said.pop(name, None)
            return Took(False, "Taken out. Enter alone when that is all.")
        self.said.setdefault(name, []).append(typed)
        self.half.pop(name, None)
        return Took(False)


def _label(name: str) -> str:
    return f"{words.LABELS[name]}: " if name in words.LABELS else ""
