"""One parsed TOML table, read key by key: what is missing, of the wrong kind or unknown is said."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

Complain = Callable[[str, str], None]
E = TypeVar("E", bound=StrEnum)
_NEVER = date(1, 1, 1)  # stands where a fault was found; such an instrument is never used


@dataclass
class Table:
    """A table that complains in sentences and goes on, so that every fault is found at once."""

    rows: Mapping[str, Any]
    name: str
    complain: Complain
    known: set[str] = field(default_factory=set)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.rows

    def finish(self) -> None:
        """Complain about every key that nothing asked for."""
        for key in self.rows.keys() - self.known:
            near = get_close_matches(key, sorted(self.known), n=1)
            self.complain(f"{self.name}{key} is not a key here.", near[0] if near else "")

    def wrong(self, key: str, should: str) -> None:
        """Say what a key should be."""
        said = "is missing" if key not in self.rows else "cannot be read"
        self.complain(f"{self.name}{key} {said}: {should}.", "")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and must not be empty."""
        self.known.add(key)
        value = self.rows.get(key, default)
        if isinstance(value, str) and (default is not None or value.strip()):
            return value
        self.wrong(key, "a text")
        return ""

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        value = self._take(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(key, "a whole number")
        return 0

    def decimal(self, key: str) -> Decimal:
        """A number; 0 when it is not there."""
        value = self._take(key, 0)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Decimal(str(value))
        self.wrong(key, "a number")
        return Decimal(0)

    def share(self, key: str) -> float | None:
        """A number of a hundred people, or nothing."""
        value = self._take(key, None)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:
            return float(value)
        self.wrong(key, "a number of a hundred people, from 0 to 100")
        return None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._take(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(key, "true or false")
        return default

    def day(self, key: str) -> date:
        """A date."""
        value = self._take(key, None)
        if isinstance(value, date):
            return value
        self.wrong(key, "a date such as 2026-11-23")
        return _NEVER

    def one_of(self, key: str, choices: type[E]) -> E:
        """One word of a closed set."""
        value: Any = self._take(key, None)
        try:
            return choices(value)
        except ValueError:
            self.wrong(key, "one of " + ", ".join(choices))
            return next(iter(choices))

    def words(self, key: str, allowed: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of words, each of them allowed."""
        value, choices = self._take(key, None), tuple(allowed)
        if (
            isinstance(value, list)
            and value
            and all(isinstance(each, str) and (not choices or each in choices) for each in value)
        ):
            return tuple(value)
        self.wrong(key, "a list of " + (", ".join(choices) or "words"))
        return ()

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        value = self._take(key, None)
        if isinstance(value, list) and value and all(type(each) is int for each in value):
            return tuple(value)
        self.wrong(key, "a list of whole numbers")
        return ()

    def lists(self, key: str, *kinds: type | tuple[type, ...]) -> tuple[tuple[Any, ...], ...]:
        """A list of short lists, each with values of these kinds in this order."""
        value = self._take(key, [])
        if isinstance(value, list) and all(_shaped(each, kinds) for each in value):
            return tuple([tuple(each) for each in value])
        self.wrong(key, f"a list of lists of {len(kinds)}")
        return ()

    def tables(self, key: str) -> tuple["Table", ...]:
        """Every table under this key, in order; none when the key is not there."""
        value = self._take(key, [])
        if isinstance(value, list) and all([isinstance(each, Mapping) for each in value]):
            named = f"{self.name}{key} "
            return tuple(
                [Table(each, f"{named}{n}: ", self.complain) for n, each in enumerate(value, 1)]
            )
        self.wrong(key, f"tables [[{key}]]")
        return ()

    def table(self, key: str) -> "Table | None":
        """The one table under this key, if it is there."""
        value = self._take(key, None)
        if value is None or isinstance(value, Mapping):
            return None if value is None else Table(value, f"{self.name}{key}: ", self.complain)
        self.wrong(key, f"a table [{key}]")
        return None

    def _take(self, key: str, default: object) -> object:
        self.known.add(key)
        return self.rows.get(key, default)


def _shaped(value: object, kinds: tuple[type | tuple[type, ...], ...]) -> bool:
    return (
        isinstance(value, list)
        and len(value) == len(kinds)
        and all(
            isinstance(each, kind) and not isinstance(each, bool)
            for each, kind in zip(value, kinds, strict=True)
        )
    )
