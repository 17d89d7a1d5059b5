"""Everything that can go wrong, as sentences that a person can act on.

TriageError                 never raised directly
├── InputError              outside data is not usable: names each field and what would be right
├── RulebookRefused         the rules folder has faults: each with file, id and a sentence
├── Unreachable             the service that a desk works with gives no answer
└── NotAllowed              somebody is about to authorise what the law or the practice forbids
    └── RoleRefused         the right act, but not for this role
"""

from collections.abc import Iterable
from dataclasses import dataclass


class TriageError(Exception):
    """The base of all our errors; never raised directly."""


@dataclass(frozen=True)
class Problem:
    """One field of outside data that cannot be used, and what would be right."""

    field: str
    problem: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}" if self.field else self.problem


class InputError(TriageError):
    """Outside data cannot be used; every problem found is listed, none is stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))

    @classmethod
    def at(cls, field: str, problem: str, allowed: Iterable[str] = ()) -> "InputError":
        """One problem with one field."""
        return cls((Problem(field, problem, tuple(allowed)),))


@dataclass(frozen=True)
class Fault:
    """One fault in the rules folder: where it stands, and a sentence on what would be right."""

    file: str
    line: int | None
    id: str
    problem: str
    nearest: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        hint = f" Did you mean {self.nearest}?" if self.nearest else ""
        return f"{where} [{self.id}] {self.problem}{hint}"


class RulebookRefused(TriageError):
    """The rules folder is not usable as it stands; all its faults are listed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Unreachable(TriageError):
    """The service gives no answer that can be used: nobody knows whether what was sent arrived."""


class NotAllowed(TriageError):
    """Somebody is about to authorise what the law or the practice forbids: says which and why."""

    def __init__(self, sentence: str, *, law_row: str = "", field: str = "") -> None:
        self.law_row = law_row
        self.field = field
        super().__init__(sentence)


class StateChanged(NotAllowed):
    """Somebody asked that nothing be kept unless nobody else had changed it, and somebody has."""


class RoleRefused(NotAllowed):
    """The act exists, but not for this role."""
