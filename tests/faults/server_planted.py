"""The planted fault: a service that writes its outbox in a second transaction, as a careless
change would. Everything else is the real command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from triage.cli import main
from triage.record import PlanChange, Record, Writing

_plan, _writing = Writing.plan, Record.writing


def _later(self: Any, stay: str, wanted: Any, **rest: Any) -> PlanChange:
    self.__dict__.setdefault("later", []).append((stay, wanted, rest))
    return PlanChange((), (), (), ())


@contextmanager
def _twice(self: Record, *, now: datetime) -> Iterator[Writing]:
    with _writing(self, now=now) as first:
        yield first
    for stay, wanted, rest in first.__dict__.get("later", ()):
        with _writing(self, now=now) as second:
            _plan(second, stay, wanted, **rest)


if __name__ == "__main__":
    Writing.plan, Record.writing = _later, _twice  # type: ignore[method-assign, assignment]
    main()
