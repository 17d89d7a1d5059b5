"""One TOML table read key by key: every wrong or unknown key becomes a fault with a sentence."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from triage.domain.conditions import Always, Condition
from triage.domain.dated import Confidence
from triage.domain.errors import Fault
from triage.domain.expressions import ConditionRefused, nearest
from triage.domain.findings import Urgency
from triage.domain.grammar import read
from triage.domain.names import Vocabulary
from triage.rules_files.folder import Source

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")
_NEVER = Condition("", Always(False))  # stands where a fault was found
EPOCH = date(1900, 1, 1)


class Table:
    """A table of a file. Each ``take`` removes its key, so that ``end`` can name what is left."""

    def __init__(
        self, source: Source, data: Mapping[str, Any], faults: list[Fault], key: str = "id"
    ) -> None:
        self.source, self.faults, self.key = source, faults, key
        self.data: dict[str, Any] = {**data}
        self._named = data.get(key)
        self._seen: list[str] = []

    @property
    def name(self) -> str:
        """What the table calls itself, whoever asks and however much of it is read."""
        return self._named if isinstance(self._named, str) else "?"

    def wrong(self, problem: str, near: str = "") -> None:
        """Notes a fault of this table."""
        line = self.source.line_of(self.key, self.name)
        shown = ascii(self.name[:60])[1:-1]
        self.faults.append(Fault(self.source.file, line, shown, problem, near))

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default the key must be there."""
        self._seen.append(key)
        value = self.data.pop(key, default)
        if isinstance(value, str) and len(value) <= 4_000 and _printable(value):
            return value
        return self._bad(key, value, "a text", "")

    def maybe(self, key: str) -> str | None:
        """A text, or None where the key is absent."""
        return self.text(key) if self._has(key) else None

    def texts(self, key: str, default: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        if default is not None and not self._has(key):
            return tuple(default)
        value = self._take(key, None)
        if isinstance(value, list) and all([isinstance(each, str) for each in value]):
            return tuple(value)
        return self._bad(key, value, "a list of texts", ())

    def among(
        self, key: str, allowed: Collection[str], what: str, default: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """A list of texts out of a closed list."""
        values = self.texts(key, default)
        for value in values:
            if value not in allowed:
                self.wrong(f"{key}: {value[:60]} is not {what}.", nearest(value, allowed))
        return values

    def one(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One text out of a closed list."""
        value = self.text(key, default)
        if value not in allowed and (value or default is None):
            self._none_of(key, value, allowed)
        return value

    def enum(self, key: str, kind: type[_E]) -> _E:
        """One member of a closed set."""
        members = _members(kind)
        value = self.text(key)
        member: _E | None = members.get(value)
        if member is None:
            self._none_of(key, value, members)
            return next(iter(kind))
        return member

    def yes(self, key: str) -> bool:
        """true or false; absent is false."""
        value = self._take(key, False)
        return value if isinstance(value, bool) else self._bad(key, value, "true or false", False)

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number between two bounds."""
        value = self._take(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        return self._bad(key, value, f"a whole number from {least} to {most}", least)

    def maybe_whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number, or None where the key is absent."""
        return self.whole(key, least, most) if self._has(key) else None

    def day(self, key: str) -> date:
        """A date, written without quotes."""
        value = self._take(key, None)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return self._bad(key, value, "a date such as 2026-11-23, without quotes", EPOCH)

    def maybe_day(self, key: str) -> date | None:
        """A date, or None where the key is absent."""
        return self.day(key) if self._has(key) else None

    def urgency(self, key: str, default: str | None = None) -> Urgency:
        """One of the four urgencies."""
        return _urgency(self.one(key, _URGENCIES, default))

    def maybe_urgency(self, key: str) -> Urgency | None:
        """An urgency, or None where the key is absent."""
        return self.urgency(key) if self._has(key) else None

    def urgencies(self, key: str, allowed: Collection[str]) -> tuple[tuple[str, Urgency], ...]:
        """A table of needs or flags with an urgency each."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            return self._bad(key, value, 'a table such as { drugs = "urgent" }', ())
        for name, word in value.items():
            if name not in allowed:
                self.wrong(f"{name[:60]} is not one of {key}.", nearest(name, allowed))
            if not isinstance(word, str) or word not in _URGENCIES:
                self.wrong(f"{key}.{name[:60]} is one of {', '.join(_URGENCIES)}.")
        return tuple([(name, _urgency(word)) for name, word in value.items()])

    def condition(self, key: str, vocabulary: Vocabulary) -> Condition:
        """A condition, read and checked against the names it may use."""
        text = self.text(key)
        if not text:
            return _NEVER
        try:
            return read(text, vocabulary)
        except ConditionRefused as refused:
            for fault in refused.faults:
                self.wrong(f"{key}: {fault.problem}", fault.nearest)
        return _NEVER

    def maybe_condition(self, key: str, vocabulary: Vocabulary) -> Condition | None:
        """A condition, or None where the key is absent."""
        return self.condition(key, vocabulary) if self._has(key) else None

    def confidence(self) -> Confidence:
        """How sure we are of it."""
        return self.enum("confidence", Confidence)

    def rest(self, *keys: str) -> Mapping[str, Any]:
        """These keys as they stand, where they are there."""
        return {key: self._take(key, None) for key in keys if key in self.data}

    def end(self) -> None:
        """Names every key that nobody knows."""
        for key in self.data:
            self.wrong(f"{key[:60]} is not a key that is known here.", nearest(key, self._seen))

    def _has(self, key: str) -> bool:
        self._seen.append(key)
        return key in self.data

    def _take(self, key: str, default: Any) -> Any:
        self._seen.append(key)
        return self.data.pop(key, default)

    def _none_of(self, key: str, value: str, allowed: Collection[str]) -> None:
        self.wrong(f"{key} is one of {', '.join(allowed)}.", nearest(value, allowed))

    def _bad(self, key: str, value: Any, right: str, instead: _T) -> _T:
        self.data.pop(key, None)
        self.wrong(f"{key} is missing." if value is None else f"{key} should be {right}.")
        return instead


_URGENCIES = {urgency.word: urgency for urgency in Urgency}


def _urgency(word: Any) -> Urgency:
    known = isinstance(word, str) and word in _URGENCIES
    return _URGENCIES[word] if known else Urgency.ROUTINE


@cache
def _members(kind: type[_E]) -> Mapping[str, _E]:
    return {member.value: member for member in kind}


def _printable(text: str) -> bool:
    return text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable()
