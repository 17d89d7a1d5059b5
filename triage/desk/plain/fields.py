"""What an act by lines asks for: each thing by itself, and all of them as one form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triage.desk.client import Done
from triage.desk.moments import exact, moment
from triage.desk.steps import Document
from triage.domain import london
from triage.domain.errors import NotAllowed
from triage.present import desk_screens as said

NOTHING = object()  # no answer, where None is one


@dataclass(frozen=True)
class Field:
    """One thing that is asked: words, or one of some options by their keys, or a time."""

    name: str
    asks: str
    options: tuple[tuple[str, Any, str], ...] = ()  # key, value, words
    when: bool = False
    required: bool = False
    number: bool = False
    loud: Mapping[str, str] = field(default_factory=dict)  # what must be said of one option

    def shown(self, document: Document) -> str:
        """What the document holds of it, in words; empty where it holds nothing."""
        held = document.get(self.name)
        if self.when and held is not None:
            return london.text(datetime.fromisoformat(str(held)))
        if self.options:
            named = (name for _, value, name in self.options if value == held)
            return next(named, "") if self.name in document else ""
        return "" if held is None else str(held)

    def typed(self, document: Document) -> str:
        """What the document holds of it, as the full screen keeps it: an option by its key."""
        if self.options:
            keys = (key for key, value, _ in self.options if value == document.get(self.name))
            return next(keys, "") if self.name in document else ""
        return str(document.get(self.name, ""))

    def read(self, typed: str, *, then: datetime) -> Any:
        """The answer that was typed at that moment, or NOTHING where it was none yet."""
        if self.options:
            return self.chosen(typed)
        if self.when and typed:
            found = exact(typed) or moment(typed, now=then)
            return london.iso(found) if isinstance(found, datetime) else NOTHING
        if self.number:
            return whole(typed)
        return typed.strip() or NOTHING

    def chosen(self, typed: str) -> Any:
        """The option of this key, or NOTHING."""
        return next((value for key, value, _ in self.options if key == typed), NOTHING)


def whole(typed: str) -> Any:
    """The whole number that was typed, or NOTHING."""
    good = typed.isascii() and typed.isdecimal() and len(typed) < 5
    return int(typed) if good else NOTHING


@dataclass(frozen=True)
class Form:
    """One act: what it is, about whom, what it asks, and where it goes."""

    what: str
    who: str
    fields: tuple[Field, ...]
    send: Callable[[Document, str], Done]
    told: Callable[[Done], str]
    kept_as: tuple[str, str]
    first: Mapping[str, Any] = field(default_factory=dict)  # what stands there before all typing
    lead: str = ""  # what is told before anything is asked
    refused: Callable[[NotAllowed], str] = lambda error: f"{said.NOT_RECORDED} {error}"
    labelled: bool = False  # it is read over with its questions
