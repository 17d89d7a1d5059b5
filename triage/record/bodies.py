"""The personal parts of one event as they are stored, read when somebody first asks for them.

Most of what is done with an event needs its header only; a screening's parts are thousands of
bytes. What was made of a part is kept beside it, because what was recorded never changes.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from triage.record.packing import unpack

_Made = TypeVar("_Made")
_SHORT = 4096  # bytes of JSON: what is longer is read anew each time, not kept twice


class Bodies(Mapping[str, Mapping[str, Any] | None]):
    """The parts of one event by group; None where one was erased. Nobody changes what is in it."""

    __slots__ = ("_made", "_read", "_stored")

    def __init__(self, stored: Mapping[str, bytes | None]) -> None:
        self._stored = stored
        self._read: dict[str, Mapping[str, Any]] = {}
        self._made: dict[str, Any] = {}

    def __getitem__(self, group: str) -> Mapping[str, Any] | None:
        known = self._read.get(group)
        if known is not None:
            return known
        body = self._stored[group]
        if body is None:
            return None
        plain = unpack(body)
        found: Mapping[str, Any] = json.loads(plain)
        if len(plain) <= _SHORT:
            self._read[group] = found
        return found

    def __contains__(self, group: object) -> bool:
        return group in self._stored

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __repr__(self) -> str:
        return f"Bodies({', '.join(self._stored)})"  # what is in them goes into no log

    @property
    def all_there(self) -> bool:
        """Whether no part was erased."""
        return None not in self._stored.values()

    def made(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What ``make`` makes of these parts, made once; it must depend on nothing else."""
        if name not in self._made:
            self._made[name] = make()
        found: _Made = self._made[name]
        return found
